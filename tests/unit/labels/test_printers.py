"""What reaches label printers: every code reads as it was meant, every text is there once."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from suyuan.core.labels.design import (
    BoxElement,
    CodeElement,
    Design,
    DesignFault,
    LineElement,
    PictureElement,
    Roll,
    TextElement,
)
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.core.labels.fill import Filler
from suyuan.core.labels.fonts import load
from suyuan.core.labels.raster import Dots, draw_shared, trimmed
from suyuan.core.labels.tspl import write_tspl
from suyuan.core.labels.zpl import write_zpl
from tests import tspl, zpl
from tests.printed import Label, text_of_values

LINK = "https://id.example.com/01/06901234567892/21/"
DOTS_PER_MM = {203: 8.0, 300: 300 / 25.4, 600: 600 / 25.4}

type Print = Callable[..., list[Label]]


def print_zpl(
    design: Design, labels: list[LabelData], dpi: int = 203, **more: object
) -> list[Label]:
    return zpl.read(b"".join(write_zpl(design, labels, dpi=dpi, **more)))  # type: ignore[arg-type]


def print_tspl(
    design: Design, labels: list[LabelData], dpi: int = 203, **more: object
) -> list[Label]:
    stream = b"".join(write_tspl(design, labels, dpi=dpi, **more))  # type: ignore[arg-type]
    return tspl.read(stream, dots_per_mm=DOTS_PER_MM[dpi])


both = pytest.mark.parametrize("show", [print_zpl, print_tspl])
at_each_resolution = pytest.mark.parametrize("dpi", [203, 300, 600])


def label(serial: str = "7K3M9QW2XT5VBN", **more: str) -> LabelData:
    return LabelData(link=LINK + serial, serial=serial, **more)  # type: ignore[arg-type]


def one(element: CodeElement | TextElement) -> Design:
    return Design(100, 60, (element,))


@both
@at_each_resolution
@pytest.mark.parametrize(
    ("element", "read"),
    [
        (CodeElement(2, 2, 25), LINK + "7K3M9QW2XT5VBN"),
        (CodeElement(2, 2, 25, level="H"), LINK + "7K3M9QW2XT5VBN"),
        (CodeElement(2, 2, 20, "datamatrix"), LINK + "7K3M9QW2XT5VBN"),
        (
            CodeElement(2, 2, 20, "gs1_datamatrix", "elements"),
            "(01)06901234567892(17)271031(10)L20260501A(21)7K3M9QW2XT5VBN",
        ),
        (CodeElement(2, 2, 20, "gs1_datamatrix", "sscc"), "(00)069012340000000016"),
        (CodeElement(2, 2, 70, "gs1_128", "sscc", height_mm=20), "(00)069012340000000016"),
        (CodeElement(2, 2, 15, content="inner"), "4HT29WPC"),
        (CodeElement(2, 2, 15, content="epc"), "3034F4A1B2C3D4E5F6071829"),
    ],
)
def test_code_on_paper_reads_as_meant(
    show: Print, dpi: int, element: CodeElement, read: str
) -> None:
    [printed] = show(one(element), [EXAMPLE_LABEL_WITH_LINK], dpi, job=EXAMPLE_JOB)
    assert printed.read() == [read]


EXAMPLE_LABEL_WITH_LINK = LabelData(
    link=LINK + "7K3M9QW2XT5VBN",
    serial="7K3M9QW2XT5VBN",
    inner="4HT29WPC",
    sscc=EXAMPLE_LABEL.sscc,
    epc=EXAMPLE_LABEL.epc,
)


@both
def test_gs1_128_changes_code_sets_and_separates_elements(show: Print) -> None:
    element = CodeElement(0, 0, 100, "gs1_128", "elements", height_mm=15)
    [printed] = show(
        one(element), [label()], 300, job=JobData(gtin="06901234567892", lot="A>b!1234567")
    )
    assert text_of_values(printed.codes[0].values) == (
        "\x1d010690123456789210A>b!1234567\x1d217K3M9QW2XT5VBN"
    )


@both
@at_each_resolution
def test_code_stays_within_its_box_with_its_quiet_zone(show: Print, dpi: int) -> None:
    box = CodeElement(10, 5, 24)
    [printed] = show(one(box), [label()], dpi)
    dark = np.argwhere(np.asarray(printed.paint()) == 0) / DOTS_PER_MM[dpi]
    module = printed.codes[0].dots / DOTS_PER_MM[dpi]
    assert dark.min(axis=0) == pytest.approx([5 + 4 * module, 10 + 4 * module], abs=module * 4)
    assert (dark.min(axis=0) >= np.array([5, 10]) + 4 * module - 0.2).all()
    assert (dark.max(axis=0) <= np.array([5, 10]) + 24 - 4 * module + 0.2).all()


@both
def test_labels_come_in_order_each_with_its_own_values(show: Print) -> None:
    design = Design(
        50,
        30,
        (
            CodeElement(1, 1, 24),
            TextElement(26, 2, 23, "{serial_grouped}"),
            TextElement(26, 8, 23, "{sequence}/{count}"),
        ),
    )
    serials = [f"7K3M9QW2XT5V{i:02}" for i in range(30)]
    labels = [LabelData(link=LINK + s, serial=s, sequence=i) for i, s in enumerate(serials, 1)]
    printed = show(design, labels, job=JobData(count=30))
    assert [p.read() for p in printed] == [[LINK + s] for s in serials]
    assert [{w.text for w in p.words} for p in printed] == [
        {f"{s[:5]} {s[5:10]} {s[10:]}", f"{i}/30"} for i, s in enumerate(serials, 1)
    ]


@both
def test_chinese_comes_as_dots_where_it_belongs(show: Print) -> None:
    design = one(TextElement(10, 20, 40, "{product}", size_pt=12, bold=True))
    [printed] = show(design, [label()], job=EXAMPLE_JOB)
    assert printed.words == []
    dark = np.argwhere(np.asarray(printed.paint()) == 0) / 8
    assert (dark.min(axis=0) >= [20, 10]).all()
    assert (dark.max(axis=0) <= [20 + 12 * 0.3528 + 0.3, 50]).all()
    assert len(dark) > 500


@both
def test_chinese_in_front_of_a_value_is_sent_once_and_the_value_by_the_printer(
    show: Print,
) -> None:
    design = one(TextElement(10, 20, 60, "序列号：{serial}", size_pt=10))
    first, second = show(design, [label("AAAA"), label("BBBB")])
    assert [w.text for w in first.words] == ["AAAA"]
    assert [w.text for w in second.words] == ["BBBB"]
    # Four characters of 10 points stand in front.
    assert first.words[0].x == pytest.approx((10 + 4 * 10 * 0.3528) * 8, abs=2)
    assert [p.tobytes() for _, _, p in first.pictures] == [
        p.tobytes() for _, _, p in second.pictures
    ]


def test_shared_parts_are_in_a_stream_once() -> None:
    design = Design(60, 40, (TextElement(1, 1, 50, "{product}"), CodeElement(1, 10, 25)))
    pieces = list(write_zpl(design, [label() for _ in range(100)], dpi=203, job=EXAMPLE_JOB))
    assert len(pieces) == 101  # and one that tidies up
    assert sum(piece.count(b"^GFA") for piece in pieces) == 1
    assert max(map(len, pieces[1:])) < 200
    rows = list(write_tspl(design, [label() for _ in range(100)], dpi=203, job=EXAMPLE_JOB))
    assert sum(row.count(b"DOWNLOAD") for row in rows) == 1


@both
def test_chinese_of_one_label_alone_comes_as_dots_with_that_label(show: Print) -> None:
    design = one(TextElement(10, 20, 60, "{lot}", size_pt=10))
    first, second = show(design, [label(lot="甲批"), label(lot="B1")])
    assert (len(first.pictures), first.words) == (1, [])
    assert ([w.text for w in second.words], second.pictures) == (["B1"], [])


@both
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_long_value_shrinks_and_wraps_instead_of_leaving_its_box(show: Print, align: str) -> None:
    element = TextElement(2, 2, 20, "{link}", lines=3, align=align)  # type: ignore[arg-type]
    [printed] = show(one(element), [label()])
    assert "".join(words.text for words in printed.words) == LINK + "7K3M9QW2XT5VBN"
    assert 1 < len(printed.words) <= 3


def test_labels_side_by_side_go_out_together_and_the_last_row_may_be_short() -> None:
    design = Design(30, 20, (CodeElement(1, 1, 18), TextElement(20, 1, 9, "茶{sequence}")))
    labels = [label(f"S{i}") for i in range(5)]
    roll = Roll(across=2, gap_x_mm=3, margin_left_mm=2)
    for show in (print_zpl, print_tspl):
        rows = show(design, labels, sheet=roll)
        assert [row.read() for row in rows] == [
            [LINK + "S0", LINK + "S1"],
            [LINK + "S2", LINK + "S3"],
            [LINK + "S4"],
        ]


def test_tag_gets_its_epc_and_longer_epcs_get_their_length() -> None:
    design = one(CodeElement(2, 2, 25))
    tags = ["3034F4A1B2C3D4E5F6071829", "36" + "A" * 50]
    labels = [label(epc=epc) for epc in tags]
    stream = b"".join(write_zpl(design, labels, dpi=203, rfid=True))
    assert [printed.tag for printed in zpl.read(stream)] == tags
    assert stream.count(b"^RFW,H^FN") == stream.count(b"^RFW,H,,,A^FN") == 1


def test_tag_without_epc_is_refused_by_name() -> None:
    with pytest.raises(LabelFault) as caught:
        print_zpl(one(CodeElement(2, 2, 25)), [label()], rfid=True)
    assert (caught.value.code, caught.value.data) == ("label_value_missing", {"value": "epc"})


def test_tags_side_by_side_are_refused() -> None:
    with pytest.raises(DesignFault) as caught:
        print_zpl(one(CodeElement(2, 2, 25)), [], rfid=True, sheet=Roll(across=2))
    assert caught.value.code == "paper_rfid"


@both
def test_copies_are_the_printers_work(show: Print) -> None:
    [printed] = show(one(CodeElement(2, 2, 25)), [label()], copies=3)
    assert printed.copies == 3


@both
def test_code_without_room_is_refused_with_the_least_size(show: Print) -> None:
    with pytest.raises(LabelFault) as caught:
        show(one(CodeElement(2, 2, 5)), [label()], 203)
    assert caught.value.code == "label_code_too_small"
    assert caught.value.data["least"] == pytest.approx(5.1, abs=0.6)


@both
def test_code_that_no_symbol_holds_is_refused(show: Print) -> None:
    with pytest.raises(LabelFault) as caught:
        show(one(CodeElement(2, 2, 25)), [LabelData(link="https://例子.cn/" * 99)], 203)
    assert caught.value.code == "label_code_text"


@both
@pytest.mark.parametrize(
    ("element", "label"),
    [
        (CodeElement(0, 0, 99, "gs1_128", "sscc"), LabelData(sscc="069012340000000017")),
        (CodeElement(0, 0, 59, "gs1_datamatrix", "sscc"), LabelData(sscc="069012340000000017")),
        (
            CodeElement(0, 0, 99, "gs1_128", "elements"),
            LabelData(gtin="06901234567892", lot="L" * 20, serial="S" * 20),
        ),
        (CodeElement(0, 0, 59, "datamatrix"), LabelData(link="a\nb")),
        (CodeElement(0, 0, 59, "datamatrix"), LabelData(link="a" * 1_001)),
    ],
)
def test_text_that_no_symbol_of_the_kind_holds_is_refused(
    show: Print, element: CodeElement, label: LabelData
) -> None:
    with pytest.raises(LabelFault) as caught:
        show(one(element), [label])
    assert caught.value.code in {"label_code_text", "label_code_too_small"}


@both
def test_text_in_lines_is_the_printers_own(show: Print) -> None:
    design = one(TextElement(2, 2, 40, "{serial}\n{roll}", lines=2))
    [printed] = show(design, [label("AAA", roll="R7")])
    assert {words.text for words in printed.words} == {"AAA", "R7"}
    assert len({words.y for words in printed.words}) == 2


@both
def test_value_of_wide_spaces_leaves_nothing_on_paper(show: Print) -> None:
    design = one(TextElement(2, 2, 40, "{roll}"))
    [printed] = show(design, [label(roll="　　")])
    assert (printed.words, printed.pictures) == ([], [])
    [empty] = show(design, [label()])
    assert empty.words == []


def test_codes_are_no_part_of_what_is_drawn_as_dots() -> None:
    dots = Dots(203, load())
    design = one(CodeElement(2, 2, 20))
    filler = Filler(design, EXAMPLE_JOB, dots.typeface)
    assert trimmed(draw_shared(dots, design, design.elements, filler, {})) is None


HOSTILE = '^FS^XZ^XA^FO0,0^GB500,500,500^FS~JA_5E\r\nPRINT 9\r\n"\\["] !105 ></x'


@both
def test_commands_in_values_are_printed_and_not_obeyed(show: Print) -> None:
    design = one(TextElement(2, 2, 95, "{roll}", size_pt=6))
    labels = [LabelData(roll=HOSTILE), LabelData(roll="R2")]
    hostile, harmless = show(design, labels)
    shown = "".join(words.text for words in hostile.words)
    assert shown == " ".join(HOSTILE.split("\r\n"))
    assert hostile.bars == []
    assert [w.text for w in harmless.words] == ["R2"]


@both
def test_commands_in_a_link_are_read_off_the_code(show: Print) -> None:
    text = 'https://id.example.com/~JA^XZ_5E^FS!102"\\["]'
    [printed] = show(one(CodeElement(2, 2, 40)), [LabelData(link=text)])
    assert printed.codes[0].text == text


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_any_printable_text_comes_out_of_both_languages(text: str) -> None:
    design = one(TextElement(0, 0, 100, "{roll}", size_pt=4))
    for show in (print_zpl, print_tspl):
        [printed] = show(design, [LabelData(roll=text)])
        assert "".join(words.text for words in printed.words).strip() == text.strip()


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60))
def test_any_link_comes_out_of_both_languages(path: str) -> None:
    link = f"https://x.cn/{path}"
    for symbology in ("qr", "datamatrix"):
        design = one(CodeElement(0, 0, 50, symbology))
        for show in (print_zpl, print_tspl):
            [printed] = show(design, [LabelData(link=link)])
            assert printed.codes[0].text == link


@both
def test_pictures_lines_and_boxes_are_drawn_once(show: Print) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    design = Design(
        50,
        30,
        (
            PictureElement(30, 2, 10, 10, "a" * 64),
            LineElement(0, 20, 50, thickness_mm=0.5),
            LineElement(25, 0, 20, vertical=True),
            BoxElement(0, 0, 50, 30),
            BoxElement(2, 2, 10, 10, filled=True),
        ),
    )
    [printed] = show(design, [label()], pictures={"a" * 64: out.getvalue()})
    dark = np.asarray(printed.paint()) == 0
    assert dark[3 * 8 : 11 * 8, 3 * 8 : 11 * 8].all()
    assert dark[160:163, 20:380].all()
    assert dark[0, :].all()
    assert 0.3 < dark[16:96, 240:320].mean() < 0.7


def test_design_without_anything_shared_downloads_nothing() -> None:
    stream = b"".join(write_tspl(one(CodeElement(2, 2, 25)), [label()], dpi=203))
    assert b"DOWNLOAD" not in stream


def test_links_of_other_lengths_get_formats_of_their_own() -> None:
    design = one(CodeElement(2, 2, 20))
    labels = [label("7K3M9QW2XT5VBN"), label("X" * 90), label("7K3M9QW2XT5VBP")]
    stream = b"".join(write_zpl(design, labels, dpi=203))
    assert stream.count(b"^DFR:") == 2
    assert [printed.read() for printed in zpl.read(stream)] == [[one.link] for one in labels]
