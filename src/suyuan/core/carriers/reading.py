"""Read codes back from a picture, a photo or the pages of a PDF.

Owns: `read_picture`, the shape of its answer, how long it may take.
Does not own: opening files (`opening`), looking for codes (`seeking`), whose they are.

    reading = read_picture(body)
    [code.text for code in reading.codes]      # in reading order, page by page
    [fault.code for fault in reading.faults]   # what was left out, and where
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

from suyuan.core.carriers.opening import MOST_PAGES, CannotRead, Sheet, opened
from suyuan.core.carriers.seeking import MOST_ON_PAGE, Corner, seek

__all__ = ["CannotRead", "Fault", "FoundCode", "Page", "Reading", "read_picture"]

MOST_CODES: Final = 1_000
LONGEST_SECONDS: Final = 20.0
# Pictures cost memory and whole cores: more at once would only make each other wait.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_LONGEST_WAIT: Final = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code that was read.

    Attributes:
        text: what it says; AI elements with brackets, `(01)09521234000013(21)7K3M`.
        symbology: `qr`, `micro_qr`, `rmqr`, `datamatrix`, `aztec`, `pdf417`, `code_128`, `ean_13`,
            `ean_8`, `upc_a`, `upc_e`, `itf_14`, `databar` or `other`.
        is_gs1: whether it says itself (FNC1) that AI elements are in it.
        position: its corners in its page's pixels, clockwise from its own upper left.
        page: 1 and up.
    """

    text: str
    symbology: str
    is_gs1: bool
    position: tuple[Corner, Corner, Corner, Corner]
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was looked at.

    Attributes:
        number: 1 and up.
        width: pixels, to which positions refer; height likewise.
        preview: a small JPEG of it, empty unless one was asked for.
    """

    number: int
    width: int
    height: int
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class Fault:
    """What was left out.

    Attributes:
        code: `page_damaged`, `pages_left_out`, `codes_left_out` or `time_over`.
        page: where; for what was left out the first page of it.
    """

    code: str
    page: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What is on a file's pages."""

    codes: tuple[FoundCode, ...]
    pages: tuple[Page, ...]
    page_count: int
    faults: tuple[Fault, ...]


def read_picture(body: bytes, *, first_page: int = 1, preview: int = 0) -> Reading:
    """Return the codes on a picture (PNG, JPEG, WebP, GIF, TIFF, BMP, AVIF) or in a PDF.

    Args:
        body: the file, at most 20 MB and 60 million pixels.
        first_page: of several, where to begin; 20 are read in one go.
        preview: longest side of each page's preview in pixels; 0 makes none.

    Raises:
        CannotRead: the file is refused whole; see there.
    """
    if not _AT_ONCE.acquire(timeout=_LONGEST_WAIT):
        raise CannotRead("reading_busy")
    try:
        return _read(body, first_page, preview)
    finally:
        _AT_ONCE.release()


def _read(body: bytes, first_page: int, preview: int) -> Reading:
    ends = time.monotonic() + LONGEST_SECONDS
    codes: list[FoundCode] = []
    pages: list[Page] = []
    faults: list[Fault] = []
    with opened(body, first=first_page, preview=preview) as file:
        for sheet in file.sheets:
            if sheet.grey is None:
                faults.append(Fault("page_damaged", sheet.number))
                continue
            pages.append(Page(sheet.number, *sheet.grey.size, sheet.preview))
            codes += _codes_on(sheet, ends, faults)
            if len(codes) > MOST_CODES:
                faults.append(Fault("codes_left_out", sheet.number))
                break
            if time.monotonic() > ends and sheet.number < file.pages:
                faults.append(Fault("time_over", sheet.number + 1))
                break
        else:
            if (left := first_page + MOST_PAGES) <= file.pages:
                faults.append(Fault("pages_left_out", left))
        return Reading(tuple(codes[:MOST_CODES]), tuple(pages), file.pages, tuple(faults))


def _codes_on(sheet: Sheet, ends: float, faults: list[Fault]) -> list[FoundCode]:
    assert sheet.grey is not None  # noqa: S101 - asked before
    spotted = seek(sheet.grey, photo=sheet.photo, hurried=lambda: time.monotonic() > ends)
    if len(spotted) >= MOST_ON_PAGE:
        faults.append(Fault("codes_left_out", sheet.number))
    return [
        FoundCode(one.text, one.symbology, one.is_gs1, one.corners, sheet.number) for one in spotted
    ]
