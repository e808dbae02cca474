"""Lists, pages and forms that are alike for every kind of row."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from suyuan.kernel.errors import NotFound, SuyuanError
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.drawing.maps import Point, graticule_map
from suyuan.web.gate import PlainView, back_office
from suyuan.web.masterdata import words
from suyuan.web.masterdata.forms import RowForm
from suyuan.web.masterdata.screens import LOCATIONS, PRODUCTS, SCREENS, Line, Screen
from suyuan.web.quality.links import goods_link, recall_link
from suyuan.web.shell.navigation import href
from suyuan.web.vocabulary import amount

PER_PAGE: Final = 50
_MAPPED: Final = 300  # marks on one map that a reader can still tell apart
# Opening a product's lot captures an event, which is issuing's form.
_CREATED_HERE: Final = frozenset({"products", "materials", "parties", "locations", "material_lots"})
_LOTS: Final = frozenset({"lots", "material_lots"})
_LATEST: Final = 10  # lots on the page of their product or material
# Fields that name a row of another kind.
_RELATIONS: Final = {
    "supplier": "parties",
    "party": "parties",
    "location": "locations",
    "material": "materials",
}
_SORT_WORDS: Final = ("name", "code", "made", "received", "new")


def list_view(kind: str) -> PlainView:
    """Make the list of a kind."""
    screen = SCREENS[kind]

    @back_office(Right.MASTERDATA_VIEW)
    def rows(request: HttpRequest, actor: Actor) -> HttpResponse:
        """List rows, filtered, sorted and paged."""
        filters = screen.filters(request.GET)
        found = screen.rows(actor.organisation_id, **filters.values())
        order = screen.sorts.get(request.GET.get("sort", ""))
        if order:
            found = found.order_by(*order)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        return render(
            request,
            "masterdata/list.html",
            {
                "screen": screen,
                "title": words.PLURALS[kind],
                "explanation": words.EXPLANATIONS[kind],
                "icon": words.ICONS[kind],
                "empty": words.EMPTY[kind],
                "new": words.NEW[kind],
                "new_href": new_address(actor, kind),
                "filters": filters,
                "page": page,
                "lines": [screen.line(actor, row) for row in page],
                "sorts": _sort_links(request, screen),
                "may_edit": actor.may(Right.MASTERDATA_EDIT),
                "drawing": _map(actor, page) if kind == "locations" else "",
            },
        )

    return rows


def _sort_links(request: HttpRequest, screen: Screen) -> list[tuple[str, str, bool]]:
    names = {
        "name": gettext("By name"),
        "code": gettext("By code"),
        "made": gettext("Latest production first"),
        "received": gettext("Latest receipt first"),
        "new": gettext("Newest first"),
    }
    query = request.GET.copy()
    query.pop("page", None)
    chosen = request.GET.get("sort", "")
    if chosen not in screen.sorts:
        chosen = next(iter(screen.sorts))  # as the selector orders
    links = []
    for word in _SORT_WORDS:
        if word in screen.sorts:
            query["sort"] = word
            links.append((f"?{query.urlencode()}", names[word], word == chosen))
    return links


def _map(actor: Actor, rows: Any) -> str:
    """Draw the locations of a page."""
    points = []
    for row in list(rows)[:_MAPPED]:
        if place := row.position:
            name = row.name(get_language() or "")
            href = LOCATIONS.address(actor, row)
            points.append(Point(place.latitude, place.longitude, name, href=href))
    return graticule_map(points, language=get_language() or "zh-hans") if points else ""


def new_address(actor: Actor, kind: str) -> str:
    """Return where a new row is filled in; empty when that is not a page of masterdata."""
    if kind not in _CREATED_HERE:
        return ""
    name = f"masterdata:{SCREENS[kind].singular}_new"
    return reverse(name, kwargs={"org": actor.organisation.slug})


def page_view(kind: str) -> PlainView:
    """Make the page of one row of a kind."""
    screen = SCREENS[kind]

    @back_office(Right.MASTERDATA_VIEW)
    def row_page(request: HttpRequest, actor: Actor, **key: str) -> HttpResponse:
        """Show a row's fields, and what belongs to it."""
        row = screen.find(actor, key)
        return render(request, "masterdata/row.html", page_context(actor, screen, row))

    return row_page


def page_context(actor: Actor, screen: Screen, row: Any) -> dict[str, Any]:
    """Return what every row's page shows."""
    return {
        "screen": screen,
        "row": row,
        "title": screen.name(row),
        "plural": words.PLURALS[screen.kind],
        "list_href": reverse(f"masterdata:{screen.kind}", kwargs={"org": actor.organisation.slug}),
        "facts": facts(actor, screen, row),
        "identifier": _identifier(row),
        "edit_href": screen.address(actor, row, "_edit")
        if actor.may(Right.MASTERDATA_EDIT)
        else "",
        "journey_href": goods_link(actor, row.identity) if screen.kind in _LOTS else "",
        "recall_href": recall_link(actor, row.identity) if screen.kind in _LOTS else "",
        "codes_href": _codes_href(actor, row) if screen.kind == "products" else "",
        "drawing": _map(actor, [row]) if screen.kind == "locations" else "",
        "lots_screen": (lots := _lots_screen(screen)),
        "lots": _lots_of(actor, lots, row) if lots else [],
    }


