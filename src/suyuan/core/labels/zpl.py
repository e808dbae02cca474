"""Labels for printers that speak ZPL II.

Owns: formats kept in the printer, fields of each label, escapes, tags that are written as well.
Does not own: sending it anywhere (printing), division of the design (printers), bitmaps (raster).
Source: Zebra, ZPL II Programming Guide (^DF, ^XF, ^FN, ^FH, ^BQ, ^BX, ^BC, ^GF, ^RF).

What is the same on every label goes to the printer once, as a stored format with numbered fields;
a label is then the values of its fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Final, assert_never

from PIL import Image

from suyuan.core.labels import code128
from suyuan.core.labels.design import (
    LINE_HEIGHT,
    MM_PER_PT,
    BoxElement,
    CodeElement,
    Design,
    LineElement,
    Paper,
    Roll,
    TextElement,
)
from suyuan.core.labels.faults import DesignFault, Fault, LabelFault
from suyuan.core.labels.fields import JobData, LabelData
from suyuan.core.labels.fill import Filler, layers
from suyuan.core.labels.fonts import load
from suyuan.core.labels.printers import Fitted, Fitter, divided, own_text
from suyuan.core.labels.raster import Dots, bars_of, draw_shared, trimmed

_NAME: Final = "SUYUAN"
_ALIGN: Final = {"left": "L", "center": "C", "right": "R"}
_MEDIA: Final = {"gap": "^MNY", "mark": "^MNM", "continuous": "^MNN"}
_SPECIAL = re.compile("[\\x00-\\x1f^~_\\x7f]")
_REPEATED = re.compile(rb"([0-9A-F])\1+")
_PLAIN_TAG: Final = 24  # hex digits of a 96-bit EPC, which `^RFW,H` writes by itself
# A code set that Code 128 begins with, and changes to, within ^BC's data.
_START: Final = {True: ">;", False: ">:"}
_CHANGE: Final = {True: ">5", False: ">6"}

type _Shape = tuple[Fitted, ...]


def write_zpl(
    design: Design,
    labels: Iterable[LabelData],
    *,
    dpi: int,
    sheet: Paper | None = None,
    job: JobData | None = None,
    pictures: Mapping[str, bytes] | None = None,
    font: str = "",
    rfid: bool = False,
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
        rfid: whether each label's `epc` is written to its tag.
        copies: how often each label is printed.

    Raises:
        LabelFault: a font, picture or value is missing, or a code does not fit.
        DesignFault: `paper_rfid`: printers write one tag at a time.
    """
    roll = sheet if isinstance(sheet, Roll) else Roll()
    if rfid and roll.across > 1:
        raise DesignFault([Fault("paper_rfid", "/across")])
    writer = _Writer(design, job or JobData(), pictures or {}, Dots(dpi, load(font)), roll)
    for row in batched(labels, roll.across):
        yield writer.row(row, rfid=rfid, copies=copies)
    yield b"^XA^IDR:%b*.ZPL^FS^XZ\n" % _NAME.encode()


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
        typeface = dots.typeface
        self._design = divided(design, job, typeface)
        self._dots, self._roll, self._pictures = dots, roll, pictures
        self._filler = Filler(self._design, job, typeface)
        self._fitter = Fitter(dots)
        self._formats: dict[tuple[tuple[_Shape, ...], str], bytes] = {}
        shown = [element for layer in layers(self._design) for element in layer.elements]
        self._shared = [e for layer in layers(self._design) if layer.shared for e in layer.elements]
        self._codes = [e for e in shown if isinstance(e, CodeElement)]
        self._texts = [
            e for e in shown if isinstance(e, TextElement) and e not in set(self._shared)
        ]
        self._fields = len(self._codes) + len(self._texts) + 1  # the tag's is the last

    def row(self, labels: tuple[LabelData, ...], *, rfid: bool, copies: int) -> bytes:
        """Return what prints labels side by side; a new format goes ahead of it."""
        texts = [[self._filler.code(code, label) for code in self._codes] for label in labels]
        shapes = tuple(tuple(map(self._fitter.fitted, self._codes, of_label)) for of_label in texts)
        tag = _tag(labels[0]) if rfid else ""
        key = (shapes, tag)
        stored = b""
        name = self._formats.get(key)
        if name is None:
            name = self._formats[key] = b"R:%b%d.ZPL" % (_NAME.encode(), len(self._formats))
            stored = self._format(name, shapes, tag)
        parts = [stored, b"^XA^XF", name, b"^FS^CI28\n"]
        for column, label in enumerate(labels):
            parts.append(self._label(column, label, texts[column], rfid=rfid).encode())
        parts.append(b"^PQ%d^XZ\n" % copies)
        return b"".join(parts)

    def _label(self, column: int, label: LabelData, codes: list[str], *, rfid: bool) -> str:
        field = column * self._fields + 1
        parts: list[str] = []
        for code, text in zip(self._codes, codes, strict=True):
            parts.append(f"^FN{field}{_data(_code_data(code, text))}^FS\n")
            field += 1
        for element in self._texts:
            text = self._filler.text(element, label)
            setting = self._filler.setting(element, text)
            usual = setting.size_pt == element.size_pt and len(setting.lines) == 1
            if usual and own_text(text):
                parts.append(f"^FN{field}{_data(text)}^FS\n")
            else:
                parts.append(self._special(column, element, text))
            field += 1
        if rfid:
            parts.append(f"^FN{field}^FD{label.epc}^FS\n")
        return "".join(parts)

    def _special(self, column: int, element: TextElement, text: str) -> str:
        """Return fields for a text that its numbered field cannot show."""
        setting = self._filler.setting(element, text)
        left = self._left(column)
        if not own_text(text):
            canvas = self._dots.canvas(self._design.width_mm, self._design.height_mm)
            self._dots.text(canvas, element, setting)
            return _graphic(canvas, left)
        height = self._dots.length(setting.size_pt * MM_PER_PT)
        parts = []
        for at, (offset, _, line) in enumerate(setting.lines):
            x = left + self._dots.of(element.x + offset)
            y = self._dots.of(element.y + at * LINE_HEIGHT * setting.size_pt * MM_PER_PT)
            parts.append(f"^FO{x},{y}^A0N,{height}{_data(line)}^FS\n")
        return "".join(parts)

    def _left(self, column: int) -> int:
        x, _ = self._roll.origin(column, self._design.width_mm)
        return self._dots.of(x)

    def _format(self, name: bytes, shapes: tuple[_Shape, ...], tag: str) -> bytes:
        width, height = self._roll.size_mm(self._design.width_mm, self._design.height_mm)
        parts = [
            f"^XA^DF{name.decode()}^FS\n^CI28^LH0,0{_MEDIA[self._roll.media]}"
            f"^PW{self._dots.length(width)}^LL{self._dots.length(height)}\n"
        ]
        for column, shape in enumerate(shapes):
            parts.append(self._shown_always(self._left(column)))
            field = column * self._fields + 1
            for code, fitted in zip(self._codes, shape, strict=True):
                parts.append(self._code(code, fitted, self._left(column), field))
                field += 1
            for element in self._texts:
                parts.append(self._text(element, self._left(column), field))
                field += 1
            if tag:
                parts.append(f"{tag}^FN{field}^FS\n")
        parts.append("^XZ\n")
        return "".join(parts).encode()

    def _shown_always(self, left: int) -> str:
        lines = [e for e in self._shared if isinstance(e, LineElement | BoxElement)]
        others = [e for e in self._shared if not isinstance(e, LineElement | BoxElement)]
        parts = [
            f"^FO{left + x},{y}^GB{wide},{high},{min(wide, high)}^FS\n"
            for element in lines
            for x, y, wide, high in bars_of(element, self._dots)
        ]
        for element in others:
            drawn = draw_shared(self._dots, self._design, [element], self._filler, self._pictures)
            parts.append(_graphic(drawn, left))
        return "".join(parts)

    def _code(self, element: CodeElement, fitted: Fitted, left: int, field: int) -> str:
        x, y, dots = left + fitted.left, fitted.top, fitted.dots
        match element.symbology:
            case "qr":
                # ^BQ sinks below ^FO by the height that ^BY last gave: pinned to one dot.
                place = f"^FO{x},{max(y - 1, 0)}^BY2,2,1^BQN,2,{dots},{element.level}"
            case "datamatrix" | "gs1_datamatrix":
                place = f"^FO{x},{y}^BXN,{dots},200,,,,_,1"
            case "gs1_128":
                height = self._dots.length(element.height_mm)
                place = f"^FO{x},{y}^BY{dots},3,{height}^BCN,{height},N,N,N,N"
            case other:
                assert_never(other)
        return f"{place}^FN{field}^FS\n"

    def _text(self, element: TextElement, left: int, field: int) -> str:
        x, y = left + self._dots.of(element.x), self._dots.of(element.y)
        height = self._dots.length(element.size_pt * MM_PER_PT)
        width = self._dots.length(element.width_mm)
        block = "" if element.align == "left" else f"^FB{width},1,0,{_ALIGN[element.align]}"
        return f"^FO{x},{y}^A0N,{height}{block}^FN{field}^FS\n"


