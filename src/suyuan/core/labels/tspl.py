"""Labels for printers that speak TSPL (TSC and the many that follow it).

Owns: the layer that is the same on every label, commands of each label, escapes.
Does not own: sending it anywhere (printing), division of the design (printers), bitmaps (raster).
Source: TSC, TSPL/TSPL2 Programming (DOWNLOAD, PUTBMP, QRCODE, DMATRIX, BARCODE, TEXT, BITMAP).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Final, assert_never

from PIL import Image

from suyuan.core.labels import code128
from suyuan.core.labels.design import (
    LINE_HEIGHT,
    MM_PER_PT,
    CodeElement,
    Design,
    Paper,
    Roll,
    TextElement,
)
from suyuan.core.labels.fields import JobData, LabelData
from suyuan.core.labels.fill import Filler, layers
from suyuan.core.labels.fonts import load
from suyuan.core.labels.pdf_file import number
from suyuan.core.labels.printers import Fitter, divided, own_text
from suyuan.core.labels.raster import Dots, draw_shared, trimmed

_FILE: Final = "SUYUAN.BMP"
# TEXT's alignment: the position is the text's left end, middle or right end.
_ALIGN: Final = {"left": 1, "center": 2, "right": 3}
_SHARE: Final = {"left": 0.0, "center": 0.5, "right": 1.0}
# Code 128 values by which ^128M^ is told what to begin with and change to.
_START: Final = {True: "!105", False: "!104"}
_CHANGE: Final = {True: "!099", False: "!100"}
_FNC1: Final = "!102"
_ESCAPE: Final = "~"  # of DMATRIX: ~1 is FNC1, ~~ itself


def write_tspl(
    design: Design,
    labels: Iterable[LabelData],
    *,
    dpi: int,
    sheet: Paper | None = None,
    job: JobData | None = None,
    pictures: Mapping[str, bytes] | None = None,
    font: str = "",
    copies: int = 1,
) -> Iterator[bytes]:
    """Yield what is sent: one piece for each row of labels, and one that tidies up.

    Args:
        design: what each label looks like.
        labels: their values; taken as pieces are asked for.
        dpi: the printer's resolution: 203, 300 or 600.
        sheet: the roll; without it, or with a sheet, labels come one below the other.
        job: values that all labels share.
        pictures: files of the design's pictures, by SHA-256.
        font: path of a font to prefer for what the printer's own cannot set.
        copies: how often each label is printed.

    Raises:
        LabelFault: a font, picture or value is missing, or a code does not fit.
    """
    roll = sheet if isinstance(sheet, Roll) else Roll()
    writer = _Writer(design, job or JobData(), pictures or {}, Dots(dpi, load(font)), roll)
    ahead = writer.head()
    for row in batched(labels, roll.across):
        parts = [b"CLS\r\n", *(writer.label(at, label) for at, label in enumerate(row))]
        yield b"".join((ahead, *parts, b"PRINT 1,%d\r\n" % copies))
        ahead = b""
    yield b'KILL "%b"\r\n' % _FILE.encode()


class _Writer:
    """Writes the labels of one job."""

    def __init__(
        self,
        design: Design,
        job: JobData,
        pictures: Mapping[str, bytes],
        dots: Dots,
        roll: Roll,
    ) -> None:
        self._design = divided(design, job, dots.typeface)
        self._dots, self._roll = dots, roll
        self._filler = Filler(self._design, job, dots.typeface)
        self._fitter = Fitter(dots)
        found = layers(self._design)
        shared = [element for layer in found if layer.shared for element in layer.elements]
        self._own = [
            element
            for layer in found
            for element in layer.elements
            if not layer.shared and isinstance(element, CodeElement | TextElement)
        ]
        drawn = draw_shared(dots, self._design, shared, self._filler, pictures)
        self._shared = trimmed(drawn)

    def head(self) -> bytes:
        """Return what comes ahead of the first label."""
        roll = self._roll
        width, height = roll.size_mm(self._design.width_mm, self._design.height_mm)
        kind = "BLINE" if roll.media == "mark" else "GAP"
        gap = 0.0 if roll.media == "continuous" else roll.gap_mm
        lines = (
            f"SIZE {number(width)} mm,{number(height)} mm",
            f"{kind} {number(gap)} mm,0 mm",
            "DIRECTION 1",
            "REFERENCE 0,0",
            "CODEPAGE UTF-8",
        )
        head = "".join(f"{line}\r\n" for line in lines).encode()
        if self._shared is None:
            return head
        out = io.BytesIO()
        self._shared[0].save(out, "BMP")
        data = out.getvalue()
        return b'%bDOWNLOAD "%b",%d,%b\r\n' % (head, _FILE.encode(), len(data), data)

    def label(self, column: int, label: LabelData) -> bytes:
        """Return the commands of one label."""
        x, _ = self._roll.origin(column, self._design.width_mm)
        left = self._dots.of(x)
        parts: list[bytes] = []
        if self._shared is not None:
            _, shared_x, shared_y = self._shared
            parts.append(f'PUTBMP {left + shared_x},{shared_y},"{_FILE}"\r\n'.encode())
        for element in self._own:
            if isinstance(element, CodeElement):
                parts.append(self._code(element, self._filler.code(element, label), left))
            else:
                parts.append(self._text(element, self._filler.text(element, label), left))
        return b"".join(parts)

    def _code(self, element: CodeElement, text: str, left: int) -> bytes:
        fitted = self._fitter.fitted(element, text)
        x, y, dots = left + fitted.left, fitted.top, fitted.dots
        room = self._dots.of(element.size_mm)
        match element.symbology:
            case "qr":
                command = f"QRCODE {x},{y},{element.level},{dots},A,0,{_quoted(text)}"
            case "datamatrix":
                command = f"DMATRIX {x},{y},{room},{room},x{dots},{_quoted(text)}"
            case "gs1_datamatrix":
                data = code128.raw(text).replace(_ESCAPE, _ESCAPE * 2)
                data = _quoted(data.replace(code128.FNC1, f"{_ESCAPE}1"))
                command = f"DMATRIX {x},{y},{room},{room},c{ord(_ESCAPE)},x{dots},{data}"
            case "gs1_128":
                height = self._dots.length(element.height_mm)
                bars = _quoted(_code128(text))
                command = f'BARCODE {x},{y},"128M",{height},0,0,{dots},{dots},{bars}'
            case other:
                assert_never(other)
        return f"{command}\r\n".encode()

    def _text(self, element: TextElement, text: str, left: int) -> bytes:
        if not text:
            return b""
        setting = self._filler.setting(element, text)
        if not own_text(text):
            canvas = self._dots.canvas(self._design.width_mm, self._design.height_mm)
            self._dots.text(canvas, element, setting)
            return _bitmap(canvas, left)
        x = left + self._dots.of(element.x + element.width_mm * _SHARE[element.align])
        # Font 0 is scaled in points, the same to the right and down.
        size = max(round(setting.size_pt), 1)
        lines = []
        for at, (_, _, line) in enumerate(setting.lines):
            y = self._dots.of(element.y + at * LINE_HEIGHT * setting.size_pt * MM_PER_PT)
            align = _ALIGN[element.align]
            lines.append(f'TEXT {x},{y},"0",0,{size},{size},{align},{_quoted(line)}\r\n')
        return "".join(lines).encode()


def _quoted(text: str) -> str:
    """Return a text in quotation marks; one inside is written as TSPL wants it."""
    clean = "".join(c for c in text if c.isprintable())
    return '"' + clean.replace('"', r'\["]') + '"'


def _code128(text: str) -> str:
    pieces = code128.pieces_of(text)
    codes = [_START, *[_CHANGE] * (len(pieces) - 1)]
    # An exclamation mark of the data would begin a code value.
    return "".join(
        code[piece.pairs] + piece.text.replace("!", "!001").replace(code128.FNC1, _FNC1)
        for code, piece in zip(codes, pieces, strict=True)
    )


def _bitmap(canvas: Image.Image, left: int) -> bytes:
    """Return a bitmap command with the dots of a label; nothing where it has none."""
    found = trimmed(canvas)
    if found is None:
        return b""
    picture, x, y = found
    width = (picture.width + 7) // 8
    # Black is 0, as in Pillow; a row's last byte is filled up with white.
    padded = Image.new("1", (width * 8, picture.height), 1)
    padded.paste(picture, (0, 0))
    head = f"BITMAP {left + x},{y},{width},{picture.height},0,"
    return head.encode() + padded.tobytes() + b"\r\n"
