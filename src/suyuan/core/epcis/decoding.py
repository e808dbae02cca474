"""JSON as a value, with nothing in it that two readers could read in two ways.

Owns: what is no JSON here: other encodings than UTF-8, names that repeat, nesting without end.
"""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from suyuan.core.epcis.errors import DocumentError, Fault, shown

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
# Spellings of `":` that counting alone would miss.
_HIDDEN: Final = (b'" :', b'"\n:', b'"\r:', b'"\t:', b"\\u0022", b"\\u003a", b"\\u003A")

_decoder: Final = msgspec.json.Decoder()
_encode: Final = msgspec.json.Encoder().encode


def decode(body: bytes) -> Any:
    """Decode JSON; a byte order mark before it is passed over (RFC 8259 §8.1).

    Raises:
        DocumentError: `json_encoding`, `json_malformed`, `json_duplicate_name`, or `json_depth`
            for nesting that no event needs.
    """
    if body.startswith(_WIDE) or b"\0" in body[:4]:
        raise DocumentError([Fault("json_encoding", "")])
    body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        value = _decoder.decode(body)
        if _may_repeat(body, value):
            json.loads(body, object_pairs_hook=_pairs)
    except RecursionError:
        raise DocumentError([Fault("json_depth", "")]) from None
    except UnicodeDecodeError:
        raise DocumentError([Fault("json_encoding", "")]) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise DocumentError([Fault("json_malformed", "", {"detail": shown(error)})]) from None
    return value


def _may_repeat(body: bytes, value: Any) -> bool:
    """Tell whether a name may repeat within an object; False is certain.

    Each name ends in `":`, and text has the same number of these before and after. A name that
    repeats is gone from the value, and so the value, written again, has fewer.
    """
    again = _encode(value)
    if again == body:  # what most programs send; nothing is gone
        return False
    if any(spelling in body for spelling in _HIDDEN):
        return True
    return body.count(b'":') != again.count(b'":')


def _pairs(pairs: list[tuple[str, Any]]) -> None:
    names: set[str] = set()
    for name, _ in pairs:
        if name in names and not _is_hash_beside_id(name, pairs):
            raise DocumentError([Fault("json_duplicate_name", "", {"field": shown(name)})])
        names.add(name)


def _is_hash_beside_id(name: str, pairs: list[tuple[str, Any]]) -> bool:
    """Tell whether an event has its hash and its own ID, as GS1's own example does."""
    given = [str(value) for key, value in pairs if key == name]
    return name == "eventID" and any(one.startswith("ni:///") for one in given)
