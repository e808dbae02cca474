"""Reading back: photos, PDF pages, files made to harm."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from suyuan.core.carriers import Symbology, draw, formats, opening, reading, seeking, sizing
from suyuan.core.carriers.reading import CannotRead, FoundCode, read_picture
from tests import photos
from tests.unit.carriers.test_symbols import SAMPLES

A4 = (595.28, 841.89)
LINK = "https://t.example/01/09521234000013/21/"
MATRICES: list[Symbology] = ["qr", "datamatrix", "gs1_datamatrix"]
KINDS: list[Symbology] = [*MATRICES, "gs1_128"]


def _texts(body: bytes, **options: Any) -> list[str]:
    return [code.text for code in read_picture(body, **options).codes]


def _middle(code: FoundCode) -> tuple[float, float]:
    return sum(x for x, _ in code.position) / 4, sum(y for _, y in code.position) / 4


def _refused(body: bytes, **options: Any) -> CannotRead:
    with pytest.raises(CannotRead) as refusal:
        read_picture(body, **options)
    return refusal.value


def _sheet(rows: int, columns: int, *, pages: int = 1, encrypt: Any = None) -> bytes:
    """Return A4 pages of QR codes, numbered in reading order."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt, invariant=1)
    number = 0
    for _page in range(pages):
        for row in range(rows):
            for column in range(columns):
                png = formats.png(draw(f"{LINK}{number:06}"), module=4)
                x, y = 30 + column * 540 / columns, 780 - row * 750 / rows
                canvas.drawImage(ImageReader(io.BytesIO(png)), x, y, 50, 50)
                number += 1
        canvas.showPage()
    canvas.save()
    return out.getvalue()


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize("symbology", KINDS)
def test_each_kind_is_found_with_its_name_and_whether_gs1_is_in_it(symbology: Symbology) -> None:
    photo = photos.table((photos.label(SAMPLES[symbology], symbology), (200, 250)))
    (code,) = read_picture(photos.file(photo)).codes
    assert code.text == SAMPLES[symbology]
    assert code.symbology == symbology.removeprefix("gs1_").replace("128", "code_128")
    assert code.is_gs1 is symbology.startswith("gs1_")
    assert code.page == 1


def test_an_element_string_is_told_so_that_it_can_be_parsed() -> None:
    text = r"(01)09521234000013(21)7K\(3)M(10)A%/B"
    photo = photos.table((photos.label(text, "gs1_datamatrix"), (200, 250)))
    assert _texts(photos.file(photo)) == [text]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_every_format_of_pictures_is_read(form: str) -> None:
    photo = photos.table((photos.label(SAMPLES["qr"]), (200, 250)))
    assert _texts(photos.file(photo, form)) == [SAMPLES["qr"]]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixels_is_read(mode: str) -> None:
    photo = photos.table((photos.label(SAMPLES["qr"]), (200, 250)))
    wide = {"I;16": lambda: photo.convert("I;16").point(lambda value: value * 200)}
    picture = wide.get(mode, lambda: photo.convert(mode))()
    assert _texts(photos.file(picture, "TIFF")) == [SAMPLES["qr"]]


