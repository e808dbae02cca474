"""What an order's page shows.

Owns: which forms and examples a reader of an order gets by their rights.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings

from suyuan.issuing import selectors
from suyuan.issuing.models import Allotment, AllotmentKind, CodeOrder, Packing
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.issuing.forms import CommissionForm, PackForm
from suyuan.web.issuing.set_forms import WithdrawForm
from suyuan.web.shell import navigation

_UNITS_SHOWN = 100
_ROWS = 50  # of claims and withdrawals
# Which page tells of what put codes on labels.
_PAGES: Final = {
    AllotmentKind.PRINT: "printing:job",
    AllotmentKind.PACKAGE: "printhouse:package",
    AllotmentKind.SET: "issuing:set",
}


def public_url() -> str:
    """Return scheme and host of the codes that go on goods."""
    return str(settings.ENVIRONMENT.public_url)


def order_context(
    actor: Actor,
    order: CodeOrder,
    *,
    commissioning: CommissionForm | None,
    packing: PackForm | None,
    withdrawing: WithdrawForm | None = None,
) -> dict[str, object]:
    """Return the values of an order's page; a form that came back stays as it was sent."""
    may_capture = actor.may(Right.EVENTS_CAPTURE)
    waiting = selectors.waiting_ranges(order)
    packable = selectors.packable_ranges(order)
    if may_capture and waiting and commissioning is None:
        commissioning = CommissionForm(order, waiting[0], auto_id="commission_%s")
    if may_capture and packable and packing is None:
        packing = PackForm(order, auto_id="pack_%s")
    if actor.may(Right.LABELS_PRINT) and waiting and withdrawing is None:
        withdrawing = WithdrawForm(auto_id="withdraw_%s")
    return {
        "order": order,
        "counts": selectors.counts(order),
        "active_share": order.commissioned_count * 100 // order.count,
        "activations": selectors.activations(order),
        "packable": selectors.active_count(packable, selectors.withdrawn(order)),
        "packings": [_units_of(plan) for plan in selectors.packings(order)],
        "units_shown": _UNITS_SHOWN,
        "examples": _examples(order) if actor.may(Right.CODES_DOWNLOAD) else [],
        "allotments": [_shown(actor, row) for row in selectors.allotments(order)[:_ROWS]],
        "withdrawals": selectors.withdrawals(order)[:_ROWS],
        "rows_shown": _ROWS,
        "withdrawing": withdrawing,
        "unlabelled": sum(end - first for first, end in selectors.unallotted_ranges(order)),
        "may_order": actor.may(Right.CODES_ORDER),
        "package_href": navigation.href("printhouse:new", actor),
        "commissioning": commissioning,
        "packing": packing,
        "may_capture": may_capture,
        "may_download": actor.may(Right.CODES_DOWNLOAD),
        "may_print": actor.may(Right.LABELS_PRINT),
        "organisation": actor.organisation,
    }


def _shown(actor: Actor, row: Allotment) -> dict[str, object]:
    """Return a claim with the page of what made it."""
    page = _PAGES[AllotmentKind(row.kind)]
    return {
        "row": row,
        "from": row.first + 1,
        "href": navigation.href(page, actor, number=row.reference),
    }


def _examples(order: CodeOrder) -> list[tuple[int, str, str]]:
    """Return (number within the order, serial, link) of the first and the last code."""
    positions = sorted({0, order.count - 1})
    return [
        (
            position + 1,
            selectors.serials(order, first=position)[0],
            selectors.links(order, first=position, base=public_url())[0],
        )
        for position in positions
    ]


def _units_of(packing: Packing) -> dict[str, object]:
    """Return a plan with its first cases and pallets, as 18 digits."""
    return {
        "plan": packing,
        "from": packing.first + 1,
        "to": packing.end,
        "cases": selectors.unit_numbers(packing, cases=True, most=_UNITS_SHOWN),
        "pallets": selectors.unit_numbers(packing, cases=False, most=_UNITS_SHOWN),
    }
