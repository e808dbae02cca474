"""The sandbox: where partners try, with what they may know and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from suyuan.capture.forgetting import NoSandboxError, forget_events
from suyuan.capture.identities import find_key
from suyuan.capture.models import CaptureJob, EventSequence, StoredEvent, TraceEntry
from suyuan.capture.selectors import events_stored
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import parse_epc
from suyuan.kernel.errors import Forbidden, NotFound
from suyuan.lineage.standing import (
    check_stock,
    organisations_behind,
    read_stock,
    refresh_stock,
)
from suyuan.masterdata.models import Location, Lot, Material, Party, Product
from suyuan.masterdata.selectors import published
from suyuan.masterdata.services import (
    create_location,
    create_lot,
    create_material,
    create_party,
    create_product,
    update_location,
)
from suyuan.partners import selectors, services
from suyuan.partners.delivery import check_delivery
from suyuan.partners.errors import InsideSandbox
from suyuan.partners.models import Partner
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.models import Membership, Organisation, User
from suyuan.tenancy.rights import SANDBOX_RIGHTS, Right, Role
from suyuan.tenancy.selectors import actor_for, organisations_of
from suyuan.tenancy.services import authenticate_token, create_organisation
from tests.partner_world import ITEM, OIL, TEA, TIME, PartnerWorld, observed

pytestmark = pytest.mark.django_db

type MakeMember = Callable[..., User]


def twin_of(world: PartnerWorld, code: str = "MAKER") -> Partner:
    """Return a partner's twin in the sandbox."""
    return services.open_sandbox(actor=world.actor, code=code)


def test_a_sandbox_is_made_once_for_all_partners(partners: PartnerWorld) -> None:
    first, second = twin_of(partners), twin_of(partners, "KEEPER")
    assert first.organisation == second.organisation
    assert first.organisation.sandbox_of == partners.actor.organisation
    assert first.organisation.slug == "mingqian-sandbox"
    assert twin_of(partners).id == first.id


def test_a_sandbox_finds_another_address_where_its_own_is_taken(partners: PartnerWorld) -> None:
    owner = User.objects.create_user(email="x@x.example", password="kettle and leaves")
    create_organisation(owner=owner, slug="mingqian-sandbox", name_zh="别家")
    assert twin_of(partners).organisation.slug == "mingqian-sandbox-1"


def test_a_sandbox_token_works_in_the_sandbox_alone(partners: PartnerWorld) -> None:
    _, secret = services.issue_partner_token(
        actor=partners.actor, code="MAKER", name="try", sandbox=True
    )
    speaker = authenticate_token(secret)
    assert speaker is not None
    assert speaker.organisation.sandbox_of == partners.actor.organisation
    event = observed(location=partners.factory.identifier)
    capture_events(actor=speaker, events=[event], source="tests", check=check_delivery)
    assert StoredEvent.objects.filter(organisation_id=partners.actor.organisation_id).count() == 0
    assert StoredEvent.objects.filter(organisation_id=speaker.organisation_id).count() == 1
    assert [one.name for one in selectors.sandbox_tokens(partners.actor.organisation_id, "MAKER")]
    assert selectors.sandbox_tokens(partners.actor.organisation_id, "KEEPER") == []


def test_what_is_refused_for_real_is_refused_in_the_sandbox(partners: PartnerWorld) -> None:
    twin = twin_of(partners, "KEEPER")
    places = selectors.partner_places(twin.organisation_id, twin)
    assert [place.identifier for place in places] == [partners.warehouse.identifier]
    assert twin.delivery_steps == ["receiving", "shipping"]


