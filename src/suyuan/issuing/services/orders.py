"""Order codes, and give a product a new numbering key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import IntegrityError, transaction

from suyuan.issuing import selectors
from suyuan.issuing.counters import take_indexes
from suyuan.issuing.errors import ProductInactive
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.values import ORDER_LIMIT
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata import numbering
from suyuan.masterdata.errors import NotSerialised
from suyuan.masterdata.models import Product
from suyuan.masterdata.rules import Text
from suyuan.masterdata.selectors import get_lot, get_product
from suyuan.masterdata.services import mark_codes_issued
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

_NOTE: Final = Text(500)
_REQUEST_KEY: Final = Text(80)


def order_codes(
    *,
    actor: Actor,
    gtin: str,
    count: int,
    lot_code: str = "",
    note: str = "",
    request_key: str = "",
) -> CodeOrder:
    """Issue `count` new serials of a product: one row, however many.

    A repeated `request_key` returns the first call's order, whatever else it says.

    Args:
        actor: Who acts.
        gtin: 14 digits.
        count: 1 to 10,000,000.
        lot_code: The lot they are for, if it is known already.
        note: For colleagues; up to 500 characters.
        request_key: Chosen by the caller, up to 80 characters.

    Raises:
        Forbidden: without `codes.order`.
        NotFound: no such product or lot in the organisation.
        Invalid: `order_count`, `too_long`, `text_control_character`.
        NotSerialised: the product's items get no serials here.
        ProductInactive, SpaceExhausted: see there.
    """
    actor.require(Right.CODES_ORDER)
    key = _REQUEST_KEY.check(request_key, "request_key")
    if (first := selectors.order_of_request(actor.organisation_id, key)) is not None:
        return first
    if not 1 <= count <= ORDER_LIMIT:
        raise Invalid("order_count", place="count", limit=ORDER_LIMIT, given=count)
    remark = _NOTE.check(note, "note")
    try:
        with transaction.atomic():
            return _issue(actor, gtin, count, lot_code, remark, key)
    except IntegrityError:
        # The same request, sent twice at once: the other one has won.
        if (first := selectors.order_of_request(actor.organisation_id, key)) is not None:
            return first
        raise


def download_codes(
    *, actor: Actor, order_number: str, form: selectors.Download, base_url: str
) -> Iterator[bytes]:
    """Return an order's codes as a stream; who took them, and in which form, is audited.

    See `selectors.stream_codes`, and `selectors.stream_inner_codes` for the form `inner`.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such order in the organisation.
        NoInnerCodes: the form `inner` of a product whose labels have no hidden code.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        order = selectors.get_order(actor.organisation_id, order_number)
        if form == "inner":
            blocks = selectors.stream_inner_codes(order, base_url=base_url)
        else:
            blocks = selectors.stream_codes(order, form=form, base_url=base_url)
        actor.audit(
            "codes.download",
            kind="code_order",
            object_id=order.number,
            changes={"form": [None, form]},
        )
    return blocks


def _issue(
    actor: Actor, gtin: str, count: int, lot_code: str, note: str, request_key: str
) -> CodeOrder:
    product = get_product(actor.organisation_id, gtin)
    version = _current_version(product)
    lot = get_lot(actor.organisation_id, product.gtin, lot_code) if lot_code else None
    start = take_indexes(product, count)
    mark_codes_issued(actor=actor, product_id=product.id)
    order = CodeOrder(
        organisation=actor.organisation,
        number=yearly_number(organisation_id=actor.organisation_id, prefix="CO", series="order"),
        product_id=product.id,
        lot_id=lot.id if lot else None,
        key_version=version,
        start=start,
        count=count,
        note=note,
        request_key=request_key,
        created_at=clock.now(),
        created_by=actor.name,
    )
    order.save(force_insert=True)
    actor.audit(
        "codes.order",
        kind="code_order",
        object_id=order.number,
        changes={
            "gtin": [None, product.gtin],
            "count": [None, count],
            "lot": [None, lot.code if lot else None],
            "key_version": [None, version],
        },
    )
    return order


def _current_version(product: Product) -> int:
    if not product.active:
        raise ProductInactive(place="gtin", gtin=product.gtin)
    spaces = numbering.code_spaces(product.organisation_id, product.gtin)
    if not numbering.is_serialised(product) or not spaces:
        raise NotSerialised(place="gtin", gtin=product.gtin)
    return spaces[0].version


def rotate_key(*, actor: Actor, gtin: str) -> int:
    """Number later orders of a product under a new key, and return its version.

    Codes issued before stay genuine: their key is kept.

    Raises:
        Forbidden: without `codes.rotate_key`.
        NotFound: no such product in the organisation.
        NotSerialised: the product's items get no serials here.
        KeyChangedMeanwhile: someone else rotated it at the same time.
    """
    actor.require(Right.CODES_ROTATE_KEY)
    with transaction.atomic():
        product = get_product(actor.organisation_id, gtin)
        version = numbering.new_key_version(
            organisation_id=actor.organisation_id, product_id=product.id
        )
        actor.audit(
            "codes.rotate_key",
            kind="product",
            object_id=product.gtin,
            changes={"key_version": [version - 1, version]},
        )
    return version
