"""Read the stock: how much of what is where, and which items those are.

Owns: sums by state, place and product; the sets behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from suyuan.capture.identities import class_names_of, identities_of
from suyuan.capture.models import KeyClass
from suyuan.core.keyset import KeySet
from suyuan.kernel.lists import select, within
from suyuan.lineage.fold import CODE_OF, CODES
from suyuan.lineage.history import identifier_text
from suyuan.lineage.standing.refreshing import last_seq, mark_of
from suyuan.lineage.standing.shelves import CLASS_SHIFT
from suyuan.lineage.values import Whereabouts


@dataclass(frozen=True, slots=True)
class StockLine:
    """Items of one product in one state at one place."""

    whereabouts: Whereabouts
    location: str  # identifier text, "" unknown
    gtin: str
    items: int
    recalled: int  # of the items, those that a recall holds


@dataclass(frozen=True, slots=True)
class Stock:
    """All lines, and what they stand on.

    Attributes:
        lines: the largest first.
        at_seq: the last event that they have seen for sure.
        last_seq: the last event there is.
        refreshed_at: when they were brought up to date, None never.
    """

    lines: Sequence[StockLine]
    at_seq: int
    last_seq: int
    refreshed_at: datetime | None


def read_stock(organisation_id: int) -> Stock:
    """Return how many items of each product are in which state at which place."""
    mark = mark_of(organisation_id)
    rows = select(
        f"SELECT whereabouts, location, shelf >> {CLASS_SHIFT} AS class, "  # noqa: S608 - a constant
        "SUM(count), SUM(CASE WHEN recalled THEN count ELSE 0 END) "
        "FROM lineage_stockset WHERE organisation_id = %s "
        "GROUP BY whereabouts, location, shelf >> "
        f"{CLASS_SHIFT}",
        (organisation_id,),
    )
    classes = class_names_of(organisation_id, {row[2] for row in rows})
    places = identities_of(organisation_id, {row[1] for row in rows if row[1] >= 0})
    sums: dict[tuple[int, int, str], list[int]] = {}
    for code, location, number, items, recalled in rows:
        gtin = classes[number][1].partition("/")[0]
        found = sums.setdefault((code, location, gtin), [0, 0])
        found[0] += int(items)
        found[1] += int(recalled)
    lines = [
        StockLine(
            CODES[code] or Whereabouts.NOT_SEEN,
            identifier_text(places[location]) if location in places else "",
            gtin,
            *found,
        )
        for (code, location, gtin), found in sums.items()
    ]
    lines.sort(key=lambda line: (-line.items, line.gtin, line.location, line.whereabouts))
    return Stock(lines, mark.at_seq, last_seq(organisation_id), mark.refreshed_at)


def classes_of(organisation_id: int, gtin: str) -> list[int]:
    """Return the numbers of the classes that a product's items have."""
    rows = KeyClass.objects.filter(organisation_id=organisation_id, stem__startswith=gtin)
    wanted = {gtin}
    return [
        number
        for number, stem in rows.values_list("number", "stem")
        if stem.partition("/")[0] in wanted
    ]


def stock_items(
    organisation_id: int,
    *,
    gtin: str = "",
    whereabouts: Sequence[Whereabouts] = (),
    location: int | None = None,
    recalled: bool | None = None,
) -> KeySet:
    """Return the items in stock that meet every condition that is given.

    Args:
        organisation_id: whose.
        gtin: of this product.
        whereabouts: in one of these states.
        location: at the place with this key; -1 where none is known.
        recalled: held by a recall, or not.
    """
    conditions, parameters = ["organisation_id = %s"], [organisation_id]
    options: list[tuple[str, list[Any]]] = []
    if gtin:
        options.append((f"shelf >> {CLASS_SHIFT}", classes_of(organisation_id, gtin)))
    if whereabouts:
        options.append(("whereabouts", [CODE_OF.get(one, 0) for one in whereabouts]))
    if location is not None:
        options.append(("location", [location]))
    for column, values in options:
        condition, parameter = within(column, values)
        conditions.append(condition)
        parameters.append(parameter)
    if recalled is not None:
        conditions.append("recalled" if recalled else "NOT recalled")
    rows = select(
        f"SELECT items FROM lineage_stockset WHERE {' AND '.join(conditions)}",  # noqa: S608
        parameters,
    )
    return KeySet.union(KeySet.from_bytes(bytes(row[0])) for row in rows)
