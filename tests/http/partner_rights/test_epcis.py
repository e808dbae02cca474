"""A partner at the EPCIS interface: it sees its own and what is shared, by whatever way it asks."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from suyuan.capture.models import CaptureJob
from suyuan.partners import services
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.tenancy.models import ApiToken
from suyuan.tenancy.rights import Right
from tests.partner_world import ITEM, OTHER_ITEM, TEA, TIME, PartnerWorld, observed

pytestmark = pytest.mark.django_db

BASE = "/epcis/v2"
SECRET_ID = "urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11"
FORGED = "urn:uuid:ffffffff-6a8b-4b1e-9f0e-6c1d2a9e4b11"


def document(*events: dict[str, Any]) -> str:
    """Return an EPCIS document."""
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-02T04:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
    )


def send(client: Client, *events: dict[str, Any]) -> Any:
    """Send a document."""
    return client.post(f"{BASE}/capture", document(*events), content_type="application/json")


def told(client: Client, query: str = "") -> list[str]:
    """Return the steps of the events that a query finds, over all pages."""
    found: list[str] = []
    path = f"{BASE}/events?{query}"
    while path:
        answer = client.get(path)
        assert answer.status_code == 200, answer.content
        body = answer.json()["epcisBody"]["queryResults"]["resultsBody"]
        found += [event.get("bizStep", "") for event in body["eventList"]]
        link = answer.headers.get("Link", "")
        path = link[link.index("/epcis") : link.index(">")] if link else ""
    return found


def shared_and_secret(world: PartnerWorld) -> None:
    """Capture an event that the factory may see, and one that it may not."""
    plant, hall = world.factory.identifier, world.hall.identifier
    world.capture(
        observed(step="receiving", location=plant, disposition="in_progress"),
        observed(
            f"{OTHER_ITEM}SECRET",
            step="destroying",
            disposition="destroyed",
            location=hall,
            read_point="https://example.com/secret-gate",
            transactions=[("po", "urn:secret:order:1")],
            event_id=SECRET_ID,
        ),
    )
    world.share(world.maker, own_places=True)


SECRET_QUERIES = (
    "",
    "EQ_bizStep=destroying",
    "EQ_disposition=destroyed",
    f"MATCH_anyEPC={quote(OTHER_ITEM + 'SECRET')}",
    f"MATCH_epc={quote('urn:epc:id:sgtin:9521234.000002.SECRET')}",
    f"EQ_eventID={quote(SECRET_ID)}",
    f"EQ_readPoint={quote('https://example.com/secret-gate')}",
    f"EQ_bizTransaction_po={quote('urn:secret:order:1')}",
    "eventType=ObjectEvent",
    "EQ_action=OBSERVE",
    "GE_eventTime=2026-01-01T00:00:00Z",
    "GE_recordTime=2026-01-01T00:00:00Z",
    "orderBy=eventTime&orderDirection=DESC",
    "orderBy=recordTime&orderDirection=ASC",
    "perPage=1",
    "eventCountLimit=1&orderBy=eventTime",
)


@pytest.mark.parametrize("query", SECRET_QUERIES)
def test_no_query_tells_an_event_that_is_not_shared(partners: PartnerWorld, query: str) -> None:
    shared_and_secret(partners)
    assert set(told(partners.client(partners.maker), query)) <= {"receiving"}
    assert told(partners.client(partners.keeper), query) == []


def test_what_is_shared_is_found(partners: PartnerWorld) -> None:
    shared_and_secret(partners)
    client = partners.client(partners.maker)
    for query in ("", "EQ_bizStep=receiving", f"MATCH_anyEPC={quote(ITEM + 'A1')}", "perPage=1"):
        assert told(client, query) == ["receiving"]


def test_an_event_count_counts_what_is_seen_alone(partners: PartnerWorld) -> None:
    shared_and_secret(partners)
    assert told(partners.client(partners.maker), "maxEventCount=1") == ["receiving"]
    answer = partners.client(partners.keeper).get(f"{BASE}/events?maxEventCount=0")
    assert answer.status_code in {200, 400}, "nothing is not too much"


def test_an_event_that_is_not_seen_looks_like_none(partners: PartnerWorld) -> None:
    shared_and_secret(partners)
    client = partners.client(partners.maker)
    secret = client.get(f"{BASE}/events/{SECRET_ID}")
    nothing = client.get(f"{BASE}/events/{FORGED}")
    assert secret.status_code == nothing.status_code == 404
    assert secret.content.replace(SECRET_ID.encode(), b"") == nothing.content.replace(
        FORGED.encode(), b""
    )


COLLECTIONS = ("eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions")


@pytest.mark.parametrize("name", COLLECTIONS)
def test_lists_of_what_there_is_name_what_is_seen(partners: PartnerWorld, name: str) -> None:
    shared_and_secret(partners)
    body = partners.client(partners.maker).get(f"{BASE}/{name}").content.decode()
    for word in ("SECRET", "secret", "HALL"):
        assert word not in body
    members = partners.client(partners.keeper).get(f"{BASE}/{name}").json()["member"]
    assert (members == []) is (name in {"epcs", "bizLocations", "readPoints"}), "but the CBV's"


def test_no_page_of_a_list_is_spent_on_what_is_not_seen(partners: PartnerWorld) -> None:
    partners.share(partners.maker, own_places=True)
    for number in range(5):
        partners.capture(observed(location=f"https://example.com/secret/{number}"))
    partners.capture(observed(location=partners.factory.identifier))
    answer = partners.client(partners.maker).get(f"{BASE}/bizLocations?perPage=1")
    assert answer.json()["member"] == [partners.factory.identifier]
    assert "Link" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "secret", "unknown"),
    [
        ("epcs", f"{OTHER_ITEM}SECRET", f"{OTHER_ITEM}NOTHING"),
        ("bizSteps", "destroying", "dispensing"),
        ("dispositions", "destroyed", "dispensed"),
        ("readPoints", "https://example.com/secret-gate", "https://example.com/no-gate"),
        ("bizLocations", "urn:suyuan:mingqian:location:HALL", "urn:suyuan:mingqian:location:NO"),
    ],
)
@pytest.mark.parametrize("tail", ["", "/events"])
def test_what_is_in_no_visible_event_looks_like_what_is_in_none(
    partners: PartnerWorld, kind: str, secret: str, unknown: str, tail: str
) -> None:
    shared_and_secret(partners)
    client = partners.client(partners.maker)
    here = client.get(f"{BASE}/{kind}/{quote(secret, safe='')}{tail}")
    there = client.get(f"{BASE}/{kind}/{quote(unknown, safe='')}{tail}")
    assert here.status_code == there.status_code

    def plain(answer: Any, name: str) -> str:
        text: str = answer.content.decode().replace(name, "")
        return text if here.status_code == 404 else ""

    assert plain(here, secret) == plain(there, unknown)


def test_a_page_token_tells_nothing_and_serves_no_other(partners: PartnerWorld) -> None:
    plant = partners.factory.identifier
    for number in range(5):
        partners.capture(observed(f"{ITEM}X{number}"))
        partners.capture(observed(f"{ITEM}Y{number}", location=plant, step="receiving"))
    partners.share(partners.maker, own_places=True)
    partners.share(partners.keeper, everything=True)
    client = partners.client(partners.maker)
    link = client.get(f"{BASE}/events?perPage=2").headers["Link"]
    path = link[link.index("/epcis") : link.index(">")]
    token = path.partition("nextPageToken=")[2]
    for part in token.replace("%3D", "=").split(":"):
        plain = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        assert str(partners.maker.id).encode() not in plain, "it can be read"
    assert client.get(path).status_code == 200
    assert partners.client(partners.keeper).get(path).status_code == 400


def test_jobs_are_ones_own(partners: PartnerWorld) -> None:
    mine = send(partners.client(partners.maker), observed(location=partners.factory.identifier))
    assert mine.status_code == 202, mine.content
    address = mine.headers["Location"]
    assert partners.client(partners.maker).get(address).json()["success"] is True
    theirs = partners.client(partners.keeper).get(address)
    nothing = partners.client(partners.keeper).get(f"{BASE}/capture/123")
    assert theirs.status_code == nothing.status_code == 404
    assert len(partners.client(partners.maker).get(f"{BASE}/capture").json()) == 1
    assert partners.client(partners.keeper).get(f"{BASE}/capture").json() == []


def test_an_event_that_was_there_is_answered_like_a_new_one(partners: PartnerWorld) -> None:
    plant = partners.factory.identifier
    event = observed(location=plant, step="packing")
    partners.capture(event)
    client = partners.client(partners.maker)
    old = send(client, event)
    new = send(client, observed(location=plant, step="holding"))
    jobs = [client.get(one.headers["Location"]).json() for one in (old, new)]
    for job in jobs:
        del job["captureID"], job["createdAt"], job["finishedAt"]
    assert jobs[0] == jobs[1]
    assert told(client) == ["packing", "holding"]
    another = observed(location=plant, step="storing")
    partners.capture(another)
    answer = client.post(f"{BASE}/events", json.dumps(another), content_type="application/json")
    assert answer.status_code == 201
    assert client.get(answer.headers["Location"]).status_code == 200
    again = client.post(f"{BASE}/events", json.dumps(another), content_type="application/json")
    assert again.status_code == 409


def test_an_id_of_somebody_elses_event_is_answered_like_a_free_one(
    partners: PartnerWorld,
) -> None:
    shared_and_secret(partners)
    plant = partners.factory.identifier
    client = partners.client(partners.maker)
    taken = send(client, observed(location=plant, event_id=SECRET_ID, step="holding"))
    free = send(client, observed(location=plant, event_id=FORGED, step="holding"))
    assert taken.status_code == free.status_code == 202
    found = client.get(f"{BASE}/events/{SECRET_ID}").json()
    events = found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert [one["bizStep"] for one in events] == ["holding"]


def test_places_of_others_are_refused_alike_whether_known_or_not(partners: PartnerWorld) -> None:
    client = partners.client(partners.maker)
    answers = [
        send(client, observed(location=f"urn:suyuan:mingqian:location:{code}"))
        for code in ("HALL", "NOWHERE")
    ]
    texts = [one.content.decode().replace("HALL", "").replace("NOWHERE", "") for one in answers]
    assert [one.status_code for one in answers] == [400, 400]
    assert texts[0] == texts[1]


def test_a_token_with_every_scope_forged_opens_nothing_else(partners: PartnerWorld) -> None:
    client = partners.client(partners.maker)
    ApiToken.objects.filter(holder=partners.maker.id).update(scopes=[one.value for one in Right])
    shared_and_secret(partners)
    assert told(client) == ["receiving"]
    for path in ("/api/v1/products", "/api/v1/organisation", "/api/v1/partners", "/api/v1/tokens"):
        assert client.get(path).status_code == 403, path


def test_an_ended_partner_is_a_stranger(partners: PartnerWorld) -> None:
    client = partners.client(partners.maker)
    shared_and_secret(partners)
    assert send(client, observed(location=partners.factory.identifier)).status_code == 202
    services.end_partner(actor=partners.actor, code="MAKER")
    assert client.get(f"{BASE}/events").status_code == 401
    ApiToken.objects.update(revoked_at=None)
    assert told(client) == [], "even with a token that somebody forgot"
    answer = send(client, observed(location=partners.factory.identifier))
    assert answer.status_code == 403
    assert client.get(f"{BASE}/capture").json() == []
    job = CaptureJob.objects.filter(holder=partners.maker.id)[0]
    assert client.get(f"{BASE}/capture/{job.id}").status_code == 404


def test_who_may_deliver_for_nobody_sees_nobodys_jobs(
    partners: PartnerWorld, api_client: Callable[..., Client]
) -> None:
    partners.capture(observed())
    client = api_client(Right.EVENTS_DELIVER, Right.EVENTS_SHARED)
    assert client.get(f"{BASE}/capture").json() == []
    job = CaptureJob.objects.get()
    assert client.get(f"{BASE}/capture/{job.id}").status_code == 404
    assert client.get(f"{BASE}/events").json()["epcisBody"]["queryResults"]["resultsBody"] == {
        "eventList": []
    }
    assert send(client, observed()).status_code == 403


def test_a_right_that_a_token_lacks_is_missing(partners: PartnerWorld) -> None:
    partners.share(partners.maker, everything=True)
    reader = partners.client(partners.maker, ["events.shared"])
    sender = partners.client(partners.maker, ["events.deliver"])
    event = observed(location=partners.factory.identifier)
    assert send(reader, event).status_code == 403
    assert send(sender, event).status_code == 202
    assert reader.get(f"{BASE}/events").status_code == 200
    assert sender.get(f"{BASE}/events").status_code == 403
    assert reader.get(f"{BASE}/capture").status_code == 403


def test_every_form_of_an_answer_is_limited(partners: PartnerWorld) -> None:
    shared_and_secret(partners)
    client = partners.client(partners.maker)
    for accept in (
        "application/json",
        "application/xml",
        "application/xml;version=1.2",
        "text/xml",
    ):
        for form in ("Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates"):
            answer = client.get(
                f"{BASE}/events", headers={"Accept": accept, "GS1-EPC-Format": form}
            )
            text = answer.content.decode()
            assert "SECRET" not in text
            assert "destroy" not in text


def test_a_shared_period_ends(partners: PartnerWorld) -> None:
    partners.capture(observed(step="storing"), observed(step="holding", time=TIME + timedelta(1)))
    partners.share(partners.maker, gtins=[TEA], until=TIME + timedelta(hours=1))
    assert told(partners.client(partners.maker)) == ["storing"]


def test_a_partner_that_may_deliver_all_sees_no_more_for_it(partners: PartnerWorld) -> None:
    shared_and_secret(partners)
    services.update_partner(actor=partners.actor, code="KEEPER", rule=DeliveryRule("all"))
    client = partners.client(partners.keeper)
    assert told(client) == []
    assert send(client, observed(f"{OTHER_ITEM}SECRET", step="shipping")).status_code == 202
    assert told(client) == ["shipping"]
