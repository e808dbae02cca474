"""Of uses of one message at the same instant, exactly one is genuine."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from suyuan.nfc.models import Chip
from suyuan.verification.values import SeenBy, Verdict
from tests.nfc_world import Chips


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_uses_of_one_message_exactly_one_is_genuine(chips: Chips) -> None:
    readers = 6
    chip = chips.on_item()
    chips.ask(chip.tap())  # the day's salt is made
    message = chip.tap()
    together = threading.Barrier(readers)

    def look(number: int) -> Verdict:
        together.wait(timeout=20)
        asker = SeenBy(address=f"203.0.113.{number}", agent="x", language="en")
        try:
            return chips.ask(message, seen_by=asker).verdict
        finally:
            connection.close()

    with ThreadPoolExecutor(readers) as pool:
        verdicts = list(pool.map(look, range(readers)))
    assert verdicts.count(Verdict.TAP_GENUINE) == 1
    assert verdicts.count(Verdict.TAP_REPLAYED) == readers - 1
    assert Chip.objects.get().taps == 2


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_first_taps_of_a_new_chip_exactly_one_is_genuine(chips: Chips) -> None:
    readers = 4
    chips.goods.ask(chips.goods.unused[0])  # the day's salt is made
    message = chips.on_item().tap()
    together = threading.Barrier(readers)

    def look(number: int) -> Verdict:
        together.wait(timeout=20)
        asker = SeenBy(address=f"203.0.113.{number}", agent="x", language="en")
        try:
            return chips.at_door(message, seen_by=asker).found.verdict
        finally:
            connection.close()

    with ThreadPoolExecutor(readers) as pool:
        verdicts = list(pool.map(look, range(readers)))
    assert verdicts.count(Verdict.TAP_GENUINE) == 1
