"""Deadlines of recalls."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.recalls.rules import Rule, read_rule, working_day


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),  # Monday
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # Saturday
        (date(2026, 3, 8), 1, date(2026, 3, 9)),  # Sunday
        (date(2026, 3, 2), 10, date(2026, 3, 16)),
        (date(2026, 3, 4), 20, date(2026, 4, 1)),
    ],
)
def test_working_days_are_counted_without_weekends(start: date, count: int, end: date) -> None:
    assert working_day(start, count) == end


@given(start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), count=st.integers(1, 400))
def test_a_working_day_is_none_of_a_weekend_and_the_next_is_later(start: date, count: int) -> None:
    day, following = working_day(start, count), working_day(start, count + 1)
    assert day.weekday() < 5
    assert start < day < following


def test_a_rule_ends_with_the_last_working_day_in_the_displays_zone() -> None:
    rule = read_rule(regime="food-1")

    # 18:00 UTC on Monday is Tuesday in Shanghai.
    assert rule.end_by(datetime(2026, 3, 2, 18, tzinfo=UTC)) == datetime(
        2026, 3, 17, 15, 59, tzinfo=UTC
    )


def test_a_changed_limit_is_told() -> None:
    assert not read_rule(regime="food-1", begin_hours=24).changed
    assert read_rule(regime="food-1", begin_hours=12).changed
    assert Rule.from_json(read_rule(regime="own", end_days=5).to_json()).end_days == 5
