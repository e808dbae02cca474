"""Packages and sets in a browser: from the order to the reconciled return."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import pyzipper
from playwright.sync_api import expect

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes, plan_sets
from suyuan.masterdata.models import Location, Party
from suyuan.printhouse import services
from suyuan.printhouse.models import Package
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.printhouse_world import table

APP = "/app/mingqian"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_package_goes_to_the_print_house_and_its_list_is_reconciled(
    open_page: OpenPage, order: CodeOrder, printer: Party, tmp_path: Path
) -> None:
    page = open_page(f"{APP}/codes/orders/{order.number}/", role=Role.OWNER, language="en")
    page.get_by_role("link", name="Package for a print house").click()
    page.get_by_label("Labels on a roll").fill("30")
    page.get_by_role("button", name="Make the package").click()
    password = page.locator(".sy-secret").inner_text().strip()
    page.get_by_role("link", name="I have written it down").click()

    expect(page.get_by_text("Prepared", exact=True).first).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the package").click()
    archive = pyzipper.AESZipFile(io.BytesIO(Path(started.value.path()).read_bytes()))
    archive.setpassword(password.encode())
    codes = archive.read("codes.csv").decode().split()
    assert len(codes) == 101
    page.get_by_role("button", name="It has been sent").click()

    serials = issuing.serials(order, count=100)
    path = tmp_path / "back.csv"
    path.write_bytes(
        table(
            "roll,used,spoiled,code,status",
            "1,30,0,,",
            "2,28,2,,",
            f",,,{serials[30]},spoiled",
            f",,,{serials[31]},spoiled",
            ",,,00000000000000,used",
        )
    )
    page.get_by_label("List of used and spoiled codes").set_input_files(path)
    page.get_by_role("button", name="Read the list").click()
    expect(page.get_by_text("No order has issued this code.")).to_be_visible()
    order.refresh_from_db()
    assert order.withdrawn_count == 0

    page.get_by_role("button", name="Apply the list").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Apply the list").click()
    expect(page.get_by_text("List returned").first).to_be_visible()
    order.refresh_from_db()
    assert order.withdrawn_count == 2

    page.get_by_role("button", name="Close as reconciled").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Close as reconciled").click()
    expect(page.get_by_text("The package is reconciled.")).to_be_visible()
    order.refresh_from_db()
    assert order.withdrawn_count == 42


def test_a_scanned_case_of_a_set_is_activated_from_its_page(
    open_page: OpenPage, actor: Actor, order: CodeOrder, line: Location
) -> None:
    plan = plan_sets(actor=actor, order_number=order.number, per_case=10, per_pallet=4)
    sscc = issuing.set_units(plan, kind="case")[0].sscc
    page = open_page(f"{APP}/", role=Role.WAREHOUSE, language="en")
    box = page.get_by_role("searchbox").first
    box.fill(f"(00){sscc}")
    box.press("Enter")
    expect(page).to_have_url(re.compile(f"/codes/units/{sscc}/"))
    page.get_by_label("Where it was packed").select_option(line.code)
    page.get_by_role("button", name="Activate the case").click()
    expect(page.get_by_text("Active: 10 items in 1 cases.")).to_be_visible()
    order.refresh_from_db()
    assert (order.commissioned_count, order.packed_count) == (10, 10)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("phone", [False, True])
def test_pages_are_accessible(
    open_page: OpenPage,
    violations: Violations,
    actor: Actor,
    sent: Package,
    line: Location,
    tmp_path: Path,
    *,
    phone: bool,
    language: str,
) -> None:
    serials = issuing.serials(sent.order, count=4)
    row = services.preview_return(
        actor=actor,
        number=sent.number,
        file_name="回传清单.csv",
        body=table(
            "编码,状态",
            f"{serials[0]},使用",
            f"{serials[1]},作废",
            f"{serials[1]},使用",
            "00000000000000,使用",
            f"{serials[2]},?",
        ),
    )
    services.apply_return(actor=actor, number=sent.number, ordinal=row.ordinal, reason="印花")
    services.agree_password(actor=actor, party_code="PRINT-1")
    more = order_codes(actor=actor, gtin=sent.order.product.gtin, count=1000)
    plan = plan_sets(actor=actor, order_number=more.number, per_case=24, per_pallet=10, count=720)
    case = issuing.set_units(plan, kind="case")[0].sscc
    pallet = issuing.set_units(plan, kind="pallet")[0].sscc
    paths = {
        "packages": "packages/",
        "package_new": "packages/new/",
        "package": f"packages/{sent.number}/",
        "return": f"packages/{sent.number}/returns/{row.ordinal}/",
        "houses": "packages/print-houses/",
        "sets": "codes/sets/",
        "set_new": "codes/sets/new/",
        "set": f"codes/sets/{plan.number}/",
        "case": f"codes/units/{case}/",
        "pallet": f"codes/units/{pallet}/",
        "order": f"codes/orders/{sent.order.number}/",
        "item": f"items/{sent.order.product.gtin}/{serials[1]}/",
    }
    found: dict[str, list[str]] = {}
    for name, path in paths.items():
        page = open_page(f"{APP}/{path}", role=Role.OWNER, phone=phone, language=language)
        if faults := violations(page):
            found[name] = faults
        page.context.close()
    assert found == {}
