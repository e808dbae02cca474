"""Where partners try what they send: an organisation apart, with what they may know of the brand.

Owns: opening and emptying a sandbox, and what is copied into it.
Invariant: nothing is copied that the partner could not learn anyway: its own places, the codes in
what is shared with it, products that the brand publishes, lots that events name which it sees.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Q

from suyuan.capture.forgetting import forget_events
from suyuan.capture.identities import find_keys
from suyuan.capture.queries.visible import visible
from suyuan.capture.selectors import seqs_about
from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, NotFound
from suyuan.lineage.standing import forget_stock
from suyuan.masterdata.models import Location, Lot, Material, Party, Product, Publication
from suyuan.partners.errors import InsideSandbox, PartnerEnded
from suyuan.partners.models import Partner, ShareRule
from suyuan.partners.selectors import get_partner, partner_of, view_of_partner
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import sandbox_for

_MOST_PRODUCTS: Final = 5_000
_MOST_LOTS: Final = 200
_EVENTS_PER_LOT: Final = 20
_AGREED: Final = ("delivery", "delivery_places", "delivery_steps")
_SHARED: Final = (
    "number own_places places own_party parties gtins steps since until note created_at ended_at"
).split()


@transaction.atomic()
def open_sandbox(*, actor: Actor, code: str) -> Partner:
    """Return the partner's twin in the sandbox, with what it may know brought up to date.

    Args:
        actor: Edits partners, or is a person who speaks for this one.
        code: The partner.

    Raises:
        Forbidden: the actor is neither.
        NotFound: no such partner.
        PartnerEnded: it is not connected any more.
        InsideSandbox: the organisation is a sandbox itself.
    """
    if actor.organisation.sandbox_of_id is not None:
        raise InsideSandbox
    partner = _partner(actor, code)
    if not partner.active:
        raise PartnerEnded(place="partner", partner=partner.code)
    sandbox = sandbox_for(actor=actor)
    rules = list(
        ShareRule.objects.filter(
            organisation_id=actor.organisation_id, partner_id=partner.id, ended_at=None
        )
    )
    party = _copy_parties(sandbox, partner, rules)
    _copy_places(sandbox, partner, rules, party)
    _copy_products(sandbox, partner, rules)
    _copy_lots(sandbox, partner)
    return _twin(sandbox, partner, rules, party)


@transaction.atomic()
def reset_sandbox(*, actor: Actor) -> None:
    """Empty the sandbox of every partner's events; tokens and master data stay.

    Raises:
        Forbidden: without `partners.edit`.
        NotFound: no sandbox has been opened.
    """
    actor.require(Right.PARTNERS_EDIT)
    sandbox = Organisation.objects.filter(sandbox_of_id=actor.organisation_id).first()
    if sandbox is None:
        raise NotFound(kind="sandbox")
    gone = forget_events(sandbox)
    forget_stock(sandbox.pk)
    actor.audit(
        "sandbox.reset",
        kind="organisation",
        object_id=sandbox.slug,
        changes={"events": [gone, 0]},
    )


def _partner(actor: Actor, code: str) -> Partner:
    if actor.holder is None:
        actor.require(Right.PARTNERS_EDIT)
        return get_partner(actor.organisation_id, code)
    if actor.user_id is None:
        raise Forbidden(right=Right.PARTNERS_EDIT.value)
    partner = partner_of(actor)
    if partner is None or partner.code != code:
        raise NotFound(kind="partner")
    return partner


def _copy_parties(sandbox: Organisation, partner: Partner, rules: list[ShareRule]) -> Party:
    """Copy the partner's party with its names, those that rules name with their codes alone."""
    codes = {code for rule in rules for code in rule.parties} | {partner.code}
    there = {row.code: row for row in Party.objects.filter(organisation=sandbox, code__in=codes)}
    now = clock.now()
    for row in Party.objects.filter(organisation_id=partner.organisation_id, code__in=codes):
        copy = there.setdefault(
            row.code,
            Party(
                organisation=sandbox,
                code=row.code,
                name_zh=row.code,
                kind=row.kind,
                created_at=now,
            ),
        )
        copy.gln, copy.changed_at = row.gln, now
        if row.id == partner.party_id:
            copy.name_zh, copy.name_en = row.name_zh, row.name_en
        copy.save()
    return there[partner.code]


