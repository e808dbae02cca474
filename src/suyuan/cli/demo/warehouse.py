"""What warehouses, dealers and shippers do, as their own systems report it.

Owns: stock, orders of buyers, parcels, dealers' cases, returns, and what goes wrong on the way:
scans that come late, or never.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from suyuan.cli.demo import network
from suyuan.cli.demo.network import Warehouse
from suyuan.cli.demo.world import Pallet, World
from suyuan.core.epcis import build
from suyuan.process.references import PARCEL, number_of, reference, region_text

_NEVER_RECEIVED: Final = 0.03  # of pallets
_NEVER_DELIVERED: Final = 0.02  # of parcels: their last scan is missing
_LATE: Final = 0.03
_RETURNED: Final = 0.012
_CRUSHED: Final = 0.004  # of cases
_TO_DEALERS: Final = 0.16
_WEEK: Final = (0.85, 0.9, 0.9, 0.95, 1.05, 1.25, 1.3)

type Item = tuple[str, str]
"""Text and lot."""

type Delivered = Callable[[float, str, str, str, str], None]
"""Told of each item that reaches a buyer: when, the item, its lot, the region, the order."""


@dataclass(slots=True)
class Stock:
    """A product's goods in one warehouse: closed cases, then loose items, first in, first out."""

    cases: deque[tuple[str, str, tuple[str, ...]]] = field(default_factory=deque)
    loose: deque[Item] = field(default_factory=deque)
    demand: float = 0.0  # items a day

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self.loose) + sum(len(items) for _, _, items in self.cases)