def test_black_on_nothing_is_black_on_white() -> None:
    png = formats.png(draw(SAMPLES["qr"]), module=6)
    dark = ImageOps.invert(Image.open(io.BytesIO(png)).convert("L"))
    clear = Image.new("RGBA", dark.size, (0, 0, 0, 0))
    clear.putalpha(dark)
    assert _texts(photos.file(clear)) == [SAMPLES["qr"]]


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palette_with_a_transparent_colour_is_read(kind: str) -> None:
    picture = Image.open(io.BytesIO(formats.png(draw(SAMPLES["qr"]), module=6))).convert("P")
    body = photos.file(picture, kind, transparency=255)
    assert _texts(body) == [SAMPLES["qr"]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_marks_stand_where_the_browser_shows_the_code(orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    photo = photos.table((photos.label(SAMPLES["qr"]), (700, 100)))
    body = photos.file(photo, "JPEG", exif=exif)
    with Image.open(io.BytesIO(body)) as picture:
        upright = ImageOps.exif_transpose(picture)
    found = read_picture(body)
    (code,), (page,) = found.codes, found.pages
    assert (page.width, page.height) == upright.size
    x, y = _middle(code)
    half = photos.label(SAMPLES["qr"]).width / 2
    places = {
        1: (700 + half, 100 + half),
        3: (300 - half, 700 - half),
        6: (700 - half, 700 + half),
        8: (100 + half, 300 - half),
    }
    if orientation in places:
        assert (x, y) == pytest.approx(places[orientation], abs=4)


@pytest.mark.parametrize("symbology", KINDS)
@pytest.mark.parametrize(
    "harm",
    [
        photos.blurred,
        photos.dim,
        photos.half_in_shadow,
        photos.noisy,
        ImageOps.invert,
        lambda photo: photo.resize((400, 320), Image.Resampling.LANCZOS),
    ],
    ids=["blurred", "dim", "half in shadow", "noisy", "light on dark", "small"],
)
def test_a_bad_photo_is_read(
    symbology: Symbology, harm: Callable[[Image.Image], Image.Image]
) -> None:
    photo = photos.table((photos.label(SAMPLES[symbology], symbology), (200, 250)))
    assert _texts(photos.file(harm(photo))) == [SAMPLES[symbology]]


@pytest.mark.parametrize("symbology", KINDS)
@pytest.mark.parametrize("degrees", [17, 45, 61, 90, 135, 200, 290])
def test_a_turned_photo_is_read_and_marked_where_the_code_is(
    symbology: Symbology, degrees: int
) -> None:
    card = photos.turned(photos.label(SAMPLES[symbology], symbology), degrees)
    place = (120, 40)
    (code,) = read_picture(photos.file(photos.table((card, place)))).codes
    assert code.text == SAMPLES[symbology]
    expected = (place[0] + card.width / 2, place[1] + card.height / 2)
    # Bars are marked by the lines that were read, somewhere on their height.
    assert _middle(code) == pytest.approx(expected, abs=5 if symbology in MATRICES else 110)


@pytest.mark.parametrize("symbology", KINDS)
def test_a_photo_from_the_side_is_read(symbology: Symbology) -> None:
    card = photos.aslant(photos.label(SAMPLES[symbology], symbology))
    assert _texts(photos.file(photos.table((card, (100, 200))))) == [SAMPLES[symbology]]


def test_codes_of_several_kinds_stand_on_one_photo_in_reading_order() -> None:
    cards = [
        (photos.label(f"{LINK}A"), (100, 100)),
        (photos.turned(photos.label(f"{LINK}B"), 20), (600, 90)),
        (photos.label(SAMPLES["gs1_datamatrix"], "gs1_datamatrix"), (120, 500)),
        (photos.label(SAMPLES["gs1_128"], "gs1_128"), (400, 520)),
        (photos.label(f"{LINK}C"), (100, 900)),
    ]
    assert _texts(photos.file(photos.table(*cards, size=(1_200, 1_150)))) == [
        f"{LINK}A", f"{LINK}B", SAMPLES["gs1_datamatrix"], SAMPLES["gs1_128"], f"{LINK}C",
    ]  # fmt: skip


def test_a_code_in_the_shadow_is_found_beside_one_in_the_light() -> None:
    cards = [(photos.label(f"{LINK}{n}"), (20 + n * 245, 300)) for n in range(4)]
    photo = photos.half_in_shadow(photos.table(*cards))
    assert _texts(photos.file(photo)) == [f"{LINK}{n}" for n in range(4)]


def test_the_same_code_twice_is_two_codes() -> None:
    cards = [(photos.label(f"{LINK}A"), (100, 100)), (photos.label(f"{LINK}A"), (700, 500))]
    assert _texts(photos.file(photos.table(*cards))) == [f"{LINK}A", f"{LINK}A"]


def test_a_picture_without_a_code_gives_none() -> None:
    found = read_picture(photos.file(photos.table()))
    assert (found.codes, found.faults, found.page_count) == ((), (), 1)


def test_fifty_codes_on_a_page_are_all_read_in_order() -> None:
    found = read_picture(_sheet(10, 5))
    assert [code.text for code in found.codes] == [f"{LINK}{n:06}" for n in range(50)]
    assert found.faults == ()


def test_fifty_codes_on_a_scan_are_all_read() -> None:
    cards = [
        (photos.label(f"{LINK}{n:06}", module=3), (20 + n % 10 * 240, 20 + n // 10 * 240))
        for n in range(50)
    ]
    photo = photos.blurred(photos.table(*cards, size=(2_430, 1_220)), 0.8)
    assert sorted(_texts(photos.file(photo, "JPEG", quality=80))) == [
        f"{LINK}{n:06}" for n in range(50)
    ]


def test_pages_of_a_pdf_are_told_apart() -> None:
    found = read_picture(_sheet(1, 2, pages=3))
    assert [(code.page, code.text[-1]) for code in found.codes] == [
        (1, "0"), (1, "1"), (2, "2"), (2, "3"), (3, "4"), (3, "5"),
    ]  # fmt: skip
    assert (found.page_count, [page.number for page in found.pages]) == (3, [1, 2, 3])


def test_pages_of_a_scan_are_told_apart() -> None:
    first, second = (photos.label(f"{LINK}{n}") for n in range(2))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=[second])
    found = read_picture(out.getvalue())
    assert [(code.page, code.text) for code in found.codes] == [(1, f"{LINK}0"), (2, f"{LINK}1")]


def test_a_label_drawn_by_us_is_read_from_its_pdf() -> None:
    symbol = draw(SAMPLES["gs1_datamatrix"], symbology="gs1_datamatrix")
    pdf = formats.write(symbol, "pdf", sizing.fit(symbol.width, 8, 300))
    assert _texts(pdf) == [symbol.text]


def test_what_moves_shows_its_first_picture() -> None:
    first, second = (photos.label(f"{LINK}{n}") for n in range(2))
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=[second])
    assert _texts(out.getvalue()) == [f"{LINK}0"]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_large_photo_is_made_smaller_and_still_read(form: str) -> None:
    photo = Image.new("L", (5_600, 4_200), 200)
    photo.paste(photos.label(SAMPLES["qr"], module=10), (3_000, 2_500))
    found = read_picture(photos.file(photo, form))
    (code,), (page,) = found.codes, found.pages
    assert code.text == SAMPLES["qr"]
    assert page.width * page.height <= opening.WORKING_PIXELS
    half = photos.label(SAMPLES["qr"], module=10).width / 2
    assert _middle(code)[0] / page.width == pytest.approx((3_000 + half) / 5_600, abs=0.01)


def test_a_preview_is_a_small_picture_of_each_page() -> None:
    found = read_picture(_sheet(1, 2, pages=2), preview=600)
    for page in found.pages:
        with Image.open(io.BytesIO(page.preview)) as picture:
            assert (picture.format, max(picture.size)) == ("JPEG", 600)
            assert picture.width / picture.height == pytest.approx(
                page.width / page.height, rel=0.01
            )
    assert read_picture(_sheet(1, 1)).pages[0].preview == b""


# ---------------------------------------------------------------- what is refused


def _png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large, with hardly any data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_nothing_is_refused() -> None:
    assert _refused(b"").code == "reading_empty"


def test_too_many_bytes_are_refused() -> None:
    refusal = _refused(b"\0" * (opening.MOST_BYTES + 1))
    assert (refusal.code, refusal.data) == ("reading_bytes", {"limit_mb": 20})


@pytest.mark.parametrize(
    ("width", "height"), [(8_000, 7_501), (9_500, 9_500), (30_000, 30_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_picture_that_would_burst_is_refused_by_its_head(width: int, height: int) -> None:
    refusal = _refused(_png_of(width, height))
    assert refusal.code in {"reading_pixels", "reading_type"}
    if width < 2**20:
        assert refusal.data == {"limit_megapixels": 60}


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("picture.png", b"\x89PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        _zip(),
        b"GIF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"x",
    ],
    ids=["archive", "letters", "svg", "eps", "one byte"],
)
def test_what_is_no_picture_is_refused_whatever_its_name(body: bytes) -> None:
    assert _refused(body).code == "reading_type"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_that_is_cut_short_is_refused(form: str) -> None:
    body = photos.file(photos.table((photos.label(SAMPLES["qr"]), (200, 250))), form)
    refusal = _refused(body[: len(body) * 2 // 3])
    assert refusal.code in {"reading_damaged", "reading_type"}
    if form in {"JPEG", "PNG"}:
        assert refusal.code == "reading_damaged"


def test_a_locked_pdf_is_refused() -> None:
    locked = pdfencrypt.StandardEncryption("secret", ownerPassword="owner", strength=128)
    assert _refused(_sheet(1, 1, encrypt=locked)).code == "reading_password"


def test_a_pdf_that_only_restricts_printing_is_read() -> None:
    open_to_all = pdfencrypt.StandardEncryption("", ownerPassword="owner", canPrint=0)
    assert _texts(_sheet(1, 1, encrypt=open_to_all)) == [f"{LINK}000000"]


@pytest.mark.parametrize("body", [b"%PDF-1.7\n", b"%PDF-1.4 junk %%EOF", b"junk %PDF-1.7 junk"])
def test_a_broken_pdf_is_refused(body: bytes) -> None:
    assert _refused(body).code == "reading_damaged"


@pytest.mark.slow
def test_ten_thousand_pages_are_read_twenty_at_a_time() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(60, 60))
    for number in range(10_000):
        if number in {0, 25}:
            png = formats.png(draw(f"{LINK}{number}"), module=4)
            canvas.drawImage(ImageReader(io.BytesIO(png)), 0, 0, 60, 60)
        canvas.showPage()
    canvas.save()
    found = read_picture(out.getvalue())
    assert [code.text for code in found.codes] == [f"{LINK}0"]
    assert (found.page_count, len(found.pages)) == (10_000, 20)
    assert [(fault.code, fault.page) for fault in found.faults] == [("pages_left_out", 21)]
    later = read_picture(out.getvalue(), first_page=21)
    assert [(code.page, code.text) for code in later.codes] == [(26, f"{LINK}25")]
    last = read_picture(out.getvalue(), first_page=9_990)
    assert (len(last.pages), last.faults) == (11, ())
    assert _refused(out.getvalue(), first_page=10_001).data == {"pages": 10_000}
    assert _refused(out.getvalue(), first_page=0).code == "reading_page"


def test_a_page_of_any_size_is_drawn_within_the_working_size() -> None:
    for width, height in ((14_400, 14_400), (14_400, 2), (1, 1)):
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(width, height))
        canvas.showPage()
        canvas.save()
        (page,) = read_picture(out.getvalue()).pages
        assert page.width * page.height <= opening.WORKING_PIXELS * 1.01


def _plain_pdf(kids: str, count: int, *objects: str) -> bytes:
    """Return a PDF of these page references and objects, from 3 on."""
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
        *objects,
    ]
    text = "%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(text))
        text += f"{number} 0 obj{body}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(bodies) + 1
    text += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\n"
    return f"{text}startxref\n{text.index('xref')}\n%%EOF".encode()


def test_a_pdf_without_pages_is_refused() -> None:
    assert _refused(_plain_pdf("", 0)).code == "reading_damaged"


def test_a_damaged_page_of_a_pdf_is_left_out_and_named() -> None:
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>"
    found = read_picture(_plain_pdf("3 0 R 9 0 R 4 0 R", 3, page, page))
    assert [one.number for one in found.pages] == [1, 3]
    assert [(fault.code, fault.page) for fault in found.faults] == [("page_damaged", 2)]


def test_elements_that_nobody_can_parse_are_told_as_they_were_read() -> None:
    assert seeking._gs1_text("05\x1dnonsense") == "05\x1dnonsense"


def test_a_damaged_page_of_a_scan_is_left_out_and_named() -> None:
    first, second = (photos.label(f"{LINK}{n}") for n in range(2))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=[second])
    body = bytearray(out.getvalue())
    with Image.open(io.BytesIO(bytes(body))) as scan:
        strip = scan.tag_v2[273][0]  # type: ignore[attr-defined]  # the first page's pixels
        scan.seek(1)
        where = body.find(struct.pack("<I", scan.tag_v2[273][0]), 8)  # type: ignore[attr-defined]
    assert strip
    body[where : where + 4] = struct.pack("<I", len(body) + 10_000)
    found = read_picture(bytes(body))
    assert [code.text for code in found.codes] == [f"{LINK}0"]
    assert [(fault.code, fault.page) for fault in found.faults] == [("page_damaged", 2)]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_scan_that_leads_nowhere_is_refused() -> None:
    body = bytearray(photos.file(photos.label("a"), "TIFF"))
    (entries,) = struct.unpack_from("<H", body, 8)
    struct.pack_into("<I", body, 10 + 12 * entries, len(body) + 1_000)  # where the next page is
    assert _refused(bytes(body)).code == "reading_damaged"


def test_reading_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_SECONDS", -1.0)
    found = read_picture(_sheet(1, 1, pages=3))
    assert len(found.codes) == 1
    assert [(fault.code, fault.page) for fault in found.faults] == [("time_over", 2)]


def test_a_hurried_reading_tries_one_way_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_SECONDS", -1.0)
    photo = photos.blurred(photos.table((photos.label(SAMPLES["qr"]), (200, 250))), 2.1)
    assert _texts(photos.file(photo)) == []


def test_more_codes_than_are_told_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CODES", 3)
    found = read_picture(_sheet(1, 2, pages=5))
    assert [code.text[-1] for code in found.codes] == ["0", "1", "2"]
    assert [(fault.code, fault.page) for fault in found.faults] == [("codes_left_out", 2)]


def test_a_page_with_as_many_codes_as_the_decoder_tells_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_ON_PAGE", 2)
    found = read_picture(_sheet(1, 2))
    assert [(fault.code, fault.page) for fault in found.faults] == [("codes_left_out", 1)]


def test_a_third_picture_waits_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LONGEST_WAIT", 0.01)
    with reading._AT_ONCE, reading._AT_ONCE:
        assert _refused(_sheet(1, 1)).code == "reading_busy"
    assert _texts(_sheet(1, 1)) == [f"{LINK}000000"]


_BODIES = {
    form: photos.file(photos.label(SAMPLES["qr"]), form)
    for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")
} | {"PDF": _sheet(1, 1)}
_CHANGES = st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 255)), min_size=1, max_size=8)


@settings(max_examples=150)
@given(st.sampled_from(list(_BODIES)), _CHANGES, st.integers(0, 2**31))
def test_no_change_of_bytes_brings_another_error(
    form: str, changes: list[tuple[int, int]], lost: int
) -> None:
    body = _BODIES[form]
    changed = bytearray(body)
    for place, value in changes:
        changed[place % len(body)] = value
    with suppress(CannotRead), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow tells the log of broken EXIF and the like
        read_picture(bytes(changed[: len(body) - lost % (len(body) // 2)]))
