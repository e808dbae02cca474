"""Run every test, join the coverage of all runs and hold it to its limits.

Owns: the runs, the coverage limits, the closing line. The `db` tests run twice, on PostgreSQL and
on SQLite; everything else runs once. The last line is pytest's closing line over all runs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from io import StringIO
from pathlib import Path

import coverage

_ROOT = Path(__file__).resolve().parent.parent
_DATA = _ROOT / "build" / "coverage"
_CLOSING = re.compile(r"=* ?(?P<counts>\d+ [a-z]+.*) in [\d.]+s(?: \(.*\))? ?=*")
_COUNT = re.compile(r"(\d+) (\w+)")

OVERALL = 95.0
"""Percent of lines and branches that all runs together reach."""

COMPLETE = ("core", "capture", "lineage", "tenancy")
"""Packages where every line and branch is reached: what they get wrong cannot be mended later."""

LEAST = 99.5
"""What one run of `COMPLETE` may fall to: generated inputs reach a branch or two by chance."""

_PYTEST = [sys.executable, "-m", "coverage", "run", "-m", "pytest", "-q", "-n", "2"]
RUNS: dict[str, list[str]] = {
    "db on PostgreSQL": [sys.executable, "tests/postgres.py", "--", *_PYTEST, "tests/db"],
    "unit, db on SQLite, http, conformance": [
        *_PYTEST,
        "tests/unit",
        "tests/db",
        "tests/http",
        "tests/conformance",
    ],
    # A browser and a documented command each want the two cores for themselves.
    "browser, docs": [*_PYTEST[:-2], "tests/browser", "tests/docs"],
}


def run(name: str, command: list[str]) -> tuple[int, Counter[str]]:
    """Run pytest, showing its output as it comes; return its code and its counts."""
    print(f"== {name}", flush=True)
    counts: Counter[str] = Counter()
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101 - said by PIPE above
    for line in process.stdout:
        print(line, end="", flush=True)
        if closing := _CLOSING.fullmatch(line.strip()):
            counts.update({word: int(number) for number, word in _COUNT.findall(closing["counts"])})
    return process.wait(), counts


def coverage_faults() -> list[str]:
    """Join the runs' coverage, write the report, and return every limit that is not held."""
    joined = coverage.Coverage(config_file=str(_ROOT / "pyproject.toml"))
    joined.combine(keep=False)
    joined.save()
    report = _DATA / "report.txt"
    with report.open("w", encoding="utf-8") as file:
        overall = joined.report(file=file)
    print(f"Coverage, lines and branches: {overall:.2f} % (build/coverage/report.txt)")
    faults = []
    if overall < OVERALL:
        faults.append(f"coverage is {overall:.2f} %, below {OVERALL:g} %")
    for package in COMPLETE:
        table = StringIO()
        reached = joined.report(include=f"*/suyuan/{package}/*", file=table)
        if reached < 100:
            print(table.getvalue())
        if reached < LEAST:
            faults.append(f"coverage of {package} is {reached:.2f} %, below {LEAST:g} %")
    return faults


def main() -> int:
    """Run everything; print the closing line last."""
    shutil.rmtree(_DATA, ignore_errors=True)
    _DATA.mkdir(parents=True)
    started, failed, total = time.perf_counter(), [], Counter[str]()
    for name, command in RUNS.items():
        code, counts = run(name, command)
        total += counts
        if code:
            failed.append(f"{name}: pytest ended with {code}")
    failed += coverage_faults()
    for fault in failed:
        print(f"FAIL {fault}", flush=True)
    counted = ", ".join(f"{number} {word}" for word, number in total.items())
    seconds = time.perf_counter() - started
    print(f"{f' {counted} in {seconds:.2f}s ':=^80}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
