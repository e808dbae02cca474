"""Which page tells of an identity.

Owns: the choice, for search, recalls, quality and these screens alike. Asks no database: whether
the page finds something is the page's matter.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.process.references import parcel_waybill


def address_of(org_slug: str, identity: Identity) -> str | None:
    """Return the page of an identity in an organisation's back office.

    Items, logistic units, parcels and lots have pages of their own, a product has masterdata's; of
    everything else the events are listed. None for what no link can name.
    """
    match identity.scheme:
        case Scheme.SGTIN:
            return item_address(org_slug, identity.primary, identity.secondary)
        case Scheme.LGTIN:
            return lot_address(org_slug, identity.primary, identity.secondary)
        case Scheme.SSCC:
            return _reverse("trace:unit", org=org_slug, sscc=identity.primary)
        case Scheme.URI if waybill := parcel_waybill(org_slug, identity.primary):
            return _reverse("trace:parcel", org=org_slug, waybill=waybill)
        case Scheme.GTIN:
            return _reverse("masterdata:product", org=org_slug, gtin=identity.primary)
        case _:
            return _events_address(org_slug, identity)


def _events_address(org_slug: str, identity: Identity) -> str | None:
    try:
        text = identity.digital_link()
    except IdentifierError:
        return None
    events = _reverse("trace:events", org=org_slug)
    return events and f"{events}?{urlencode({'q': text})}"


def address_of_text(org_slug: str, text: str) -> str | None:
    """Return the page of what a text names; None when it is no identifier."""
    try:
        return address_of(org_slug, parse_identity(text))
    except IdentifierError:
        return None


def item_address(org_slug: str, gtin: str, serial: str) -> str | None:
    """Return the page of an item."""
    return _reverse("trace:item", org=org_slug, gtin=gtin, serial=serial)


def lot_address(org_slug: str, gtin: str, lot: str) -> str | None:
    """Return the page of a lot, of a product or of a material."""
    return _reverse("trace:lot", org=org_slug, gtin=gtin, lot=lot)


def _reverse(name: str, **arguments: str) -> str | None:
    try:
        return reverse(name, kwargs=arguments)
    except NoReverseMatch:  # a part that no address can hold
        return None
