"""What documents told in their headers: kept with their jobs, and offered as master data.

Owns: `DocumentHeader` rows, and suggestions made of them. Nothing is taken over by itself.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from suyuan.capture.models import DocumentHeader
from suyuan.capture.selectors import capture_job
from suyuan.core.epcis.header import VocabularyElement, master_data
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc
from suyuan.masterdata import selectors as masterdata

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode
_LAST_PART: Final = re.compile(r"[#/:]")


class Kind(StrEnum):
    """What an element of master data tells of."""

    LOCATION = "location"
    PARTY = "party"
    PRODUCT = "product"


_KINDS: Final[Mapping[str, Kind]] = {
    "BusinessLocation": Kind.LOCATION,
    "ReadPoint": Kind.LOCATION,
    "SourceDest": Kind.PARTY,
    "EPCClass": Kind.PRODUCT,
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place, party or product that a partner told of.

    Attributes:
        kind: which of them.
        id: what names it, as it was told.
        identity: the same, read.
        attributes: what is said of it, by the last part of the attribute's URI ("name", "city").
        known: the organisation has it already.
    """

    kind: Kind
    id: str
    identity: Identity
    attributes: Mapping[str, str]
    known: bool


def keep_header(organisation_id: int, job_id: int, header: Mapping[str, Any] | None) -> None:
    """Store a document's header with its job, within the caller's transaction."""
    if header:
        DocumentHeader.objects.create(
            organisation_id=organisation_id, job=job_id, packed=zlib.compress(_encode(header))
        )


def header_of_job(
    organisation_id: int, job_id: int, *, holder: int | None = None
) -> dict[str, Any]:
    """Return what a job's document told in its header, empty if nothing.

    Raises:
        JobNotFound: no such job, or not of that partner.
    """
    capture_job(organisation_id, job_id, holder=holder)
    row = DocumentHeader.objects.filter(organisation_id=organisation_id, job=job_id).first()
    header: dict[str, Any] = _decode(zlib.decompress(bytes(row.packed))) if row else {}
    return header


def masterdata_of_job(
    organisation_id: int, job_id: int, *, holder: int | None = None
) -> list[Suggestion]:
    """Return what a job's document told of places, parties and products, by GS1 key or URI.

    The same thing told twice is one suggestion. A lot is told as its product.

    Raises:
        JobNotFound: no such job, or not of that partner.
    """
    told: dict[tuple[Kind, Identity], tuple[str, dict[str, str]]] = {}
    for element in master_data(header_of_job(organisation_id, job_id, holder=holder)):
        kind, identity = _kind(element), _identity(element.id)
        if kind is not None and identity is not None:
            _, attributes = told.setdefault((kind, identity), (element.id, {}))
            attributes |= _attributes(element)
    known = _known(organisation_id, told)
    return [
        Suggestion(kind, name, identity, attributes, (kind, identity) in known)
        for (kind, identity), (name, attributes) in told.items()
    ]


def _kind(element: VocabularyElement) -> Kind | None:
    return _KINDS.get(_LAST_PART.split(element.vocabulary)[-1])


def _identity(text: str) -> Identity | None:
    try:
        identity = parse_epc(text)
    except IdentifierError:
        return None
    if identity.scheme in {Scheme.LGTIN, Scheme.SGTIN}:
        return Identity(Scheme.GTIN, identity.primary)
    return identity


def _attributes(element: VocabularyElement) -> dict[str, str]:
    return {
        _LAST_PART.split(name)[-1]: str(value)
        for name, value in element.attributes.items()
        if isinstance(value, str | int | float)
    }


def _known(
    organisation_id: int, told: Iterable[tuple[Kind, Identity]]
) -> set[tuple[Kind, Identity]]:
    """Return which of the things told the organisation has."""
    wanted = set(told)
    gtins = {one.primary for kind, one in wanted if kind is Kind.PRODUCT}
    products = masterdata.products_by_gtin(organisation_id, gtins) if gtins else {}
    places = _texts(wanted, Kind.LOCATION, masterdata.locations_by_identifier, organisation_id)
    parties = _texts(wanted, Kind.PARTY, masterdata.parties_by_identifier, organisation_id)
    has = {Kind.LOCATION: places, Kind.PARTY: parties}
    return {
        (kind, one)
        for kind, one in wanted
        if (one.primary in products if kind is Kind.PRODUCT else one in has[kind])
    }


def _texts(
    wanted: Iterable[tuple[Kind, Identity]], kind: Kind, rows: Any, organisation_id: int
) -> set[Identity | None]:
    if not any(given is kind for given, _ in wanted):
        return set()
    return {_identity(text) for text in rows(organisation_id)}
