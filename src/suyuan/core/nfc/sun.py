"""Verify what a chip wrote into its link: SUN messages of NTAG 424 DNA.

Owns: reading the parameters, the session keys, the MAC, the decryption of PICC and file data.
Does not own: whether the counter was seen before (nfc); whose chip it is.
Source: NXP AN12196 §3.3 and §3.4 (AES), AN12321 and AN12304 (LRP).
Invariant: nothing of a message is told as read by `verify` before its MAC was found right.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from suyuan.core.nfc import aes
from suyuan.core.nfc.diversify import UID_BYTES, chip_input, diversify
from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.layout import MAC_BYTES, Layout, MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.lrp import Lrp
from suyuan.core.nfc.seal import STATUS_BYTES, Seal, read_seal

COUNTER_BYTES: Final = 3
HIGHEST_COUNTER: Final = (1 << 8 * COUNTER_BYTES) - 1
# UID mirrored, counter mirrored, a UID of seven bytes: the only tag byte from which a message can
# be verified and a replay be told.
PICC_TAG: Final = 0xC7

_HEX: Final = re.compile(r"[0-9A-Fa-f]*")
_STATUS: Final = re.compile(r"[A-Za-z0-9]{2}")
_MAC_KEY: Final = bytes.fromhex("3CC300010080")  # SV2
_FILE_KEY: Final = bytes.fromhex("C33C00010080")  # SV1
_LRP_HEAD: Final = bytes.fromhex("00010080")
_LRP_TAIL: Final = bytes.fromhex("1EE1")
_LRP_RANDOM: Final = 8
_LRP_FILE: Final = 1  # the updated key that encrypts file data


@dataclass(frozen=True, slots=True)
class SunKeys:
    """The keys of a chip, or of all chips of a kind.

    `system` is the system identifier by which `file` is diversified for each UID; empty where
    every chip has `file` itself. The meta key is the same in all chips: the UID, by which it could
    be diversified, is what it encrypts.
    """

    meta: bytes
    file: bytes
    system: bytes = b""

    def file_key(self, uid: bytes) -> bytes:
        """Return the file key of one chip."""
        return diversify(self.file, chip_input(uid, self.system)) if self.system else self.file

    def __repr__(self) -> str:
        """Say nothing of the keys: values get into logs."""
        return f"SunKeys(diversified={bool(self.system)})"


@dataclass(frozen=True, slots=True)
class Message:
    """The parameters of a link, as bytes; nothing is verified yet."""

    mac: bytes
    covered: bytes  # the text that the MAC covers
    picc: bytes = b""  # encrypted; empty where UID and counter are plain
    uid: bytes = b""
    counter: int = 0
    file: bytes = b""  # encrypted
    status: str = ""  # of the seal, where it is plain


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. `genuine` tells whether its MAC is right; else believe nothing."""

    uid: bytes
    counter: int
    genuine: bool
    picc: bytes = b""  # decrypted
    file: bytes = b""  # decrypted; empty unless genuine
    seal: Seal | None = None  # None: the chip has no loop, or the message is not genuine


def read_message(layout: Layout, parameters: Mapping[str, str]) -> Message:
    """Return the message of a link.

    Args:
        layout: How the chip writes.
        parameters: The link's query, values decoded; what the layout does not name is left out.

    Raises:
        NfcError: `tap_parameter_missing`, `tap_not_hex`, `tap_length` or `tap_status`; `name` is
            the parameter's.
    """
    if layout.bulk:
        return _bulk(layout, parameters)
    texts: dict[str, str] = {}
    picc, uid, counter = b"", b"", 0
    if layout.mirror is Mirror.ENCRYPTED:
        picc = _taken(parameters, layout.picc_name, layout.picc_bytes, texts)
    else:
        uid = _taken(parameters, layout.uid_name, UID_BYTES, texts)
        # Most significant byte first here, unlike in the session vectors.
        plain = _taken(parameters, layout.counter_name, COUNTER_BYTES, texts)
        counter = int.from_bytes(plain)
    secret = b""
    if layout.file_bytes:
        secret = _taken(parameters, layout.file_name, layout.file_bytes, texts)
    status = ""
    if layout.seal is SealAt.PLAIN:
        status = texts[layout.seal_name] = _given(parameters, layout.seal_name)
        if _STATUS.fullmatch(status) is None:
            raise NfcError("tap_status", name=layout.seal_name)
    mac = _taken(parameters, layout.mac_name, MAC_BYTES, {})
    return Message(mac, covered_text(layout, texts), picc, uid, counter, secret, status)


