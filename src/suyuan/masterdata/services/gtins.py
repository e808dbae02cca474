"""Numbers of trade items: given ones checked, missing ones made, public ones claimed.

Owns: restricted-circulation numbers and their counter, `Publication` rows.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from suyuan.core.identifiers import Gtin, IdentifierError
from suyuan.kernel import clock
from suyuan.masterdata.errors import GtinClaimed, NumbersExhausted
from suyuan.masterdata.fields import checked_gtin
from suyuan.masterdata.models import Material, NumberCounter, Product, Publication
from suyuan.tenancy.models import Organisation

_TRIES = 1000  # typed-in numbers that may stand in the counter's way


def number_for(organisation: Organisation, text: str) -> str:
    """Return the 14 digits of a given GTIN, or the organisation's next restricted number.

    A restricted number (prefix 2) holds the organisation's company number and a count, so it is
    unique in this installation and nowhere else.

    Raises:
        Invalid: the codes of `Gtin.parse`.
        NumbersExhausted: no restricted number is left.
    """
    if text.strip():
        return checked_gtin(text)
    for _ in range(_TRIES):
        try:
            number = Gtin.restricted(organisation.company_number, _next(organisation)).value
        except IdentifierError as error:
            raise NumbersExhausted from error
        if not is_taken(organisation.pk, number) and not _is_published(number):
            return number
    raise NumbersExhausted


def _next(organisation: Organisation) -> int:
    """Advance the counter by a conditional update."""
    while True:
        counter, _ = NumberCounter.objects.get_or_create(organisation=organisation)
        here = NumberCounter.objects.filter(organisation=organisation, next=counter.next)
        if here.update(next=F("next") + 1):
            return counter.next


def is_taken(organisation_id: int, gtin: str) -> bool:
    """Tell whether a product or a material of the organisation has the number."""
    return (
        Product.objects.filter(organisation_id=organisation_id, gtin=gtin).exists()
        or Material.objects.filter(organisation_id=organisation_id, gtin=gtin).exists()
    )


def _is_published(gtin: str) -> bool:
    return Publication.objects.filter(gtin=gtin).exists()


def claim(product: Product) -> None:
    """Make the organisation the one that answers for the product's GTIN in public.

    Raises:
        GtinClaimed: another organisation does.
    """
    try:
        with transaction.atomic():
            Publication.objects.create(
                gtin=product.gtin,
                organisation_id=product.organisation_id,
                product_id=product.id,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise GtinClaimed(place="gtin", gtin=product.gtin) from error


def release(product: Product) -> None:
    """Give the claim up."""
    Publication.objects.filter(gtin=product.gtin, organisation_id=product.organisation_id).delete()
