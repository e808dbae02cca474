"""What tests of consumers' scans need: goods with codes, and people who look at them.

Owns: fixtures that several folders import into their `conftest.py`.

Four items of lot L260301 were put on the goods, packed into a case, shipped from Hangzhou and
received at a partner's warehouse in Shanghai; two codes more were issued and never used.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.issuing import selectors as issuing
from suyuan.issuing.services import commission, open_lot, order_codes
from suyuan.masterdata.models import Product
from suyuan.masterdata.services import create_location, create_party, create_product
from suyuan.tenancy.actor import Actor
from suyuan.verification.facts import product_facts
from suyuan.verification.services import verify_item
from suyuan.verification.values import SeenBy, Verification
from tests.issuing_world import MADE

LOT = "L260301"
CASE = "https://id.gs1.org/00/395212340000000014"
ANN = SeenBy(address="203.0.113.7", agent="Ann's telephone", region="330100", language="zh-hans")
BEN = SeenBy(address="198.51.100.9", agent="Ben's telephone", region="440300", language="zh-hans")
SECRET_NAMES = (
    "云仓伙伴",
    "Partner warehouse",
    "urn:shop:order:PO-77-SECRET",
    "urn:sf:SF123456789",
    "买家张三",
)
"""What the journey's events and places say and no consumer may read."""


@dataclass(frozen=True)
class Goods:
    """A product with codes."""

    actor: Actor
    product: Product
    serials: list[str] = field(default_factory=list)  # on goods
    unused: list[str] = field(default_factory=list)  # issued only

    @property
    def gtin(self) -> str:
        return self.product.gtin

    def path(self, position: int = 0) -> str:
        return f"/01/{self.gtin}/21/{self.serials[position]}"

    def link(self, position: int = 0) -> str:
        return f"https://id.gs1.org{self.path(position)}"

    def ask(self, serial: str = "", seen_by: SeenBy = ANN, **changes: object) -> Verification:
        facts = product_facts(self.gtin)
        assert facts is not None
        asker = replace(seen_by, **changes)  # type: ignore[arg-type]
        return verify_item(facts=facts, serial=serial or self.serials[0], seen_by=asker)

    def mark(self, disposition: str, *epcs: str) -> None:
        """Capture what a recall captures, or what ends one."""
        event = build.object_event(
            time=MADE + timedelta(days=9),
            action="OBSERVE",
            epcs=[epc for epc in epcs if not _names_a_lot(epc)],
            quantities=[build.quantity(epc) for epc in epcs if _names_a_lot(epc)],
            step="holding",
            disposition=disposition,
        )
        capture_events(actor=self.actor, events=[event], source="tests")


def _names_a_lot(epc: str) -> bool:
    return "/10/" in epc


@pytest.fixture
def goods(actor: Actor) -> Goods:
    """Return goods on their way."""
    product = create_product(
        actor=actor,
        gtin="09521234000013",
        name_zh="明前龙井 50 克",
        name_en="Longjing 50 g",
        brand_zh="溪山明前",
        brand_en="Xishan",
        granularity="item",
        net_content="50 g",
        origin_zh="浙江杭州",
        storage_zh="密封避光",
        shelf_life_days=540,
    )
    create_party(
        actor=actor, code="WH", kind="warehouse", name_zh=SECRET_NAMES[0], name_en=SECRET_NAMES[1]
    )
    factory = create_location(
        actor=actor, code="FAC", kind="factory", name_zh="明前一厂", region="330100"
    )
    partner = create_location(
        actor=actor,
        code="WH-SH",
        kind="warehouse",
        name_zh=SECRET_NAMES[0],
        region="310000",
        party="WH",
    )
    open_lot(
        actor=actor,
        gtin=product.gtin,
        code=LOT,
        produced_on=MADE.date(),
        location_code="FAC",
        time=MADE,
    )
    order = order_codes(actor=actor, gtin=product.gtin, count=4, lot_code=LOT)
    commission(actor=actor, order_number=order.number, lot_code=LOT, time=MADE, location_code="FAC")
    spare = order_codes(actor=actor, gtin=product.gtin, count=2)
    links = issuing.links(order, count=4)
    here, there = factory.identifier, partner.identifier
    capture_events(
        actor=actor,
        source="tests",
        events=[
            build.aggregation_event(
                time=MADE + timedelta(hours=1),
                action="ADD",
                parent=CASE,
                children=links,
                step="packing",
                read_point=here,
            ),
            build.object_event(
                time=MADE + timedelta(hours=2),
                action="OBSERVE",
                epcs=[CASE],
                step="shipping",
                disposition="in_transit",
                read_point=here,
                transactions=[("po", SECRET_NAMES[2]), ("bol", SECRET_NAMES[3])],
                destinations=[("owning_party", "urn:suyuan:mingqian:party:WH")],
            ),
            build.object_event(
                time=MADE + timedelta(days=1),
                action="OBSERVE",
                epcs=[CASE],
                step="receiving",
                disposition="in_progress",
                read_point=there,
                location=there,
            ),
        ],
    )
    return Goods(
        actor,
        product,
        serials=issuing.serials(order, count=4),
        unused=issuing.serials(spare, count=2),
    )
