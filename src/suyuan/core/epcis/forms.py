"""Write the identifiers of an event in the form that was asked for.

Owns: which fields of an event hold identifiers, and the two canonical forms.
Does not own: reading identifiers (identifiers), how long a company's prefix is (the caller knows).
Invariant: what has no such form keeps its own; nothing but identifiers changes.

Source: EPCIS 2.0 §12.7.1 (`GS1-EPC-Format`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from suyuan.core.epcis.event import LIST_ROLES, QUANTITY_ROLES, Event
from suyuan.core.epcis.vocabulary import TYPED_LISTS
from suyuan.core.identifiers import (
    IdentifierError,
    Identity,
    company_prefix_length,
    parse_epc,
    split_alike,
)

_LISTS: Final = tuple(LIST_ROLES)
_SINGLE: Final = ("parentID", "transformationID")
_PLACES: Final = ("readPoint", "bizLocation")
_MEMBERS: Final = (
    *((name, "epcClass") for name in QUANTITY_ROLES),
    *((name, field) for name, (field, _) in TYPED_LISTS.items()),
)
# Field that holds identifiers → the name of each in a list of objects.
_HOLDERS: Final = {**dict.fromkeys((*_SINGLE, *_PLACES), ""), **dict(_MEMBERS)}
_PLAIN_FIRST: Final = "https://id.gs1.org/"


class EpcFormat(StrEnum):
    """The values of `GS1-EPC-Format`."""

    NO_PREFERENCE = "No_Preference"
    LINK = "Always_GS1_Digital_Link"
    URN = "Always_EPC_URN"
    NEVER = "Never_Translates"


type PrefixLength = Callable[[str], int | None]
"""From a GS1 key's digits, from its company prefix on, to the prefix's length; None if unknown."""


class CompanyPrefixes:
    """The company prefixes that are known: the organisation's own, and those seen in URNs."""

    def __init__(self, prefixes: Iterable[str]) -> None:
        """Take prefixes of 6 to 12 digits; the longest that fits wins."""
        self._prefixes = frozenset(prefixes)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)

    def length(self, digits: str) -> int | None:
        """Return the length of the prefix that `digits` begin with."""
        return next((n for n in self._lengths if digits[:n] in self._prefixes), None)


class Translator:
    """Writes events in one form."""

    def __init__(self, form: EpcFormat, prefix_length: PrefixLength) -> None:
        """Take the form, and who knows prefixes."""
        self._translate: Callable[[str], str] | None = None
        if form in {EpcFormat.LINK, EpcFormat.NO_PREFERENCE}:
            self._translate = link_of
        elif form is EpcFormat.URN:
            self._translate = lru_cache(4096)(_UrnWriter(prefix_length).text)

    def text(self, text: str) -> str:
        """Return one identifier in the form; what is none stays as it is."""
        return text if self._translate is None else self._translate(text)

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the event with its identifiers in the form; the event itself stays as it is."""
        told = dict(event)
        translate = self._translate
        if translate is None:
            return told
        for name in _LISTS:
            if told.get(name):
                told[name] = self._list(told[name])
        for name in _SINGLE:
            if told.get(name):
                told[name] = translate(told[name])
        for name in _PLACES:
            if told.get(name):
                told[name] = {**told[name], "id": translate(told[name]["id"])}
        for name, field in _MEMBERS:
            if told.get(name):
                told[name] = [{**one, field: translate(one[field])} for one in told[name]]
        return told

    def _list(self, texts: list[str]) -> list[str]:
        """Translate a list; members of one stem change their stem alone."""
        translate = self._translate
        assert translate is not None  # noqa: S101 - `event` has seen to it
        alike = split_alike(texts)
        if alike is None:
            return [translate(text) for text in texts]
        stem, tails = alike
        first = translate(texts[0])
        new = first.removesuffix(tails[0])
        # An SSCC's digits change places; a serial is written alike in both forms if it is plain.
        if len(new) == len(first) or not _same_tails(stem, tails):
            return [translate(text) for text in texts]
        return [new + tail for tail in tails]


def _same_tails(stem: str, tails: list[str]) -> bool:
    """Tell whether serials are letters and digits alone, which no form escapes."""
    return "sscc" not in stem and "".join(tails).isalnum()


@lru_cache(16_384)
def link_of(text: str) -> str:
    """Return the canonical Digital Link of an EPC, class or key; other URIs as they are."""
    if text.startswith(_PLAIN_FIRST):
        return text
    try:
        return parse_epc(text).digital_link()
    except IdentifierError:
        return text


class _UrnWriter:
    """Writes EPC URNs, as far as the company prefix is known."""

    def __init__(self, prefix_length: PrefixLength) -> None:
        self._prefix_length = prefix_length

    def text(self, text: str) -> str:
        if text.startswith("urn:"):
            return text
        try:
            identity = parse_epc(text)
            length = self._prefix_length(_from_prefix(identity))
            return text if length is None else identity.urn(length)
        except IdentifierError:
            return text


def _from_prefix(identity: Identity) -> str:
    """Return a key's digits from its company prefix on: behind an indicator or extension digit."""
    indicated = identity.scheme in {"sgtin", "lgtin", "gtin", "upui", "itip", "sscc"}
    return identity.primary[1:] if indicated else identity.primary


def prefixes_in(event: Event) -> set[str]:
    """Return the company prefixes that an event's URNs show."""
    return {_prefix_of(text) for text in _texts(event) if text.startswith("urn:epc:")} - {""}


@lru_cache(4096)
def _prefix_of(urn: str) -> str:
    """Return the company prefix that a URN shows, "" if it shows none."""
    length = company_prefix_length(urn)
    return "" if length is None else urn.split(":")[4][:length]


def _texts(event: Event) -> list[str]:
    """Return an event's identifiers; of EPCs that share a stem, the stem, as it was read."""
    found: list[str] = []
    for some in event.lists:
        found += some.stems
        found += some.others
    document = event.document
    for name in document.keys() & _HOLDERS.keys():
        held = document[name]
        if isinstance(held, str):
            found.append(held)
        elif isinstance(held, dict):
            found.append(held["id"])
        else:
            field = _HOLDERS[name]
            found += [one[field] for one in held or ()]
    return found
