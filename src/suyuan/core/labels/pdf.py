"""Labels on sheets and rolls, as PDF.

Owns: pages of labels, cut marks, the first free place on a sheet that was begun.
Does not own: the file's structure (pdf_file), fonts in it (pdf_fonts).
Invariant: the same design, values and paper give the same bytes, whenever they are written; what
is the same on every label is in the file once; memory does not grow with labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

import numpy as np

from suyuan.core.carriers import Symbol, TextDoesNotFit, draw
from suyuan.core.identifiers import IdentifierError
from suyuan.core.labels.design import (
    MM_PER_PT,
    BoxElement,
    CodeElement,
    Design,
    Element,
    LineElement,
    Paper,
    PictureElement,
    Roll,
    TextElement,
)
from suyuan.core.labels.faults import DesignFault, Fault, LabelFault
from suyuan.core.labels.fields import JobData, LabelData
from suyuan.core.labels.fill import Filler, Layer, layers
from suyuan.core.labels.fonts import load
from suyuan.core.labels.paper import check_fit
from suyuan.core.labels.pdf_file import PdfFile, Sink, number
from suyuan.core.labels.pdf_fonts import FontWriter
from suyuan.core.labels.pictures import open_picture, placed

_PT: Final = 1 / MM_PER_PT  # points of a millimetre
_PICTURE_DPI: Final = 600
_MOST_REMEMBERED: Final = 256
_MARK_MM: Final = 3.0
_BOLD: Final = 0.035  # of the type size: the stroke that makes a face bold


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        labels: how many labels.
        pages: how many pages.
        free: places left on the last sheet.
    """

    labels: int
    pages: int
    free: int


def write_pdf(
    design: Design,
    labels: Iterable[LabelData],
    *,
    sheet: Paper,
    out: Sink,
    job: JobData | None = None,
    pictures: Mapping[str, bytes] | None = None,
    font: str = "",
    start: int = 0,
    progress: Callable[[int], object] | None = None,
) -> Written:
    """Write labels one after the other, row by row.

    Args:
        design: what each label looks like.
        labels: their values; taken one at a time.
        sheet: the sheet, or the roll: then a page is one row of labels.
        out: where the file goes; only ever written to, front to back.
        job: values that all labels share.
        pictures: files of the design's pictures, by SHA-256.
        font: path of a font to prefer (`SUYUAN_LABEL_FONT`).
        start: labels that are gone from the first sheet.
        progress: told how many labels are written, after each page.

    Raises:
        DesignFault: `paper_overflow`, or `paper_start` where `start` is beyond the first sheet.
        LabelFault: a font, picture or value is missing, or a code cannot be drawn; what was
            written until then is no PDF.
    """
    check_fit(sheet, design.width_mm, design.height_mm)
    if not 0 <= start < sheet.per_page:
        raise DesignFault([Fault("paper_start", "/start", {"most": sheet.per_page - 1})])
    writer = _Writer(design, sheet, job or JobData(), pictures or {}, font, out)
    count = 0
    for content, on_page in writer.pages(iter(labels), start):
        writer.file.page(content)
        count += on_page
        if progress is not None:
            progress(count)
    if not count:
        writer.file.page(b"")
    writer.finish()
    return Written(count, writer.file.pages, writer.file.pages * sheet.per_page - start - count)


