"""Identifiers of rows: unlike, in order, within 63 bits, whatever the clock does."""

from __future__ import annotations

import time
from unittest import mock

from suyuan.kernel.ids import new_id


def test_a_hundred_thousand_made_at_once_are_all_different_and_in_order() -> None:
    made = [new_id() for _ in range(100_000)]
    assert len(set(made)) == len(made)
    assert made == sorted(made)
    assert all(0 < one < 2**63 for one in made)


def test_a_clock_set_back_repeats_nothing() -> None:
    before = new_id()
    with mock.patch.object(time, "time_ns", return_value=1_710_000_000_000_000_000):
        assert new_id() > before
