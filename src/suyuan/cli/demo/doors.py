"""RFID at the Tianjin warehouse: a door where lorries unload, a passage, a shelf.

Owns: which items bear tags, what the readers report of them on the day of the load.

What a dock door hears is never clean: each tag many times, tags of other firms on the same lorry,
one too weak to count, one that nobody gave out. The goods are those that stand in the warehouse.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from suyuan.capture.identities import find_key, find_keys
from suyuan.cli.demo import brand
from suyuan.cli.demo.world import World
from suyuan.core.identifiers import parse_identity
from suyuan.docks import services as docks
from suyuan.docks.models import Purpose
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel import clock
from suyuan.lineage.fold import CODE_OF
from suyuan.lineage.present import present
from suyuan.lineage.values import Whereabouts
from suyuan.rfid.selectors import tag_hexes
from suyuan.rfid.services import assign_tags
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right, Role
from suyuan.tenancy.services import issue_token

WAREHOUSE: Final = "WH-TJ"
DOOR, GATE, SHELF = "TJ-DOOR-1", "TJ-GATE", "TJ-SHELF"
_GATEWAY: Final = "天津仓 RFID 网关"
_MOST_TAGS: Final = 2_000
_LATEST: Final = 4  # orders
_LORRIES: Final = (95, 50, 12)  # minutes before the load
_THROUGH_GATE: Final = 40
_ON_SHELF: Final = 9
_ON_A_LORRY: Final = 60
# GTINs that belong to nobody here, in tags of other firms' goods.
_FOREIGN: Final = (
    "3034257BF7194E4000001A85",
    "303532A5C8404D8000000C3F",
    "3034F5E8B40E51C0000002B7",
)
_LEAST_RSSI: Final = -68.0

type Read = tuple[float, str, int, float]
"""Seconds after the first, EPC, antenna, dBm."""


def open_doors(world: World) -> None:
    """Set the readers up, tag an order's items, and let lorries come."""
    goods = _goods(world)
    if goods is None:
        return
    order, positions = goods
    now = world.time.now.astimezone(UTC)
    with clock.held_at(now - timedelta(days=2)):
        _set_up(world.people[Role.OWNER])
        count = min(order.count, _MOST_TAGS)
        made = assign_tags(
            actor=world.people[Role.OWNER], order_number=order.number, first=0, count=count
        )
        gateway = _gateway(world)
    tags = tag_hexes(made, first=0, count=count)
    there = [tags[at] for at in positions[: _ON_A_LORRY * len(_LORRIES)]]
    stray = f"{int(tags[-1], 16) + 7:0{len(tags[-1])}X}"  # our product, a number never given out
    for number, minutes in enumerate(_LORRIES):
        load = there[number :: len(_LORRIES)]
        begin = now - timedelta(minutes=minutes)
        reads = _unload(world, load, [_FOREIGN[number], *([stray] if number == 1 else [])])
        _report(gateway, DOOR, begin, reads)
    _pass_gate(world, gateway, now - timedelta(minutes=_THROUGH_GATE), there[:20])
    begin = now - timedelta(minutes=_ON_SHELF)
    _report(gateway, SHELF, begin, _unload(world, there[:24], [_FOREIGN[0], stray]))


def _goods(world: World) -> tuple[CodeOrder, list[int]] | None:
    """Return the liquor's order of which most stands in the warehouse, and what of it does.

    Bottles of liquor are worth a tag each.
    """
    gtin = next(one.gtin for one in brand.PRODUCTS if one.key == "liquor")
    latest = issuing.orders(world.id, gtin=gtin).order_by("-created_at", "-id")[:_LATEST]
    found = [(order, _in_the_warehouse(world, order)) for order in latest]
    return max(found, key=lambda one: len(one[1]), default=None)


