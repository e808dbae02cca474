"""Sheets and rolls as PDF: rendered, decoded, and their text copied out, as a user would."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from suyuan.core.carriers import Symbol
from suyuan.core.codespace.alphabet import ALPHABET
from suyuan.core.labels import pdf
from suyuan.core.labels.design import (
    BoxElement,
    CodeElement,
    Design,
    DesignFault,
    LineElement,
    Paper,
    PictureElement,
    Roll,
    Sheet,
    TextElement,
)
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.core.labels.pdf import Written, write_pdf
from suyuan.core.labels.pdf_file import PAGES_A_NODE
from tests.reading import seen_on

A4_60 = Sheet(columns=6, rows=10, margin_left_mm=9, margin_top_mm=13.5, cut_marks=True)
LABEL = Design(
    32,
    27,
    (
        CodeElement(1, 1, 16),
        TextElement(17, 2, 14, "{product}", size_pt=7, bold=True, lines=2),
        TextElement(17, 9, 14, "批次：{lot}", size_pt=6),
        TextElement(1, 18, 30, "{serial_grouped}", align="center"),
        LineElement(1, 22.5, 30),
        TextElement(1, 23, 30, "{sequence}/{count}", size_pt=6, align="right"),
    ),
)


def link(serial: str) -> str:
    return f"https://id.example.com/01/06901234567892/21/{serial}"


def some_labels(count: int, seed: int = 1) -> Iterator[LabelData]:
    chance = random.Random(seed)
    for number in range(1, count + 1):
        serial = "".join(chance.choices(ALPHABET.decode(), k=14))
        yield LabelData(link=link(serial), serial=serial, sequence=number)


def printed(
    design: Design,
    labels: Sequence[LabelData],
    sheet: Paper = A4_60,
    **more: object,
) -> tuple[pypdfium2.PdfDocument, Written]:
    out = io.BytesIO()
    written = write_pdf(design, labels, sheet=sheet, out=out, **more)  # type: ignore[arg-type]
    return pypdfium2.PdfDocument(out.getvalue()), written


def picture(document: pypdfium2.PdfDocument, page: int, dpi: int = 170) -> Image.Image:
    rendered: Image.Image = document[page].render(scale=dpi / 72, grayscale=True).to_pil()
    return rendered


def read_in_order(shown: Image.Image) -> list[str]:
    return [code.text for code in seen_on(shown)]


def read_sheet(shown: Image.Image, per_mm: float) -> list[str]:
    """Return the codes of a sheet of 60 place by place: QR codes alone are looked for, upright."""
    found = zxingcpp.read_barcodes(
        np.asarray(shown),
        formats=zxingcpp.barcode_formats_from_str("QRCode"),
        try_rotate=False,
        try_invert=False,
        try_downscale=False,
    )
    corners = [(code.position.top_left, code.text) for code in found]
    places = [
        (int((at.y / per_mm - 13.5) // 27), int((at.x / per_mm - 9) // 32), text)
        for at, text in corners
    ]
    return [text for _, _, text in sorted(places)]


def words(document: pypdfium2.PdfDocument, page: int) -> str:
    text: str = document[page].get_textpage().get_text_range()
    return text.replace("\r\n", "\n")


@pytest.mark.slow
def test_each_of_ten_thousand_labels_decodes_to_what_was_meant_in_order() -> None:
    labels = list(some_labels(10_000))
    document, written = printed(LABEL, labels, job=EXAMPLE_JOB)
    assert (written.labels, written.pages, written.free) == (10_000, 167, 20)
    assert len(document) == 167
    for page in range(len(document)):
        meant = [label.link for label in labels[page * 60 : page * 60 + 60]]
        assert read_sheet(picture(document, page, 140), 140 / 25.4) == meant, f"page {page + 1}"


def test_page_of_labels_decodes_to_what_was_meant_in_order() -> None:
    labels = list(some_labels(70))
    document, _ = printed(LABEL, labels, job=EXAMPLE_JOB)
    pages = [read_in_order(picture(document, page)) for page in range(2)]
    assert pages == [[x.link for x in labels[:60]], [x.link for x in labels[60:]]]


def test_chinese_text_copied_out_is_what_was_meant() -> None:
    design = Design(
        100,
        40,
        (
            TextElement(1, 1, 98, "{product} {brand}", bold=True),
            TextElement(1, 6, 98, "净含量：{net_content}　产地：{origin}"),
            TextElement(1, 12, 98, "贮存：{storage}（≤25℃），《执行标准》GB/T 18650"),
            TextElement(1, 18, 98, "{serial_grouped} / {lot}"),
        ),
    )
    document, _ = printed(design, [EXAMPLE_LABEL], Roll(), job=EXAMPLE_JOB)
    assert words(document, 0).split("\n") == [
        "明前龙井茶 特级 溯源茶园",
        "净含量：250 g　产地：浙江杭州",
        "贮存：密封、避光、阴凉干燥处保存（≤25℃），《执行标准》GB/T 18650",
        "7K3M9 QW2XT 5VBN / L20260501A",
    ]


@settings(max_examples=40, deadline=None)
@given(st.text("明前龙井茶浙江省杭州市，。（）、ABCxyz0189-/% ", min_size=1, max_size=40))
def test_any_text_of_our_fonts_is_copied_out_whole(text: str) -> None:
    design = Design(300, 20, (TextElement(1, 1, 298, "{product}"),))
    document, _ = printed(design, [LabelData()], Roll(), job=JobData(product=text))
    assert words(document, 0).split() == text.split()


@pytest.mark.parametrize(
    ("element", "read"),
    [
        (CodeElement(2, 2, 12, "datamatrix"), link("7K3M9QW2XT5VBN")),
        (
            CodeElement(2, 2, 12, "gs1_datamatrix", "elements"),
            "(01)06901234567892(17)271031(10)L20260501A(21)7K3M9QW2XT5VBN",
        ),
        (CodeElement(2, 2, 60, "gs1_128", "sscc", height_mm=15), "(00)069012340000000016"),
        (CodeElement(2, 2, 12, content="inner"), "4HT29WPC"),
        (
            CodeElement(2, 2, 20, content="inner_link", level="Q"),
            link("7K3M9QW2XT5VBN") + "?i=4HT29WPC",
        ),
    ],
)
def test_every_kind_of_code_decodes_from_the_page(element: CodeElement, read: str) -> None:
    label = LabelData(
        link=link("7K3M9QW2XT5VBN"),
        inner_link=link("7K3M9QW2XT5VBN") + "?i=4HT29WPC",
        serial="7K3M9QW2XT5VBN",
        inner="4HT29WPC",
        sscc="069012340000000016",
    )
    document, _ = printed(Design(80, 40, (element,)), [label], Roll(), job=EXAMPLE_JOB)
    assert read_in_order(picture(document, 0, 300)) == [read]


def test_code_has_exactly_its_box_with_its_quiet_zone() -> None:
    design = Design(40, 30, (CodeElement(8, 4, 20.5),))
    document, _ = printed(design, [EXAMPLE_LABEL], Roll())
    dark = np.argwhere(np.asarray(picture(document, 0, 508)) < 128) / 20
    module = 20.5 / 41
    assert dark.min(axis=0) == pytest.approx([4 + 4 * module, 8 + 4 * module], abs=0.06)
    assert dark.max(axis=0) == pytest.approx([24.5 - 4 * module, 28.5 - 4 * module], abs=0.11)


def test_begun_sheet_is_filled_from_its_first_free_place() -> None:
    labels = list(some_labels(60))
    document, written = printed(LABEL, labels, start=57)
    assert (written.pages, written.free) == (2, 3)
    # The last row's three places to the right.
    first = seen_on(picture(document, 0))
    assert [code.text for code in first] == [label.link for label in labels[:3]]
    assert all(code.box[0] > 170 / 25.4 * 105 for code in first)
    assert read_in_order(picture(document, 1)) == [x.link for x in labels[3:]]


@pytest.mark.parametrize("start", [-1, 60])
def test_start_beyond_the_first_sheet_is_refused(start: int) -> None:
    with pytest.raises(DesignFault) as caught:
        printed(LABEL, [], start=start)
    assert (caught.value.code, caught.value.data) == ("paper_start", {"most": 59})


def test_labels_that_do_not_fit_on_the_sheet_are_refused() -> None:
    with pytest.raises(DesignFault) as caught:
        printed(LABEL, [], Sheet(columns=7, rows=12))
    assert [fault.place for fault in caught.value.faults] == ["/columns", "/rows"]
    assert caught.value.data == {"needed": 224, "there": 210}


def test_roll_has_one_page_for_each_row_of_labels() -> None:
    labels = list(some_labels(5))
    roll = Roll(across=2, gap_x_mm=3, margin_left_mm=2, margin_right_mm=2)
    document, written = printed(LABEL, labels, roll)
    assert (len(document), written.free) == (3, 1)
    width, height = document[0].get_size()
    assert (width, height) == pytest.approx((71 / 25.4 * 72, 27 / 25.4 * 72), abs=0.01)
    assert read_in_order(picture(document, 1)) == [labels[2].link, labels[3].link]


def test_cut_marks_stay_out_of_the_labels() -> None:
    blank = Design(32, 27, ())
    with_marks, _ = printed(blank, [LabelData()])
    dark = np.asarray(picture(with_marks, 0, 254)) < 200
    assert dark[:130, :].any()
    assert dark[:, :85].any()
    assert not dark[136:-136, 91:-91].any()
    without, _ = printed(blank, [LabelData()], Sheet(columns=6, rows=10))
    assert np.asarray(picture(without, 0)).min() == 255


def test_nothing_to_print_is_a_sheet_that_is_empty() -> None:
    document, written = printed(LABEL, [])
    assert (len(document), written) == (1, Written(0, 1, 60))


def test_file_with_more_pages_than_one_node_opens_whole() -> None:
    labels = [EXAMPLE_LABEL] * (PAGES_A_NODE * 2 + 1)
    document, _ = printed(Design(30, 30, (CodeElement(2, 2, 26),)), labels, Roll())
    assert len(document) == PAGES_A_NODE * 2 + 1
    assert read_in_order(picture(document, PAGES_A_NODE * 2)) == [EXAMPLE_LABEL.link]


def test_same_labels_give_the_same_bytes() -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for out in files:
        write_pdf(LABEL, some_labels(10), sheet=A4_60, job=EXAMPLE_JOB, out=out)
    assert files[0].getvalue() == files[1].getvalue()


def test_a_label_costs_few_bytes() -> None:
    sizes = []
    for count in (600, 1_200):
        out = io.BytesIO()
        write_pdf(LABEL, some_labels(count), sheet=A4_60, job=EXAMPLE_JOB, out=out)
        sizes.append(len(out.getvalue()))
    assert (sizes[1] - sizes[0]) / 600 < 180


def test_progress_is_told_after_each_page() -> None:
    told: list[int] = []
    printed(LABEL, list(some_labels(130)), progress=told.append)
    assert told == [60, 120, 130]


def test_picture_fills_its_box_without_distortion() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 20), (200, 0, 0, 255)).save(out, "PNG")
    design = Design(40, 30, (PictureElement(5, 5, 20, 20, "a" * 64),))
    document, _ = printed(design, [LabelData()] * 2, Roll(), pictures={"a" * 64: out.getvalue()})
    rendered = np.asarray(document[1].render(scale=254 / 72).to_pil().convert("RGB"))
    red = np.argwhere(rendered[:, :, 1] < 128) / 10
    assert red.min(axis=0) == pytest.approx([10, 5], abs=0.2)
    assert red.max(axis=0) == pytest.approx([20, 25], abs=0.2)


def test_transparent_picture_is_over_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    design = Design(40, 30, (PictureElement(5, 5, 20, 20, "a" * 64),))
    document, _ = printed(design, [LabelData()], Roll(), pictures={"a" * 64: out.getvalue()})
    assert np.asarray(picture(document, 0)).min() == 255


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        ({}, "picture_missing"),
        ({"a" * 64: b"no picture"}, "picture_unreadable"),
        ({"a" * 64: b"\x89PNG\r\n\x1a\n" + b"\0" * 50}, "picture_unreadable"),
    ],
)
def test_picture_that_is_none_is_refused_by_name(pictures: dict[str, bytes], code: str) -> None:
    design = Design(40, 30, (PictureElement(5, 5, 20, 20, "a" * 64),))
    with pytest.raises(LabelFault) as caught:
        printed(design, [LabelData()], Roll(), pictures=pictures)
    assert (caught.value.code, caught.value.data) == (code, {"picture": "a" * 64})


def test_picture_of_too_many_pixels_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    design = Design(40, 30, (PictureElement(5, 5, 20, 20, "a" * 64),))
    with pytest.raises(LabelFault) as caught:
        printed(design, [LabelData()], Roll(), pictures={"a" * 64: out.getvalue()})
    assert caught.value.code == "picture_unreadable"


def test_shared_element_over_a_value_stays_over_it() -> None:
    cover = BoxElement(0, 0, 30, 10, filled=True)
    text = TextElement(1, 1, 28, "{serial}")
    for elements, dark_share in (((text, cover), 1.0), ((cover, text), 1.0)):
        document, _ = printed(Design(30, 20, elements), [EXAMPLE_LABEL], Roll())
        dark = np.asarray(picture(document, 0, 254))[5:95, 5:295] < 128
        assert dark.mean() == dark_share
    frame = BoxElement(0, 0, 30, 10)
    document, _ = printed(Design(30, 20, (frame,)), [EXAMPLE_LABEL], Roll())
    dark = np.asarray(picture(document, 0, 254)) < 128
    assert dark[0:2, :300].all()
    assert not dark[10:90, 10:290].any()


def test_modules_that_spell_the_end_of_data_are_written_in_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Readers that look for `EI` behind inline data would stop in the middle of a code."""
    bits = np.unpackbits(np.frombuffer(b"\xff EI \xff" * 4, np.uint8)).reshape(4, -1) != 0
    monkeypatch.setattr(pdf, "symbol_of", lambda *_: Symbol("", "qr", bits))
    document, _ = printed(Design(30, 30, (CodeElement(0, 0, 30),)), [EXAMPLE_LABEL], Roll())
    module = 30 / (bits.shape[1] + 8)
    left, top = round(4 * module * 20), round(4 * module * 20)
    shown = np.asarray(picture(document, 0, 508)) < 128
    places = (np.arange(bits.shape[1]) + 0.5) * module * 20 + left
    rows = (np.arange(4) + 0.5) * module * 20 + top
    assert (shown[np.ix_(rows.astype(int), places.astype(int))] == bits).all()


