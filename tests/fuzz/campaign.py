"""Feed a parser broken input, keep what reaches new lines, and watch time and memory.

Owns: the loop. A target is a function of bytes that may raise the errors it documents; any other
exception is a finding, and so is an input that takes longer than `SLOWEST`.
"""

from __future__ import annotations

import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from types import CodeType
from typing import Final

from tests.fuzz.mutation import mutate

SLOWEST: Final = 2.0  # seconds of work for one input of at most 200 kB
_TOOL: Final = sys.monitoring.PROFILER_ID


@dataclass(frozen=True, slots=True)
class Target:
    """What is fed: its seeds, and the errors that it may raise."""

    name: str
    feed: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: Sequence[bytes]


@dataclass(slots=True)
class Report:
    """What a campaign saw.

    Attributes:
        runs: inputs fed. refused: of these, refused by a documented error.
        kept: inputs that reached a line that none before had reached.
        slowest: seconds of work of the slowest. grown: growth of the peak memory, in MB.
        findings: (input, what happened).
    """

    runs: int = 0
    refused: int = 0
    kept: int = 0
    slowest: float = 0.0
    grown: float = 0.0
    findings: list[tuple[bytes, str]] = field(default_factory=list)


class _Lines:
    """Counts lines of the package when they are reached for the first time."""

    def __init__(self) -> None:
        self.reached = 0

    def on_line(self, code: CodeType, _line: int) -> object:
        if "/suyuan/" in code.co_filename:
            self.reached += 1
        return sys.monitoring.DISABLE


@contextmanager
def _watched() -> Iterator[_Lines]:
    lines = _Lines()
    monitoring = sys.monitoring
    monitoring.use_tool_id(_TOOL, "fuzz")
    monitoring.register_callback(_TOOL, monitoring.events.LINE, lines.on_line)
    monitoring.set_events(_TOOL, monitoring.events.LINE)
    monitoring.restart_events()
    try:
        yield lines
    finally:
        monitoring.set_events(_TOOL, 0)
        monitoring.free_tool_id(_TOOL)


def _peak() -> float:
    """Return the peak of this process's memory, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(
    target: Target, *, seed: int, runs: int = sys.maxsize, seconds: float = float("inf")
) -> Report:
    """Feed a target until it has had `runs` inputs, or `seconds` have passed."""
    random = Random(seed)
    report = Report()
    pool = list(target.seeds)
    begun = time.monotonic()
    with _watched() as lines:
        for one in target.seeds:
            _feed(target, one, report)
        before = _peak()
        while report.runs < runs and time.monotonic() - begun < seconds:
            data = mutate(pool, random)
            reached = lines.reached
            _feed(target, data, report)
            if lines.reached > reached and len(data) < 50_000:
                pool.append(data)
                report.kept += 1
    report.grown = _peak() - before
    return report


def _feed(target: Target, data: bytes, report: Report) -> None:
    report.runs += 1
    start = time.process_time()
    try:
        target.feed(data)
    except target.refusals:
        report.refused += 1
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{where.filename.rpartition('/suyuan/')[2]}:{where.lineno}"
        report.findings.append((data, f"{type(error).__name__} at {place}: {error}"))
    took = time.process_time() - start
    report.slowest = max(report.slowest, took)
    if took > SLOWEST:
        report.findings.append((data, f"took {took:.1f} s"))
