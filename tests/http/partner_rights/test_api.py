"""The management API of partners, as the brand's programs use it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from suyuan.tenancy.rights import Right
from tests.partner_world import TEA, PartnerWorld, bearer, observed

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def brand(api_client: Callable[..., Client]) -> Client:
    """Return a client of the brand with every right."""
    return api_client()


def test_a_partner_is_connected_changed_and_ended(partners: PartnerWorld, brand: Client) -> None:
    listed = brand.get(f"{API}/partners").json()
    assert [(one["code"], one["delivery"]) for one in listed] == [
        ("KEEPER", "own"),
        ("MAKER", "own"),
    ]
    again = brand.post(f"{API}/partners", {"party": "MAKER"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_partner")
    change = {"contact": "Mr Wang", "delivery": "all", "delivery_steps": ["packing"]}
    changed = brand.put(f"{API}/partners/MAKER", change, content_type="application/json").json()
    assert (changed["contact"], changed["delivery_steps"]) == ("Mr Wang", ["packing"])
    assert brand.get(f"{API}/partners/MAKER").json() == changed
    assert brand.post(f"{API}/partners/MAKER/end").json()["ended_at"]
    assert brand.get(f"{API}/partners?active=true").json()[0]["code"] == "KEEPER"
    back = brand.post(f"{API}/partners", {"party": "MAKER"}, content_type="application/json")
    assert (back.status_code, back.json()["ended_at"]) == (201, None)


def test_a_share_begins_and_ends(partners: PartnerWorld, brand: Client) -> None:
    shares = f"{API}/partners/MAKER/shares"
    empty = brand.post(shares, {}, content_type="application/json")
    assert (empty.status_code, empty.json()["code"]) == (400, "shares_everything")
    period = {"since": "2026-03-01T00:00:00+08:00", "until": "2026-04-01T00:00:00+08:00"}
    rule = brand.post(shares, {"gtins": [TEA], **period}, content_type="application/json")
    assert (rule.status_code, rule.json()["number"]) == (201, 1)
    partners.capture(observed(step="packing"))
    assert b"packing" in partners.client(partners.maker).get("/epcis/v2/events").content
    assert brand.post(f"{shares}/1/end").json()["ended_at"]
    assert brand.get(f"{shares}?active=true").json() == []
    assert [one["number"] for one in brand.get(shares).json()] == [1]
    assert b"packing" not in partners.client(partners.maker).get("/epcis/v2/events").content
    assert brand.post(f"{shares}/7/end").status_code == 404


def test_tokens_are_issued_and_revoked_for_real_and_for_the_sandbox(
    partners: PartnerWorld, brand: Client
) -> None:
    tokens = f"{API}/partners/MAKER/tokens"
    for sandbox in (False, True):
        made = brand.post(
            tokens, {"name": "line", "sandbox": sandbox}, content_type="application/json"
        ).json()
        assert made["sandbox"] is sandbox
        machine = bearer(made["secret"])
        assert machine.get("/epcis/v2/events").status_code == 200
        ended = brand.post(f"{tokens}/{made['id']}/revoke").json()
        assert (ended["sandbox"], bool(ended["revoked_at"])) == (sandbox, True)
        assert machine.get("/epcis/v2/events").status_code == 401
    told = brand.get(tokens).json()
    assert [one["sandbox"] for one in told] == [False, True]
    assert "secret" not in told[0]
    assert brand.post(f"{tokens}/1/revoke").status_code == 404


def test_the_sandbox_is_opened_and_emptied(partners: PartnerWorld, brand: Client) -> None:
    assert brand.post(f"{API}/partner-sandbox/reset").status_code == 404
    opened = brand.post(f"{API}/partners/MAKER/sandbox")
    assert (opened.status_code, opened.json()["organisation"]) == (201, "mingqian-sandbox")
    assert brand.post(f"{API}/partner-sandbox/reset").status_code == 204


def test_who_looks_at_partners_changes_nothing(
    partners: PartnerWorld, api_client: Callable[..., Client]
) -> None:
    client = api_client(Right.PARTNERS_VIEW)
    assert client.get(f"{API}/partners").status_code == 200
    assert client.post(f"{API}/partners/MAKER/end").status_code == 403
