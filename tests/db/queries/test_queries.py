"""Facts about queries on stored events: what the indexes find is what the standard's text says."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import msgspec
import pytest
from django.apps import apps

from suyuan.capture.models import FacetEntry
from suyuan.capture.queries import (
    Position,
    QueryTooComplex,
    QueryTooLarge,
    first_captured_since,
    matching_seqs,
    run_query,
    sources,
    walk,
)
from suyuan.capture.queries import keys as key_module
from suyuan.capture.services import capture_document, capture_events
from suyuan.capture.view import EventView, Grant
from suyuan.core.epcis.query import matches, read_query
from suyuan.core.identifiers import parse_epc
from suyuan.core.instants import microseconds
from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.masterdata.services import create_location
from suyuan.tenancy.actor import Actor
from tests.query_world import CONTEXT, EVENTS, GATE, ITEM_URN, PREFIXES, ROWS, SITE

pytestmark = pytest.mark.django_db
NAMES = list(EVENTS)


def store(actor: Actor) -> None:
    """Capture the events of the table in one document: the first has the number 1."""
    body = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-02-03T00:00:00Z",
        "epcisBody": {"eventList": list(EVENTS.values())},
    }
    capture_document(actor=actor, body=msgspec.json.encode(body), source="tests")


def found(actor: Actor, *pairs: tuple[str, object], **options: Any) -> list[str]:
    """Return the names of what a query finds, in its order, page by page."""
    query = read_query(pairs, prefixes=PREFIXES)
    options = {"view": None, "limit": 4} | options
    names: list[str] = []
    after: Position | None = None
    while True:
        page = matching_seqs(actor.organisation_id, query, after=after, **options)
        assert len(page.seqs) <= options["limit"]
        names += (NAMES[seq - 1] for seq in page.seqs)
        after = page.next
        if after is None:
            return names


@pytest.fixture
def _starved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no index list anything, and pages end early: every way is walked to its end."""
    monkeypatch.setattr(sources, "_SHORT_REACH", 0)
    monkeypatch.setattr(sources, "_MOST_OF_FACET", 0)
    monkeypatch.setattr(sources, "_FIRST_WINDOW", 2)
    monkeypatch.setattr(sources, "MOST_PASSED", 4)
    monkeypatch.setattr(sources, "_MOST_NUMBERS", 2)
    monkeypatch.setattr(key_module, "MOST_ENTRIES", 0)
    monkeypatch.setattr(walk, "MOST_READ", 2)


