"""Which items a report on single items speaks of: codes and ranges of codes, as keys.

Owns: `read_items`, and how ranges are written and told again.
Does not own: which items exist (an event names them).

A range runs from one code to another in the order of their numbering: of own serials the order in
which they were issued, of numeric ones the order of the numbers. Of what lies between, the items
are meant that some event names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Scheme
from suyuan.core.keyset import KeySet, class_of
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.lineage.fetch import entries_of

MOST_ITEMS: Final = 100_000
_MOST_LINES: Final = 1_000
_LONGEST: Final = 400
# Codes hold hyphens and dots themselves, so that a lone hyphen must stand between spaces.
_TO: Final = re.compile(r"\s+[-–—]\s+|\s*(?:…|\.\.\.?|~|～|至|到)\s*|\s+to\s+")


class Range(NamedTuple):
    """Neighbouring items: the serials of the first and the last, and how many they are."""

    first: str
    last: str
    items: int


def read_items(*, organisation_id: int, gtin: str, lines: Sequence[str]) -> KeySet:
    """Return the items that lines name: a code, or two codes with "…" between them, in each.

    Args:
        organisation_id: Whose items.
        gtin: Of their product, 14 digits.
        lines: Codes in any form, bare serials too.

    Raises:
        Invalid: with the place ``items/<line>``: ``items_required``, ``identity_unknown``,
            ``items_of_other_product``, ``range_reversed`` (or ends of two numberings),
            ``too_many_items``.
    """
    given = [(at, " ".join(line.split())) for at, line in enumerate(lines, 1) if line.strip()]
    if not given:
        raise Invalid("items_required", place="items")
    if len(given) > _MOST_LINES:
        raise Invalid("too_many_items", place="items", most=MOST_ITEMS)
    found = KeySet()
    for at, line in given:
        found |= _line(organisation_id, gtin, line, f"items/{at}")
        if len(found) > MOST_ITEMS:
            raise Invalid("too_many_items", place=f"items/{at}", most=MOST_ITEMS)
    return found


def _line(organisation_id: int, gtin: str, line: str, place: str) -> KeySet:
    ends = _TO.split(line, maxsplit=1) if len(line) <= _LONGEST else [line]
    # A serial may hold what else stands between two codes.
    if len(ends) == 1 or lineage.resolve(organisation_id=organisation_id, text=line, gtins=[gtin]):
        return KeySet([_item(organisation_id, gtin, line, place)])
    first, last = (_item(organisation_id, gtin, text, place) for text in ends)
    if class_of(first) != class_of(last) or first > last:
        raise Invalid("range_reversed", place=place)
    if last - first >= MOST_ITEMS:
        raise Invalid("too_many_items", place=place, most=MOST_ITEMS)
    between = np.arange(first, last + 1, dtype=np.int64)
    return KeySet.from_array(np.unique(entries_of(organisation_id, between).keys))


def _item(organisation_id: int, gtin: str, text: str, place: str) -> int:
    key = lineage.resolve(organisation_id=organisation_id, text=text[:_LONGEST], gtins=[gtin])
    if key is None:
        raise Invalid("identity_unknown", place=place, given=text[:80])
    identity = identities_of(organisation_id, [key])[key]
    if identity.scheme is not Scheme.SGTIN or identity.primary != gtin:
        raise Invalid("items_of_other_product", place=place, given=text[:80])
    return key


def ranges_of(organisation_id: int, items: KeySet, *, most: int) -> list[Range]:
    """Return the first of the runs that items form, with the serials at their ends."""
    runs = items.runs()[:most]
    names = identities_of(organisation_id, {key for run in runs for key in run})
    return [
        Range(names[first].secondary, names[last].secondary, last - first + 1)
        for first, last in runs
    ]
