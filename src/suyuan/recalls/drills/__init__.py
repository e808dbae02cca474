"""Drills: mock recalls that nobody was told of before, with a clock and a score.

Owns: what a drill is drawn from, what it asks, how it is scored, when the next one comes.
Invariant: a drill captures no event and opens no case: no stock moves, no consumer sees it.
Rights: `recall.view` to look, `recall.act` to announce, to answer, to end and to plan.
"""

from suyuan.recalls.drills.announcing import announce_drill
from suyuan.recalls.drills.answering import abandon_drill, answer_task, finish_drill
from suyuan.recalls.drills.planning import announce_due, set_plan

__all__ = [
    "abandon_drill",
    "announce_drill",
    "announce_due",
    "answer_task",
    "finish_drill",
    "set_plan",
]
