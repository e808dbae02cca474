"""What few histories meet: bounds, distant numbers, keys without events, damaged amounts."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.capture.models import EventSequence, StoredEvent
from suyuan.core.epcis.body import pack_body, unpack_body
from suyuan.core.epcis.build import object_event, quantity, transformation_event
from suyuan.lineage import fetch
from suyuan.lineage.fold import CODES
from suyuan.lineage.history import history
from suyuan.lineage.present import present
from suyuan.lineage.recalled import recalled_among
from suyuan.lineage.scope import amounts, extent, findings, reasons, walk
from suyuan.lineage.starts import Goods
from suyuan.lineage.values import FindingCode, Scope, Whereabouts
from suyuan.tenancy.actor import Actor
from tests.scenario_world import (
    DEPOT,
    LEAF,
    PLANT,
    PROVEN,
    SHOP,
    Ground,
    at,
    case,
    item,
    items,
    leaf,
    lot,
)

pytestmark = pytest.mark.django_db
LOOSE = "urn:example:goods:loose"


@pytest.fixture
def ground(actor: Actor) -> Ground:
    """Return an organisation without events."""
    return Ground(actor)


def codes(found: Scope) -> list[str]:
    return [one.code.value for one in found.findings]


def keys_of(ground: Ground, *texts: str) -> list[int]:
    return sorted(ground.key(text) for text in texts)


def test_keys_that_no_event_names_are_nowhere_and_not_recalled(ground: Ground) -> None:
    now = present(ground.organisation_id, np.array([5, 1 << 30], dtype=np.int64))
    assert now.codes.tolist() == [0, 0]
    assert now.locations.tolist() == now.parents.tolist() == [-1, -1]
    assert not now.recalled.any()


def test_a_start_that_no_event_names_affects_nothing(ground: Ground) -> None:
    ground.born("born", "L-A", [1], hours=1)
    found = ground.scope(Goods(1 << 45))
    assert (len(found.items), list(found.lots)) == (0, [])


def test_events_whose_numbers_lie_far_apart_are_ordered_by_their_time(ground: Ground) -> None:
    numbers = EventSequence.objects.filter(organisation_id=ground.organisation_id)
    ground.born("born", "L-A", [1, 2], hours=1)
    numbers.update(next=2_000_000)
    ground.seen("shop", items(1), "receiving", 9, location=SHOP)
    numbers.update(next=90_000_000)
    ground.seen("depot", items(1, 2), "receiving", 5, location=DEPOT)
    keys = np.array(keys_of(ground, *items(1, 2)), dtype=np.int64)
    now = present(ground.organisation_id, keys)
    places = [keys_of(ground, SHOP)[0], keys_of(ground, DEPOT)[0]]
    assert now.locations.tolist() == places
    for key, place in zip(keys.tolist(), (SHOP, DEPOT), strict=True):
        assert history(organisation_id=ground.organisation_id, key=key).state.location == place


def test_entries_too_wide_for_one_number_each_are_ordered_all_the_same() -> None:
    keys = np.array([7, 9], dtype=np.int64)
    told = fetch._ordered(
        keys, np.array([1, 0, 1, 1]), np.array([1 << 60, 4, 2, 2]), np.array([1, 1, 3, 2])
    )
    assert told.keys.tolist() == [7, 9, 9, 9]
    assert told.seqs.tolist() == [4, 2, 2, 1 << 60]
    assert told.roles.tolist() == [1, 2, 3, 1]


def test_goods_that_a_uri_names_as_a_class_are_a_lot_of_a_scope(ground: Ground) -> None:
    ground.put(
        "make",
        transformation_event(
            time=at(1),
            input_quantities=[quantity(LOOSE, 3)],
            output_quantities=[quantity(lot("L-A"), 1)],
            location=PLANT,
        ),
    )
    ground.born("born", "L-A", [1], hours=2)
    assert ground.grades(ground.scope(LOOSE)) == {PROVEN: {1}}


def test_a_long_chain_is_told_from_where_it_can_be_followed(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.made("L-A", [1], hours=2, materials=[quantity(leaf("S0"), 1)])
    found = ground.scope(leaf("S0"))
    whole = ground.why(found, item(1))
    assert [link[0] for link in whole] == ["start", "transformation", "birth"]
    monkeypatch.setattr(reasons, "_MOST_LINKS", 2)
    assert ground.why(found, item(1)) == whole[1:]


def test_more_amounts_than_are_read_cut_the_scope_short(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.received("S0", 5, hours=1)
    ground.put("more", object_event(time=at(2), action="OBSERVE", quantities=[_kilos(5)]))
    assert codes(ground.scope(leaf("S0"))) == []
    monkeypatch.setattr(amounts, "MOST_EVENTS", 1)
    assert codes(ground.scope(leaf("S0"))) == ["cut_short"]


def _kilos(amount: float) -> dict[str, object]:
    return quantity(leaf("S0"), amount, "KGM")


def test_an_amount_below_nothing_is_told_and_counts_for_nothing(ground: Ground) -> None:
    ground.received("S0", 5, hours=1)
    # Capture refuses such events; a store that was filled otherwise may hold them.
    row = StoredEvent.objects.get(organisation_id=ground.organisation_id)
    body = unpack_body(bytes(row.body))
    body["quantityList"][0]["quantity"] = -5
    StoredEvent.objects.filter(organisation_id=ground.organisation_id).update(body=pack_body(body))
    found = ground.scope(leaf("S0"))
    told = [(one.code, ground.named(one), one.amount) for one in found.findings]
    assert told == [(FindingCode.NEGATIVE_QUANTITY, ["receive S0"], "-5 KGM")]
    assert ground.balances(found) == {}


def test_a_guess_beyond_the_bound_is_no_finding(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.received("S0", 5, hours=1)
    ground.made("L-A", [1], hours=2, materials=[_kilos(1)])
    anonymous = quantity(f"https://id.gs1.org/01/{LEAF}", 1, "KGM")
    ground.made("L-B", [2], hours=2, materials=[anonymous])
    assert "lot_not_recorded" in codes(ground.scope(leaf("S0")))
    monkeypatch.setattr(walk, "MOST_TRANSFORMATIONS", 0)
    assert codes(ground.scope(leaf("S0"))) == ["cut_short"]


def test_of_too_many_births_nothing_is_said_of_the_whole_brand(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.born("one", "L-A", range(1, 151), hours=1)
    ground.born("two", "L-A", range(151, 201), hours=1)
    assert codes(ground.scope(lot("L-A"))) == ["whole_brand"]
    monkeypatch.setattr(extent, "_MOST_BIRTHS", 1)
    assert codes(ground.scope(lot("L-A"))) == []


def test_findings_beyond_the_most_are_told_together(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "_MOST", 1)
    gathered = findings.Findings()
    for place in (1, 2, 3):
        gathered.note(FindingCode.MISSING_DEPARTURE, place=place, seqs=[place])
    told = gathered.told(ground.organisation_id)
    assert [(one.seqs, one.times) for one in told] == [((2, 3), 2), ((1,), 1)]


def test_of_many_units_those_that_are_or_hold_recalled_goods_are_named(ground: Ground) -> None:
    ground.born("born", "L-A", range(1, 61), hours=1)
    ground.pack("pack", 1, items(2), 2)
    ground.seen("mark", items(1, 2), "", 3, disposition="recalled")
    wanted = [ground.key(text) for text in (case(1), *items(*range(1, 61)))]
    found = recalled_among(ground.organisation_id, wanted)
    first, second = (ground.key(item(n)) for n in (1, 2))
    assert [(one.unit, one.goods) for one in found] == [
        (ground.key(case(1)), second),
        (first, first),
        (second, second),
    ]


def test_a_container_holds_no_recalled_goods_by_a_packing_that_was_withdrawn(
    ground: Ground,
) -> None:
    ground.born("born", "L-A", [1], hours=1)
    ground.pack("pack", 1, items(1), 2)
    ground.seen("mark", items(1), "", 3, disposition="recalled")
    assert len(recalled_among(ground.organisation_id, [ground.key(case(1))])) == 1
    ground.withdraw("pack")
    assert recalled_among(ground.organisation_id, [ground.key(case(1))]) == []


def test_recalled_goods_are_found_eight_containers_deep_and_in_circles(ground: Ground) -> None:
    ground.born("born", "L-A", [1, 2], hours=1)
    ground.seen("mark", items(1, 2), "", 1.5, disposition="recalled")
    ground.pack("pack 1", 1, items(1), 2)
    for n in range(2, 11):
        ground.pack(f"pack {n}", n, [case(n - 1)], 2 + n / 10)
    ground.pack("first", 21, items(2), 2)
    ground.pack("around", 22, [case(21)], 3)
    ground.pack("back", 21, [case(22)], 4)
    inner = ground.key(item(1))
    wanted = keys_of(ground, case(8), case(10), case(21))
    found = {one.unit: one.goods for one in recalled_among(ground.organisation_id, wanted)}
    assert found == {
        ground.key(case(8)): inner,
        ground.key(case(21)): ground.key(item(2)),
    }
    now = present(ground.organisation_id, np.array([inner], dtype=np.int64))
    assert CODES[int(now.codes[0])] is Whereabouts.IN_HOUSE
