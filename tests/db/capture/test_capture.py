"""Facts about captured events: once, whole, numbered without gaps, and read back as they came."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection, transaction

from suyuan.capture import identities, keymaker, selectors
from suyuan.capture.encode import EVENT_COLUMNS
from suyuan.capture.errors import EventNotFound, JobNotFound
from suyuan.capture.identities import find_key, identities_of, identity_of
from suyuan.capture.keyspace import KeySpaceFull
from suyuan.capture.models import CaptureJob, EventSequence, StoredEvent, TraceEntry
from suyuan.capture.services import capture_document, capture_events, capture_keys
from suyuan.core.epcis import DocumentError, Role
from suyuan.core.epcis.build import (
    aggregation_event,
    association_event,
    object_event,
    quantity,
    transaction_event,
    transformation_event,
)
from suyuan.core.identifiers import Identity, Scheme, parse_epc
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet, class_of
from suyuan.kernel.errors import Forbidden
from suyuan.masterdata.models import Product
from suyuan.masterdata.numbering import code_spaces, new_key_version
from suyuan.masterdata.services import create_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 5, 8, 30, tzinfo=timezone(timedelta(hours=8)))
FOREIGN = "urn:epc:id:sgtin:0614141.107346.2018"
SSCC = "https://id.gs1.org/00/095212340000000013"
DOOR = "https://id.gs1.org/414/9521234000006"


def observed(*epcs: str, **more: Any) -> dict[str, Any]:
    return object_event(time=AT, action="OBSERVE", epcs=epcs, step="receiving", **more)


def document(*events: dict[str, Any], **more: Any) -> bytes:
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-01-05T00:00:00Z",
            "epcisBody": {"eventList": list(events)},
            **more,
        }
    ).encode()


@pytest.fixture
def product(actor: Actor) -> Product:
    return create_product(actor=actor, name_zh="明前龙井", granularity="item", category="tea")


@pytest.fixture
def items(actor: Actor, product: Product) -> list[str]:
    space = code_spaces(actor.organisation_id, product.gtin)[0]
    serials = space.serial_range(0, 600).astype("U14").tolist()
    return [f"https://id.gs1.org/01/{product.gtin}/21/{serial}" for serial in serials]


def stored(actor: Actor, *seqs: int) -> list[dict[str, Any]]:
    return [one.event for one in selectors.event_documents(actor.organisation_id, list(seqs))]


def key_of(actor: Actor, text: str) -> int:
    key = find_key(actor.organisation_id, parse_epc(text))
    assert key is not None
    return key


def test_an_event_comes_back_as_it_was_with_id_and_record_time(actor: Actor) -> None:
    event = observed(FOREIGN, location=DOOR, extensions={"acme:x": {"deep": ["1", None, 2.5]}})
    outcome = capture_events(actor=actor, events=[event], source="test")
    assert (outcome.stored, outcome.duplicates, outcome.first_seq) == (1, 0, 1)
    (found,) = stored(actor, 1)
    assert found.pop("eventID").startswith("urn:uuid:")
    assert found.pop("recordTime").endswith("Z")
    assert found == event


@pytest.mark.parametrize(
    "build",
    [
        lambda items: observed(*items[:100]),
        lambda items: observed(*items[:3], FOREIGN, SSCC),
        lambda items: observed(items[0].replace("https://id.gs1.org", "https://brand.example/x")),
        lambda _items: observed(FOREIGN, "urn:epc:id:sgtin:0614141.107346.0012"),
        lambda _items: observed("urn:epc:id:sgtin:0614141.107346.a%2Fb"),
        lambda _items: observed(
            "urn:epc:id:sscc:9521234.0000000001", "urn:epc:id:sscc:9521234.0000000002"
        ),
        lambda _items: observed(FOREIGN, "https://id.gs1.org/01/10614141073464/21/2019"),
        lambda items: aggregation_event(time=AT, action="ADD", parent=SSCC, children=items[:24]),
        lambda items: association_event(time=AT, action="ADD", parent=SSCC, children=items[:2]),
        lambda items: transaction_event(
            time=AT, action="ADD", epcs=items[:9], transactions=[("po", "urn:x:po:1")]
        ),
        lambda items: transformation_event(
            time=AT,
            inputs=items[:5],
            outputs=items[100:400],
            input_quantities=[quantity("urn:epc:class:lgtin:4012345.012345.998877", 2.5, "KGM")],
            transformation_id="urn:x:t:1",
        ),
    ],
)
def test_every_list_of_epcs_comes_back_whole(actor: Actor, items: list[str], build: Any) -> None:
    event = build(items)
    capture_events(actor=actor, events=[event], source="test")
    (found,) = stored(actor, 1)
    for name in ("epcList", "childEPCs", "inputEPCList", "outputEPCList"):
        assert sorted(found.get(name, ())) == sorted(event.get(name, ()))
    assert {k: v for k, v in found.items() if not k.endswith(("List", "EPCs"))} | {
        "eventID": None,
        "recordTime": None,
    } == {k: v for k, v in event.items() if not k.endswith(("List", "EPCs"))} | {
        "eventID": None,
        "recordTime": None,
    }


def test_a_hundred_thousand_own_items_take_a_few_hundred_bytes(
    actor: Actor, product: Product
) -> None:
    space = code_spaces(actor.organisation_id, product.gtin)[0]
    serials = space.serial_range(0, 100_000).astype("U14").tolist()
    event = observed(*(f"https://id.gs1.org/01/{product.gtin}/21/{s}" for s in serials))
    capture_events(actor=actor, events=[event], source="test")
    row = StoredEvent.objects.get(organisation_id=actor.organisation_id)
    assert len(row.epcs) + len(row.body) < 600
    assert TraceEntry.objects.filter(organisation_id=actor.organisation_id).count() < 400
    assert len(stored(actor, 1)[0]["epcList"]) == 100_000


def test_the_same_document_twice_changes_nothing(actor: Actor) -> None:
    body = document(observed(FOREIGN), observed(SSCC))
    first = capture_document(actor=actor, body=body, source="test")
    second = capture_document(actor=actor, body=body, source="test")
    assert (first.stored, second.stored, second.duplicates) == (2, 0, 2)
    assert EventSequence.objects.get(organisation_id=actor.organisation_id).next == 3


def test_the_order_of_fields_and_of_epcs_makes_no_new_event(actor: Actor) -> None:
    event = observed(FOREIGN, SSCC)
    turned = dict(reversed(event.items())) | {
        "epcList": [SSCC, FOREIGN],
        "recordTime": "2026-01-01T00:00:00Z",
    }
    capture_events(actor=actor, events=[event], source="test")
    assert capture_events(actor=actor, events=[turned], source="test").duplicates == 1


def test_an_event_repeated_within_a_document_is_stored_once(actor: Actor) -> None:
    outcome = capture_events(actor=actor, events=[observed(FOREIGN)] * 3, source="test")
    assert (outcome.stored, outcome.duplicates) == (1, 2)


def test_an_event_id_with_other_content_is_refused_and_nothing_is_stored(actor: Actor) -> None:
    capture_events(actor=actor, events=[observed(FOREIGN, event_id="urn:x:1")], source="test")
    body = document(observed(SSCC), observed(SSCC, event_id="urn:x:1"))
    with pytest.raises(DocumentError) as refused:
        capture_document(actor=actor, body=body, source="test")
    assert [(f.code, f.place) for f in refused.value.faults] == [
        ("event_id_conflict", "/epcisBody/eventList/1/eventID")
    ]
    assert StoredEvent.objects.filter(organisation_id=actor.organisation_id).count() == 1


def declared(event: dict[str, Any]) -> dict[str, Any]:
    return event | {
        "errorDeclaration": {"declarationTime": "2026-01-06T00:00:00Z", "reason": "did_not_occur"}
    }


@pytest.mark.parametrize("declaration_first", [False, True])
def test_an_error_declaration_voids_its_event_in_whatever_order_they_come(
    actor: Actor, *, declaration_first: bool
) -> None:
    event = observed(FOREIGN, event_id="urn:x:1")
    pair = [event, declared(event)]
    for one in reversed(pair) if declaration_first else pair:
        assert capture_events(actor=actor, events=[one], source="test").stored == 1
    both = selectors.events_by_id(actor.organisation_id, "urn:x:1")
    voided = {"errorDeclaration" in one.event: one.voided_by for one in both}
    assert voided[True] == ()
    assert len(voided[False]) == 1


def test_an_event_that_the_server_named_is_found_and_declared_wrong_by_that_name(
    actor: Actor,
) -> None:
    event = observed(FOREIGN)
    capture_events(actor=actor, events=[event], source="test")
    name = stored(actor, 1)[0]["eventID"]
    assert selectors.events_by_id(actor.organisation_id, name)[0].seq == 1
    capture_events(actor=actor, events=[declared(event | {"eventID": name})], source="test")
    assert selectors.voided_by(actor.organisation_id, [1, 2]) == {1: [2]}


def test_an_event_that_comes_back_under_the_name_that_the_server_gave_is_a_duplicate(
    actor: Actor,
) -> None:
    event = observed(FOREIGN)
    capture_events(actor=actor, events=[event], source="test")
    outcome = capture_events(actor=actor, events=stored(actor, 1), source="test")
    assert (outcome.stored, outcome.duplicates) == (0, 1)


def test_the_same_happening_under_two_names_is_two_events(actor: Actor) -> None:
    twins = [observed(FOREIGN, event_id=f"urn:x:{n}") for n in range(2)]
    assert capture_events(actor=actor, events=twins, source="test").stored == 2


def test_with_proceed_the_good_events_of_a_document_are_kept(actor: Actor) -> None:
    body = document(observed(FOREIGN), observed("no epc"), observed(SSCC))
    with pytest.raises(DocumentError):
        capture_document(actor=actor, body=body, source="test")
    assert not CaptureJob.objects.filter(organisation_id=actor.organisation_id).exists()
    outcome = capture_document(actor=actor, body=body, source="test", proceed=True)
    assert (outcome.stored, len(outcome.faults)) == (2, 1)
    job = selectors.capture_job(actor.organisation_id, outcome.job_id)
    assert job.faults[0]["place"] == "/epcisBody/eventList/1/epcList/0"
    assert (job.total, job.stored, job.duplicates) == (3, 2, 0)
    assert len(selectors.job_documents(actor.organisation_id, outcome.job_id)) == 2


def test_built_events_are_refused_together_with_their_positions(actor: Actor) -> None:
    with pytest.raises(DocumentError) as refused:
        capture_events(actor=actor, events=[observed(FOREIGN), observed("x")], source="test")
    assert refused.value.faults[0].place == "/1/epcList/0"
    assert not StoredEvent.objects.filter(organisation_id=actor.organisation_id).exists()


def test_who_may_not_capture_stores_nothing(organisation: Organisation) -> None:
    looker = Actor(organisation=organisation, name="user:x", rights=frozenset({Right.EVENTS_VIEW}))
    with pytest.raises(Forbidden):
        capture_events(actor=looker, events=[observed(FOREIGN)], source="test")
    with pytest.raises(Forbidden):
        capture_document(actor=looker, body=document(observed(FOREIGN)), source="test")


def test_two_organisations_may_capture_the_same_event_and_see_their_own(
    actor: Actor, other_actor: Actor
) -> None:
    event = observed(FOREIGN, event_id="urn:x:1")
    for one in (actor, other_actor):
        assert capture_events(actor=one, events=[event], source="test").first_seq == 1
    job = CaptureJob.objects.get(organisation_id=actor.organisation_id)
    with pytest.raises(JobNotFound):
        selectors.capture_job(other_actor.organisation_id, job.id)
    with pytest.raises(EventNotFound):
        selectors.events_by_id(other_actor.organisation_id, "urn:x:2")


def test_items_known_by_key_are_captured_as_one_event(actor: Actor, items: list[str]) -> None:
    capture_events(actor=actor, events=[observed(*items)], source="test")
    keys = KeySet(key_of(actor, item) for item in items)
    event = object_event(time=AT, action="OBSERVE", step="holding", disposition="recalled")
    outcome = capture_keys(actor=actor, event=event, items=keys, source="recalls")
    assert outcome.stored == 1
    assert sorted(stored(actor, 2)[0]["epcList"]) == sorted(items)
    assert capture_keys(actor=actor, event=event, items=keys, source="recalls").duplicates == 1
    fewer = KeySet(list(keys)[1:])
    assert capture_keys(actor=actor, event=event, items=fewer, source="recalls").stored == 1


def test_an_event_about_lots_alone_is_captured_without_items(actor: Actor) -> None:
    event = object_event(
        time=AT, action="OBSERVE", quantities=[quantity("urn:epc:class:lgtin:4012345.012345.9")]
    )
    assert capture_keys(actor=actor, event=event, items=KeySet(), source="recalls").stored == 1
    assert "epcList" not in stored(actor, 1)[0]


def test_an_organisation_that_has_used_up_its_classes_is_told_and_nothing_is_stored(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keymaker, "CLASS_LIMIT", 2)
    with pytest.raises(KeySpaceFull):
        capture_events(actor=actor, events=[observed(FOREIGN, SSCC)], source="test")
    assert not StoredEvent.objects.filter(organisation_id=actor.organisation_id).exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_remembered_of_identities_is_bounded_and_right(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "_MOST_REMEMBERED", 0)
    for text in (FOREIGN, SSCC, DOOR, DOOR.replace("0006", "0105")):
        capture_events(actor=actor, events=[observed(text)], source="test")
        for _ in range(2):
            assert identity_of(actor.organisation_id, key_of(actor, text)) == parse_epc(text)
    assert len(identities._foreign._known) == 1


def test_what_was_rolled_back_is_not_remembered(actor: Actor) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        capture_events(actor=actor, events=[observed(FOREIGN)], source="test")
        identity_of(actor.organisation_id, key_of(actor, FOREIGN))
        raise ZeroDivisionError
    capture_events(actor=actor, events=[observed(SSCC)], source="test")
    assert identity_of(actor.organisation_id, key_of(actor, SSCC)) == parse_epc(SSCC)


def test_an_identity_has_one_key_whatever_its_form(actor: Actor) -> None:
    capture_events(actor=actor, events=[observed(FOREIGN)], source="test")
    link = "https://brand.example/01/10614141073464/21/2018?x=1"
    assert key_of(actor, link) == key_of(actor, FOREIGN)
    found = selectors.seqs_about(actor.organisation_id, key_of(actor, link))
    assert found == [(1, Role.EPC)]


def test_leading_zeros_make_another_identity(actor: Actor) -> None:
    stem = "urn:epc:id:sgtin:0614141.107346."
    capture_events(
        actor=actor, events=[observed(stem + "12", stem + "012", stem + "0")], source="test"
    )
    keys = [key_of(actor, stem + serial) for serial in ("12", "012", "0")]
    assert len(set(keys)) == 3
    assert [identity_of(actor.organisation_id, key).secondary for key in keys] == ["12", "012", "0"]


@pytest.mark.parametrize(
    "text",
    [
        FOREIGN,
        SSCC,
        "urn:epc:id:sgtin:0614141.107346.AB-12",
        "urn:epc:id:sgtin:0614141.107346.1099511627775",
        "urn:epc:id:sgtin:0614141.107346.1099511627776",
        "urn:epc:class:lgtin:4012345.012345.998877",
        "urn:epc:idpat:sgtin:4012345.066666.*",
        "urn:epc:id:grai:4012345.12345.abc",
        "urn:epc:id:giai:4000001.111",
        "https://acme.example/things/7?x=y",
    ],
)
def test_a_key_gives_its_identity_back(actor: Actor, text: str) -> None:
    is_class = text.startswith(("urn:epc:class:", "urn:epc:idpat:"))
    event = observed(FOREIGN if is_class else text)
    if is_class:
        event["quantityList"] = [{"epcClass": text}]
    capture_events(actor=actor, events=[event], source="test")
    assert identity_of(actor.organisation_id, key_of(actor, text)) == parse_epc(text)


def test_asking_for_a_key_creates_nothing(actor: Actor, items: list[str]) -> None:
    for text in (FOREIGN, SSCC, items[0], "urn:x:never"):
        assert find_key(actor.organisation_id, parse_epc(text)) is None
    assert identities_of(actor.organisation_id, [1, 2**50]) == {}


def test_own_serials_keep_their_keys_when_the_numbering_key_is_rotated(
    actor: Actor, product: Product, items: list[str]
) -> None:
    capture_events(actor=actor, events=[observed(*items[:30])], source="test")
    before = [key_of(actor, item) for item in items[:30]]
    new_key_version(organisation_id=actor.organisation_id, product_id=product.id)
    newer = code_spaces(actor.organisation_id, product.gtin)[0].serial(7)
    later = f"https://id.gs1.org/01/{product.gtin}/21/{newer}"
    capture_events(actor=actor, events=[observed(later, *items[:2])], source="test")
    assert [key_of(actor, item) for item in items[:30]] == before
    assert class_of(key_of(actor, later)) != class_of(before[0])
    assert identity_of(actor.organisation_id, key_of(actor, later)) == Identity(
        Scheme.SGTIN, product.gtin, newer
    )


def test_neighbours_share_index_rows_and_each_is_found(actor: Actor, items: list[str]) -> None:
    capture_events(actor=actor, events=[observed(*items[10:34])], source="test")
    rows = TraceEntry.objects.filter(organisation_id=actor.organisation_id)
    assert rows.count() == 1
    for item in items[10:34]:
        assert selectors.seqs_about(actor.organisation_id, key_of(actor, item)) == [(1, Role.EPC)]
    for item in (items[9], items[34]):
        assert selectors.seqs_about(actor.organisation_id, key_of(actor, item)) == []


def test_pages_of_events_do_not_shift_and_end(actor: Actor) -> None:
    events = [observed(f"urn:epc:id:sgtin:0614141.107346.{i}") for i in range(7)]
    capture_events(actor=actor, events=events[:5], source="test")
    first = selectors.events_after(actor.organisation_id, after=0, limit=5)
    assert (first.seqs, first.more) == ([1, 2, 3, 4, 5], False)
    capture_events(actor=actor, events=events[5:], source="test")
    following = selectors.events_after(actor.organisation_id, after=5, limit=1)
    assert (following.seqs, following.more) == ([6], True)
    about = selectors.events_after(
        actor.organisation_id, after=0, limit=5, epc="urn:epc:id:sgtin:0614141.107346.6"
    )
    assert about.seqs == [7]
    unknown = selectors.events_after(actor.organisation_id, after=0, limit=5, epc="urn:x:1")
    assert unknown.seqs == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_captures_number_events_without_gaps_and_store_repeats_once(
    actor: Actor,
) -> None:
    def send(batch: int) -> int:
        try:
            events = [observed(f"urn:epc:id:sgtin:0614141.107346.{i}") for i in range(20)]
            own = [observed(f"urn:epc:id:sgtin:0614141.107346.{batch}-{i}") for i in range(20)]
            return capture_events(actor=actor, events=events + own, source="test").stored
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(send, range(8)))
    assert sum(counts) == 20 + 8 * 20
    seqs = StoredEvent.objects.filter(organisation_id=actor.organisation_id).order_by("seq")
    assert list(seqs.values_list("seq", flat=True)) == list(range(1, 181))


def test_the_columns_of_the_store_are_those_that_are_written() -> None:
    fields = {field.column for field in StoredEvent._meta.concrete_fields}
    assert fields == set(EVENT_COLUMNS)


def test_times_are_kept_to_the_microsecond_with_their_zone(actor: Actor) -> None:
    event = observed(FOREIGN) | {"eventTime": "2026-01-05T08:30:00.123456-03:30"}
    capture_events(actor=actor, events=[event | {"eventTimeZoneOffset": "-03:30"}], source="t")
    row = StoredEvent.objects.get(organisation_id=actor.organisation_id)
    assert moment(row.time) == datetime(2026, 1, 5, 12, 0, 0, 123456, tzinfo=UTC)
    assert row.zone == -210