def _codes_href(actor: Actor, row: Any) -> str:
    """Return where codes of a product are ordered, "" for what is followed by the batch."""
    if not (row.own and row.granularity == "item" and actor.may(Right.CODES_ORDER)):
        return ""
    return f"{href('issuing:new_order', actor)}?gtin={row.gtin}"


def _identifier(row: Any) -> str:
    return (
        row.identity.digital_link() if hasattr(row, "identity") else getattr(row, "identifier", "")
    )


def _lots_screen(screen: Screen) -> Screen | None:
    """Return the kind of the lots that a kind has."""
    return {"products": SCREENS["lots"], "materials": SCREENS["material_lots"]}.get(screen.kind)


def _lots_of(actor: Actor, lots: Screen, row: Any) -> list[Line]:
    """Return the latest lots of a product or a material."""
    own = {"gtin": row.gtin} if lots.kind == "lots" else {"material": row.code}
    return [lots.line(actor, lot) for lot in lots.rows(actor.organisation_id, **own)[:_LATEST]]


class Fact(NamedTuple):
    """A filled field in words, and where it leads."""

    label: words.Text
    value: object
    href: str = ""


def facts(actor: Actor, screen: Screen, row: Any) -> list[Fact]:
    """Return a row's filled fields, in the order of the form."""
    shown: list[Fact] = []
    for name, value in screen.initial(row).items():
        if value in (None, ""):
            continue
        if related := _related(screen, row, name):
            other, named = related
            label = words.FIELDS["product" if name == "gtin" else name]
            shown.append(Fact(label, other.name(named), other.address(actor, named)))
        else:
            if name == "quantity":
                value = amount(f"{value} {row.material.uom}")  # noqa: PLW2901 - with its unit
            shown.append(Fact(words.FIELDS[name], words.value(screen.kind, name, value)))
    return shown


def _related(screen: Screen, row: Any, name: str) -> tuple[Screen, Any] | None:
    """Return the row that a field names, with its screen; None for other fields."""
    if screen.kind == "lots" and name == "gtin":
        return PRODUCTS, row.product
    kind = _RELATIONS.get(name)
    return (SCREENS[kind], getattr(row, name)) if kind and hasattr(row, name) else None


def create_view(kind: str) -> PlainView:
    """Make the form for a new row of a kind."""
    screen = SCREENS[kind]

    @back_office(Right.MASTERDATA_EDIT)
    def create(request: HttpRequest, actor: Actor) -> HttpResponse:
        """Show the form, or store what it says and show the row."""
        posted = request.POST if request.method == "POST" else None
        form = screen.form(actor, posted, creating=True)
        if posted is not None and form.is_valid():
            try:
                row = screen.create(actor=actor, **_given(form))
            except SuyuanError as error:
                form.place(error)
            else:
                messages.success(request, gettext("Saved."))
                return redirect(screen.address(actor, row))
        return _form_page(request, actor, screen, form, title=words.NEW[kind])

    return create


def _given(form: RowForm) -> dict[str, Any]:
    """Leave empty values out of a creation, so that defaults stand in."""
    return {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}


def edit_view(kind: str) -> PlainView:
    """Make the form that changes a row of a kind."""
    screen = SCREENS[kind]

    @back_office(Right.MASTERDATA_EDIT)
    def edit(request: HttpRequest, actor: Actor, **key: str) -> HttpResponse:
        """Show the form, or store what it says and show the row."""
        row = screen.find(actor, key)
        posted = request.POST if request.method == "POST" else None
        form = screen.form(actor, posted, creating=False, initial=screen.initial(row))
        if posted is not None and form.is_valid():
            try:
                row = screen.update(actor=actor, **key, **form.cleaned_data)
            except SuyuanError as error:
                if isinstance(error, NotFound):
                    raise
                form.place(error)
            else:
                messages.success(request, gettext("Saved."))
                return redirect(screen.address(actor, row))
        title = gettext("Change %(name)s") % {"name": screen.name(row)}
        return _form_page(request, actor, screen, form, title=title, row=row)

    return edit


def _form_page(
    request: HttpRequest,
    actor: Actor,
    screen: Screen,
    form: RowForm,
    *,
    title: words.Text,
    row: Any = None,
) -> HttpResponse:
    slug = actor.organisation.slug
    list_href = reverse(f"masterdata:{screen.kind}", kwargs={"org": slug})
    return render(
        request,
        "masterdata/form.html",
        {
            "form": form,
            "groups": form.grouped(),
            "title": title,
            "plural": words.PLURALS[screen.kind],
            "list_href": list_href,
            "back_href": screen.address(actor, row) if row is not None else list_href,
            "is_restricted": screen.kind == "products" and row is not None and row.is_restricted,
        },
        status=422 if form.errors else 200,
    )
