"""Every address of the installation, as somebody who speaks for a partner.

A partner's rights are two; a gate that asks for another, or for none, is shut. What the gates let
a partner into is listed here, so that a new door is opened by decision and not by accident.
"""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from suyuan.partners import services
from suyuan.tenancy import services as tenancy
from suyuan.tenancy.models import Membership, User
from suyuan.tenancy.rights import PARTNER_RIGHTS, Role
from tests.http.test_route_walk import ROUTES, Route
from tests.partner_world import PartnerWorld, bearer

pytestmark = pytest.mark.django_db

_SAMPLES = (
    "1",
    "x",
    "csv",
    "products",
    "xlsx",
    "svg",
    "pdf",
    "txt",
    "pack",
    "09521234000013",
    "2026-03-02",
    "0" * 64,
)

# The doors that are open to who speaks for a partner, each of which looks after what it shows.
DOORS = {
    "machines": re.compile(
        r"epcis:(root|capture|job(_header)?|events?|next_page_token|quer(y|ies|y_events)|subscriptions?|"
        r"(eventType|epc|bizStep|bizLocation|readPoint|disposition)(s|_events)?|openapi\w*)"
        r" (GET|POST|DELETE)|epcis_?1\w*:\w+ (GET|POST)|soap:\w+ (GET|POST)"
    ),
    "members": re.compile(
        r"partners:(start|own_token|own_revoke|check|send|deliver(ies|y)|shared(_document)?|"
        r"programs?)"
    ),
    "api": re.compile(r"api:rehearse_document"),
}


def _open(route: Route) -> bool:
    rights = route.right if isinstance(route.right, tuple) else (route.right,)
    return not PARTNER_RIGHTS.isdisjoint(rights)


def _addresses(route: Route, **known: str) -> str:
    parts = sorted(route.parts - known.keys())
    for values in product(_SAMPLES, repeat=len(parts)):
        try:
            arguments = known | dict(zip(parts, values, strict=True))
            return reverse(route.url_name or route.name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(route.name)


def _shut(audience: str) -> list[Route]:
    return [one for one in ROUTES.values() if one.audience == audience and not _open(one)]


@pytest.fixture
def person(partners: PartnerWorld) -> Client:
    """Return somebody who speaks for a partner, with a role that was forged to the owner's."""
    user = User.objects.create_user(email="p@maker.example", password="kettle and leaves")
    _, token = services.invite_person(actor=partners.actor, code="MAKER", email=user.email)
    tenancy.accept_invitation(user=user, token=token)
    Membership.objects.filter(user=user).update(role=Role.OWNER.value)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_doors_open_to_partners_are_these() -> None:
    found = [one for one in ROUTES.values() if _open(one)]
    strange = [
        one.name
        for one in found
        if one.audience not in DOORS or not DOORS[one.audience].fullmatch(one.name)
    ]
    assert not strange, f"{strange} let partners in: see that they show no more, then list them"


def test_every_other_page_is_shut_to_a_partners_person(
    partners: PartnerWorld, person: Client
) -> None:
    home = reverse("partners:start", kwargs={"org": "mingqian"})
    for route in _shut("members"):
        path = _addresses(route, org="mingqian")
        for method in ("GET", "POST"):
            answer = person.generic(method, path)
            if answer.status_code == 405:
                continue
            if route.right is None:
                assert answer.status_code == 302, path
                assert answer["Location"] == home
            else:
                assert answer.status_code == 403, f"{method} {path}"


def test_every_other_operation_is_shut_to_a_partner(partners: PartnerWorld, person: Client) -> None:
    machine = partners.client(partners.maker)
    for route in _shut("api"):
        path = _addresses(route)
        assert machine.generic(route.method, path).status_code == 403, path
        answer = person.generic(route.method, path, headers={"X-Organisation": "mingqian"})
        assert answer.status_code == 403, path


def test_every_other_resource_is_shut_to_a_partner(partners: PartnerWorld) -> None:
    machine = partners.client(partners.maker)
    for route in _shut("machines"):
        path = _addresses(route)
        assert machine.generic(route.method, path).status_code == 403, path


def test_a_sandbox_token_opens_as_little(partners: PartnerWorld) -> None:
    _, secret = services.issue_partner_token(
        actor=partners.actor, code="MAKER", name="try", sandbox=True
    )
    machine = bearer(secret)
    for route in _shut("api"):
        path = _addresses(route)
        assert machine.generic(route.method, path).status_code == 403, path


def test_a_partners_person_has_the_brands_pages_of_no_other_brand(
    partners: PartnerWorld, person: Client, other_organisation: object
) -> None:
    for route in _shut("members"):
        assert person.get(_addresses(route, org="haiyan")).status_code in {404, 405}


def test_a_partners_person_is_not_one_of_the_brand_in_its_sandbox(
    partners: PartnerWorld, person: Client
) -> None:
    services.open_sandbox(actor=partners.actor, code="MAKER")
    assert person.get("/app/mingqian-sandbox/").status_code == 404
