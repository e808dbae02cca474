"""Ready-made labels: readable, printable, decoded from what is drawn."""

from __future__ import annotations

import io

import msgspec
import pytest
import zxingcpp
from PIL import Image

from suyuan.core.labels.design import CodeElement, Roll, read_design, write_design
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL
from suyuan.core.labels.hints import hints
from suyuan.core.labels.paper import check_fit
from suyuan.labels.drawing import draw_png
from suyuan.labels.starts import LANGUAGES, STARTS, Language
from suyuan.web.labels.words import HINTS, START_NAMES, START_NOTES

# A jewellery tag is for finer printers, as its note says.
DPI = {"jewellery": 300}
LONG_NAME = "牧野原 塬上二十年 高粱酒 53%vol 500 mL"

every_start = pytest.mark.parametrize("code", STARTS)
both = pytest.mark.parametrize("language", LANGUAGES)


@every_start
@both
def test_a_start_is_a_design_that_fits_its_paper(code: str, language: Language) -> None:
    start = STARTS[code]
    design = start.draw(language)
    assert read_design(write_design(design)) == design
    check_fit(start.paper, design.width_mm, design.height_mm)


@every_start
@both
def test_a_start_needs_no_mending_even_with_a_long_name(code: str, language: Language) -> None:
    start = STARTS[code]
    usual = 203 if isinstance(start.paper, Roll) else 300
    job = msgspec.structs.replace(EXAMPLE_JOB, product=LONG_NAME, product_en="Plain " * 5)
    found = hints(start.draw(language), DPI.get(code, usual), job=job)
    assert [hint for hint in found if hint.severity == "warning"] == []


@every_start
@both
def test_every_code_of_a_start_is_read_back(code: str, language: Language) -> None:
    design = STARTS[code].draw(language)
    meant = {
        "link": EXAMPLE_LABEL.link,
        "sscc": f"(00){EXAMPLE_LABEL.sscc}",
    }
    wanted = {meant[e.content] for e in design.elements if isinstance(e, CodeElement)}
    picture = Image.open(io.BytesIO(draw_png(design, {})))
    assert {found.text for found in zxingcpp.read_barcodes(picture)} == wanted


@both
def test_the_languages_differ_in_words_and_not_in_codes(language: Language) -> None:
    for start in STARTS.values():
        ours, theirs = start.draw(language), start.draw("en")
        assert ours.contents == theirs.contents
        assert ours.width_mm == theirs.width_mm


def test_every_start_and_every_hint_has_its_words() -> None:
    assert set(START_NAMES) == set(START_NOTES) == set(STARTS)
    assert {"no_code", "code_poor", "text_cut", "overlap"} <= set(HINTS)
