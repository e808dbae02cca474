"""What a label looks like, as a value that cannot be wrong.

Owns: the parts of a label, reading them from JSON with every fault and its place, writing back.
Does not own: the values on a label (fields), drawing it (pdf, zpl, tspl, svg), quality (hints).
All lengths are millimetres from the label's top left corner; type sizes are points.
Invariant: `read_design(write_design(d)) == d`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, assert_never

import msgspec

from suyuan.core.carriers import Level as Level
from suyuan.core.carriers import Symbology as Symbology
from suyuan.core.labels.decoding import builtins as builtins
from suyuan.core.labels.decoding import decode, encode
from suyuan.core.labels.faults import DesignFault as DesignFault
from suyuan.core.labels.faults import Fault as Fault
from suyuan.core.labels.faults import shown
from suyuan.core.labels.fields import PlaceholderError, read_template
from suyuan.core.labels.paper import Paper as Paper
from suyuan.core.labels.paper import Roll as Roll
from suyuan.core.labels.paper import Sheet as Sheet
from suyuan.core.labels.paper import read_paper as read_paper

MOST_ELEMENTS: Final = 100
MOST_CODES: Final = 8
LONGEST_TEXT: Final = 500
LEAST_SIDE: Final = 5.0
LARGEST_SIDE: Final = 500.0
LINE_HEIGHT: Final = 1.25  # of the type size, from one line of text to the next
MM_PER_PT: Final = 25.4 / 72
_SLACK: Final = 0.01  # mm; what rounding in a browser leaves


type Content = Literal["link", "inner", "inner_link", "sscc", "elements", "epc"]

type Align = Literal["left", "center", "right"]

CONTENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "qr": ("link", "inner", "inner_link", "epc"),
        "datamatrix": ("link", "inner", "inner_link", "epc"),
        "gs1_datamatrix": ("elements", "sscc"),
        "gs1_128": ("elements", "sscc"),
    }
)
"""What each symbology can bear: element strings need one that says it is GS1's."""

LEAST_CODE: Final[Mapping[str, float]] = MappingProxyType(
    {"qr": 5.0, "datamatrix": 3.0, "gs1_datamatrix": 3.0, "gs1_128": 20.0}
)
"""Width in millimetres under which no code of the kind can be read, whatever it bears."""


class CodeElement(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="code"
):
    """A code that scanners read, with its quiet zone inside its box.

    Attributes:
        size_mm: width of the box, quiet zone included; a two-dimensional code's height, too.
        level: error correction, of QR codes only.
        height_mm: height of the bars, of GS1-128 only.
    """

    x: float
    y: float
    size_mm: float
    symbology: Symbology = "qr"
    content: Content = "link"
    level: Level = "M"
    height_mm: float = 12.0


class TextElement(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="text"
):
    """A text: wraps within its width, shrinks where it must, is cut with an ellipsis last.

    Attributes:
        text: may hold placeholders in braces (`fields.FIELDS`) and line breaks.
        lines: at most so many lines.
    """

    x: float
    y: float
    width_mm: float
    text: str
    size_pt: float = 8.0
    bold: bool = False
    align: Align = "left"
    lines: int = 1


class PictureElement(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="picture"
):
    """A picture, as large as its box allows without distortion, in the middle of it.

    Attributes:
        picture: SHA-256 of its file, 64 lower-case hexadecimal digits.
    """

    x: float
    y: float
    width_mm: float
    height_mm: float
    picture: str


class LineElement(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="line"
):
    """A straight line, to the right or down from (x, y), its thickness in the same directions."""

    x: float
    y: float
    length_mm: float
    vertical: bool = False
    thickness_mm: float = 0.25


class BoxElement(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="box"
):
    """A rectangle, its border inside."""

    x: float
    y: float
    width_mm: float
    height_mm: float
    thickness_mm: float = 0.25
    filled: bool = False


