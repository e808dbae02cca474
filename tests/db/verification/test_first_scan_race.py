"""Of scans at the same instant, exactly one is the first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from suyuan.verification.values import SeenBy, Verdict
from tests.scan_world import Goods

_READERS = 6


@pytest.mark.django_db(transaction=True)
def test_of_concurrent_first_scans_exactly_one_is_first(goods: Goods) -> None:
    goods.ask(goods.unused[0])  # the day's salt is made
    together = threading.Barrier(_READERS)

    def look(number: int) -> tuple[Verdict, int]:
        together.wait(timeout=20)
        try:
            found = goods.ask(
                seen_by=SeenBy(address=f"203.0.113.{number}", agent="x", language="en")
            )
        finally:
            connection.close()
        assert found.seen is not None
        return found.verdict, found.seen.scans

    with ThreadPoolExecutor(_READERS) as pool:
        answers = list(pool.map(look, range(_READERS)))
    verdicts = [verdict for verdict, _ in answers]
    assert verdicts.count(Verdict.GENUINE_FIRST) == 1
    assert verdicts.count(Verdict.GENUINE_SEEN) == _READERS - 1
    assert sorted(number for _, number in answers) == list(range(1, _READERS + 1))
