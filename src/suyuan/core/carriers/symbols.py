"""Turn a text into the dark and light modules of a symbol.

Owns: the kinds of symbols, their quiet zones, how much text each holds; `draw` and `draw_many`.
Does not own: which text a code bears (identifiers), how large it is printed (`sizing`), files
(`formats`).
Sources: ISO/IEC 18004 (QR), ISO/IEC 16022 (DataMatrix), ISO/IEC 15417 and GS1 General
Specifications §5.4 (GS1-128), §5.6 (GS1 DataMatrix).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from suyuan.core.identifiers import elements_of, parse_elements, write_elements

type Symbology = Literal["qr", "datamatrix", "gs1_datamatrix", "gs1_128"]
"""QR and DataMatrix hold any link; the GS1 ones hold AI element strings and say so by FNC1."""

type Level = Literal["L", "M", "Q", "H"]
"""How much of a QR code may be damaged: about 7, 15, 25 or 30 %; other kinds fix it themselves."""

LEVELS: Final[tuple[Level, ...]] = ("L", "M", "Q", "H")
BAR_MM: Final = 31.75
"""Height of a case label's bars (GS1 General Specifications, symbol specification table 5)."""


class TextDoesNotFit(ValueError):
    """The text is empty, too long for its symbol, or has characters that readers guess at.

    Attributes:
        code: stable refusal code.
        data: `longest`, the characters that the symbol may hold here.
    """

    code = "symbol_text"

    def __init__(self, longest: int) -> None:
        """Keep what would have fitted."""
        self.data: dict[str, object] = {"longest": longest}
        super().__init__(self.code, longest)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of symbol.

    Attributes:
        side: quiet zone to the left and right, in modules.
        ends: quiet zone above and below, in modules.
        longest: characters that it may hold here, separators among them.
        elements: whether it holds AI element strings.
        bars: whether it is a row of bars rather than a matrix.
    """

    format: Any
    side: int
    ends: int
    longest: int
    elements: bool = False
    bars: bool = False
    options: Mapping[str, object] = MappingProxyType({})


_QR, _DM = zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix
# What a phone still reads from a label is far below what the standards allow.
_LONGEST: Final = 1_000
# Not every reader knows the long rectangles that an encoder would take for short texts.
_SQUARE: Final = MappingProxyType({"force_square": True})
_GS1: Final = MappingProxyType({"gs1": True})
KINDS: Final[Mapping[Symbology, Kind]] = MappingProxyType(
    {
        "qr": Kind(_QR, 4, 4, _LONGEST),
        "datamatrix": Kind(_DM, 1, 1, _LONGEST, options=_SQUARE),
        "gs1_datamatrix": Kind(_DM, 1, 1, 400, elements=True, options=_SQUARE | _GS1),
        # GenSpecs §5.4.4: at most 48 characters; ten modules to the left and right.
        "gs1_128": Kind(
            zxingcpp.BarcodeFormat.Code128, 10, 0, 48, elements=True, bars=True, options=_GS1
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol's modules, without the quiet zone.

    Attributes:
        text: what it says; of element strings the form with brackets.
        symbology: its kind.
        modules: shape (rows, columns), True is dark; bars are one row.
    """

    text: str
    symbology: Symbology
    modules: NDArray[np.bool_]

    @property
    def kind(self) -> Kind:
        """The rules of its kind."""
        return KINDS[self.symbology]

    @property
    def width(self) -> int:
        """Modules from left to right, with the quiet zone."""
        return int(self.modules.shape[1]) + 2 * self.kind.side

    @property
    def height(self) -> int:
        """Modules from top to bottom, with the quiet zone; 1 for bars, whose height is free."""
        return int(self.modules.shape[0]) + 2 * self.kind.ends

    def framed(self) -> NDArray[np.bool_]:
        """Return the modules within their quiet zone: shape (height, width), True is dark."""
        kind = self.kind
        return np.pad(self.modules, ((kind.ends, kind.ends), (kind.side, kind.side)))

    def runs(self) -> list[tuple[int, int, int]]:
        """Return (x, y, length) of each run of dark modules, from the quiet zone's upper left."""
        kind = self.kind
        edges = np.diff(np.pad(self.modules, ((0, 0), (1, 1))).view(np.int8), axis=1)
        # Rising and falling edges alternate within each row, which nonzero goes through in order.
        rows, columns = np.nonzero(edges)
        starts, ends = columns[::2], columns[1::2]
        places = zip(
            (starts + kind.side).tolist(),
            (rows[::2] + kind.ends).tolist(),
            (ends - starts).tolist(),
            strict=True,
        )
        return list(places)

    def packed(self) -> bytes:
        """Return the framed modules, one bit each, dark is 0; each row begins a byte.

        So PDF's images (`DeviceGray`, one bit) and PNG's want them: drawn one module a pixel, the
        page's transformation does the rest.
        """
        return np.packbits(~self.framed(), axis=1).tobytes()


def draw(text: str, *, symbology: Symbology = "qr", level: Level = "M") -> Symbol:
    """Return the symbol of `text`.

    Args:
        text: printable ASCII, as every URI is, because readers guess at the rest; for a GS1 kind an
            element string that names something, with brackets or as a scanner sends it.
        symbology: which kind.
        level: of a QR code; more where it fits without another row.

    Raises:
        TextDoesNotFit: empty, too long for its kind, or not printable ASCII.
        IdentifierError: an element string that is malformed, unknown, or names nothing.
    """
    return next(draw_many((text,), symbology=symbology, level=level))


def draw_many(
    texts: Iterable[str], *, symbology: Symbology = "qr", level: Level = "M"
) -> Iterator[Symbol]:
    """Yield the symbol of each text as it is asked for; raises as `draw` does."""
    kind = KINDS[symbology]
    options = dict(kind.options) | ({"ec_level": level} if symbology == "qr" else {})
    create, form, longest = zxingcpp.create_barcode, kind.format, kind.longest
    for text in texts:
        if not (0 < len(text) <= _LONGEST and text.isascii()):
            raise TextDoesNotFit(longest)
        if kind.elements:
            content, shown = _elements(text)
        elif text.isprintable():
            content = shown = text
        else:
            raise TextDoesNotFit(longest)
        try:
            code = create(content, form, **options)
        except ValueError as error:  # the encoder's own limits
            raise TextDoesNotFit(longest) from error
        if len(code.bytes) > longest:
            raise TextDoesNotFit(longest)
        picture = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
        yield Symbol(shown, symbology, (picture[:1] if kind.bars else picture) == 0)


def _elements(text: str) -> tuple[str, str]:
    """Return an element string as the encoder and as people write it."""
    parse_elements(text)  # a code that names nothing is none
    elements = elements_of(text)
    # Square brackets are in no value, so that round ones need no escape.
    content = "".join(f"[{ai}]{value}" for ai, value in elements.items())
    return content, write_elements(elements)