def covered_text(layout: Layout, texts: Mapping[str, str]) -> bytes:
    """Return the text that the MAC covers.

    Args:
        layout: How the chip writes.
        texts: The values in front of the MAC by parameter, in their order, as they stand in the
            link; for `bulk`, the value without the MAC.
    """
    if layout.mac_input is MacInput.EMPTY:
        return b""
    if layout.bulk:
        value = texts[layout.picc_name]
        start = 2 * layout.picc_bytes if layout.mac_input is MacInput.FILE else 0
        return value[start:].encode()
    names = list(texts)
    first = names.index(layout.file_name) if layout.mac_input is MacInput.FILE else 0
    pairs = [f"{name}={texts[name]}" for name in names[first:]]
    head = len(names[first]) + 1
    return f"{'&'.join(pairs)}&{layout.mac_name}="[head:].encode()


def _bulk(layout: Layout, parameters: Mapping[str, str]) -> Message:
    size = layout.picc_bytes + layout.file_bytes + MAC_BYTES
    texts: dict[str, str] = {}
    value = _taken(parameters, layout.picc_name, size, texts)
    texts = {layout.picc_name: texts[layout.picc_name][: -2 * MAC_BYTES]}
    return Message(
        mac=value[-MAC_BYTES:],
        covered=covered_text(layout, texts),
        picc=value[: layout.picc_bytes],
        file=value[layout.picc_bytes : -MAC_BYTES],
    )


def _given(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name, "")
    if not value:
        raise NfcError("tap_parameter_missing", name=name)
    return value


def _taken(parameters: Mapping[str, str], name: str, length: int, texts: dict[str, str]) -> bytes:
    """Return a value of `length` bytes, and keep its text as the chip wrote it: upper case."""
    value = _given(parameters, name)
    if len(value) != 2 * length:
        raise NfcError("tap_length", name=name, expected=2 * length, given=len(value))
    if _HEX.fullmatch(value) is None:
        raise NfcError("tap_not_hex", name=name)
    texts[name] = value.upper()
    return bytes.fromhex(value)


def examine(layout: Layout, keys: SunKeys, message: Message) -> Reading:
    """Return what a message says, and whether it is genuine.

    Raises:
        NfcError: `picc_tag`: the PICC data is not of a chip with this meta key; `tag` is the byte.
    """
    picc, uid, counter = b"", message.uid, message.counter
    if layout.mirror is Mirror.ENCRYPTED:
        picc = _picc(layout.mode, keys.meta, message.picc)
        if picc[0] != PICC_TAG:
            raise NfcError("picc_tag", tag=picc[0])
        uid = picc[1 : 1 + UID_BYTES]
        counter = int.from_bytes(picc[1 + UID_BYTES : 1 + UID_BYTES + COUNTER_BYTES], "little")
    session = _Session(layout.mode, keys.file_key(uid), uid, counter)
    if not hmac.compare_digest(session.mac(message.covered), message.mac):
        return Reading(uid, counter, genuine=False, picc=picc)
    plain = session.decrypted(message.file) if message.file else b""
    status = message.status
    if layout.seal is SealAt.FILE:
        status = plain[:STATUS_BYTES].decode("latin-1")
    seal = None if layout.seal is SealAt.NONE else read_seal(status)
    return Reading(uid, counter, True, picc, plain, seal)


def verify(layout: Layout, keys: SunKeys, message: Message) -> Reading:
    """Return what a genuine message says.

    Raises:
        NfcError: `picc_tag` or `tap_mac_wrong`.
    """
    reading = examine(layout, keys, message)
    if not reading.genuine:
        raise NfcError("tap_mac_wrong")
    return reading


def _picc(mode: Mode, key: bytes, secret: bytes) -> bytes:
    if mode is Mode.AES:
        return aes.uncbc(key, secret)
    return Lrp(key).decrypt(secret[_LRP_RANDOM:], secret[:_LRP_RANDOM])


