"""What the law gives a recall of some category: how soon it must begin, and end.

Owns: the table of regimes, the rule that a person confirmed for a case, its deadlines.

The rows were entered from memory of the regulations, not read at their sources: each is a template
that whoever proposes a recall confirms or changes, and the case keeps who did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from suyuan.kernel.errors import Invalid

OWN: Final = "own"
_MOST_HOURS: Final = 24 * 365
_MOST_DAYS: Final = 1_000
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Regime:
    """One class of recalls under one regulation.

    Attributes:
        code: Stable word.
        regulation: Its name; Chinese regulations are cited in Chinese.
        regulation_en: The name in English.
        level: The class, as a Roman numeral.
        begin_hours: From knowing of the danger to beginning.
        end_days: Working days from the announcement to the end.
        read_on: When the row was last compared with the source; None: never.
    """

    code: str
    regulation: str
    regulation_en: str
    level: str
    begin_hours: int
    end_days: int
    read_on: date | None = None


_FOOD: Final = ("《食品召回管理办法》", "Measures for the Administration of Food Recalls")
REGIMES: Final[Mapping[str, Regime]] = {
    regime.code: regime
    for regime in (
        Regime("food-1", *_FOOD, "I", 24, 10),
        Regime("food-2", *_FOOD, "II", 48, 20),
        Regime("food-3", *_FOOD, "III", 72, 30),
    )
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one case, as confirmed.

    Attributes:
        regime: A code of `REGIMES`, `own` for the organisation's own limits, "" for none.
        begin_hours: From knowing of the danger to approval.
        end_days: Working days from approval to closing.
        changed: The hours or days are not the regime's.
    """

    regime: str = ""
    begin_hours: int | None = None
    end_days: int | None = None
    changed: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rule:
        """Read what `to_json` wrote; an empty mapping is no rule."""
        return cls(**data)

    @property
    def of(self) -> Regime | None:
        """The regulation's row, None for own limits and for none."""
        return REGIMES.get(self.regime)

    def begin_by(self, known_at: datetime) -> datetime | None:
        """Return until when the recall has to begin."""
        return None if self.begin_hours is None else known_at + timedelta(hours=self.begin_hours)

    def end_by(self, approved_at: datetime) -> datetime | None:
        """Return until when it has to end: the last minute of the last working day."""
        if self.end_days is None:
            return None
        zone = ZoneInfo(settings.TIME_ZONE)
        last = working_day(approved_at.astimezone(zone).date(), self.end_days)
        return datetime.combine(last, time(23, 59), zone)


def read_rule(
    *, regime: str = "", begin_hours: int | None = None, end_days: int | None = None
) -> Rule:
    """Return the rule that a person chose; what is given stands before the regime's own limits.

    Raises:
        Invalid: ``recall_regime`` for an unknown word; ``recall_hours``, ``recall_days`` for a
            number out of bounds; ``recall_own_limits`` where own limits are chosen and none given.
    """
    row = REGIMES.get(regime)
    if row is None and regime not in {"", OWN}:
        raise Invalid("recall_regime", place="regime", given=regime[:40])
    if begin_hours is not None and not 1 <= begin_hours <= _MOST_HOURS:
        raise Invalid("recall_hours", place="begin_hours", limit=_MOST_HOURS)
    if end_days is not None and not 1 <= end_days <= _MOST_DAYS:
        raise Invalid("recall_days", place="end_days", limit=_MOST_DAYS)
    if regime == OWN and begin_hours is None and end_days is None:
        raise Invalid("recall_own_limits", place="begin_hours")
    if not regime:
        return Rule()
    if row is None:
        return Rule(OWN, begin_hours, end_days)
    hours, days = begin_hours or row.begin_hours, end_days or row.end_days
    return Rule(regime, hours, days, (hours, days) != (row.begin_hours, row.end_days))


def working_day(start: date, count: int) -> date:
    """Return the `count`th working day after `start`: Mondays to Fridays.

    Public holidays, and the weekends that are worked for them, are decreed anew each year; the
    screens say that they are not counted.
    """
    weeks, rest = divmod(count, 5)
    # From a weekend, counting begins as on the Friday before.
    day = start - timedelta(days=max(0, start.weekday() - _SATURDAY + 1))
    day += timedelta(weeks=weeks)
    for _ in range(rest):
        day += timedelta(days=3 if day.weekday() == _SATURDAY - 1 else 1)
    return day
