"""The numbers of logistic units: from a series' number to an SSCC.

Owns: which prefix an organisation's series has, and how many numbers fit below it.
"""

from __future__ import annotations

from typing import Final

from suyuan.core.identifiers import Identity, Scheme, Sscc
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.selectors import company_prefixes

_DIGITS: Final = 17  # without the check digit: extension, prefix, serial reference


def unit_prefix(organisation: Organisation) -> str:
    """Return the prefix that numbers the organisation's logistic units.

    Its first GS1 company prefix; without one, prefix 2 and the company's number here, which, like
    its restricted GTINs, is unique in this installation and nowhere else.
    """
    held = company_prefixes(organisation.pk)
    return held[0] if held else f"2{organisation.company_number:04}0"


def series_limit(prefix: str) -> int:
    """Return how many units a prefix can number: 0 up to this, exclusive."""
    return int(10 ** (_DIGITS - len(prefix)))


def sscc(prefix: str, number: int) -> str:
    """Return the SSCC of a series' number; the extension digit counts as its first digit."""
    room = 10 ** (_DIGITS - 1 - len(prefix))
    return Sscc.build(prefix, number // room, number % room).value


def unit_links(prefix: str, first: int, count: int) -> list[str]:
    """Return `count` logistic units from a series' number `first`, as events name them."""
    return [
        Identity(Scheme.SSCC, sscc(prefix, number)).digital_link()
        for number in range(first, first + count)
    ]


def series_number(prefix: str, text: str) -> int | None:
    """Return the series' number behind an SSCC of 18 digits; None under another prefix."""
    if text[1 : 1 + len(prefix)] != prefix:
        return None
    return int(text[0] + text[1 + len(prefix) : _DIGITS])
