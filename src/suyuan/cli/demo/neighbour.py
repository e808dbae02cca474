"""A second organisation on the same installation, which sees nothing of the first.

Owns: the contract dairy 「河套乳业」 with a product and events of its own.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from suyuan.cli.demo import brand
from suyuan.cli.demo.timeline import Timeline
from suyuan.core.identifiers import check_digit
from suyuan.issuing import services as issuing
from suyuan.issuing.values import MaterialUse
from suyuan.masterdata import services as masterdata
from suyuan.process import services as process
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import User
from suyuan.tenancy.selectors import actor_for
from suyuan.tenancy.services import add_company_prefix, create_organisation

SLUG: Final = "hetao-dairy"
OWNER: Final = "factory@hetao-dairy.example"
_PREFIX: Final = "9527654"
_ITEMS: Final = 240


def found(password_hash: str) -> Actor:
    """Make the organisation and its owner."""
    user = User.objects.create_user(OWNER, None, name="马河生")
    user.password = password_hash
    user.save(update_fields=["password"])
    create_organisation(owner=user, slug=SLUG, name_zh="河套乳业（代工厂）", name_en="Hetao Dairy")
    actor = actor_for(user=user, slug=SLUG)
    add_company_prefix(actor=actor, prefix=_PREFIX)
    return actor


def work(actor: Actor, time: Timeline, *, items: int = _ITEMS) -> None:
    """Make and ship two lots of milk powder."""
    body = f"0{_PREFIX}00001"
    gtin = body + check_digit(body)
    masterdata.create_party(actor=actor, code="MILK", kind="supplier", name_zh="河套奶户联社")
    masterdata.create_party(
        actor=actor, code="MUYEYUAN", kind="dealer", name_zh=brand.NAME_ZH, name_en=brand.NAME_EN
    )
    masterdata.create_location(
        actor=actor,
        code="PLANT",
        kind="factory",
        name_zh="河套工厂",
        name_en="Hetao plant",
        region="150000",
        latitude=40.75,
        longitude=107.39,
    )
    masterdata.create_product(
        actor=actor,
        gtin=gtin,
        name_zh="河套全脂奶粉 1 kg",
        name_en="Hetao whole milk powder, 1 kg",
        category="dairy",
        granularity="item",
        shelf_life_days=540,
    )
    milk = masterdata.create_material(
        actor=actor, code="MILK", name_zh="生牛乳", name_en="Raw milk", uom="KGM", supplier="MILK"
    )
    for day in (70, 110):
        with time.held(day + 0.9):
            _lot(actor, time, gtin, milk.gtin, day, items // 2)


def _lot(actor: Actor, time: Timeline, gtin: str, milk: str, day: int, count: int) -> None:
    at = time.moment(day + 0.3)
    code = f"{at:%y%m%d}"
    masterdata.create_material_lot(
        actor=actor, material="MILK", code=f"M{code}", received_on=at.date()
    )
    issuing.open_lot(
        actor=actor,
        gtin=gtin,
        code=f"H{code}",
        produced_on=at.date(),
        location_code="PLANT",
        inputs=[MaterialUse(milk, f"M{code}", Decimal(count * 8), "KGM")],
        quantity=Decimal(count),
        time=at,
    )
    order = issuing.order_codes(actor=actor, gtin=gtin, count=count, lot_code=f"H{code}")
    later = at + timedelta(hours=3)
    issuing.commission(
        actor=actor, order_number=order.number, lot_code="", time=later, location_code="PLANT"
    )
    packed = issuing.pack_order(
        actor=actor,
        order_number=order.number,
        per_case=12,
        per_pallet=10,
        location_code="PLANT",
        time=at + timedelta(hours=5),
    )
    process.ship(
        actor=actor,
        units=packed.pallets,
        from_location="PLANT",
        to_party="MUYEYUAN",
        transactions=[("desadv", f"HT{code}")],
        time=at + timedelta(hours=9),
    )
