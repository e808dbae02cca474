"""Facts about the benchmarks: they run, their baselines answer alike, they print ratios.

Small runs: what they measure is nobody's figure.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from suyuan.capture.models import StoredEvent
from suyuan.cli.bench import capture, capture_http, history, page, print_file, scope, sun

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("run", "figures"),
    [
        (lambda seen: capture.run(documents_each=2, progress=seen), 3),
        (lambda seen: history.run(items=3_000, progress=seen), 1),
        (lambda seen: print_file.run(items=3_000, progress=seen), 2),
        (lambda seen: scope.run(items=3_000, progress=seen), 1),
        (lambda seen: sun.run(count=100, progress=seen), 4),
    ],
    ids=["capture", "history", "print_file", "scope", "sun"],
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
    row = page.run(items=100, seconds=3, connections=2)
    assert row["errors"] == 0
    assert float(row["rate"]) > 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_capture_is_measured_over_a_real_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings_of = connection.settings_dict
    address = f"sqlite:///{settings_of['NAME']}"
    if connection.vendor == "postgresql":
        address = (
            f"postgresql://{settings_of['USER']}:{settings_of['PASSWORD']}@{settings_of['HOST']}"
            f":{settings_of['PORT']}/{settings_of['NAME']}"
        )
    monkeypatch.setenv("SUYUAN_DATABASE_URL", address)
    monkeypatch.setenv("SUYUAN_SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setenv("SUYUAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "suyuan.config.settings")
    (row,) = capture_http.run(documents_each=2)
    assert float(row["rate"]) > 0
    assert StoredEvent.objects.count() == 6 * 500
