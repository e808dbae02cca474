"""A picture of one code, for a print house's artwork or a label drawn elsewhere.

Owns: which text stands in which kind of symbol, the sizes that may be asked for, the audit row of
a download.
Does not own: drawing (core.carriers), labels (labels, printing).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db import transaction

from suyuan.core.carriers import LEVELS, Level, Symbol, Symbology, TextDoesNotFit, draw
from suyuan.core.carriers.formats import FORMATS, Form, PictureTooLarge, write
from suyuan.core.carriers.sizing import RESOLUTIONS, DoesNotFit, Hint, Size, fit, hint
from suyuan.core.carriers.symbols import BAR_MM, KINDS
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

SMALLEST_MM: Final = 3
LARGEST_MM: Final = 300
USUAL_MM: Final[Mapping[Symbology, int]] = MappingProxyType(
    {"qr": 20, "datamatrix": 15, "gs1_datamatrix": 12, "gs1_128": 90}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What picture is asked for.

    Attributes:
        code: what it names, in any form.
        symbology: its kind; "" for what its scheme usually bears.
        level: of a QR code.
        size_mm: room for the whole symbol, with the quiet zone; 0 for the usual.
        dpi: resolution of the printer.
        bar_mm: height of bars.
    """

    code: str
    symbology: Symbology | str = ""
    level: Level | str = "M"
    size_mm: float = 0
    dpi: int = 300
    bar_mm: float = BAR_MM


@dataclass(frozen=True, slots=True)
class Drawn:
    """A symbol at its size, and what to think of it."""

    identity: Identity
    symbol: Symbol
    size: Size
    hint: Hint
    bar_mm: float


def usual_symbology(identity: Identity) -> Symbology:
    """Return what goods of a scheme mostly bear: bars on cases, QR codes on all else."""
    return "gs1_128" if identity.scheme is Scheme.SSCC else "qr"


def draw_code(wanted: Wanted, *, base_url: str) -> Drawn:
    """Return the symbol of a code at whole dots of a printer.

    Raises:
        Invalid: `symbol_options`, `symbol_text`, `symbol_too_small`, or what is wrong with the
            code.
    """
    try:
        identity = parse_identity(wanted.code.strip())
        symbology = _symbology(wanted.symbology or usual_symbology(identity))
        elements = KINDS[symbology].elements
        text = identity.element_string() if elements else identity.digital_link(base_url)
        symbol = draw(text, symbology=symbology, level=_level(wanted.level))
        size = fit(symbol.width, _millimetres(wanted, symbology), _dpi(wanted.dpi))
    except IdentifierError as error:
        raise Invalid(error.code, place="code", **error.data) from error
    except TextDoesNotFit as error:
        raise Invalid(error.code, place="code", **error.data) from error
    except DoesNotFit as error:
        raise Invalid(error.code, place="size_mm", **error.data) from error
    if not SMALLEST_MM <= wanted.bar_mm <= LARGEST_MM:
        raise _options("bar_mm")
    return Drawn(identity, symbol, size, hint(size, symbology), wanted.bar_mm)


def picture_file(drawn: Drawn, form: Form | str) -> tuple[bytes, str]:
    """Return a drawn code as a file, with its content type.

    Raises:
        Invalid: `symbol_options` for an unknown format, `symbol_too_large`.
    """
    known = next((name for name in FORMATS if name == form), None)
    if known is None:
        raise _options("form")
    try:
        body = write(drawn.symbol, known, drawn.size, bar_mm=drawn.bar_mm)
    except PictureTooLarge as error:
        raise Invalid(error.code, place="size_mm", **error.data) from error
    return body, FORMATS[known].content_type


def download_picture(
    *, actor: Actor, wanted: Wanted, form: Form | str, base_url: str
) -> tuple[Drawn, bytes, str]:
    """Return a code's picture as (drawn, file, content type); who took it is audited.

    Raises:
        Forbidden: without `codes.download`.
        Invalid: see `draw_code` and `picture_file`.
    """
    actor.require(Right.CODES_DOWNLOAD)
    drawn = draw_code(wanted, base_url=base_url)
    body, content_type = picture_file(drawn, form)
    with transaction.atomic():
        actor.audit(
            "codes.picture",
            kind="code",
            object_id=drawn.identity.digital_link()[:200],
            changes={
                "form": [None, form],
                "symbology": [None, drawn.symbol.symbology],
                "size_mm": [None, round(drawn.size.printed_mm, 2)],
                "dpi": [None, drawn.size.dpi],
            },
        )
    return drawn, body, content_type


def _symbology(given: str) -> Symbology:
    for name in KINDS:
        if name == given:
            return name
    raise _options("symbology")


def _level(given: str) -> Level:
    for name in LEVELS:
        if name == given:
            return name
    raise _options("level")


def _dpi(given: int) -> int:
    if given not in RESOLUTIONS:
        raise _options("dpi")
    return given


def _millimetres(wanted: Wanted, symbology: Symbology) -> float:
    size = wanted.size_mm or USUAL_MM[symbology]
    if not SMALLEST_MM <= size <= LARGEST_MM:
        raise _options("size_mm")
    return size


def _options(place: str) -> Invalid:
    return Invalid("symbol_options", place=place, smallest=SMALLEST_MM, largest=LARGEST_MM)
