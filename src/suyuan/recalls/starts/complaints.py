"""Starts that name complaints: the goods that people complained of, or their whole lots.

Owns: from a complaint's number to the goods it is about.
"""

from __future__ import annotations

from suyuan.capture import identities
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.kernel.errors import Invalid
from suyuan.lineage import starts as lineage
from suyuan.quality.models import Complaint
from suyuan.recalls.starts.texts import Said

_TOO_MUCH = frozenset(
    {Scheme.GTIN}
)  # a complaint that names a product alone means one of its items


def complained(organisation_id: int, said: Said, place: str) -> tuple[lineage.Start, ...]:
    """Return the goods of complaints.

    Raises:
        Invalid: `complaint_unknown`; `complaint_without_goods`: it names no item, lot or unit.
    """
    numbers = said.all("number")
    rows = Complaint.objects.filter(organisation_id=organisation_id, number__in=numbers)
    found = {row.number: row for row in rows}
    wanted: dict[Identity, str] = {}
    for position, number in enumerate(numbers):
        here = f"{place}/number/{position}"
        if number not in found:
            raise Invalid("complaint_unknown", place=here, given=number[:80])
        goods = _goods(found[number], whole=bool(said.one("lots")))
        if goods is None:
            raise Invalid("complaint_without_goods", place=here, number=number)
        wanted[goods] = number
    keys = identities.find_keys(organisation_id, list(wanted))
    return tuple(lineage.Goods(key) for key in dict.fromkeys(keys[g] for g in wanted if g in keys))


def _goods(complaint: Complaint, *, whole: bool) -> Identity | None:
    lot = Identity(Scheme.LGTIN, complaint.gtin, complaint.lot) if complaint.lot else None
    if whole and lot is not None:
        return lot
    try:
        found = parse_identity(complaint.identity) if complaint.identity else None
    except IdentifierError:
        found = None
    return lot if found is None or found.scheme in _TOO_MUCH else found
