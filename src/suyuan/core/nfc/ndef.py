"""NDEF: the records in a chip's memory.

Owns: messages of records both ways, URI and text records, how a message stands in the memory of
Type 2 tags (NTAG 213/215/216) and in the file of Type 4 tags (NTAG 424 DNA).
Source: NFC Forum NDEF 1.0, RTD URI 1.0, RTD Text 1.0, Type 2 Tag 1.2 §2.4, Type 4 Tag 3.0 §4.3.
Not read: records in chunks, which no tag of ours has; they are refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from suyuan.core.nfc.errors import NfcError

WELL_KNOWN: Final = 0x01
_FIRST, _LAST, _CHUNK, _SHORT, _WITH_ID = 0x80, 0x40, 0x20, 0x10, 0x08
_NAME_FORMAT: Final = 0x07
_URI: Final = b"U"
_TEXT: Final = b"T"
_UTF_16: Final = 0x80
_LANGUAGE_LENGTH: Final = 0x3F
_SHORTEST_LONG: Final = 256
_LONG_TLV: Final = 0xFF
_MESSAGE_TLV, _NULL_TLV, _END_TLV = 0x03, 0x00, 0xFE
_LENGTH_BYTES: Final = 2  # of NLEN, in the file of a Type 4 tag

# RTD URI 1.0, table 3: what the first byte of a URI record stands for.
PREFIXES: Final = (
    "", "http://www.", "https://www.", "http://", "https://", "tel:", "mailto:",
    "ftp://anonymous:anonymous@", "ftp://ftp.", "ftps://", "sftp://", "smb://", "nfs://", "ftp://",
    "dav://", "news:", "telnet://", "imap:", "rtsp://", "urn:", "pop:", "sip:", "sips:", "tftp:",
    "btspp://", "btl2cap://", "btgoep://", "tcpobex://", "irdaobex://", "file://", "urn:epc:id:",
    "urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:", "urn:epc:", "urn:nfc:",
)  # fmt: skip

CAPACITY: Final = {"ntag213": 144, "ntag215": 504, "ntag216": 888, "ntag424": 256}
"""Bytes of user memory (NTAG 21x) or of the NDEF file (NTAG 424 DNA)."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in a message."""

    kind: bytes  # the type's name
    payload: bytes
    name_format: int = WELL_KNOWN
    id: bytes = b""


@dataclass(frozen=True, slots=True)
class Text:
    """What a text record says."""

    text: str
    language: str


def uri_record(uri: str) -> Record:
    """Return a URI record, its beginning shortened as far as the table of prefixes does it.

    Raises:
        NfcError: `uri_empty`.
    """
    if not uri:
        raise NfcError("uri_empty")
    code = max(
        (code for code, prefix in enumerate(PREFIXES) if uri.startswith(prefix)),
        key=lambda code: len(PREFIXES[code]),
    )
    return Record(_URI, bytes([code]) + uri[len(PREFIXES[code]) :].encode())


def text_record(text: str, language: str = "zh") -> Record:
    """Return a text record in UTF-8; `language` is an IANA tag of at most 63 letters.

    Raises:
        NfcError: `language_malformed`.
    """
    if not language.isascii() or not 1 <= len(language) <= _LANGUAGE_LENGTH:
        raise NfcError("language_malformed", given=language[:70])
    return Record(_TEXT, bytes([len(language)]) + language.encode() + text.encode())


def read_uri(record: Record) -> str | None:
    """Return the URI of a URI record, None of any other.

    Raises:
        NfcError: `record_malformed`.
    """
    if (record.name_format, record.kind) != (WELL_KNOWN, _URI):
        return None
    if not record.payload or record.payload[0] >= len(PREFIXES):
        raise NfcError("record_malformed", kind="U")
    return PREFIXES[record.payload[0]] + _decoded(record.payload[1:], "utf-8", "U")


def read_text(record: Record) -> Text | None:
    """Return what a text record says, None of any other.

    Raises:
        NfcError: `record_malformed`.
    """
    if (record.name_format, record.kind) != (WELL_KNOWN, _TEXT):
        return None
    payload = record.payload
    if not payload:
        raise NfcError("record_malformed", kind="T")
    end = 1 + (payload[0] & _LANGUAGE_LENGTH)
    if end > len(payload):
        raise NfcError("record_malformed", kind="T")
    coding = "utf-16" if payload[0] & _UTF_16 else "utf-8"
    if coding == "utf-16" and payload[end : end + 2] not in {b"\xff\xfe", b"\xfe\xff"}:
        coding = "utf-16-be"  # without a byte order mark
    return Text(_decoded(payload[end:], coding, "T"), _decoded(payload[1:end], "ascii", "T"))


