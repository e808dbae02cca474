"""Facts about lists of what events name where pages, blocks and views end, and about short ways."""

from __future__ import annotations

from typing import Any

import pytest

from suyuan.capture.models import TraceEntry
from suyuan.capture.queries import Position, matching_seqs, sources, top_level
from suyuan.capture.queries.top_level import TopLevel, is_known, names
from suyuan.capture.services import capture_events
from suyuan.capture.view import EventView, Grant
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.query import read_query
from suyuan.core.identifiers import parse_epc
from suyuan.tenancy.actor import Actor
from tests.query_world import CASE, DOOR, EVENTS, GATE, SENT_ID

pytestmark = pytest.mark.django_db
AT_GATE = EventView(holder=None, grants=(Grant(places=frozenset({parse_epc(GATE)})),))
LINK = "https://id.gs1.org/01/09521234000013/21/"
LOTS = [f"urn:epc:class:lgtin:9521234.000001.L{n}" for n in range(6)]


def item(serial: int) -> str:
    return f"urn:epc:id:sgtin:9521234.000001.{serial}"


def seen(epcs: list[str], place: str = GATE, **fields: Any) -> dict[str, Any]:
    """Return an event that observes items at a place."""
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-02-01T00:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "epcList": epcs,
        "readPoint": {"id": place},
        **fields,
    }


def capture(actor: Actor, *events: dict[str, Any]) -> None:
    capture_events(actor=actor, events=list(events), source="tests")


def paged(
    actor: Actor, what: TopLevel, limit: int, view: EventView | None = None
) -> list[list[str]]:
    """Return the names of all pages."""
    pages: list[list[str]] = []
    after: Position | None = None
    while True:
        page = names(actor.organisation_id, what, view=view, after=after, limit=limit)
        assert len(page.names) <= limit
        pages.append(page.names)
        after = page.next
        if after is None:
            return pages


def joined(pages: list[list[str]]) -> list[str]:
    return [name for page in pages for name in page]


def blocks_of(actor: Actor, *roles: Role) -> int:
    """Return how many blocks the trace index has for roles."""
    rows = TraceEntry.objects.filter(organisation_id=actor.organisation_id, role__in=roles)
    return rows.filter(key__lt=0).values("key").distinct().count()


# ── Names ────────────────────────────────────────────────────────────────────────────────────


