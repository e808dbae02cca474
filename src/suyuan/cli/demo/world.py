"""What the parts of the story share: who acts, what exists, what has been promised.

Owns: `World`, and the master data of the brand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from suyuan.capture.services import capture_events
from suyuan.cli.demo import brand, network, pictures
from suyuan.cli.demo.timeline import Timeline
from suyuan.masterdata import services as masterdata
from suyuan.masterdata.models import InnerCode, Location, Party
from suyuan.masterdata.selectors import locations_by_identifier, parties_by_identifier
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation, User
from suyuan.tenancy.rights import Right, Role
from suyuan.tenancy.selectors import actor_for
from suyuan.tenancy.services import (
    accept_invitation,
    add_company_prefix,
    create_organisation,
    invite,
    issue_token,
)


@dataclass(frozen=True, slots=True)
class Pallet:
    """A pallet as its factory packed it: its cases, each with its items."""

    text: str
    product: str
    lot: str
    cases: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(slots=True)
class World:
    """The brand while its story is told."""

    organisation: Organisation
    people: Mapping[Role, Actor]
    time: Timeline
    scale: float
    places: dict[str, str] = field(default_factory=dict)  # code → identifier
    parties: dict[str, str] = field(default_factory=dict)
    material_gtins: dict[str, str] = field(default_factory=dict)
    # (hub, day) → parcels that arrive there
    hubs: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    items: int = 0
    bad_lots: frozenset[str] = frozenset()
    milk: set[tuple[str, int]] = field(default_factory=set)
    pallets: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The organisation's id."""
        return self.organisation.pk

    def cases_of(self, product: brand.DemoProduct) -> int:
        """How many cases a lot of a product has in a demonstration of this size."""
        return max(1, round(product.cases * self.scale))


def found_brand() -> tuple[Organisation, dict[Role, Actor]]:
    """Make the organisation and its people; everybody joins by invitation."""
    owner = brand.PEOPLE[0]
    user = User.objects.create_user(owner.email, brand.PASSWORD, name=owner.name)
    organisation = create_organisation(
        owner=user, slug=brand.SLUG, name_zh=brand.NAME_ZH, name_en=brand.NAME_EN
    )
    actors = {Role.OWNER: actor_for(user=user, slug=brand.SLUG)}
    add_company_prefix(actor=actors[Role.OWNER], prefix=brand.PREFIX)
    for person in brand.PEOPLE[1:]:
        # Hashing a password well takes 50 ms on purpose; one hash serves all who share it.
        member = User.objects.create_user(person.email, None, name=person.name)
        member.password = user.password
        member.save(update_fields=["password"])
        _, token = invite(actor=actors[Role.OWNER], email=person.email, role=person.role.value)
        accept_invitation(user=member, token=token)
        actors[person.role] = actor_for(user=member, slug=brand.SLUG)
    return organisation, actors


def store_masterdata(world: World) -> None:
    """Store partners, places, products with pictures, and materials."""
    planner = world.people[Role.PLANNER]
    for number, party in enumerate(network.PARTIES, 1):
        masterdata.create_party(
            actor=planner,
            code=party.code,
            kind=party.kind,
            name_zh=party.name_zh,
            name_en=party.name_en,
            gln=network.partner_gln(number),
            address=party.address,
            contact=network.recall_desk(party),
        )
    for number, place in enumerate(network.PLACES, 1):
        make_gln = network.partner_gln if place.party else network.own_gln
        masterdata.create_location(
            actor=planner,
            code=place.code,
            kind=place.kind,
            name_zh=place.name_zh,
            name_en=place.name_en,
            region=place.region,
            latitude=place.latitude,
            longitude=place.longitude,
            party=place.party,
            gln=make_gln(1000 + number),
        )
    for product in brand.PRODUCTS:
        _store_product(planner, product)
    for material in brand.MATERIALS:
        row = masterdata.create_material(
            actor=planner,
            code=material.code,
            name_zh=material.name_zh,
            name_en=material.name_en,
            uom=material.uom,
            supplier=material.supplier,
        )
        world.material_gtins[material.code] = row.gtin
    known = _codes(locations_by_identifier(world.id)), _codes(parties_by_identifier(world.id))
    world.places, world.parties = known


def _codes(rows: Mapping[str, Location] | Mapping[str, Party]) -> dict[str, str]:
    return {row.code: row.identifier for row in rows.values()}


def _store_product(planner: Actor, product: brand.DemoProduct) -> None:
    masterdata.create_product(
        actor=planner,
        gtin=product.gtin,
        own=True,
        name_zh=product.name_zh,
        name_en=product.name_en,
        description_zh=product.description_zh,
        description_en=product.description_en,
        brand_zh=brand.NAME_ZH,
        brand_en=brand.NAME_EN,
        category=product.category,
        granularity=product.granularity,
        shelf_life_days=product.shelf_life_days,
        net_content=product.net_content,
        origin_zh=product.origin_zh,
        origin_en=product.origin_en,
        storage_zh=product.storage_zh,
        storage_en=product.storage_en,
        inner_code=InnerCode.SCRATCH if product.scratch else InnerCode.NONE,
        inner_hint_zh="在瓶身背标的涂层下" if product.scratch else "",
        inner_hint_en="Under the layer on the back label" if product.scratch else "",
    )
    picture = pictures.pack_shot(product.shape)
    masterdata.add_picture(actor=planner, gtin=product.gtin, content=picture)


def connect_systems(world: World) -> None:
    """Give the systems of warehouses and shippers tokens, and let them report."""
    owner = world.people[Role.OWNER]
    labels = [house.token for house in network.WAREHOUSES]
    for label in (*labels, network.SHIPPER_TOKEN):
        token, _secret = issue_token(
            actor=owner, name=label, scopes=[Right.EVENTS_CAPTURE.value], expires_at=None
        )
        actor = Actor(
            organisation=world.organisation,
            name=f"token:{token.name}",
            rights=frozenset({Right.EVENTS_CAPTURE}),
        )
        send = partial(capture_events, actor=actor, source="http")
        world.time.reporter(label, lambda events, send=send: send(events=events))  # type: ignore[misc]
