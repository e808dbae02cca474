"""No parser falls, hangs or grows on broken input; `scripts/fuzz.py` looks for longer."""

from __future__ import annotations

import pytest

from tests.fuzz.campaign import Target, run
from tests.fuzz.targets import TARGETS

MOST_GROWTH = 150  # MB


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_broken_input_is_refused_by_documented_errors_alone(target: Target) -> None:
    report = run(target, seed=20260301, runs=600)
    assert not report.findings, report.findings[0]
    assert report.runs > 500
    assert 0 < report.refused < report.runs, "the campaign reaches nothing, or only refusals"
    assert report.grown < MOST_GROWTH
