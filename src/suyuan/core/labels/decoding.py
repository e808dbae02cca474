"""Turn JSON, or what JSON was read into, into structs; faults with codes and places.

Owns: reading shapes. Does not own: what the numbers in them may be (design, paper).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from suyuan.core.labels.faults import DesignFault, Fault, shown

LARGEST: Final = 200_000  # bytes of JSON
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*?)`)?$", re.DOTALL)
_STEP = re.compile(r"\[(\d+)\]|\.([A-Za-z0-9_]+)")


def decode(given: bytes | str | Mapping[str, Any], kind: Any) -> Any:
    """Return the value of type `kind`, a struct or a union of structs, that `given` describes.

    Raises:
        DesignFault: `design_malformed` with msgspec's word for it, or `design_too_large`.
    """
    try:
        if isinstance(given, bytes | str):
            if len(given) > LARGEST:
                raise DesignFault([Fault("design_too_large", "", {"most": LARGEST})])
            return msgspec.json.decode(given, type=kind)
        return msgspec.convert(dict(given), type=kind)
    except msgspec.ValidationError as error:
        raise DesignFault([_malformed(str(error))]) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise DesignFault([Fault("design_malformed", "", {"reason": shown(str(error))})]) from None


def encode(value: msgspec.Struct) -> bytes:
    """Return JSON that `decode` reads back to the same value."""
    return msgspec.json.encode(value)


def builtins(value: msgspec.Struct) -> dict[str, Any]:
    """Return what `json.loads(encode(value))` gives."""
    found: dict[str, Any] = json.loads(encode(value))
    return found


def _malformed(message: str) -> Fault:
    found = _PLACE.match(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    place = "".join(f"/{index or name}" for index, name in _STEP.findall(path))
    return Fault("design_malformed", place, {"reason": shown(what)})