def _code_data(element: CodeElement, text: str) -> str:
    """Return a code's text as its field takes it."""
    match element.symbology:
        case "qr":
            return f"{element.level}A,{text}"
        case "datamatrix":
            return text.replace("_", "__")
        case "gs1_datamatrix":
            return code128.raw(text).replace("_", "__").replace(code128.FNC1, "_1")
        case "gs1_128":
            pieces = code128.pieces_of(text)
            change = [_START, *[_CHANGE] * (len(pieces) - 1)]
            return "".join(
                codes[piece.pairs] + piece.text.replace(">", ">0").replace(code128.FNC1, ">8")
                for codes, piece in zip(change, pieces, strict=True)
            )
        case other:
            assert_never(other)


def _data(text: str) -> str:
    """Return a field's data; what would be read as a command is written as its bytes."""
    if _SPECIAL.search(text) is None:
        return f"^FD{text}"
    return f"^FH_^FD{_SPECIAL.sub(lambda found: f'_{ord(found[0]):02X}', text)}"


def _tag(label: LabelData) -> str:
    """Return the command that writes a tag; longer EPCs need their length set in the tag."""
    if not label.epc:
        raise LabelFault("label_value_missing", value="epc")
    return "^RFW,H" if len(label.epc) == _PLAIN_TAG else "^RFW,H,,,A"


