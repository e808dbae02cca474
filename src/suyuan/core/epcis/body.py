"""The compact form of a document's body in the event store.

Owns: the packed bytes, and which EPC lists can be left out because keys tell them.
Invariant: a form that was written once is read for ever; a new form gets a new first byte.

Deflate with a preset dictionary of the standard's words: an event of 600 bytes takes some 150.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

import msgspec

_FORM_DEFLATE: Final = b"\x01"
FORMS: Final = "~"  # where the stems of left-out lists stand; no field of a document is named so

# Words later in the dictionary are cheaper to refer to: the commonest stand last.
_DICTIONARY: Final = (
    b'"certificationInfo":"errorDeclaration":{"declarationTime":"","reason":"incorrect_data",'
    b'"did_not_occur","correctiveEventIDs":["urn:uuid:"persistentDisposition":{"set":["unset":['
    b'"sensorElementList":[{"sensorMetadata":{"time":"","deviceID":"","sensorReport":[{"type":"'
    b'Temperature","value":,"uom":"CEL"},"RelativeHumidity","minValue":"maxValue":"meanValue":'
    b'"type":"TransactionEvent","type":"AssociationEvent","transformationID":"inputQuantityList":'
    b'[{"epcClass":"https://id.gs1.org/01/0/10/","quantity":,"uom":"KGM"},"outputQuantityList":['
    b'"type":"TransformationEvent","childQuantityList":["quantityList":["urn:epc:class:lgtin:'
    b'"urn:epc:id:sgln:"urn:epc:id:sgtin:"urn:epc:id:sscc:"urn:epc:id:pgln:"bizStep":"'
    b'inspecting","holding","storing","departing","arriving","accepting","packing","unpacking",'
    b'"stocking","picking","loading","retail_selling","receiving","shipping","commissioning",'
    b'"disposition":"sellable_accessible","in_transit","in_progress","retail_sold","recalled",'
    b'"active","bizTransactionList":[{"type":"po","bizTransaction":"urn:suyuan:"},{"type":"desadv'
    b'","bizTransaction":""},{"type":"bol","bizTransaction":""}],"sourceList":[{"type":"owning_'
    b'party","source":""},{"type":"possessing_party","source":"https://id.gs1.org/417/"},{"type":'
    b'"location","source":"https://id.gs1.org/414/"}],"destinationList":[{"type":"location",'
    b'"destination":"https://id.gs1.org/414/"}],"ilmd":{"cbvmda:lotNumber":"","cbvmda:item'
    b'ExpirationDate":""},"type":"AggregationEvent","parentID":"https://id.gs1.org/00/0",'
    b'"type":"ObjectEvent","action":"DELETE","action":"ADD","action":"OBSERVE","bizStep":"",'
    b'"disposition":"","readPoint":{"id":"https://id.gs1.org/414/"},"bizLocation":{"id":"https://'
    b'id.gs1.org/414/"},"eventTime":"2026-01-01T00:00:00.000Z","eventTime":"2026-01-01T00:00:00'
    b'+08:00","eventTimeZoneOffset":"+08:00","eventID":"urn:uuid:"'
)

# Setting up a packer takes longer than packing; a copy of one that has read the dictionary does
# not. A small window makes the copy cheap, and holds the dictionary and nearly every event.
_SMALL_WINDOW: Final = 12  # bits
_SMALL_BODY: Final = (1 << _SMALL_WINDOW) - len(_DICTIONARY)
_packer: Final = zlib.compressobj(1, zlib.DEFLATED, -_SMALL_WINDOW, 4, zdict=_DICTIONARY)

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode


def pack_body(document: dict[str, Any]) -> bytes:
    """Pack what is left of an event."""
    body = _encode(document)
    if len(body) <= _SMALL_BODY:
        packer = _packer.copy()
    else:
        packer = zlib.compressobj(1, zlib.DEFLATED, -15, zdict=_DICTIONARY)
    return _FORM_DEFLATE + packer.compress(body) + packer.flush()


def unpack_body(data: bytes) -> dict[str, Any]:
    """Return what `pack_body` packed. Raises `ValueError` for an unknown form."""
    if data[:1] != _FORM_DEFLATE:
        message = "a stored event has a form that this version does not know"
        raise ValueError(message)
    opener = zlib.decompressobj(-15, zdict=_DICTIONARY)
    document: dict[str, Any] = _decode(opener.decompress(data[1:]) + opener.flush())
    return document
