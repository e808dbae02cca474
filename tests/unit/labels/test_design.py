"""Designs and papers: what is accepted comes back the same; what is refused is named and placed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.labels.decoding import LARGEST, builtins
from suyuan.core.labels.design import (
    CONTENTS,
    LEAST_CODE,
    BoxElement,
    CodeElement,
    Design,
    DesignFault,
    LineElement,
    PictureElement,
    Roll,
    Sheet,
    TextElement,
    read_design,
    read_paper,
    text_height,
    write_design,
)
from suyuan.core.labels.faults import MOST_FAULTS
from suyuan.core.labels.fields import (
    EXAMPLE_JOB,
    EXAMPLE_LABEL,
    FIELDS,
    LABEL_VALUES,
    JobData,
    LabelData,
    PlaceholderError,
    grouped_inner,
    grouped_serial,
    grouped_sscc,
    job_values,
    read_template,
)
from suyuan.core.labels.paper import check_fit

sizes = st.floats(60, 100)
places = st.floats(0, 20)


@st.composite
def codes(draw: st.DrawFn) -> CodeElement:
    symbology = draw(st.sampled_from(list(CONTENTS)))
    return CodeElement(
        draw(places),
        draw(places),
        draw(st.floats(LEAST_CODE[symbology], 40)),
        symbology,  # type: ignore[arg-type]
        draw(st.sampled_from(CONTENTS[symbology])),
        draw(st.sampled_from("LMQH")),
        draw(st.floats(0.1, 40)),
    )


texts = st.lists(
    st.one_of(
        st.sampled_from([f"{{{name}}}" for name in FIELDS]),
        st.text(st.characters(exclude_characters="{}", exclude_categories=["C", "Z"]), max_size=9),
        st.sampled_from(["{{", "}}", " ", "\n"]),
    ),
    max_size=8,
).map("".join)
elements = st.one_of(
    codes(),
    st.builds(
        TextElement, places, places, st.floats(1, 40), texts, st.floats(2, 20), st.booleans(),
        st.sampled_from(["left", "center", "right"]), st.integers(1, 3),
    ),
    st.builds(
        PictureElement, places, places, st.floats(1, 40), st.floats(1, 40), st.just("0f" * 32)
    ),
    st.builds(LineElement, places, places, st.floats(1, 40), st.booleans(), st.floats(0.1, 5)),
    st.builds(
        BoxElement, places, places, st.floats(1, 40), st.floats(1, 40), st.floats(0.1, 5),
        st.booleans(),
    ),
)  # fmt: skip
designs = st.builds(Design, sizes, sizes, st.lists(elements, max_size=8).map(tuple))


@given(designs)
def test_design_reads_back_as_it_was_written(design: Design) -> None:
    assert read_design(write_design(design)) == design
    assert read_design(builtins(design)) == design
    assert read_design(write_design(design).decode()) == design


def faults_of(given: object) -> list[tuple[str, str]]:
    text = given if isinstance(given, bytes) else json.dumps(given)
    with pytest.raises(DesignFault) as caught:
        read_design(text)
    return [(fault.code, fault.place) for fault in caught.value.faults]


def with_element(**element: Any) -> dict[str, Any]:
    return {"width_mm": 50, "height_mm": 30, "elements": [{"x": 1, "y": 1, **element}]}


def code(**more: Any) -> dict[str, Any]:
    return with_element(**{"kind": "code", "size_mm": 20} | more)


def text(words: str, **more: Any) -> dict[str, Any]:
    return with_element(**{"kind": "text", "width_mm": 20, "text": words} | more)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (b"{", [("design_malformed", "")]),
        (b"\xff", [("design_malformed", "")]),
        (b"[" * 100_000, [("design_malformed", "")]),
        (b" " * (LARGEST + 1), [("design_too_large", "")]),
        ([], [("design_malformed", "")]),
        ({"width_mm": 50}, [("design_malformed", "")]),
        (code(colour="red"), [("design_malformed", "/elements/0")]),
        (code(x="1"), [("design_malformed", "/elements/0/x")]),
        (code(symbology="aztec"), [("design_malformed", "/elements/0/symbology")]),
        (with_element(kind="film"), [("design_malformed", "/elements/0/kind")]),
        (
            code() | {"width_mm": 1},
            [("design_measure", "/width_mm"), ("outside_label", "/elements/0/x")],
        ),
        (code(x=-1), [("design_measure", "/elements/0/x")]),
        (code(size_mm=40), [("outside_label", "/elements/0/y")]),
        (code(size_mm=4), [("code_too_small", "/elements/0/size_mm")]),
        (code(content="sscc"), [("code_content", "/elements/0/content")]),
        (code(symbology="gs1_128", size_mm=40), [("code_content", "/elements/0/content")]),
        (
            code(symbology="gs1_128", size_mm=40, content="sscc", height_mm=29.5),
            [("outside_label", "/elements/0/y")],
        ),
        (text("{nothing}"), [("placeholder_unknown", "/elements/0/text")]),
        (text("{lot"), [("placeholder_malformed", "/elements/0/text")]),
        (text("}"), [("placeholder_malformed", "/elements/0/text")]),
        (text("a\x07"), [("text_control", "/elements/0/text")]),
        (text("a\u202eb"), [("text_control", "/elements/0/text")]),
        (text("a" * 501), [("text_too_long", "/elements/0/text")]),
        (text("a", lines=20), [("outside_label", "/elements/0/y")]),
        (text("a", lines=0), [("design_measure", "/elements/0/lines")]),
        (
            with_element(kind="picture", width_mm=9, height_mm=9, picture="A" * 64),
            [("picture_digest", "/elements/0/picture")],
        ),
        (with_element(kind="line", length_mm=50), [("outside_label", "/elements/0/x")]),
        (
            with_element(kind="line", length_mm=30, vertical=True),
            [("outside_label", "/elements/0/y")],
        ),
        (
            {"width_mm": 50, "height_mm": 30, "elements": code()["elements"] * 9},
            [("too_many_codes", "/elements")],
        ),
        (
            {"width_mm": 50, "height_mm": 30, "elements": code()["elements"] * 101},
            [("too_many_elements", "/elements")],
        ),
    ],
)  # fmt: skip
def test_fault_is_named_and_placed(given: object, faults: list[tuple[str, str]]) -> None:
    assert faults_of(given) == faults


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(DesignFault) as caught:
        read_design({"width_mm": float("nan"), "height_mm": float("inf"), "elements": []})
    assert [fault.place for fault in caught.value.faults] == ["/width_mm", "/height_mm"]


def test_every_fault_is_told_at_once_up_to_a_hundred() -> None:
    elements = code(x=-1, content="sscc")["elements"] * 8 + text("{x}", y=-1)["elements"] * 90
    with pytest.raises(DesignFault) as caught:
        read_design({"width_mm": 50, "height_mm": 30, "elements": elements})
    assert len(caught.value.faults) == MOST_FAULTS


def test_given_text_is_cut_in_a_faults_data() -> None:
    with pytest.raises(DesignFault) as caught:
        read_design(text("{" + "x" * 200 + "}"))
    assert len(str(caught.value.data["given"])) == 81


def test_design_says_what_it_needs() -> None:
    design = Design(
        50,
        30,
        (
            CodeElement(1, 1, 20, content="inner"),
            TextElement(22, 1, 20, "{lot} {{}} {serial}"),
            PictureElement(1, 22, 5, 5, "a" * 64),
        ),
    )
    assert design.contents == {"inner"}
    assert design.placeholders == {"lot", "serial"}
    assert design.pictures == {"a" * 64}


def test_height_of_text_counts_the_last_line_without_leading() -> None:
    assert text_height(72, 1) == pytest.approx(25.4)
    assert text_height(72, 3) == pytest.approx(25.4 * 3.5)


# ---------------------------------------------------------------- placeholders


def test_every_placeholder_has_a_value_and_an_example_shows_it() -> None:
    shared = job_values(EXAMPLE_JOB)
    assert set(shared) == {name for name, field in FIELDS.items() if not field.per_label}
    assert set(LABEL_VALUES) == {name for name, field in FIELDS.items() if field.per_label}
    for name, field in FIELDS.items():
        shown = shared[name] if name in shared else LABEL_VALUES[name](EXAMPLE_LABEL, EXAMPLE_JOB)
        assert shown == field.example, name


def test_values_of_an_empty_label_are_empty() -> None:
    assert set(job_values(JobData()).values()) == {""}
    assert {value(LabelData(), JobData()) for value in LABEL_VALUES.values()} == {""}


def test_labels_own_product_and_lot_go_before_the_jobs() -> None:
    label = LabelData(gtin="00012345678905", lot="L2", copy=1)
    assert LABEL_VALUES["gtin"](label, EXAMPLE_JOB) == "012345678905"
    assert LABEL_VALUES["lot"](label, EXAMPLE_JOB) == "L2"
    assert LABEL_VALUES["copy"](label, EXAMPLE_JOB) == "1"


def test_codes_are_grouped_and_foreign_ones_left() -> None:
    assert grouped_serial("7K3M9QW2XT5VBN") == "7K3M9 QW2XT 5VBN"
    assert grouped_inner("4HT29WPC") == "4HT2 9WPC"
    assert grouped_sscc("069012340000000016") == "0 6901234 000000001 6"
    assert (grouped_serial("A1"), grouped_inner("A1"), grouped_sscc("A1")) == ("A1", "A1", "A1")


def test_template_fills_placeholders_and_keeps_braces() -> None:
    template = read_template("批次 {lot} {{x}} {serial}")
    assert template.names == {"lot", "serial"}
    assert template.per_label
    assert template.fill({"lot": "{L}", "serial": "S"}) == "批次 {L} {x} S"
    assert not read_template("{product}").per_label


@pytest.mark.parametrize(
    ("given", "code", "name"),
    [
        ("{}", "placeholder_unknown", ""),
        ("{ lot}", "placeholder_unknown", " lot"),
        ("{lot", "placeholder_malformed", "{"),
        ("{lot}}", "placeholder_malformed", "}"),
    ],
)
def test_braces_that_stand_alone_are_refused(given: str, code: str, name: str) -> None:
    with pytest.raises(PlaceholderError) as caught:
        read_template(given)
    assert (caught.value.code, caught.value.given) == (code, name)


# ---------------------------------------------------------------- paper

papers = st.one_of(
    st.builds(
        Sheet, st.integers(1, 100), st.integers(1, 100), st.sampled_from(["a4", "letter"]),
        margin_left_mm=st.floats(0, 100), gap_x_mm=st.floats(0, 100), cut_marks=st.booleans(),
    ),
    st.builds(
        Sheet, st.integers(1, 100), st.integers(1, 100), st.just("custom"), st.floats(20, 1200),
        st.floats(20, 1200),
    ),
    st.builds(
        Roll, st.integers(1, 100), st.floats(0, 100),
        media=st.sampled_from(["gap", "mark", "continuous"]),
    ),
)  # fmt: skip


@given(papers)
def test_paper_reads_back_as_it_was_written(paper: Sheet | Roll) -> None:
    assert read_paper(builtins(paper)) == paper


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ({}, "design_malformed", ""),
        ({"kind": "wall"}, "design_malformed", "/kind"),
        ({"kind": "sheet", "columns": 0, "rows": 1}, "paper_measure", "/columns"),
        (
            {"kind": "sheet", "columns": 1, "rows": 1, "page": "custom"},
            "paper_measure",
            "/page_width_mm",
        ),
        ({"kind": "sheet", "columns": 1, "rows": 1, "gap_x_mm": -1}, "paper_measure", "/gap_x_mm"),
        ({"kind": "roll", "across": 101}, "paper_measure", "/across"),
        ({"kind": "roll", "gap_mm": float("nan")}, "paper_measure", "/gap_mm"),
    ],
)  # fmt: skip
def test_paper_that_cannot_be_is_refused(given: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(DesignFault) as caught:
        read_paper(given)
    assert (caught.value.code, caught.value.place) == (code, place)


def test_labels_fill_a_sheet_row_by_row() -> None:
    sheet = Sheet(2, 3, margin_left_mm=5, margin_top_mm=7, gap_x_mm=2, gap_y_mm=1)
    places = [sheet.origin(position, 40, 20) for position in range(sheet.per_page)]
    assert places == [(5, 7), (47, 7), (5, 28), (47, 28), (5, 49), (47, 49)]


def test_catalogue_measures_that_add_up_to_the_sheet_fit() -> None:
    check_fit(Sheet(3, 8, margin_left_mm=0.01), 70, 37.125)
    with pytest.raises(DesignFault) as caught:
        check_fit(Sheet(3, 8, margin_left_mm=1), 70, 37.125)
    assert (caught.value.code, caught.value.place) == ("paper_overflow", "/columns")
    check_fit(Roll(), 70, 37)
