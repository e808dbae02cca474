"""Raw reads become stays, stays become events; once, whatever is sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.capture.identities import find_key
from suyuan.capture.models import StoredEvent
from suyuan.capture.selectors import event_documents
from suyuan.core.identifiers import parse_identity
from suyuan.docks.errors import ReaderOff
from suyuan.docks.models import Outcome, Presence, ReadBatch, Reader
from suyuan.docks.selectors import presences, recalled_present
from suyuan.docks.services import change_reader, sweep, sweep_all, take_reads
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors import links
from suyuan.kernel.clock import held_at
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.tenancy.actor import Actor
from tests.docks_world import FOREIGN, START, read, report, seen
from tests.recall_world import open_approved

pytestmark = pytest.mark.django_db


def take(actor: Actor, reader: Reader, body: bytes, key: str = "") -> ReadBatch:
    return take_reads(actor=actor, reader_code=reader.code, report=body, request_key=key)


def outcomes(reader: Reader) -> dict[str, str]:
    return dict(presences(reader).values_list("epc", "outcome"))


def test_appearance_at_a_receiving_door_is_one_event_about_the_items(
    actor: Actor, receiving: Reader, tags: list[str], active_order: CodeOrder
) -> None:
    body = report(*(read(epc, i / 10) for i in range(30) for epc in tags[:3]))
    batch = take(actor, receiving, body)
    assert (batch.reads, batch.tags, batch.appeared, batch.unknown) == (90, 3, 3, 0)
    (document,) = event_documents(actor.organisation_id, batch.events)
    event = document.event
    assert event["epcList"] == links(active_order, count=3)
    assert (event["bizStep"], event["disposition"]) == ("receiving", "in_progress")
    assert event["bizLocation"]["id"] == receiving.location.identifier
    assert event["suyuan:reader"] == "IN-1"


def test_same_report_again_changes_nothing(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    body = seen(tags)
    first = take(actor, receiving, body)
    assert take(actor, receiving, body).id == first.id
    assert take(actor, receiving, seen(tags, 1), key="a").id != first.id
    assert take(actor, receiving, seen(tags, 2), key="a").received_at is not None
    assert ReadBatch.objects.count() == 2
    assert StoredEvent.objects.filter(seq__in=first.events).count() == 1


def test_tag_that_goes_on_being_read_is_one_stay(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    for second in range(0, 60, 5):
        take(actor, receiving, seen(tags[:2], second))
    stays = list(presences(receiving))
    assert [(stay.count, stay.outcome) for stay in stays] == [(12, "present")] * 2
    assert {stay.last_at - stay.first_at for stay in stays} == {55_000_000}
    assert sum(len(batch.events) for batch in ReadBatch.objects.all()) == 1


def test_tag_that_comes_back_after_the_window_is_received_again(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    take(actor, receiving, seen(tags[:1]))
    later = take(actor, receiving, seen(tags[:1], 30))
    assert (later.left, later.appeared, len(later.events)) == (1, 1, 1)
    assert sorted(presences(receiving).values_list("outcome", flat=True)) == ["arrived", "present"]


def test_leaving_a_shipping_door_is_one_departure_when_the_window_has_passed(
    actor: Actor, shipping: Reader, tags: list[str]
) -> None:
    assert take(actor, shipping, seen(tags[:4])).events == []
    assert take(actor, shipping, seen(tags[4:5], 9)).events == []
    batch = take(actor, shipping, seen(tags[4:5], 15))
    (document,) = event_documents(actor.organisation_id, batch.events)
    assert len(document.event["epcList"]) == 4
    assert (document.event["bizStep"], document.event["disposition"]) == ("departing", "in_transit")
    assert "bizLocation" not in document.event
    assert list(outcomes(shipping).values()).count("departed") == 4


def test_silent_reader_is_swept_by_the_clock(
    actor: Actor, shipping: Reader, tags: list[str]
) -> None:
    with held_at(START):
        take(actor, shipping, seen(tags))
    with held_at(START + timedelta(seconds=8)):
        assert sweep(actor=actor, reader_code=shipping.code) == 0
    with held_at(START + timedelta(seconds=20)):
        assert sweep_all() == 20
        assert sweep_all() == 0
    assert set(outcomes(shipping).values()) == {"departed"}
    assert StoredEvent.objects.order_by("-seq").values_list("step", flat=True)[0] != 0


def test_passage_tells_in_from_out_by_the_last_side(
    actor: Actor, passage: Reader, tags: list[str]
) -> None:
    into, out, back = tags[:3]
    body = report(
        *(read(into, 0, antenna=2), read(into, 1, antenna=1)),
        *(read(out, 0, antenna=1), read(out, 1, antenna=2)),
        *(read(back, 0, antenna=2), read(back, 1, antenna=1), read(back, 2, antenna=2)),
    )
    assert take(actor, passage, body).events == []
    batch = take(actor, passage, seen(tags[5:6], 60))
    assert len(batch.events) == 2
    assert {k: v for k, v in outcomes(passage).items() if v != "present"} == {
        into: Outcome.ARRIVED,
        out: Outcome.DEPARTED,
        back: Outcome.TURNED_BACK,
    }


def test_tags_of_others_are_named_and_make_no_event(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    batch = take(actor, receiving, seen([FOREIGN]))
    assert (batch.appeared, batch.unknown, batch.events) == (1, 1, [])
    assert presences(receiving).get().reason == "tag_foreign"


def test_reads_that_come_late_begin_no_stay_and_make_no_event(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    take(actor, receiving, seen(tags[:2], 0))
    take(actor, receiving, seen(tags[2:3], 100))
    batch = take(actor, receiving, seen(tags[:2], 4))
    assert (batch.late, batch.appeared, batch.events) == (2, 0, [])
    assert Presence.objects.count() == 3


def test_old_reads_of_a_tag_never_seen_are_still_its_arrival(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    take(actor, receiving, seen(tags[:1], 100))
    batch = take(actor, receiving, seen(tags[1:2], 0))
    assert (batch.late, batch.appeared, len(batch.events)) == (0, 1, 1)


def test_weak_and_rare_reads_are_no_arrival(
    actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    reader = change_reader(
        actor=actor,
        code=receiving.code,
        name=receiving.name,
        location_code=receiving.location.code,
        purpose="receiving",
        window_seconds=10,
        least_reads=3,
        least_rssi=-60,
        inner_antennas=[],
        active=True,
    )
    weak, rare, good = tags[:3]
    body = report(
        *(read(weak, i, rssi=-70) for i in range(5)),
        *(read(rare, i) for i in range(2)),
        *(read(good, i) for i in range(3)),
    )
    batch = take(actor, reader, body)
    assert (batch.weak, batch.tags, len(batch.events)) == (5, 2, 1)
    assert dict(presences(reader).values_list("epc", "announced")) == {rare: False, good: True}
    third = take(actor, reader, report(read(rare, 4)))
    assert len(third.events) == 1


def test_refused_report_changes_nothing(actor: Actor, receiving: Reader, tags: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        take(actor, receiving, report(read(tags[0]), read("XYZ")))
    assert (caught.value.code, caught.value.place) == ("read_epc", "/reads/1/epc")
    with held_at(START - timedelta(hours=1)), pytest.raises(Invalid) as caught:
        take(actor, receiving, seen(tags))
    assert caught.value.code == "reads_in_future"
    assert not Presence.objects.exists()
    assert not ReadBatch.objects.exists()


def test_reader_that_is_off_and_readers_of_others_take_nothing(
    actor: Actor, other_actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    with pytest.raises(NotFound):
        take(other_actor, receiving, seen(tags))
    with pytest.raises(Forbidden):
        take(Actor(actor.organisation, "reader", frozenset()), receiving, seen(tags))
    Reader.objects.update(active=False)
    with pytest.raises(ReaderOff):
        take(actor, receiving, seen(tags))


def test_door_that_leads_out_names_the_recalled_tags_in_its_field_and_their_case(
    actor: Actor, shipping: Reader, tags: list[str], active_order: CodeOrder
) -> None:
    bad = links(active_order, count=2)
    with held_at(START + timedelta(seconds=1)):
        take(actor, shipping, seen([*tags[:4], FOREIGN]))
        assert recalled_present(shipping) == []
    case = open_approved(actor, *bad)
    keys = {find_key(actor.organisation_id, parse_identity(one)) for one in bad}
    found = recalled_present(shipping)
    assert {(one.unit, one.goods, one.case) for one in found} == {
        (key, key, case.number) for key in keys
    }


def test_recalled_tag_that_has_left_the_field_is_named_no_more(
    actor: Actor, shipping: Reader, tags: list[str], active_order: CodeOrder
) -> None:
    open_approved(actor, *links(active_order, count=1))
    with held_at(START + timedelta(seconds=1)):
        take(actor, shipping, seen(tags[:1]))
    assert len(recalled_present(shipping)) == 1
    with held_at(START + timedelta(hours=1)):
        sweep_all()
    assert recalled_present(shipping) == []


def test_door_where_goods_arrive_stops_no_recalled_goods(
    actor: Actor, receiving: Reader, tags: list[str], active_order: CodeOrder
) -> None:
    open_approved(actor, *links(active_order, count=1))
    with held_at(START + timedelta(seconds=1)):
        take(actor, receiving, seen(tags[:1]))
    assert presences(receiving, present=True).count() == 1
    assert recalled_present(receiving) == []