def _decoded(data: bytes, coding: str, kind: str) -> str:
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        raise NfcError("record_malformed", kind=kind) from error


def encode(records: Sequence[Record]) -> bytes:
    """Return a message.

    Raises:
        NfcError: `message_empty`, or `record_too_long` for a type or an id above 255 bytes.
    """
    if not records:
        raise NfcError("message_empty")
    parts: list[bytes] = []
    for position, record in enumerate(records):
        if max(len(record.kind), len(record.id)) > 255:
            raise NfcError("record_too_long")
        short = len(record.payload) < _SHORTEST_LONG
        head = record.name_format & _NAME_FORMAT
        head |= _FIRST if position == 0 else 0
        head |= _LAST if position == len(records) - 1 else 0
        head |= _SHORT if short else 0
        head |= _WITH_ID if record.id else 0
        parts += [
            bytes([head, len(record.kind)]),
            len(record.payload).to_bytes(1 if short else 4),
            bytes([len(record.id)]) if record.id else b"",
            record.kind,
            record.id,
            record.payload,
        ]
    return b"".join(parts)


def decode(message: bytes) -> list[Record]:
    """Return the records of a message.

    Raises:
        NfcError: `message_empty`, `message_malformed` or `record_chunked`.
    """
    if not message:
        raise NfcError("message_empty")
    records: list[Record] = []
    rest = _Bytes(message)
    last = False
    while not last:
        head = rest.take(1)[0]
        if bool(head & _FIRST) is not (not records):
            raise NfcError("message_malformed", at=rest.at - 1)
        if head & _CHUNK or head & _NAME_FORMAT == 0x06:
            raise NfcError("record_chunked", at=rest.at - 1)
        records.append(_record(head, rest))
        last = bool(head & _LAST)
    if rest.at != len(message):
        raise NfcError("message_malformed", at=rest.at)
    return records


class _Bytes:
    """Bytes that are taken from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        taken = self._data[self.at : self.at + count]
        if len(taken) < count:
            raise NfcError("message_malformed", at=len(self._data))
        self.at += count
        return taken

    @property
    def left(self) -> int:
        return len(self._data) - self.at


def _record(head: int, rest: _Bytes) -> Record:
    kind_length = rest.take(1)[0]
    length = int.from_bytes(rest.take(1 if head & _SHORT else 4))
    id_length = rest.take(1)[0] if head & _WITH_ID else 0
    kind, name = rest.take(kind_length), rest.take(id_length)
    return Record(kind, rest.take(length), head & _NAME_FORMAT, name)


def to_memory(message: bytes) -> bytes:
    """Return a message as it stands in the user memory of a Type 2 tag: TLV, then the end mark."""
    size = len(message)
    length = bytes([size]) if size < _LONG_TLV else bytes([_LONG_TLV]) + size.to_bytes(2)
    return bytes([_MESSAGE_TLV]) + length + message + bytes([_END_TLV])


def from_memory(memory: bytes) -> bytes:
    """Return the message in the user memory of a Type 2 tag.

    Raises:
        NfcError: `message_malformed`, or `message_empty` where there is none.
    """
    rest = _Bytes(memory)
    while rest.left:
        kind = rest.take(1)[0]
        if kind == _NULL_TLV:
            continue
        if kind == _END_TLV:
            break
        size = rest.take(1)[0]
        if size == _LONG_TLV:
            size = int.from_bytes(rest.take(2))
        value = rest.take(size)
        if kind == _MESSAGE_TLV:
            return value
    raise NfcError("message_empty")


def to_file(message: bytes) -> bytes:
    """Return a message as it stands in the NDEF file of a Type 4 tag: length, then message."""
    return len(message).to_bytes(_LENGTH_BYTES) + message


def from_file(file: bytes) -> bytes:
    """Return the message in the NDEF file of a Type 4 tag.

    Raises:
        NfcError: `message_malformed`, or `message_empty` where there is none.
    """
    rest = _Bytes(file)
    message = rest.take(int.from_bytes(rest.take(_LENGTH_BYTES)))
    if not message:
        raise NfcError("message_empty")
    return message


def records_in(data: bytes) -> Iterator[str | Text]:
    """Yield the URIs and texts of a message, other records left out."""
    for record in decode(data):
        found = read_uri(record) or read_text(record)
        if found is not None:
            yield found
