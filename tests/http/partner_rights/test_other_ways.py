"""A partner by the other ways in: SOAP of EPCIS 1.2, stored queries, subscriptions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from suyuan.core.epcis.xml import XmlVersion, write_xml
from suyuan.partners import services
from suyuan.partners.selectors import view_of
from suyuan.subscriptions.services.looking import speaker
from tests.partner_world import OTHER_ITEM, PartnerWorld, observed

pytestmark = pytest.mark.django_db

QUERIES = "/epcis/v2/queries"


@pytest.fixture
def shared(partners: PartnerWorld) -> PartnerWorld:
    """Return the brand with an event that the factory may see, and one that it may not."""
    partners.capture(
        observed(step="receiving", location=partners.factory.identifier),
        observed(f"{OTHER_ITEM}SECRET", step="destroying", location=partners.hall.identifier),
    )
    partners.share(partners.maker, own_places=True)
    return partners


def soap(client: Client, content: str) -> Any:
    """Send a SOAP request."""
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:q="urn:epcglobal:epcis-query:xsd:1">'
        f"<s:Body>{content}</s:Body></s:Envelope>"
    )
    return client.post("/epcis/v1/query", body, content_type="text/xml; charset=utf-8")


def test_a_poll_finds_what_is_seen(shared: PartnerWorld) -> None:
    poll = "<q:Poll><queryName>SimpleEventQuery</queryName><params/></q:Poll>"
    mine = soap(shared.client(shared.maker), poll).content.decode()
    theirs = soap(shared.client(shared.keeper), poll).content.decode()
    assert "receiving" in mine
    assert "ObjectEvent" not in theirs
    for text in (mine, theirs):
        assert "SECRET" not in text
        assert "destroying" not in text


def test_master_data_is_told_to_no_partner(shared: PartnerWorld) -> None:
    poll = (
        "<q:Poll><queryName>SimpleMasterDataQuery</queryName><params>"
        "<param><name>includeAttributes</name><value>true</value></param>"
        "<param><name>includeChildren</name><value>true</value></param></params></q:Poll>"
    )
    answer = soap(shared.client(shared.maker), poll)
    assert "SecurityException" in answer.content.decode()
    assert "总仓" not in answer.content.decode()


def test_the_old_capture_is_checked_as_the_new_one(shared: PartnerWorld) -> None:
    def send(place: str) -> int:
        body = write_xml(
            [(observed(location=place, step="packing"), {})],
            version=XmlVersion.V1_2,
            created="2026-03-02T04:00:00Z",
        )
        client = shared.client(shared.maker)
        return client.post("/epcis/v1/capture", body, content_type="text/xml").status_code

    assert send(shared.hall.identifier) == 400
    assert send(shared.factory.identifier) == 200


def test_stored_queries_are_ones_own_and_find_what_is_seen(shared: PartnerWorld) -> None:
    mine, theirs = shared.client(shared.maker), shared.client(shared.keeper)
    body = json.dumps({"name": "all", "query": {"eventType": ["ObjectEvent"]}})
    assert mine.post(QUERIES, body, content_type="application/json").status_code == 201
    assert theirs.get(f"{QUERIES}/all").status_code == 404
    assert theirs.get(QUERIES).json() == []
    taken = theirs.post(QUERIES, body, content_type="application/json")
    assert taken.status_code == 201, "a name that somebody else uses is free"
    text = mine.get(f"{QUERIES}/all/events").content.decode()
    assert "receiving" in text
    assert "SECRET" not in text
    assert "receiving" not in theirs.get(f"{QUERIES}/all/events").content.decode()
    assert theirs.delete(f"{QUERIES}/all").status_code == 204
    assert mine.get(f"{QUERIES}/all").status_code == 200


def test_a_subscription_looks_with_the_partners_eyes(shared: PartnerWorld) -> None:
    organisation = shared.actor.organisation
    for partner in (shared.maker, shared.keeper):
        looker = speaker(organisation, partner.id)
        assert view_of(looker) == view_of(shared.speaker(partner))
    services.end_partner(actor=shared.actor, code="MAKER")
    assert view_of(speaker(organisation, shared.maker.id)) == view_of(shared.speaker(shared.maker))
