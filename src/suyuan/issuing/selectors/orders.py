"""Code orders, their parts, and sums over them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Count, F, QuerySet, Sum

from suyuan.issuing.models import Activation, CodeOrder
from suyuan.issuing.positions import Range, runs, without
from suyuan.issuing.selectors.withdrawals import withdrawn
from suyuan.issuing.values import OrderCounts, Totals
from suyuan.kernel.errors import NotFound
from suyuan.kernel.text_search import containing
from suyuan.masterdata.models import SerialKey

_NUMBER: Final = re.compile(r"CO-[0-9]{4}-[0-9]{4,8}")


class KeyVersion(NamedTuple):
    """A numbering key of a product, and what was issued under it."""

    version: int
    created_at: datetime
    retired_at: datetime | None
    orders: int
    issued: int


def get_order(organisation_id: int, number: str) -> CodeOrder:
    """Return an order with its product and lot.

    Raises:
        NotFound: unknown, malformed or another organisation's.
    """
    rows = CodeOrder.objects.filter(organisation_id=organisation_id)
    order = None
    if _NUMBER.fullmatch(number):
        order = rows.select_related("product", "lot").filter(number=number).first()
    if order is None:
        raise NotFound(kind="code_order")
    return order


def order_of_request(organisation_id: int, request_key: str) -> CodeOrder | None:
    """Return the order that this request made, if it did."""
    if not request_key:
        return None
    rows = CodeOrder.objects.filter(organisation_id=organisation_id, request_key=request_key)
    return rows.select_related("product", "lot").first()


def orders(
    organisation_id: int,
    *,
    gtin: str = "",
    status: str = "",
    text: str = "",
    lot_id: int | None = None,
) -> QuerySet[CodeOrder]:
    """Return orders, the newest first, with products and lots, filtered by what is given."""
    rows = CodeOrder.objects.filter(organisation_id=organisation_id)
    if gtin:
        rows = rows.filter(product__gtin=gtin)
    if status:
        rows = rows.filter(status=status)
    if lot_id is not None:
        rows = rows.filter(lot_id=lot_id)
    rows = rows.filter(
        containing(
            text,
            "number",
            "note",
            "lot__code",
            "product__gtin",
            "product__name_zh",
            "product__name_en",
        )
    )
    return rows.select_related("product", "lot").order_by("-created_at", "-id")


def activations(order: CodeOrder) -> list[Activation]:
    """Return the commissioned parts of an order, in its order, with lots and locations."""
    rows = Activation.objects.filter(organisation_id=order.organisation_id, order_id=order.id)
    return list(rows.select_related("lot", "location").order_by("first"))


def activations_within(order: CodeOrder, first: int, end: int) -> list[Activation]:
    """Return the commissioned parts that have to do with a range, with lots and locations."""
    rows = Activation.objects.filter(
        organisation_id=order.organisation_id,
        order_id=order.id,
        first__lt=end,
        first__gt=first - F("count"),
    )
    return list(rows.select_related("lot", "location").order_by("first"))


def active_ranges(order: CodeOrder) -> list[Range]:
    """Return the commissioned parts of an order; what was withdrawn before is not taken out."""
    rows = Activation.objects.filter(organisation_id=order.organisation_id, order_id=order.id)
    spans = rows.order_by("first").values_list("first", "count")
    return [(first, first + count) for first, count in spans]


def waiting_ranges(order: CodeOrder) -> list[Range]:
    """Return the parts of an order that are neither active nor withdrawn."""
    waiting = without([(0, order.count)], active_ranges(order))
    return without(waiting, runs(withdrawn(order))) if order.withdrawn_count else waiting


def counts(order: CodeOrder) -> OrderCounts:
    """Return what became of an order's codes."""
    return OrderCounts(
        issued=order.count,
        commissioned=order.commissioned_count,
        packed=order.packed_count,
        withdrawn=order.withdrawn_count,
    )


def totals(organisation_id: int, *, gtin: str = "") -> Totals:
    """Return what the organisation, or one of its products, has issued in all."""
    rows = CodeOrder.objects.filter(organisation_id=organisation_id)
    if gtin:
        rows = rows.filter(product__gtin=gtin)
    sums = rows.aggregate(
        orders=Count("id"),
        issued=Sum("count"),
        active=Sum("commissioned_count"),
        withdrawn=Sum("withdrawn_count"),
    )
    return Totals(
        orders=sums["orders"],
        issued=sums["issued"] or 0,
        commissioned=sums["active"] or 0,
        withdrawn=sums["withdrawn"] or 0,
    )


def key_versions(organisation_id: int, product_id: int) -> list[KeyVersion]:
    """Return a product's numbering keys, newest first, with what was issued under each."""
    issued = {
        version: (number, codes)
        for version, number, codes in CodeOrder.objects.filter(
            organisation_id=organisation_id, product_id=product_id
        )
        .values_list("key_version")
        .annotate(number=Count("id"), codes=Sum("count"))
        .order_by()
    }
    keys = SerialKey.objects.filter(organisation_id=organisation_id, product_id=product_id)
    return [
        KeyVersion(version, created_at, retired_at, *issued.get(version, (0, 0)))
        for version, created_at, retired_at in keys.order_by("-version").values_list(
            "version", "created_at", "retired_at"
        )
    ]
