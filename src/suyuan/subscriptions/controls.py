"""The controls of a subscription, as the standard's JSON and query strings have them.

Owns: which members there are, and that a subscription either streams or has a schedule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from suyuan.subscriptions.errors import SubscriptionControls
from suyuan.subscriptions.schedule import FIELDS, read_schedule

NAMES: Final = frozenset({"stream", "schedule", "reportIfEmpty", "initialRecordTime", *FIELDS})
_FLAGS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Controls:
    """When to tell what.

    Attributes:
        stream: each event at once.
        schedule: the standard's QuerySchedule; None with `stream`.
        report_if_empty: tell also that a run found nothing.
        initial_record_time: events recorded before it are not told.
    """

    stream: bool
    schedule: dict[str, object] | None
    report_if_empty: bool
    initial_record_time: datetime | None


def read_controls(pairs: Iterable[tuple[str, object]]) -> Controls:
    """Read controls; `schedule` may be a member, or its fields stand beside the others.

    Raises:
        SubscriptionControls: `control_unknown`, `control_value`, `stream_or_schedule`,
            `schedule_…`.
    """
    told = dict(pairs)
    schedule = told.pop("schedule", None)
    if schedule is not None and not isinstance(schedule, dict):
        raise SubscriptionControls("control_value", place="schedule")
    beside = {name: told.pop(name) for name in FIELDS if name in told}
    timing = {**(schedule or {}), **beside} if schedule is not None or beside else None
    stream = _flag("stream", told.pop("stream", False))
    report = _flag("reportIfEmpty", told.pop("reportIfEmpty", False))
    since = _time(told.pop("initialRecordTime", None))
    if told:
        name = str(min(told))[:40]
        raise SubscriptionControls("control_unknown", place=name, given=name)
    if stream == (timing is not None):
        raise SubscriptionControls("stream_or_schedule", place="schedule")
    if timing is not None:
        read_schedule(timing)
    return Controls(stream, timing, report, since)


def _flag(name: str, given: object) -> bool:
    found = given if isinstance(given, bool) else _FLAGS.get(str(given).lower())
    if found is None:
        raise SubscriptionControls("control_value", place=name, given=str(given)[:40])
    return found


def _time(given: object) -> datetime | None:
    if given in (None, ""):
        return None
    try:
        # In an address a plus that nobody escaped has become a blank.
        found = datetime.fromisoformat(str(given).replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year < 1970:
        raise SubscriptionControls(
            "control_value", place="initialRecordTime", given=str(given)[:40]
        )
    return found