def _copy_places(
    sandbox: Organisation, partner: Partner, rules: list[ShareRule], party: Party
) -> None:
    codes = {code for rule in rules for code in rule.places} | set(partner.delivery_places)
    rows = Location.objects.filter(
        Q(party_id=partner.party_id) | Q(code__in=codes), organisation_id=partner.organisation_id
    )
    there = {row.code: row for row in Location.objects.filter(organisation=sandbox)}
    now = clock.now()
    for row in rows:
        copy = there.get(row.code) or Location(
            organisation=sandbox, code=row.code, name_zh=row.code, kind=row.kind, created_at=now
        )
        copy.gln, copy.changed_at = row.gln, now
        if row.party_id == partner.party_id:
            copy.name_zh, copy.name_en, copy.party_id = row.name_zh, row.name_en, party.id
            copy.region, copy.latitude, copy.longitude = row.region, row.latitude, row.longitude
        copy.save()


def _copy_products(sandbox: Organisation, partner: Partner, rules: list[ShareRule]) -> None:
    """Copy what the brand publishes, and what is shared; nothing there is claimed in public."""
    named = {gtin for rule in rules for gtin in rule.gtins}
    public = Publication.objects.filter(organisation_id=partner.organisation_id)
    rows = Product.objects.filter(
        Q(gtin__in=public.values("gtin"), active=True) | Q(gtin__in=named),
        organisation_id=partner.organisation_id,
    )
    there = set(Product.objects.filter(organisation=sandbox).values_list("gtin", flat=True))
    now = clock.now()
    Product.objects.bulk_create(
        Product(
            organisation=sandbox,
            gtin=row.gtin,
            own=False,
            name_zh=row.name_zh,
            name_en=row.name_en,
            category=row.category,
            granularity=row.granularity,
            net_content=row.net_content,
            created_at=now,
            changed_at=now,
        )
        for row in rows.order_by("gtin")[:_MOST_PRODUCTS]
        if row.gtin not in there
    )
    materials = Material.objects.filter(
        organisation_id=partner.organisation_id, gtin__in=named
    ).exclude(gtin__in=Material.objects.filter(organisation=sandbox).values("gtin"))
    Material.objects.bulk_create(
        Material(
            organisation=sandbox,
            gtin=row.gtin,
            code=row.gtin,
            name_zh=row.name_zh,
            name_en=row.name_en,
            uom=row.uom,
            created_at=now,
            changed_at=now,
        )
        for row in materials
    )


def _copy_lots(sandbox: Organisation, partner: Partner) -> None:
    """Copy the latest lots of which the partner sees an event."""
    products = {row.gtin: row.id for row in Product.objects.filter(organisation=sandbox)}
    rows = list(
        Lot.objects.filter(
            organisation_id=partner.organisation_id, product__gtin__in=products.keys()
        )
        .select_related("product")
        .order_by("-produced_on")[:_MOST_LOTS]
    )
    there = set(Lot.objects.filter(organisation=sandbox).values_list("product_id", "code"))
    view = view_of_partner(partner.organisation, partner)
    keys = find_keys(partner.organisation_id, [row.identity for row in rows])
    now = clock.now()
    for row in rows:
        key = keys.get(row.identity)
        if key is None or (products[row.product.gtin], row.code) in there:
            continue
        about = [seq for seq, _ in seqs_about(partner.organisation_id, key)][-_EVENTS_PER_LOT:]
        if visible(partner.organisation_id, view, about):
            Lot.objects.create(
                organisation=sandbox,
                product_id=products[row.product.gtin],
                code=row.code,
                produced_on=row.produced_on,
                expires_on=row.expires_on,
                created_at=now,
                changed_at=now,
            )


def _twin(sandbox: Organisation, partner: Partner, rules: list[ShareRule], party: Party) -> Partner:
    """Bring the partner of the sandbox in line with what is agreed for real."""
    agreed = {name: getattr(partner, name) for name in _AGREED}
    twin, _ = Partner.objects.update_or_create(
        organisation=sandbox,
        party_id=party.id,
        defaults={**agreed, "ended_at": None},
        create_defaults={**agreed, "created_at": clock.now()},
    )
    ShareRule.objects.filter(organisation=sandbox, partner_id=twin.id).delete()
    ShareRule.objects.bulk_create(
        ShareRule(
            organisation=sandbox,
            partner_id=twin.id,
            created_by="system",
            **{name: getattr(rule, name) for name in _SHARED},
        )
        for rule in rules
    )
    return Partner.objects.select_related("party", "organisation").get(
        organisation=sandbox, id=twin.id
    )
