"""Reports that come at once, clocks that differ, readers that are silent or moved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from suyuan.capture.models import StoredEvent
from suyuan.capture.selectors import event_documents
from suyuan.cli import working
from suyuan.docks import selectors
from suyuan.docks.models import Outcome, Presence, ReadBatch, Reader
from suyuan.docks.services import change_reader, sweep, sweep_all, take_reads
from suyuan.kernel.clock import held_at
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from tests.docks_world import FOREIGN, START, read, report, seen

pytestmark = pytest.mark.django_db


def take(actor: Actor, reader: Reader, body: bytes, key: str = "") -> ReadBatch:
    return take_reads(actor=actor, reader_code=reader.code, report=body, request_key=key)


def change(actor: Actor, reader: Reader, **wanted: object) -> Reader:
    fields: dict[str, object] = {
        "name": reader.name,
        "location_code": reader.location.code,
        "purpose": reader.purpose,
        "window_seconds": reader.window_seconds,
        "least_reads": reader.least_reads,
        "least_rssi": reader.least_rssi,
        "inner_antennas": reader.inner_antennas,
        "active": reader.active,
    }
    return change_reader(actor=actor, code=reader.code, **{**fields, **wanted})  # type: ignore[arg-type]


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Act in a thread each, all beginning together; return what failed."""
    ready, failures = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except Exception as error:  # noqa: BLE001 - reported by the assertion
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db(transaction=True)
def test_the_same_report_sent_at_once_is_one_batch_and_one_event(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    before, body = StoredEvent.objects.count(), seen(tags)
    assert at_once([lambda: take(actor, receiving, body)] * 4) == []
    assert ReadBatch.objects.count() == 1
    assert StoredEvent.objects.count() == before + 1
    assert set(Presence.objects.values_list("count", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_different_reports_at_once_make_one_stay_and_one_arrival_for_each_tag(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    before = StoredEvent.objects.count()
    acts: list[Callable[[], object]] = [
        partial(take, actor, receiving, seen(tags, second)) for second in range(4)
    ]
    assert at_once([*acts, sweep_all]) == []
    assert ReadBatch.objects.count() == 4
    assert Presence.objects.count() == len(tags)
    assert set(Presence.objects.values_list("count", flat=True)) == {4}
    assert StoredEvent.objects.count() == before + 1
    assert Reader.objects.get().reads == 4 * len(tags)


@pytest.mark.django_db(transaction=True)
def test_worker_sweeps_silent_readers_with_a_connection_of_its_own(
    actor: Actor, shipping: Reader, tags: list[str]
) -> None:
    with held_at(START):
        take(actor, shipping, seen(tags[:3]))
    ended = threading.Event()
    thread = threading.Thread(target=working.beat, args=(ended,), kwargs={"seconds": 0.05})
    thread.start()
    try:
        for _ in range(200):
            if not Presence.objects.filter(left_at=None).exists():
                break
            ended.wait(0.1)
    finally:
        ended.set()
        thread.join()
    assert set(Presence.objects.values_list("outcome", flat=True)) == {Outcome.DEPARTED}


def test_reader_whose_clock_is_slow_keeps_what_is_in_its_field(
    actor: Actor, shipping: Reader, tags: list[str]
) -> None:
    later = START + timedelta(minutes=20)  # than the reader believes
    with held_at(later):
        take(actor, shipping, seen(tags[:2]))
    with held_at(later + timedelta(seconds=9)):
        assert sweep(actor=actor, reader_code=shipping.code) == 0
    with held_at(later + timedelta(seconds=11)):
        assert sweep(actor=actor, reader_code=shipping.code) == 2


def test_sign_of_life_is_heard_and_ends_the_stays_of_what_left(
    actor: Actor, shipping: Reader, tags: list[str]
) -> None:
    with held_at(START):
        take(actor, shipping, seen(tags[:2]))
    with held_at(START + timedelta(seconds=5)):
        assert take(actor, shipping, b'{"reads": []}').left == 0
    assert ReadBatch.objects.count() == 1
    with held_at(START + timedelta(seconds=15)):
        batch = take(actor, shipping, b'{"reads": [] }')
    assert (batch.left, len(batch.events)) == (2, 1)
    assert Reader.objects.get().last_heard_at == START + timedelta(seconds=15)


def test_reads_without_a_time_are_new_whenever_they_come(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    body = report({"epc": tags[0]})
    for second in (0, 6, 12):
        with held_at(START + timedelta(seconds=second)):
            take(actor, receiving, body)
    (stay,) = selectors.presences(receiving)
    assert (stay.count, stay.last_at - stay.first_at) == (3, 12_000_000)
    assert take(actor, receiving, body, "7").id == take(actor, receiving, body, "7").id


def test_reports_held_back_for_an_hour_tell_every_move_in_its_order(
    actor: Actor, passage: Reader, tags: list[str]
) -> None:
    mine, other = tags[:2]
    body = report(
        *(read(mine, 0, antenna=2), read(mine, 1, antenna=1)),
        *(read(mine, 1800, antenna=1), read(mine, 1801, antenna=2)),
        *(read(other, 3600, antenna=2), read(other, 3601, antenna=1)),
        read(FOREIGN, 3700),
    )
    batch = take(actor, passage, body)
    assert (batch.tags, batch.appeared, batch.left, batch.unknown) == (3, 4, 3, 1)
    documents = event_documents(actor.organisation_id, batch.events)
    told = [(one.event["bizStep"], len(one.event["epcList"])) for one in documents]
    assert told == [("receiving", 1), ("departing", 1), ("receiving", 1)]
    moves = selectors.moves(passage, most=5)
    assert [move.departed for move in moves] == [False, True, False]
    assert [move.seq for move in moves] == batch.events[::-1]


def test_backlog_of_a_stay_that_was_swept_makes_no_second_event(
    actor: Actor, shipping: Reader, tags: list[str]
) -> None:
    with held_at(START):
        take(actor, shipping, seen(tags[:1]))
    with held_at(START + timedelta(minutes=2)):
        assert sweep_all() == 1
        batch = take(actor, shipping, report(*(read(tags[0], second) for second in range(1, 90))))
    assert (batch.appeared, batch.late, batch.events) == (0, 1, [])
    stay = selectors.presences(shipping).get()
    assert (stay.outcome, stay.count) == (Outcome.DEPARTED, 90)


def test_field_ends_under_the_old_meaning_when_the_purpose_changes(
    actor: Actor, shipping: Reader, tags: list[str]
) -> None:
    take(actor, shipping, seen(tags[:2]))
    change(actor, shipping, name="收发两用")
    assert Presence.objects.filter(left_at=None).count() == 2
    change(actor, shipping, purpose="receiving")
    assert set(Presence.objects.values_list("outcome", flat=True)) == {Outcome.DEPARTED}
    assert take(actor, shipping, seen(tags[:2], 1)).late == 2


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"window_seconds": 0}, "reader_window"),
        ({"least_reads": 0}, "reader_reads"),
        ({"least_rssi": float("nan")}, "reader_rssi"),
        ({"purpose": "passage"}, "reader_antennas"),
        ({"inner_antennas": [1]}, "reader_antennas"),
        ({"purpose": "x"}, "reader_purpose"),
        ({"name": " "}, "required"),
    ],
)
def test_reader_that_makes_no_sense_is_refused(
    actor: Actor, receiving: Reader, wanted: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        change(actor, receiving, **wanted)
    assert caught.value.code == code


def test_kinds_in_the_field_are_counted_by_product(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    take(actor, receiving, seen([*tags[:7], FOREIGN]))
    ((kind, count),) = selectors.kinds_present(receiving)
    assert (kind.primary, count) == ("09521234000013", 7)
    assert selectors.present_counts(actor.organisation_id, [receiving]) == {receiving.id: (8, 1)}
