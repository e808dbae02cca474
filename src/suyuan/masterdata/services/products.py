"""Create and change products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Unpack

from django.db import transaction

from suyuan.kernel.errors import Conflict, Invalid
from suyuan.masterdata import numbering
from suyuan.masterdata.errors import CodesIssued, GtinTaken
from suyuan.masterdata.fields import PRODUCT, checked, complete
from suyuan.masterdata.models import InnerCode, Product
from suyuan.masterdata.selectors import number_of
from suyuan.masterdata.services import gtins
from suyuan.masterdata.services.rows import change, created, find, insert, save
from suyuan.masterdata.values import ProductFields
from suyuan.tenancy.actor import Actor, Entry
from suyuan.tenancy.rights import Right


def create_product(*, actor: Actor, gtin: str = "", **fields: Unpack[ProductFields]) -> Product:
    """Store a product; see `create_products`."""
    return create_products(actor=actor, rows=[(gtin, fields)])[0]


def create_products(*, actor: Actor, rows: Sequence[tuple[str, ProductFields]]) -> list[Product]:
    """Store products: all or none; one without a GTIN gets a restricted-circulation number.

    An own product is claimed in public; if it is followed by item, it gets numbering key 1.

    Args:
        actor: Who acts.
        rows: The GTIN or an empty text, and the fields of each.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed GTIN or field; `inner_needs_items` for hidden codes without serials.
        GtinTaken: the organisation has it already, as a product or a material.
        GtinClaimed: another organisation answers for it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [complete(PRODUCT, fields) for _, fields in rows]
    with transaction.atomic():
        numbers = gtins.numbers_for(actor.organisation, [gtin for gtin, _ in rows])
        gtins.require_free(actor.organisation_id, numbers)
        products = [
            Product(organisation=actor.organisation, gtin=number, **given)
            for number, given in zip(numbers, values, strict=True)
        ]
        _check_inner(products)
        keys = numbering.first_keys(products)
        insert(products, _taken)
        gtins.claim([product for product in products if product.own])
        numbering.store(keys)
        actor.audit_all(
            "product.create",
            "product",
            (
                Entry(number, created({"gtin": number, **given}))
                for number, given in zip(numbers, values, strict=True)
            ),
        )
    return products


def update_product(*, actor: Actor, gtin: str, **fields: Unpack[ProductFields]) -> Product:
    """Change the given fields; see `update_products`."""
    return update_products(actor=actor, rows=[(gtin, fields)])[0]


def update_products(*, actor: Actor, rows: Sequence[tuple[str, ProductFields]]) -> list[Product]:
    """Change the given fields of products: all or none; the GTIN never changes.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such product in the organisation.
        Invalid: a malformed field; `inner_needs_items` for hidden codes without serials.
        CodesIssued: item to batch, or own to traded, after codes were issued.
        GtinClaimed: traded to own, and another organisation answers for the GTIN.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = [checked(PRODUCT, fields) for _, fields in rows]
    keys = [(number_of(gtin, "product"),) for gtin, _ in rows]
    with transaction.atomic():
        own = Product.objects.filter(organisation_id=actor.organisation_id)
        products = find(own, "product", ("gtin",), keys)
        owned = [product for product in products if product.own]
        serialised = [product for product in products if numbering.is_serialised(product)]
        changes = [change(row, given) for row, given in zip(products, values, strict=True)]
        for product in serialised:
            if product.codes_issued and not numbering.is_serialised(product):
                place = "granularity" if product.own else "own"
                raise CodesIssued(place=place, gtin=product.gtin)
        _check_inner(products)
        _save(products, [set(made) for made in changes])
        before = {product.gtin for product in owned}
        gtins.release([product for product in owned if not product.own])
        gtins.claim([row for row in products if row.own and row.gtin not in before])
        actor.audit_all(
            "product.update",
            "product",
            (Entry(row.gtin, made) for row, made in zip(products, changes, strict=True) if made),
        )
    return products


def _check_inner(products: Iterable[Product]) -> None:
    for product in products:
        if product.inner_code != InnerCode.NONE and not numbering.is_serialised(product):
            raise Invalid("inner_needs_items", place="inner_code", gtin=product.gtin)


def _save(products: Sequence[Product], changed: Sequence[set[str]]) -> None:
    """Write what changed, with a first numbering key for each that has just begun to need one."""
    keys = numbering.first_keys(products)
    fresh = {key.product_id for key in keys}
    for product, names in zip(products, changed, strict=True):
        if product.id in fresh:
            names.add("serial_key_id")
    save(zip(products, changed, strict=True), _taken)
    numbering.store(keys)


def _taken(product: Product) -> Conflict:
    return GtinTaken(place="gtin", gtin=product.gtin)


def mark_codes_issued(*, actor: Actor, product_id: int) -> None:
    """Note that codes of the product exist; issuing calls it inside its own transaction.

    Raises:
        Forbidden: without `codes.order`.
    """
    actor.require(Right.CODES_ORDER)
    Product.objects.filter(
        organisation_id=actor.organisation_id, id=product_id, codes_issued=False
    ).update(codes_issued=True)
