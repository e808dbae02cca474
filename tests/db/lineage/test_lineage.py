"""Facts about history, containment, genealogy, present state and scope."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from suyuan.capture.identities import find_key, identities_of
from suyuan.capture.services import capture_events
from suyuan.core.epcis.build import (
    aggregation_event,
    association_event,
    object_event,
    quantity,
    transformation_event,
)
from suyuan.core.identifiers import Sscc, parse_epc
from suyuan.core.keyset import KeySet
from suyuan.lineage.fold import CODES
from suyuan.lineage.history import identifier_text
from suyuan.lineage.marks import is_recalled
from suyuan.lineage.present import present
from suyuan.lineage.selectors import (
    contents,
    genealogy,
    history,
    lot_items,
    resolve,
    scope,
    state,
)
from suyuan.lineage.starts import Goods
from suyuan.lineage.values import Certainty, Whereabouts
from suyuan.masterdata.numbering import code_spaces
from suyuan.masterdata.services import create_product
from suyuan.tenancy.actor import Actor

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 5, 8, 0, tzinfo=timezone(timedelta(hours=8)))
FACTORY, DEPOT, SHOP = (
    f"https://id.gs1.org/414/{gln}" for gln in ("9521234000013", "9521234000020", "9521234000037")
)
MILK = "https://id.gs1.org/01/09521234000020/10/M-1"
WHEY = "https://id.gs1.org/01/09521234000037/10/W-7"


class World:
    """Captures events one hour after another, and asks about them by text."""

    def __init__(self, actor: Actor, count: int = 100) -> None:
        self.actor = actor
        self.organisation_id = actor.organisation_id
        product = create_product(actor=actor, name_zh="奶粉", granularity="item", category="food")
        self.gtin = product.gtin
        space = code_spaces(self.organisation_id, self.gtin)[0]
        self.items = [
            f"https://id.gs1.org/01/{self.gtin}/21/{serial}"
            for serial in space.serial_range(0, count).astype("U14").tolist()
        ]
        self.hour = 0

    def at(self, hours: float | None = None) -> datetime:
        if hours is None:
            self.hour += 1
            hours = self.hour
        return START + timedelta(hours=hours)

    def capture(self, *events: dict[str, Any]) -> None:
        capture_events(actor=self.actor, events=events, source="test")

    def lot(self, code: str = "L1") -> str:
        return f"https://id.gs1.org/01/{self.gtin}/10/{code}"

    def key(self, text: str) -> int:
        key = find_key(self.organisation_id, parse_epc(text))
        assert key is not None, text
        return key

    def made(self, items: list[str], lot: str = "L1", *materials: str) -> None:
        self.capture(
            transformation_event(
                time=self.at(),
                input_quantities=[quantity(one, 10, "KGM") for one in materials or (MILK,)],
                output_quantities=[quantity(self.lot(lot), len(items))],
                step="commissioning",
                location=FACTORY,
            ),
            object_event(
                time=self.at(),
                action="ADD",
                epcs=items,
                step="commissioning",
                disposition="active",
                location=FACTORY,
                ilmd={"cbvmda:lotNumber": lot},
            ),
        )

    def pack(self, parent: str, children: list[str], **more: Any) -> None:
        self.family("ADD", parent, children, **more)

    def family(self, action: str, parent: str, children: list[str], **more: Any) -> None:
        settings: dict[str, Any] = {"time": more.pop("time", None) or self.at()} | more
        self.capture(aggregation_event(action=action, parent=parent, children=children, **settings))

    def seen(self, what: str, step: str, disposition: str = "", **more: Any) -> None:
        time = more.pop("time", None) or self.at()
        self.capture(
            object_event(
                time=time, action="OBSERVE", epcs=[what], step=step, disposition=disposition, **more
            )
        )

    def state_of(self, text: str) -> Any:
        return state(organisation_id=self.organisation_id, key=self.key(text))

    def steps_of(self, text: str) -> list[tuple[str, str]]:
        found = history(organisation_id=self.organisation_id, key=self.key(text))
        return [
            (one.happening.step, one.via_identity.primary if one.via_identity else "")
            for one in found.steps
        ]


def unit(number: int) -> str:
    return f"https://id.gs1.org/00/{Sscc.build('9521234', 0, number).value}"


@pytest.fixture
def world(actor: Actor) -> World:
    return World(actor)


def test_an_item_tells_what_happened_to_its_containers_while_it_was_inside(world: World) -> None:
    world.made(world.items)
    world.pack(unit(1), world.items[:24], step="packing", location=FACTORY)
    world.pack(unit(9), [unit(1)], step="loading")
    world.seen(unit(9), "shipping", "in_transit")
    world.seen(unit(9), "receiving", location=DEPOT)
    world.family("DELETE", unit(9), [unit(1)], step="unloading")
    world.seen(unit(9), "shipping", "in_transit")  # the pallet goes back empty
    world.family("DELETE", unit(1), world.items[:24], step="unpacking")
    case, pallet = (parse_epc(unit(n)).primary for n in (1, 9))
    assert world.steps_of(world.items[3]) == [
        ("commissioning", ""),
        ("packing", ""),
        ("loading", case),
        ("shipping", pallet),
        ("receiving", pallet),
        ("unloading", case),
        ("unpacking", ""),
    ]
    now = world.state_of(world.items[3])
    assert (now.whereabouts, now.location) == (Whereabouts.IN_HOUSE, DEPOT)
    assert now.containers == ()
    assert world.steps_of(world.items[50]) == [("commissioning", "")]


def test_containment_has_its_times(world: World) -> None:
    world.made(world.items)
    world.pack(unit(1), world.items[:2])
    world.family("DELETE", unit(1), world.items[:1])
    world.pack(unit(2), world.items[:1])
    found = history(organisation_id=world.organisation_id, key=world.key(world.items[0]))
    assert [(one.parent_identity.primary, one.start, one.end) for one in found.containments] == [
        (parse_epc(unit(1)).primary, START + timedelta(hours=3), START + timedelta(hours=4)),
        (parse_epc(unit(2)).primary, START + timedelta(hours=5), None),
    ]
    assert [one.primary for one in found.state.containers] == [parse_epc(unit(2)).primary]


def test_a_container_emptied_without_naming_its_children_lets_all_of_them_go(world: World) -> None:
    world.made(world.items)
    world.pack(unit(1), world.items[:5])
    world.family("DELETE", unit(1), [])
    world.seen(unit(1), "shipping", "in_transit")
    assert world.state_of(world.items[0]).whereabouts is Whereabouts.IN_HOUSE
    assert world.state_of(world.items[0]).containers == ()
    assert not contents(organisation_id=world.organisation_id, key=world.key(unit(1)))


def test_the_latest_word_on_containment_wins(world: World) -> None:
    world.made(world.items)
    world.pack(unit(1), world.items[:3])
    world.pack(unit(2), world.items[:1])  # moved without having been unpacked
    assert set(contents(organisation_id=world.organisation_id, key=world.key(unit(1)))) == {
        world.key(item) for item in world.items[1:3]
    }
    world.seen(unit(1), "shipping", "in_transit")
    assert world.state_of(world.items[0]).whereabouts is Whereabouts.IN_HOUSE
    assert world.state_of(world.items[1]).whereabouts is Whereabouts.IN_TRANSIT


def test_events_count_by_when_they_happened_not_by_when_they_came(world: World) -> None:
    world.made(world.items)
    world.hour = 10
    world.seen(world.items[0], "retail_selling", "retail_sold")
    world.seen(world.items[0], "receiving", location=DEPOT, time=world.at(5))
    assert [step for step, _ in world.steps_of(world.items[0])] == [
        "commissioning",
        "receiving",
        "retail_selling",
    ]
    assert world.state_of(world.items[0]).whereabouts is Whereabouts.SOLD


def test_what_was_declared_an_error_is_told_but_counts_for_nothing(world: World) -> None:
    world.made(world.items)
    wrong = object_event(
        time=world.at(),
        action="OBSERVE",
        epcs=[world.items[0]],
        step="destroying",
        disposition="destroyed",
        event_id="urn:x:wrong",
    )
    declaration = {"declarationTime": "2026-01-06T00:00:00Z", "reason": "did_not_occur"}
    world.capture(wrong)
    assert world.state_of(world.items[0]).whereabouts is Whereabouts.DESTROYED
    world.capture(wrong | {"errorDeclaration": declaration})
    found = history(organisation_id=world.organisation_id, key=world.key(world.items[0]))
    assert [(one.happening.step, one.happening.voided) for one in found.steps] == [
        ("commissioning", False),
        ("destroying", True),
        ("destroying", True),
    ]
    assert found.state.whereabouts is Whereabouts.IN_HOUSE


@pytest.mark.parametrize(
    ("step", "disposition", "location", "expected"),
    [
        ("shipping", "in_transit", "", Whereabouts.IN_TRANSIT),
        ("shipping", "", "", Whereabouts.IN_TRANSIT),
        ("receiving", "in_progress", DEPOT, Whereabouts.IN_HOUSE),
        ("receiving", "returned", DEPOT, Whereabouts.RETURNED),
        ("retail_selling", "retail_sold", SHOP, Whereabouts.SOLD),
        ("destroying", "destroyed", DEPOT, Whereabouts.DESTROYED),
        ("inspecting", "conformant", "", Whereabouts.IN_HOUSE),
        ("https://acme.example/step/x", "https://acme.example/d/y", DEPOT, Whereabouts.IN_HOUSE),
    ],
)
def test_steps_and_dispositions_say_where_goods_are(
    world: World, step: str, disposition: str, location: str, expected: Whereabouts
) -> None:
    world.made(world.items[:2])
    world.seen(world.items[0], step, disposition, location=location)
    assert world.state_of(world.items[0]).whereabouts is expected
    now = present(world.organisation_id, np.array([world.key(world.items[0])]))
    assert CODES[int(now.codes[0])] is expected


def test_a_recall_marks_goods_until_they_are_found_conformant(world: World) -> None:
    world.made(world.items)
    world.pack(unit(1), world.items[:3])
    world.seen(unit(1), "holding", "recalled")
    assert world.state_of(world.items[0]).recalled
    assert not world.state_of(world.items[5]).recalled
    world.seen(world.items[0], "shipping", "in_transit")
    assert world.state_of(world.items[0]).recalled
    world.seen(world.items[0], "inspecting", "conformant")
    assert not world.state_of(world.items[0]).recalled


def test_a_parcel_gives_its_items_order_waybill_and_destination(world: World) -> None:
    papers = [("po", "urn:x:po:1"), ("bol", "urn:x:bol:9")]
    world.made(world.items)
    world.pack(unit(5), world.items[:2], step="packing", location=DEPOT, transactions=papers)
    world.seen(unit(5), "shipping", "in_transit", destinations=[("location", "urn:x:330100")])
    now = world.state_of(world.items[0])
    assert [(one.type, one.id) for one in now.transactions] == papers
    assert now.destination == "urn:x:330100"
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(world.lot()))])
    assert len(found.shipments) == 1
    parcel = found.shipments[0]
    assert parcel.unit == parse_epc(unit(5))
    assert (len(parcel.items), parcel.destination) == (2, "urn:x:330100")
    assert [(one.type, one.id) for one in parcel.transactions] == papers
    assert [one.unit for one in found.shipments] == [one.unit for one in found.shipments[:5]]


def test_goods_sent_one_by_one_are_shipments_without_a_unit(world: World) -> None:
    world.made(world.items)
    world.seen(world.items[0], "shipping", "in_transit", transactions=[("bol", "urn:x:bol:1")])
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(world.lot()))])
    assert [(s.unit, len(s.items), s.transactions[0].id) for s in found.shipments] == [
        (None, 1, "urn:x:bol:1")
    ]


def test_genealogy_leads_from_material_to_product_and_back(world: World) -> None:
    world.made(world.items[:40], "L1", MILK, WHEY)
    world.made(world.items[40:70], "L2", WHEY)
    back = genealogy(organisation_id=world.organisation_id, key=world.key(world.lot()))
    assert {(one.identity.secondary, one.depth, one.items) for one in back.nodes.values()} == {
        ("L1", 0, 40),
        ("M-1", -1, 0),
        ("W-7", -1, 0),
    }
    forth = genealogy(organisation_id=world.organisation_id, key=world.key(WHEY))
    assert {(one.identity.secondary, one.depth) for one in forth.nodes.values()} == {
        ("W-7", 0),
        ("L1", 1),
        ("L2", 1),
    }
    assert {edge.quantity for edge in forth.edges} == {"10 KGM"}
    assert not forth.truncated


def test_genealogy_goes_through_many_transformations_and_ends_at_a_cycle(world: World) -> None:
    lots = [f"https://id.gs1.org/01/09521234000044/10/S{i}" for i in range(5)]
    for source, target in [*pairwise(lots), (lots[-1], lots[0])]:
        world.capture(
            transformation_event(
                time=world.at(),
                input_quantities=[quantity(source, 1)],
                output_quantities=[quantity(target, 1)],
            )
        )
    found = genealogy(organisation_id=world.organisation_id, key=world.key(lots[0]), depth=9)
    assert len(found.nodes) == 5
    assert len(found.edges) == 5
    affected = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(lots[0]))])
    assert len(affected.lots) == 5


def test_a_transformation_told_in_two_events_is_one(world: World) -> None:
    once: Any = {"transformation_id": "urn:x:t:1", "step": "commissioning"}
    world.capture(
        transformation_event(time=world.at(), input_quantities=[quantity(MILK, 5)], **once),
        transformation_event(time=world.at(), output_quantities=[quantity(WHEY, 2)], **once),
    )
    found = genealogy(organisation_id=world.organisation_id, key=world.key(MILK))
    assert {one.identity.secondary for one in found.nodes.values()} == {"M-1", "W-7"}
    affected = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(MILK))])
    assert {one.identity.secondary for one in affected.lots} == {"M-1", "W-7"}


def test_items_made_of_items_are_affected_too(world: World) -> None:
    world.made(world.items[:10])
    world.capture(
        transformation_event(
            time=world.at(), inputs=world.items[:2], outputs=[world.items[90]], step="assembling"
        )
    )
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(world.items[0]))])
    assert set(found.items) == {world.key(world.items[0]), world.key(world.items[90])}
    lot = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(world.lot()))])
    assert len(lot.items) == 11


def test_the_scope_of_a_material_lot_is_the_items_of_its_lots_with_their_places(
    world: World,
) -> None:
    world.made(world.items[:40], "L1", MILK)
    world.made(world.items[40:70], "L2", WHEY)
    world.pack(unit(1), world.items[:10])
    world.seen(unit(1), "shipping", "in_transit")
    world.seen(world.items[20], "destroying", "destroyed", location=DEPOT)
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(MILK))])
    assert len(found.items) == 40
    assert {(p.whereabouts, p.location, len(p.items)) for p in found.places} == {
        (Whereabouts.IN_HOUSE, FACTORY, 29),
        (Whereabouts.IN_TRANSIT, "", 10),
        (Whereabouts.DESTROYED, DEPOT, 1),
    }
    assert found.certainty == {Certainty.PROVEN: found.items}
    assert found.at_seq == 7


def test_the_scope_of_a_container_is_all_that_it_ever_held(world: World) -> None:
    world.made(world.items)
    world.pack(unit(1), world.items[:4])
    world.pack(unit(9), [unit(1)])
    world.family("DELETE", unit(9), [unit(1)])
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(unit(9)))])
    assert set(found.items) == {world.key(item) for item in world.items[:4]}


def test_a_scope_of_nothing_known_is_empty(world: World) -> None:
    world.capture(object_event(time=world.at(), action="ADD", quantities=[quantity(MILK, 1)]))
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(MILK))])
    assert (len(found.items), found.places, len(found.shipments)) == (0, [], 0)
    assert not lot_items(organisation_id=world.organisation_id, key=world.key(MILK))


def test_a_lots_items_are_those_of_its_own_product(world: World) -> None:
    other = "urn:epc:id:sgtin:0614141.107346.7"
    world.made([*world.items[:20], other])
    assert len(lot_items(organisation_id=world.organisation_id, key=world.key(world.lot()))) == 20


def test_another_organisations_events_are_not_seen(world: World, other_actor: Actor) -> None:
    world.made(world.items)
    serial = world.items[0]
    capture_events(
        actor=other_actor,
        events=[object_event(time=START, action="OBSERVE", epcs=[serial, unit(1)])],
        source="test",
    )
    theirs = find_key(other_actor.organisation_id, parse_epc(serial))
    assert theirs is not None
    assert len(history(organisation_id=other_actor.organisation_id, key=theirs).steps) == 1
    assert resolve(organisation_id=other_actor.organisation_id, text=world.lot()) is None
    assert len(world.steps_of(serial)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{item}",
        " {item} ",
        "https://brand.example/shop/01/{gtin}/21/{serial}?utm=1",
        "(01){gtin}(21){serial}",
        "01{gtin}21{serial}",
        "]d201{gtin}21{serial}",
        "{serial}",
        "{lower}",
    ],
)
def test_any_text_of_an_item_resolves_to_it(world: World, text: str) -> None:
    world.made(world.items)
    serial = world.items[0].rpartition("/")[2]
    asked = text.format(item=world.items[0], gtin=world.gtin, serial=serial, lower=serial.lower())
    found = resolve(organisation_id=world.organisation_id, text=asked, gtins=[world.gtin])
    assert found == world.key(world.items[0])


def test_an_sscc_resolves_with_and_without_its_prefix(world: World) -> None:
    world.made(world.items)
    world.pack(unit(1), world.items[:2])
    sscc = parse_epc(unit(1)).primary
    for text in (sscc, f"00{sscc}", f"(00){sscc}"):
        assert resolve(organisation_id=world.organisation_id, text=text) == world.key(unit(1))


@pytest.mark.parametrize("text", ["", " ", "\0", "x" * 5000, "奶粉", "'; DROP TABLE", "0" * 18])
def test_what_names_nothing_resolves_to_nothing(world: World, text: str) -> None:
    world.made(world.items)
    assert resolve(organisation_id=world.organisation_id, text=text, gtins=[world.gtin]) is None


def test_a_code_that_was_never_used_resolves_to_nothing(world: World) -> None:
    world.made(world.items[:50])
    never = world.items[60].rpartition("/")[2]
    assert resolve(organisation_id=world.organisation_id, text=never, gtins=[world.gtin]) is None


def _happen(world: World, chance: random.Random) -> None:
    """Let one random thing happen, at a random hour that may lie before what came earlier."""
    items = world.items[:40]
    cases, pallets = [unit(n) for n in range(1, 6)], [unit(n) for n in range(20, 23)]
    time = world.at(3 + chance.randrange(200) / 2)
    kind = chance.randrange(6)
    if kind == 0:
        world.pack(chance.choice(cases), chance.sample(items, chance.randint(1, 12)), time=time)
    elif kind == 1:
        world.pack(chance.choice(pallets), chance.sample(cases, 2), time=time)
    elif kind == 2:
        world.family(
            "DELETE", chance.choice(cases), chance.sample(items, chance.randint(0, 6)), time=time
        )
    elif kind == 3:
        world.family("DELETE", chance.choice(pallets), [], time=time)
    else:
        what = chance.choice([*items, *cases, *cases, *pallets, *pallets])
        step, disposition, location = chance.choice(
            [
                ("shipping", "in_transit", ""),
                ("receiving", "", DEPOT),
                ("receiving", "returned", SHOP),
                ("retail_selling", "retail_sold", ""),
                ("holding", "recalled", ""),
                ("inspecting", "conformant", ""),
                ("storing", "", FACTORY),
                ("", "", ""),
            ]
        )
        world.seen(what, step, disposition, location=location, time=time)


@pytest.mark.parametrize("seed", range(6))
def test_the_fold_of_many_agrees_with_the_fold_of_one_on_random_histories(
    world: World, seed: int
) -> None:
    chance = random.Random(seed)
    world.made(world.items[:40])
    for _ in range(60):
        _happen(world, chance)
    keys = np.array(sorted(world.key(item) for item in world.items[:40]))
    now = present(world.organisation_id, keys)
    for position, key in enumerate(keys.tolist()):
        one = history(organisation_id=world.organisation_id, key=key)
        many = CODES[int(now.codes[position])] or Whereabouts.NOT_SEEN
        spot = int(now.locations[position])
        place = (
            identifier_text(identities_of(world.organisation_id, [spot])[spot]) if spot >= 0 else ""
        )
        assert (many, place, bool(now.recalled[position])) == (
            one.state.whereabouts,
            one.state.location,
            one.state.recalled,
        ), one
        inner = one.containments[-1].parent if one.state.containers else -1
        assert int(now.parents[position]) == inner


def test_nothing_is_asked_for_no_items(world: World) -> None:
    now = present(world.organisation_id, KeySet().to_array())
    assert now.items.size == 0


def test_containers_within_containers_are_followed_eight_levels_up(world: World) -> None:
    world.made(world.items[:2])
    chain = [world.items[0], *(unit(n) for n in range(1, 12))]
    for inner, outer in pairwise(chain):
        world.pack(outer, [inner])
    world.seen(unit(6), "shipping", "in_transit")
    world.seen(unit(11), "retail_selling", "retail_sold")
    found = world.state_of(world.items[0])
    now = present(world.organisation_id, np.array([world.key(world.items[0])]))
    assert found.whereabouts is Whereabouts.IN_TRANSIT
    assert CODES[int(now.codes[0])] is Whereabouts.IN_TRANSIT
    held = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(unit(3)))])
    assert set(held.items) == {world.key(world.items[0])}
    deep = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(unit(11)))])
    assert world.key(world.items[1]) not in deep.items


def test_containers_that_hold_each_other_end_nowhere(world: World) -> None:
    world.made(world.items[:2])
    world.pack(unit(1), [world.items[0]])
    world.pack(unit(2), [unit(1)])
    world.pack(unit(1), [unit(2)])
    assert ("packing", "") not in world.steps_of(unit(1))
    assert len(world.steps_of(unit(1))) >= 3
    held = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(unit(2)))])
    assert set(held.items) == {world.key(world.items[0])}


def test_what_a_container_was_told_in_other_events_is_no_content(world: World) -> None:
    world.made(world.items[:3])
    world.pack(unit(1), world.items[:2])
    world.capture(
        association_event(
            time=world.at(), action="ADD", parent=unit(1), children=["urn:epc:id:giai:4000001.9"]
        )
    )
    inside = {world.key(item) for item in world.items[:2]}
    assert set(contents(organisation_id=world.organisation_id, key=world.key(unit(1)))) == inside
    held = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(unit(1)))])
    assert set(held.items) == inside


def test_a_birth_that_was_declared_an_error_makes_no_items(world: World) -> None:
    birth = object_event(
        time=world.at(),
        action="ADD",
        epcs=world.items[:5],
        step="commissioning",
        ilmd={"cbvmda:lotNumber": "L9"},
        event_id="urn:x:birth",
    )
    declaration = {"declarationTime": "2026-01-06T00:00:00Z"}
    world.capture(birth, birth | {"errorDeclaration": declaration})
    assert not lot_items(organisation_id=world.organisation_id, key=world.key(world.lot("L9")))


def test_a_lot_reworked_into_itself_is_no_cycle(world: World) -> None:
    world.capture(
        transformation_event(
            time=world.at(),
            input_quantities=[quantity(MILK)],
            output_quantities=[quantity(MILK), quantity(WHEY)],
        )
    )
    found = genealogy(organisation_id=world.organisation_id, key=world.key(MILK))
    assert [(edge.source, edge.target, edge.quantity) for edge in found.edges] == [
        (world.key(MILK), world.key(WHEY), "")
    ]


def test_a_genealogy_says_when_there_is_more_than_it_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.made(world.items[:9], "L1", MILK, WHEY)
    shallow = genealogy(organisation_id=world.organisation_id, key=world.key(MILK), depth=1)
    assert shallow.truncated
    monkeypatch.setattr("suyuan.lineage.genealogy.MOST_NODES", 1)
    assert genealogy(organisation_id=world.organisation_id, key=world.key(MILK)).truncated


def test_items_that_came_to_be_in_a_transformation_carry_its_lot(world: World) -> None:
    world.capture(
        transformation_event(
            time=world.at(),
            input_quantities=[quantity(MILK, 3)],
            outputs=[*world.items[:4], "urn:epc:id:grai:4012345.12345.7"],
            step="commissioning",
            ilmd={"cbvmda:lotNumber": "L5"},
        )
    )
    found = genealogy(organisation_id=world.organisation_id, key=world.key(MILK))
    assert {one.identity.secondary: one.items for one in found.nodes.values()} == {
        "M-1": 0,
        "L5": 4,
    }
    affected = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(MILK))])
    assert len(affected.items) == 5


def test_a_scope_stops_after_as_many_rounds_as_it_may_take(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots = [f"https://id.gs1.org/01/09521234000044/10/S{i}" for i in range(6)]
    for source, target in pairwise(lots):
        world.capture(
            transformation_event(
                time=world.at(),
                input_quantities=[quantity(source, 1)],
                output_quantities=[quantity(target, 1)],
            )
        )
    monkeypatch.setattr("suyuan.lineage.scope.walk.MOST_ROUNDS", 3)
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(lots[0]))])
    assert len(found.lots) == 3


def test_a_parcels_papers_leave_out_what_was_declared_an_error(world: World) -> None:
    world.made(world.items[:4])
    wrong = object_event(
        time=world.at(),
        action="OBSERVE",
        epcs=[unit(5)],
        step="shipping",
        disposition="in_transit",
        transactions=[("bol", "urn:x:bol:wrong")],
        event_id="urn:x:wrong",
    )
    world.pack(unit(5), world.items[:2], transactions=[("po", "urn:x:po:1")], time=world.at(2.5))
    world.capture(wrong, wrong | {"errorDeclaration": {"declarationTime": "2026-01-06T00:00:00Z"}})
    world.seen(unit(5), "shipping", "in_transit", transactions=[("bol", "urn:x:bol:right")])
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(world.lot()))])
    assert [one.id for one in found.shipments[0].transactions] == ["urn:x:po:1", "urn:x:bol:right"]


def test_goods_left_on_the_way_keep_the_papers_of_the_move_that_they_were_on(
    world: World,
) -> None:
    first, second = ("bol", "urn:x:bol:1"), ("bol", "urn:x:bol:2")
    world.made(world.items[:2])
    world.pack(unit(5), world.items[:2])
    world.seen(unit(5), "shipping", "in_transit", transactions=[first])
    world.family("DELETE", unit(5), [world.items[0]])
    world.seen(unit(5), "receiving", location=DEPOT)
    world.seen(unit(5), "shipping", "in_transit", transactions=[second])
    found = scope(organisation_id=world.organisation_id, starts=[Goods(world.key(world.lot()))])
    told = {
        next(iter(one.items)): [(paper.type, paper.id) for paper in one.transactions]
        for one in found.shipments
    }
    assert told == {world.key(world.items[0]): [first], world.key(world.items[1]): [second]}


def test_goods_scattered_over_the_key_space_are_all_found(world: World) -> None:
    serials = [f"urn:epc:id:sgtin:0614141.107346.{n * 1_000}" for n in range(1, 101)]
    world.capture(
        object_event(
            time=world.at(), action="OBSERVE", epcs=serials, step="storing", location=DEPOT
        )
    )
    keys = np.array(sorted(world.key(serial) for serial in serials))
    now = present(world.organisation_id, keys)
    assert {CODES[int(code)] for code in now.codes} == {Whereabouts.IN_HOUSE}


def test_a_caller_that_knows_the_identity_may_say_so(world: World) -> None:
    world.made(world.items[:2])
    key = world.key(world.items[0])
    told = history(
        organisation_id=world.organisation_id, key=key, identity=parse_epc(world.items[0])
    )
    assert told == history(organisation_id=world.organisation_id, key=key)


def test_what_no_event_names_is_not_recalled(world: World) -> None:
    assert not is_recalled(organisation_id=world.organisation_id, key=12345)