def test_places_fill_their_pages_and_none_is_told_twice(actor: Actor) -> None:
    places = [f"https://ex.example/place/{n}" for n in range(5)]
    capture(actor, *(seen([item(n + 1)], place) for n, place in enumerate(places)))
    pages = paged(actor, TopLevel.READ_POINTS, 2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(joined(pages)) == places


def test_own_steps_come_after_those_of_the_standard_on_a_page_of_their_own(actor: Actor) -> None:
    step = "https://ex.example/step/waxing"
    capture(actor, seen([item(1)], bizStep=step))
    standard = len(joined(paged(actor, TopLevel.STEPS, 1_000))) - 1
    first = names(actor.organisation_id, TopLevel.STEPS, view=None, after=None, limit=standard)
    assert step not in first.names
    assert first.next is not None
    second = names(actor.organisation_id, TopLevel.STEPS, view=None, after=first.next, limit=5)
    assert (second.names, second.next) == ([step], None)


@pytest.mark.parametrize("looks", [1, 6])
def test_places_that_may_not_be_told_take_no_room_however_many_they_are(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    monkeypatch.setattr(top_level, "_SOME", 2)
    monkeypatch.setattr(top_level, "_MOST_LOOKS", looks)
    others = [f"https://ex.example/place/{n}" for n in range(7)]
    places = [*others, GATE]
    capture(actor, *(seen([item(n + 1)], place) for n, place in enumerate(places)))
    pages = paged(actor, TopLevel.READ_POINTS, 3, AT_GATE)
    assert joined(pages) == ["https://id.gs1.org/414/9521234000013/254/gate"]
    # One look of two keys ends a page before the last place is come to; six looks reach the end.
    assert len(pages) == (5 if looks == 1 else 1)
    assert is_known(actor.organisation_id, TopLevel.READ_POINTS, others[0], None)
    assert not is_known(actor.organisation_id, TopLevel.READ_POINTS, others[0], AT_GATE)


def test_what_has_no_link_is_told_by_its_urn(actor: Actor) -> None:
    capture(actor, seen(["urn:epc:id:gid:1.2.3", item(7)]))
    assert sorted(joined(paged(actor, TopLevel.EPCS, 10))) == [f"{LINK}7", "urn:epc:id:gid:1.2.3"]


# ── EPCs ─────────────────────────────────────────────────────────────────────────────────────


def test_a_block_with_more_entries_than_one_look_reads_is_told_whole(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(top_level, "_ENTRIES", 2)
    serials = range(1, 21)
    capture(actor, *(seen([item(n) for n in serials[at : at + 5]]) for at in range(0, 20, 5)))
    told = [name for page in paged(actor, TopLevel.EPCS, 3) for name in page]
    assert sorted(told) == sorted(f"{LINK}{n}" for n in serials)


@pytest.mark.parametrize("limit", [3, 5, 1_000])
def test_looks_at_few_entries_tell_every_epc_of_blocks_and_alone_once(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(top_level, "_ENTRIES", 2)
    dense = [[256 * block + n for n in range(1, 6)] for block in range(9)]
    alone = [256 * block + 1 for block in range(20, 29)]
    capture(
        actor,
        *(seen([item(n) for n in some]) for some in dense),
        *(seen([item(n)]) for n in [*alone, dense[0][0]]),
    )
    assert blocks_of(actor, Role.EPC) == len(dense)
    pages = paged(actor, TopLevel.EPCS, limit)
    every = [f"{LINK}{n}" for n in [*(n for some in dense for n in some), *alone]]
    assert sorted(joined(pages)) == sorted(every)
    # Of two entries the last may be cut off: each look takes one block, six looks end a page.
    assert len(pages[0]) == min(limit, 6 * 5)


def test_a_key_with_more_entries_than_one_look_is_passed(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(top_level, "_ENTRIES", 2)
    often = [seen([item(1)], eventTime=f"2026-02-01T0{hour}:00:00Z") for hour in range(5)]
    capture(actor, *often, seen([item(600)]))
    assert sorted(joined(paged(actor, TopLevel.EPCS, 10))) == [f"{LINK}1", f"{LINK}600"]


def test_blocks_of_lots_are_no_epcs(actor: Actor) -> None:
    amounts = [{"epcClass": lot, "quantity": 1} for lot in LOTS]
    capture(actor, seen([item(n) for n in range(1, 6)], quantityList=amounts))
    assert blocks_of(actor, Role.QUANTITY) >= 1
    assert sorted(joined(paged(actor, TopLevel.EPCS, 10))) == [f"{LINK}{n}" for n in range(1, 6)]


# ── EPCs that may be seen ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_end_within_a_visible_event_and_go_on_there(actor: Actor, limit: int) -> None:
    packed = {
        "type": "AggregationEvent",
        "eventTime": "2026-02-01T01:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "ADD",
        "parentID": CASE,
        "childEPCs": [item(11), item(12), item(13)],
        "readPoint": {"id": GATE},
    }
    capture(
        actor, seen([item(1)]), seen([item(90)], DOOR), packed, seen([item(n) for n in (21, 22)])
    )
    pages = paged(actor, TopLevel.EPCS, limit, AT_GATE)
    case = parse_epc(CASE).digital_link()
    assert joined(pages) == [f"{LINK}1", case, *(f"{LINK}{n}" for n in (11, 12, 13, 21, 22))]
    assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1)


def test_no_epc_is_lost_between_visible_events_that_are_looked_at_together(actor: Actor) -> None:
    capture(actor, *(seen([item(n)]) for n in range(1, 61)))
    pages = paged(actor, TopLevel.EPCS, 100, AT_GATE)
    assert joined(pages) == [f"{LINK}{n}" for n in range(1, 61)]


# ── Ways ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("MATCH_epc", item(1), [1]),
        ("MATCH_epc", item(2), []),
        ("EQ_bizStep", "shipping", [1]),
        ("EQ_bizStep", "packing", []),
    ],
)
def test_an_event_id_is_enough_of_a_list_and_other_tests_still_hold(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: list[int]
) -> None:
    monkeypatch.setattr(sources, "_SHORT_REACH", 0)
    capture(
        actor,
        seen([item(1)], eventID=SENT_ID, bizStep="shipping"),
        seen([item(1)], bizStep="shipping"),
        seen([item(2)], bizStep="packing"),
    )
    query = read_query([("EQ_eventID", SENT_ID), (name, value)])
    assert matching_seqs(actor.organisation_id, query, view=None, limit=5).seqs == expected


def test_a_page_is_filled_from_one_window_in_time_and_the_next_goes_on(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_SHORT_REACH", 0)
    capture(
        actor,
        *(
            {**EVENTS["noted"], "epcList": [f"urn:epc:id:gid:1.1.{n}"], "action": action}
            for n, action in enumerate(["DELETE", "OBSERVE", "DELETE", "DELETE", "DELETE"])
        ),
    )
    query = read_query([("EQ_action", "DELETE"), ("orderBy", "eventTime")])
    first = matching_seqs(actor.organisation_id, query, view=None, limit=2)
    assert first.seqs == [5, 4]
    assert first.next is not None
    second = matching_seqs(actor.organisation_id, query, view=None, limit=2, after=first.next)
    assert (second.seqs, second.next) == ([3, 1], None)