@pytest.fixture
def _listing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the indexes list what they can, however few the events are."""
    monkeypatch.setattr(sources, "_SHORT_REACH", 0)
    monkeypatch.setattr(sources, "_FEW", 0)


@pytest.mark.parametrize("order", ["", "eventTime", "recordTime"])
@pytest.mark.usefixtures("_listing")
def test_every_parameter_finds_its_events_by_lists(actor: Actor, order: str) -> None:
    store(actor)
    _check_rows(actor, order)


@pytest.mark.parametrize("order", ["", "eventTime", "recordTime"])
@pytest.mark.usefixtures("_starved")
def test_every_parameter_finds_its_events_on_a_walk(actor: Actor, order: str) -> None:
    store(actor)
    _check_rows(actor, order)


def _check_rows(actor: Actor, order: str) -> None:
    extra = [("orderBy", order)] if order else []
    for name, value, expected in ROWS:
        names = found(actor, (name, value), *extra)
        assert sorted(names) == sorted(expected.split()), (name, value)
        if order:  # in the table, times of happening and of capture go the same way
            assert names == sorted(names, key=NAMES.index, reverse=True), name


def test_several_parameters_find_what_the_text_says_by_every_way(actor: Actor) -> None:
    store(actor)
    stored = run_query(actor.organisation_id, read_query([]), view=None, limit=100).documents
    chance = random.Random(3)
    for _ in range(150):
        some = {row[0]: row[:2] for row in chance.sample(ROWS, chance.randint(2, 3))}
        order = chance.choice([[], [("orderBy", "eventTime"), ("orderDirection", "ASC")]])
        query = read_query([*some.values(), *order], prefixes=PREFIXES)
        expected = [one.seq for one in stored if matches(query, one.event, one.context)]
        page = matching_seqs(actor.organisation_id, query, view=None, limit=100)
        assert sorted(page.seqs) == expected, some


def test_pages_do_not_shift_while_events_arrive(actor: Actor) -> None:
    store(actor)
    query = read_query([("orderBy", "eventTime")])
    options: dict[str, Any] = {"view": None, "limit": 2}
    seqs: list[int] = []
    page = matching_seqs(actor.organisation_id, query, **options)
    while True:
        seqs += page.seqs
        late = {**EVENTS["noted"], "epcList": [f"urn:epc:id:gid:1.2.{len(seqs) + 9}"]}
        capture_events(actor=actor, events=[late], source="tests")
        if page.next is None:
            break
        page = matching_seqs(actor.organisation_id, query, after=page.next, **options)
    assert seqs == list(range(len(EVENTS), 0, -1))


def test_orders_go_both_ways_and_ties_go_by_number(actor: Actor) -> None:
    store(actor)
    assert found(actor, ("orderBy", "eventTime"), ("orderDirection", "ASC")) == NAMES
    assert found(actor, ("orderBy", "recordTime")) == NAMES[::-1]
    same = [{**EVENTS["noted"], "epcList": [f"urn:epc:id:gid:7.7.{n}"]} for n in range(5)]
    capture_events(actor=actor, events=same, source="tests")
    query = read_query([("EQ_bizStep", "destroying"), ("orderBy", "eventTime")])
    seqs, after = [], None
    while True:
        page = matching_seqs(actor.organisation_id, query, view=None, limit=2, after=after)
        seqs += page.seqs
        after = page.next
        if after is None:
            break
    assert seqs == [14, 13, 12, 11, 10, 9]


def test_the_first_so_many_are_those_of_the_order(actor: Actor) -> None:
    store(actor)
    limited = (("orderBy", "eventTime"), ("eventCountLimit", "5"))
    assert found(actor, *limited, limit=2) == NAMES[:-6:-1]
    assert found(actor, *limited, ("EQ_action", "OBSERVE")) == ["undone", "felt", "got", "sent"]


def test_more_than_the_most_are_refused_and_as_many_are_not(actor: Actor) -> None:
    store(actor)
    observed = ("EQ_action", "OBSERVE")
    assert len(found(actor, observed, ("maxEventCount", "4"), limit=2)) == 4
    with pytest.raises(QueryTooLarge):
        found(actor, observed, ("maxEventCount", "3"))


def test_what_cannot_be_counted_in_time_is_too_complex(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(actor)
    monkeypatch.setattr("suyuan.capture.queries.run.MOST_COUNTED", 2)
    monkeypatch.setattr(sources, "_SHORT_REACH", 0)
    with pytest.raises(QueryTooComplex):
        found(actor, ("maxEventCount", "8"))
    with pytest.raises(QueryTooComplex):
        found(actor, ("orderBy", "ex:weight"))


def test_events_are_ordered_by_an_extension_and_those_without_it_come_last(actor: Actor) -> None:
    weights: list[Any] = [3, 20, "heavy", "2026-02-01T00:00:00Z", None]
    for at, weight in enumerate(weights):
        event = {**EVENTS["noted"], "epcList": [f"urn:epc:id:gid:1.1.{at}"], "ex:weight": weight}
        if weight is None:
            del event["ex:weight"]
        capture_events(actor=actor, events=[event], source="tests")
    query = read_query([("orderBy", "ex:weight"), ("orderDirection", "ASC")])
    seqs, after = [], None
    while True:
        page = matching_seqs(actor.organisation_id, query, view=None, limit=2, after=after)
        seqs += page.seqs
        after = page.next
        if after is None:
            break
    assert seqs == [1, 2, 4, 3, 5]


def test_a_page_ends_early_before_it_holds_too_many_epcs(actor: Actor) -> None:
    epcs = [f"urn:epc:id:sgtin:9521234.000003.{n}" for n in range(30)]
    for at in range(3):
        event = {**EVENTS["sent"], "epcList": epcs[: 10 * (at + 1)]}
        del event["eventID"]
        capture_events(actor=actor, events=[event], source="tests")
    query = read_query([])
    page = run_query(actor.organisation_id, query, view=None, limit=10, most_epcs=15)
    assert [one.seq for one in page.documents] == [1]
    assert page.next is not None
    rest = run_query(
        actor.organisation_id, query, view=None, limit=10, after=page.next, most_epcs=None
    )
    assert [one.seq for one in rest.documents] == [2, 3]
    assert rest.next is None


def test_events_between_two_numbers_are_found_for_subscriptions(actor: Actor) -> None:
    store(actor)
    observed = ("EQ_action", "OBSERVE")
    assert found(actor, observed, captured_from=2, captured_before=8) == ["got", "felt"]


def test_a_time_of_capture_is_found_among_numbers(actor: Actor) -> None:
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    for at, day in enumerate(days):
        event = {**EVENTS["noted"], "epcList": [f"urn:epc:id:gid:1.1.{at}"]}
        with clock.held_at(day):
            capture_events(actor=actor, events=[event], source="tests")
    sought = [first_captured_since(actor.organisation_id, microseconds(day)) for day in days]
    assert sought == [1, 2, 3, 4]
    query = read_query(
        [("GE_recordTime", "2026-03-02T00:00:00Z"), ("LT_recordTime", "2026-03-04T00:00:00Z")]
    )
    assert matching_seqs(actor.organisation_id, query, view=None, limit=9).seqs == [2, 3]


def test_another_organisation_finds_nothing(actor: Actor, other_actor: Actor) -> None:
    store(actor)
    for row in ROWS[::5]:
        assert found(other_actor, row[:2]) == []


@pytest.mark.usefixtures("_starved")
def test_a_view_hides_what_it_does_not_let_through(actor: Actor) -> None:
    store(actor)
    gate = EventView(holder=None, grants=(Grant(places=frozenset({parse_epc(GATE)})),))
    assert found(actor, view=gate) == ["sent", "felt"]
    assert found(actor, ("MATCH_epc", ITEM_URN), view=gate) == ["sent"]
    assert found(actor, view=EventView(holder=None)) == []


def test_places_within_a_place_are_those_of_its_gln(actor: Actor) -> None:
    store(actor)
    assert found(actor, ("WD_readPoint", SITE)) == ["sent", "got", "packed", "felt"]
    assert found(actor, ("WD_readPoint", GATE)) == ["sent", "felt"]
    assert found(actor, ("WD_bizLocation", SITE)) == ["sent"]


def test_master_data_of_places_is_asked_for_by_its_attributes(actor: Actor) -> None:
    create_location(
        actor=actor,
        code="SITE",
        name_zh="一厂",
        name_en="Site",
        kind="factory",
        gln="9521234000013",
    )
    store(actor)
    assert found(actor, ("HASATTR_bizLocation", "cbvmda:name")) == ["sent"]
    assert found(actor, ("EQATTR_bizLocation_cbvmda:name", "Site|X")) == ["sent"]
    assert found(actor, ("EQATTR_readPoint_urn:epcglobal:cbv:mda#name", "一厂")) == ["packed"]
    assert found(actor, ("EQATTR_bizLocation_cbvmda:name", "Elsewhere")) == []
    assert found(actor, ("HASATTR_source", "cbvmda:name")) == []


def test_facets_list_the_events_of_a_document_once(actor: Actor) -> None:
    store(actor)
    rows = FacetEntry.objects.filter(organisation_id=actor.organisation_id)
    assert rows.filter(facet=1).count() == 5
    assert sum(1 for row in rows if row.seq == 1) >= 5


def test_the_migration_lists_the_facets_of_events_that_were_there(actor: Actor) -> None:
    store(actor)

    def listed() -> dict[tuple[int, int], set[int]]:
        told: dict[tuple[int, int], set[int]] = {}
        for row in FacetEntry.objects.filter(organisation_id=actor.organisation_id):
            told.setdefault((row.facet, row.key), set()).update(KeySet.from_bytes(bytes(row.seqs)))
        return told

    before = listed()
    FacetEntry.objects.all().delete()
    import_module("suyuan.capture.migrations.0004_queries").list_facets(apps, None)
    assert listed() == before
