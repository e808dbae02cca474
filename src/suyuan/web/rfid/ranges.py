"""Tag ranges: list, new with a preview, one, its table for encoders, its end."""

from __future__ import annotations

import secrets
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.core.identifiers import Identity, Scheme
from suyuan.issuing.selectors import get_order
from suyuan.kernel.errors import SuyuanError
from suyuan.rfid import selectors, services
from suyuan.rfid.models import TagRange
from suyuan.rfid.planning import Wish, plan_range, preview, scheme_sizes
from suyuan.rfid.prefixes import PrefixLength, PrefixSource, prefix_length
from suyuan.rfid.selectors.writing import uri_of
from suyuan.rfid.values import Tag
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.faults import shown_on
from suyuan.web.messages import sentence
from suyuan.web.rfid.forms import EndForm, RangeFilter, RangeForm
from suyuan.web.rfid.words import filter_label, prefix_note
from suyuan.web.trace.addresses import address_of

_PAGE: Final = 50
_SHOWN: Final = 3
_WISHES: Final = ("scheme", "filter", "first", "count", "prefix_length")


@require_safe
@back_office(Right.CARRIERS_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the ranges."""
    filters = RangeFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = selectors.list_ranges(
        actor.organisation_id,
        text=wanted.get("q", ""),
        scheme=wanted.get("scheme", ""),
        live={"live": True, "ended": False}.get(wanted.get("state", "")),
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, filter_label(Scheme.SGTIN, row.filter)) for row in page],
        "filters": filters,
        "totals": selectors.totals(actor.organisation_id),
        "any": any(wanted.values()) or page.paginator.count,
        "may_bind": actor.may(Right.CARRIERS_BIND),
        "organisation": actor.organisation,
    }
    return render(request, "rfid/ranges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_BIND)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give tags to an order's items; the button "preview" shows what they would be."""
    # Made with the form, so that sending it twice gives tags once.
    initial = {"order_number": request.GET.get("order", ""), "request_key": secrets.token_hex(16)}
    form = RangeForm(actor.organisation_id, request.POST or None, initial=initial)
    previewing = "preview" in request.POST
    context: dict[str, object] = {"form": form, "organisation": actor.organisation}
    if form.is_valid():
        with shown_on(form, {"code_order": "order_number"}):
            if not previewing:
                made = services.assign_tags(actor=actor, **form.cleaned_data)
                _thank(request, made)
                return _to(actor, made.number)
            wish = Wish(**{name: form.cleaned_data[name] for name in _WISHES})
            context |= _preview(actor, form.cleaned_data["order_number"], wish)
    elif initial["order_number"] and not form.is_bound:
        try:
            context |= _preview(actor, initial["order_number"], Wish())
        except SuyuanError as error:
            context["unready"] = sentence(error)
    return render(request, "rfid/range_new.html", context, status=422 if form.errors else 200)


def _thank(request: HttpRequest, made: TagRange) -> None:
    said = ngettext(
        "%(count)s item has its tag: range %(number)s.",
        "%(count)s items have their tags: range %(number)s.",
        made.count,
    )
    messages.success(request, said % {"count": f"{made.count:,}", "number": made.number})


def _preview(actor: Actor, order_number: str, wish: Wish) -> dict[str, object]:
    order = get_order(actor.organisation_id, order_number)
    plan = plan_range(order, wish)
    return {
        "plan": plan,
        "last": plan.first + plan.count,
        "tags": _shown(preview(plan)),
        "sizes": scheme_sizes(order),
        "prefix_note": prefix_note(plan.length),
        "restricted": plan.length is not None and plan.length.source is PrefixSource.RESTRICTED,
    }


@require_safe
@back_office(Right.CARRIERS_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show a range with its first and last tags."""
    return _page(request, actor, selectors.get_range(actor.organisation_id, number))


@require_POST
@back_office(Right.CARRIERS_BIND)
def end(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """End a range."""
    made = selectors.get_range(actor.organisation_id, number)
    form = EndForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            services.end_range(actor=actor, number=number, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _("The tags of this range lead nowhere any more."))
            return _to(actor, number)
    return _page(request, actor, made, form)


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def download(
    request: HttpRequest, actor: Actor, number: str
) -> StreamingHttpResponse | HttpResponse:
    """Send a range's tags as a table for encoders, block by block."""
    headers = {
        "Content-Disposition": f'attachment; filename="{number}.csv"',
        "Cache-Control": "no-store",
    }
    content_type = "text/csv; charset=utf-8"
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers=headers)
    blocks = services.download_tags(actor=actor, number=number)
    return StreamingHttpResponse(blocks, content_type=content_type, headers=headers)


def _to(actor: Actor, number: str) -> HttpResponse:
    return redirect("rfid:range", org=actor.organisation.slug, number=number)


def _page(
    request: HttpRequest, actor: Actor, made: TagRange, form: EndForm | None = None
) -> HttpResponse:
    tags: list[Tag] = []
    # Tags that bear serials are codes: who may not download those does not see them here either.
    if made.serial_start is not None or actor.may(Right.CODES_DOWNLOAD):
        tags = selectors.tags(made, 0, _SHOWN)
        if made.count > _SHOWN:
            tags += selectors.tags(made, max(_SHOWN, made.count - 1), 1)
    may_end = made.is_live and actor.may(Right.CARRIERS_BIND)
    context = {
        "made": made,
        "tags": _shown(tags, actor),
        "filter_label": filter_label(Scheme.SGTIN, made.filter),
        "prefix_note": prefix_note(_length(made)),
        "form": form or (EndForm() if may_end else None),
        "may_download": made.is_live and actor.may(Right.CODES_DOWNLOAD),
        "serial_last": (made.serial_start or 0) + made.count - 1,
        "organisation": actor.organisation,
    }
    return render(request, "rfid/range.html", context, status=422 if form else 200)


def _length(made: TagRange) -> PrefixLength | None:
    """Return how a range is divided, and why as far as can be told now."""
    if made.prefix_length is None:
        return None
    item = Identity(Scheme.SGTIN, made.product.gtin)
    known = prefix_length(made.organisation_id, item)
    if known is not None and known.digits == made.prefix_length:
        return known
    return PrefixLength(made.prefix_length, PrefixSource.GIVEN)


def _shown(tags: list[Tag], actor: Actor | None = None) -> list[dict[str, object]]:
    """Return tags for a table; with `actor`, items that can be followed have their address."""
    follow = actor is not None and actor.may(Right.TRACE_VIEW)
    slug = actor.organisation.slug if actor else ""
    return [
        {
            "number": tag.position + 1,
            "item": tag.item.secondary,
            "href": address_of(slug, tag.item) if follow else "",
            "own": tag.epc.identity.secondary if tag.epc.identity != tag.item else "",
            "hex": tag.hex,
            "uri": uri_of(tag.epc),
        }
        for tag in tags
    ]
