"""Reads of carriers.

Invariant: every query begins with the organisation; unknown and foreign raise the same error.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from suyuan.carriers.errors import CarrierUnknown
from suyuan.carriers.models import Carrier, CarrierKind
from suyuan.carriers.values import forms, normal

_CHUNK = 500


def key_of(organisation_id: int, kind: CarrierKind, value: str) -> int | None:
    """Return the key of the unit that a carrier leads to, None if it leads to none.

    Raises:
        Invalid: `value` cannot stand on a carrier of this kind.
    """
    text = normal(kind, value)
    rows = _live(organisation_id).filter(kind=kind, value=text)
    return rows.values_list("key", flat=True).first()


def keys_of(organisation_id: int, kind: CarrierKind, values: Collection[str]) -> dict[str, int]:
    """Return the keys that stored forms of values lead to; values that lead to none are left out.

    One query for each 500 values. `values` are as `carriers.values.normal` writes them.
    """
    wanted = list(values)
    found: dict[str, int] = {}
    for at in range(0, len(wanted), _CHUNK):
        rows = _live(organisation_id).filter(kind=kind, value__in=wanted[at : at + _CHUNK])
        found |= dict(rows.values_list("value", "key"))
    return found


def resolve(organisation_id: int, text: str) -> Carrier | None:
    """Return the carrier that a scanned or typed text stands on, None if nothing is bound to it.

    A text may be a value of several kinds; they are told apart in the order of `CarrierKind`.
    """
    wanted = forms(text)
    if not wanted:
        return None
    rows = {
        row.kind: row
        for row in _live(organisation_id).filter(value__in=set(wanted.values()))
        if wanted.get(CarrierKind(row.kind)) == row.value
    }
    return next((rows[kind] for kind in CarrierKind if kind in rows), None)


def carriers_of(organisation_id: int, key: int) -> list[Carrier]:
    """Return the carriers that lead to a unit now, the oldest first."""
    return list(_live(organisation_id).filter(key=key).order_by("bound_at", "id"))


def history(organisation_id: int, key: int) -> list[Carrier]:
    """Return every carrier that leads or ever led to a unit: live ones first, then the latest."""
    rows = Carrier.objects.filter(organisation_id=organisation_id, key=key)
    found = rows.select_related("replaces").order_by("-bound_at", "-id")
    return sorted(found, key=lambda row: row.ended_at is not None)


def history_of_value(organisation_id: int, kind: CarrierKind, value: str) -> list[Carrier]:
    """Return what a value led to over time, the latest first.

    Raises:
        CarrierUnknown: it never led to anything here.
        Invalid: it cannot stand on a carrier of this kind.
    """
    rows = Carrier.objects.filter(
        organisation_id=organisation_id, kind=kind, value=normal(kind, value)
    )
    found = list(rows.select_related("replaces").order_by("-bound_at", "-id"))
    if not found:
        raise CarrierUnknown(kind=kind.value)
    return found


def list_carriers(
    organisation_id: int, *, text: str = "", kind: str = "", live: bool | None = None
) -> QuerySet[Carrier]:
    """Return carriers, the latest first.

    Args:
        organisation_id: Whose.
        text: Found in the value, the unit or the note.
        kind: A `CarrierKind`; "" for all.
        live: Those that lead to their unit now, or those that ended; None for all.
    """
    rows = Carrier.objects.filter(organisation_id=organisation_id)
    if kind:
        rows = rows.filter(kind=kind)
    if live is not None:
        rows = rows.filter(ended_at__isnull=live)
    if wanted := text.replace("\0", "").strip():
        rows = rows.filter(_matching(wanted))
    return rows.order_by("-bound_at", "-id")


def counts(organisation_id: int, *, live: bool | None = True) -> dict[str, int]:
    """Return how many carriers there are, by kind; `live` means what it does in a list."""
    found = list_carriers(organisation_id, live=live)
    rows = found.values_list("kind").annotate(number=Count("id")).order_by()
    return dict.fromkeys(CarrierKind.values, 0) | dict(rows)


def _matching(text: str) -> Q:
    found = Q(unit__icontains=text) | Q(note__icontains=text)
    # Hex is stored without what people put between bytes.
    for value in {text, *forms(text).values()}:
        found |= Q(value__icontains=value)
    return found


def _live(organisation_id: int) -> QuerySet[Carrier]:
    return Carrier.objects.filter(organisation_id=organisation_id, ended_at=None)