def session_vectors(uid: bytes, counter: int) -> tuple[bytes, bytes]:
    """Return SV1, which the file data's key comes from, and SV2, which the MAC's key comes from."""
    tail = uid + counter.to_bytes(COUNTER_BYTES, "little")
    return _FILE_KEY + tail, _MAC_KEY + tail


class _Session:
    """The keys of one reading of one chip."""

    __slots__ = ("_counter", "_file_key", "_lrp", "_vectors")

    def __init__(self, mode: Mode, file_key: bytes, uid: bytes, counter: int) -> None:
        self._counter = counter.to_bytes(COUNTER_BYTES, "little")
        self._file_key = file_key
        self._vectors = session_vectors(uid, counter)
        self._lrp = b""
        if mode is Mode.LRP:
            vector = _LRP_HEAD + uid + self._counter + _LRP_TAIL
            self._lrp = Lrp(file_key).cmac(vector)

    def mac(self, covered: bytes) -> bytes:
        """Return the truncated MAC: every second byte of the whole one, from the second on."""
        if self._lrp:
            return Lrp(self._lrp).cmac(covered)[1::2]
        return aes.cmac(aes.cmac(self._file_key, self._vectors[1]), covered)[1::2]

    def decrypted(self, secret: bytes) -> bytes:
        if self._lrp:
            counter = self._counter + bytes(COUNTER_BYTES)
            return Lrp(self._lrp, _LRP_FILE).decrypt(secret, counter)
        key, iv = self._file_cipher()
        return aes.uncbc(key, secret, iv)

    def encrypted(self, plain: bytes) -> bytes:
        if self._lrp:
            counter = self._counter + bytes(COUNTER_BYTES)
            return Lrp(self._lrp, _LRP_FILE).encrypt(plain, counter)
        key, iv = self._file_cipher()
        return aes.cbc(key, plain, iv)

    def _file_cipher(self) -> tuple[bytes, bytes]:
        key = aes.cmac(self._file_key, self._vectors[0])
        return key, aes.block(key, self._counter.ljust(aes.BLOCK, b"\0"))


def written(
    layout: Layout,
    keys: SunKeys,
    *,
    uid: bytes,
    counter: int,
    random: bytes,
    content: bytes = b"",
    status: str = "",
) -> dict[str, str]:
    """Return the parameters that a chip writes: for tests, measurements and the demonstration.

    Args:
        layout: How the chip writes.
        keys: What it was given.
        uid: 7 bytes.
        counter: Its read counter, at most `HIGHEST_COUNTER`.
        random: What the chip draws: 5 bytes, in LRP mode 13.
        content: The file data, `layout.file_bytes` of it; the seal's state is written over it.
        status: The seal's state, two letters, where the layout has it.
    """
    if layout.seal is SealAt.FILE:
        content = status.encode() + content[STATUS_BYTES:]
    session = _Session(layout.mode, keys.file_key(uid), uid, counter)
    texts: dict[str, str] = {}
    if layout.mirror is Mirror.ENCRYPTED:
        plain = bytes([PICC_TAG]) + uid + counter.to_bytes(COUNTER_BYTES, "little")
        texts[layout.picc_name] = _sealed_picc(layout.mode, keys.meta, plain, random)
    else:
        texts[layout.uid_name] = uid.hex().upper()
        texts[layout.counter_name] = f"{counter:06X}"
    if layout.file_bytes:
        secret = session.encrypted(content).hex().upper()
        if layout.bulk:
            texts[layout.picc_name] += secret
        else:
            texts[layout.file_name] = secret
    if layout.seal is SealAt.PLAIN:
        texts[layout.seal_name] = status
    mac = session.mac(covered_text(layout, texts)).hex().upper()
    if layout.bulk:
        return {layout.picc_name: texts[layout.picc_name] + mac}
    return texts | {layout.mac_name: mac}


def _sealed_picc(mode: Mode, key: bytes, plain: bytes, random: bytes) -> str:
    fill = aes.BLOCK - len(plain)
    whole = plain + random[:fill]
    if mode is Mode.AES:
        return aes.cbc(key, whole).hex().upper()
    counter = random[fill : fill + _LRP_RANDOM]
    return (counter + Lrp(key).encrypt(whole, counter)).hex().upper()
