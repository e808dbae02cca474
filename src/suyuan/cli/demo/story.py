"""What happens, and when: the plan of a hundred and twenty days.

Owns: which lots are made of which materials; the whey powder that was bad; the honey that was
recalled; the errors that people make.

The bad whey: its lot came on day 86 with a certificate that said "pass", went into seven lots of
formula, and failed a late test on day 119, days after a mother complained. No recall has been
opened: that is left to whoever looks at the demonstration. What was recalled: `recalling`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from suyuan.capture.services import capture_events
from suyuan.cli.demo import brand, drilling, laboratory, network, partners, recalling
from suyuan.cli.demo.consumers import Buyers
from suyuan.cli.demo.production import Batch, make, receive_material, ship_pallets, yard_of
from suyuan.cli.demo.timeline import DAYS, Timeline
from suyuan.cli.demo.warehouse import House
from suyuan.cli.demo.world import Pallet, World
from suyuan.core.epcis import build
from suyuan.core.identifiers import Identity, Scheme
from suyuan.tenancy.rights import Role

MADE_ON: Final = {
    "stage1": (4, 13, 22, 31, 41, 51, 60, 70, 79, 88, 97, 106, 115),
    "stage2": (8, 20, 32, 44, 56, 68, 80, 91, 103, 113),
    "liquor": (6, 34, 66, 98),
    "yoghurt": (7, 18, 29, 40, 51, 62, 73, 84, 95, 106, 115),
    "honey": (12, 38, 72, 100),
}
# Material → days on which a lot came in, kilograms or pieces. Each is used until the next comes.
CAME_ON: Final = {
    "WHEY": ((2, 18, 36, 52, 66, 86, 117), 1200),
    "LACTOSE": ((2, 30, 62, 94), 900),
    "DHA": ((2, 45, 90), 60),
    "PREMIX": ((2, 50, 98), 150),
    "TIN": ((1, 25, 49, 75, 101), 12000),
    "SORGHUM": ((3, 60), 4000),
    "DAQU": ((3, 60), 900),
    "BOTTLE": ((4, 62), 1500),
    "CULTURE": ((5, 58), 10),
    "SUGAR": ((5, 58), 100),
    "CUP": ((5, 58), 3000),
    "RAW-HONEY": ((9, 35, 69, 97), 700),
    "JAR": ((9, 69), 3000),
}
BAD_DAY: Final = 86
_WITH_WHEY: Final = ("stage1", "stage2")
HONEY_JARS: Final = 1200
_GRUMBLES: Final = (
    (
        31.5,
        "stage1",
        4,
        "外箱压瘪，罐身有凹痕，里面是好的。",
        "已补发一罐，感谢理解。",
        "已补发，客户满意。",
    ),
    (58.4, "yoghurt", 40, "收到时冰袋化了，酸奶有点稀。", "冷链超时，已退款。", "承运商赔付。"),
    (
        92.6,
        "liquor",
        66,
        "同一个码查出来很多人查过，酒是真的吗？",
        "已请您寄回，由我们检验瓶身与瓶盖。",
        "",
    ),
    (104.3, "stage2", 80, "勺子没找到。", "勺子在罐盖内侧，已发图示。", "客户已找到。"),
    (118.7, "stage1", 79, "快递显示签收，我没有收到。", "", ""),
)


def lot_code(time: Timeline, material: str, day: int) -> str:
    """Return the code of a material's lot that came in on a day."""
    return f"{material[:2]}{time.moment(day + 0.25):%y%m%d}"


def tell(world: World) -> Iterator[int]:
    """Plan everything and live through it; yield each day when it is over."""
    buyers = Buyers(world)
    houses = _houses(world, buyers)
    batches = _batches(world)
    bad = lot_code(world.time, "WHEY", BAD_DAY)
    world.bad_lots = frozenset(
        batch.code(world)
        for batch in batches
        if batch.product.key in _WITH_WHEY and batch.materials.get("WHEY") == bad
    )
    _materials(world)
    for number, batch in enumerate(batches):
        make(world, batch, _sender(world, houses, number))
    for day in range(DAYS + 1):
        for house in houses:
            world.time.at(day + 0.34, lambda h=house, d=day: h.open_for_orders(d))  # type: ignore[misc]
        world.time.at(day + 0.10, lambda d=day: _pass_hubs(world, d))  # type: ignore[misc]
    buyers.guess()
    buyers.steal()
    by_day = {(batch.product.key, batch.day): batch.code(world) for batch in batches}
    buyers.grumble([(at, by_day[key, day], *words) for at, key, day, *words in _GRUMBLES])  # type: ignore[misc]
    _honey(world, [batch for batch in batches if batch.product is brand.HONEY])
    recalling.plan(world, batches, houses)
    drilling.plan(world)
    laboratory.plan(world, batches, bad_whey=bad)
    world.time.at(95.45, lambda: _mistake(world))
    return world.time.run()


def _materials(world: World) -> None:
    for material, (days, amount) in CAME_ON.items():
        for day in days:
            code = lot_code(world.time, material, day)
            receive_material(world, material, code, day + 0.25, amount)
    for key in ("stage1", "stage2", "yoghurt"):
        for day in MADE_ON[key]:
            _milk(world, day)