class House:
    """One warehouse at work."""

    def __init__(
        self, world: World, warehouse: Warehouse, demand: dict[str, float], delivered: Delivered
    ) -> None:
        """Begin empty; `demand` is items a day by product."""
        self._delivered = delivered
        self.world = world
        self.warehouse = warehouse
        self.place = world.places[warehouse.place]
        self.stock = {product: Stock(demand=rate) for product, rate in demand.items()}
        self._owed = dict.fromkeys(demand, 0.0)
        self._numbers = 0
        self._cities = [
            code for code in network.CITIES if code.startswith(warehouse.regions)
        ] or list(network.CITIES)

    # ── goods in ────────────────────────────────────────────────────────────────────────────

    def arrive(self, at: float, pallet: Pallet) -> None:
        """Receive a pallet, break it up, and put a part aside for dealers."""
        chance = self.world.time.random
        if chance.random() >= _NEVER_RECEIVED:
            late = 1.5 if chance.random() < _LATE else 0.0
            self._observe(at, [pallet.text], "receiving", "in_progress", late=late)
        cases = list(pallet.cases)
        self._open(at + 0.08, pallet.text, [text for text, _ in cases])
        if chance.random() < _CRUSHED * len(cases):
            self._crush(at + 0.12, cases.pop()[0])
        aside = round(len(cases) * _TO_DEALERS) if pallet.product != "yoghurt" else 0
        for case, _items in cases[:aside]:
            self._to_dealer(at + 1.1, case)
        stock = self.stock[pallet.product]

        def shelve() -> None:
            stock.cases += [(text, pallet.lot, items) for text, items in cases[aside:]]

        self.world.time.at(at + 0.2, shelve)

    def _open(self, at: float, parent: str, children: Sequence[str]) -> None:
        if self.world.time.is_past(at):
            event = build.aggregation_event(
                time=self.world.time.moment(at),
                action="DELETE",
                parent=parent,
                children=children,
                step="unpacking",
                disposition="in_progress",
                read_point=self.place,
                location=self.place,
            )
            self._tell(at, event)

    def _observe(
        self,
        at: float,
        units: Sequence[str],
        step: str,
        disposition: str,
        *,
        action: str = "OBSERVE",
        late: float = 0,
    ) -> None:
        if self.world.time.is_past(at):
            event = build.object_event(
                time=self.world.time.moment(at),
                action=action,
                epcs=units,
                step=step,
                disposition=disposition,
                read_point=self.place,
                location=self.place,
            )
            self._tell(at, event, late=late)

    def _tell(self, at: float, event: dict[str, Any], *, late: float = 0) -> None:
        self.world.time.report(self.warehouse.token, at, event, late=late)

    def _crush(self, at: float, case: str) -> None:
        self._observe(at, [case], "inspecting", "damaged")
        self._observe(at + 1, [case], "destroying", "destroyed", action="DELETE")

    def set_aside(self, lot: str) -> None:
        """Take a lot off the shelves: it is not sold any more."""
        for stock in self.stock.values():
            stock.cases = deque(one for one in stock.cases if one[1] != lot)
            stock.loose = deque(one for one in stock.loose if one[1] != lot)

    # ── goods to dealers ────────────────────────────────────────────────────────────────────

    def _to_dealer(self, at: float, case: str) -> None:
        world, chance = self.world, self.world.time.random
        dealer = chance.choice(network.DEALERS_OF[self.warehouse.place])
        if not world.time.is_past(at):
            return
        slug = world.organisation.slug
        paper = ("desadv", reference(slug, "desadv", f"DB{int(at):03}{dealer[3:]}"))
        place = world.places[dealer]
        self._tell(
            at,
            build.object_event(
                time=world.time.moment(at),
                action="OBSERVE",
                epcs=[case],
                step="shipping",
                disposition="in_transit",
                read_point=self.place,
                transactions=[paper],
                sources=[("location", self.place)],
                destinations=[
                    ("possessing_party", world.parties[dealer]),
                    ("location", place),
                ],
            ),
        )
        there = at + 1.2 + 2 * chance.random()
        if chance.random() < 0.92 and world.time.is_past(there):
            event = build.object_event(
                time=world.time.moment(there),
                action="OBSERVE",
                epcs=[case],
                step="receiving",
                disposition="sellable_accessible",
                read_point=place,
                location=place,
                transactions=[paper],
            )
            self._tell(there, event)

    # ── goods to buyers ─────────────────────────────────────────────────────────────────────

    def open_for_orders(self, day: int) -> None:
        """Pack the day's parcels."""
        for product, stock in self.stock.items():
            jitter = 0.75 + 0.5 * self.world.time.random.random()
            weekday = _WEEK[self.world.time.moment(float(day)).weekday()]
            self._owed[product] += stock.demand * weekday * jitter
            wanted = min(int(self._owed[product]), stock.size)
            # What an empty shelf could not sell is not all made up for.
            self._owed[product] = min(self._owed[product] - wanted, max(1.0, stock.demand * 2))
            self._sell(day, product, wanted)

    def _sell(self, day: int, product: str, wanted: int) -> None:
        chance, stock = self.world.time.random, self.stock[product]
        sizes = (1, 2, 3) if product != "yoghurt" else (4, 6, 8)
        at = day + 0.38
        while wanted > 0:
            size = min(chance.choices(sizes, weights=(6, 3, 2))[0], wanted)
            while len(stock.loose) < size:
                case, lot, items = stock.cases.popleft()
                self._open(at, case, items)
                stock.loose += [(item, lot) for item in items]
            self._parcel(at + 0.004, [stock.loose.popleft() for _ in range(size)])
            wanted -= size
            at += 0.3 / (stock.demand * 2 + 4)

    def _parcel(self, at: float, items: Sequence[Item]) -> None:
        world, chance = self.world, self.world.time.random
        self._numbers += 1
        region = self._city()
        shipper = chance.choice(self.warehouse.shippers)
        letters, slug = self.warehouse.place[3:], world.organisation.slug
        waybill = f"{shipper[5:]}{letters}{int(at):03}{self._numbers:06}"
        order = f"{world.time.moment(at):%y%m%d}{letters}{self._numbers:05}"
        parcel = reference(slug, PARCEL, waybill)
        papers = [
            ("po", reference(slug, "po", order)),
            ("bol", reference(slug, "bol", waybill)),
        ]
        to = [("location", region_text(region))]
        texts = [text for text, _ in items]
        if world.time.is_past(at):
            event = build.aggregation_event(
                time=world.time.moment(at),
                action="ADD",
                parent=parcel,
                children=texts,
                step="packing",
                disposition="in_progress",
                read_point=self.place,
                location=self.place,
                transactions=papers,
                destinations=to,
            )
            self._tell(at, event)
        left = int(at) + 0.86
        if world.time.is_past(left):
            event = build.object_event(
                time=world.time.moment(left),
                action="OBSERVE",
                epcs=[parcel],
                step="shipping",
                disposition="in_transit",
                read_point=self.place,
                transactions=papers,
                sources=[("location", self.place)],
                destinations=to,
            )
            self._tell(left, event)
        self._travel(left, parcel, papers, to, items, region)

    def _city(self) -> str:
        # The first in the list buy most; one parcel in five goes to the other end of the country.
        chance = self.world.time.random
        cities = self._cities if chance.random() < 0.8 else network.CITIES
        return cities[min(int(chance.expovariate(0.18)), len(cities) - 1)]

    def _travel(
        self,
        left: float,
        parcel: str,
        papers: list[tuple[str, str]],
        to: list[tuple[str, str]],
        items: Sequence[Item],
        region: str,
    ) -> None:
        world, chance = self.world, self.world.time.random
        there = left + 0.9 + 2.4 * chance.random()
        world.hubs[network.HUB_OF[region[0]], int(left) + 1].append(parcel)
        missing = chance.random() < _NEVER_DELIVERED
        late = 1.2 if chance.random() < _LATE else 0.0
        if missing or not world.time.is_past(there + late):
            return
        event = build.object_event(
            time=world.time.moment(there),
            action="OBSERVE",
            epcs=[parcel],
            step="retail_selling",
            disposition="retail_sold",
            transactions=papers,
            destinations=to,
        )
        world.time.report(network.SHIPPER_TOKEN, there, event, late=late)
        for text, lot in items:
            self._delivered(there, text, lot, region, number_of(papers[0][1]))
        if chance.random() < _RETURNED * len(items):
            self._take_back(there + 3 + 4 * chance.random(), parcel, items[0][0])

    def _take_back(self, at: float, parcel: str, item: str) -> None:
        self._open(at, parcel, [item])
        self._observe(at + 0.001, [item], "receiving", "returned")
        if self.world.time.random.random() < 0.4:
            self._observe(at + 2, [item], "destroying", "destroyed", action="DELETE")
