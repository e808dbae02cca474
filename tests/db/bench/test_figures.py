"""Facts about the benchmarks: they run, their baselines answer alike, they print ratios.

Small runs: what they measure is nobody's figure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from suyuan.cli.bench import capture, history, page, scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("run", "figures"),
    [
        (lambda seen: capture.run(documents_each=2, progress=seen), 3),
        (lambda seen: history.run(items=3_000, progress=seen), 1),
        (lambda seen: scope.run(items=3_000, progress=seen), 1),
    ],
    ids=["capture", "history", "scope"],
)
def test_a_figure_is_measured_beside_its_baseline(
    run: Callable[[Callable[[int, int], None]], list[dict[str, Any]]], figures: int
) -> None:
    steps: list[tuple[int, int]] = []
    rows = run(lambda done, total: steps.append((done, total)))
    assert len(rows) == figures
    assert steps
    for row in rows:
        assert min(row["rate"], row["baseline_rate"], row["ratio"]) > 0
        assert row["baseline"]


@pytest.mark.slow
def test_the_consumers_page_is_measured_over_a_real_server() -> None:
    row = page.run(items=100, seconds=1, connections=2)
    assert row["errors"] == 0
    assert float(row["rate"]) > 0
