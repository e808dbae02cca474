"""How large a symbol is printed, and how well it will be read.

Owns: whole dots for each module at a printer's resolution; the sizes that readers want.
Does not own: paper, labels and where a symbol stands on them.
Invariant: a module is a whole number of dots. A printer would round other widths to dots anyhow,
but differently from module to module, which costs more reading than the loss in size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor
from types import MappingProxyType
from typing import Final, Literal

from suyuan.core.carriers.symbols import Symbology

MM_OF_INCH: Final = 25.4
RESOLUTIONS: Final = (203, 300, 600)
"""Dots to the inch of the usual printers: label printers 203, 300 and 600; sheets 300 and 600."""

_DOTS_OF_MM: Final[Mapping[int, float]] = MappingProxyType({203: 8.0})
_SLACK: Final = 1e-9  # 20 mm at 8 dots are 160 dots, however the quotient was rounded

type Reader = Literal["phone", "imager", "bars"]
"""A phone's camera, a hand-held or fixed 2D imager, or any scanner of bars at a warehouse."""


class DoesNotFit(ValueError):
    """Not even one dot for each module fits.

    Attributes:
        code: stable refusal code.
        data: `smallest_mm`, the smallest size at this resolution.
    """

    code = "symbol_too_small"

    def __init__(self, smallest_mm: float) -> None:
        """Keep what would have fitted."""
        self.data: dict[str, object] = {"smallest_mm": smallest_mm}
        super().__init__(self.code, smallest_mm)


@dataclass(frozen=True, slots=True)
class Size:
    """A symbol's size on paper.

    Attributes:
        modules: modules from left to right, with the quiet zone.
        module_dots: dots of the printer for each module.
        dpi: the printer's nominal resolution.
    """

    modules: int
    module_dots: int
    dpi: int

    @property
    def module_mm(self) -> float:
        """Width of a module."""
        return self.module_dots / dots_per_mm(self.dpi)

    @property
    def printed_mm(self) -> float:
        """Width of the whole symbol, with the quiet zone."""
        return self.modules * self.module_mm


class Grade(StrEnum):
    """How well a symbol of this size will be read."""

    GOOD = "good"
    FAIR = "fair"  # read by good devices, held still
    POOR = "poor"  # many devices will not read it


@dataclass(frozen=True, slots=True)
class Hint:
    """What to think of a size.

    Attributes:
        grade: how well it will be read by `reader`.
        reader: whom it was judged for.
        module_mm: width of a module.
        advised_mm: width of the whole symbol, with the quiet zone, from which it is good on this
            printer.
    """

    grade: Grade
    reader: Reader
    module_mm: float
    advised_mm: float


@dataclass(frozen=True, slots=True)
class _Need:
    """Widths of a module in mm: below `poor` it is poor, from `good` on good."""

    poor: float
    good: float


_NEEDS: Final[Mapping[Reader, _Need]] = MappingProxyType(
    {
        # A phone focuses from some 100 mm on and scans in frames of some 1,080 pixels across as
        # much: 0.09 mm a pixel, and a decoder wants three pixels a module. A shop's till wants
        # more: 0.396 mm (GenSpecs, symbol specification table for 2D at the point of sale).
        "phone": _Need(0.25, 0.30),
        # Denso Wave's advice on QR codes (qrcode.com, "Point for setting the module size"): usual
        # hand-held readers resolve 0.25 mm, those for small codes 0.1 to 0.2 mm. GenSpecs takes
        # 0.254 mm for the smallest DataMatrix on a package.
        "imager": _Need(0.17, 0.25),
        # GenSpecs, symbol specification table 5 (logistics): 0.495 to 1.016 mm; no table allows
        # bars of a GS1-128 below 0.25 mm.
        "bars": _Need(0.25, 0.495),
    }
)
# Phones open links from QR codes; DataMatrix is mostly read by imagers on a line.
_READERS: Final[Mapping[Symbology, Reader]] = MappingProxyType(
    {"qr": "phone", "datamatrix": "imager", "gs1_datamatrix": "imager", "gs1_128": "bars"}
)


def dots_per_mm(dpi: int) -> float:
    """Return the dots of a millimetre: what is sold as 203 dpi has 8 exactly."""
    return _DOTS_OF_MM.get(dpi, dpi / MM_OF_INCH)


def fit(modules: int, size_mm: float, dpi: int) -> Size:
    """Return the largest size within `size_mm` at whole dots a module.

    Args:
        modules: on the side that `size_mm` measures, with the quiet zone (`Symbol.width`).
        size_mm: room, with the quiet zone.
        dpi: the printer's resolution.

    Raises:
        DoesNotFit: not one dot for each module.
    """
    dots = floor(size_mm * dots_per_mm(dpi) / modules + _SLACK)
    if dots < 1:
        raise DoesNotFit(Size(modules, 1, dpi).printed_mm)
    return Size(modules, dots, dpi)


def at_least(modules: int, module_mm: float, dpi: int) -> Size:
    """Return the smallest size whose modules are at least `module_mm` wide."""
    return Size(modules, max(ceil(module_mm * dots_per_mm(dpi) - _SLACK), 1), dpi)


def hint(size: Size, symbology: Symbology, *, reader: Reader | None = None) -> Hint:
    """Return how well a symbol of this size will be read.

    Args:
        size: what is printed.
        symbology: its kind.
        reader: who reads it; without, whoever mostly reads this kind.
    """
    who = reader or _READERS[symbology]
    need = _NEEDS[who]
    module = size.module_mm
    grade = Grade.FAIR
    if module >= need.good - _SLACK:
        grade = Grade.GOOD
    elif module < need.poor - _SLACK:
        grade = Grade.POOR
    advised = at_least(size.modules, need.good, size.dpi)
    return Hint(grade, who, module, advised.printed_mm)
