"""The frame around every page: navigation by rights, languages, steps, start page."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client

from suyuan.issuing.services import allot, commission, open_lot, order_codes
from suyuan.labels.services import create_template
from suyuan.masterdata.services import create_location, create_product
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Role
from suyuan.web import vocabulary
from suyuan.web.shell import navigation
from suyuan.web.shell.resolvers import RESOLVERS
from tests.conftest import MakeClient
from tests.printing_world import DESIGN, ROLL

_ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_start_page_is_open_to_a_stranger_and_leads_to_signing_in(stranger: Client) -> None:
    assert "/accounts/login/" in text_of(stranger, "/")


def test_a_browser_that_asks_for_english_gets_it_and_others_get_chinese(stranger: Client) -> None:
    assert '<html lang="en">' in text_of(stranger, "/", accept_language="en-GB,en")
    assert '<html lang="zh-hans">' in text_of(stranger, "/", accept_language="fr")
    assert '<html lang="zh-hans">' in text_of(stranger, "/")


def test_the_language_switch_is_remembered_and_returns_to_the_page(stranger: Client) -> None:
    answer = stranger.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert '<html lang="en">' in text_of(stranger, "/")


def test_the_language_switch_leads_to_no_other_host(stranger: Client) -> None:
    answer = stranger.post(
        "/i18n/setlang/", {"language": "en", "next": "https://elsewhere.example/"}
    )
    assert not answer["Location"].startswith("https://elsewhere")


@pytest.mark.parametrize("path", ["/", "/health"])
def test_no_page_allows_inline_script_or_style(stranger: Client, path: str) -> None:
    policy = stranger.get(path)["Content-Security-Policy"]
    assert "unsafe" not in policy


def test_home_has_neither_inline_script_nor_style_nor_a_foreign_address(
    client_as: MakeClient, organisation: Organisation
) -> None:
    page = text_of(client_as(Role.OWNER), f"/app/{organisation.slug}/")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_home_is_hidden_from_a_stranger_and_from_another_organisation(
    stranger: Client,
    client_as: MakeClient,
    organisation: Organisation,
    other_organisation: Organisation,
) -> None:
    home = f"/app/{organisation.slug}/"
    assert stranger.get(home).status_code == 302
    assert client_as(Role.OWNER, other_organisation).get(home).status_code == 404


@pytest.mark.parametrize("step", [step.name for step in navigation.STEPS])
def test_each_step_has_its_page(
    client_as: MakeClient, organisation: Organisation, step: str
) -> None:
    page = text_of(client_as(Role.PARTNER), f"/app/{organisation.slug}/step/{step}/")
    assert page.count("<h1") == 1


def test_a_step_that_does_not_exist_is_not_found(
    client_as: MakeClient, organisation: Organisation
) -> None:
    client = client_as(Role.OWNER)
    assert client.get(f"/app/{organisation.slug}/step/sixth/").status_code == 404


def test_a_menu_shows_what_the_role_may_use_and_no_more(
    client_as: MakeClient, organisation: Organisation
) -> None:
    home = f"/app/{organisation.slug}/"
    recalls = f"{home}recalls/"
    assert recalls in text_of(client_as(Role.QUALITY), home)
    assert recalls not in text_of(client_as(Role.MARKETING), home)
    assert f"{home}settings/tokens/" not in text_of(client_as(Role.QUALITY), home)


def test_the_current_entry_is_marked(client_as: MakeClient, organisation: Organisation) -> None:
    page = text_of(client_as(Role.QUALITY), f"/app/{organisation.slug}/recalls/")
    assert re.search(r'href="/app/mingqian/recalls/" aria-current="page"', page)


def test_a_home_without_products_says_where_to_begin(
    client_as: MakeClient, organisation: Organisation
) -> None:
    begin = "从这里开始|Begin here"
    home = f"/app/{organisation.slug}/"
    assert re.search(begin, text_of(client_as(Role.PLANNER), home))
    assert not re.search(begin, text_of(client_as(Role.AUDITOR), home))


def test_a_newcomer_is_led_from_the_first_location_to_the_first_active_code(
    client_as: MakeClient, actor: Actor
) -> None:
    home, owner = f"/app/{actor.organisation.slug}/", client_as(Role.OWNER)

    def leads_to(address: str) -> bool:
        page = text_of(owner, home)
        card = page.partition("从这里开始")[2].partition("</section>")[0]
        return f'href="{home}{address}"' in card

    assert leads_to("locations/")
    create_location(actor=actor, code="FAC", name_zh="一厂", kind="factory", region="330100")
    assert leads_to("products/")
    product = create_product(actor=actor, name_zh="龙井", granularity="item", category="tea")
    assert leads_to("codes/batches/new/")
    open_lot(actor=actor, gtin=product.gtin, code="L1", produced_on=date(2026, 1, 5))
    assert leads_to("codes/")
    order = order_codes(actor=actor, gtin=product.gtin, count=3, lot_code="L1")
    assert leads_to("labels/")
    create_template(actor=actor, name="小标签", design=DESIGN, sheet=ROLL)
    assert leads_to("print/new/")
    allot(actor=actor, order_number=order.number, first=0, count=3, kind="print", reference="PJ-1")
    assert leads_to("codes/")
    at = datetime(2026, 1, 6, tzinfo=UTC)
    commission(actor=actor, order_number=order.number, lot_code="", time=at, location_code="FAC")
    assert "从这里开始" not in text_of(owner, home)


def test_an_address_that_is_nowhere_has_a_page_of_its_own(stranger: Client) -> None:
    answer = stranger.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(
    "entry",
    [*navigation.SETTINGS, *navigation.ACCOUNT],
    ids=lambda entry: entry.url_name,
)
def test_the_menus_lead_somewhere(
    client_as: MakeClient, organisation: Organisation, entry: navigation.Entry
) -> None:
    client = client_as(Role.OWNER)
    page = text_of(client, f"/app/{organisation.slug}/")
    actor = None if entry.right is None else system_actor(organisation)
    address = navigation.href(entry.url_name, actor)
    assert address
    assert f'href="{address}"' in page


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    sources = Path(navigation.__file__).resolve().parents[1]
    listed = set(json.loads((_ROOT / "frontend/src/icons.json").read_text()))
    templates = "".join(p.read_text() for p in (sources / "templates").rglob("*.html"))
    named = set(re.findall(r'{% icon "([a-z0-9-]+)"', templates))
    named |= set(re.findall(r'[ (]icon="([a-z0-9-]+)"', templates))
    words = [*vocabulary.STATUSES.values(), *vocabulary.STEPS.values()]
    named |= {word.icon for word in words if word.icon}
    named |= {entry.icon for step in navigation.STEPS for entry in step.entries}
    named |= {resolver.icon for resolver in RESOLVERS}
    assert named - listed == set()
