"""Names of extension fields: what a prefix means decides, not how it is spelled.

Owns: turning `prefix:name`, `namespace#name` and full URIs into one value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from suyuan.core.epcis.query.values import Field, Place

# Prefixes that need no declaration (EPCIS 2.0 §10, the standard's own context).
_STANDARD: Final = {
    "cbvmda": "urn:epcglobal:cbv:mda",
    "gs1": "https://gs1.org/voc",
    "cbv": "https://ref.gs1.org/cbv",
    "epcis": "https://ref.gs1.org/epcis",
}
_MARKS: Final = "#/:"


def namespaces(parts: Iterable[Any]) -> dict[str, str]:
    """Return what the prefixes of a JSON-LD context mean, in whatever nesting it comes."""
    found: dict[str, str] = {}
    for part in parts:
        if isinstance(part, Mapping):
            found |= {str(k): v for k, v in part.items() if isinstance(v, str)}
        elif isinstance(part, list | tuple):
            found |= namespaces(part)
    return found


def field_named(name: str) -> bool:
    """Tell whether `name` can be an extension field's: it has a prefix or a namespace."""
    return ":" in name or "#" in name


class Names:
    """Reads names as one document, or one query, spells them."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Take what prefixes mean there."""
        self._prefixes = {**_STANDARD, **prefixes}

    def field(self, place: Place, name: str, *, inner: bool = False) -> Field:
        """Return the field that `name` means."""
        namespace, local = self.split(name)
        return Field(place, namespace, local, inner)

    def split(self, name: str) -> tuple[str, str]:
        """Return namespace and local name; of an unknown prefix the prefix and a colon."""
        if "#" in name:
            namespace, _, local = name.rpartition("#")
            return namespace.rstrip(_MARKS), local
        prefix, colon, local = name.partition(":")
        if not colon:
            return "", name
        if local.startswith("//") or prefix == "urn":
            at = max(name.rfind("/"), name.rfind(":"))
            return name[:at].rstrip(_MARKS), name[at + 1 :]
        meaning = self._prefixes.get(prefix)
        return (f"{prefix}:", local) if meaning is None else (meaning.rstrip(_MARKS), local)

    def mean(self, name: str, field: Field) -> bool:
        """Tell whether `name` is that of `field`.

        A field whose prefix the query does not explain is found by the prefix as it is written.
        """
        if name == f"{field.namespace}{field.name}":
            return True
        return self.split(name) == (field.namespace, field.name)
