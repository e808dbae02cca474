"""Files made to harm, and files that are only broken: each is refused by name."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from suyuan.core.carriers import draw, formats, opening, reading, seeking
from suyuan.core.carriers.reading import CannotRead, Reading, read_picture
from tests import photos
from tests.photos import LINK, sheet
from tests.unit.carriers.test_symbols import SAMPLES


def _texts(body: bytes, **options: Any) -> list[str]:
    return [code.text for code in read_picture(body, **options).codes]


def _refused(body: bytes, **options: Any) -> CannotRead:
    with pytest.raises(CannotRead) as refusal:
        read_picture(body, **options)
    return refusal.value


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
    assert _refused(sheet(1, 1, encrypt=locked)).code == "reading_password"


def test_a_broken_pdf_is_not_called_locked_because_the_last_one_was() -> None:
    locked = pdfencrypt.StandardEncryption("secret", ownerPassword="owner", strength=128)
    assert _refused(sheet(1, 1, encrypt=locked)).code == "reading_password"
    assert _refused(_plain_pdf("", 0)).code == "reading_damaged"


def test_a_pdf_that_only_restricts_printing_is_read() -> None:
    open_to_all = pdfencrypt.StandardEncryption("", ownerPassword="owner", canPrint=0)
    assert _texts(sheet(1, 1, encrypt=open_to_all)) == [f"{LINK}000000"]


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
    found = read_picture(sheet(1, 1, pages=3))
    assert len(found.codes) == 1
    assert [(fault.code, fault.page) for fault in found.faults] == [("time_over", 2)]


def test_a_hurried_reading_tries_one_way_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_SECONDS", -1.0)
    photo = photos.blurred(photos.table((photos.label(SAMPLES["qr"]), (200, 250))), 2.1)
    assert _texts(photos.file(photo)) == []


def test_more_codes_than_are_told_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CODES", 3)
    found = read_picture(sheet(1, 2, pages=5))
    assert [code.text[-1] for code in found.codes] == ["0", "1", "2"]
    assert [(fault.code, fault.page) for fault in found.faults] == [("codes_left_out", 2)]


def test_a_page_with_as_many_codes_as_the_decoder_tells_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_ON_PAGE", 2)
    found = read_picture(sheet(1, 2))
    assert [(fault.code, fault.page) for fault in found.faults] == [("codes_left_out", 1)]


def test_a_third_picture_waits_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LONGEST_WAIT", 0.01)
    with reading._AT_ONCE, reading._AT_ONCE:
        assert _refused(sheet(1, 1)).code == "reading_busy"
    assert _texts(sheet(1, 1)) == [f"{LINK}000000"]


_BODIES = {
    form: photos.file(photos.label(SAMPLES["qr"]), form)
    for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")
} | {"PDF": sheet(1, 1)}
_REFUSALS = {
    *("reading_empty", "reading_type", "reading_damaged", "reading_pixels", "reading_password"),
    *("reading_page", "reading_busy"),
}
_FAULTS = {"page_damaged", "pages_left_out", "codes_left_out", "time_over"}
_CHANGES = st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 255)), min_size=1, max_size=8)


def _outcome(body: bytes) -> Reading | CannotRead:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow tells the log of broken EXIF and the like
        try:
            return read_picture(body)
        except CannotRead as refusal:
            return refusal


@settings(max_examples=150)
@given(st.sampled_from(list(_BODIES)), _CHANGES, st.integers(0, 2**31))
def test_a_file_with_changed_bytes_is_read_or_refused_by_name(
    form: str, changes: list[tuple[int, int]], lost: int
) -> None:
    body = _BODIES[form]
    changed = bytearray(body)
    for place, value in changes:
        changed[place % len(body)] = value
    found = _outcome(bytes(changed[: len(body) - lost % (len(body) // 2)]))
    if isinstance(found, CannotRead):
        assert found.code in _REFUSALS
    else:
        assert {fault.code for fault in found.faults} <= _FAULTS
        assert {code.page for code in found.codes} <= {page.number for page in found.pages}
