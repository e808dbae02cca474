"""Read what a person scanned, pasted or typed into the units that an event names.

Owns: the bare forms (18 or 20 digits of an SSCC) that only people write; one fault for each line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from suyuan.core.identifiers import (
    IdentifierError,
    Identity,
    Scheme,
    Sscc,
    parse_identity,
)
from suyuan.kernel.errors import Invalid

UNIT_LIMIT: Final = 100_000  # units in one act
_SSCC_LENGTH: Final = 18
# What can be moved as one thing: an item, a case, a returnable box, a waybill's parcel.
_INSTANCES: Final = frozenset(
    {Scheme.SGTIN, Scheme.SSCC, Scheme.GRAI, Scheme.GIAI, Scheme.ITIP, Scheme.UPUI, Scheme.URI}
)


class Line(NamedTuple):
    """A unit and the line, from 1, that it stood on."""

    number: int
    unit: Identity


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with one line.

    Attributes:
        line: From 1.
        text: As given, cut.
        code: Stable code.
        data: What the sentence needs.
    """

    line: int
    text: str
    code: str
    data: dict[str, str] = field(default_factory=dict)


def read_unit(text: str) -> Identity:
    """Read one unit in any form.

    Raises:
        IdentifierError: the codes of `parse_identity`; `not_a_unit` for a class, a lot or a place.
    """
    text = text.strip()
    digits = text.removeprefix("(00)").removeprefix("00") if len(text) > _SSCC_LENGTH else text
    if len(digits) == _SSCC_LENGTH and digits.isascii() and digits.isdigit():
        return Identity(Scheme.SSCC, Sscc.parse(digits).value)
    identity = parse_identity(text)
    serialised = bool(identity.secondary) or identity.scheme is not Scheme.GRAI
    if identity.scheme not in _INSTANCES or not serialised:
        raise IdentifierError("not_a_unit", {"given": text})
    return identity


def read_lines(lines: Iterable[str]) -> tuple[list[Line], list[LineFault]]:
    """Read one unit a line; empty lines do not count, a unit given twice is a fault."""
    units: dict[Identity, int] = {}
    faults: list[LineFault] = []
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            unit = read_unit(text)
        except IdentifierError as error:
            faults.append(LineFault(line, text[:80], error.code, dict(error.data)))
            continue
        if unit in units:
            faults.append(LineFault(line, text[:80], "unit_twice", {"first": str(units[unit])}))
        units.setdefault(unit, line)
    return [Line(line, unit) for unit, line in units.items()], faults


def texts_of(units: Sequence[str], *, place: str) -> list[str]:
    """Return units as events name them.

    Raises:
        Invalid: `units_missing`, `too_many_units`, `unit_twice`, or the code of what is wrong with
            one; the place ends with its position.
    """
    if not units:
        raise Invalid("units_missing", place=place)
    if len(units) > UNIT_LIMIT:
        raise Invalid("too_many_units", place=place, limit=UNIT_LIMIT)
    found: dict[str, None] = {}
    for position, text in enumerate(units):
        unit = text_of(text, place=f"{place}/{position}")
        if unit in found:
            raise Invalid("unit_twice", place=f"{place}/{position}", given=unit)
        found[unit] = None
    return list(found)


def text_of(unit: str, *, place: str) -> str:
    """Return one unit as events name it; raises as `texts_of`."""
    try:
        return read_unit(unit).digital_link()
    except IdentifierError as error:
        raise Invalid(error.code, place=place, **error.data) from error
