"""Four drills, each answered faster and better than the one before; and the plan for the next.

Owns: when they came, what was drawn, how people answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from suyuan.cli.demo.world import World
from suyuan.recalls import drills
from suyuan.recalls.drills.selectors import get_drill, truth_of
from suyuan.tenancy.rights import Role

_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class _Told:
    """A drill and how it went.

    Attributes:
        at: the day.
        seed: of the draw.
        minutes: after how many each of the three tasks was answered.
        share: of the affected items that people found.
        places: how many of the places they named; 0: the product named them.
    """

    at: float
    sample: str
    seed: int
    minutes: tuple[int, int, int]
    share: float
    places: int
    note: str


_DRILLS: Final = (
    _Told(24.38, "lot", 24, (150, 305, 391), 0.72, 1, "靠电话逐仓核对，漏了在途的。"),
    _Told(55.42, "item", 55, (95, 170, 228), 0.93, 2, "在系统里查批次，在途的仍靠人工统计。"),
    _Told(86.60, "material_lot", 86, (38, 84, 126), 0.99, 3, "从原料批次出发，第一次查到单品。"),
    _Told(112.40, "lot", 112, (6, 11, 19), 1.0, 0, "全部由系统给出，人工复核。"),
)


def plan(world: World) -> None:
    """Have the drills happen."""
    for one in _DRILLS:
        world.time.at(one.at, lambda told=one: _announce(world, told))  # type: ignore[misc]


def _announce(world: World, told: _Told) -> None:
    officer = world.people[Role.QUALITY]
    drill = drills.announce_drill(
        actor=officer, sample=told.sample, seed=told.seed, target_minutes=240
    )
    truth = truth_of(get_drill(world.id, drill.number))
    places: Sequence[str] = sorted(truth.places, key=lambda name: (-truth.places[name], name))
    number = drill.number
    after = [told.at + minutes / _DAY_MINUTES for minutes in told.minutes]

    def answer(at: float, task: str, *, count: int | None = None, named: int = 0) -> None:
        world.time.at(
            at,
            lambda: drills.answer_task(
                actor=officer,
                number=number,
                task=task,
                count=count,
                places=places[:named],
                by_engine=count is None and not named,
            ),
        )

    answer(after[0], "scope", count=round(truth.items * told.share))
    answer(after[1], "places", named=min(told.places, len(places)))
    # Nobody could weigh what was used against what was made before the product did.
    answer(after[2], "balance")
    world.time.at(
        after[2] + 0.01,
        lambda: drills.finish_drill(actor=officer, number=number, note=told.note),
    )


def plan_next(world: World) -> None:
    """Let one come in every quarter, at a moment that nobody is told."""
    drills.set_plan(
        actor=world.people[Role.OWNER],
        active=True,
        sample="lot",
        every_days=90,
        from_hour=9,
        to_hour=17,
        weekends=False,
        target_minutes=240,
    )