def _graphic(canvas: Image.Image, left: int) -> str:
    """Return a graphic field with the dots of a label; nothing where it has none."""
    found = trimmed(canvas)
    if found is None:
        return ""
    picture, x, y = found
    width = (picture.width + 7) // 8
    data = bytes(byte ^ 0xFF for byte in picture.tobytes())  # ZPL's black is 1
    spare = width * 8 - picture.width
    if spare:
        mask = 0xFF << spare & 0xFF
        ends = slice(width - 1, None, width)
        rows = bytearray(data)
        rows[ends] = bytes(byte & mask for byte in rows[ends])
        data = bytes(rows)
    total = len(data)
    return f"^FO{left + x},{y}^GFA,{total},{total},{width},{_packed(data, width)}^FS\n"


def _packed(data: bytes, width: int) -> str:
    """Return hexadecimal with repeats counted, as ^GF takes it."""
    rows: list[bytes] = []
    before = b""
    for start in range(0, len(data), width):
        row = data[start : start + width].hex().upper().encode()
        if row == before:
            rows.append(b":")
            continue
        before = row
        short = row.rstrip(b"0")
        ended = len(row) - len(short) > 1
        rows.append(_REPEATED.sub(_count, short if ended else row) + (b"," if ended else b""))
    return b"".join(rows).decode()


def _count(found: re.Match[bytes]) -> bytes:
    """Write a repeat: g to z for twenties (g is 20), G to Y for ones (G is 1)."""
    count, digit = len(found[0]), found[1]
    if count == 2:
        return found[0]
    most, rest = divmod(count, 400)
    twenties, ones = divmod(rest, 20)
    parts = (b"z" + digit) * most
    parts += bytes([ord("f") + twenties]) if twenties else b""
    parts += bytes([ord("F") + ones]) if ones else b""
    return parts + digit if rest else parts
