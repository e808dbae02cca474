"""How screens name who acted, where events came from and how much there was."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from suyuan.web.templatetags.ui import person, source_label
from suyuan.web.vocabulary import amount


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("user:ann@example.com", "ann@example.com"),
        ("token:line 3", "API token “line 3”"),
        ("system", "The system"),
        ("consumer", "A consumer"),
        ("ann", "ann"),
    ],
)
def test_who_acted_is_shown_without_the_kind_of_actor(name: str, shown: str) -> None:
    with override("en"):
        assert person(name) == shown


def test_unknown_source_shows_itself() -> None:
    with override("en"):
        assert [str(source_label(code)) for code in ("http", "x")] == ["Interface", "x"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [("60.0 KGM", "60 kg"), ("2.50 LTR", "2.5 L"), ("100", "100"), ("100 XBX", "100 XBX")],
)
def test_quantity_has_no_idle_zeros_and_a_unit_that_people_write(given: str, shown: str) -> None:
    assert amount(given) == shown
