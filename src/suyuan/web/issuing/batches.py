"""Open a batch with the material lots that went into it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.issuing import selectors, services
from suyuan.issuing.values import MaterialUse
from suyuan.kernel.errors import NotFound
from suyuan.masterdata import numbering
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import MaterialLot
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.issuing.forms import LotForm, UseForm, at
from suyuan.web.issuing.pages import public_url
from suyuan.web.quality.links import goods_link, recall_link

_LOTS: Final = 500
_ORDERS: Final = 20
_ROWS: Final = 3
_MOST_ROWS: Final = 60
_UNITS: Final = ("KGM", "GRM", "LTR", "MLT", "MTR", "H87")

_Uses: type[BaseFormSet[UseForm]] = formset_factory(
    UseForm, extra=_ROWS, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS + _ROWS
)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.EVENTS_CAPTURE)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open a batch; the button "add rows" sends the form back with more of them."""
    lots = list(masterdata.list_material_lots(actor.organisation_id)[:_LOTS])
    more = "add_rows" in request.POST
    data = _with_more_rows(request) if more else request.POST or None
    form = LotForm(actor.organisation_id, None if more else data, initial=_initial(request, more))
    uses = _Uses(data, prefix="uses", form_kwargs={"choices": _choices(lots)})
    if request.method == "POST" and not more and form.is_valid() and uses.is_valid():
        values = {**form.cleaned_data}
        values["time"] = at(values["time"])
        inputs = _inputs(uses, lots)
        with shown_on(form, {"location": "location_code"}):
            lot = services.open_lot(actor=actor, inputs=inputs, **values)
        if not form.errors:
            messages.success(request, _("Batch %(code)s is open.") % {"code": lot.code})
            return _to_lot(actor, values["gtin"], lot.code)
    context = {
        "form": form,
        "uses": uses,
        "units": _UNITS,
        "has_lots": bool(lots),
        "organisation": actor.organisation,
    }
    failed = request.method == "POST" and not more
    return render(request, "issuing/lot_new.html", context, status=422 if failed else 200)


def _to_lot(actor: Actor, gtin: str, code: str) -> HttpResponse:
    address = reverse("issuing:lot", kwargs={"org": actor.organisation.slug})
    return redirect(f"{address}?{urlencode({'gtin': gtin, 'lot': code})}")


@require_safe
@back_office(Right.MASTERDATA_VIEW)
def detail(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a batch's own code, and the orders of codes for its items: `?gtin=…&lot=…`."""
    gtin, code = request.GET.get("gtin", ""), request.GET.get("lot", "")
    if "\0" in code:
        raise NotFound(kind="lot")
    lot = masterdata.get_lot(actor.organisation_id, gtin, code)
    context = {
        "lot": lot,
        "link": lot.identity.digital_link(public_url()),
        "orders": selectors.orders(actor.organisation_id, lot_id=lot.id)[:_ORDERS],
        "serialised": numbering.is_serialised(lot.product),
        "journey_href": goods_link(actor, lot.identity),
        "recall_href": recall_link(actor, lot.identity),
        "may_order": actor.may(Right.CODES_ORDER),
        "may_see_codes": actor.may(Right.CODES_VIEW),
        "may_download": actor.may(Right.CODES_DOWNLOAD),
        "organisation": actor.organisation,
    }
    return render(request, "issuing/lot.html", context)


def _initial(request: HttpRequest, more: bool) -> dict[str, Any]:
    """Return what the form begins with: all that was typed when rows are added."""
    given = request.POST if more else request.GET
    return {name: given[name] for name in LotForm.base_fields if given.get(name)}


def _with_more_rows(request: HttpRequest) -> Any:
    data = request.POST.copy()
    rows = data.get("uses-TOTAL_FORMS", "")
    count = int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 4 else 0
    data["uses-TOTAL_FORMS"] = str(min(count + _ROWS, _MOST_ROWS))
    return data


def _choices(lots: list[MaterialLot]) -> list[tuple[str, str]]:
    language = get_language() or ""
    named = [
        (
            _value(lot),
            f"{lot.material.name(language)} · {lot.code} · {lot.material.uom}".rstrip(" ·"),
        )
        for lot in lots
    ]
    return [("", "—"), *named]


def _value(lot: MaterialLot) -> str:
    return f"{lot.material.gtin}/{lot.code}"


def _inputs(uses: BaseFormSet[UseForm], lots: list[MaterialLot]) -> list[MaterialUse]:
    units = {_value(lot): lot.material.uom for lot in lots}
    inputs = []
    for use in uses.cleaned_data:
        if chosen := use.get("material_lot"):
            gtin, _slash, code = chosen.partition("/")
            uom = use["uom"] or units.get(chosen, "")
            inputs.append(MaterialUse(gtin, code, use["quantity"], uom))
    return inputs
