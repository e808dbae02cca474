"""Draw parts of a label as dots, for printers that have no Chinese font.

Owns: texts and pictures as bitmaps of a printer's dots.
Does not own: how bitmaps travel (zpl, tspl).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from suyuan.core.carriers.sizing import dots_per_mm
from suyuan.core.labels.design import (
    MM_PER_PT,
    BoxElement,
    Design,
    Element,
    LineElement,
    PictureElement,
    TextElement,
)
from suyuan.core.labels.fields import LabelData
from suyuan.core.labels.fill import Filler
from suyuan.core.labels.fonts import Typeface
from suyuan.core.labels.pictures import black_and_white, open_picture, placed
from suyuan.core.labels.setting import Setting

_BOLD: Final = 0.04  # of the type size: how far apart a bold face is drawn twice
_INK: Final = 110  # of 255: what is darker becomes a dot; thin strokes survive, counters stay open


class Dots:
    """Draws at one resolution."""

    def __init__(self, dpi: int, typeface: Typeface) -> None:
        """Keep both."""
        self.dpi, self.typeface = dpi, typeface
        self._per_mm = dots_per_mm(dpi)

    def of(self, mm: float) -> int:
        """Return a position in dots."""
        return round(mm * self._per_mm)

    def length(self, mm: float) -> int:
        """Return a length in dots, at least one."""
        return max(self.of(mm), 1)

    def canvas(self, width_mm: float, height_mm: float) -> Image.Image:
        """Return an empty picture of a label: mode `1`, white."""
        return Image.new("1", (self.length(width_mm), self.length(height_mm)), 1)

    def text(self, canvas: Image.Image, element: TextElement, setting: Setting) -> None:
        """Draw a text where it stands."""
        pixels = setting.size_pt * MM_PER_PT * self._per_mm
        # Grey first: a threshold of our own keeps thin strokes that Pillow's 1-bit mode loses.
        grey = Image.new("L", canvas.size, 255)
        draw = ImageDraw.Draw(grey)
        twice = max(round(pixels * _BOLD), 1) if element.bold else 0
        for at, (offset, _, line) in enumerate(setting.lines):
            x = (element.x + offset) * self._per_mm
            y = round((element.y + setting.baseline(at)) * self._per_mm)
            for face, piece in self.typeface.runs(line):
                font = _pillow_font(*self._file(face), round(pixels, 1))
                for shift in {0, twice}:
                    draw.text((x + shift, y), piece, fill=0, font=font, anchor="ls")
                x += sum(self.typeface.place(c)[1] for c in piece) * pixels / 1000
        black = grey.point([0 if value < 255 - _INK else 1 for value in range(256)], "1")
        canvas.paste(0, mask=black.point([1 if not v else 0 for v in range(256)]))

    def picture(
        self, canvas: Image.Image, element: PictureElement, pictures: Mapping[str, bytes]
    ) -> None:
        """Draw a picture in black and white."""
        picture = open_picture(element, pictures, self.dpi)
        width, height, left, top = placed(element, picture.size)
        flat = black_and_white(picture, (self.length(width), self.length(height)))
        canvas.paste(flat, (self.of(left), self.of(top)))

    def _file(self, face: int) -> tuple[str, int]:
        found = self.typeface.faces[face]
        return found.path, found.index


def draw_shared(
    dots: Dots,
    design: Design,
    elements: Iterable[Element],
    filler: Filler,
    pictures: Mapping[str, bytes],
) -> Image.Image:
    """Return a picture of elements that are the same on every label."""
    canvas = dots.canvas(design.width_mm, design.height_mm)
    draw = ImageDraw.Draw(canvas)
    for element in elements:
        match element:
            case TextElement():
                text = filler.text(element, LabelData())
                dots.text(canvas, element, filler.setting(element, text))
            case PictureElement():
                dots.picture(canvas, element, pictures)
            case LineElement() | BoxElement():
                for box in bars_of(element, dots):
                    draw.rectangle(_corners(box), fill=0)
            case _:
                continue
    return canvas


def bars_of(element: LineElement | BoxElement, dots: Dots) -> list[tuple[int, int, int, int]]:
    """Return the black rectangles that make a line or a box: left, top, width, height in dots."""
    x, y = dots.of(element.x), dots.of(element.y)
    thick = dots.length(element.thickness_mm)
    if isinstance(element, LineElement):
        length = dots.length(element.length_mm)
        return [(x, y, thick, length) if element.vertical else (x, y, length, thick)]
    wide, high = dots.length(element.width_mm), dots.length(element.height_mm)
    if element.filled or 2 * thick >= min(wide, high):
        return [(x, y, wide, high)]
    return [
        (x, y, wide, thick),
        (x, y + high - thick, wide, thick),
        (x, y, thick, high),
        (x + wide - thick, y, thick, high),
    ]


def trimmed(canvas: Image.Image) -> tuple[Image.Image, int, int] | None:
    """Return the part that has dots, with its left and top; None where there is none."""
    box = canvas.convert("L").point([255 - value for value in range(256)]).getbbox()
    return (canvas.crop(box), box[0], box[1]) if box else None


def _corners(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    x, y, wide, high = box
    return x, y, x + wide - 1, y + high - 1


@lru_cache(maxsize=64)
def _pillow_font(path: str, index: int, pixels: float) -> ImageFont.FreeTypeFont:
    # Ligatures and kerning would part from the widths that lines were broken by.
    return ImageFont.truetype(path, max(pixels, 1), index, layout_engine=ImageFont.Layout.BASIC)
