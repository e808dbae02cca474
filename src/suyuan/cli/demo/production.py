"""How goods come to be: material lots, product lots, codes, cases, pallets.

Owns: the recipes, and the acts from a material's receipt to the loaded lorry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import batched
from typing import Final

from suyuan.capture.services import capture_events
from suyuan.cli.demo import brand, network
from suyuan.cli.demo.world import Pallet, World
from suyuan.core.epcis import build
from suyuan.issuing import selectors as issuing_selectors
from suyuan.issuing import services as issuing
from suyuan.issuing.values import MaterialUse
from suyuan.masterdata import services as masterdata
from suyuan.process import services as process
from suyuan.tenancy.rights import Role

type Send = Callable[[float, Pallet], None]

_KG_A_UNIT: Final = {
    "stage1": {
        "RAW-MILK": "3.2",
        "WHEY": "0.31",
        "LACTOSE": "0.18",
        "DHA": "0.008",
        "PREMIX": "0.02",
    },
    "stage2": {
        "RAW-MILK": "1.7",
        "WHEY": "0.12",
        "LACTOSE": "0.08",
        "DHA": "0.004",
        "PREMIX": "0.01",
    },
    "liquor": {"SORGHUM": "1.3", "DAQU": "0.3"},
    "yoghurt": {"RAW-MILK": "0.17", "SUGAR": "0.012", "CULTURE": "0.001"},
    "honey": {"RAW-HONEY": "0.52"},
}
_PIECES: Final = "H87"
_PACKED_IN: Final = {
    "stage1": "TIN",
    "stage2": "TIN",
    "liquor": "BOTTLE",
    "yoghurt": "CUP",
    "honey": "JAR",
}
_MADE_AT: Final = {
    "stage1": (network.LINE_1, "制粉一号线", "白班 A 组"),
    "stage2": (network.LINE_1, "制粉一号线", "夜班 B 组"),
    "liquor": (network.DISTILLERY, "石窖三组", "酿造组"),
    "yoghurt": (network.LINE_2, "酸奶二号线", "白班 C 组"),
    "honey": (network.HONEY_HOUSE, "灌装线", "蜂蜜组"),
}
_STOREYARD: Final = {"liquor": network.DISTILLERY, "honey": network.HONEY_HOUSE}


@dataclass(frozen=True, slots=True)
class Batch:
    """A lot that the plan asks for: the product, the day, and the material lots that go in."""

    product: brand.DemoProduct
    day: int
    materials: dict[str, str]  # material → lot code
    quantity: int = 0  # of a product without items

    def code(self, world: World) -> str:
        """The lot's code, from the day that it was made."""
        made = world.time.moment(self.day + 0.3)
        letter = {"stage1": "A", "stage2": "B", "liquor": "L", "yoghurt": "Y", "honey": "H"}
        return f"{letter[self.product.key]}{made:%y%m%d}"


def yard_of(product: brand.DemoProduct) -> str:
    """Return where a product's pallets stand before they leave."""
    return _STOREYARD.get(product.key, network.FACTORY)


def receive_material(world: World, material: str, code: str, day: float, kilos: int) -> None:
    """Store a material's lot and its receipt at the plant."""
    supplier = next(row.supplier for row in brand.MATERIALS if row.code == material)
    uom = next(row.uom for row in brand.MATERIALS if row.code == material)
    place = world.places[_receiving_place(material)]

    def act() -> None:
        at = world.time.moment(day)
        actor = world.people[Role.PRODUCTION]
        row = masterdata.create_material_lot(
            actor=actor,
            material=material,
            code=code,
            produced_on=(at - timedelta(days=1 if material == "RAW-MILK" else 20)).date(),
            received_on=at.date(),
            expires_on=(at + timedelta(days=3 if material == "RAW-MILK" else 540)).date(),
            quantity=Decimal(kilos),
            certificate=f"COA-{code}",
        )
        event = build.object_event(
            time=at,
            action="OBSERVE",
            quantities=[
                build.quantity(row.identity.digital_link(), kilos, "KGM" if uom == "KGM" else "")
            ],
            step="receiving",
            disposition="in_progress",
            read_point=place,
            location=place,
            sources=[("possessing_party", world.parties[supplier])],
        )
        capture_events(actor=actor, events=[event], source="process")

    world.time.at(day, act)


