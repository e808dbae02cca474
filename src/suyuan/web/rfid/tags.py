"""Read EPCs, and write one: what a text says and leads to, and what a tag would say."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.capture.identities import find_keys
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.identifiers.binary import TagEpc, filter_meaning, filters_of
from suyuan.lineage.fold import CODES
from suyuan.lineage.present import present
from suyuan.masterdata.models import Product
from suyuan.masterdata.selectors import products_by_gtin
from suyuan.rfid import selectors
from suyuan.rfid.prefixes import prefix_length
from suyuan.rfid.values import TagReading, TagReason
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import message
from suyuan.web.rfid.forms import ReadForm, WriteForm
from suyuan.web.rfid.words import FILTERS, REASONS, prefix_note
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.finding import identity_of_text

_UNITS: Final = frozenset({Scheme.SGTIN, Scheme.SSCC})


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_VIEW)
def read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say of each line what it is, whose, and how it stands with it."""
    given = {"texts": request.GET["q"]} if request.GET.get("q") else None
    form = ReadForm(request.POST or given)
    context: dict[str, Any] = {"form": form, "organisation": actor.organisation}
    if form.is_valid():
        readings = selectors.read_tags(actor.organisation_id, form.cleaned_data["texts"])
        context["readings"] = _rows(actor, readings)
        known = sum(one.reason is TagReason.KNOWN for one in readings)
        context |= {"known": known, "others": len(readings) - known}
    return render(request, "rfid/read.html", context, status=422 if form.errors else 200)


def _rows(actor: Actor, readings: list[TagReading]) -> list[dict[str, object]]:
    products = products_by_gtin(actor.organisation_id, _gtins(readings))
    states = _states(actor.organisation_id, {one.unit for one in readings if one.unit})
    return [_row(actor, one, products, states) for one in readings]


def _gtins(readings: list[TagReading]) -> set[str]:
    found = (one.unit or _identity(one) for one in readings)
    return {one.primary for one in found if one is not None and one.scheme is Scheme.SGTIN}


def _identity(reading: TagReading) -> Identity | None:
    said = reading.said
    return said.identity if isinstance(said, TagEpc) else said


def _row(
    actor: Actor,
    reading: TagReading,
    products: dict[str, Product],
    states: dict[Identity, dict[str, object]],
) -> dict[str, object]:
    label, tone, icon = REASONS[reading.reason]
    identity = reading.unit or _identity(reading)
    unit = reading.unit
    epc = reading.said if isinstance(reading.said, TagEpc) else None
    slug = actor.organisation.slug
    return {
        "text": reading.text,
        "scheme": epc.scheme.label if epc else "",
        "filter": FILTERS[filter_meaning(epc.identity.scheme, epc.filter)] if epc else "",
        "identity": _identity(reading),
        "fault": message(*reading.fault) if reading.fault and not unit else "",
        "product": products.get(identity.primary) if identity else None,
        "unit": unit,
        "href": address_of(slug, unit) if unit and actor.may(Right.TRACE_VIEW) else "",
        "range": reading.range,
        "bound": reading.bound,
        "reason": {"label": label, "tone": tone, "icon": icon},
        **(states.get(unit, {}) if unit else {}),
    }


def _states(organisation_id: int, units: set[Identity]) -> dict[Identity, dict[str, object]]:
    """Return whereabouts of units, as far as an event has named them."""
    keys = find_keys(organisation_id, units)
    if not keys:
        return {}
    items = np.array(sorted(keys.values()), dtype=np.int64)
    now = present(organisation_id, items)
    place = {key: at for at, key in enumerate(now.items.tolist())}
    found: dict[Identity, dict[str, object]] = {}
    for unit, key in keys.items():
        where = CODES[int(now.codes[place[key]])]
        found[unit] = {
            "state": where.value if where else "",
            "recalled": bool(now.recalled[place[key]]),
        }
    return found


@require_safe
@back_office(Right.CARRIERS_VIEW)
def write(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show an item or a logistic unit in each scheme that is for it."""
    given = {"filter": "1", **request.GET.dict()} if "code" in request.GET else None
    form = WriteForm(given)
    context: dict[str, Any] = {"form": form, "organisation": actor.organisation}
    if form.is_valid():
        identity = identity_of_text(actor, form.cleaned_data["code"])
        if identity is None or identity.scheme not in _UNITS:
            given = form.cleaned_data["code"][:80]
            form.add_error("code", message("unit_unknown", {"given": given}))
        else:
            context |= _written(actor, identity, form.cleaned_data["filter"])
    return render(request, "rfid/write.html", context, status=422 if form.errors else 200)


def _written(actor: Actor, identity: Identity, asked: int) -> dict[str, object]:
    value = asked if asked in filters_of(identity.scheme) else 0
    rows = selectors.hexes_of(actor.organisation_id, identity, filter=value)
    products = products_by_gtin(actor.organisation_id, [identity.primary])
    tag = selectors.tag_of_item(actor.organisation_id, identity)
    return {
        "identity": identity,
        "filter": FILTERS[filter_meaning(identity.scheme, value)],
        "product": products.get(identity.primary),
        "href": address_of(actor.organisation.slug, identity) or "",
        "prefix_note": prefix_note(prefix_length(actor.organisation_id, identity)),
        "tag": tag,
        "rows": [(row, message(*row.fault) if row.fault else "") for row in rows],
    }
