"""Codes as a scanner sees them, for tests of whatever draws codes.

Owns: decoding pictures and the pages of a PDF with the decoder alone, so that a fault in the
product's own reading cannot hide one in its drawing. Does not own: `suyuan.core.carriers.reading`.

A code's text is what it says in the form people write: a plain code as it stands, a GS1 code
(DataMatrix with FNC1, GS1-128) as `(01)09521234000013(21)7K3M`. Texts come in reading order: row
by row from the top, each from the left.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import zxingcpp
from PIL import Image


@dataclass(frozen=True, slots=True)
class Seen:
    """One code on a picture.

    Attributes:
        symbology: the symbology identifier without modifier: `]Q`, `]d`, `]C`.
        gs1: whether it says that AI elements are in it.
        box: left, top, right, bottom in pixels, without the quiet zone.
    """

    text: str
    symbology: str
    gs1: bool
    box: tuple[int, int, int, int]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> int:
        return max(self.box[3] - self.box[1], 1)


def seen_on(picture: Image.Image) -> list[Seen]:
    """Return the codes of a picture, in reading order."""
    found = zxingcpp.read_barcodes(np.asarray(picture.convert("L")))
    return _in_reading_order(_seen(code) for code in found)


def codes_on_png(png: bytes) -> list[str]:
    """Return the texts of a picture's codes; any format that Pillow opens."""
    with Image.open(io.BytesIO(png)) as picture:
        return [one.text for one in seen_on(picture)]


def codes_on_pdf(pdf: bytes, *, dpi: int = 300) -> list[list[str]]:
    """Return the texts of each page's codes, rendered at `dpi`."""
    return [[one.text for one in seen_on(page)] for page in pages_of(pdf, dpi=dpi)]


def pages_of(pdf: bytes, *, dpi: int = 300) -> Iterator[Image.Image]:
    """Render page by page, so that ten thousand labels need the memory of one page."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        for number in range(len(document)):
            with closing(document[number]) as page:
                with closing(page.render(scale=dpi / 72, grayscale=True)) as bitmap:
                    picture = bitmap.to_pil().copy()
                yield picture


def _seen(code: Any) -> Seen:
    corners = [
        getattr(code.position, corner)
        for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
    ]
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    gs1 = code.content_type == zxingcpp.ContentType.GS1
    return Seen(
        text=code.text if gs1 else code.bytes.decode("utf-8"),
        symbology=code.symbology_identifier[:2],
        gs1=gs1,
        box=(min(xs), min(ys), max(xs), max(ys)),
    )


def _in_reading_order(codes: Iterable[Seen]) -> list[Seen]:
    rows: list[list[Seen]] = []
    for code in sorted(codes, key=lambda one: one.middle):
        # A row's codes differ in height by their texts' length; half of one still tells rows apart.
        if rows and code.middle - rows[-1][0].middle < min(code.height, rows[-1][0].height) / 2:
            rows[-1].append(code)
        else:
            rows.append([code])
    return [code for row in rows for code in sorted(row, key=lambda one: one.box[0])]
