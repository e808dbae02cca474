"""When the next drill comes: at a random moment that nobody is told.

Owns: `DrillPlan` rows, the draw of the moment, what the worker announces.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.recalls.drills.announcing import announce_drill, minutes_of, sample_of
from suyuan.recalls.models import DrillPlan
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.rights import Right

MOST_DAYS: Final = 366
_SATURDAY: Final = 5
_HOUR_SECONDS: Final = 3600
_log = logging.getLogger(__name__)


def set_plan(
    *,
    actor: Actor,
    active: bool,
    sample: str,
    every_days: int,
    from_hour: int,
    to_hour: int,
    weekends: bool,
    target_minutes: int,
) -> DrillPlan:
    """Plan drills: one about every so many days, at a random moment between two hours.

    Raises:
        Invalid: `drill_days`, `drill_hours`, `drill_sample`, `drill_minutes`.
    """
    actor.require(Right.RECALL_ACT)
    if not 1 <= every_days <= MOST_DAYS:
        raise Invalid("drill_days", place="every_days", most=MOST_DAYS)
    if not 0 <= from_hour < to_hour <= 24:
        raise Invalid("drill_hours", place="to_hour")
    fields = {
        "active": active,
        "sample": sample_of(sample),
        "every_days": every_days,
        "from_hour": from_hour,
        "to_hour": to_hour,
        "weekends": weekends,
        "target_minutes": minutes_of(target_minutes),
    }
    now = clock.now()
    with transaction.atomic():
        plan = DrillPlan(**fields)
        plan, _made = DrillPlan.objects.update_or_create(
            organisation=actor.organisation,
            defaults={
                **fields,
                "next_at": random_moment(plan, now, first=True) if active else None,
                "changed_at": now,
                "changed_by": actor.name,
            },
        )
        # The moment itself is told to nobody, not even here.
        changes: dict[str, object] = {name: [None, value] for name, value in fields.items()}
        actor.audit("drill.plan", kind="drill_plan", object_id="plan", changes=changes)
    return plan


def random_moment(plan: DrillPlan, now: datetime, *, first: bool = False) -> datetime:
    """Return a moment within the plan's hours, after `now`.

    The first comes within the plan's days; another from half of them to one and a half times as
    many later, so that on average they come as often as planned, and nobody can count the days.
    """
    zone = timezone.get_default_timezone()
    chance = secrets.SystemRandom()
    shares = (0.0, 1.0) if first else (0.5, 1.5)
    days = plan.every_days * chance.uniform(*shares)
    day = timezone.localtime(now + timedelta(days=days), zone).date()
    seconds = chance.randrange(plan.from_hour * _HOUR_SECONDS, plan.to_hour * _HOUR_SECONDS)
    for _ahead in range(MOST_DAYS):
        moment = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=seconds)
        if moment > now and (plan.weekends or moment.weekday() < _SATURDAY):
            return moment
        day += timedelta(days=1)
    raise AssertionError  # a year has a working day


def announce_due(now: datetime | None = None) -> int:
    """Announce the drills whose moment has come; return how many. The worker calls it.

    A moment is taken by one worker alone, and the next one is drawn with it. A drill that cannot
    be announced, for one is running or there is nothing to draw, waits for the next moment.
    """
    now = now or clock.now()
    announced = 0
    for plan in DrillPlan.objects.filter(active=True, next_at__lte=now).select_related(
        "organisation"
    ):
        mine = DrillPlan.objects.filter(
            organisation_id=plan.organisation_id, id=plan.id, next_at=plan.next_at
        )
        if not mine.update(next_at=random_moment(plan, now)):
            continue
        try:
            announce_drill(
                actor=system_actor(plan.organisation),
                sample=plan.sample,
                target_minutes=plan.target_minutes,
                scheduled=True,
            )
            announced += 1
        except SuyuanError as error:
            _log.info("a planned drill was not announced: %s", error.code)
    return announced
