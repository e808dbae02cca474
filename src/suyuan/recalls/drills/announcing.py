"""Announce a drill: draw its start, find and freeze the answer, let the clock run."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from typing import Any, Final

from django.db import IntegrityError, transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.lineage.values import Balance, Scope
from suyuan.recalls.drills.drawing import Draw, draw
from suyuan.recalls.drills.selectors import running_drill
from suyuan.recalls.errors import DrillRunning
from suyuan.recalls.models import Drill, DrillSample
from suyuan.recalls.starts import lineage_starts, read_starts
from suyuan.recalls.summary import summarise
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

PREFIX: Final = "DR"
TARGET_MINUTES: Final = 240
MOST_MINUTES: Final = 7 * 24 * 60
_MOST_BALANCES: Final = 500


def announce_drill(
    *,
    actor: Actor,
    sample: str = DrillSample.LOT,
    target_minutes: int = TARGET_MINUTES,
    seed: int | None = None,
    scheduled: bool = False,
) -> Drill:
    """Begin a drill; captures nothing and opens no case.

    Args:
        actor: With the right `recall.act`.
        sample: What to draw: `lot`, `material_lot` or `item`.
        target_minutes: Within which everything should be answered.
        seed: Of the draw; by chance by default. It is recorded.
        scheduled: Whether the plan brought it.

    Raises:
        Invalid: `drill_sample`, `drill_minutes`.
        DrillRunning: another one has not ended.
        NothingToDraw: no event names a lot of that kind yet.
    """
    actor.require(Right.RECALL_ACT)
    wanted = sample_of(sample)
    minutes = minutes_of(target_minutes)
    if (running := running_drill(actor.organisation_id)) is not None:
        raise DrillRunning(number=running.number)
    seed = secrets.randbits(62) if seed is None else seed
    drawn = draw(actor.organisation_id, wanted, seed)
    began = time.perf_counter()
    starts = read_starts(organisation_id=actor.organisation_id, texts=drawn.begins)
    scope = lineage.scope(organisation_id=actor.organisation_id, starts=lineage_starts(starts))
    took_ms = round((time.perf_counter() - began) * 1000)
    try:
        with transaction.atomic():
            drill = _row(actor, wanted, drawn, scope)
            drill.seed, drill.target_minutes, drill.took_ms = seed, minutes, took_ms
            drill.scheduled = scheduled
            drill.save(force_insert=True)
            actor.audit(
                "drill.announce",
                kind="drill",
                object_id=drill.number,
                changes={"start": [None, drill.start], "seed": [None, str(seed)]},
            )
    except IntegrityError as error:
        # Somebody else announced one in the same instant.
        if (running := running_drill(actor.organisation_id)) is not None:
            raise DrillRunning(number=running.number) from error
        raise
    return drill


def sample_of(text: str) -> DrillSample:
    """Return what to draw. Raises `Invalid`: `drill_sample`."""
    try:
        return DrillSample(text)
    except ValueError as error:
        raise Invalid("drill_sample", place="sample", given=str(text)[:40]) from error


def minutes_of(minutes: int) -> int:
    """Return a target. Raises `Invalid`: `drill_minutes`."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid("drill_minutes", place="target_minutes", most=MOST_MINUTES)
    return minutes


def _row(actor: Actor, sample: DrillSample, drawn: Draw, scope: Scope) -> Drill:
    kinds = Counter(one.code.value for one in scope.findings)
    return Drill(
        organisation=actor.organisation,
        number=yearly_number(organisation_id=actor.organisation_id, prefix=PREFIX),
        sample=sample,
        drawn_from=drawn.drawn_from,
        start=drawn.start,
        begins=list(drawn.begins),
        announced_at=clock.now(),
        announced_by=actor.name,
        at_seq=scope.at_seq,
        items=scope.items.to_bytes(),
        item_count=len(scope.items),
        summary=summarise(scope).to_json(),
        balances=[_balance(one) for one in scope.balances[:_MOST_BALANCES]],
        findings=dict(kinds),
    )


def _balance(one: Balance) -> dict[str, Any]:
    return {
        "lot": one.identity.digital_link(),
        "uom": one.uom,
        "made": one.made,
        "numbered": one.numbered,
        "affected": sum(one.affected.values()),
        "not_affected": one.not_affected,
        "unnumbered": one.unnumbered,
        "used": one.used,
        "destroyed": one.destroyed,
        "left": one.left,
        "balanced": one.balanced,
    }