class _Writer:
    """Draws the labels of one file."""

    def __init__(
        self,
        design: Design,
        sheet: Paper,
        job: JobData,
        pictures: Mapping[str, bytes],
        font: str,
        out: Sink,
    ) -> None:
        self._design, self._sheet, self._pictures = design, sheet, pictures
        typeface = load(font)
        self._filler = Filler(design, job, typeface)
        self._fonts = FontWriter(typeface)
        self._width, self._height = _page_size(design, sheet)
        self.file = PdfFile(out, self._width * _PT, self._height * _PT)
        self._forms: list[int] = []
        self._images: list[int] = []
        self._job = job
        self._shown: dict[tuple[int, str], bytes] = {}
        self._steps = [self._step(layer) for layer in layers(design)]
        self._origins = [self._origin(position) for position in range(sheet.per_page)]
        self._marks = self._form(_cut_marks(design, sheet, self._height))

    def pages(self, labels: Iterator[LabelData], start: int) -> Iterator[tuple[bytes, int]]:
        """Yield each page's content and how many labels are on it."""
        first = start
        while True:
            content = [self._marks] if self._marks else []
            on_page = 0
            # The places come first: a place that is not used up takes no label.
            for origin, label in zip(self._origins[first:], labels, strict=False):
                content.append(origin)
                content += [step(label) for step in self._steps]
                content.append(b"Q\n")
                on_page += 1
            if not on_page:
                return
            yield b"".join(content), on_page
            if on_page < len(self._origins) - first:
                return
            first = 0

    def finish(self) -> None:
        forms = "".join(f"/F{at} {form} 0 R" for at, form in enumerate(self._forms))
        images = "".join(f"/I{at} {image} 0 R" for at, image in enumerate(self._images))
        fonts = self._fonts.write(self.file)
        title = " ".join(filter(None, (self._job.order, self._job.product)))
        self.file.finish(f"{fonts}/XObject<<{forms}{images}>>", title or "Suyuan")

    def _step(self, layer: Layer) -> Callable[[LabelData], bytes]:
        if layer.shared:
            shown = self._form(b"".join(self._draw(e, LabelData()) for e in layer.elements))
            return lambda _: shown
        draw_one, elements = self._draw, layer.elements
        return lambda label: b"".join([draw_one(element, label) for element in elements])

    def _form(self, content: bytes) -> bytes:
        """Put content into the file once; return the operators that show it."""
        if not content:
            return b""
        box = f"[0 0 {number(self._width * _PT)} {number(self._height * _PT)}]"
        entries = f"/Type/XObject/Subtype/Form/BBox{box}/Resources {self.file.resources} 0 R"
        self._forms.append(self.file.stream(content, entries))
        return b"/F%d Do " % (len(self._forms) - 1)

    def _origin(self, position: int) -> bytes:
        """Return the operators that put the origin at a label's lower left corner."""
        design = self._design
        if isinstance(self._sheet, Roll):
            x, y = self._sheet.origin(position, design.width_mm)
        else:
            x, y = self._sheet.origin(position, design.width_mm, design.height_mm)
        below = self._height - y - design.height_mm
        return f"q 1 0 0 1 {number(x * _PT)} {number(below * _PT)} cm ".encode()

    def _draw(self, element: Element, label: LabelData) -> bytes:
        match element:
            case CodeElement():
                return self._code(element, label)
            case TextElement():
                return self._text(element, label)
            case PictureElement():
                return self._picture(element)
            case LineElement(x=x, y=y, length_mm=length, thickness_mm=thick, vertical=vertical):
                wide, high = (thick, length) if vertical else (length, thick)
                return self._rectangle(x, y, wide, high)
            case BoxElement():
                return self._box(element)
            case _:
                assert_never(element)

    def _code(self, element: CodeElement, label: LabelData) -> bytes:
        symbol = symbol_of(element, self._filler.code(element, label))
        module = element.size_mm / symbol.width
        side, ends = symbol.kind.side * module, symbol.kind.ends * module
        rows, columns = symbol.modules.shape
        height = element.height_mm if symbol.kind.bars else rows * module
        below = self._design.height_mm - element.y - ends - height
        place = (
            f"q {number(columns * module * _PT)} 0 0 {number(height * _PT)} "
            f"{number((element.x + side) * _PT)} {number(below * _PT)} cm "
        )
        return place.encode() + _image(symbol)

    def _text(self, element: TextElement, label: LabelData) -> bytes:
        text = self._filler.text(element, label)
        key = (id(element), text)
        shown = self._shown.get(key)
        if shown is None:
            shown = self._set(element, text)
            # Lots and products come again and again; serials never.
            if len(self._shown) < _MOST_REMEMBERED:
                self._shown[key] = shown
        return shown

    def _set(self, element: TextElement, text: str) -> bytes:
        setting = self._filler.setting(element, text)
        size = number(setting.size_pt)
        top = self._design.height_mm - element.y
        parts = ["BT "]
        if element.bold:
            parts.append(f"2 Tr {number(setting.size_pt * _BOLD)} w ")
        for at, (offset, _, line) in enumerate(setting.lines):
            x, y = (element.x + offset) * _PT, (top - setting.baseline(at)) * _PT
            parts.append(f"1 0 0 1 {number(x)} {number(y)} Tm{self._fonts.show(line, size)} ")
        parts.append("0 Tr ET " if element.bold else "ET ")
        return "".join(parts).encode()

    def _picture(self, element: PictureElement) -> bytes:
        picture = open_picture(element, self._pictures, _PICTURE_DPI)
        width, height, left, top = placed(element, picture.size)
        space = "/DeviceGray" if picture.mode == "L" else "/DeviceRGB"
        self._images.append(
            self.file.stream(
                picture.tobytes(),
                f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}"
                f"/BitsPerComponent 8/ColorSpace{space}",
            )
        )
        below = self._design.height_mm - top - height
        return (
            f"q {number(width * _PT)} 0 0 {number(height * _PT)} "
            f"{number(left * _PT)} {number(below * _PT)} cm/I{len(self._images) - 1} Do Q "
        ).encode()

    def _box(self, element: BoxElement) -> bytes:
        x, y, wide, high = element.x, element.y, element.width_mm, element.height_mm
        thick = min(element.thickness_mm, wide / 2, high / 2)
        if element.filled:
            return self._rectangle(x, y, wide, high)
        return b"".join(
            (
                self._rectangle(x, y, wide, thick),
                self._rectangle(x, y + high - thick, wide, thick),
                self._rectangle(x, y, thick, high),
                self._rectangle(x + wide - thick, y, thick, high),
            )
        )

    def _rectangle(self, x: float, y: float, wide: float, high: float) -> bytes:
        below = self._design.height_mm - y - high
        numbers = " ".join(number(value * _PT) for value in (x, below, wide, high))
        return f"{numbers} re f ".encode()


