"""How a chip writes its message into a link: which parameters, and what the MAC covers.

Owns: `Layout` and which layouts a chip can be told to write.
Source: NXP NT4H2421Tx §9.3 and table 71.

The parameters stand in one order: PICC data (or UID and counter), file data, seal, MAC. The MAC's
input is the text of the link from one of them up to the MAC's own value, so it is the same text on
both ends only as long as nobody changes the order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from suyuan.core.nfc.aes import BLOCK
from suyuan.core.nfc.errors import NfcError

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
# What the addresses that bear the parameters understand themselves.
_RESERVED: Final = frozenset({"lang", "linkType", "code"})
MOST_FILE_BYTES: Final = 64  # more does not fit into the chip's 256 bytes beside a link
MAC_BYTES: Final = 8


class Mode(StrEnum):
    """What the chip encrypts with; a chip that is switched to LRP stays so."""

    AES = "aes"
    LRP = "lrp"


class Mirror(StrEnum):
    """How UID and counter stand in the link."""

    ENCRYPTED = "encrypted"  # as PICC data, under the meta key
    PLAIN = "plain"


class MacInput(StrEnum):
    """From where on the MAC covers the link."""

    EMPTY = "empty"  # it covers nothing but UID and counter, through its key
    FILE = "file"  # from the file data on
    PICC = "picc"  # from the first parameter on


class SealAt(StrEnum):
    """Where the state of the tamper loop stands."""

    NONE = "none"  # the chip has no loop
    FILE = "file"  # the first two characters of the encrypted file data
    PLAIN = "plain"  # a parameter of its own, which the MAC covers


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way of writing; `check` says whether a chip can be told so.

    With `bulk`, PICC data, file data and MAC stand in one value, that of `picc_name`.
    """

    mode: Mode = Mode.AES
    mirror: Mirror = Mirror.ENCRYPTED
    mac_input: MacInput = MacInput.EMPTY
    file_bytes: int = 0  # of encrypted file data, in whole blocks
    seal: SealAt = SealAt.NONE
    bulk: bool = False
    picc_name: str = "picc_data"
    uid_name: str = "uid"
    counter_name: str = "ctr"
    file_name: str = "enc"
    seal_name: str = "tt"
    mac_name: str = "cmac"

    @property
    def picc_bytes(self) -> int:
        """The length of the encrypted PICC data: one block, in LRP mode behind 8 random bytes."""
        return BLOCK + 8 if self.mode is Mode.LRP else BLOCK

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of a link, in their order."""
        if self.bulk:
            return (self.picc_name,)
        plain = self.mirror is Mirror.PLAIN
        return (
            *((self.uid_name, self.counter_name) if plain else (self.picc_name,)),
            *((self.file_name,) if self.file_bytes else ()),
            *((self.seal_name,) if self.seal is SealAt.PLAIN else ()),
            self.mac_name,
        )

    def check(self) -> None:
        """Refuse what no chip writes, or what would prove nothing.

        Raises:
            NfcError: `layout_name`, `layout_names_alike`, `layout_file_bytes`,
                `layout_file_uncovered`, `layout_no_file`, `layout_seal_no_file`,
                `layout_seal_uncovered` or `layout_bulk`; `field` names the setting.
        """
        for field in fields(self):
            name = getattr(self, field.name)
            if field.name.endswith("_name") and (
                _NAME.fullmatch(name) is None or name in _RESERVED
            ):
                raise NfcError("layout_name", field=field.name, given=name[:20])
        if len(set(self.names)) != len(self.names):
            raise NfcError("layout_names_alike", field="mac_name")
        if not 0 <= self.file_bytes <= MOST_FILE_BYTES or self.file_bytes % BLOCK:
            raise NfcError("layout_file_bytes", field="file_bytes", most=MOST_FILE_BYTES)
        self._check_cover()

    def _check_cover(self) -> None:
        covered = self.mac_input is not MacInput.EMPTY
        if self.file_bytes and not covered:
            # The chip itself demands that the MAC covers the file data.
            raise NfcError("layout_file_uncovered", field="mac_input")
        if self.mac_input is MacInput.FILE and not self.file_bytes:
            raise NfcError("layout_no_file", field="mac_input")
        if self.seal is SealAt.FILE and not self.file_bytes:
            raise NfcError("layout_seal_no_file", field="seal")
        if self.seal is SealAt.PLAIN and not covered:
            # Else anybody could write that the seal is intact.
            raise NfcError("layout_seal_uncovered", field="seal")
        if self.bulk and (self.mirror is Mirror.PLAIN or self.seal is SealAt.PLAIN):
            raise NfcError("layout_bulk", field="bulk")
