"""When scheduled queries run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.subscriptions.controls import read_controls
from suyuan.subscriptions.errors import SubscriptionControls
from suyuan.subscriptions.schedule import FIELDS, read_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 12, 30, 15, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"hour": "1", "minute": "5"}, "2026-03-03T01:05:00"),
        ({"second": "0/30"}, "2026-03-02T12:30:30"),
        ({"second": "*"}, "2026-03-02T12:30:16"),
        ({"minute": "0,15,30,45"}, "2026-03-02T12:45:00"),
        ({"minute": "*/20"}, "2026-03-02T12:40:00"),
        ({"hour": "[8-18]"}, "2026-03-02T13:00:00"),
        ({"dayOfWeek": "1"}, "2026-03-09T00:00:00"),
        ({"dayOfWeek": "1", "hour": "13"}, "2026-03-02T13:00:00"),
        ({"dayOfMonth": "1"}, "2026-04-01T00:00:00"),
        ({"month": "3"}, "2027-03-01T00:00:00"),
        ({"month": "2", "dayOfMonth": "29"}, "2028-02-29T00:00:00"),
        ({"month": "3", "dayOfWeek": "7"}, "2026-03-08T00:00:00"),
        ({"hour": 1, "minute": 5}, "2026-03-03T01:05:00"),
    ],
)
def test_schedule_runs_next_at(schedule: dict[str, object], expected: str) -> None:
    found = read_schedule(schedule).next_after(MONDAY, SHANGHAI)
    assert found is not None
    assert found.astimezone(SHANGHAI).replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ({}, "schedule_empty"),
        ({"hour": ""}, "schedule_empty"),
        ({"year": "2026"}, "schedule_field"),
        ({"hour": "24"}, "schedule_value"),
        ({"minute": "60"}, "schedule_value"),
        ({"dayOfWeek": "0"}, "schedule_value"),
        ({"dayOfMonth": "0"}, "schedule_value"),
        ({"hour": "[18-8]"}, "schedule_value"),
        ({"hour": "[8-24]"}, "schedule_value"),
        ({"hour": "1;2"}, "schedule_value"),
        ({"hour": "1,"}, "schedule_value"),
        ({"hour": "-1"}, "schedule_value"),
        ({"hour": "１"}, "schedule_value"),
        ({"hour": True}, "schedule_value"),
        ({"hour": ["1"]}, "schedule_value"),
        ({"hour": "1," * 200 + "1"}, "schedule_value"),
        ({"month": "2", "dayOfMonth": "30"}, "schedule_never"),
    ],
)
def test_schedule_that_is_none_is_refused(schedule: dict[str, object], code: str) -> None:
    with pytest.raises(SubscriptionControls) as caught:
        read_schedule(schedule)
    assert caught.value.code == code


def test_hour_that_the_clock_leaves_out_does_not_come() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    found = read_schedule({"hour": "2", "minute": "30"}).next_after(before, BERLIN)
    assert found == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)  # not on the 29th


def test_hour_that_comes_twice_runs_once() -> None:
    schedule = read_schedule({"hour": "2", "minute": "30"})
    first = schedule.next_after(datetime(2026, 10, 24, 12, tzinfo=BERLIN), BERLIN)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = schedule.next_after(first, BERLIN)
    assert second == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(
    st.dictionaries(st.sampled_from(sorted(FIELDS)), st.integers(1, 7).map(str), min_size=1),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_next_run_is_later_and_matches(schedule: dict[str, str], start: datetime) -> None:
    time = start.replace(tzinfo=UTC)
    found = read_schedule(schedule).next_after(time, SHANGHAI)
    assert found is not None
    assert found > time
    local = found.astimezone(SHANGHAI)
    parts = {
        "second": local.second,
        "minute": local.minute,
        "hour": local.hour,
        "dayOfMonth": local.day,
        "month": local.month,
        "dayOfWeek": local.isoweekday(),
    }
    assert all(parts[name] == int(value) for name, value in schedule.items())
    again = read_schedule(schedule).next_after(found - timedelta(microseconds=1), SHANGHAI)
    assert again == found


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, "stream_or_schedule"),
        ({"stream": False}, "stream_or_schedule"),
        ({"stream": True, "schedule": {"hour": "1"}}, "stream_or_schedule"),
        ({"stream": "true", "hour": "1"}, "stream_or_schedule"),
        ({"stream": "yes"}, "control_value"),
        ({"stream": True, "reportIfEmpty": "maybe"}, "control_value"),
        ({"stream": True, "initialRecordTime": "yesterday"}, "control_value"),
        ({"stream": True, "initialRecordTime": "2026-01-01T00:00:00"}, "control_value"),
        ({"schedule": "daily"}, "control_value"),
        ({"schedule": {"year": "1"}}, "schedule_field"),
        ({"stream": True, "trigger": "x"}, "control_unknown"),
    ],
)
def test_controls_that_are_none_are_refused(told: dict[str, object], code: str) -> None:
    with pytest.raises(SubscriptionControls) as caught:
        read_controls(told.items())
    assert caught.value.code == code


def test_plus_of_a_zone_that_became_a_blank_is_understood() -> None:
    told = read_controls(
        {"stream": "true", "initialRecordTime": "2026-01-01T08:00:00 08:00"}.items()
    )
    assert told.initial_record_time == datetime(2026, 1, 1, tzinfo=UTC)