HOSTILE = [
    "\x00\x1b(0)Tj ET\r\n",
    "\u202egnp.exe",
    "a" * 100_000,
    "茶" * 100_000,
    "\ud800",
    "😀👩‍👩‍👧",
    "שלום عليكم",
    "\\)>>endstream endobj",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_leaves_a_whole_page_within_its_box(text: str) -> None:
    element = TextElement(10, 10, 30, "{note}", lines=2)
    design = Design(60, 40, (element, CodeElement(2, 20, 18)))
    document, _ = printed(design, [EXAMPLE_LABEL], Roll(), job=JobData(note=text))
    shown = picture(document, 0, 254)
    assert read_in_order(shown) == [EXAMPLE_LABEL.link]
    dark = np.argwhere(np.asarray(shown)[:195] < 128) / 10
    if len(dark):
        assert (dark.min(axis=0) >= [9.5, 9.5]).all()
        assert (dark.max(axis=0) <= [17.5, 40.5]).all()


def test_character_that_no_font_has_is_a_square_on_the_page() -> None:
    design = Design(60, 40, (TextElement(1, 1, 50, "{note}"),))
    document, _ = printed(design, [LabelData()], Roll(), job=JobData(note="茶\U00020bb7א!"))
    assert words(document, 0) == "茶□□!"


def test_label_without_the_value_of_its_code_is_refused_by_name() -> None:
    with pytest.raises(LabelFault) as caught:
        printed(LABEL, [LabelData(serial="X")])
    assert (caught.value.code, caught.value.data) == ("label_value_missing", {"value": "link"})


def test_code_that_no_symbol_holds_is_refused() -> None:
    with pytest.raises(LabelFault) as caught:
        printed(LABEL, [LabelData(link="https://例子.cn/")])
    assert caught.value.code == "label_code_text"
    assert caught.value.data == {"text": "https://例子.cn/", "symbology": "qr"}


def test_cut_marks_have_no_room_on_a_full_sheet() -> None:
    full = Sheet(3, 8, cut_marks=True)
    document, _ = printed(Design(70, 37.125), [LabelData()], full)
    assert np.asarray(picture(document, 0)).min() == 255


def test_full_last_node_leaves_no_empty_one() -> None:
    document, _ = printed(Design(30, 20), [LabelData()] * PAGES_A_NODE, Roll())
    assert len(document) == PAGES_A_NODE


def test_font_of_ones_own_must_be_one(tmp_path: Path) -> None:
    file = tmp_path / "font.ttf"
    file.write_bytes(b"not a font")
    with pytest.raises(LabelFault) as caught:
        printed(LABEL, [EXAMPLE_LABEL], font=str(file))
    assert caught.value.code == "font_unusable"