def symbol_of(element: CodeElement, text: str) -> Symbol:
    """Return the symbol of a code.

    Raises:
        LabelFault: `label_code_text` where the text cannot stand in such a code.
    """
    try:
        return draw(text, symbology=element.symbology, level=element.level)
    except (TextDoesNotFit, IdentifierError):
        fault = LabelFault("label_code_text", text=text, symbology=element.symbology)
        raise fault from None


def _image(symbol: Symbol) -> bytes:
    """Return an inline picture, one bit a module, painted in black where a module is dark."""
    rows, columns = symbol.modules.shape
    data = np.packbits(symbol.modules, axis=1).tobytes()
    if b"EI" in data:
        # Readers that look for the operator behind the data would stop too early.
        data, coded = data.hex().encode() + b">", b"/F/AHx"
    else:
        coded = b""
    return b"BI/W %d/H %d/IM true/D[1 0]%b ID %b EI Q " % (columns, rows, coded, data)


def _page_size(design: Design, sheet: Paper) -> tuple[float, float]:
    if isinstance(sheet, Roll):
        return sheet.size_mm(design.width_mm, design.height_mm)
    return sheet.size_mm


def _cut_marks(design: Design, sheet: Paper, page_height: float) -> bytes:
    """Return lines in the sheet's margins that point along the labels' edges."""
    if isinstance(sheet, Roll) or not sheet.cut_marks:
        return b""
    page_width, _ = sheet.size_mm
    last_x, last_y = sheet.origin(sheet.per_page - 1, design.width_mm, design.height_mm)
    right, bottom = last_x + design.width_mm, last_y + design.height_mm
    left, top = sheet.margin_left_mm, sheet.margin_top_mm
    lines: list[tuple[float, float, float, float]] = []
    for column in range(sheet.columns):
        x = left + column * (design.width_mm + sheet.gap_x_mm)
        for edge in (x, x + design.width_mm):
            lines += [
                (edge, max(top - _MARK_MM - 1, 0), edge, top - 1),
                (edge, bottom + 1, edge, min(bottom + _MARK_MM + 1, page_height)),
            ]
    for row in range(sheet.rows):
        y = top + row * (design.height_mm + sheet.gap_y_mm)
        for edge in (y, y + design.height_mm):
            lines += [
                (max(left - _MARK_MM - 1, 0), edge, left - 1, edge),
                (right + 1, edge, min(right + _MARK_MM + 1, page_width), edge),
            ]
    drawn = [
        f"{number(x * _PT)} {number((page_height - y) * _PT)} m "
        f"{number(x2 * _PT)} {number((page_height - y2) * _PT)} l "
        for x, y, x2, y2 in dict.fromkeys(lines)
        if x2 > x or y2 > y
    ]
    return f"0.25 w {''.join(drawn)}S ".encode() if drawn else b""
