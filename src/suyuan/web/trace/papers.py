"""Business transactions as people call them: an order, a waybill, an invoice.

Owns: the names of the CBV's transaction types (CBV 2.0 §7.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from suyuan.lineage.values import Transaction
from suyuan.recalls.transactions import ORDER_TYPES, WAYBILL_TYPES, short

_NAMES: Final[dict[str, Promise]] = {
    "po": pgettext_lazy("paper", "Order"),
    "poc": pgettext_lazy("paper", "Order confirmation"),
    "bol": pgettext_lazy("paper", "Waybill"),
    "desadv": pgettext_lazy("paper", "Despatch advice"),
    "recadv": pgettext_lazy("paper", "Receiving advice"),
    "inv": pgettext_lazy("paper", "Invoice"),
    "prodorder": pgettext_lazy("paper", "Production order"),
    "rma": pgettext_lazy("paper", "Return authorisation"),
    "cert": pgettext_lazy("paper", "Certificate"),
    "pedigree": pgettext_lazy("paper", "Pedigree"),
    "testprd": pgettext_lazy("paper", "Test procedure"),
    "testres": pgettext_lazy("paper", "Test result"),
    "upevt": pgettext_lazy("paper", "Upload"),
}
_OTHER: Final = pgettext_lazy("paper", "Document")


class Paper(NamedTuple):
    """A transaction: what it is, its number as people write it, the events that name it."""

    kind: str
    number: str
    href: str


def papers(transactions: Iterable[Transaction], org_slug: str) -> list[Paper]:
    """Return transactions as papers, orders first, then waybills."""
    events = reverse("trace:events", kwargs={"org": org_slug})
    ordered = sorted(transactions, key=_rank)
    return [
        Paper(paper_name(one.type), short(one.id), f"{events}?{urlencode({'q': one.id})}")
        for one in ordered
    ]


def paper_name(kind: str) -> str:
    """Return what a type of transaction is called."""
    return str(_NAMES.get(kind, _OTHER))


def _rank(one: Transaction) -> int:
    return 0 if one.type in ORDER_TYPES else 1 if one.type in WAYBILL_TYPES else 2
