"""Designs and sheets from outside: hostile, broken, too large, of another organisation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from suyuan.core.labels.decoding import encode
from suyuan.core.labels.design import write_design
from suyuan.kernel.errors import Invalid
from suyuan.labels import services
from suyuan.labels.documents import read_documents
from suyuan.labels.models import LabelTemplate
from suyuan.labels.starts import LANGUAGES, STARTS, Language
from suyuan.tenancy.actor import Actor
from tests.labels_world import DESIGN, ROLL, SHEET, logo_file, with_elements

TEXT_PLACE = "/design/elements/0/text"
TEXT = {"kind": "text", "x": 1, "y": 1, "width_mm": 10, "text": "x"}


def refusal(actor: Actor, design: Any, sheet: Any = ROLL) -> Invalid:
    """Return what a save was refused with; nothing may have been stored."""
    with pytest.raises(Invalid) as caught:
        services.create_template(actor=actor, name="x", design=design, sheet=sheet)
    assert not LabelTemplate.objects.exists()
    return caught.value


@pytest.mark.parametrize(
    ("design", "code", "place"),
    [
        (b"", "design_malformed", "/design"),
        (b"null", "design_malformed", "/design"),
        (b"[" * 5_000, "design_malformed", "/design"),
        (b'{"width_mm": 1e999, "height_mm": 21}', "design_malformed", "/design/width_mm"),
        (b'{"width_mm": NaN, "height_mm": 21}', "design_malformed", "/design"),
        (b"\xff\xfe{}", "design_malformed", "/design"),
        ({**DESIGN, "width_mm": "wide"}, "design_malformed", "/design/width_mm"),
        ({**DESIGN, "script": "alert(1)"}, "design_malformed", "/design"),
        ({**DESIGN, "width_mm": 4}, "design_measure", "/design/width_mm"),
        ({**DESIGN, "width_mm": -1}, "design_measure", "/design/width_mm"),
        (with_elements({"kind": "script"}), "design_malformed", "/design/elements/0/kind"),
        (with_elements({**TEXT, "x": 30}), "outside_label", "/design/elements/0/x"),
        (with_elements({**TEXT, "text": "{nope}"}), "placeholder_unknown", TEXT_PLACE),
        (with_elements({**TEXT, "text": "{"}), "placeholder_malformed", TEXT_PLACE),
        (with_elements({**TEXT, "text": "a\0b"}), "text_control", TEXT_PLACE),
        (with_elements({**TEXT, "text": "a\ud800b"}), "text_control", TEXT_PLACE),
        (with_elements({**TEXT, "text": "x" * 501}), "text_too_long", TEXT_PLACE),
        (with_elements(*[TEXT] * 101), "too_many_elements", "/design/elements"),
    ],
)
def test_a_hostile_design_is_refused_with_its_place(
    actor: Actor, design: Any, code: str, place: str
) -> None:
    error = refusal(actor, design)
    assert error.code == code
    assert error.place == place


def test_a_design_of_a_megabyte_is_refused_before_it_is_read(actor: Actor) -> None:
    text = json.dumps({**DESIGN, "elements": [TEXT] * 20_000})
    assert refusal(actor, text).code == "design_too_large"


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ({"kind": "sheet", "columns": 0, "rows": 1}, "paper_measure"),
        ({"kind": "sheet", "columns": 1, "rows": 10**9}, "paper_measure"),
        ({"kind": "sheet", "columns": 6, "rows": 1}, "paper_overflow"),
        ({"kind": "scroll"}, "design_malformed"),
        ({"kind": "roll", "gap_mm": -1}, "paper_measure"),
        ("", "design_malformed"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(actor: Actor, sheet: Any, code: str) -> None:
    error = refusal(actor, DESIGN, sheet)
    assert error.code == code
    assert error.place.startswith("/sheet")


def test_all_faults_are_told_at_once(actor: Actor) -> None:
    design = with_elements({**TEXT, "x": 37}, {**TEXT, "text": "{nope}"})
    faults = refusal(actor, design).data["faults"]
    assert isinstance(faults, list)
    assert [fault["place"] for fault in faults] == [
        "/design/elements/0/x",
        "/design/elements/1/text",
    ]


def test_a_picture_that_nobody_added_is_refused(actor: Actor) -> None:
    picture = {"kind": "picture", "x": 1, "y": 1, "width_mm": 9, "height_mm": 9}
    error = refusal(actor, with_elements(TEXT, {**picture, "picture": "0" * 64}))
    assert (error.code, error.place) == ("label_picture_unknown", "/design/elements/1/picture")
    assert refusal(actor, with_elements({**picture, "picture": "../../etc"})).code == (
        "picture_digest"
    )


def test_another_organisations_picture_is_refused_as_unknown(
    actor: Actor, other_actor: Actor
) -> None:
    theirs = services.add_logo(actor=other_actor, name="mark", content=logo_file())
    picture = {"kind": "picture", "x": 1, "y": 1, "width_mm": 9, "height_mm": 9}
    design = with_elements({**picture, "picture": theirs.digest})
    assert refusal(actor, design).code == "label_picture_unknown"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", STARTS)
def test_every_start_can_be_saved_as_it_is(actor: Actor, code: str, language: Language) -> None:
    start = STARTS[code]
    design = write_design(start.draw(language))
    row = services.create_template(actor=actor, name=code, design=design, sheet=encode(start.paper))
    assert row.design == start.draw(language)
    assert row.sheet == start.paper
    assert read_documents(row.design_json, row.sheet_json) == (row.design, row.sheet)


def test_the_sheet_of_sixty_holds_sixty(actor: Actor) -> None:
    assert STARTS["sheet"].paper.per_page == 60


def test_a_roll_or_a_sheet_is_kept_as_it_was(actor: Actor) -> None:
    for sheet in (ROLL, SHEET):
        row = services.create_template(actor=actor, name="x", design=DESIGN, sheet=sheet)
        assert encode(row.sheet).decode() == row.sheet_json