type Element = CodeElement | TextElement | PictureElement | LineElement | BoxElement


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label: its size and what is on it, in the order of drawing."""

    width_mm: float
    height_mm: float
    elements: tuple[CodeElement | TextElement | PictureElement | LineElement | BoxElement, ...] = ()

    @property
    def pictures(self) -> frozenset[str]:
        """The pictures it shows, by SHA-256."""
        return frozenset(e.picture for e in self.elements if isinstance(e, PictureElement))

    @property
    def contents(self) -> frozenset[str]:
        """What its codes bear."""
        return frozenset(e.content for e in self.elements if isinstance(e, CodeElement))

    @property
    def placeholders(self) -> frozenset[str]:
        """The placeholders of its texts."""
        texts = (e.text for e in self.elements if isinstance(e, TextElement))
        return frozenset().union(*(read_template(text).names for text in texts))


def read_design(given: bytes | str | Mapping[str, Any]) -> Design:
    """Read a design from JSON, or from what JSON was read into.

    Raises:
        DesignFault: with every fault found: `design_malformed`, `design_too_large`,
            `design_measure`, `too_many_elements`, `too_many_codes`, `outside_label`,
            `code_too_small`, `code_content`, `text_too_long`, `text_control`,
            `placeholder_unknown`, `placeholder_malformed`, `picture_digest`.
    """
    design: Design = decode(given, Design)
    faults = list(_faults(design))
    if faults:
        raise DesignFault(faults)
    return design


def write_design(design: Design) -> bytes:
    """Return the design as JSON."""
    return encode(design)


def box_of(element: Element) -> tuple[float, float, float, float]:
    """Return left, top, width and height of what an element may cover."""
    match element:
        case CodeElement(size_mm=size, symbology="gs1_128", height_mm=height):
            return element.x, element.y, size, height
        case CodeElement(size_mm=size):
            return element.x, element.y, size, size
        case TextElement(width_mm=width, size_pt=size, lines=lines):
            return element.x, element.y, width, text_height(size, lines)
        case LineElement(length_mm=length, vertical=vertical, thickness_mm=thickness):
            wide, high = (thickness, length) if vertical else (length, thickness)
            return element.x, element.y, wide, high
        case PictureElement() | BoxElement():
            return element.x, element.y, element.width_mm, element.height_mm
        case _:
            assert_never(element)


def text_height(size_pt: float, lines: int) -> float:
    """Return how high so many lines are, in millimetres."""
    return ((lines - 1) * LINE_HEIGHT + 1.0) * size_pt * MM_PER_PT


# Least and most of each number in an element.
_RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "x": (0.0, LARGEST_SIDE),
        "y": (0.0, LARGEST_SIDE),
        "size_mm": (1.0, LARGEST_SIDE),
        "width_mm": (0.1, LARGEST_SIDE),
        "height_mm": (0.1, LARGEST_SIDE),
        "length_mm": (0.1, LARGEST_SIDE),
        "thickness_mm": (0.05, 20.0),
        "size_pt": (2.0, 200.0),
        "lines": (1, 50),
    }
)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _faults(design: Design) -> Iterator[Fault]:
    for name in ("width_mm", "height_mm"):
        yield from _out_of_range(f"/{name}", getattr(design, name), LEAST_SIDE, LARGEST_SIDE)
    if len(design.elements) > MOST_ELEMENTS:
        yield Fault("too_many_elements", "/elements", {"most": MOST_ELEMENTS})
        return
    codes = sum(isinstance(element, CodeElement) for element in design.elements)
    if codes > MOST_CODES:
        yield Fault("too_many_codes", "/elements", {"most": MOST_CODES})
    for position, element in enumerate(design.elements):
        place = f"/elements/{position}"
        wrong = list(_measures(place, element))
        yield from wrong
        if not wrong:
            yield from _outside(place, element, design)
        yield from _own_faults(place, element)


def _out_of_range(place: str, value: float, least: float, most: float) -> Iterator[Fault]:
    if not (math.isfinite(value) and least <= value <= most):
        data: dict[str, str | float] = {"given": str(value), "least": least, "most": most}
        yield Fault("design_measure", place, data)


def _measures(place: str, element: Element) -> Iterator[Fault]:
    for name in element.__struct_fields__:
        if name in _RANGES:
            yield from _out_of_range(f"{place}/{name}", getattr(element, name), *_RANGES[name])


def _outside(place: str, element: Element, design: Design) -> Iterator[Fault]:
    left, top, width, height = box_of(element)
    if left + width > design.width_mm + _SLACK:
        data = {"right": round(left + width, 2), "width": design.width_mm}
        yield Fault("outside_label", f"{place}/x", data)
    if top + height > design.height_mm + _SLACK:
        data = {"bottom": round(top + height, 2), "height": design.height_mm}
        yield Fault("outside_label", f"{place}/y", data)


def _own_faults(place: str, element: Element) -> Iterator[Fault]:
    match element:
        case CodeElement():
            yield from _code_faults(place, element)
        case TextElement():
            yield from _text_faults(f"{place}/text", element.text)
        case PictureElement():
            if _DIGEST.fullmatch(element.picture) is None:
                given = {"given": shown(element.picture)}
                yield Fault("picture_digest", f"{place}/picture", given)
        case LineElement() | BoxElement():
            return
        case _:
            assert_never(element)


def _code_faults(place: str, element: CodeElement) -> Iterator[Fault]:
    least = LEAST_CODE[element.symbology]
    if element.size_mm < least:
        data: dict[str, str | float] = {"given": element.size_mm, "least": least}
        yield Fault("code_too_small", f"{place}/size_mm", data)
    if element.content not in CONTENTS[element.symbology]:
        data = {"content": element.content, "symbology": element.symbology}
        yield Fault("code_content", f"{place}/content", data)


def _text_faults(place: str, text: str) -> Iterator[Fault]:
    if len(text) > LONGEST_TEXT:
        yield Fault("text_too_long", place, {"length": len(text), "most": LONGEST_TEXT})
        return
    # Line breaks are meant; other control characters have no picture and steer printers.
    control = next((c for c in text if c != "\n" and not _printable(c)), None)
    if control is not None:
        yield Fault("text_control", place, {"character": f"U+{ord(control):04X}"})
    try:
        read_template(text)
    except PlaceholderError as error:
        yield Fault(error.code, place, {"given": shown(error.given)})


def _printable(character: str) -> bool:
    # Spaces of all kinds are no control characters, though `isprintable` refuses most of them.
    return character.isprintable() or (character.isspace() and ord(character) >= 0xA0)
