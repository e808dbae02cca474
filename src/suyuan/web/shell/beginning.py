"""What a newcomer does next, from an empty account to the first goods with an identity.

Owns: the steps of beginning, as a table, and which of them is next.

The first step that is not done yet, and that the person may do, stands at the top of the home
page; when all are done, nothing does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from suyuan.issuing import selectors as issuing
from suyuan.labels import selectors as labels
from suyuan.masterdata import selectors as masterdata
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.shell.navigation import href


@dataclass(frozen=True, slots=True)
class Beginning:
    """One step: what to do and why, where, with which right, and how to see that it is done."""

    text: Promise
    action: Promise
    url_name: str
    right: Right
    done: Callable[[int], bool]


def _by_batch_only(here: int) -> bool:
    """Tell whether no product is followed item by item: goods need no codes of their own then."""
    return not masterdata.list_products(here).filter(own=True, granularity="item").exists()


def _activated(here: int) -> bool:
    """Tell whether goods have an identity, or need none of their own."""
    return issuing.totals(here).commissioned > 0 or _by_batch_only(here)


def _on_labels(here: int) -> bool:
    """Tell whether codes are on labels; active ones are, wherever these were printed."""
    return issuing.has_labels(here) or _activated(here)


_STEPS: Final = (
    Beginning(
        _("Enter where you make and keep your goods: a factory and a warehouse will do."),
        _("To the locations"),
        "masterdata:locations",
        Right.MASTERDATA_EDIT,
        lambda here: masterdata.list_locations(here).exists(),
    ),
    Beginning(
        _("Enter your first product; then order codes for it, and hand in what happens to it."),
        _("To the products"),
        "masterdata:products",
        Right.MASTERDATA_EDIT,
        lambda here: masterdata.list_products(here).exists(),
    ),
    Beginning(
        _("Open a batch: name the lots of material that went in, so that a recall can find it."),
        _("Open a batch"),
        "issuing:open_lot",
        Right.EVENTS_CAPTURE,
        lambda here: masterdata.list_lots(here).exists(),
    ),
    Beginning(
        _("Order codes for the batch; each item then has an identity of its own."),
        _("To the code orders"),
        "issuing:orders",
        Right.CODES_ORDER,
        lambda here: issuing.orders(here).exists() or _by_batch_only(here),
    ),
    Beginning(
        _("Design a label: begin with a ready-made one and change what you like."),
        _("To the labels"),
        "labels:index",
        Right.LABELS_DESIGN,
        lambda here: labels.templates(here).exists() or _on_labels(here),
    ),
    Beginning(
        _("Print the codes on labels: an office printer and a PDF are enough for a start."),
        _("Print labels"),
        "printing:new",
        Right.LABELS_PRINT,
        _on_labels,
    ),
    Beginning(
        _("Activate the codes once they are on the goods, then record packing and shipping."),
        _("To the code orders"),
        "issuing:orders",
        Right.CODES_VIEW,
        _activated,
    ),
)


def next_step(actor: Actor) -> tuple[Beginning, str] | None:
    """Return the next step and its address, None when all are done or none is the person's."""
    for step in _STEPS:
        if not step.done(actor.organisation_id):
            return (step, href(step.url_name, actor)) if actor.may(step.right) else None
    return None
