"""Products and imports in a browser: made, found again, previewed, by people and by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from suyuan.exchange.services import preview_import
from suyuan.masterdata import services
from suyuan.masterdata.models import Product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations

pytestmark = pytest.mark.django_db(transaction=True)

GTIN = "09521234000013"
ROWS = f"GTIN,中文名称,品类,追溯粒度\n{GTIN},明前龙井礼盒,tea,item\n,九曲红梅,tea,batch\n"
REFUSED = "GTIN,中文名称,品类\n9521234000014,老白茶,castle\n"


def address(actor: Actor, name: str, **key: str) -> str:
    return reverse(f"masterdata:{name}", kwargs={"org": actor.organisation.slug, **key})


@pytest.fixture
def filled(actor: Actor) -> Actor:
    """Return the actor of an organisation that has a row of each kind."""
    services.create_party(actor=actor, code="S1", kind="supplier", name_zh="龙井茶农合作社")
    services.create_location(
        actor=actor, code="F1", name_zh="狮峰茶园", kind="farm", party="S1", region="330100"
    )
    services.create_material(actor=actor, code="LEAF", name_zh="鲜叶", supplier="S1")
    services.create_product(
        actor=actor, gtin=GTIN, name_zh="明前龙井", category="tea", granularity="item"
    )
    services.create_lot(
        actor=actor, gtin=GTIN, code="L1", produced_on=date(2026, 3, 1), location="F1"
    )
    services.create_material_lot(actor=actor, material="LEAF", code="F-1")
    return actor


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_screens_are_accessible_and_fit_the_screen(
    filled: Actor, open_page: OpenPage, violations: Violations, phone: bool
) -> None:
    runs = [
        preview_import(actor=filled, kind="products", file_name="春茶.csv", body=text.encode())
        for text in (ROWS, REFUSED)
    ]
    page = open_page(address(filled, "products"), role=Role.OWNER, phone=phone)
    origin = page.url.removesuffix(address(filled, "products"))
    for path in (
        address(filled, "products"),
        address(filled, "product", gtin=GTIN),
        address(filled, "product_new"),
        address(filled, "locations"),
        address(filled, "location_new"),
        address(filled, "lot", gtin=GTIN, code="L1"),
        address(filled, "material_lot", material="LEAF", code="F-1"),
        address(filled, "import_new", kind="products"),
        *(address(filled, "import", reference=run.reference) for run in runs),
    ):
        page.goto(origin + path)
        assert violations(page) == [], path
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, path


def test_product_is_made_and_shown_with_its_number(actor: Actor, open_page: OpenPage) -> None:
    page = open_page(address(actor, "product_new"), role=Role.OWNER)
    page.get_by_label("中文名称").fill("明前龙井")
    page.get_by_label("品类").select_option("tea")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("明前龙井")
    expect(page.get_by_text("限域流通").first).to_be_visible()
    assert Product.objects.get().name_zh == "明前龙井"


def test_file_is_previewed_in_words_and_then_imported(filled: Actor, open_page: OpenPage) -> None:
    page = open_page(address(filled, "import_new", kind="products"), role=Role.OWNER)
    page.get_by_label("电子表格").set_input_files(
        {"name": "春茶.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    )
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("cell", name="将分配新编号")).to_be_visible()
    expect(page.get_by_text("按批次")).to_be_visible()
    assert Product.objects.count() == 1
    page.get_by_role("button", name="导入全部行").click()
    expect(page.get_by_text("全部行已导入")).to_be_visible()
    assert Product.objects.count() == 2


def test_lot_leads_to_its_journey_its_recall_and_its_product(
    filled: Actor, open_page: OpenPage
) -> None:
    page = open_page(address(filled, "lot", gtin=GTIN, code="L1"), role=Role.OWNER)
    slug = filled.organisation.slug
    journey = reverse("trace:lot", kwargs={"org": slug, "gtin": GTIN, "lot": "L1"})
    expect(page.get_by_role("link", name="履历与批次谱系")).to_have_attribute("href", journey)
    recall = page.get_by_role("link", name="从本批次发起召回").get_attribute("href")
    assert recall is not None
    assert f"{GTIN}%2F10%2FL1" in recall
    page.get_by_role("link", name="明前龙井").click()
    page.wait_for_url(f"**{address(filled, 'product', gtin=GTIN)}")
