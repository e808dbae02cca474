"""`suyuan recall-scope` takes every kind of start, tells why, and opens nothing."""

from __future__ import annotations

import pytest

from suyuan.capture.models import EventSequence
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Lot
from suyuan.recalls.models import RecallCase
from tests.db.cli.conftest import ORGANISATION, Run

pytestmark = pytest.mark.django_db


def test_lots_are_found_by_when_they_were_made(
    suyuan: Run, active_order: CodeOrder, lot: Lot
) -> None:
    before = EventSequence.objects.values_list("next", flat=True)[0]
    day = lot.produced_on.isoformat()

    by_option = suyuan(
        *("recall-scope", "--org", ORGANISATION, "--json"),
        *("--start", "made", f"since={day}", f"until={day}"),
    )
    by_text = suyuan(
        "recall-scope", f"made?since={day}&until={day}", "--org", ORGANISATION, "--json"
    )

    assert by_option.json["items"] == by_text.json["items"] == 100
    assert by_option.json["starts"] == [f"made?since={day}&until={day}"]
    assert by_option.json["certainty"]["proven"] == 100
    assert not RecallCase.objects.exists()
    assert EventSequence.objects.values_list("next", flat=True)[0] == before


def test_chain_to_an_item_is_told(suyuan: Run, item: str, lot: Lot) -> None:
    outcome = suyuan("recall-scope", lot.code, "--why", item, "--org", ORGANISATION, "--json")

    assert outcome.json["why"][-1]["target"] == item
    plain = suyuan("recall-scope", lot.code, "--why", item, "--org", ORGANISATION)
    assert "birth" in plain.out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--start", "made", "since"),
        ("--start", "dance", "place=WH-1"),
        ("--start", "made", "since=soon", "until=2026-03-01"),
        ("--start", "stayed", "place=NOWHERE", "since=2026-03-01", "until=2026-03-01"),
        ("made?since=2020-01-01&until=2020-01-01",),
    ],
)
def test_start_that_is_none_is_one_line(suyuan: Run, item: str, words: tuple[str, ...]) -> None:
    outcome = suyuan("recall-scope", *words, "--org", ORGANISATION)

    assert outcome.code == 1
    assert outcome.out == ""
    assert len(outcome.err.strip().splitlines()) == 1
