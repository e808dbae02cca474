"""Measure issuing: serials computed from indexes against random serials with a row each.

Owns: the figure `issue`.
Does not own: printing, the choice of figures, what other figures measure.
Invariant: figure and baseline run in one process, one after the other, on the same machine.
"""

from __future__ import annotations

import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from suyuan.core.codespace import ALPHABET, SERIAL_LENGTH, CodeSpace

type Progress = Callable[[int, int], None]
"""Called with codes done and codes in all."""

type Figure = dict[str, str | int | float]

_BATCH: Final = 65_536
_TRANSACTION: Final = 10_000
_BASELINE_LIMIT: Final = 200_000
_PREFIX: Final = b"https://id.example.com/01/09506000134352/21/"
# 256 is a multiple of 32: the low five bits of a random byte are a fair character.
_FAIR: Final = ALPHABET * 8


def run(*, count: int = 2_000_000, progress: Progress | None = None) -> Figure:
    """Measure codes issued a second, and the baseline.

    Args:
        count: codes to issue, at least 1. The baseline makes at most 200,000 and is given as a
            rate; its index grows with the table, so a larger one would only be slower.
        progress: called now and then with codes done and codes in all.

    Returns:
        Rates in codes a second on one core: `rate` (arrays of serials), `text_rate` (lines with
        a Digital Link, ready to download), `read_rate` (serials back to indexes), `baseline_rate`,
        `ratio` of the first to the last, and what was counted.

    Raises:
        ValueError: `count` is below 1.
    """
    if count < 1:
        message = f"a measurement of {count} codes says nothing"
        raise ValueError(message)
    baseline_count = min(count, _BASELINE_LIMIT)
    report = _Report(3 * count + baseline_count, progress)
    space = CodeSpace(key=secrets.token_bytes(16), gtin="09506000134352", version=1)
    rate = _rate(count, _issue(space, count), report)
    text_rate = _rate(count, _write(space, count), report)
    read_rate = _rate(count, _read(space, count), report)
    with (
        tempfile.TemporaryDirectory(prefix="suyuan-bench-") as folder,
        closing(_table(Path(folder) / "codes.sqlite3")) as database,
    ):
        baseline_rate = _rate(baseline_count, _insert(database, baseline_count), report)
    return {
        "figure": "issue",
        "unit": "codes/s",
        "count": count,
        "rate": rate,
        "text_rate": text_rate,
        "read_rate": read_rate,
        "baseline": "a table of random serials: one row each, unique index, SQLite file",
        "baseline_count": baseline_count,
        "baseline_rate": baseline_rate,
        "ratio": rate / baseline_rate,
        "rows_per_code": 0,
        "baseline_rows_per_code": 1,
    }


class _Report:
    """Adds up the steps of all parts for one caller."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total = total
        self._done = 0
        self._progress = progress

    def add(self, codes: int) -> None:
        self._done += codes
        if self._progress is not None:
            self._progress(self._done, self._total)


def _rate(count: int, steps: Iterator[int], report: _Report) -> float:
    """Exhaust `steps`, each giving the codes it did; return codes a second without reporting."""
    spent = 0.0
    while True:
        started = perf_counter()
        done = next(steps, 0)
        spent += perf_counter() - started
        if not done:
            return count / spent
        report.add(done)


def _batches(count: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, size):
        yield start, min(size, count - start)


def _issue(space: CodeSpace, count: int) -> Iterator[int]:
    for start, size in _batches(count, _BATCH):
        yield len(space.serial_range(start, size))


def _write(space: CodeSpace, count: int) -> Iterator[int]:
    for start, size in _batches(count, _BATCH):
        space.text_block(start, size, prefix=_PREFIX)
        yield size


def _read(space: CodeSpace, count: int) -> Iterator[int]:
    """Read the same batch again and again: every one costs the same."""
    serials = space.serial_range(0, min(count, _BATCH))
    expected = np.arange(len(serials))
    for _, size in _batches(count, _BATCH):
        if not np.array_equal(space.indexes(serials[:size]), expected[:size]):
            message = "serials read back as other indexes"
            raise AssertionError(message)
        yield size


def _table(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    # As an application would set it: the baseline is not to lose by waiting for the disk.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("CREATE TABLE code (id INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE)")
    return database


def _insert(database: sqlite3.Connection, count: int) -> Iterator[int]:
    for _, size in _batches(count, _TRANSACTION):
        database.execute("BEGIN")
        database.executemany("INSERT INTO code (serial) VALUES (?)", _random_rows(size))
        database.execute("COMMIT")
        yield size


def _random_rows(count: int) -> Iterator[tuple[str]]:
    for _ in range(count):
        yield (secrets.token_bytes(SERIAL_LENGTH).translate(_FAIR).decode(),)
