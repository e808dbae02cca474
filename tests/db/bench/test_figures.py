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
from suyuan.cli.bench import (
    capture,
    capture_http,
    dwell,
    history,
    history_http,
    page,
    print_file,
    quartet,
    scope,
    size,
    stock,
    sun,
)
from suyuan.cli.bench.ground import make_brand
from suyuan.cli.bench.syntaxes import SYNTAXES, written
from suyuan.core.epcis import read_document
from suyuan.core.epcis.event_hash import event_hash

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("run", "figures"),
    [
        (lambda seen: capture.run(documents_each=2, progress=seen), 3),
        (lambda seen: history.run(items=3_000, progress=seen), 1),
        (lambda seen: print_file.run(items=3_000, progress=seen), 2),
        (lambda seen: scope.run(items=3_000, lot=1_000, progress=seen), 1),
        (lambda seen: size.run(items=3_000, progress=seen), 1),
        (lambda seen: stock.run(items=3_000, progress=seen), 2),
        (lambda seen: dwell.run(items=3_000, progress=seen), 3),
        (lambda seen: sun.run(count=100, progress=seen), 4),
    ],
    ids=["capture", "history", "print_file", "scope", "size", "stock", "dwell", "sun"],
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


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let a server that a measurement starts stand on the tests' database."""
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


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_history_is_measured_over_a_real_server(served: None) -> None:
    (row,) = history_http.run(items=200, lot=200, asked=20)
    assert 0 < float(row["median"]) <= float(row["rate"])
    assert min(float(row[name]) for name in ("cpu_ms", "baseline_rate")) > 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_capture_is_measured_over_a_real_server(served: None) -> None:
    (row,) = capture_http.run(media="xml-1.2", sizes=(2,), documents_each=2)
    assert min(float(row[name]) for name in ("rate", "cpu_us", "baseline_rate")) > 0
    assert StoredEvent.objects.count() == 6 * 500


def test_a_syntax_that_nobody_speaks_is_not_measured() -> None:
    with pytest.raises(ValueError, match="there are: json, xml-2.0, xml-1.2"):
        capture_http.run(media="csv")


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_measured_document_says_the_same_in_every_syntax(syntax: str) -> None:
    brand = make_brand()
    (plain,) = capture.documents(brand, 1, 2)
    (made,) = written([plain], syntax)
    one = read_document(plain, now=1 << 60)
    other = read_document(made, now=1 << 60, media=SYNTAXES[syntax][0])
    for (_, left), (_, right) in zip(one.events, other.events, strict=True):
        hashes = {event_hash(event.document, {}) for event in (left, right)}
        assert len(hashes) == 1


def test_the_peer_is_left_out_with_a_reason_where_it_cannot_be_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUYUAN_BENCH_QUARTET", str(tmp_path / "no-python"))
    (row,) = quartet.run(documents_each=2)
    assert "left out" in str(row["figure"])
    assert "rate" not in row
