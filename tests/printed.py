"""Labels as a printer would put them on paper, from what was sent to it.

A reading of the printer languages of its own: it shares nothing with what writes them but the
symbols that an encoder draws and what an element string is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

FNC1 = "\x1d"
_BARS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232
""".split()
_STOP = "2331112"
SET_B, SET_C, VALUE_FNC1, TO_B, TO_C = 104, 105, 102, 100, 99


@dataclass
class Code:
    """A code that the printer draws: its text as a scanner says it, its dots a module."""

    symbology: str
    text: str
    x: int
    y: int
    dots: int
    level: str = ""
    height: int = 0
    values: list[int] = field(default_factory=list)  # of Code 128, without check and stop


@dataclass
class Words:
    """A text that the printer sets in its own font."""

    text: str
    x: int
    y: int
    height: int


@dataclass
class Label:
    """What comes out between two cuts."""

    width: int = 0
    height: int = 0
    codes: list[Code] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    pictures: list[tuple[int, int, Image.Image]] = field(default_factory=list)
    bars: list[tuple[int, int, int, int]] = field(default_factory=list)
    tag: str = ""
    copies: int = 1

    def paint(self) -> Image.Image:
        """Return the label as a picture, one pixel a dot."""
        paper = Image.new("L", (self.width, self.height), 255)
        draw = ImageDraw.Draw(paper)
        for x, y, picture in self.pictures:
            black = picture.convert("L").point([255 - value for value in range(256)])
            paper.paste(0, (x, y), black)
        for x, y, wide, high in self.bars:
            draw.rectangle((x, y, x + wide - 1, y + high - 1), fill=0)
        for words in self.words:
            draw.text((words.x, words.y), words.text, fill=0, font_size=max(words.height, 4))
        for code in self.codes:
            paper.paste(_drawn(code), (code.x, code.y))
        return paper

    def read(self) -> list[str]:
        """Return what a scanner reads off the paper."""
        # A scanner's frame is wider than the label: what ends at the label's edge has quiet there.
        found = zxingcpp.read_barcodes(np.pad(np.asarray(self.paint()), 40, constant_values=255))
        return sorted(code.text for code in found)


def text_of_values(values: list[int]) -> str:
    """Return what Code 128 values say, the first of them the start."""
    pairs = values[0] == SET_C
    text = ""
    for value in values[1:]:
        if value == VALUE_FNC1:
            text += FNC1
        elif value == (TO_B if pairs else TO_C):
            pairs = not pairs
        elif pairs:
            assert value < 100
            text += f"{value:02}"
        else:
            assert value < 95
            text += chr(value + 32)
    return text


def _drawn(code: Code) -> Image.Image:
    if code.values:
        return _bars(code)
    options: dict[str, object] = {"ec_level": code.level} if code.symbology == "qr" else {}
    forms = {"qr": zxingcpp.BarcodeFormat.QRCode, "datamatrix": zxingcpp.BarcodeFormat.DataMatrix}
    text = code.text
    if text.startswith(FNC1):
        options["gs1"] = True
        text = "".join(f"[{ai}]{value}" for ai, value in _split(text))
    if code.symbology == "datamatrix":
        options["force_square"] = True
    drawn = zxingcpp.create_barcode(text, forms[code.symbology], **options)
    picture = np.asarray(drawn.to_image(scale=1, add_quiet_zones=False))
    return Image.fromarray(np.kron(picture, np.ones((code.dots, code.dots), np.uint8)))


def _split(text: str) -> list[tuple[str, str]]:
    """Split elements as a scanner's software does, knowing which have a fixed length."""
    fixed = {"00": 18, "01": 14, "17": 6}
    pairs, rest = [], text[1:]
    while rest:
        ai, rest = rest[:2], rest[2:]
        if ai in fixed:
            value, rest = rest[: fixed[ai]], rest[fixed[ai] :]
        else:
            value, _, rest = rest.partition(FNC1)
        pairs.append((ai, value))
    return pairs


def _bars(code: Code) -> Image.Image:
    check = (code.values[0] + sum(i * v for i, v in enumerate(code.values[1:], 1))) % 103
    widths = "".join(_BARS[value] for value in [*code.values, check]) + _STOP
    row = np.repeat(
        np.array([0 if i % 2 == 0 else 255 for i in range(len(widths))], np.uint8),
        [int(width) * code.dots for width in widths],
    )
    return Image.fromarray(np.tile(row, (code.height, 1)))