def _receiving_place(material: str) -> str:
    if material in {"SORGHUM", "DAQU", "BOTTLE"}:
        return network.DISTILLERY
    return network.HONEY_HOUSE if material in {"RAW-HONEY", "JAR"} else network.FACTORY


def make(world: World, batch: Batch, send: Send) -> None:
    """Plan a lot: codes ordered three days before, made, packed, and handed to `send`."""
    if batch.product.granularity == "batch":
        world.time.at(batch.day + 0.30, lambda: _open(world, batch, batch.quantity))
        return
    count = world.cases_of(batch.product) * batch.product.per_case
    number: list[str] = []

    def order() -> None:
        note = f"{batch.product.name_zh.split()[1]}，{batch.code(world)}"
        row = issuing.order_codes(
            actor=world.people[Role.PLANNER], gtin=batch.product.gtin, count=count, note=note
        )
        number.append(row.number)

    world.time.at(max(0.2, batch.day - 2.6), order)
    world.time.at(batch.day + 0.30, lambda: _open(world, batch, count))
    world.time.at(batch.day + 0.42, lambda: _commission(world, batch, number[0]))
    world.time.at(batch.day + 0.58, lambda: _pack(world, batch, number[0], send))


def _open(world: World, batch: Batch, count: int) -> None:
    place, line, team = _MADE_AT[batch.product.key]
    at = world.time.moment(batch.day + 0.30)
    recipe = _KG_A_UNIT[batch.product.key] | {_PACKED_IN[batch.product.key]: "1.02"}
    uoms = {row.code: row.uom for row in brand.MATERIALS}
    inputs = [
        MaterialUse(
            material_gtin=world.material_gtins[material],
            lot=batch.materials[material],
            quantity=_amount(Decimal(share) * count, uoms[material]),
            uom=uoms[material],
        )
        for material, share in recipe.items()
    ]
    issuing.open_lot(
        actor=world.people[Role.PRODUCTION],
        gtin=batch.product.gtin,
        code=batch.code(world),
        produced_on=at.date(),
        line=line,
        team=team,
        location_code=place,
        inputs=inputs,
        quantity=Decimal(count),
        time=at,
    )


def _amount(wanted: Decimal, uom: str) -> Decimal:
    """Return an amount to the gram, or in whole pieces."""
    if uom == _PIECES:
        return wanted.to_integral_value(ROUND_CEILING)
    return round(wanted, 3)


def _commission(world: World, batch: Batch, number: str) -> None:
    done = issuing.commission(
        actor=world.people[Role.PRODUCTION],
        order_number=number,
        lot_code=batch.code(world),
        time=world.time.moment(batch.day + 0.42),
        location_code=_MADE_AT[batch.product.key][0],
    )
    world.items += done.count


def _pack(world: World, batch: Batch, number: str, send: Send) -> None:
    product = batch.product
    packed = issuing.pack_order(
        actor=world.people[Role.PRODUCTION],
        order_number=number,
        per_case=product.per_case,
        per_pallet=product.per_pallet,
        location_code=yard_of(product),
        time=world.time.moment(batch.day + 0.58),
    )
    order = issuing_selectors.get_order(world.id, number)
    items = issuing_selectors.commissioned_items(order)
    cases = list(zip(packed.cases, batched(items, product.per_case), strict=True))
    for place, (text, load) in enumerate(
        zip(packed.pallets, batched(cases, product.per_pallet), strict=True)
    ):
        send(
            batch.day + 1.4 + 0.02 * place,
            Pallet(text, product.key, batch.code(world), tuple(load)),
        )


def ship_pallets(
    world: World, pallets: Sequence[Pallet], at: float, *, origin: str, target: str, paper: str
) -> None:
    """Load pallets onto a lorry."""
    process.ship(
        actor=world.people[Role.PRODUCTION],
        units=[pallet.text for pallet in pallets],
        from_location=origin,
        to_location=target,
        transactions=[("desadv", paper)],
        time=world.time.moment(at),
    )
