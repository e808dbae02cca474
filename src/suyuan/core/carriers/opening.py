"""Turn a file into pages of grey pixels: pictures by Pillow, PDF by PDFium.

Owns: which files are opened, what they may cost, what is refused and by which code.
Does not own: looking for codes (`seeking`).
Invariant: a file's own word for its size is checked before a pixel of it is made; a name or a
sender's word for its type counts for nothing.
"""

from __future__ import annotations

import io
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import ceil, sqrt
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pypdfium2 as pdfium
from PIL import ExifTags, Image, UnidentifiedImageError

MOST_BYTES: Final = 20 * 2**20
MOST_PIXELS: Final = 60_000_000
"""What a picture may have. Phones take 12 to 50 million; a page at 600 dpi has 35 million."""
MOST_PAGES: Final = 20
"""Pages read in one go; `first` goes on from there."""
WORKING_PIXELS: Final = 16_000_000
"""Larger pictures are made smaller: lenses resolve no more, and memory stays flat."""

_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
_PDF_MARK: Final = b"%PDF-"
_PDF_HEAD: Final = 1024  # readers let this much stand before the mark
_PDF_DPI: Final = 300
_PDF_POINTS: Final = 72
_NEEDS_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD
_ENCRYPTED: Final = b"/Encrypt"
_PREVIEW_QUALITY: Final = 80
# What Pillow's decoders raise for a file that is cut short or made to harm.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)
# Where a camera's upper edge lies (EXIF 2.3, tag 274), and how to put it upright.
_TURNS: Final = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)
# PDFium is not made for threads; the server has several.
_PDFIUM: Final = threading.Lock()


class CannotRead(ValueError):
    """A file was refused whole.

    Attributes:
        code: stable refusal code: ``reading_empty``, ``reading_bytes``, ``reading_type``,
            ``reading_damaged``, ``reading_pixels``, ``reading_password``, ``reading_page``,
            ``reading_busy``.
        data: the limit that was passed, if any.
    """

    def __init__(self, code: str, **data: object) -> None:
        """Keep `code` and `data`."""
        self.code = code
        self.data = data
        super().__init__(code, data)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a file, or one picture.

    Attributes:
        number: 1 and up.
        grey: the pixels, mode L; None where the page itself is damaged.
        photo: whether a camera or scanner made it; a PDF's page is drawn sharp here.
        preview: a small JPEG of it, empty unless one was asked for.
    """

    number: int
    grey: Image.Image | None
    photo: bool
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's pages, made one at a time as they are asked for."""

    pages: int
    sheets: Iterator[Sheet]


