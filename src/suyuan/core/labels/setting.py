"""Set a text into its box: break lines, shrink what does not fit, cut what never will.

Owns: where Chinese and Latin lines may break, how far a text shrinks, what is cleaned away.
Does not own: fonts (fonts), values (fields).
Source of the breaks: GB/T 15834-2011 §5.1.3 to §5.1.8, which signs begin and end no line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Final

from suyuan.core.labels.design import LINE_HEIGHT, MM_PER_PT, Align, TextElement
from suyuan.core.labels.fonts import Typeface

ASCENT: Final = 0.88  # of the type size: from the box's top to the first baseline
LEAST_SHARE: Final = 0.6  # how far a text shrinks before it is cut
LEAST_PT: Final = 4.0
LONGEST: Final = 2_000  # characters that are looked at
_STEP: Final = 0.95
_ELLIPSIS: Final = "…"

_NO_START: Final = frozenset("，。、；：？！）》」』】〉〕”’…·—～%％℃,.;:?!)]}>°")
_NO_END: Final = frozenset("（《「『【〈〔“‘([{<￥¥$")
_BREAK_AFTER: Final = frozenset("-/ ")
# Controls and the marks that reorder text: none has a picture, some steer printers or readers.
_CONTROL = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufffe\\uffff]+"
)
_SURROGATE = re.compile("[\\ud800-\\udfff]")


@dataclass(frozen=True, slots=True)
class Setting:
    """A text as it stands in its box.

    Attributes:
        lines: (offset from the box's left edge in mm, width in mm, text) from top to bottom.
        size_pt: the type size, after shrinking.
        cut: whether the end is missing.
    """

    lines: tuple[tuple[float, float, str], ...]
    size_pt: float
    cut: bool = False

    def baseline(self, line: int) -> float:
        """Return how far under the box's top a line's baseline is, in mm."""
        return (ASCENT + line * LINE_HEIGHT) * self.size_pt * MM_PER_PT


def clean(text: str) -> str:
    """Return a value without control characters: each run of them is one space."""
    text = text[:LONGEST]
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATE.sub("�", _CONTROL.sub(" ", text))


def set_text(element: TextElement, text: str, typeface: Typeface, *, whole: bool) -> Setting:
    """Return how `text`, cleaned, stands in its element's box.

    Args:
        element: the box and the wishes.
        text: what to set; may have line breaks.
        typeface: what to measure with.
        whole: the text is never cut, however small it gets: half a serial is a wrong one.
    """
    room = element.width_mm / MM_PER_PT
    if element.lines == 1 and "\n" not in text:
        width = typeface.width(text) * element.size_pt / 1000
        if width <= room and (not text or text[-1] != " "):
            offset = _offset(element.align, element.width_mm, width * MM_PER_PT)
            return Setting(((offset, width * MM_PER_PT, text),), element.size_pt)
    least = 0.0 if whole else min(max(LEAST_PT, element.size_pt * LEAST_SHARE), element.size_pt)
    size = element.size_pt
    lines = _lines(text, typeface, room * 1000 / size)
    while len(lines) > element.lines and size * _STEP >= max(least, 0.1):
        size *= _STEP
        lines = _lines(text, typeface, room * 1000 / size)
    cut = len(lines) > element.lines
    if cut:
        last = "".join(lines[element.lines - 1 :]).rstrip(" ")
        lines = [*lines[: element.lines - 1], _shortened(last, typeface, room * 1000 / size)]
    scale = size * MM_PER_PT / 1000
    lines = [line.rstrip(" ") for line in lines]
    placed = [(typeface.width(line) * scale, line) for line in lines]
    return Setting(
        tuple((_offset(element.align, element.width_mm, w), w, line) for w, line in placed),
        size,
        cut,
    )


def break_lines(text: str, typeface: Typeface, room: float) -> list[str]:
    """Return a text, cleaned, in lines of at most `room` thousandths of the type size."""
    return [line.rstrip(" ") for line in _lines(text, typeface, room)]


def _offset(align: Align, room: float, width: float) -> float:
    if align == "left":
        return 0.0
    return max(room - width, 0.0) / (1 if align == "right" else 2)


def _lines(text: str, typeface: Typeface, room: float) -> list[str]:
    """Break a text into lines of at most `room` thousandths of the type size.

    Spaces at the ends of lines are kept and take no room.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for unit in _units(paragraph):
            width = typeface.width(unit.rstrip(" "))
            if line and used + width > room:
                lines.append(line)
                line, used = "", 0.0
            if width > room:
                *full, rest = _chopped(unit, typeface, room)
                lines += full
                line = rest
            else:
                line += unit
            used = typeface.width(line)
        lines.append(f"{line} ")
    return lines


def _units(paragraph: str) -> list[str]:
    """Return the pieces between which a line may break."""
    units: list[str] = []
    start = 0
    for end in range(1, len(paragraph)):
        if _may_break(paragraph[end - 1], paragraph[end]):
            units.append(paragraph[start:end])
            start = end
    units.append(paragraph[start:])
    return units


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NO_START or before in _NO_END:
        return False
    return before in _BREAK_AFTER or _is_ideograph(before) or _is_ideograph(after)


def _is_ideograph(character: str) -> bool:
    return character >= "⺀" and unicodedata.east_asian_width(character) in "WF"


def _chopped(unit: str, typeface: Typeface, room: float) -> list[str]:
    """Break a piece that is wider than a line wherever a line is full."""
    pieces, piece, used = [], "", 0.0
    for character in unit:
        width = typeface.width(character)
        if piece and used + width > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece += character
        used += width
    return [*pieces, piece]


def _shortened(line: str, typeface: Typeface, room: float) -> str:
    """Return as much of a line as there is room for, and an ellipsis."""
    room -= typeface.width(_ELLIPSIS)
    ends = accumulate(typeface.width(character) for character in line)
    kept = sum(1 for _ in takewhile(lambda end: end <= room, ends))
    return line[:kept].rstrip(" ") + _ELLIPSIS
