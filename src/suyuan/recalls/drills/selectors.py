"""Reads of drills, and what is true of one.

Invariant: every query begins with the organisation. Lists do not load the bitmaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from suyuan.kernel.errors import NotFound
from suyuan.lineage.values import Certainty, Whereabouts
from suyuan.recalls.models import Drill, DrillAnswer, DrillPlan, DrillStatus, DrillTask
from suyuan.recalls.summary import Summary


@dataclass(frozen=True, slots=True)
class Truth:
    """What people should find out.

    Attributes:
        items: how many are affected.
        places: how many are where: by location, or by state for what is at none of ours.
        lots: how many lots are affected, or can be counted at all.
        unbalanced: how many of them do not add up.
        proven: the share of items that are proven.
    """

    items: int
    places: dict[str, int]
    lots: int
    unbalanced: int
    proven: float

    @property
    def balanced(self) -> float:
        """The share of lots that add up; one where there are none."""
        return 1 - self.unbalanced / self.lots if self.lots else 1.0


def get_drill(organisation_id: int, number: str, *, lock: bool = False) -> Drill:
    """Return a drill by number; raises `NotFound`."""
    rows = Drill.objects.filter(organisation_id=organisation_id, number=number)
    drill = (rows.select_for_update() if lock else rows).first()
    if drill is None:
        raise NotFound(kind="drill")
    return drill


def list_drills(organisation_id: int) -> QuerySet[Drill]:
    """Return drills without their bitmaps, the latest first."""
    rows = Drill.objects.filter(organisation_id=organisation_id).defer("items")
    return rows.order_by("-announced_at", "-id")


def running_drill(organisation_id: int) -> Drill | None:
    """Return the drill whose clock runs, if one does."""
    return list_drills(organisation_id).filter(status=DrillStatus.RUNNING).first()


def answers_of(drill: Drill) -> dict[DrillTask, DrillAnswer]:
    """Return a drill's answers by task."""
    rows = DrillAnswer.objects.filter(organisation_id=drill.organisation_id, drill_id=drill.id)
    return {DrillTask(row.task): row for row in rows}


def answers_of_many(
    organisation_id: int, drills: Sequence[Drill]
) -> dict[int, dict[DrillTask, DrillAnswer]]:
    """Return the answers of several drills, by id and task: one query."""
    found: dict[int, dict[DrillTask, DrillAnswer]] = {drill.id: {} for drill in drills}
    rows = DrillAnswer.objects.filter(organisation_id=organisation_id, drill_id__in=found)
    for row in rows:
        found[row.drill_id][DrillTask(row.task)] = row
    return found


def plan_of(organisation_id: int) -> DrillPlan | None:
    """Return when drills come, if they are planned."""
    return DrillPlan.objects.filter(organisation_id=organisation_id).first()


def truth_of(drill: Drill) -> Truth:
    """Return what a drill's frozen scope says."""
    summary = Summary.from_json(drill.summary)
    places: dict[str, int] = {}
    for place in summary.places:
        here = place.whereabouts == Whereabouts.IN_HOUSE and place.location
        name = place.location if here else place.whereabouts
        places[name] = places.get(name, 0) + place.items
    proven = summary.certainty.get(Certainty.PROVEN.value, 0) if summary.certainty else None
    return Truth(
        items=drill.item_count,
        places=places,
        lots=len(drill.balances),
        unbalanced=sum(not one["balanced"] for one in drill.balances),
        proven=1.0 if proven is None or not drill.item_count else proven / drill.item_count,
    )


def minutes_taken(drill: Drill, answers: Mapping[DrillTask, DrillAnswer], now: datetime) -> float:
    """Return the minutes from the announcement to the last answer, or to the end, or to now."""
    if len(answers) == len(DrillTask):
        until = max(one.answered_at for one in answers.values())
    else:
        until = drill.ended_at or now
    return max(0.0, (until - drill.announced_at).total_seconds() / 60)
