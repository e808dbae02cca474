"""What is written into a chip once, so that it writes its message into the link at every tap.

Owns: the link with places for what the chip fills in, their offsets in the NDEF file, and the bytes
of the command ChangeFileSettings that tell the chip of them.
Source: NXP NT4H2421Tx §11.7.1, tables 69 and 71; AN12196 §5.9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from suyuan.core.nfc import ndef
from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.layout import MAC_BYTES, Layout, MacInput, Mirror, SealAt
from suyuan.core.nfc.seal import STATUS_BYTES

_SDM_ENABLED: Final = 0x40  # with plain communication
_UID, _COUNTER, _FILE, _SEAL, _ASCII = 0x80, 0x40, 0x10, 0x08, 0x01
_FREE, _NOBODY = 0xE, 0xF
_FILL: Final = "0"
_WEB: Final = re.compile(r"https?://[^/?#]")
_LONGEST_SHORT: Final = 255


@dataclass(frozen=True, slots=True)
class Slots:
    """Which of the chip's five keys (0 to 4) does what."""

    app: int = 0  # writes the file and changes keys and settings
    meta: int = 1  # encrypts PICC data
    file: int = 2  # makes MACs and encrypts file data

    def check(self) -> None:
        """Refuse numbers that are no key's.

        Raises:
            NfcError: `slot_number`, or `slots_alike`: the master key must be no other.
        """
        for name, number in (("app", self.app), ("meta", self.meta), ("file", self.file)):
            if not 0 <= number <= 4:
                raise NfcError("slot_number", field=f"slot_{name}", given=number)
        if self.app in {self.meta, self.file}:
            raise NfcError("slots_alike", field="slot_app")


@dataclass(slots=True)
class _Offsets:
    uid: int | None = None
    counter: int | None = None
    picc: int | None = None
    seal: int | None = None
    mac_input: int = 0
    file: int | None = None
    mac: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A link with places to fill, and where they are, in bytes from the file's beginning."""

    url: str
    file: bytes  # of the NDEF file: length, then the message
    settings: bytes  # of ChangeFileSettings, behind the file's number
    offsets: dict[str, int] = field(default_factory=dict)  # by the data sheet's names


def template(layout: Layout, base: str, *, slots: Slots, content: bytes = b"") -> Template:
    """Return what one chip is written with.

    Args:
        layout: How it is to write its message.
        base: The link to which the message is added.
        slots: The keys that it uses.
        content: The file data to be encrypted, ASCII, at most `layout.file_bytes` (shorter is
            filled up); with the seal among it, the first two bytes are the chip's.

    Raises:
        NfcError: what `Layout.check` and `Slots.check` raise; `link_not_web`,
            `link_characters`, `link_too_long` or `content_too_long`.
    """
    layout.check()
    slots.check()
    if _WEB.match(base) is None:
        raise NfcError("link_not_web")
    if not base.isascii() or not base.isprintable() or " " in base or "#" in base:
        raise NfcError("link_characters")
    url, offsets = _filled(layout, base, _content(layout, content))
    message = ndef.encode([ndef.uri_record(url)])
    file = ndef.to_file(message)
    most = min(ndef.CAPACITY["ntag424"], _LONGEST_SHORT)
    if len(file) > most:
        raise NfcError("link_too_long", bytes=len(file), most=most)
    # `https://www.` has a prefix of its own: what is left of the link stands at the end.
    shift = len(file) - len(url)
    for name in _Offsets.__slots__:
        if (offset := getattr(offsets, name)) is not None:
            setattr(offsets, name, offset + shift)
    return Template(url, file, _settings(layout, slots, offsets), _named(layout, offsets))


def _content(layout: Layout, content: bytes) -> str:
    own = STATUS_BYTES if layout.seal is SealAt.FILE else 0
    text = content.decode("ascii", errors="replace")
    if len(text) + own > layout.file_bytes:
        raise NfcError("content_too_long", most=layout.file_bytes - own, given=len(text))
    return (_FILL * own + text).ljust(layout.file_bytes, _FILL)


def _filled(layout: Layout, base: str, content: str) -> tuple[str, _Offsets]:
    """Return the link and where in its text the chip writes."""
    at = _Offsets()
    url = base + ("&" if "?" in base else "?")

    def place(name: str, text: str, *, joined: bool = False) -> int:
        nonlocal url
        if not joined:
            url += f"{'' if url[-1] in '?&' else '&'}{name}="
        start = len(url)
        url += text
        return start

    if layout.mirror is Mirror.ENCRYPTED:
        first = at.picc = place(layout.picc_name, _FILL * 2 * layout.picc_bytes)
    else:
        first = at.uid = place(layout.uid_name, _FILL * 14)
        at.counter = place(layout.counter_name, _FILL * 6)
    if layout.file_bytes:
        # The first half is what is encrypted; the whole is where its hex digits go.
        text = content + _FILL * layout.file_bytes
        at.file = place(layout.file_name, text, joined=layout.bulk)
        if layout.seal is SealAt.FILE:
            at.seal = at.file
    if layout.seal is SealAt.PLAIN:
        at.seal = place(layout.seal_name, _FILL * STATUS_BYTES)
    at.mac = place(layout.mac_name, _FILL * 2 * MAC_BYTES, joined=layout.bulk)
    starts = {MacInput.EMPTY: at.mac, MacInput.PICC: first, MacInput.FILE: at.file or first}
    at.mac_input = starts[layout.mac_input]
    return url, at


def _settings(layout: Layout, slots: Slots, at: _Offsets) -> bytes:
    encrypted = layout.mirror is Mirror.ENCRYPTED
    options = _UID | _COUNTER | _ASCII
    options |= _FILE if layout.file_bytes else 0
    options |= _SEAL if at.seal is not None else 0
    # Anybody reads; the master key alone writes and changes (nibbles: read, write, both, change).
    rights = _FREE << 12 | slots.app << 8 | slots.app << 4 | slots.app
    meta = slots.meta if encrypted else _FREE
    sdm_rights = meta << 12 | slots.file << 8 | 0xF << 4 | _NOBODY
    offsets = [at.uid, at.counter, at.picc, at.seal, at.mac_input]
    if at.file is not None:
        offsets += [at.file, 2 * layout.file_bytes]
    offsets.append(at.mac)
    return b"".join(
        [
            bytes([_SDM_ENABLED]),
            rights.to_bytes(2, "little"),
            bytes([options]),
            sdm_rights.to_bytes(2, "little"),
            *(offset.to_bytes(3, "little") for offset in offsets if offset is not None),
        ]
    )


def _named(layout: Layout, at: _Offsets) -> dict[str, int]:
    named = {
        "UIDOffset": at.uid,
        "SDMReadCtrOffset": at.counter,
        "PICCDataOffset": at.picc,
        "TTStatusOffset": at.seal,
        "SDMMACInputOffset": at.mac_input,
        "SDMENCOffset": at.file,
        "SDMENCLength": 2 * layout.file_bytes or None,
        "SDMMACOffset": at.mac,
    }
    return {name: offset for name, offset in named.items() if offset is not None}