def test_the_sandbox_holds_what_the_partner_may_know(partners: PartnerWorld) -> None:
    create_party(actor=partners.actor, code="RIVAL", kind="dealer", name_zh="秘密经销商")
    create_location(actor=partners.actor, code="SECRET", name_zh="秘密仓")
    create_product(actor=partners.actor, gtin="09521234000037", name_zh="贸易品", own=False)
    create_product(actor=partners.actor, gtin="09521234000044", name_zh="旧品", active=False)
    create_product(actor=partners.actor, gtin="09521234000051", name_zh="代工品", own=False)
    leaf = create_material(actor=partners.actor, code="LEAF", name_zh="鲜叶")
    dealer = create_party(actor=partners.actor, code="SHOP", kind="dealer", name_zh="某某门店")
    partners.share(
        partners.maker,
        gtins=["09521234000051", leaf.gtin],
        places=["HALL"],
        parties=[dealer.code],
    )
    sandbox = twin_of(partners).organisation
    assert set(Party.objects.filter(organisation=sandbox).values_list("code", "name_zh")) == {
        ("MAKER", "一厂"),
        ("SHOP", "SHOP"),
    }
    assert set(Location.objects.filter(organisation=sandbox).values_list("code", "name_zh")) == {
        ("PLANT", "车间"),
        ("HALL", "HALL"),
    }
    products = Product.objects.filter(organisation=sandbox)
    assert set(products.values_list("gtin", flat=True)) == {TEA, OIL, "09521234000051"}
    materials = Material.objects.filter(organisation=sandbox)
    assert list(materials.values_list("name_zh", flat=True)) == ["鲜叶"]


def test_a_lot_is_copied_when_the_partner_sees_an_event_of_it(partners: PartnerWorld) -> None:
    for code in ("SEEN", "UNSEEN", "SILENT"):
        create_lot(actor=partners.actor, gtin=TEA, code=code, produced_on=date(2026, 3, 1))
    plant = partners.factory.identifier
    for code, place in (("SEEN", plant), ("UNSEEN", partners.hall.identifier)):
        lot = f"https://id.gs1.org/01/{TEA}/10/{code}"
        partners.capture(observed(quantities=[build.quantity(lot, 4)], location=place))
    partners.share(partners.maker, own_places=True)
    for _ in range(2):
        sandbox = twin_of(partners).organisation
        lots = Lot.objects.filter(organisation=sandbox)
        assert list(lots.values_list("code", flat=True)) == ["SEEN"]


def test_opening_again_brings_the_agreement_up_to_date(partners: PartnerWorld) -> None:
    number = partners.share(partners.maker, gtins=[TEA])
    twin_of(partners)
    services.unshare(actor=partners.actor, code="MAKER", number=number)
    partners.share(partners.maker, steps=["shipping"])
    services.update_partner(actor=partners.actor, code="MAKER", rule=DeliveryRule("all"))
    update_location(actor=partners.actor, code="PLANT", gln="6901234000023", name_zh="新车间")
    twin = twin_of(partners)
    (rule,) = selectors.share_rules(twin.organisation_id, twin.id)
    assert (rule.number, rule.gtins, rule.steps, twin.delivery) == (2, [], ["shipping"], "all")
    place = Location.objects.get(organisation=twin.organisation)
    assert (place.gln, place.name_zh) == ("6901234000023", "新车间")


def test_no_product_of_a_sandbox_is_answered_for_in_public(partners: PartnerWorld) -> None:
    twin_of(partners)
    answer = published(TEA)
    assert answer is not None
    assert answer.organisation == partners.actor.organisation


def test_what_is_tried_does_not_count(partners: PartnerWorld) -> None:
    twin = twin_of(partners)
    capture_events(actor=system_actor(twin.organisation), events=[observed()], source="tests")
    assert events_stored() == 0


