"""Dwell times of a small world, worked out by hand, and of random ones, by a plain fold."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.core.instants import microseconds
from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.lineage.alike import alike
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.fold import CODES, whereabouts
from suyuan.lineage.history import history, identifier_text
from suyuan.lineage.standing import refresh_stock, stock_items
from suyuan.lineage.stays import Stays, stays_of
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata.services import create_location, create_party
from suyuan.monitoring.dwell import By, Question, Report, Subject, items_behind, report
from suyuan.monitoring.dwell import population as population_module
from suyuan.tenancy.actor import Actor
from tests.stock_world import (
    DEPOT,
    FACTORY,
    GTIN,
    OTHER_GTIN,
    SHOP,
    at,
    born,
    declared_wrong,
    item,
    key_of,
    packed,
    received,
    shipped,
    sold,
    tell,
    unit,
    unpacked,
)

HOUR = 3_600_000_000


def small_world(actor: Actor) -> None:
    """Three items: made, packed into a case at 2 h, shipped at 5, received at 9; one is sold.

    Item 1: unpacked at 10, sold at 34. Items 2, 3: still in the case at the depot.
    """
    tell(
        actor,
        born(0, 1, 2, 3),
        packed(2, unit(1), item(1), item(2), item(3)),
        shipped(5, unit(1)),
        received(9, unit(1)),
        unpacked(10, unit(1), item(1)),
        sold(34, item(1)),
    )
    refresh_stock(actor.organisation_id)


def by_subject(found: Report) -> dict[tuple[str, ...], Any]:
    return {
        tuple(
            one
            for one in (
                group.subject.step,
                group.subject.next_step,
                group.subject.whereabouts,
                group.subject.place,
                group.subject.partner,
                group.subject.gtin,
            )
            if one
        ): group
        for group in found.groups
    }


def test_stages_are_from_one_step_to_the_next_also_of_what_held_the_item(actor: Actor) -> None:
    small_world(actor)
    found = report(actor.organisation_id, Question())
    groups = by_subject(found)
    assert {key: (one.items, one.p50) for key, one in groups.items()} == {
        ("commissioning", "packing"): (3, 2 * HOUR),
        ("packing", "shipping"): (3, 3 * HOUR),
        ("shipping", "receiving"): (3, 4 * HOUR),
        ("receiving", "unpacking"): (1, 1 * HOUR),
        ("unpacking", "retail_selling"): (1, 24 * HOUR),
    }
    assert (found.items, found.measured, found.stays) == (3, 3, 11)
    total = (6 + 9 + 12 + 1 + 24) * HOUR
    assert groups["unpacking", "retail_selling"].share == pytest.approx(24 * HOUR / total)
    assert found.groups[0].subject.step == "unpacking"


def test_visits_join_the_stays_at_one_place(actor: Actor) -> None:
    small_world(actor)
    groups = by_subject(report(actor.organisation_id, Question(by=By.PLACE)))
    assert {key: (one.items, one.p10, one.p99) for key, one in groups.items()} == {
        ("in_house", FACTORY): (3, 5 * HOUR, 5 * HOUR),
        ("in_transit", FACTORY): (3, 4 * HOUR, 4 * HOUR),
        ("in_house", DEPOT): (1, 25 * HOUR, 25 * HOUR),
    }


def test_oldest_is_what_still_stays(actor: Actor) -> None:
    small_world(actor)
    (oldest,) = report(actor.organisation_id, Question()).oldest
    assert (oldest.whereabouts, oldest.place, oldest.gtin) == (Whereabouts.IN_HOUSE, DEPOT, GTIN)
    assert (oldest.items, oldest.since, oldest.median_since) == (2, at(9), at(9))


def test_partner_is_the_party_of_the_place_and_a_place_with_two_names_is_one(
    actor: Actor,
) -> None:
    create_party(actor=actor, code="LOG", name_zh="物流", kind="warehouse")
    create_location(
        actor=actor, code="WH", name_zh="仓", kind="warehouse", party="LOG", gln="9521234000020"
    )
    urn = f"urn:suyuan:{actor.organisation.urn_slug}:location:WH"
    tell(
        actor, born(0, 1), received(1, item(1), location=urn), received(3, item(1)),
        shipped(8, item(1), read_point=DEPOT),
    )  # fmt: skip
    refresh_stock(actor.organisation_id)
    groups = by_subject(report(actor.organisation_id, Question(by=By.PARTNER)))
    assert groups["in_house", "LOG"].p50 == 7 * HOUR
    assert groups["in_house",].p50 == 1 * HOUR
    narrowed = report(actor.organisation_id, Question(by=By.PLACE, partner="LOG"))
    assert [one.subject.place for one in narrowed.groups] == [DEPOT]
    assert not report(actor.organisation_id, Question(partner="NOBODY")).groups


def test_period_counts_stays_that_ended_in_it(actor: Actor) -> None:
    small_world(actor)
    found = report(actor.organisation_id, Question(since=at(5), until=at(9)))
    assert set(by_subject(found)) == {("packing", "shipping"), ("shipping", "receiving")}
    assert found.items == 3  # only their case was seen
    nothing = report(actor.organisation_id, Question(since=at(100), until=at(200)))
    assert (nothing.items, nothing.groups) == (0, [])


def test_period_with_too_many_events_to_read_asks_all_items(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_world(actor)
    monkeypatch.setattr(population_module, "_MOST_EVENTS", 1)
    found = report(actor.organisation_id, Question(since=at(5), until=at(9)))
    assert set(by_subject(found)) == {("packing", "shipping"), ("shipping", "receiving")}


def test_product_and_place_narrow_the_question(actor: Actor) -> None:
    small_world(actor)
    tell(actor, born(0, 9, gtin=OTHER_GTIN), received(7, item(9, OTHER_GTIN), location=SHOP))
    refresh_stock(actor.organisation_id)
    of_other = report(actor.organisation_id, Question(gtin=OTHER_GTIN, by=By.PRODUCT))
    assert {key: one.p50 for key, one in by_subject(of_other).items()} == {
        ("in_house", OTHER_GTIN): 7 * HOUR
    }
    at_depot = report(actor.organisation_id, Question(place=DEPOT))
    assert set(by_subject(at_depot)) == {
        ("receiving", "unpacking"),
        ("unpacking", "retail_selling"),
    }
    for wrong in ("no identifier", "https://id.gs1.org/414/9521234999997"):
        assert not report(actor.organisation_id, Question(place=wrong)).groups


def test_weeks_begin_on_monday_in_local_time(actor: Actor) -> None:
    # 2026-03-01 16:00 UTC is Monday the 2nd in Shanghai.
    tell(actor, born(0, 1, 2), received(15.9, item(1)), received(16.1, item(2)))
    refresh_stock(actor.organisation_id)
    (group,) = report(actor.organisation_id, Question()).groups
    assert [(week.monday, week.items) for week in group.weeks] == [
        (date(2026, 2, 23), 1),
        (date(2026, 3, 2), 1),
    ]


def test_late_stay_rests_on_an_event_that_was_recorded_late(actor: Actor) -> None:
    with clock.held_at(at(1)):
        tell(actor, born(0, 1, 2))
    with clock.held_at(at(6)):
        tell(actor, received(5, item(1)))
    with clock.held_at(at(32)):
        tell(actor, received(5, item(2)))
    refresh_stock(actor.organisation_id)
    found = report(actor.organisation_id, Question())
    assert (found.stays, found.late) == (2, 1)
    patient = report(actor.organisation_id, Question(late=timedelta(hours=30)))
    assert patient.late == 0


@pytest.mark.parametrize(
    ("then", "missing"),
    [
        ([shipped(1, item(1)), received(2, item(1))], 0),
        ([received(2, item(1))], 1),  # never left the factory
        ([shipped(1, item(1), read_point=SHOP), received(2, item(1))], 1),  # left from elsewhere
        ([shipped(1, item(1)), received(2, item(1), step="storing")], 1),  # never arrived
        ([shipped(1, item(1), read_point=""), received(2, item(1), step="accepting")], 0),
        ([shipped(1, item(1)), sold(2, item(1))], 0),
    ],
)
def test_missing_scans_are_counted(actor: Actor, then: list[Any], missing: int) -> None:
    tell(actor, born(0, 1), *then)
    refresh_stock(actor.organisation_id)
    assert report(actor.organisation_id, Question()).missing == missing


def test_declared_error_ends_no_stay(actor: Actor) -> None:
    wrong = {
        **received(3, item(1)),
        "eventID": "urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11",
    }
    tell(actor, born(0, 1), wrong, received(8, item(1), location=SHOP), declared_wrong(wrong, 9))
    refresh_stock(actor.organisation_id)
    groups = by_subject(report(actor.organisation_id, Question(by=By.PLACE)))
    assert {key: one.p50 for key, one in groups.items()} == {("in_house", FACTORY): 8 * HOUR}


def test_what_is_sold_stays_nowhere_until_it_comes_back(actor: Actor) -> None:
    tell(actor, born(0, 1), sold(1, item(1)), received(10, item(1)), received(12, item(1)))
    refresh_stock(actor.organisation_id)
    groups = by_subject(report(actor.organisation_id, Question()))
    assert {key: one.p50 for key, one in groups.items()} == {
        ("commissioning", "retail_selling"): HOUR,
        ("receiving", "receiving"): 2 * HOUR,
    }


def test_items_behind_a_bar_are_those_of_its_lengths(actor: Actor) -> None:
    tell(actor, born(0, 1, 2, 3), received(2, item(1)), received(5, item(2)), received(9, item(3)))
    refresh_stock(actor.organisation_id)
    subject = Subject(step="commissioning", next_step="receiving")
    keys = [key_of(actor, item(n)) for n in (1, 2, 3)]

    def behind(**kwargs: Any) -> list[tuple[int, int]]:
        return items_behind(actor.organisation_id, Question(), subject, **kwargs)

    assert behind() == [(keys[2], 9 * HOUR), (keys[1], 5 * HOUR), (keys[0], 2 * HOUR)]
    assert behind(shortest=2 * HOUR, longest=9 * HOUR) == [
        (keys[1], 5 * HOUR),
        (keys[0], 2 * HOUR),
    ]
    assert behind(most=1) == [(keys[2], 9 * HOUR)]
    other = Subject(step="packing", next_step="receiving")
    assert items_behind(actor.organisation_id, Question(), other) == []


def test_items_alike_are_all_behind_their_bar(actor: Actor) -> None:
    small_world(actor)
    subject = Subject(step="packing", next_step="shipping")
    found = items_behind(actor.organisation_id, Question(), subject)
    assert found == [(key_of(actor, item(n)), 3 * HOUR) for n in (1, 2, 3)]


def test_sample_draws_whole_blocks_and_the_same_ones_again(actor: Actor) -> None:
    tell(actor, born(0, *range(8_192)), received(1, *(item(n) for n in range(8_192))))
    refresh_stock(actor.organisation_id)
    question = Question(sample=2_048)
    found = report(actor.organisation_id, question)
    assert found.items == 8_192
    assert 0 < found.measured < 8_192
    assert found.measured % 256 == 0
    assert found.stays == found.measured
    assert report(actor.organisation_id, question) == found
    assert report(actor.organisation_id, Question(sample=8_192)).measured == 8_192


def test_other_organisation_has_no_part_in_it(actor: Actor, other_actor: Actor) -> None:
    small_world(actor)
    assert report(other_actor.organisation_id, Question()) == Report(groups=[], oldest=[])


# ---------------------------------------------------------------- against a plain fold

type Row = tuple[str, str, str, int, int, int]


def plain_stays(organisation_id: int, key: int) -> list[Row]:
    """Fold one history, event by event: (state, place, next state, begin, end, length)."""
    marks: dict[int, tuple[Whereabouts, str, int]] = {}
    place = ""
    for step in history(organisation_id=organisation_id, key=key).steps:
        event = step.happening
        where = whereabouts(event.step, event.disposition, at_location=bool(event.location))
        if event.voided or where is None or event.seq in marks:
            continue
        if where in {Whereabouts.IN_TRANSIT, Whereabouts.SOLD}:
            place = event.read_point or place
        else:
            place = event.location or event.read_point
        marks[event.seq] = (where, place, microseconds(event.time))
    rows = list(marks.items())
    found = []
    for (seq, (where, place, since)), then in zip(rows, [*rows[1:], None], strict=True):
        if where in {Whereabouts.SOLD, Whereabouts.DESTROYED}:
            continue
        after = then[1] if then else None
        end, length = (then[0], after[2] - since) if then and after else (-1, -1)
        found.append((where.value, place, after[0].value if after else "", seq, end, length))
    return found


def folded(organisation_id: int, keys: list[int]) -> Counter[Row]:
    groups = alike(entries_of(organisation_id, np.array(sorted(keys), dtype=np.int64)))
    stays = stays_of(organisation_id, groups)
    from suyuan.capture.identities import identities_of  # noqa: PLC0415

    names = identities_of(organisation_id, {key for key in stays.places.tolist() if key >= 0})
    found: Counter[Row] = Counter()
    for at_ in range(stays.groups.size):
        code = CODES[int(stays.codes[at_])]
        after = CODES[int(stays.next_codes[at_])] if stays.ends[at_] >= 0 else None
        place = int(stays.places[at_])
        assert code is not None
        row = (
            code.value,
            identifier_text(names[place]) if place >= 0 else "",
            after.value if after else "",
            int(stays.begins[at_]),
            int(stays.ends[at_]),
            int(stays.until[at_] - stays.since[at_]) if after else -1,
        )
        found[row] += int(stays.counts[at_])
    return found


_MOVES = st.lists(
    st.tuples(
        st.sampled_from(["born", "pack", "unpack", "empty", "ship", "receive", "sell"]),
        st.integers(1, 5),
        st.integers(1, 3),
        st.integers(0, 10),
    ),
    min_size=1,
    max_size=16,
)


def _move(kind: str, number: int, container: int, hours: int, *, base: int) -> dict[str, Any]:
    box, one, other = unit(base + container), item(base + number), item(base + number + 10)
    return {
        "born": lambda: born(hours, base + number, base + number + 10),
        "pack": lambda: packed(hours, box, one, other, unit(base + 1 + container % 3)),
        "unpack": lambda: unpacked(hours, box, one),
        "empty": lambda: unpacked(hours, box),
        "ship": lambda: shipped(hours, box, read_point=FACTORY if number % 2 else ""),
        "receive": lambda: received(hours, box if number % 2 else one),
        "sell": lambda: sold(hours, box),
    }[kind]()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_MOVES)
def test_stays_in_arrays_are_those_of_a_plain_fold(actor: Actor, moves: Any) -> None:
    # Every example has goods of its own.
    base = 100 * (1 + len(stock_items(actor.organisation_id)))
    tell(actor, *(_move(*one, base=base) for one in moves))
    refresh_stock(actor.organisation_id)
    everything = stock_items(actor.organisation_id)
    first = key_of(actor, item(base)) if everything else 0
    keys = [key for key in everything if key >= first]
    plain = Counter(row for key in keys for row in plain_stays(actor.organisation_id, key))
    assert folded(actor.organisation_id, keys) == plain


def test_nothing_has_no_stays(actor: Actor) -> None:
    nothing = np.empty(0, dtype=np.int64)
    stays: Stays = stays_of(
        actor.organisation_id, alike(entries_of(actor.organisation_id, nothing))
    )
    assert not stays.groups.size
    assert not stays.visits().groups.size
    assert not KeySet()
