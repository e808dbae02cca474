"""What a frozen scope says beside its counts, as the lines that a preview shows of a living one.

Owns: from `recalls.details` to lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from suyuan.lineage.values import FindingCode
from suyuan.recalls.details import BalanceLine as FrozenBalance
from suyuan.recalls.details import FindingLine as FrozenFinding
from suyuan.recalls.details import MovementLine as FrozenMovement
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary
from suyuan.web.quality.links import journey_link
from suyuan.web.recalls.findings import (
    WORDS,
    BalanceLine,
    FindingLine,
    MovementLine,
    Scan,
    Words,
    event_link,
)
from suyuan.web.recalls.picture import Names, read


def code_of(text: str) -> str:
    """Return the short form of a canonical text: a lot code, a serial."""
    found = read(text)
    return (found.secondary or found.primary) if found else text


def frozen_findings(actor: Actor, rows: Sequence[FrozenFinding], names: Names) -> list[FindingLine]:
    """Return the findings of a frozen scope."""
    return [
        FindingLine(
            *_words(one.code),
            one.times,
            one.units,
            str(vocabulary.step(one.step).label) if one.step else "",
            names.place(one.place) if one.place else "",
            _time(one.since),
            _time(one.until),
            vocabulary.amount(one.amount),
            [code_of(lot) for lot in one.lots],
            [],
            [Scan(seq, event_link(actor, seq)) for seq in one.seqs],
        )
        for one in rows
    ]


def _words(code: str) -> tuple[str, str, str]:
    # A case may be older or newer than the words of this version.
    found = WORDS[FindingCode(code)] if code in set(FindingCode) else Words(code, "")
    return str(found.title), str(found.meaning), found.tone


def frozen_balances(actor: Actor, rows: Sequence[FrozenBalance], names: Names) -> list[BalanceLine]:
    """Return the balances of a frozen scope, those that do not add up first."""
    goods = names.goods([one.lot for one in rows])
    return [
        BalanceLine(
            code_of(one.lot),
            goods.get(one.lot, ""),
            journey_link(actor, one.lot),
            str(vocabulary.UNITS.get(one.uom, one.uom)),
            one.made,
            one.numbered,
            {grade: count for grade, count in one.affected.items() if count},
            sum(one.affected.values()),
            one.not_affected,
            one.unnumbered,
            one.used,
            one.destroyed,
            one.left,
            one.balanced,
        )
        for one in sorted(rows, key=lambda one: one.balanced)
    ]


def frozen_movements(
    actor: Actor, rows: Sequence[FrozenMovement], names: Names
) -> list[MovementLine]:
    """Return the movements of a frozen scope."""
    return [
        MovementLine(
            code_of(one.lot),
            vocabulary.amount(one.amount),
            one.whereabouts,
            names.place(one.place),
            one.waybill,
            one.order_number,
            datetime.fromisoformat(one.time),
            one.certainty,
            journey_link(actor, one.lot),
        )
        for one in rows
    ]


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
