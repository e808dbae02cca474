"""Stop recalled goods: the check that an act asks for before it is captured.

Owns: which units of an act are recalled, as people read them.
Does not own: what marks goods (lineage), who marks them (recalls).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from suyuan.capture.identities import find_keys, identities_of
from suyuan.core.identifiers import parse_epc
from suyuan.core.instants import microseconds
from suyuan.lineage.recalled import recalled_among
from suyuan.process.errors import GoodsRecalled

_MINUTE: Final = 60_000_000
"""In microseconds. Forms take whole minutes, so nothing in the minute of a hold is before it."""


def refuse_recalled(organisation_id: int, units: Sequence[str], time: datetime, place: str) -> None:
    """Raise `GoodsRecalled` if one of `units` is recalled or holds what is.

    What happened before the minute in which the goods were recalled may still be recorded.

    Args:
        organisation_id: whose.
        units: as events name them.
        time: when the act happened.
        place: of the list in the input.
    """
    identities = {text: parse_epc(text) for text in units}
    keys = find_keys(organisation_id, list(identities.values()))
    known = {text: keys[one] for text, one in identities.items() if one in keys}
    until = microseconds(time) // _MINUTE * _MINUTE + _MINUTE - 1
    found = recalled_among(organisation_id, list(known.values()), until=until)
    if not found:
        return
    first = found[0]
    text = next(text for text, key in known.items() if key == first.unit)
    goods = identities_of(organisation_id, [first.goods])[first.goods]
    raise GoodsRecalled(
        place=f"{place}/{list(identities).index(text)}",
        given=text,
        goods=goods.digital_link(),
        recall=first.case or "—",
        count=len(found),
    )
