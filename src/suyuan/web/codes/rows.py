"""A code that was read, as a line of a table and a mark on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from suyuan.core.carriers.reading import FoundCode, Page
from suyuan.core.identifiers import Scheme
from suyuan.process.references import parcel_waybill
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification.pictures import ReadBack
from suyuan.verification.readback import CodeState, Standing, Whose
from suyuan.web.codes.words import SCHEMES, STATES, WHOSE, symbology_name
from suyuan.web.drawing.marked import Mark, marked
from suyuan.web.messages import message
from suyuan.web.shell import navigation
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.names import Names
from suyuan.web.vocabulary import Word

_LONGEST_SHOWN = 300
_WITH_PAGE = frozenset(
    {
        CodeState.ACTIVE,
        CodeState.ISSUED,
        CodeState.WITHDRAWN,
        CodeState.RECALLED,
        CodeState.SEEN,
        CodeState.KEPT,
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One code; addresses are "" where there is no page or no right to see it."""

    number: int
    page: int
    text: str
    symbology: str | Promise
    kind: str | Promise
    name: str
    whose: str | Promise
    state: Word
    href: str
    place: str
    order: str
    order_href: str
    position: int
    prints: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page with its codes outlined."""

    number: int
    drawing: SafeString
    codes: int


def rows_of(actor: Actor, found: ReadBack) -> list[Row]:
    """Return the codes as a table, numbered through all pages."""
    names = Names(actor)
    known = (one.identity for _code, one in found.codes if one.whose in {Whose.OWN, Whose.PARTNER})
    names.learn(one.primary for one in known if one and one.scheme in _GOODS)
    return [
        _row(actor, names, number, code, standing)
        for number, (code, standing) in enumerate(found.codes, 1)
    ]


_GOODS = frozenset({Scheme.SGTIN, Scheme.LGTIN, Scheme.GTIN})


def pages_of(found: ReadBack, rows: Sequence[Row]) -> list[MarkedPage]:
    """Return the pages that have a preview, with an outline around each code."""
    pairs = list(zip((code for code, _standing in found.codes), rows, strict=True))
    return [_page(page, [pair for pair in pairs if pair[0].page == page.number])
            for page in found.reading.pages if page.preview]  # fmt: skip


def _page(page: Page, pairs: Sequence[tuple[FoundCode, Row]]) -> MarkedPage:
    marks = [
        Mark(row.number, code.position, row.state.tone, f"{row.number}: {row.state.label}",
             f"#code-{row.number}")
        for code, row in pairs
    ]  # fmt: skip
    title = _("Page %(page)s with its codes outlined") % {"page": page.number}
    drawing = marked(
        page.preview, (page.width, page.height), marks, title=title, name=f"page-{page.number}"
    )
    return MarkedPage(page.number, drawing, len(pairs))


def _row(actor: Actor, names: Names, number: int, code: FoundCode, standing: Standing) -> Row:
    order, position = standing.order, standing.position
    may_order = order is not None and actor.may(Right.CODES_VIEW)
    return Row(
        number=number,
        page=code.page,
        text=_shown(code.text),
        symbology=symbology_name(code.symbology, is_gs1=code.is_gs1),
        kind=_kind(actor, standing),
        name=_name(names, standing),
        whose=WHOSE[standing.whose],
        state=STATES[standing.state],
        href=_href(actor, standing),
        place=names.place(standing.location).name if standing.location else "",
        order=order.number if order and may_order else "",
        order_href=(
            navigation.href("issuing:order", actor, number=order.number)
            if order and may_order
            else ""
        ),
        position=0 if position is None else position + 1,
        prints=[f"{one.reference} ×{one.copy}" if one.copy > 1 else one.reference
                for one in (standing.prints if may_order else ())],
        notes=_notes(standing),
    )  # fmt: skip


def _kind(actor: Actor, standing: Standing) -> str | Promise:
    identity = standing.identity
    if identity is None:
        return ""
    if identity.scheme is Scheme.URI and parcel_waybill(actor.organisation.slug, identity.primary):
        return pgettext("code read", "Parcel")
    return SCHEMES.get(identity.scheme) or identity.scheme.upper()


def _name(names: Names, standing: Standing) -> str:
    identity = standing.identity
    known = standing.whose in {Whose.OWN, Whose.PARTNER}
    if identity is None or identity.scheme not in _GOODS or not known:
        return ""
    return names.good(identity.primary).name


def _href(actor: Actor, standing: Standing) -> str:
    if standing.identity is None or standing.state not in _WITH_PAGE:
        return ""
    if standing.identity.scheme is Scheme.GTIN and not actor.may(Right.MASTERDATA_VIEW):
        return ""
    return address_of(actor.organisation.slug, standing.identity) or ""


def _notes(standing: Standing) -> list[str]:
    notes = []
    if standing.bound:
        notes.append(_("This carrier was bound to it."))
    if standing.elsewhere:
        notes.append(_("The link leads to another address than yours."))
    if standing.state is CodeState.NEVER_ISSUED:
        notes.append(_("Your product’s number with a serial that you never issued: look closely."))
    if standing.fault is not None:
        notes.append(message(standing.fault.code, dict(standing.fault.data)))
    return notes


def _shown(text: str) -> str:
    """Return a text without what would not be seen, of a length that a table holds."""
    plain = "".join(sign if sign.isprintable() else "·" for sign in text[:_LONGEST_SHOWN])
    return plain if len(text) <= _LONGEST_SHOWN else f"{plain}…"
