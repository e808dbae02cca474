"""What a partner may deliver, and what delivering tells it of others: nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from suyuan.capture.models import CaptureJob, Claim, Correction, StoredEvent
from suyuan.capture.queries.visible import visible
from suyuan.capture.selectors import event_documents, events_by_id, voided_by
from suyuan.capture.services import capture_document, capture_events
from suyuan.core.epcis import DocumentError, build
from suyuan.kernel.errors import Forbidden
from suyuan.partners import services
from suyuan.partners.delivery import check_delivery
from suyuan.partners.errors import DeliveryRefused
from suyuan.partners.selectors import view_of
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from tests.partner_world import ITEM, TIME, PartnerWorld, numbers, observed

pytestmark = pytest.mark.django_db

EVENT_ID = "urn:uuid:5e1c1a6a-6c7d-4b7f-9a87-3f6f3c3b0a01"


def faults_of(world: PartnerWorld, *events: dict[str, Any]) -> list[tuple[str, str]]:
    """Return why the factory may not deliver events: codes and places."""
    with pytest.raises(DocumentError) as refused:
        world.deliver(world.maker, *events)
    return [(fault.code, fault.place) for fault in refused.value.faults]


def own(world: PartnerWorld, **fields: Any) -> dict[str, Any]:
    """Return an event at the factory."""
    return observed(location=world.factory.identifier, **fields)


def declared_wrong(event: dict[str, Any]) -> dict[str, Any]:
    """Return the declaration that an event is wrong."""
    return {
        **event,
        "errorDeclaration": {
            "declarationTime": (TIME + timedelta(hours=1)).isoformat(timespec="milliseconds"),
            "reason": "did_not_occur",
        },
    }


def test_without_a_check_a_partner_delivers_nothing(partners: PartnerWorld) -> None:
    speaker = partners.speaker(partners.maker)
    with pytest.raises(Forbidden):
        capture_events(actor=speaker, events=[own(partners)], source="tests")
    with pytest.raises(Forbidden):
        capture_document(actor=speaker, body=b"{}", source="tests")


def test_who_speaks_for_no_partner_delivers_nothing(partners: PartnerWorld) -> None:
    lone = Actor(partners.actor.organisation, "token:x", frozenset({Right.EVENTS_DELIVER}))
    gone = Actor(partners.actor.organisation, "token:x", frozenset(Right), holder=1)
    for actor in (lone, gone):
        with pytest.raises(DeliveryRefused):
            capture_events(actor=actor, events=[observed()], source="tests", check=check_delivery)


def test_a_partner_that_ended_or_may_deliver_nothing_is_refused(partners: PartnerWorld) -> None:
    services.update_partner(actor=partners.actor, code="MAKER", rule=DeliveryRule("nothing"))
    with pytest.raises(DeliveryRefused):
        partners.deliver(partners.maker, own(partners))
    services.update_partner(actor=partners.actor, code="MAKER", rule=DeliveryRule("all"))
    services.end_partner(actor=partners.actor, code="MAKER")
    with pytest.raises(DeliveryRefused):
        partners.deliver(partners.maker, own(partners))


def test_every_place_must_be_the_partners(partners: PartnerWorld) -> None:
    plant, hall = partners.factory.identifier, partners.hall.identifier
    gln = partners.factory.gln
    outcome = partners.deliver(
        partners.maker,
        observed(location=plant),
        observed(read_point=f"{plant}/254/DOOR-1", location=plant),
        observed(location=f"urn:epc:id:sgln:{gln[:7]}.{gln[7:12]}.0", step="packing"),
    )
    assert outcome.stored == 3
    assert faults_of(
        partners, observed(location=plant), observed(location=plant, read_point=hall)
    ) == [("delivery_place", "/epcisBody/eventList/1/readPoint/id")]
    assert faults_of(partners, observed(location="https://example.com/nowhere")) == [
        ("delivery_place", "/epcisBody/eventList/0/bizLocation/id")
    ]


def test_a_place_that_is_known_and_one_that_is_not_are_refused_alike(
    partners: PartnerWorld,
) -> None:
    slug = partners.actor.organisation.slug
    known = faults_of(partners, observed(location=f"urn:suyuan:{slug}:location:HALL"))
    unknown = faults_of(partners, observed(location=f"urn:suyuan:{slug}:location:NOWHERE"))
    assert known == unknown


def test_an_event_without_a_place_names_the_partner_itself(partners: PartnerWorld) -> None:
    mine, theirs = partners.factory_party.identifier, partners.warehouse_party.identifier
    assert faults_of(partners, observed(sources=[("owning_party", theirs)])) == [
        ("delivery_unplaced", "/epcisBody/eventList/0")
    ]
    ends = {"sources": [("owning_party", mine)], "destinations": [("owning_party", theirs)]}
    assert partners.deliver(partners.maker, observed(**ends)).stored == 1


def test_listed_places_and_steps_are_the_rule(partners: PartnerWorld) -> None:
    rule = DeliveryRule("own", places=["HALL"], steps=["packing"])
    services.update_partner(actor=partners.actor, code="MAKER", rule=rule)
    hall = partners.hall.identifier
    assert partners.deliver(partners.maker, observed(location=hall, step="packing")).stored == 1
    assert faults_of(partners, observed(location=hall, step="shipping"), observed()) == [
        ("delivery_step", "/epcisBody/eventList/0/bizStep"),
        ("delivery_step", "/epcisBody/eventList/1/bizStep"),
        ("delivery_unplaced", "/epcisBody/eventList/1"),
    ]


def test_a_partner_that_may_deliver_all_delivers_from_anywhere(partners: PartnerWorld) -> None:
    services.update_partner(actor=partners.actor, code="MAKER", rule=DeliveryRule("all"))
    assert partners.deliver(partners.maker, observed()).stored == 1


def test_with_proceed_the_events_that_may_not_be_delivered_stay_out(
    partners: PartnerWorld,
) -> None:
    body = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T04:00:00Z",
        "epcisBody": {
            "eventList": [own(partners), observed(), own(partners, step="juggling")],
        },
    }
    outcome = capture_document(
        actor=partners.speaker(partners.maker),
        body=json.dumps(body).encode(),
        source="tests",
        proceed=True,
        check=check_delivery,
    )
    assert (outcome.stored, outcome.duplicates) == (1, 0)
    assert {fault.code for fault in outcome.faults} == {"unknown_step", "delivery_unplaced"}
    job = CaptureJob.objects.get(id=outcome.job_id)
    assert job.holder == partners.maker.id


def test_the_id_of_somebody_elses_event_is_free_for_a_partner(partners: PartnerWorld) -> None:
    ours = partners.capture(own(partners, event_id=EVENT_ID, step="shipping"))
    theirs = partners.deliver(partners.maker, own(partners, event_id=EVENT_ID, step="packing"))
    free = partners.deliver(partners.maker, own(partners, step="holding"))
    assert (theirs.stored, theirs.duplicates, theirs.faults) == (1, 0, [])
    assert (free.stored, free.duplicates, free.faults) == (1, 0, []), "as if it had been unused"
    found = events_by_id(partners.actor.organisation_id, EVENT_ID)
    assert [one.seq for one in found] == [*ours, theirs.first_seq]
    assert not voided_by(partners.actor.organisation_id, ours)


def test_a_partner_cannot_take_an_id_before_its_owner(partners: PartnerWorld) -> None:
    partners.deliver(partners.maker, own(partners, event_id=EVENT_ID, step="packing"))
    assert partners.capture(own(partners, event_id=EVENT_ID, step="shipping"))


def test_an_id_is_used_once_by_the_same_partner(partners: PartnerWorld) -> None:
    event = own(partners, event_id=EVENT_ID, step="packing")
    partners.deliver(partners.maker, event)
    assert partners.deliver(partners.maker, event).duplicates == 1
    assert faults_of(partners, own(partners, event_id=EVENT_ID, step="shipping")) == [
        ("event_id_conflict", "/epcisBody/eventList/0/eventID")
    ]


def test_the_same_event_from_a_partner_is_stored_once_and_seen_by_it(
    partners: PartnerWorld,
) -> None:
    event = own(partners, event_id=EVENT_ID, step="packing")
    (number,) = partners.capture(event)
    view = view_of(partners.speaker(partners.maker))
    here = partners.actor.organisation_id
    assert visible(here, view, [number]) == []
    outcome = partners.deliver(partners.maker, event)
    assert (outcome.stored, outcome.claimed) == (0, (number,))
    assert visible(here, view, [number]) == [number]
    assert visible(here, view_of(partners.speaker(partners.keeper)), [number]) == []
    again = partners.deliver(partners.maker, event, event)
    assert (again.duplicates, again.claimed) == (2, ())
    assert faults_of(partners, own(partners, event_id=EVENT_ID, step="shipping")) == [
        ("event_id_conflict", "/epcisBody/eventList/0/eventID")
    ], "as if it had been the partner's from the first"
    assert Claim.objects.count() == StoredEvent.objects.count() == 1


def test_a_partner_voids_nothing_but_its_own(partners: PartnerWorld) -> None:
    event = own(partners, event_id=EVENT_ID, step="packing")
    ours = partners.capture(event)
    assert partners.deliver(partners.maker, declared_wrong(event)).stored == 1
    assert not Correction.objects.exists(), "not an event that it never sent"
    partners.deliver(partners.maker, event)
    assert not Correction.objects.exists(), "nor one that the brand vouches for as well"
    mine = own(partners, event_id=EVENT_ID.replace("5e", "6e"), step="packing")
    seqs = numbers(partners.deliver(partners.maker, mine))
    partners.deliver(partners.maker, declared_wrong(mine))
    assert set(voided_by(partners.actor.organisation_id, [*ours, *seqs])) == set(seqs)


def test_a_declaration_that_came_first_voids_its_senders_event_alone(
    partners: PartnerWorld,
) -> None:
    event = own(partners, event_id=EVENT_ID, step="packing")
    partners.deliver(partners.maker, declared_wrong(event))
    ours = partners.capture(event)
    assert voided_by(partners.actor.organisation_id, ours) == {}


def test_the_brand_voids_what_a_partner_delivered(partners: PartnerWorld) -> None:
    event = own(partners, event_id=EVENT_ID, step="packing")
    seqs = numbers(partners.deliver(partners.maker, event))
    partners.capture(declared_wrong(event))
    assert set(voided_by(partners.actor.organisation_id, seqs)) == set(seqs)


def test_the_other_partner_is_somebody_else_too(partners: PartnerWorld) -> None:
    rule = DeliveryRule("all")
    for code in ("MAKER", "KEEPER"):
        services.update_partner(actor=partners.actor, code=code, rule=rule)
    event = observed(event_id=EVENT_ID, step="packing")
    partners.deliver(partners.maker, event)
    changed = partners.deliver(partners.keeper, observed(event_id=EVENT_ID, step="shipping"))
    assert changed.stored == 1
    partners.deliver(partners.keeper, declared_wrong(event))
    here = partners.actor.organisation_id
    assert set(voided_by(here, [1, 2])) == {2}
    view = view_of(partners.speaker(partners.keeper))
    told = [one.event.get("bizStep") for one in event_documents(here, visible(here, view, [1, 2]))]
    assert told == ["shipping"]


def test_numbers_of_a_partners_events_come_with_the_brands(partners: PartnerWorld) -> None:
    first = partners.capture(observed(f"{ITEM}B1"))
    second = numbers(partners.deliver(partners.maker, own(partners)))
    third = partners.capture(build.object_event(time=TIME, action="ADD", epcs=[f"{ITEM}B2"]))
    assert [*first, *second, *third] == [1, 2, 3]
