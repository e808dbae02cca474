"""Add, order and remove a product's pictures."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Max

from suyuan.kernel import clock
from suyuan.masterdata import pictures, selectors
from suyuan.masterdata.errors import TooManyPictures
from suyuan.masterdata.models import ProductPicture
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

MOST_PICTURES: Final = 12


def add_picture(*, actor: Actor, gtin: str, content: bytes) -> ProductPicture:
    """Store a picture of a product, re-encoded; the same picture twice is kept once.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such product in the organisation.
        Invalid: `picture_too_large`, `picture_unreadable`.
        TooManyPictures: the product has twelve.
    """
    actor.require(Right.MASTERDATA_EDIT)
    product = selectors.get_product(actor.organisation_id, gtin)
    sizes = pictures.render(actor.organisation_id, content)
    with transaction.atomic():
        product = selectors.get_product(actor.organisation_id, gtin, lock=True)
        rows = ProductPicture.objects.filter(
            organisation_id=actor.organisation_id, product_id=product.id
        )
        if (known := rows.filter(large=sizes.large.digest).first()) is not None:
            return known
        if rows.count() >= MOST_PICTURES:
            raise TooManyPictures(most=MOST_PICTURES)
        last = rows.aggregate(last=Max("position"))["last"]
        # Written first: a file without a row is waste, a row without a file is a broken page.
        pictures.keep(actor.organisation_id, sizes)
        row = ProductPicture.objects.create(
            organisation=actor.organisation,
            product_id=product.id,
            position=0 if last is None else last + 1,
            small=sizes.small.digest,
            large=sizes.large.digest,
            width=sizes.large.width,
            height=sizes.large.height,
            created_at=clock.now(),
        )
        actor.audit(
            "picture.add",
            kind="product",
            object_id=product.gtin,
            changes={"picture": [None, row.large]},
        )
    return row


def remove_picture(*, actor: Actor, gtin: str, digest: str) -> None:
    """Take a picture off a product; its files go once the transaction is through.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such picture of the product.
    """
    actor.require(Right.MASTERDATA_EDIT)
    with transaction.atomic():
        row = selectors.get_picture(actor.organisation_id, gtin, digest)
        row.delete()
        names = {row.small, row.large}
        rows = ProductPicture.objects.filter(organisation_id=actor.organisation_id)
        used = {
            name
            for pair in rows.filter(large=row.large).values_list("small", "large")
            for name in pair
        }
        actor.audit(
            "picture.remove", kind="product", object_id=gtin, changes={"picture": [digest, None]}
        )
        organisation_id = actor.organisation_id
        transaction.on_commit(lambda: pictures.discard(organisation_id, names - used))


def move_picture(*, actor: Actor, gtin: str, digest: str, position: int) -> None:
    """Put a picture at a place in the order, from 0; the others close up.

    Raises:
        Forbidden: without `masterdata.edit`.
        NotFound: no such picture of the product.
    """
    actor.require(Right.MASTERDATA_EDIT)
    with transaction.atomic():
        moved = selectors.get_picture(actor.organisation_id, gtin, digest)
        rows = selectors.pictures_of(actor.organisation_id, moved.product_id)
        before = [row.large for row in rows]
        others = [row for row in rows if row.id != moved.id]
        others.insert(max(0, position), moved)
        for place, row in enumerate(others):
            if row.position != place:
                row.position = place
                row.save(update_fields=["position"])
        after = [row.large for row in others]
        if before != after:
            changes: dict[str, object] = {"pictures": [before, after]}
            actor.audit("picture.move", kind="product", object_id=gtin, changes=changes)
