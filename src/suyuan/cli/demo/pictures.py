"""What a camera would show, drawn: the brand does not exist, so nobody could photograph its goods.

Owns: one drawing for each shape of pack, one of a complaint's powder, one of a laboratory's plates.
Invariant: the same shape gives the same picture; no fonts of the machine are used.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_SIDE: Final = 1200  # drawn large and reduced: smooth edges
_SHOWN: Final = 720

type _Colour = tuple[int, int, int]

_PAPER: Final = (244, 241, 234)
_INK: Final = (38, 52, 46)
_MEADOW: Final = (63, 122, 88)
_LIGHT: Final = (143, 183, 132)
_GOLD: Final = (196, 152, 74)
_HONEY: Final = (214, 142, 36)
_CLAY: Final = (120, 62, 44)
_MILK: Final = (250, 249, 245)
_STEEL: Final = (205, 208, 206)
_SKY: Final = (121, 164, 190)


def pack_shot(shape: str) -> bytes:
    """Return a PNG of 720 by 720 pixels."""
    picture = Image.new("RGB", (_SIDE, _SIDE), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((230, 1010, 970, 1110), fill=(226, 221, 210))
    _SHAPES[shape](pen)
    small = picture.resize((_SHOWN, _SHOWN), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG")
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _words(pen: ImageDraw.ImageDraw, y: int, text: str, size: int, fill: _Colour) -> None:
    pen.text((_SIDE / 2, y), text, font=_font(size), fill=fill, anchor="mm")


def _hills(pen: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    """Draw the brand's mark: two hills, a sun, and a path."""
    middle = (left + right) // 2
    radius = (right - left) // 9
    pen.ellipse((middle + radius, top, middle + 3 * radius, top + 2 * radius), fill=_GOLD)
    pen.polygon(
        [(left, bottom), ((left + middle) // 2, top + radius), (middle + radius, bottom)],
        fill=_LIGHT,
    )
    pen.polygon(
        [(middle - 2 * radius, bottom), ((right + middle) // 2, top + 2 * radius), (right, bottom)],
        fill=_MEADOW,
    )
    pen.line(
        [(middle - radius, bottom), (middle + radius // 2, bottom - radius)], fill=_PAPER, width=10
    )


def _tin_of(
    pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], stage: str, band: _Colour
) -> None:
    left, top, right, bottom = box
    lip = 46
    pen.ellipse((left, bottom - lip, right, bottom + lip), fill=_STEEL)
    pen.rectangle((left, top, right, bottom), fill=_MILK)
    pen.ellipse((left, bottom - lip - 14, right, bottom + lip - 14), fill=_MILK)
    pen.rectangle((left, top + 300, right, top + 410), fill=band)
    pen.rectangle((right - 60, top, right, bottom), fill=(232, 231, 226))
    pen.ellipse((left - 8, top - lip - 30, right + 8, top + lip + 6), fill=_STEEL)
    pen.ellipse((left + 10, top - lip - 20, right - 10, top + lip - 14), fill=(228, 230, 228))
    _hills(pen, 420, top + 110, 780, top + 270)
    _words(pen, top + 355, "MUYEYUAN", 74, _MILK)
    _words(pen, top + 490, "FIRST MEADOW", 46, _INK)
    pen.ellipse((510, top + 545, 690, top + 725), fill=band)
    _words(pen, top + 635, stage, 120, _MILK)


def _tin(pen: ImageDraw.ImageDraw) -> None:
    _tin_of(pen, (290, 220, 910, 1050), "1", _MEADOW)


def _small_tin(pen: ImageDraw.ImageDraw) -> None:
    _tin_of(pen, (330, 280, 870, 1050), "2", _SKY)


def _bottle(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((540, 90, 660, 190), 20, fill=_GOLD)
    pen.rectangle((555, 190, 645, 330), fill=_CLAY)
    pen.ellipse((390, 290, 810, 700), fill=_CLAY)
    pen.rounded_rectangle((390, 480, 810, 1060), 60, fill=_CLAY)
    pen.rectangle((440, 560, 760, 940), fill=_MILK)
    _hills(pen, 490, 590, 710, 700)
    _words(pen, 750, "MUYEYUAN", 54, _CLAY)
    _words(pen, 830, "20", 96, _GOLD)
    _words(pen, 900, "PLATEAU", 40, _INK)


def _cup(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon([(350, 320), (850, 320), (780, 1050), (420, 1050)], fill=_MILK)
    pen.polygon([(366, 480), (834, 480), (800, 830), (400, 830)], fill=_SKY)
    pen.ellipse((330, 270, 870, 370), fill=_STEEL)
    pen.ellipse((350, 280, 850, 350), fill=_MILK)
    _hills(pen, 480, 500, 720, 610)
    _words(pen, 680, "MUYEYUAN", 62, _MILK)
    _words(pen, 765, "SLOW-SET", 48, _MILK)
    _words(pen, 920, "180 g", 48, _INK)


def _jar(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((400, 200, 800, 330), 24, fill=_GOLD)
    pen.rounded_rectangle((330, 320, 870, 1060), 110, fill=_HONEY)
    pen.rounded_rectangle((372, 370, 430, 980), 28, fill=(232, 173, 84))
    pen.rectangle((330, 540, 870, 890), fill=_MILK)
    _hills(pen, 480, 565, 720, 670)
    _words(pen, 730, "MUYEYUAN", 66, _INK)
    _words(pen, 810, "ACACIA HONEY", 46, _HONEY)
    _words(pen, 860, "500 g", 36, _INK)


def lumps(seed: int) -> bytes:
    """Return a JPEG of an open tin from above: powder with lumps in it."""
    chance = Random(seed)  # noqa: S311 - a drawing, not a secret
    picture = Image.new("RGB", (_SIDE, _SIDE), (151, 134, 112))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((120, 120, 1080, 1080), fill=_STEEL)
    pen.ellipse((160, 160, 1040, 1040), fill=(243, 229, 190))
    for _ in range(900):
        x, y = chance.gauss(600, 190), chance.gauss(600, 190)
        if (x - 600) ** 2 + (y - 600) ** 2 < 420**2:
            tone = chance.randrange(215, 240)
            pen.ellipse((x - 7, y - 5, x + 7, y + 5), fill=(tone, tone - 18, tone - 62))
    for _ in range(24):
        x, y, size = chance.gauss(600, 150), chance.gauss(620, 150), chance.randrange(16, 46)
        pen.ellipse((x - size, y - size, x + size, y + size * 0.8), fill=(198, 170, 106))
        pen.ellipse((x - size, y - size, x + size * 0.6, y + size * 0.3), fill=(222, 199, 142))
    out = BytesIO()
    picture.resize((900, 900), Image.Resampling.LANCZOS).save(out, "JPEG", quality=82)
    return out.getvalue()


def plates(words: str) -> bytes:
    """Return a PNG of three dishes of a laboratory, one with something growing in it."""
    chance = Random(words)  # noqa: S311 - a drawing, not a secret
    picture = Image.new("RGB", (1200, 560), (232, 233, 230))
    pen = ImageDraw.Draw(picture)
    for place, left in enumerate((60, 440, 820)):
        pen.ellipse((left, 90, left + 320, 410), fill=(206, 211, 208))
        pen.ellipse((left + 12, 102, left + 308, 398), fill=(238, 226, 196))
        for _ in range(34 if place == 1 else 0):
            x, y = chance.gauss(left + 160, 62), chance.gauss(250, 62)
            size = chance.randrange(3, 10)
            pen.ellipse((x - size, y - size, x + size, y + size), fill=(116, 150, 118))
        pen.text((left + 160, 450), f"{place + 1}/3", font=_font(30), fill=_INK, anchor="mm")
    pen.text((600, 515), words, font=_font(26), fill=_INK, anchor="mm")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


_SHAPES: Final[dict[str, Callable[[ImageDraw.ImageDraw], None]]] = {
    "tin": _tin,
    "small_tin": _small_tin,
    "bottle": _bottle,
    "cup": _cup,
    "jar": _jar,
}
