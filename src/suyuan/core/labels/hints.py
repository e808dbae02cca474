"""What is unwise about a design, though it can be printed.

Owns: sizes under which codes and texts are read badly, texts that do not fit, overlaps.
Does not own: what is refused (design), the sizes that readers want (core.carriers.sizing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, Literal

from suyuan.core.carriers import sizing
from suyuan.core.labels.design import (
    LINE_HEIGHT,
    MM_PER_PT,
    BoxElement,
    CodeElement,
    Design,
    Element,
    LineElement,
    PictureElement,
    TextElement,
    box_of,
)
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.core.labels.fill import Filler
from suyuan.core.labels.printers import widest
from suyuan.core.labels.svg import measure

LEAST_PT: Final = 5.0  # smaller letters are not read by most people, nor printed whole at 203 dpi
_SLACK: Final = 0.05  # mm that may overlap: rounding in a browser
_MOST_SHOWN: Final = 20  # characters that are named

type Severity = Literal["advice", "warning"]
type _Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at.

    Attributes:
        code: `no_code`, `code_fair`, `code_poor`, `code_does_not_fit`, `code_overlap`,
            `value_missing`, `text_small`, `text_shrunk`, `text_cut`, `glyph_missing`, `overlap`,
            `font_missing` or `picture_missing`.
        severity: whether labels will be hard to use (`warning`) or merely could be better.
        place: JSON pointer into the design.
        data: what a sentence about it needs.
    """

    code: str
    severity: Severity
    place: str = ""
    data: Mapping[str, str | float | int] = field(default_factory=dict)


def hints(
    design: Design,
    dpi: int,
    *,
    label: LabelData = EXAMPLE_LABEL,
    job: JobData = EXAMPLE_JOB,
    pictures: frozenset[str] | None = None,
    font: str = "",
) -> list[Hint]:
    """Return what to look at before printing, in the order of the design.

    Args:
        design: what the label looks like.
        dpi: the printer's resolution.
        label: a typical label's values; an example without.
        job: values that all labels share; an example without.
        pictures: SHA-256 of the pictures there are; None asks nothing about them.
        font: path of a font to measure with.
    """
    filler = Filler(design, job, measure(font))
    found = list(_whole(design, filler))
    boxes: list[_Box] = []
    for position, element in enumerate(design.elements):
        place = f"/elements/{position}"
        box = box_of(element)
        if isinstance(element, CodeElement):
            found += _code(place, element, label, filler, dpi)
        elif isinstance(element, TextElement):
            text_hints, box = _text(place, element, filler.text(element, label), filler)
            found += text_hints
        elif isinstance(element, PictureElement) and _is_missing(element.picture, pictures):
            found.append(Hint("picture_missing", "warning", place))
        boxes.append(box)
    return found + list(_overlaps(design, boxes))


def _is_missing(picture: str, pictures: frozenset[str] | None) -> bool:
    return pictures is not None and picture not in pictures


def _whole(design: Design, filler: Filler) -> Iterator[Hint]:
    if filler.typeface.rough:
        yield Hint("font_missing", "warning")
    if not design.contents:
        yield Hint("no_code", "advice", "/elements")


def _code(
    place: str, element: CodeElement, label: LabelData, filler: Filler, dpi: int
) -> Iterator[Hint]:
    try:
        text = filler.code(element, label)
        size = sizing.fit(widest(element.symbology, element.level, text), element.size_mm, dpi)
    except LabelFault as fault:
        code = "value_missing" if fault.code == "label_value_missing" else fault.code
        yield Hint(code, "warning", place, fault.data)
        return
    except sizing.DoesNotFit as error:
        least = round(float(str(error.data["smallest_mm"])), 1)
        yield Hint("code_does_not_fit", "warning", place, {"least": least, "dpi": dpi})
        return
    judged = sizing.hint(size, element.symbology)
    if judged.grade is sizing.Grade.GOOD:
        return
    poor = judged.grade is sizing.Grade.POOR
    data = {
        "module": round(judged.module_mm, 3),
        "advised": round(judged.advised_mm, 1),
        "dpi": dpi,
        "reader": judged.reader,
    }
    if poor:
        yield Hint("code_poor", "warning", place, data)
    else:
        yield Hint("code_fair", "advice", place, data)


def _text(place: str, element: TextElement, text: str, filler: Filler) -> tuple[list[Hint], _Box]:
    setting = filler.setting(element, text)
    found: list[Hint] = []
    size = round(setting.size_pt, 1)
    if setting.cut:
        found.append(Hint("text_cut", "warning", place, {"size": size}))
    elif setting.size_pt < element.size_pt:
        data = {"size": size, "wished": element.size_pt}
        found.append(Hint("text_shrunk", "advice", place, data))
    if setting.size_pt < LEAST_PT:
        found.append(Hint("text_small", "warning", place, {"size": size, "least": LEAST_PT}))
    lacking = "".join(filler.typeface.lacking(text.replace("\n", ""))[:_MOST_SHOWN])
    if lacking and not filler.typeface.rough:
        found.append(Hint("glyph_missing", "warning", place, {"characters": lacking}))
    return found, _inked(element, setting.lines, setting.size_pt)


def _inked(
    element: TextElement, lines: tuple[tuple[float, float, str], ...], size_pt: float
) -> _Box:
    """Return the box that a text really covers."""
    left = min(offset for offset, _, _ in lines)
    right = max(offset + width for offset, width, _ in lines)
    height = ((len(lines) - 1) * LINE_HEIGHT + 1) * size_pt * MM_PER_PT
    return element.x + left, element.y, right - left, height


def _overlaps(design: Design, boxes: list[_Box]) -> Iterator[Hint]:
    """Tell of elements that lie over each other; a code wants its box for itself."""
    pairs = combinations(range(len(boxes)), 2)
    for one, other in pairs:
        first, second = design.elements[one], design.elements[other]
        if not any(
            _cover(a, b) for a in _solid(first, boxes[one]) for b in _solid(second, boxes[other])
        ):
            continue
        data = {"with": one, "number": other}
        if isinstance(first, CodeElement) or isinstance(second, CodeElement):
            yield Hint("code_overlap", "warning", f"/elements/{other}", data)
        elif not _meant(first, second):
            yield Hint("overlap", "advice", f"/elements/{other}", data)


def _meant(one: Element, other: Element) -> bool:
    """Lines and frames meet each other on purpose."""
    return all(isinstance(element, LineElement | BoxElement) for element in (one, other))


def _solid(element: Element, box: _Box) -> list[_Box]:
    """Return what an element covers; of a frame its four sides."""
    if not isinstance(element, BoxElement) or element.filled:
        return [box]
    x, y, wide, high = box
    thick = element.thickness_mm
    return [
        (x, y, wide, thick),
        (x, y + high - thick, wide, thick),
        (x, y, thick, high),
        (x + wide - thick, y, thick, high),
    ]


def _cover(one: _Box, other: _Box) -> bool:
    return (
        one[0] + _SLACK < other[0] + other[2]
        and other[0] + _SLACK < one[0] + one[2]
        and one[1] + _SLACK < other[1] + other[3]
        and other[1] + _SLACK < one[1] + one[3]
    )
