"""A label as a picture for the screen.

Owns: one label as SVG, exact in every position, its texts in the browser's own font.
Does not own: the designer (frontend), printing.
Invariant: no style attribute and no reference to another address: the content policy allows
neither. Pictures stand inside as data.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Final, assert_never
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from suyuan.core.labels.design import (
    MM_PER_PT,
    BoxElement,
    CodeElement,
    Design,
    Element,
    LineElement,
    PictureElement,
    TextElement,
)
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.core.labels.fill import Filler
from suyuan.core.labels.fonts import ROUGH, Typeface, load
from suyuan.core.labels.pdf import symbol_of
from suyuan.core.labels.pdf_file import number
from suyuan.core.labels.pictures import open_picture, placed

_PREVIEW_DPI: Final = 300
_FAMILIES: Final = "WenQuanYi Micro Hei, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


def svg(
    design: Design,
    *,
    label: LabelData = EXAMPLE_LABEL,
    job: JobData = EXAMPLE_JOB,
    pictures: Mapping[str, bytes] | None = None,
    font: str = "",
    title: str = "",
) -> str:
    """Return one label as an SVG document of its true size.

    What cannot be drawn, such as a code without its value, is an empty frame, so that a design
    can be looked at before all is there.

    Args:
        design: what the label looks like.
        label: its values; an example without.
        job: values that all labels share; an example without.
        pictures: files of the design's pictures, by SHA-256.
        font: path of a font to measure with.
        title: what a screen reader says; empty hides the picture from it.
    """
    filler = Filler(design, job, measure(font))
    width, height = number(design.width_mm), number(design.height_mm)
    about = f' role="img"><title>{escape(title)}</title>' if title else ' aria-hidden="true">'
    # Each element is a group of its own, so that the designer can move it under the pointer.
    drawn = "".join(
        f'<g data-element="{at}">{_element(element, label, filler, pictures or {})}</g>'
        for at, element in enumerate(design.elements)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}"{about}'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/>{drawn}</svg>'
    )


def measure(font: str = "") -> Typeface:
    """Return the typeface to measure with; a rough one where none is installed."""
    try:
        return load(font)
    except LabelFault:
        return ROUGH


def _element(
    element: Element, label: LabelData, filler: Filler, pictures: Mapping[str, bytes]
) -> str:
    match element:
        case CodeElement():
            return _code(element, label, filler)
        case TextElement():
            return _text(element, filler.text(element, label), filler)
        case PictureElement():
            return _picture(element, pictures)
        case LineElement(x=x, y=y, length_mm=length, vertical=vertical, thickness_mm=thick):
            wide, high = (thick, length) if vertical else (length, thick)
            return f'<path d="{_rectangle(x, y, wide, high)}"/>'
        case BoxElement():
            return _box(element)
        case _:
            assert_never(element)


def _code(element: CodeElement, label: LabelData, filler: Filler) -> str:
    try:
        symbol = symbol_of(element, filler.code(element, label))
    except LabelFault:
        bars = element.symbology == "gs1_128"
        return _frame(
            element.x, element.y, element.size_mm, element.height_mm if bars else element.size_mm
        )
    module = element.size_mm / symbol.width
    tall = element.height_mm / module if symbol.kind.bars else 1.0
    path = "".join(f"M{x} {y}h{n}v{number(tall)}h-{n}z" for x, y, n in symbol.runs())
    return (
        f'<path shape-rendering="crispEdges" transform="translate({number(element.x)} '
        f'{number(element.y)}) scale({module:.5f})" d="{path}"/>'
    )


def _text(element: TextElement, text: str, filler: Filler) -> str:
    setting = filler.setting(element, text)
    size = number(setting.size_pt * MM_PER_PT)
    weight = ' font-weight="700"' if element.bold else ""
    lines = [
        f'<text x="{number(element.x + offset)}" y="{number(element.y + setting.baseline(at))}"'
        f' textLength="{number(width)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">'
        f"{escape(line)}</text>"
        for at, (offset, width, line) in enumerate(setting.lines)
        if line and width
    ]
    family = quoteattr(_FAMILIES)
    return f'<g font-family={family} font-size="{size}"{weight}>{"".join(lines)}</g>'


def _picture(element: PictureElement, pictures: Mapping[str, bytes]) -> str:
    try:
        picture = open_picture(element, pictures, _PREVIEW_DPI)
    except LabelFault:
        return _frame(element.x, element.y, element.width_mm, element.height_mm)
    width, height, left, top = placed(element, picture.size)
    return (
        f'<image x="{number(left)}" y="{number(top)}" width="{number(width)}" '
        f'height="{number(height)}" preserveAspectRatio="none" href="{_data(picture)}"/>'
    )


def _data(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def _box(element: BoxElement) -> str:
    x, y, wide, high = element.x, element.y, element.width_mm, element.height_mm
    thick = min(element.thickness_mm, wide / 2, high / 2)
    outer = _rectangle(x, y, wide, high)
    if element.filled:
        return f'<path d="{outer}"/>'
    inner = _rectangle(x + thick, y + thick, wide - 2 * thick, high - 2 * thick)
    return f'<path fill-rule="evenodd" d="{outer}{inner}"/>'


def _rectangle(x: float, y: float, wide: float, high: float) -> str:
    return f"M{number(x)} {number(y)}h{number(wide)}v{number(high)}h{number(-wide)}z"


def _frame(x: float, y: float, wide: float, high: float) -> str:
    """Return the place of what is not there yet."""
    inset = _rectangle(x + 0.1, y + 0.1, wide - 0.2, high - 0.2)
    return (
        f'<path fill="none" stroke="#999" stroke-width="0.2" stroke-dasharray="1 1" d="{inset}"/>'
    )
