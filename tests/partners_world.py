"""A brand with a factory that is connected as its partner, for tests of partners' pages.

Owns: `Workshop`: the brand, its products and places, the partner and a person who speaks for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.test import Client

from suyuan.core.epcis import build
from suyuan.masterdata.models import Location, Product
from suyuan.masterdata.services import create_location, create_party, create_product
from suyuan.partners.models import Partner
from suyuan.partners.services import connect_partner, invite_person
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import User
from suyuan.tenancy.selectors import actor_for
from suyuan.tenancy.services import accept_invitation

AT = datetime(2026, 1, 5, 8, 30, tzinfo=timezone(timedelta(hours=8)))
SSCC = "https://id.gs1.org/00/095212340000000013"
ELSEWHERE = "https://id.gs1.org/414/9521234000105"


@dataclass(frozen=True, slots=True)
class Workshop:
    """The world: `actor` is the brand's system, `speaker` the person of the factory."""

    actor: Actor
    product: Product
    plant: Location
    partner: Partner
    user: User

    @property
    def speaker(self) -> Actor:
        """Return the person who speaks for the factory, as the gate makes it."""
        return actor_for(user=self.user, slug=self.actor.organisation.slug)

    def client(self) -> Client:
        """Return a browser in which the factory's person has signed in."""
        client = Client()
        client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def items(self, count: int = 3) -> list[str]:
        """Return items of the product."""
        return [f"https://id.gs1.org/01/{self.product.gtin}/21/W{n:03}" for n in range(count)]

    def made(self, count: int = 3, **more: Any) -> dict[str, Any]:
        """Return an event of the plant."""
        return build.object_event(
            time=AT,
            action="ADD",
            epcs=self.items(count),
            step="commissioning",
            disposition="active",
            **{"read_point": self.plant.identifier, "location": self.plant.identifier, **more},
        )

    def text(self, *events: dict[str, Any]) -> str:
        """Return a document of events."""
        return json.dumps(
            {
                "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
                "type": "EPCISDocument",
                "schemaVersion": "2.0",
                "creationDate": "2026-01-05T00:00:00Z",
                "epcisBody": {"eventList": list(events or [self.made()])},
            },
            indent=2,
            ensure_ascii=False,
        )


def build_workshop(actor: Actor) -> Workshop:
    """Make the world through the services."""
    product = create_product(
        actor=actor, name_zh="明前龙井 50 克", name_en="Longjing tea 50 g", granularity="item"
    )
    create_party(
        actor=actor, code="FAB", kind="factory", name_zh="龙坞茶厂", name_en="Longwu factory"
    )
    create_party(actor=actor, code="WMS", kind="warehouse", name_zh="上海仓", name_en="Shanghai")
    plant = create_location(
        actor=actor,
        code="PLANT",
        kind="factory",
        name_zh="龙坞车间",
        name_en="Longwu plant",
        party="FAB",
        gln="9521234000006",
    )
    create_location(
        actor=actor,
        code="WH1",
        kind="warehouse",
        name_zh="上海一号仓",
        name_en="Shanghai 1",
        party="WMS",
        gln="9521234000105",
    )
    partner = connect_partner(actor=actor, party="FAB", contact="王师傅 138 0000 0000")
    user = User.objects.create_user(email="wang@fab.example", password="kettle and leaves")
    _, token = invite_person(actor=actor, code="FAB", email=user.email)
    accept_invitation(user=user, token=token)
    return Workshop(replace(actor), product, plant, partner, user)


@pytest.fixture
def workshop(actor: Actor) -> Workshop:
    """Return the world of partners' pages."""
    return build_workshop(actor)
