"""A partner's person on the partner's pages: nothing there tells more than the interface."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from suyuan.masterdata.services import create_product
from suyuan.partners import services
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.tenancy import services as tenancy
from suyuan.tenancy.models import User
from suyuan.web.partners.numbers import opened, sealed
from tests.partner_world import ITEM, OTHER_ITEM, TIME, PartnerWorld, numbers, observed

pytestmark = pytest.mark.django_db

HIDDEN = "09521234000037"


@pytest.fixture
def person(partners: PartnerWorld) -> Client:
    """Return somebody who speaks for the factory."""
    return speaker(partners, "MAKER")


def speaker(world: PartnerWorld, code: str) -> Client:
    """Return a client of somebody who speaks for a partner."""
    email = f"p@{code.lower()}.example"
    user = User.objects.create_user(email=email, password="kettle and leaves")
    _, token = services.invite_person(actor=world.actor, code=code, email=email)
    tenancy.accept_invitation(user=user, token=token)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, path: str) -> str:
    """Return a page's text."""
    answer = client.get(f"/app/mingqian/{path}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_signing_in_leads_to_the_partners_own_page(person: Client) -> None:
    for path in ("", "search/?q=HALL", "step/plan/", "settings/"):
        text = page(person, path)
        assert "总仓" not in text
        assert "/connect/" in text


def test_the_list_of_what_is_shared_holds_that_alone(
    partners: PartnerWorld, person: Client
) -> None:
    partners.capture(
        observed(step="receiving", location=partners.factory.identifier),
        observed(f"{OTHER_ITEM}SECRET", location=partners.hall.identifier),
    )
    partners.share(partners.maker, own_places=True)
    text = page(person, "connect/shared/")
    assert f"{ITEM}A1"[-2:] in text
    assert "SECRET" not in text
    assert "总仓" not in text


def test_no_number_of_an_event_stands_in_a_page(partners: PartnerWorld, person: Client) -> None:
    partners.capture(*(observed(f"{ITEM}B{n}") for n in range(4321)))
    partners.share(partners.maker, own_places=True)
    (number,) = partners.capture(observed(location=partners.factory.identifier))
    assert number == 4322
    assert "4322" not in page(person, "connect/shared/").replace(",", "")


def test_a_document_is_given_by_its_sealed_number_and_only_when_seen(
    partners: PartnerWorld, person: Client
) -> None:
    seen, hidden = partners.capture(
        observed(location=partners.factory.identifier), observed(f"{OTHER_ITEM}SECRET")
    )
    partners.share(partners.maker, own_places=True)
    base = "/app/mingqian/connect/shared"
    answer = person.get(f"{base}/{sealed(seen)}/document.json")
    assert answer.status_code == 200
    assert answer.json()["epcList"] == [f"{ITEM}A1"]
    for text in (sealed(hidden), sealed(999), str(seen), "x", "1" * 300):
        assert person.get(f"{base}/{text}/document.json").status_code == 404


@pytest.mark.parametrize("text", ["", "7", "ümlaut", "x" * 300])
def test_what_was_not_sealed_opens_to_nothing(text: str) -> None:
    assert opened(text) == 0
    assert opened(sealed(7)) == 7


def test_names_that_a_partner_could_not_know_are_not_told(
    partners: PartnerWorld, person: Client
) -> None:
    create_product(actor=partners.actor, gtin=HIDDEN, name_zh="绝密新品", own=False)
    services.update_partner(actor=partners.actor, code="MAKER", rule=DeliveryRule("all"))
    job = partners.deliver(
        partners.maker,
        observed(f"https://id.gs1.org/01/{HIDDEN}/21/G1", location=partners.hall.identifier),
        observed(location=partners.factory.identifier),
    )
    for path in ("connect/shared/", f"connect/deliveries/{job.job_id}/"):
        text = page(person, path)
        assert "绝密新品" not in text
        assert "总仓" not in text
        assert "车间" in text
        assert "龙井" in text


def test_a_delivery_tells_events_that_were_there_as_its_own(
    partners: PartnerWorld, person: Client
) -> None:
    plant = partners.factory.identifier
    event = observed(location=plant, step="packing")
    partners.capture(event)
    old = partners.deliver(partners.maker, event)
    new = partners.deliver(partners.maker, observed(location=plant, step="holding"))
    texts = [page(person, f"connect/deliveries/{one.job_id}/") for one in (old, new)]
    for text in texts:
        assert "龙井 A1" in text
    stats = [re.findall(r'class="sy-stat-value[^>]*>\s*([^<\s]*)', text) for text in texts]
    assert stats[0] == stats[1] != []


def test_a_delivery_of_the_other_partner_is_not_there(
    partners: PartnerWorld, person: Client
) -> None:
    job = partners.deliver(
        partners.keeper, observed(location=partners.warehouse.identifier, step="shipping")
    )
    answer = person.get(f"/app/mingqian/connect/deliveries/{job.job_id}/")
    assert answer.status_code == 404


def test_a_voided_event_is_told_so_only_by_a_declaration_that_is_seen(
    partners: PartnerWorld, person: Client
) -> None:
    identity = "urn:uuid:5e1c1a6a-6c7d-4b7f-9a87-3f6f3c3b0a01"
    event = observed(location=partners.factory.identifier, event_id=identity, step="packing")
    numbers(partners.deliver(partners.maker, event))
    declaration = {
        **event,
        "errorDeclaration": {
            "declarationTime": (TIME + timedelta(hours=1)).isoformat(timespec="milliseconds")
        },
    }
    partners.capture(declaration)
    assert "<s>" not in page(person, "connect/shared/")
    partners.share(partners.maker, own_places=True)
    assert "<s>" in page(person, "connect/shared/")


def test_a_rehearsal_tells_no_more_than_a_delivery(partners: PartnerWorld) -> None:
    create_product(actor=partners.actor, gtin=HIDDEN, name_zh="绝密新品", own=False)
    plant = partners.factory.identifier
    there = observed(f"https://id.gs1.org/01/{HIDDEN}/21/G1", location=plant, step="packing")
    partners.capture(there)
    client = partners.client(partners.maker)

    def rehearsed(event: dict[str, object]) -> dict[str, object]:
        body = {
            "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-02T04:00:00Z",
            "epcisBody": {"eventList": [event]},
        }
        answer = client.post("/api/v1/rehearsals", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        found: dict[str, object] = answer.json()
        return found

    known = rehearsed(there)
    unknown = rehearsed(
        observed("https://id.gs1.org/01/09521234000099/21/G1", location=plant, step="packing")
    )
    assert known["new"] == unknown["new"] == 1
    goods = [one["goods"][0]["known"] for one in (known, unknown)]  # type: ignore[index]
    assert goods == ["", ""]
