"""The lists that people give for partners, made fit to store.

Owns: what is refused of codes, products and steps, with the place of the fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from suyuan.core.epcis.vocabulary import STEPS, bare_word
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.fields import checked_gtin
from suyuan.masterdata.models import Location, Material, Party, Product

MOST: Final = 5_000  # of one list of one rule
_LONGEST: Final = 512


def _distinct(given: Iterable[str], place: str) -> list[str]:
    found = sorted({text.strip() for text in given} - {""})
    if len(found) > MOST:
        raise Invalid("too_many_values", place=place, most=MOST)
    for text in found:
        if len(text) > _LONGEST or not text.isprintable():
            raise Invalid("text_control_character", place=place)
    return found


def _known(wanted: list[str], known: Collection[str], code: str, place: str) -> list[str]:
    for text in wanted:
        if text not in known:
            raise Invalid(code, place=place, given=text[:80])
    return wanted


def known_places(organisation_id: int, given: Iterable[str], place: str) -> list[str]:
    """Return codes of locations. Raises `Invalid` with `location_unknown`."""
    codes = _distinct(given, place)
    rows = Location.objects.filter(organisation_id=organisation_id, code__in=codes)
    return _known(codes, set(rows.values_list("code", flat=True)), "location_unknown", place)


def known_parties(organisation_id: int, given: Iterable[str], place: str) -> list[str]:
    """Return codes of parties. Raises `Invalid` with `party_unknown`."""
    codes = _distinct(given, place)
    rows = Party.objects.filter(organisation_id=organisation_id, code__in=codes)
    return _known(codes, set(rows.values_list("code", flat=True)), "party_unknown", place)


def known_products(organisation_id: int, given: Iterable[str], place: str) -> list[str]:
    """Return 14 digits each, of products and materials.

    Raises:
        Invalid: a malformed GTIN, or `product_unknown`.
    """
    gtins = sorted({checked_gtin(text, place) for text in _distinct(given, place)})
    known: set[str] = set()
    for model in (Product, Material):
        rows = model.objects.filter(organisation_id=organisation_id, gtin__in=gtins)
        known |= set(rows.values_list("gtin", flat=True))
    return _known(gtins, known, "product_unknown", place)


def known_steps(given: Iterable[str], place: str) -> list[str]:
    """Return bare words of the CBV, or URIs as they are.

    Raises:
        Invalid: `unknown_step`.
    """
    words = sorted({bare_word("bizstep", text) for text in _distinct(given, place)})
    for word in words:
        own = ":" in word and not word.startswith("urn:epcglobal:cbv") and word.isascii()
        if word not in STEPS and not own:
            raise Invalid("unknown_step", place=place, given=word[:80])
    return words
