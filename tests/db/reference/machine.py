"""Random lives of goods, captured into the engine and told to the model.

Owns: what may happen, and in which order of time; when the two tellings are compared (`compare`
says how). Hypothesis chooses, and makes a disagreement as small as it can.

Times are few, so that many events share one, and none follows from the order of capture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from suyuan.core.epcis.build import (
    aggregation_event,
    object_event,
    quantity,
    transformation_event,
)
from tests.db.reference.goods import PLACES, Goods, Ledger, at
from tests.reference.beginnings import Given, Handling, Presence, Start
from tests.reference.beginnings import Goods as Named
from tests.reference.events import microseconds

type Check = Callable[[Ledger, Sequence[Start]], None]
"""Compares what is; and, if starts are given, what they affect."""

HOURS = st.integers(0, 23)
PLACE = st.sampled_from(["", *PLACES])
SEEN = st.sampled_from(
    [
        ("shipping", "in_transit"),
        ("shipping", ""),
        ("departing", "in_transit"),
        ("receiving", "in_progress"),
        ("receiving", "returned"),
        ("arriving", ""),
        ("accepting", ""),
        ("storing", ""),
        ("inspecting", "conformant"),
        ("holding", "recalled"),
        ("retail_selling", "retail_sold"),
        ("destroying", "destroyed"),
        ("", ""),
    ]
)

PAPERS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"transactions": [("po", "urn:x:order:1")]},
        {
            "transactions": [("desadv", "urn:x:advice:1"), ("po", "urn:x:order:2")],
            "destinations": [("location", PLACES[2])],
        },
        {"destinations": [("owning_party", PLACES[1])]},
    ]
)


def some(names: Sequence[str], most: int = 4, *, least: int = 1) -> st.SearchStrategy[list[str]]:
    """Return a strategy for a few of `names`, none twice."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=most, unique=True)


