"""Take a product's indexes, each once; hold an order, or act anew when it has changed meanwhile.

Owns: `ProductCounter` rows.
Invariant: two callers never get overlapping indexes; see `tenancy.numbers`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from suyuan.core.codespace import INDEX_LIMIT
from suyuan.issuing.errors import OrderChangedMeanwhile, SpaceExhausted
from suyuan.issuing.models import CodeOrder, ProductCounter
from suyuan.masterdata.models import Product
from suyuan.tenancy.numbers import advance


def take_indexes(product: Product, count: int) -> int:
    """Return the first of `count` consecutive indexes of a product that nobody had before.

    Raises:
        SpaceExhausted: fewer than `count` are left.
    """
    key = {"organisation_id": product.organisation_id, "product_id": product.id}
    first = advance(ProductCounter.objects, key, count, INDEX_LIMIT)
    if first is None:
        raise SpaceExhausted(place="count", gtin=product.gtin)
    return first


def hold(order: CodeOrder) -> CodeOrder:
    """Keep others from changing an order until the transaction ends; its counts are read anew.

    Whoever allots, withdraws or activates sets comes through here, so that what is read after it
    stays true.
    """
    rows = CodeOrder.objects.filter(organisation_id=order.organisation_id, id=order.id)
    rows.update(withdrawn_count=F("withdrawn_count"))  # the write takes the row's lock
    order.refresh_from_db(
        fields=["status", "commissioned_count", "packed_count", "withdrawn_count"]
    )
    return order


def retried[Outcome](act: Callable[[], Outcome]) -> Outcome:
    """Do `act` in a transaction; once more, on what is true then, if somebody was faster.

    So the same call, sent twice at once, gives both senders the one outcome.

    Raises:
        OrderChangedMeanwhile: others were faster twice.
    """
    try:
        with transaction.atomic():
            return act()
    except OrderChangedMeanwhile:
        with transaction.atomic():
            return act()
