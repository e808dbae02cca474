"""What a drill's answers are worth: pure arithmetic, each part with its most.

Owns: the table of parts, how right an answer is, the score.

| part | most | how |
| --- | --- | --- |
| time | 40 | all within the target; then falling to nothing at twice the target |
| answers | 30 | the mean of how right the three answers are; a missing one is wrong |
| proven | 15 | the share of affected items that are proven |
| balance | 10 | the share of lots whose quantities add up |
| records | 5 | one less for each kind of gap or contradiction |
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

MOST: Final[Mapping[str, int]] = {
    "time": 40,
    "answers": 30,
    "proven": 15,
    "balance": 10,
    "records": 5,
}


def score_of(
    *,
    minutes: float,
    target_minutes: int,
    rights: Collection[float],
    proven: float,
    balanced: float,
    gaps: int,
) -> dict[str, int]:
    """Return the points of each part.

    Args:
        minutes: from the announcement to the last answer.
        target_minutes: within which everything should be answered.
        rights: how right the three answers are, from 0 to 1.
        proven: share of items.
        balanced: share of lots.
        gaps: kinds of findings.
    """
    late = max(0.0, minutes / max(1, target_minutes) - 1)
    shares = {
        "time": max(0.0, 1 - late),
        "answers": sum(rights) / 3,
        "proven": proven,
        "balance": balanced,
        "records": max(0.0, 1 - gaps / MOST["records"]),
    }
    return {part: round(MOST[part] * min(1.0, share)) for part, share in shares.items()}


def right_count(given: float, truth: float) -> float:
    """Return how right a number is: its distance from the truth, in shares of the larger."""
    largest = max(given, truth)
    return 1.0 if largest == 0 else max(0.0, 1 - abs(given - truth) / largest)


def right_places(given: Collection[str], truth: Mapping[str, int]) -> float:
    """Return how right places are: the share of items there, less what was named wrongly."""
    whole = sum(truth.values())
    if whole == 0:
        return 0.0 if given else 1.0
    right = [place for place in set(given) if place in truth]
    if not right:
        return 0.0
    return sum(truth[place] for place in right) / whole * len(right) / len(set(given))
