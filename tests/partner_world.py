"""A brand with two partners for tests: a factory and a warehouse, each a party with a place.

Owns: `PartnerWorld`, its names, and how somebody speaks for a partner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from suyuan.capture.services import CaptureOutcome, capture_events
from suyuan.core.epcis import build
from suyuan.masterdata.models import Location, Party, Product
from suyuan.masterdata.services import create_location, create_party, create_product
from suyuan.partners import services
from suyuan.partners.delivery import check_delivery
from suyuan.partners.models import Partner
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.partners.services.sharing import Limits
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import PARTNER_RIGHTS

TIME = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TEA, OIL = "09521234000013", "09521234000020"
ITEM = f"https://id.gs1.org/01/{TEA}/21/"
OTHER_ITEM = f"https://id.gs1.org/01/{OIL}/21/"
PALLET = "https://id.gs1.org/00/095212340000000013"


@dataclass(frozen=True, slots=True)
class PartnerWorld:
    """What was set up; the factory has a GLN, the warehouse and the brand's own hall have none."""

    actor: Actor
    factory_party: Party
    warehouse_party: Party
    factory: Location
    warehouse: Location
    hall: Location
    tea: Product
    oil: Product
    maker: Partner
    keeper: Partner

    def speaker(self, partner: Partner, *, user_id: int | None = None) -> Actor:
        """Return somebody who speaks for a partner with all that a partner may have."""
        return Actor(
            organisation=self.actor.organisation,
            name="token:test",
            rights=PARTNER_RIGHTS,
            user_id=user_id,
            role="partner" if user_id else "",
            holder=partner.id,
        )

    def capture(self, *events: dict[str, Any]) -> list[int]:
        """Capture as the brand; return the numbers of the events."""
        return numbers(capture_events(actor=self.actor, events=events, source="tests"))

    def deliver(self, partner: Partner, *events: dict[str, Any]) -> CaptureOutcome:
        """Capture as a partner."""
        return capture_events(
            actor=self.speaker(partner), events=events, source="tests", check=check_delivery
        )

    def share(self, partner: Partner, *, everything: bool = False, **limits: Any) -> int:
        """Share with a partner; return the rule's number."""
        rule = services.share(
            actor=self.actor, code=partner.code, limits=Limits(**limits), everything=everything
        )
        return rule.number

    def client(self, partner: Partner, scopes: Iterable[str] | None = None) -> Client:
        """Return a client with a token of a partner."""
        wanted = sorted(right.value for right in PARTNER_RIGHTS) if scopes is None else scopes
        _, secret = services.issue_partner_token(
            actor=self.actor, code=partner.code, name="test", scopes=wanted
        )
        return bearer(secret)


def bearer(secret: str) -> Client:
    """Return a client that sends a token."""
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})


def numbers(outcome: CaptureOutcome) -> list[int]:
    """Return the numbers of the events that were new."""
    return list(range(outcome.first_seq, outcome.last_seq + 1)) if outcome.stored else []


def observed(*epcs: str, **fields: Any) -> dict[str, Any]:
    """Return an event that observes goods: by default one item of tea."""
    return build.object_event(
        time=fields.pop("time", TIME),
        action="OBSERVE",
        epcs=epcs or (f"{ITEM}A1",) if not fields.get("quantities") else epcs,
        **fields,
    )


def build_partner_world(actor: Actor) -> PartnerWorld:
    """Give `actor`'s organisation two partners."""
    make = {"kind": "factory", "name_zh": "一厂"}
    factory_party = create_party(actor=actor, code="MAKER", gln="6901234000009", **make)
    warehouse_party = create_party(actor=actor, code="KEEPER", kind="warehouse", name_zh="云仓")
    factory = create_location(
        actor=actor, code="PLANT", name_zh="车间", gln="6901234000016", party="MAKER"
    )
    warehouse = create_location(actor=actor, code="STORE", name_zh="仓库", party="KEEPER")
    hall = create_location(actor=actor, code="HALL", name_zh="总仓")
    tea = create_product(actor=actor, gtin=TEA, name_zh="龙井", granularity="batch")
    oil = create_product(actor=actor, gtin=OIL, name_zh="山茶油", granularity="batch")
    maker = services.connect_partner(actor=actor, party="MAKER")
    keeper = services.connect_partner(
        actor=actor, party="KEEPER", rule=DeliveryRule(steps=["receiving", "shipping"])
    )
    return PartnerWorld(
        actor,
        factory_party,
        warehouse_party,
        factory,
        warehouse,
        hall,
        tea,
        oil,
        maker,
        keeper,
    )
