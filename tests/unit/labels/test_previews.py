"""Previews, hints and tables of labels."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from suyuan.core.labels import fonts
from suyuan.core.labels.design import (
    BoxElement,
    CodeElement,
    Design,
    Element,
    LineElement,
    PictureElement,
    TextElement,
)
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.core.labels.hints import hints
from suyuan.core.labels.svg import svg
from suyuan.core.labels.table import write_csv

OUT = io.BytesIO()
Image.new("RGB", (20, 20), (1, 2, 3)).save(OUT, "PNG")
PICTURE = OUT.getvalue()
DIGEST = hashlib.sha256(PICTURE).hexdigest()
WHOLE = Design(
    60,
    40,
    (
        CodeElement(1, 1, 20),
        CodeElement(1, 26, 58, "gs1_128", "sscc", height_mm=12),
        TextElement(22, 1, 37, "{product} & <{serial}>", bold=True, lines=2),
        PictureElement(22, 12, 10, 8, DIGEST),
        LineElement(22, 22, 30),
        LineElement(55, 8, 10, vertical=True),
        BoxElement(34, 10, 10, 10),
        BoxElement(46, 10, 5, 10, filled=True),
    ),
)


def hinted(*elements: Element, dpi: int = 203, **more: object) -> list[tuple[str, str]]:
    found = hints(Design(60, 40, elements), dpi, **more)  # type: ignore[arg-type]
    return [(hint.code, hint.place) for hint in found]


def test_preview_is_whole_xml_of_true_size_without_style_or_address() -> None:
    shown = svg(WHOLE, pictures={DIGEST: PICTURE}, title="<茶>")
    root = ET.fromstring(shown)  # noqa: S314 - our own
    assert (root.get("width"), root.get("viewBox")) == ("60mm", "0 0 60 40")
    assert "style=" not in shown
    assert set(re.findall(r'(?:href|src)="([a-z]+):', shown)) == {"data"}
    assert "http" not in shown.replace("http://www.w3.org/2000/svg", "")
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "".join(texts).replace(" ", "") == "明前龙井茶特级&<7K3M9QW2XT5VBN>"
    assert root.find("{http://www.w3.org/2000/svg}title").text == "<茶>"  # type: ignore[union-attr]


def test_preview_without_a_title_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in svg(Design(30, 20))


def test_what_is_not_there_yet_is_an_empty_frame() -> None:
    shown = svg(WHOLE, label=LabelData())
    assert shown.count("stroke-dasharray") == 3


def test_preview_needs_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "CHINESE", ())
    assert "明前龙井茶" in svg(WHOLE)
    assert ("font_missing", "") in hinted(CodeElement(1, 1, 20))


def test_empty_lines_draw_nothing() -> None:
    assert "<text" not in svg(Design(30, 20, (TextElement(1, 1, 20, "{note}"),)), job=JobData())


def test_good_design_gets_no_hint() -> None:
    design = (CodeElement(1, 1, 22), TextElement(25, 1, 34, "{product}"), BoxElement(0, 0, 60, 40))
    assert hinted(*design, dpi=300, pictures=frozenset()) == []


@pytest.mark.parametrize(
    ("element", "dpi", "code"),
    [
        (CodeElement(1, 1, 5.5), 203, "code_poor"),
        (CodeElement(1, 1, 12), 600, "code_fair"),
        (CodeElement(1, 1, 5), 203, "code_does_not_fit"),
        (CodeElement(1, 1, 20, content="inner_link"), 203, "value_missing"),
        (TextElement(1, 1, 30, "茶", size_pt=4.5), 203, "text_small"),
        (TextElement(1, 1, 20, "{product}", size_pt=9), 203, "text_shrunk"),
        (TextElement(1, 1, 10, "{product}", size_pt=9), 203, "text_cut"),
        (TextElement(1, 1, 30, "茶\U00020bb7"), 203, "glyph_missing"),
        (PictureElement(1, 1, 5, 5, "a" * 64), 203, "picture_missing"),
    ],
)
def test_what_is_unwise_is_named_and_placed(element: Element, dpi: int, code: str) -> None:
    label = LabelData(link=EXAMPLE_LABEL.link, serial=EXAMPLE_LABEL.serial)
    found = hinted(element, dpi=dpi, label=label, pictures=frozenset())
    assert (code, "/elements/0") in found


def test_poor_code_is_told_what_size_would_do() -> None:
    [hint] = hints(Design(60, 40, (CodeElement(1, 1, 6),)), 203)
    assert hint.severity == "warning"
    advised = float(hint.data["advised"])
    assert hints(Design(60, 40, (CodeElement(1, 1, advised + 0.1),)), 203) == []


def test_code_that_cannot_be_drawn_is_hinted_at() -> None:
    label = LabelData(link="https://例子.cn/")
    assert hinted(CodeElement(1, 1, 20), label=label) == [("label_code_text", "/elements/0")]


def test_label_without_code_is_hinted_at() -> None:
    assert hinted(TextElement(1, 1, 20, "茶")) == [("no_code", "/elements")]


def test_elements_over_each_other_are_named_and_a_code_most_of_all() -> None:
    code = CodeElement(1, 1, 22)
    over = TextElement(20, 5, 30, "{product}")
    assert hinted(code, over) == [("code_overlap", "/elements/1")]
    texts = (TextElement(30, 30, 20, "茶叶"), TextElement(31, 31, 20, "茶叶"))
    assert hinted(code, *texts) == [("overlap", "/elements/2")]
    # A text's box may be wider than its words.
    beside = TextElement(1, 25, 50, "茶", align="left"), TextElement(30, 25, 20, "茶")
    assert hinted(code, *beside) == []


def test_frames_may_stand_around_and_lines_may_meet() -> None:
    code = CodeElement(2, 2, 22)
    frames = (BoxElement(0, 0, 60, 40), LineElement(0, 30, 60), BoxElement(0, 0, 26, 26))
    assert hinted(code, *frames) == []
    assert hinted(code, BoxElement(10, 10, 40, 20)) == [("code_overlap", "/elements/1")]


def test_table_has_what_codes_bear_and_texts_say() -> None:
    design = Design(
        60,
        40,
        (
            CodeElement(1, 1, 20),
            CodeElement(30, 1, 20, content="inner"),
            TextElement(1, 30, 50, "{product} {serial_grouped} {link}"),
        ),
    )
    labels = [
        LabelData(link=f"https://x.cn/{i}", serial="7K3M9QW2XT5VBN", inner="4HT29WPC")
        for i in range(2_500)
    ]
    stream = b"".join(write_csv(design, labels, job=JobData(product='=1+1,"茶"')))
    assert stream.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(stream.decode("utf-8-sig"))))
    assert rows[0] == ["number", "link", "inner", "product", "serial_grouped"]
    assert len(rows) == 2_501
    assert rows[2] == ["2", "https://x.cn/1", "4HT29WPC", '\'=1+1,"茶"', "7K3M9 QW2XT 5VBN"]


def test_table_of_no_labels_has_its_headings() -> None:
    assert b"".join(write_csv(Design(60, 40), [])) == b"\xef\xbb\xbfnumber\r\n"


def test_folder_of_fonts_is_debians() -> None:
    assert all(path.is_relative_to(Path("/usr/share/fonts/truetype")) for path in fonts.CHINESE)
    assert EXAMPLE_JOB.product
