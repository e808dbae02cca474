"""Who may ask and send by SOAP, and what they see."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from django.test import Client

from suyuan.core.epcis.xml import XmlVersion, write_xml
from suyuan.masterdata.services import create_location
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import add_company_prefix, issue_token
from tests.partner_world import ITEM, build_partner_world, observed
from tests.soap_world import (
    CAPTURE,
    QUERY,
    asked,
    captured,
    event,
    param,
    poll,
    polled,
    refusal,
    request,
    several,
    subscribing,
)

pytestmark = pytest.mark.django_db

type ApiClient = Callable[..., Client]


def test_without_a_token_nothing_is_answered_but_the_description(
    stranger: Client, db: None
) -> None:
    answer = stranger.post(QUERY, request("<q:GetStandardVersion/>"), content_type="text/xml")
    assert answer.status_code == 401
    assert b"SecurityException" in answer.content
    assert answer["WWW-Authenticate"] == 'Bearer realm="suyuan"'
    assert stranger.get(QUERY + "?wsdl").status_code == 200
    assert stranger.post(CAPTURE, b"<x/>", content_type="text/xml").status_code == 401


def test_a_token_without_the_right_is_refused(api_client: ApiClient) -> None:
    client = api_client(Right.TRACE_VIEW)
    answer = client.post(QUERY, request("<q:GetStandardVersion/>"), content_type="text/xml")
    assert answer.status_code == 403
    assert b"SecurityException" in answer.content
    assert client.post(CAPTURE, b"<x/>", content_type="text/xml").status_code == 403
    reader = api_client(Right.EVENTS_VIEW)
    master = poll("SimpleMasterDataQuery", param("includeAttributes", "true"))
    assert refusal(reader, master)[0] == "SecurityException"
    assert refusal(reader, subscribing())[0] == "SecurityException"


def test_a_token_may_come_as_the_password_of_basic(actor: Actor) -> None:
    _, secret = issue_token(actor=actor, name="old", scopes=tuple(Right), expires_at=None)

    def basic(told: bytes) -> int:
        text = base64.b64encode(told).decode()
        client = Client(headers={"Authorization": f"Basic {text}"})
        body = request("<q:GetStandardVersion/>")
        return client.post(QUERY, body, content_type="text/xml").status_code

    assert basic(b"anybody:" + secret.encode()) == 200
    assert basic(b"anybody:" + secret.encode() + b"x") == 401
    assert basic(secret.encode()) == 401
    assert basic(b"\xff\xfe") == 401
    assert Client(headers={"Authorization": "Basic !"}).post(QUERY).status_code == 401


def test_another_organisations_events_are_not_found(
    api_client: ApiClient, other_organisation: Organisation
) -> None:
    captured(api_client(), event())
    assert not polled(api_client(organisation=other_organisation))


def test_a_partner_sees_by_soap_what_is_shared_with_it_and_no_master_data(actor: Actor) -> None:
    world = build_partner_world(actor)
    world.capture(observed(f"{ITEM}A1", location=world.hall.identifier))
    client = world.client(world.keeper)
    names = [one.text for one in asked(client, "<q:GetQueryNames/>")[1]]
    assert names == ["SimpleEventQuery"]
    assert not polled(client)
    world.share(world.keeper, everything=True)
    assert len(polled(client)) == 1
    assert not polled(world.client(world.maker))
    master = poll("SimpleMasterDataQuery", param("includeAttributes", "true"))
    assert refusal(client, master)[0] == "SecurityException"


def test_a_partner_delivers_by_soap_what_its_agreement_lets_it(actor: Actor) -> None:
    world = build_partner_world(actor)

    def delivered(location: str) -> int:
        told = observed(f"{ITEM}A1", step="receiving", location=location)
        body = write_xml([(told, {})], version=XmlVersion.V1_2, created="2026-03-01T08:00:00Z")
        return world.client(world.keeper).post(CAPTURE, body, content_type="text/xml").status_code

    assert delivered(world.hall.identifier) == 400
    assert delivered(world.warehouse.identifier) == 200


def test_a_subscription_of_one_partner_is_not_known_to_another(actor: Actor) -> None:
    world = build_partner_world(actor)
    ids = "<q:GetSubscriptionIDs><queryName>SimpleEventQuery</queryName></q:GetSubscriptionIDs>"
    keeper, maker = world.client(world.keeper), world.client(world.maker)
    assert asked(keeper, subscribing())[0] == 200
    assert [one.text for one in asked(keeper, ids)[1]] == ["nightly"]
    assert len(asked(maker, ids)[1]) == 0
    ending = "<q:Unsubscribe><subscriptionID>nightly</subscriptionID></q:Unsubscribe>"
    assert refusal(maker, ending)[0] == "NoSuchSubscriptionException"


def test_master_data_is_told_with_urns(api_client: ApiClient, actor: Actor) -> None:
    add_company_prefix(actor=actor, prefix="6901234")
    create_location(actor=actor, code="W", name_zh="仓", kind="warehouse", gln="6901234000009")
    params = [
        param("includeAttributes", "true"),
        param("includeChildren", "false"),
        param("vocabularyName", several("urn:epcglobal:epcis:vtype:BusinessLocation")),
    ]
    _, told = asked(api_client(), poll("SimpleMasterDataQuery", *params))
    (found,) = told.iter("VocabularyElement")
    assert found.get("id") == "urn:epc:id:sgln:6901234.00000.0"
    assert found.findtext("attribute[@id='urn:epcglobal:cbv:mda#name']") == "仓"


@pytest.mark.parametrize(
    ("params", "exception"),
    [
        ([], "QueryParameterException"),
        (["includeAttributes", "includeChildren", "EQ_colour"], "QueryParameterException"),
    ],
)
def test_a_query_of_master_data_is_refused_as_one_of_events_is(
    api_client: ApiClient, params: list[str], exception: str
) -> None:
    content = poll("SimpleMasterDataQuery", *(param(name, "true") for name in params))
    assert refusal(api_client(), content)[0] == exception
