"""Numbers of trade items: given ones checked, missing ones made, public ones claimed.

Owns: which restricted-circulation number comes next, `Publication` rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import batched
from typing import Final

from django.db import IntegrityError, transaction

from suyuan.core.identifiers import Gtin, IdentifierError
from suyuan.kernel import clock
from suyuan.masterdata.errors import GtinClaimed, GtinTaken, NumbersExhausted
from suyuan.masterdata.fields import checked_gtin
from suyuan.masterdata.models import Material, Product, Publication
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.numbers import take_numbers

_SERIES: Final = "gtin"
_BATCH: Final = 500  # numbers in one query
_TRIES: Final = 1000  # times that typed-in numbers may stand in the counter's way


def numbers_for(organisation: Organisation, texts: Sequence[str]) -> list[str]:
    """Return the 14 digits of each given GTIN, or a new restricted number for an empty text.

    A restricted number (prefix 2) holds the organisation's company number and a count, so it is
    unique in this installation and nowhere else.

    Raises:
        Invalid: the codes of `Gtin.parse`.
        NumbersExhausted: too few restricted numbers are left.
    """
    given = [checked_gtin(text) if text.strip() else "" for text in texts]
    fresh = iter(_restricted(organisation, given.count(""), set(given)))
    return [number or next(fresh) for number in given]


def _restricted(organisation: Organisation, count: int, reserved: set[str]) -> list[str]:
    """Return `count` restricted numbers that nothing has, nor is about to have."""
    found: list[str] = []
    for _ in range(_TRIES):
        missing = count - len(found)
        if not missing:
            return found
        first = take_numbers(organisation_id=organisation.pk, series=_SERIES, count=missing) + 1
        try:
            numbers = [
                Gtin.restricted(organisation.company_number, item).value
                for item in range(first, first + missing)
            ]
        except IdentifierError as error:
            raise NumbersExhausted from error
        used = taken(organisation.pk, numbers) | published(numbers) | reserved
        found += [number for number in numbers if number not in used]
    raise NumbersExhausted


def taken(organisation_id: int, gtins: Collection[str]) -> set[str]:
    """Return those of the numbers that a product or a material of the organisation has."""
    return {
        gtin
        for batch in batched(gtins, _BATCH)
        for model in (Product, Material)
        for gtin in model._default_manager.filter(
            organisation_id=organisation_id, gtin__in=batch
        ).values_list("gtin", flat=True)
    }


def require_free(organisation_id: int, gtins: Sequence[str]) -> None:
    """Refuse numbers that a product or a material of the organisation has, or that come twice.

    Raises:
        GtinTaken: for the first of them.
    """
    seen = taken(organisation_id, gtins)
    for gtin in gtins:
        if gtin in seen:
            raise GtinTaken(place="gtin", gtin=gtin)
        seen.add(gtin)


def published(gtins: Iterable[str]) -> set[str]:
    """Return those of the numbers that any organisation answers for in public."""
    return {
        gtin
        for batch in batched(gtins, _BATCH)
        for gtin in Publication.objects.filter(gtin__in=batch).values_list("gtin", flat=True)
    }


def claim(products: Sequence[Product]) -> None:
    """Make the organisation the one that answers for the products' GTINs in public.

    Raises:
        GtinClaimed: another organisation does for one of them.
    """
    now = clock.now()
    claims = [
        Publication(
            gtin=product.gtin,
            organisation_id=product.organisation_id,
            product_id=product.id,
            created_at=now,
        )
        for product in products
    ]
    try:
        with transaction.atomic():
            Publication.objects.bulk_create(claims, batch_size=_BATCH)
    except IntegrityError as error:
        held = published([product.gtin for product in products])
        # Sorted, so that the same file says the same. Empty: given up again in this instant.
        raise GtinClaimed(place="gtin", gtin=min(held, default="")) from error


def release(products: Iterable[Product]) -> None:
    """Give the claims up."""
    for batch in batched(products, _BATCH):
        Publication.objects.filter(
            gtin__in=[product.gtin for product in batch],
            organisation_id=batch[0].organisation_id,
        ).delete()