def _set_up(owner: Actor) -> None:
    docks.add_reader(
        actor=owner,
        code=DOOR,
        name="天津仓 1 号收货门",
        location_code=WAREHOUSE,
        purpose=Purpose.RECEIVING.value,
        least_reads=2,
        least_rssi=_LEAST_RSSI,
    )
    docks.add_reader(
        actor=owner,
        code=GATE,
        name="天津仓 分拣通道",
        location_code=WAREHOUSE,
        purpose=Purpose.PASSAGE.value,
        inner_antennas=[1, 2],
    )
    docks.add_reader(
        actor=owner,
        code=SHELF,
        name="天津仓 白酒货架",
        location_code=WAREHOUSE,
        purpose=Purpose.ZONE.value,
        window_seconds=86_400,
    )


def _gateway(world: World) -> Actor:
    """Give the warehouse's RFID gateway a token, and return it as it acts."""
    scopes = [Right.EVENTS_CAPTURE.value]
    owner = world.people[Role.OWNER]
    token, _secret = issue_token(actor=owner, name=_GATEWAY, scopes=scopes, expires_at=None)
    rights = frozenset({Right.EVENTS_CAPTURE})
    return Actor(organisation=world.organisation, name=f"token:{token.name}", rights=rights)


def _in_the_warehouse(world: World, order: CodeOrder) -> list[int]:
    """Return the positions of an order's items that stand in the warehouse now."""
    items = [parse_identity(text) for text in issuing.links(order, count=_MOST_TAGS)]
    known = find_keys(world.id, items)
    place = find_key(world.id, parse_identity(world.places[WAREHOUSE]))
    now = present(world.id, np.unique(np.array(list(known.values()), dtype=np.int64)))
    there = (now.locations == place) & (now.codes == CODE_OF[Whereabouts.IN_HOUSE])
    here = set(now.items[there].tolist())
    return [at for at, item in enumerate(items) if known.get(item) in here]


# ── what readers hear ──────────────────────────────────────────────────────────────────────


def _unload(world: World, load: Sequence[str], strange: Sequence[str]) -> list[Read]:
    """Return the reads of goods carried past a door's four antennas, with what else is near."""
    chance = world.time.random
    reads: list[Read] = []
    for place, tag in enumerate([*load, *strange]):
        begin = place * 0.4
        for _ in range(chance.randint(3, 9)):
            second, port = begin + chance.random() * 5, chance.randint(1, 4)
            reads.append((second, tag, port, -45 - chance.random() * 17))
    # Somebody else's pallet next door, heard through the wall.
    reads += [(second * 1.5, _FOREIGN[-1], 4, -74 - chance.random()) for second in range(4)]
    return sorted(reads)


def _pass_gate(world: World, gateway: Actor, begin: datetime, goods: Sequence[str]) -> None:
    """Carry goods in through the passage; the last two are carried back out again at once."""
    chance = world.time.random
    reads: list[Read] = []
    for place, tag in enumerate(goods):
        ways = [3, 4, 1, 2] if place < len(goods) - 2 else [3, 1, 4]
        for step, port in enumerate(ways):
            second = place * 0.5 + step * 0.8
            reads.append((second, tag, port, -50 - chance.random() * 10))
    _report(gateway, GATE, begin, sorted(reads))
    with clock.held_at(begin + timedelta(minutes=2)):
        docks.sweep(actor=gateway, reader_code=GATE)


def _report(gateway: Actor, reader: str, begin: datetime, reads: Sequence[Read]) -> None:
    """Send reads as a reader does: what it heard in five seconds, in one report."""
    for part in _in_parts(reads, seconds=5):
        body = [
            {
                "epc": epc,
                "antenna": port,
                "rssi": round(rssi, 1),
                "time": (begin + timedelta(milliseconds=round(second * 1000))).isoformat(),
            }
            for second, epc, port, rssi in part
        ]
        with clock.held_at(begin + timedelta(seconds=part[-1][0] + 1)):
            docks.take_reads(
                actor=gateway, reader_code=reader, report=json.dumps({"reads": body}).encode()
            )


def _in_parts(reads: Sequence[Read], *, seconds: float) -> Iterator[list[Read]]:
    part: list[Read] = []
    for read in reads:
        if part and read[0] - part[0][0] > seconds:
            yield part
            part = []
        part.append(read)
    if part:
        yield part