@contextmanager
def opened(body: bytes, *, first: int = 1, preview: int = 0) -> Iterator[Opened]:
    """Open a file for as long as the block lasts.

    Args:
        body: the file.
        first: the page to begin with; at most 20 are made.
        preview: longest side of the pages' previews in pixels; 0 makes none.

    Raises:
        CannotRead: the file is refused whole.
    """
    if not body:
        raise CannotRead("reading_empty")
    if len(body) > MOST_BYTES:
        raise CannotRead("reading_bytes", limit_mb=MOST_BYTES // 2**20)
    open_ = _open_pdf if _PDF_MARK in body[:_PDF_HEAD] else _open_picture
    with open_(body, first, preview) as file:
        yield file


@contextmanager
def _open_picture(body: bytes, first: int, preview: int) -> Iterator[Opened]:
    try:
        image = Image.open(io.BytesIO(body), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise CannotRead("reading_type") from error
    except _BROKEN as error:
        raise _damaged() from error
    with image:
        pages = _frames(image)
        _check_first(first, pages)
        yield Opened(pages, _frame_sheets(image, pages, first, preview))


def _frames(image: Image.Image) -> int:
    """Return the pages of a TIFF; what moves shows its first picture."""
    try:
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    except _BROKEN as error:
        raise _damaged() from error


def _frame_sheets(image: Image.Image, pages: int, first: int, preview: int) -> Iterator[Sheet]:
    for number in range(first, min(pages, first + MOST_PAGES - 1) + 1):
        try:
            picture = _frame(image, number, pages)
        except CannotRead as refusal:
            if pages == 1 or refusal.code != "reading_damaged":
                raise
            yield Sheet(number, None, photo=True)
        else:
            yield _sheet(picture, number, preview, photo=True)


def _frame(image: Image.Image, number: int, pages: int) -> Image.Image:
    try:
        if pages > 1:
            image.seek(number - 1)
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise _too_many_pixels()
        return _pixels(image)
    except CannotRead:
        raise
    except _BROKEN as error:
        raise _damaged() from error


def _pixels(image: Image.Image) -> Image.Image:
    """Return an upright picture of at most the working size, L or RGB, on white."""
    times = _times_too_large(*image.size)
    # A JPEG comes out smaller for less memory and time; it takes the next larger of its scales.
    image.draft("RGB", (image.width // times, image.height // times))
    image.load()
    plain = _plain(image)
    times = _times_too_large(*plain.size)
    small = plain.reduce(times) if times > 1 else plain
    if small.has_transparency_data:
        white = Image.new("RGBA", small.size, "white")
        white.alpha_composite(small.convert("RGBA"))
        small = white.convert("RGB")
    orientation = image.getexif().get(ExifTags.Base.Orientation)
    turn = _TURNS.get(orientation) if orientation else None
    return small if turn is None else small.transpose(turn)


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels in a mode that can be made smaller: L, RGB, RGBA or LA."""
    if image.mode in {"L", "RGB", "RGBA", "LA"} and "transparency" not in image.info:
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        grey = (values - low) / (high - low or 1) * 255
        return Image.fromarray(np.nan_to_num(grey).astype(np.uint8))
    return image.convert("L" if image.mode == "1" else "RGB")


@contextmanager
def _open_pdf(body: bytes, first: int, preview: int) -> Iterator[Opened]:
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(body)
        except pdfium.PdfiumError as error:
            # PDFium keeps its last error: after a locked file a broken one may be called so, too.
            locked = error.err_code == _NEEDS_PASSWORD and _ENCRYPTED in body
            raise CannotRead("reading_password" if locked else "reading_damaged") from error
    try:
        with _PDFIUM:
            pages = len(document)
        _check_first(first, pages)
        yield Opened(pages, _pdf_sheets(document, pages, first, preview))
    finally:
        with _PDFIUM:
            document.close()


def _pdf_sheets(document: Any, pages: int, first: int, preview: int) -> Iterator[Sheet]:
    for number in range(first, min(pages, first + MOST_PAGES - 1) + 1):
        try:
            with _PDFIUM, closing(document[number - 1]) as page:
                grey = _rendered(page)
        except (pdfium.PdfiumError, ValueError, MemoryError):
            yield Sheet(number, None, photo=False)
        else:
            yield _sheet(grey, number, preview, photo=False)


def _rendered(page: Any) -> Image.Image:
    """Draw a page at 300 dpi, or as large as the working size lets it."""
    width, height = page.get_size()
    scale = _PDF_DPI / _PDF_POINTS
    scale = min(scale, sqrt(WORKING_PIXELS / max(width * height, 1)))
    with closing(page.render(scale=scale, grayscale=True)) as bitmap:
        picture: Image.Image = bitmap.to_pil().convert("L").copy()
    return picture


def _sheet(picture: Image.Image, number: int, preview: int, *, photo: bool) -> Sheet:
    small = b""
    if preview:
        shown = picture.copy()
        shown.thumbnail((preview, preview), reducing_gap=2.0)
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=_PREVIEW_QUALITY)
        small = out.getvalue()
    return Sheet(number, picture.convert("L"), photo, small)


def _times_too_large(width: int, height: int) -> int:
    return max(ceil(sqrt(width * height / WORKING_PIXELS)), 1)


def _check_first(first: int, pages: int) -> None:
    if not 1 <= first <= pages:
        raise CannotRead("reading_page", pages=pages)


def _too_many_pixels() -> CannotRead:
    return CannotRead("reading_pixels", limit_megapixels=MOST_PIXELS // 1_000_000)


def _damaged() -> CannotRead:
    return CannotRead("reading_damaged")
