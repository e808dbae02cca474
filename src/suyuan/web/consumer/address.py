"""Read the address of a consumer's page.

Owns: `Asked`, what an address asks about, and the reasons why one cannot be read.

What is followed: GS1 Digital Link URI Syntax 1.x for the keys 01 (with qualifiers 22, 10 and 21 in
that order) and 00. GTIN-8, -12 and -13 are padded with zeros. A malformed value is an error of the
asker's (400), not something that does not exist (404).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from suyuan.core.codespace import SERIAL_LENGTH, normalise
from suyuan.core.identifiers import Gtin, IdentifierError, Sscc, link_encode, valid_serial
from suyuan.kernel.errors import Invalid

_LONGEST: Final = 200
# The server hands addresses over with escapes undone, so a slash may be part of a value: a value
# goes on to the next qualifier or to the end.
_TRADE_ITEM: Final = re.compile(
    r"/01/(?P<gtin>[^/]*)(?:/22/(?P<variant>[^/]+))?(?:/10/(?P<lot>.+?))?(?:/21/(?P<serial>.+?))?/?"
)
_UNIT: Final = re.compile(r"/00/(?P<sscc>[^/]*)/?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks about; the values are well-formed."""

    gtin: str = ""  # 14 digits
    lot: str = ""
    serial: str = ""
    sscc: str = ""

    @property
    def path(self) -> str:
        """The address without what is not needed to find it again."""
        if self.sscc:
            return f"/00/{self.sscc}"
        lot = f"/10/{link_encode(self.lot)}" if self.lot else ""
        serial = f"/21/{link_encode(self.serial)}" if self.serial else ""
        return f"/01/{self.gtin}{lot}{serial}"

    @property
    def product_path(self) -> str:
        """The address of the product."""
        return f"/01/{self.gtin}"


def read_address(path: str) -> Asked:
    """Return what `path` (escapes undone) asks about.

    Raises:
        Invalid: `link_malformed`, `gtin_length`, `gtin_check_digit`, `not_digits`, `sscc_length`,
            `sscc_check_digit`, `lot_malformed` or `serial_malformed`.
    """
    if len(path) > _LONGEST:
        raise Invalid("link_malformed")
    if (unit := _UNIT.fullmatch(path)) is not None:
        return Asked(sscc=_checked(Sscc, unit["sscc"].strip()).value)
    found = _TRADE_ITEM.fullmatch(path)
    if found is None:
        raise Invalid("link_malformed")
    lot, serial = (found["lot"] or "").strip(), (found["serial"] or "").strip()
    gtin = _checked(Gtin, found["gtin"].strip()).value
    if lot and not valid_serial(lot):
        raise Invalid("lot_malformed")
    if serial and not valid_serial(_plain(serial)):
        raise Invalid("serial_malformed")
    return Asked(gtin=gtin, lot=lot, serial=_plain(serial))


def _checked[Key: (Gtin, Sscc)](kind: type[Key], digits: str) -> Key:
    try:
        return kind.parse(digits)
    except IdentifierError as error:
        raise Invalid(error.code) from error


def _plain(serial: str) -> str:
    """Undo what people do to a serial that they read aloud: groups with spaces or hyphens."""
    return serial if serial.isascii() and " " not in serial else serial.replace(" ", "")


def corrected(serial: str) -> str:
    """Return a serial of ours as it was meant, or "" where it is right, or beyond repair."""
    meant = normalise(serial)
    return meant if meant != serial and len(meant) == SERIAL_LENGTH else ""