def _milk(world: World, day: int) -> None:
    code = lot_code(world.time, "RAW-MILK", day)
    if (code, day) not in world.milk:
        world.milk.add((code, day))
        receive_material(world, "RAW-MILK", code, day + 0.2, 2600)


def _batches(world: World) -> list[Batch]:
    products = {product.key: product for product in brand.PRODUCTS}
    found = []
    for key, days in MADE_ON.items():
        for day in days:
            materials = {
                material: lot_code(world.time, material, came[bisect_right(came, day) - 1])
                for material, (came, _) in CAME_ON.items()
                if came[0] <= day
            }
            materials["RAW-MILK"] = lot_code(world.time, "RAW-MILK", day)
            jars = HONEY_JARS if key == "honey" else 0
            found.append(Batch(products[key], day, materials, jars))
    return sorted(found, key=lambda batch: (batch.day, batch.product.key))


def _houses(world: World, buyers: Buyers) -> list[House]:
    demand = {
        product.key: len(MADE_ON[product.key])
        * world.cases_of(product)
        * product.per_case
        / (DAYS - MADE_ON[product.key][0])
        / len(network.WAREHOUSES)
        for product in brand.PRODUCTS
        if product.cases
    }
    return [House(world, one, demand, buyers.delivered) for one in network.WAREHOUSES]


def _sender(world: World, houses: list[House], number: int) -> Callable[[float, Pallet], None]:
    """Return what sends a lot's pallets to the warehouses in turn."""
    sent = iter(range(100))

    def send(at: float, pallet: Pallet) -> None:
        house = houses[(number + next(sent) + 2) % len(houses)]
        place = house.warehouse.place
        product = next(one for one in brand.PRODUCTS if one.key == pallet.product)
        paper = f"DN{world.time.moment(at):%y%m%d}{place[3:]}"
        partners.stage(world, at - 0.2, pallet)

        def leave() -> None:
            world.pallets.append(pallet.text)
            ship_pallets(world, [pallet], at, origin=yard_of(product), target=place, paper=paper)
            there = at + house.warehouse.days_from_factory + 0.3 * world.time.random.random()
            world.time.at(there, lambda: house.arrive(there, pallet))

        world.time.at(at, leave)

    return send


def _pass_hubs(world: World, day: int) -> None:
    for hub in sorted({place.code for place in network.PLACES if place.kind == "hub"}):
        parcels = world.hubs.pop((hub, day), [])
        if parcels:
            at = day + 0.3
            event = build.object_event(
                time=world.time.moment(at),
                action="OBSERVE",
                epcs=parcels,
                step="arriving",
                disposition="in_transit",
                read_point=world.places[hub],
            )
            world.time.report(partners.reporter_of_hub(hub, at), at, event)


# ── Honey, followed by batch ──────────── ────────────────────────────────────────────────


def _honey(world: World, batches: list[Batch]) -> None:
    for batch in batches:
        lot = Identity(Scheme.LGTIN, brand.HONEY.gtin, batch.code(world)).digital_link()
        for number, (target, share) in enumerate(
            (("WH-JX", 700), ("WH-TJ", 360), (network.SHOP, 96))
        ):
            jars = build.quantity(lot, share)
            _send_jars(world, batch.day + 2.4 + number, jars, target)
            _receive_jars(world, batch.day + 5.3 + number, jars, target)


def _send_jars(world: World, at: float, jars: dict[str, Any], target: str) -> None:
    if world.time.is_past(at):
        event = build.object_event(
            time=world.time.moment(at),
            action="OBSERVE",
            quantities=[jars],
            step="shipping",
            disposition="in_transit",
            read_point=world.places[network.HONEY_HOUSE],
            destinations=[("location", world.places[target])],
        )
        world.time.report(network.WAREHOUSES[1].token, at, event)


def _receive_jars(world: World, at: float, jars: dict[str, Any], here: str) -> None:
    if world.time.is_past(at):
        event = build.object_event(
            time=world.time.moment(at),
            action="OBSERVE",
            quantities=[jars],
            step="receiving",
            disposition="in_progress",
            read_point=world.places[here],
            location=world.places[here],
        )
        world.time.report(network.WAREHOUSES[1].token, at, event)


# ── A wrong scan, and its correction ────────────────────────────────────────────────────────


def _mistake(world: World) -> None:
    """Have the Guangzhou warehouse scan a pallet that went elsewhere, and declare the error."""
    place = world.places["WH-GZ"]
    event_id = "urn:uuid:7d0f4f0e-9521-4234-8a52-000000000095"
    event = build.object_event(
        time=world.time.moment(95.4),
        action="OBSERVE",
        epcs=[world.pallets[-1]],
        step="receiving",
        disposition="in_progress",
        read_point=place,
        location=place,
        event_id=event_id,
    )
    declared: datetime = world.time.moment(95.44)
    corrected = event | {
        "errorDeclaration": {
            "declarationTime": declared.isoformat(timespec="milliseconds"),
            "reason": "did_not_occur",
        }
    }
    actor = world.people[Role.WAREHOUSE]
    capture_events(actor=actor, events=[event], source="process")
    capture_events(actor=actor, events=[corrected], source="process")
