"""Bottle labels with scratch-off codes, ordered from a security printer.

Owns: two packages: one came back with a list and is closed, one is on its way.

What no list names are the very labels that turn up in Dongguan (`consumers.steal`): their codes are
withdrawn when the package is closed, so that the later looks of their buyers say so.
"""

from __future__ import annotations

from typing import Final

from suyuan.cli.demo import brand, network
from suyuan.cli.demo.consumers import STOLEN
from suyuan.cli.demo.printshop import latest_order
from suyuan.cli.demo.world import World
from suyuan.printhouse import services as printhouse
from suyuan.printhouse.values import Wanted
from suyuan.tenancy.rights import Role

_FIRST, _ROLL = 400, 100
_MADE, _RETURNED, _SECOND = 112.7, 117.4, 118.9
_SPOILED: Final = ((189, 193), (301, 303))
_CLOSED_WHY: Final = "复点仍缺 4 枚，疑似外流"


def plan(world: World) -> None:
    """Send a part of the order to the print house, then the rest."""
    world.time.at(_MADE, lambda: _send_first(world))


def _send_first(world: World) -> None:
    order = latest_order(world, brand.LIQUOR).number
    printhouse.agree_password(actor=world.people[Role.PLANNER], party_code=network.PRINT_HOUSE)
    first = _send(world, order, _FIRST, roll=1, at=_MADE, note="塬上二十年瓶标，带刮开码")

    def send_rest() -> None:
        _send(world, order, None, roll=1 + _FIRST // _ROLL, at=_SECOND, note="第二批瓶标")

    world.time.at(_RETURNED, lambda: _take_back(world, first))
    world.time.at(_SECOND, send_rest)


def _send(world: World, order: str, count: int | None, *, roll: int, at: float, note: str) -> str:
    """Make a package, and have it taken and sent within the day; return its number."""
    planner = world.people[Role.PLANNER]
    made = printhouse.make_package(
        actor=planner,
        wanted=Wanted(
            order_number=order,
            party_code=network.PRINT_HOUSE,
            roll_size=_ROLL,
            first_roll=roll,
            count=count,
            inner=True,
            agreed_password=True,
            note=note,
        ),
    )
    number = made.package.number
    printhouse.sum_up(world.id, number)

    def leave() -> None:
        printhouse.take_package(actor=planner, number=number)
        printhouse.mark_sent(actor=planner, number=number)

    world.time.at(at + 0.1, leave)
    return number


def _take_back(world: World, number: str) -> None:
    """Take the print house's list, and close the package some hours later."""
    planner = world.people[Role.PLANNER]
    listed = printhouse.preview_return(
        actor=planner, number=number, file_name="塬上瓶标-回执.csv", body=_list()
    )
    printhouse.apply_return(
        actor=planner, number=number, ordinal=listed.ordinal, reason="印刷厂报废"
    )

    def close() -> None:
        printhouse.close_package(actor=planner, number=number, withdraw_missing=_CLOSED_WHY)

    world.time.at(_RETURNED + 1, close)


def _list() -> bytes:
    """Return the list: sequences of labels that were used, and of spoiled ones."""
    lines = ["起始序号,结束序号,状态"]
    begin = STOLEN + 1
    for first, last in _SPOILED:
        lines += [f"{begin},{first - 1},已使用", f"{first},{last},作废"]
        begin = last + 1
    lines.append(f"{begin},{_FIRST},已使用")
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
