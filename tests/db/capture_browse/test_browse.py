"""Pages of events: complete, without repetition, bounded, whatever the way through the store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.capture import browse
from suyuan.capture.browse import EventFilter, event_detail, event_page, job_page
from suyuan.capture.errors import EventNotFound
from suyuan.capture.selectors import capture_job, event_documents, seqs_about
from suyuan.capture.services import capture_events
from suyuan.core.epcis.vocabulary import EventType
from suyuan.tenancy.actor import Actor
from tests.world import BEGIN, World

pytestmark = pytest.mark.django_db

TOTAL = 31


def walk(organisation_id: int, wanted: EventFilter, limit: int) -> list[int]:
    """Return the numbers of all pages, one after the other."""
    seqs: list[int] = []
    before = ""
    for _ in range(200):
        page = event_page(organisation_id, wanted=wanted, before=before, limit=limit)
        seqs += [row.seq for row in page.rows]
        before = page.following
        if not before:
            return seqs
    pytest.fail("the pages never end")


@pytest.mark.parametrize("limit", [1, 7, 31, 50])
def test_pages_hold_every_event_once_newest_first(actor: Actor, world: World, limit: int) -> None:
    assert walk(actor.organisation_id, EventFilter(), limit) == list(range(TOTAL, 0, -1))


@pytest.mark.parametrize("limit", [1, 5, 50])
def test_events_of_an_identity_are_those_of_the_index(
    actor: Actor, world: World, limit: int
) -> None:
    for text in (world.items[0], world.items[50], world.pallet, world.lot_text):
        key = world.key(text)
        about = {seq for seq, _ in seqs_about(actor.organisation_id, key)}
        found = walk(actor.organisation_id, EventFilter(key=key), limit)
        assert found == sorted(about, reverse=True)


@pytest.mark.parametrize("limit", [1, 4, 50])
def test_period_is_read_in_order_of_happening(actor: Actor, world: World, limit: int) -> None:
    day = EventFilter(since=BEGIN + timedelta(days=1), until=BEGIN + timedelta(days=2))
    assert walk(actor.organisation_id, day, limit) == [11, 10, 9, 8]


def test_filters_join(actor: Actor, world: World) -> None:
    here = actor.organisation_id
    place = world.key(world.warehouse.identifier)
    packed = EventFilter(type=EventType.AggregationEvent, step="packing", places=(place,))
    assert len(walk(here, packed, 50)) == 8
    assert len(walk(here, EventFilter(disposition="retail_sold"), 50)) == 4
    assert walk(here, EventFilter(step="urn:example:never"), 50) == []
    assert walk(here, EventFilter(places=()), 50) == []
    of_item = EventFilter(key=world.key(world.items[0]), step="packing")
    assert len(walk(here, of_item, 50)) == 2


def test_events_of_a_job(actor: Actor, world: World) -> None:
    job = capture_job(actor.organisation_id, world.outcome.job_id)
    assert len(walk(actor.organisation_id, EventFilter(job=job), 10)) == TOTAL


def test_page_that_examined_enough_says_where_to_go_on(
    actor: Actor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "MOST_EXAMINED", 3)
    here = actor.organisation_id
    first = event_page(here, wanted=EventFilter(type=EventType.TransformationEvent))
    assert first.rows == []
    assert first.unfinished
    assert walk(here, EventFilter(type=EventType.TransformationEvent), 50) == [1]
    period = EventFilter(type=EventType.TransformationEvent, until=BEGIN + timedelta(days=9))
    assert walk(here, period, 50) == [1]


def test_identity_with_many_entries_is_read_in_slices(
    actor: Actor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "_ENTRIES", 3)
    key = world.key(world.items[0])
    about = {seq for seq, _ in seqs_about(actor.organisation_id, key)}
    assert walk(actor.organisation_id, EventFilter(key=key), 50) == sorted(about, reverse=True)


def test_another_organisation_sees_nothing(other_actor: Actor, world: World) -> None:
    assert event_page(other_actor.organisation_id, wanted=EventFilter()).rows == []
    with pytest.raises(EventNotFound):
        event_detail(other_actor.organisation_id, 1)
    assert job_page(other_actor.organisation_id).jobs == []


def test_detail_holds_the_units(actor: Actor, world: World) -> None:
    detail = event_detail(actor.organisation_id, 2)
    assert len(detail.epcs) == detail.row.units == 100
    assert world.key(world.items[99]) in detail.epcs


@pytest.mark.parametrize("seq", [0, -1, TOTAL + 1, 1 << 70])
def test_number_without_event_is_not_found(actor: Actor, world: World, seq: int) -> None:
    with pytest.raises(EventNotFound):
        event_detail(actor.organisation_id, seq)


def test_page_costs_the_same_however_many_events_it_shows(
    actor: Actor, world: World, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(6):  # type: ignore[operator]
        event_page(actor.organisation_id, wanted=EventFilter(), limit=30)


def test_a_job_that_stored_nothing_has_no_events_and_a_period_may_have_one_end(
    actor: Actor, world: World
) -> None:
    here = actor.organisation_id
    (first,) = job_page(here).jobs
    event = event_documents(here, [first.first_seq])[0].event
    again = capture_events(actor=actor, events=[event], source="test")
    assert walk(here, EventFilter(job=capture_job(here, again.job_id)), 50) == []
    key = world.key(world.items[0])
    both = walk(here, EventFilter(job=first, key=key), 50)
    assert both == sorted({seq for seq, _ in seqs_about(here, key)}, reverse=True)
    until = walk(here, EventFilter(until=BEGIN + timedelta(days=400)), 50)
    assert sorted(until) == list(range(1, TOTAL + 1))
    since = walk(here, EventFilter(since=BEGIN - timedelta(days=1)), 50)
    assert sorted(since) == list(range(1, TOTAL + 1))
    newest = job_page(here).jobs[0].id
    assert [job.id for job in job_page(here, before=newest).jobs] == [first.id]
