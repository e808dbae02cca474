"""What an `@context` says: which prefix stands for which namespace.

Owns: the reading of contexts, a document's and its events'. Nothing is fetched.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from suyuan.core.epcis.vocabulary import STANDARD_CONTEXTS
from suyuan.core.identifiers import is_uri

_MOST_PARTS: Final = 100
_encode: Final = msgspec.json.Encoder().encode


def parts_of(*contexts: Any) -> list[Any]:
    """Return the parts of contexts, a document's first: addresses and tables of prefixes."""
    found: list[Any] = []
    for context in contexts:
        found += context if isinstance(context, list) else [] if context is None else [context]
    return found


def own_parts(context: Any) -> list[Any]:
    """Return the parts of a context beside the standard's own."""
    return [
        part
        for part in parts_of(context)
        if not (isinstance(part, str) and part in STANDARD_CONTEXTS)
    ]


def prefix_meanings(*contexts: Any) -> dict[str, str]:
    """Return the namespaces of the prefixes that contexts define; later ones prevail."""
    found: dict[str, str] = {}
    for part in parts_of(*contexts):
        if isinstance(part, dict):
            for prefix, meaning in part.items():
                namespace = meaning.get("@id") if isinstance(meaning, dict) else meaning
                if isinstance(namespace, str) and not prefix.startswith("@"):
                    found[prefix] = namespace
    return found


def context_fault(context: Any) -> str:
    """Return the code of what is wrong with a context, "" if nothing is."""
    if not isinstance(context, str | list | dict):
        return "context_malformed"
    parts = parts_of(context)
    if len(parts) > _MOST_PARTS:
        return "context_malformed"
    for position, part in enumerate(parts):
        if not (isinstance(part, dict) or (isinstance(part, str) and is_uri(part))):
            return "context_malformed"
        if part in parts[:position]:
            return "context_malformed"
    return "context_malformed" if b"\\u0000" in _encode(parts) else ""
