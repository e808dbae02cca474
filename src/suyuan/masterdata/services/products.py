"""Create and change products."""

from __future__ import annotations

from typing import Unpack

from django.db import transaction

from suyuan.masterdata import numbering, selectors
from suyuan.masterdata.errors import CodesIssued, GtinTaken
from suyuan.masterdata.fields import PRODUCT, checked, complete
from suyuan.masterdata.models import Product
from suyuan.masterdata.services import gtins
from suyuan.masterdata.services.rows import change, created, insert
from suyuan.masterdata.values import ProductFields
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def create_product(*, actor: Actor, gtin: str = "", **fields: Unpack[ProductFields]) -> Product:
    """Store a product; without a GTIN it gets a restricted-circulation number.

    An own product is claimed in public; if it is followed by item, it gets numbering key 1.

    Raises:
        Forbidden: without `masterdata.edit`.
        Invalid: a malformed GTIN or field.
        GtinTaken: the organisation has it already, as a product or a material.
        GtinClaimed: another organisation answers for it.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = complete(PRODUCT, fields)
    with transaction.atomic():
        number = gtins.number_for(actor.organisation, gtin)
        taken = GtinTaken(place="gtin", gtin=number)
        if gtins.is_taken(actor.organisation_id, number):
            raise taken
        product = Product(organisation=actor.organisation, gtin=number, **values)
        insert(product, taken)
        _publish(product)
        actor.audit(
            "product.create",
            kind="product",
            object_id=number,
            changes=created({"gtin": number, **values}),
        )
    return product


def update_product(*, actor: Actor, gtin: str, **fields: Unpack[ProductFields]) -> Product:
    """Change the given fields; the GTIN never changes.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such product in the organisation.
        Invalid: a malformed field.
        CodesIssued: item to batch, or own to traded, after codes were issued.
        GtinClaimed: traded to own, and another organisation answers for the GTIN.
    """
    actor.require(Right.MASTERDATA_EDIT)
    values = checked(PRODUCT, fields)
    with transaction.atomic():
        product = selectors.get_product(actor.organisation_id, gtin, lock=True)
        was_own, was_serialised = product.own, numbering.is_serialised(product)
        changes = change(product, values, GtinTaken(place="gtin", gtin=product.gtin))
        if was_serialised and product.codes_issued and not numbering.is_serialised(product):
            raise CodesIssued(place="granularity" if product.own else "own", gtin=product.gtin)
        if was_own and not product.own:
            gtins.release(product)
        if changes:
            _publish(product, claimed=was_own)
            actor.audit("product.update", kind="product", object_id=product.gtin, changes=changes)
    return product


def _publish(product: Product, *, claimed: bool = False) -> None:
    """Claim an own product, and give an own item-level one its first numbering key."""
    if product.own and not claimed:
        gtins.claim(product)
    if numbering.is_serialised(product) and product.serial_key_id is None:
        numbering.new_key_version(organisation_id=product.organisation_id, product_id=product.id)
        product.refresh_from_db(fields=["serial_key_id"])


def mark_codes_issued(*, actor: Actor, product_id: int) -> None:
    """Note that codes of the product exist; issuing calls it inside its own transaction.

    Raises:
        Forbidden: without `codes.order`.
    """
    actor.require(Right.CODES_ORDER)
    Product.objects.filter(
        organisation_id=actor.organisation_id, id=product_id, codes_issued=False
    ).update(codes_issued=True)