def test_a_reset_forgets_events_and_keeps_numbers_keys_and_tokens(partners: PartnerWorld) -> None:
    _, secret = services.issue_partner_token(
        actor=partners.actor, code="MAKER", name="try", sandbox=True
    )
    sandbox = twin_of(partners).organisation
    real = partners.capture(observed())
    actor = system_actor(sandbox)
    capture_events(actor=actor, events=[observed()], source="tests")
    key = find_key(sandbox.pk, parse_epc(f"{ITEM}A1"))
    services.reset_sandbox(actor=partners.actor)
    for model in (StoredEvent, TraceEntry, CaptureJob):
        assert not model.objects.filter(organisation_id=sandbox.pk).exists()
    assert EventSequence.objects.get(organisation=sandbox).next == 2
    assert find_key(sandbox.pk, parse_epc(f"{ITEM}A1")) == key
    assert authenticate_token(secret) is not None
    assert (
        list(
            StoredEvent.objects.filter(organisation_id=partners.actor.organisation_id).values_list(
                "seq", flat=True
            )
        )
        == real
    )
    again = capture_events(actor=actor, events=[observed()], source="tests")
    assert (again.stored, again.first_seq) == (1, 2)


def test_a_reset_empties_the_stock_of_the_sandbox_and_no_other(partners: PartnerWorld) -> None:
    sandbox = twin_of(partners).organisation
    actor = system_actor(sandbox)
    partners.capture(observed())
    capture_events(actor=actor, events=[observed()], source="tests")
    for one in (sandbox.pk, partners.actor.organisation_id):
        refresh_stock(one)
        assert read_stock(one).lines
    services.reset_sandbox(actor=partners.actor)
    assert not read_stock(sandbox.pk).lines
    assert read_stock(partners.actor.organisation_id).lines
    assert sandbox.pk not in organisations_behind()
    capture_events(actor=actor, events=[observed()], source="tests")
    assert not check_stock(sandbox.pk).wrong
    assert sum(line.items for line in read_stock(sandbox.pk).lines) == 1


def test_real_events_are_never_forgotten(partners: PartnerWorld) -> None:
    partners.capture(observed(time=TIME))
    with pytest.raises(NotFound):
        services.reset_sandbox(actor=partners.actor)
    with pytest.raises(NoSandboxError):
        forget_events(partners.actor.organisation)
    assert events_stored() == 1


def test_members_of_the_brand_look_into_its_sandbox_and_change_nothing(
    partners: PartnerWorld, member: MakeMember, other_organisation: Organisation
) -> None:
    sandbox = twin_of(partners).organisation
    owner = member(Role.OWNER)
    visitor = actor_for(user=owner, slug=sandbox.slug)
    assert (visitor.organisation, visitor.rights) == (sandbox, SANDBOX_RIGHTS)
    assert actor_for(user=member(Role.MARKETING), slug=sandbox.slug).rights == {
        Right.MASTERDATA_VIEW
    }
    with pytest.raises(NotFound):
        actor_for(user=member(Role.OWNER, other_organisation), slug=sandbox.slug)
    assert organisations_of(owner) == [partners.actor.organisation]
    with pytest.raises(InsideSandbox):
        services.open_sandbox(actor=visitor, code="MAKER")
    with pytest.raises(InsideSandbox):
        services.connect_partner(actor=system_actor(sandbox), party="MAKER")


def test_nobody_who_speaks_for_a_partner_looks_into_the_sandbox(partners: PartnerWorld) -> None:
    sandbox = twin_of(partners).organisation
    user = User.objects.create_user(email="p@p.example", password="kettle and leaves")
    Membership.objects.create(
        organisation=partners.actor.organisation,
        user=user,
        role=Role.OWNER.value,
        holder=partners.maker.id,
    )
    with pytest.raises(NotFound):
        actor_for(user=user, slug=sandbox.slug)


def test_a_person_of_a_partner_opens_its_own_sandbox_alone(partners: PartnerWorld) -> None:
    speaker = partners.speaker(partners.maker, user_id=1)
    assert services.open_sandbox(actor=speaker, code="MAKER").code == "MAKER"
    with pytest.raises(NotFound):
        services.open_sandbox(actor=speaker, code="KEEPER")
    with pytest.raises(Forbidden):
        services.open_sandbox(actor=partners.speaker(partners.maker), code="MAKER")
    stranger = Actor(partners.actor.organisation, "user:x", frozenset(), user_id=1)
    with pytest.raises(Forbidden):
        services.open_sandbox(actor=stranger, code="MAKER")
