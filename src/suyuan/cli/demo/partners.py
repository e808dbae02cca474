"""Two connected partners, and who is told of new events.

Owns: the distillery, which makes the liquor under contract, and a carrier: what is agreed with
them, what they deliver in documents of their own, the sandbox; the brand's stored query, with a
subscription.

The distillery's system knows EPCIS 1.2 alone and writes XML; the carrier sends JSON-LD. Both speak
by a token through the check that every partner's delivery passes. The subscription is paused from
the beginning: its receiver does not exist.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from suyuan.capture.services import CaptureOutcome, capture_document
from suyuan.cli.demo import brand, network
from suyuan.cli.demo.world import Pallet, World
from suyuan.core.epcis import Media, build
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.core.epcis.xml.write import XmlVersion, write_xml
from suyuan.kernel import clock
from suyuan.partners import services
from suyuan.partners.delivery import check_delivery
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.partners.services.sharing import Limits
from suyuan.subscriptions import services as subscriptions
from suyuan.tenancy.models import User
from suyuan.tenancy.rights import Role
from suyuan.tenancy.selectors import actor_for
from suyuan.tenancy.services import accept_invitation, authenticate_token

DISTILLER, CARRIER = "FAC-DISTIL", "SHIP-XD"
EMAIL: Final = "factory@plateau-distillery.example"
QUERY: Final = "returned-goods"
_NAME: Final = "石新酿"
_RECEIVER: Final = "https://crm.muyeyuan.example/returns"
_DISTILLER_SINCE, _CARRIER_SINCE, _TOLD_SINCE = 58.3, 97.4, 118.6
_TRIED: Final = 58.6
_ASTRAY: Final = 99  # the day of wrong lines in the distillery's document
_SEASON: Final = timedelta(days=21)
_WAREHOUSES: Final = [house.place for house in network.WAREHOUSES]
_HUBS: Final = {place.code: place.party for place in network.PLACES if place.kind == "hub"}

type Events = Sequence[dict[str, Any]]


def plan(world: World) -> None:
    """Plan the connections, what the distillery tries first, and the subscription."""
    world.time.at(_DISTILLER_SINCE, lambda: _connect_distiller(world))
    world.time.at(_CARRIER_SINCE, lambda: _connect_carrier(world))
    world.time.at(_TOLD_SINCE, lambda: _subscribe(world))


def reporter_of_hub(hub: str, at: float) -> str:
    """Return who reports from a hub: its carrier once it is connected, before that all alike."""
    connected = _HUBS[hub] == CARRIER and at > _CARRIER_SINCE
    return CARRIER if connected else network.SHIPPER_TOKEN


def stage(world: World, at: float, pallet: Pallet) -> None:
    """Let the distillery tell that a pallet of its own waits for its lorry."""
    if pallet.product != brand.LIQUOR.key or at < _DISTILLER_SINCE:
        return
    world.time.report(DISTILLER, at, _told(world, at, pallet, network.DISTILLERY))
    if int(at) == _ASTRAY:
        # From a place that is not its own: the line is refused, and stays in the job's list.
        event = _told(world, at + 0.01, pallet, _WAREHOUSES[1], step="receiving")
        world.time.report(DISTILLER, at, event)


def _told(
    world: World, at: float, pallet: Pallet, place: str, *, step: str = "staging_outbound"
) -> dict[str, Any]:
    here = world.places[place]
    return build.object_event(
        time=world.time.moment(at),
        action="OBSERVE",
        epcs=[pallet.text],
        step=step,
        disposition="in_progress",
        read_point=here,
        location=here,
    )


# ── what is agreed ──────────────────────────────────────────────────────────────────────────


def _connect_distiller(world: World) -> None:
    owner = world.people[Role.OWNER]
    services.connect_partner(actor=owner, party=DISTILLER, contact="石新酿 0831-555-0142")
    services.share(
        actor=owner, code=DISTILLER, limits=Limits(own_places=True), note="自己酒坊里的一切"
    )
    services.share(
        actor=owner,
        code=DISTILLER,
        limits=Limits(
            gtins=[brand.LIQUOR.gtin],
            places=_WAREHOUSES,
            steps=["unpacking", "receiving", "destroying"],
        ),
        note="高粱酒在各仓拆箱、退回、销毁：据此安排下一批",
    )
    _, secret = services.issue_partner_token(actor=owner, code=DISTILLER, name="酒坊 ERP")
    world.time.reporter(DISTILLER, partial(_deliver_xml, secret))
    _take_in(world)
    world.time.at(_TRIED, lambda: _try_out(world))


def _take_in(world: World) -> None:
    """Let a person of the distillery in, by invitation as everybody."""
    owner = world.people[Role.OWNER]
    person = User.objects.create_user(EMAIL, None, name=_NAME)
    person.password = User.objects.get(email=brand.OWNER).password
    person.save(update_fields=["password"])
    _, token = services.invite_person(actor=owner, code=DISTILLER, email=EMAIL)
    accept_invitation(user=person, token=token)


def _try_out(world: World) -> None:
    """Let that person make a token for the sandbox, and send a first document there."""
    person = actor_for(user=User.objects.get(email=EMAIL), slug=world.organisation.slug)
    _, secret = services.issue_partner_token(
        actor=person, code=DISTILLER, name="ERP 联调", sandbox=True
    )
    case = "https://id.gs1.org/00/095212340000000013"
    event = build.object_event(
        time=clock.now() - timedelta(minutes=20),
        action="OBSERVE",
        epcs=[case],
        step="staging_outbound",
        disposition="in_progress",
        read_point=world.places[network.DISTILLERY],
    )
    _deliver_xml(secret, [event])


def _connect_carrier(world: World) -> None:
    owner, now = world.people[Role.OWNER], clock.now()
    services.connect_partner(
        actor=owner,
        party=CARRIER,
        contact="调度台 010-5550-0199",
        rule=DeliveryRule(steps=["arriving", "departing"]),
    )
    services.share(
        actor=owner, code=CARRIER, limits=Limits(own_places=True), note="自己分拨中心的扫描"
    )
    services.share(
        actor=owner,
        code=CARRIER,
        limits=Limits(
            places=_WAREHOUSES[:1],
            steps=["shipping"],
            since=now,
            until=now + _SEASON * 2,
        ),
        note="旺季天津仓的交运，便于排车",
    )
    _, secret = services.issue_partner_token(actor=owner, code=CARRIER, name="迅蹄轨迹推送")
    world.time.reporter(CARRIER, partial(_deliver_json, secret))


# ── what they send ──────────────────────────────────────────────────────────────────────────


def _deliver_json(secret: str, events: Events) -> CaptureOutcome:
    document = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": clock.now().isoformat(),
        "epcisBody": {"eventList": events},
    }
    return _deliver(secret, json.dumps(document, ensure_ascii=False).encode(), "json")


def _deliver_xml(secret: str, events: Events) -> CaptureOutcome:
    told = [(event, dict[str, str]()) for event in events]
    created = clock.now().isoformat()
    return _deliver(secret, write_xml(told, version=XmlVersion.V1_2, created=created), "xml")


def _deliver(secret: str, body: bytes, media: Media) -> CaptureOutcome:
    """Send a document as a partner's system does: by its token, keeping what is right."""
    actor = authenticate_token(secret)
    if actor is None:
        message = "a partner's token has ended"
        raise RuntimeError(message)
    return capture_document(
        actor=actor, body=body, source="http", proceed=True, media=media, check=check_delivery
    )


# ── who is told ─────────────────────────────────────────────────────────────────────────────


def _subscribe(world: World) -> None:
    """Store a query, and a subscription that sends nothing: nobody is at its address."""
    planner = world.people[Role.PLANNER]
    query = {
        "eventType": ["ObjectEvent"],
        "EQ_bizStep": ["receiving"],
        "EQ_disposition": ["returned"],
    }
    subscriptions.define_query(actor=planner, name=QUERY, query=query)
    row = subscriptions.subscribe(
        actor=planner,
        query_name=QUERY,
        dest=_RECEIVER,
        name="crm",
        signature_token=secrets.token_urlsafe(),
        stream=True,
    )
    subscriptions.pause(actor=planner, subscription_id=row.id)
