"""An item: where it is, in what state, whether it is genuine, and how it came there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from suyuan.core.carriers import draw, formats
from suyuan.core.codespace import normalise
from suyuan.core.identifiers import Identity, Scheme
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder, Withdrawal
from suyuan.lineage.values import History, State
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.carriers.card import card_of
from suyuan.web.gate import back_office
from suyuan.web.printing.card import labels_card
from suyuan.web.quality.bad_reports import bad_reports_of_item
from suyuan.web.shell import navigation
from suyuan.web.trace import beside
from suyuan.web.trace.addresses import address_of, lot_address
from suyuan.web.trace.journey import journey, unit_name
from suyuan.web.trace.names import Names
from suyuan.web.trace.papers import papers
from suyuan.web.trace.reading import goods_identity, history_of, unknown
from suyuan.web.trace.standing import genuineness, where_is


@require_safe
@back_office(Right.TRACE_VIEW)
def item(request: HttpRequest, actor: Actor, *, gtin: str, serial: str) -> HttpResponse:
    """Show one item."""
    identity = goods_identity(Scheme.SGTIN, gtin, serial)
    if identity is None:
        return unknown(request, actor, serial)
    history, order = _known(actor, identity)
    if history is None and order is None:
        # Typed by hand, O for 0 and small letters: lead to what was meant, if there is such a one.
        meant = Identity(Scheme.SGTIN, identity.primary, normalise(serial))
        if meant != identity and any(_known(actor, meant)):
            return redirect(address_of(actor.organisation.slug, meant) or "")
        return unknown(request, actor, serial)
    return render(request, "trace/item.html", _context(actor, identity, history, order))


def _known(actor: Actor, identity: Identity) -> tuple[History | None, CodeOrder | None]:
    """Return what events say of an item, and the order that its number belongs to."""
    order = issuing.issued_order(
        organisation_id=actor.organisation_id, gtin=identity.primary, serial=identity.secondary
    )
    return history_of(actor, identity), order


def _context(
    actor: Actor, identity: Identity, history: History | None, order: CodeOrder | None
) -> dict[str, object]:
    names = Names(actor)
    org = actor.organisation.slug
    good = names.good(identity.primary)
    state = history.state if history else None
    key = history.key if history else None
    lots = [lot.secondary for lot in history.lots] if history else []
    if not lots and order is not None and order.lot is not None:
        lots = [order.lot.code]
    public = identity.digital_link(settings.PUBLIC_URL)
    return {
        "organisation": actor.organisation,
        "identity": identity,
        "text": identity.digital_link(),
        "good": good,
        "state": state,
        "genuine": genuineness(
            state, order, own=good.own, withdrawal=_withdrawal(identity, order, state)
        ),
        "order": order,
        "order_href": _order_address(actor, order),
        "whereis": where_is(state, names) if state else None,
        "lots": [(code, lot_address(org, identity.primary, code)) for code in lots],
        "containers": [
            (unit_name(one), address_of(org, one)) for one in (state.containers if state else ())
        ],
        "papers": papers(state.transactions, org) if state else [],
        "journey": journey(actor, history, names) if history else None,
        "scans": beside.scans_of(actor, key, names),
        "complaints": beside.complaints_of_item(actor, identity),
        "cases": beside.recall_cases(actor, key, recalled=bool(state and state.recalled)),
        "acts": beside.acts_for(actor, identity),
        "bad_reports": bad_reports_of_item(
            actor, history.lots[0] if history and history.lots else None, identity
        ),
        "carriers": card_of(actor, identity, order, key=key),
        "labels": labels_card(actor, identity, order),
        "public_url": public if good.own else "",
        "qr": _qr(public) if good.own else None,
    }


def _withdrawal(
    identity: Identity, order: CodeOrder | None, state: State | None
) -> Withdrawal | None:
    """Return how a code was withdrawn; an active one never was."""
    if order is None or not order.withdrawn_count or (state is not None and state.commissioned):
        return None
    position = int(issuing.positions_of(order, [identity.secondary])[0])
    return issuing.withdrawal_at(order, position)


def _order_address(actor: Actor, order: CodeOrder | None) -> str:
    if order is None or not actor.may(Right.CODES_VIEW):
        return ""
    return navigation.href("issuing:order", actor, number=order.number)


def _qr(text: str) -> SafeString:
    drawing = formats.svg(draw(text), title=_("QR code of the consumer’s page"))
    return mark_safe(drawing)  # noqa: S308 - digits, and a title that is escaped
