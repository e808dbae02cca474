"""What live events tell of amounts of lots, read once for balances and movements.

Owns: reading quantity elements into exact numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np

from suyuan.core.epcis.event import QUANTITY_ROLES, Role
from suyuan.core.keyset import Keys
from suyuan.lineage.fetch import entries_of, facts_of
from suyuan.lineage.history import Row, read_rows
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.transformations import amount_text, class_keys
from suyuan.lineage.values import FindingCode

MOST_EVENTS: Final = 50_000
_ROLES: Final = np.array(sorted(QUANTITY_ROLES.values()), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a lot that a live event tells.

    Attributes:
        number: None where the event names none, or none that counts.
        uom: unit of measure, "" for a count.
        text: "12.5 KGM", as captured.
    """

    lot: int
    role: Role
    number: Decimal | None
    uom: str
    text: str
    row: Row


def amounts_of(organisation_id: int, lots: Collection[int], findings: Findings) -> list[Amount]:
    """Return all amounts of lots, in order of events."""
    rows = read_rows(organisation_id, _seqs(organisation_id, lots, findings).tolist())
    keys = class_keys(organisation_id, rows.values())
    wanted = set(lots)
    found: list[Amount] = []
    for row in sorted(rows.values(), key=lambda one: (one.time, one.seq)):
        for name, role in QUANTITY_ROLES.items():
            for element in row.body.get(name, ()):
                lot = keys[str(element["epcClass"])]
                if lot in wanted:
                    found.append(_amount(lot, role, element, row, findings))
    return found


def _seqs(organisation_id: int, lots: Collection[int], findings: Findings) -> Keys:
    entries = entries_of(organisation_id, np.array(sorted(set(lots)), dtype=np.int64))
    seqs = np.unique(entries.seqs[np.isin(entries.roles, _ROLES)])
    facts = facts_of(organisation_id, seqs)
    live = facts.seqs[~facts.voided]
    if live.size > MOST_EVENTS:
        findings.note(FindingCode.CUT_SHORT)
    return live[:MOST_EVENTS]


def _amount(
    lot: int, role: Role, element: Mapping[str, Any], row: Row, findings: Findings
) -> Amount:
    number = _number(element.get("quantity"))
    if number is not None and number <= 0:
        findings.note(
            FindingCode.NEGATIVE_QUANTITY,
            seqs=[row.seq],
            lots=(lot,),
            amount=amount_text(element),
        )
        number = None
    return Amount(lot, role, number, str(element.get("uom", "")), amount_text(element), row)


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
