"""What of an item's history anybody may see.

Owns: the table of public steps, and the reduction of a history to it.
Invariant: nothing leaves this module but a kind of step, a time, and a place as
`facts.PublicPlace` gives it: no partner, no order, no waybill, no destination.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from suyuan.lineage.values import History, Step
from suyuan.verification.facts import PublicPlace


class PublicStep(StrEnum):
    """A kind of step that is shown."""

    MADE = "made"
    CODED = "coded"
    INSPECTED = "inspected"
    LEFT = "left"
    ARRIVED = "arrived"
    SOLD = "sold"
    DELIVERED = "delivered"
    RETURNED = "returned"
    RECALLED = "recalled"
    DESTROYED = "destroyed"


# CBV business step → what is shown. What is not here is not shown: packing, storing, picking,
# staging and the like are the organisation's own affair.
PUBLIC_STEPS: Final[Mapping[str, PublicStep]] = {
    "creating_class_instance": PublicStep.MADE,
    "transforming": PublicStep.MADE,
    "commissioning": PublicStep.CODED,
    "inspecting": PublicStep.INSPECTED,
    "shipping": PublicStep.LEFT,
    "departing": PublicStep.LEFT,
    "receiving": PublicStep.ARRIVED,
    "arriving": PublicStep.ARRIVED,
    "accepting": PublicStep.ARRIVED,
    "retail_selling": PublicStep.SOLD,
    "delivering": PublicStep.DELIVERED,
    "destroying": PublicStep.DESTROYED,
}
# Dispositions that say more than the step they came with.
_BY_DISPOSITION: Final[Mapping[str, PublicStep]] = {
    "recalled": PublicStep.RECALLED,
    "destroyed": PublicStep.DESTROYED,
    "returned": PublicStep.RETURNED,
}
_LONGEST: Final = 40
# Its place could be the buyer's own.
_PLACELESS: Final = frozenset({PublicStep.DELIVERED})


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the timeline."""

    step: PublicStep
    time: datetime
    place: PublicPlace | None


def journey(history: History, places: Mapping[str, PublicPlace]) -> list[Stage]:
    """Return the public stages, oldest first, at most 40 (the earliest and the latest).

    Two reports of one thing, such as `departing` after `shipping` from the same place, are one
    stage: the first.
    """
    stages: list[Stage] = []
    for step in history.steps:
        stage = _stage(step, places)
        if stage is None:
            continue
        if stages and (stages[-1].step, stages[-1].place) == (stage.step, stage.place):
            continue
        stages.append(stage)
    half = _LONGEST // 2
    return stages if len(stages) <= _LONGEST else stages[:half] + stages[-half:]


def _stage(step: Step, places: Mapping[str, PublicPlace]) -> Stage | None:
    happening = step.happening
    if happening.voided:
        return None
    # What an item went into, and what went into a lot, is genealogy, not its journey.
    if step.role == "input":
        return None
    kind = _BY_DISPOSITION.get(happening.disposition) or PUBLIC_STEPS.get(happening.step)
    if kind is None:
        return None
    place = None
    if kind not in _PLACELESS:
        place = places.get(happening.read_point) or places.get(happening.location)
    return Stage(step=kind, time=happening.time, place=place)
