"""What label printers of all languages have in common: how a design is divided for them.

Owns: which texts the printer sets itself, how many dots a module of each code has.
Does not own: the languages (zpl, tspl), bitmaps (raster).

A printer draws codes itself, from a text of which only it knows the shape in the end. So
that no code outgrows its box, it is sized for the least dense way in which the text can be coded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, assert_never

import msgspec

from suyuan.core.carriers import KINDS, Level, Symbology, draw
from suyuan.core.carriers.sizing import DoesNotFit, fit
from suyuan.core.identifiers import IdentifierError, elements_of, parse_elements
from suyuan.core.labels import code128
from suyuan.core.labels.design import MM_PER_PT, CodeElement, Design, Element, TextElement
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import FIELDS, JobData, LabelData, read_template
from suyuan.core.labels.fill import Filler
from suyuan.core.labels.fonts import Typeface
from suyuan.core.labels.raster import Dots

RESOLUTIONS: Final = (203, 300, 600)
# Small letters fit none of QR's denser modes. DataMatrix packs small ones and capitals by threes,
# but not in turn.
_MIXED: Final = {"qr": "a", "datamatrix": "aA"}
_FIXED: Final = frozenset({"00", "01", "17"})  # digits only, which every encoder pairs
_LEAST_REST: Final = 3.0  # mm: a narrower rest stays with its lead


@dataclass(frozen=True, slots=True)
class Fitted:
    """A code at a printer's resolution.

    Attributes:
        dots: of a module.
        left: of the symbol without its quiet zone, in dots from the label's left edge.
        top: likewise.
    """

    dots: int
    left: int
    top: int


class Fitter:
    """Finds the size of codes; remembers it for texts of the same shape."""

    def __init__(self, dots: Dots) -> None:
        """Begin with nothing remembered."""
        self._dots = dots
        self._known: dict[tuple[int, str], Fitted] = {}

    def fitted(self, element: CodeElement, text: str) -> Fitted:
        """Return how large a code is and where it stands: in the middle of its box.

        Raises:
            LabelFault: `label_code_text` or `label_code_too_small`, with the least size in mm.
        """
        worst = outline(element.symbology, text)
        key = (id(element), worst)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._fit(element, worst)
        return found

    def _fit(self, element: CodeElement, worst: str) -> Fitted:
        modules = _modules(element.symbology, element.level, worst)
        try:
            size = fit(modules, element.size_mm, self._dots.dpi)
        except DoesNotFit as error:
            least = round(float(str(error.data["smallest_mm"])), 1)
            fault = LabelFault("label_code_too_small", symbology=element.symbology, least=least)
            raise fault from None
        kind = KINDS[element.symbology]
        spare = self._dots.of(element.size_mm) - modules * size.module_dots
        left = self._dots.of(element.x) + spare // 2 + kind.side * size.module_dots
        top = self._dots.of(element.y)
        if not kind.bars:
            top += spare // 2 + kind.ends * size.module_dots
        return Fitted(size.module_dots, left, top)


def widest(symbology: Symbology, level: Level, text: str) -> int:
    """Return the modules from side to side, quiet zone included, at the most.

    Raises:
        LabelFault: `label_code_text`.
    """
    return _modules(symbology, level, outline(symbology, text))


def outline(symbology: Symbology, text: str) -> str:
    """Return a text as long that no encoder writes with fewer modules: alike for like texts.

    Raises:
        LabelFault: `label_code_text` where the text cannot stand in such a code.
    """
    try:
        match symbology:
            case "qr" | "datamatrix":
                if (
                    0 < len(text) <= KINDS[symbology].longest
                    and own_text(text)
                    and "\n" not in text
                ):
                    return (_MIXED[symbology] * len(text))[: len(text)]
            case "gs1_datamatrix":
                parse_elements(text)  # a code that names nothing is none
                return "".join(
                    f"({ai}){value if ai in _FIXED else ('aA' * len(value))[: len(value)]}"
                    for ai, value in elements_of(text).items()
                )
            case "gs1_128":
                parse_elements(text)
                if len(code128.raw(text)) <= KINDS[symbology].longest:
                    return str(code128.modules(code128.pieces_of(text)))
            case other:
                assert_never(other)
    except IdentifierError:
        pass
    raise LabelFault("label_code_text", text=text, symbology=symbology)


@lru_cache(maxsize=256)
def _modules(symbology: Symbology, level: Level, worst: str) -> int:
    return (
        int(worst)
        if symbology == "gs1_128"
        else draw(worst, symbology=symbology, level=level).width
    )


def divided(design: Design, job: JobData, typeface: Typeface) -> Design:
    """Return the design with Chinese words in front of a label's values as texts of their own.

    `批次：{lot}` becomes `批次：`, which is the same on every label and is sent to the printer
    once, and `{lot}`, which the printer sets in its own font.
    """
    filler = Filler(design, job, typeface)
    elements: list[Element] = []
    for element in design.elements:
        elements += _divided(element, filler) if isinstance(element, TextElement) else [element]
    return msgspec.structs.replace(design, elements=tuple(elements))


def own_text(text: str) -> bool:
    """Tell whether every printer's own font can set a text; line breaks are ours."""
    return _plain(text.replace("\n", ""))


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _divided(element: TextElement, filler: Filler) -> list[Element]:
    parts = read_template(element.text).parts
    first = next((i for i in range(1, len(parts), 2) if FIELDS[parts[i]].per_label), 0)
    simple = first and element.lines == 1 and element.align == "left" and "\n" not in element.text
    if not simple:
        return [element]
    lead = filler.text(_with(element, _source(parts[:first])), LabelData())
    width = filler.typeface.width(lead) * element.size_pt / 1000 * MM_PER_PT
    if own_text(lead) or element.width_mm - width < _LEAST_REST:
        return [element]
    return [
        _with(element, _source((lead,)), width_mm=width + 0.1),
        _with(
            element,
            _source(("", *parts[first:])),
            x=element.x + width,
            width_mm=element.width_mm - width,
        ),
    ]


def _with(element: TextElement, text: str, **changes: float) -> TextElement:
    return msgspec.structs.replace(element, text=text, **changes)


def _source(parts: tuple[str, ...]) -> str:
    """Write parts of a template as the text that is read to them."""
    return "".join(
        f"{{{part}}}" if position & 1 else part.replace("{", "{{").replace("}", "}}")
        for position, part in enumerate(parts)
    )