class Lives(RuleBasedStateMachine):
    """One organisation's goods, for as long as Hypothesis wants."""

    ledger: ClassVar[Ledger]
    check: ClassVar[Check]

    def __init__(self) -> None:
        """Open a transaction that `teardown` undoes, so that every life begins with nothing."""
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self.ledger.forget()
        self.goods: Goods = self.ledger.goods
        self._ids = 0

    def teardown(self) -> None:
        """Compare the whole, and undo it."""
        try:
            type(self).check(self.ledger, [])
        finally:
            transaction.set_rollback(True)
            self._undo.__exit__(None, None, None)

    def _capture(self, build: Callable[..., dict[str, Any]], hour: int, **fields: Any) -> None:
        self._ids += 1
        event_id = f"urn:x:event:{self._ids}"
        self.ledger.capture(build(time=at(hour), event_id=event_id, **fields))

    # ------------------------------------------------------------ births

    @initialize(data=st.data(), hour=st.integers(0, 3))
    def begin(self, data: st.DataObject, hour: int) -> None:
        """Begin with a lot made of a material, which most lives need to be of interest."""
        self.make(data, hour)

    @rule(data=st.data(), hour=HOURS)
    def make(self, data: st.DataObject, hour: int) -> None:
        """Turn materials into a lot, and name its items."""
        goods = self.goods
        lot = data.draw(st.sampled_from(goods.own_lots + goods.bought_lots), "lot")
        inputs = data.draw(some(goods.classes, 2), "inputs")
        place = data.draw(PLACE, "place")
        self._capture(
            transformation_event,
            hour,
            input_quantities=[quantity(one, 10, "KGM") for one in inputs],
            output_quantities=[quantity(lot, data.draw(st.integers(1, 9), "made"))],
            step="commissioning",
            location=place,
        )
        self._born(data, hour, lot, place)

    @rule(data=st.data(), hour=HOURS, place=PLACE)
    def commission(self, data: st.DataObject, hour: int, place: str) -> None:
        """Name items of a lot, perhaps some of another product among them."""
        lot = data.draw(st.sampled_from(self.goods.own_lots + self.goods.bought_lots), "lot")
        self._born(data, hour, lot, place)

    def _born(self, data: st.DataObject, hour: int, lot: str, place: str) -> None:
        goods = self.goods
        own = goods.own if lot in goods.own_lots else goods.bought
        items = data.draw(some(own) | some(goods.items, 6), "items")
        self._capture(
            object_event,
            hour,
            action="ADD",
            epcs=items,
            step="commissioning",
            disposition="active",
            location=place,
            ilmd={"cbvmda:lotNumber": lot.rpartition("/")[2]},
        )

    @rule(data=st.data(), hour=HOURS)
    def appear(self, data: st.DataObject, hour: int) -> None:
        """Name items without a lot."""
        items = data.draw(some(self.goods.items), "items")
        self._capture(object_event, hour, action="ADD", epcs=items, step="commissioning")

    # ------------------------------------------------------------ transformations

    @rule(data=st.data(), hour=HOURS, place=PLACE)
    def blend(self, data: st.DataObject, hour: int, place: str) -> None:
        """Turn any classes into any classes: blends, lots used again, products without a lot."""
        self._capture(
            transformation_event,
            hour,
            input_quantities=self._amounts(data, "inputs"),
            output_quantities=self._amounts(data, "outputs"),
            step="assembling",
            **data.draw(st.sampled_from([{"location": place}, {"read_point": place}]), "as"),
        )

    @rule(data=st.data(), hour=HOURS, place=PLACE, lot=st.sampled_from(["", "L1", "L2", "R1"]))
    def rework(self, data: st.DataObject, hour: int, place: str, lot: str) -> None:
        """Turn items into items, of a lot perhaps; some may turn into themselves."""
        self._capture(
            transformation_event,
            hour,
            inputs=data.draw(some(self.goods.items + self.goods.cases, 3), "used"),
            outputs=data.draw(some(self.goods.items + self.goods.cases, 3), "made"),
            step="repairing",
            location=place,
            ilmd={"cbvmda:lotNumber": lot} if lot else None,
        )

    @rule(data=st.data(), hours=st.tuples(HOURS, HOURS), number=st.integers(1, 2))
    def make_in_parts(self, data: st.DataObject, hours: tuple[int, int], number: int) -> None:
        """Tell of one transformation in two events."""
        once = {"transformation_id": f"urn:x:transformation:{number}", "step": "assembling"}
        if data.draw(st.booleans(), "of items"):
            first: dict[str, Any] = {"inputs": data.draw(some(self.goods.items, 2), "used")}
        else:
            first = {"input_quantities": self._amounts(data, "inputs")}
        self._capture(transformation_event, hours[0], **first, **once)
        self._capture(
            transformation_event,
            hours[1],
            output_quantities=self._amounts(data, "outputs"),
            **once,
        )

    def _amounts(self, data: st.DataObject, label: str, most: int = 2) -> list[dict[str, Any]]:
        told = data.draw(some(self.goods.classes, most), label)
        return [quantity(one, data.draw(st.integers(1, 20), "amount"), "KGM") for one in told]

    # ------------------------------------------------------------ packing

    @rule(data=st.data(), hour=HOURS, place=PLACE, action=st.sampled_from(["ADD", "OBSERVE"]))
    def pack(self, data: st.DataObject, hour: int, place: str, action: str) -> None:
        """Put items into a case, whether or not they are in another one."""
        self._family(data, hour, action, self.goods.cases, self.goods.items, location=place)

    @rule(data=st.data(), hour=HOURS, place=PLACE)
    def stack(self, data: st.DataObject, hour: int, place: str) -> None:
        """Put cases onto a pallet."""
        self._family(data, hour, "ADD", self.goods.pallets, self.goods.cases, location=place)

    @rule(data=st.data(), hour=HOURS)
    def nest(self, data: st.DataObject, hour: int) -> None:
        """Put containers into containers, into those that they hold perhaps."""
        goods = self.goods
        self._family(data, hour, "ADD", goods.containers, goods.containers + goods.items)

    @rule(data=st.data(), hour=HOURS, place=PLACE)
    def unpack(self, data: st.DataObject, hour: int, place: str) -> None:
        """Take some out of a container, or what is not in it."""
        goods = self.goods
        known = goods.items + goods.cases
        self._family(data, hour, "DELETE", goods.containers, known, location=place)

    @rule(data=st.data(), hour=HOURS, place=PLACE)
    def empty(self, data: st.DataObject, hour: int, place: str) -> None:
        """Take everything out of a container, naming nothing."""
        parent = data.draw(st.sampled_from(self.goods.containers), "parent")
        self._capture(
            aggregation_event, hour, action="DELETE", parent=parent, children=[], location=place
        )

    @rule(data=st.data(), hour=HOURS, action=st.sampled_from(["ADD", "OBSERVE", "DELETE"]))
    def pack_quantity(self, data: st.DataObject, hour: int, action: str) -> None:
        """Put a quantity without serials into a container, or take it out."""
        parent = data.draw(st.sampled_from(self.goods.containers), "parent")
        items = [one for one in self.goods.items if one != parent]
        self._capture(
            aggregation_event,
            hour,
            action=action,
            parent=parent,
            children=data.draw(some(items, 2, least=0), "children"),
            child_quantities=[
                quantity(lot, 2) for lot in data.draw(some(self.goods.lots, 2), "lots")
            ],
            step="packing",
        )

    def _family(
        self,
        data: st.DataObject,
        hour: int,
        action: str,
        parents: Sequence[str],
        children: Sequence[str],
        **fields: Any,
    ) -> None:
        parent = data.draw(st.sampled_from(parents), "parent")
        inside = data.draw(some([one for one in children if one != parent], 5), "children")
        self._capture(
            aggregation_event, hour, action=action, parent=parent, children=inside, **fields
        )

    # ------------------------------------------------------------ moving

    @rule(data=st.data(), hour=HOURS, seen=SEEN, places=st.tuples(PLACE, PLACE), papers=PAPERS)
    def see(
        self,
        data: st.DataObject,
        hour: int,
        seen: tuple[str, str],
        places: tuple[str, str],
        papers: dict[str, Any],
    ) -> None:
        """See items or containers, at a dock or where there is none."""
        goods = self.goods
        self._capture(
            object_event,
            hour,
            action="OBSERVE",
            epcs=data.draw(some(goods.containers, 2) | some(goods.items, 3), "what"),
            step=seen[0],
            disposition=seen[1],
            read_point=places[0],
            location=places[1],
            **papers,
        )

    @rule(
        data=st.data(),
        hour=HOURS,
        seen=SEEN,
        place=PLACE,
        action=st.sampled_from(["ADD", "OBSERVE", "DELETE"]),
        papers=PAPERS,
    )
    def see_quantity(
        self,
        data: st.DataObject,
        hour: int,
        seen: tuple[str, str],
        place: str,
        action: str,
        papers: dict[str, Any],
    ) -> None:
        """See a quantity of a class."""
        self._capture(
            object_event,
            hour,
            action=action,
            quantities=self._amounts(data, "classes"),
            step=seen[0],
            disposition=seen[1],
            **data.draw(st.sampled_from([{"location": place}, {"read_point": place}]), "as"),
            **papers,
        )

    # ------------------------------------------------------------ errors

    @rule(data=st.data(), again=st.booleans(), hour=HOURS)
    def correct(self, data: st.DataObject, *, again: bool, hour: int) -> None:
        """Declare an earlier event an error; tell it again at another time, perhaps."""
        wrong = [one for one in self.ledger.documents if self._stands(one)]
        if not wrong:
            return
        event = data.draw(st.sampled_from(wrong), "wrong")
        declaration = {"declarationTime": "2026-01-07T00:00:00Z", "reason": "incorrect_data"}
        self.ledger.capture(event | {"errorDeclaration": declaration})
        if again:
            self._ids += 1
            right = event | {"eventID": f"urn:x:event:{self._ids}"}
            when = at(hour).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self.ledger.capture(right | {"eventTime": when})

    def _stands(self, event: dict[str, Any]) -> bool:
        declared = {one["eventID"] for one in self.ledger.documents if "errorDeclaration" in one}
        return event["eventID"] not in declared

    @rule()
    def look(self) -> None:
        """Compare in the middle of a life."""
        type(self).check(self.ledger, [])

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """Compare what some start affects."""
        type(self).check(self.ledger, self._starts(data))

    def _starts(self, data: st.DataObject) -> list[Start]:
        goods = self.goods
        places = st.frozensets(st.sampled_from(PLACES), min_size=1, max_size=2)
        # Half hours lie between events; whole ones are the instants of some.
        period = st.tuples(st.integers(-1, 48), st.integers(-1, 48)).map(sorted)
        since, until = (microseconds(at(half / 2)) for half in data.draw(period, "period"))
        numbers = [one.number for one in self.ledger.told]
        steps = st.frozensets(st.sampled_from(["commissioning", "receiving", "packing"]))
        kinds: list[st.SearchStrategy[Start]] = [
            st.builds(Named, st.sampled_from(goods.containers)),
            st.builds(Named, st.sampled_from(goods.items + goods.classes)),
            st.builds(Presence, places, st.just(since), st.just(until)),
            st.builds(Handling, places, st.just(since), st.just(until), steps),
            st.builds(Given, st.frozensets(st.sampled_from(numbers), min_size=1, max_size=3)),
        ]
        return data.draw(st.lists(st.one_of(kinds), min_size=1, max_size=2), "starts")
