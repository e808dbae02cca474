"""A lot of a product or of a material: what it is, where its items are, what it is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel.errors import NotFound
from suyuan.lineage import selectors as lineage
from suyuan.lineage.starts import Goods
from suyuan.lineage.values import History, Place, Whereabouts
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Lot, MaterialLot
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web import vocabulary
from suyuan.web.drawing.charts import Bar, bars
from suyuan.web.gate import back_office
from suyuan.web.quality.bad_reports import bad_reports
from suyuan.web.shell import navigation
from suyuan.web.trace import beside
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.descent import descent, opening
from suyuan.web.trace.journey import journey
from suyuan.web.trace.names import Names
from suyuan.web.trace.reading import goods_identity, history_of, unknown
from suyuan.web.vocabulary import amount

_PAGE = 50
_MOST_BARS = 12


@require_safe
@back_office(Right.TRACE_VIEW)
def lot(request: HttpRequest, actor: Actor, *, gtin: str, lot: str) -> HttpResponse:
    """Show one lot."""
    identity = goods_identity(Scheme.LGTIN, gtin, lot)
    if identity is None or len(lot) > 20:
        return unknown(request, actor, lot)
    product_lot, material_lot = _kept(actor.organisation_id, identity)
    history = history_of(actor, identity)
    if history is None and product_lot is None and material_lot is None:
        return unknown(request, actor, lot)
    names = Names(actor)
    context = {
        "organisation": actor.organisation,
        "identity": identity,
        "text": identity.digital_link(),
        "good": names.good(identity.primary),
        "lot": product_lot,
        "material_lot": material_lot,
        "quantity": _quantity(material_lot),
        "record_href": _record(actor, product_lot, material_lot),
        "supplier": _supplier(material_lot, names.language),
        "reports": (reports := beside.reports_of(actor, identity)),
        "bad_reports": bad_reports(actor, reports or []),
        "acts": beside.acts_for(actor, identity),
        **_goods(request, actor, identity, history, names),
    }
    return render(request, "trace/lot.html", context)


def _kept(organisation_id: int, identity: Identity) -> tuple[Lot | None, MaterialLot | None]:
    """Return what masterdata keeps of a lot."""
    gtin, code = identity.primary, identity.secondary
    try:
        return masterdata.get_lot(organisation_id, gtin, code), None
    except NotFound:
        pass
    material = masterdata.materials_by_gtin(organisation_id, [gtin]).get(gtin)
    try:
        if material is not None:
            return None, masterdata.get_material_lot(organisation_id, material.code, code)
    except NotFound:
        pass
    return None, None


def _supplier(row: MaterialLot | None, language: str) -> str:
    return row.supplier.name(language) if row is not None and row.supplier is not None else ""


def _quantity(lot: MaterialLot | None) -> str:
    if lot is None or lot.quantity is None:
        return ""
    return amount(f"{lot.quantity} {lot.material.uom}")


def _record(actor: Actor, product_lot: Lot | None, material_lot: MaterialLot | None) -> str:
    if not actor.may(Right.MASTERDATA_VIEW):
        return ""
    if product_lot is not None:
        gtin, code = product_lot.product.gtin, product_lot.code
        return navigation.href("masterdata:lot", actor, gtin=gtin, code=code)
    if material_lot is not None:
        material, code = material_lot.material.code, material_lot.code
        return navigation.href("masterdata:material_lot", actor, material=material, code=code)
    return ""


def _goods(
    request: HttpRequest, actor: Actor, identity: Identity, history: History | None, names: Names
) -> dict[str, object]:
    """Return what events say of the lot: its items, where they are, its relatives."""
    if history is None:
        return {"complaints": beside.complaints_of_lots(actor, [identity])}
    here = actor.organisation_id
    scope = lineage.scope(organisation_id=here, starts=[Goods(history.key)])
    relatives = lineage.genealogy(organisation_id=here, key=history.key)
    family = descent(actor, relatives, names, opening(request))
    born = lineage.lot_items(organisation_id=here, key=history.key)
    shown = born or scope.items
    page = Paginator(shown.to_array(), _PAGE).get_page(request.GET.get("page"))
    recalled = history.state.recalled
    concerned = [identity, *(one.identity for one in family.products)]
    return {
        "state": history.state,
        "born": len(born),
        "affected": len(scope.items),
        "counts": _counts(scope.places),
        "places": _bars(scope.places, names),
        "descent": family,
        "page": page,
        "items": _items(actor, [int(key) for key in page.object_list]),
        "journey": journey(actor, history, names),
        "complaints": beside.complaints_of_lots(actor, concerned),
        "cases": beside.recall_cases(actor, next(iter(shown), None), recalled=recalled),
    }


def _counts(places: Sequence[Place]) -> list[tuple[str, int, vocabulary.Word]]:
    """Return how many items are in whose hands."""
    found: Counter[Whereabouts] = Counter()
    for place in places:
        found[place.whereabouts] += len(place.items)
    return [(one.value, found[one], vocabulary.status(one)) for one in Whereabouts if found[one]]


def _bars(places: Sequence[Place], names: Names) -> SafeString | None:
    """Draw where items are, the fullest place first; small ones are summed up."""
    rows = [
        Bar(
            label=_label(place, names),
            value=len(place.items),
            tone=vocabulary.status(place.whereabouts).tone,
            href=names.place(place.location).href if place.location else "",
        )
        for place in places
    ]
    if not rows:
        return None
    if len(rows) > _MOST_BARS:
        rest = sum(row.value for row in rows[_MOST_BARS - 1 :])
        rows = [*rows[: _MOST_BARS - 1], Bar(_("All other places"), rest, tone="quiet")]
    return bars(rows, title=_("Items by place"), width=420, name="places")


def _label(place: Place, names: Names) -> str:
    word = str(vocabulary.status(place.whereabouts).label)
    return f"{word} · {names.place(place.location).name}" if place.location else word


def _items(actor: Actor, keys: list[int]) -> list[tuple[str, str]]:
    known = identities_of(actor.organisation_id, keys)
    org = actor.organisation.slug
    return [
        (known[key].secondary or known[key].primary, address_of(org, known[key]) or "")
        for key in keys
        if key in known
    ]
