"""One box takes anything and leads to it, within rights and within the organisation."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Lot, Product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right, Role
from suyuan.web.shell import search as searching
from suyuan.web.shell.resolvers import RESOLVERS
from suyuan.web.shell.search import Hit, Question, Resolver
from tests.conftest import MakeClient

pytestmark = pytest.mark.django_db


def ask(client: Client, organisation: Organisation, text: str) -> tuple[int, str]:
    answer = client.get(f"/app/{organisation.slug}/search/?q={quote(text)}")
    return answer.status_code, answer.get("Location", answer.content.decode())


def resolver(*hits: Hit, right: Right = Right.TRACE_VIEW) -> Resolver:
    return Resolver("Things", "box", right, lambda _question: list(hits))


def test_the_only_exact_hit_is_where_one_is_led(actor: Actor) -> None:
    exact, other = Hit("a", "/a", exact=True), Hit("b", "/b")
    groups = searching.find(actor, "x", [resolver(other), resolver(exact)])
    assert searching.the_one(groups) == exact


def test_two_exact_hits_are_listed(actor: Actor) -> None:
    hits = [Hit("a", "/a", exact=True), Hit("b", "/b", exact=True)]
    assert searching.the_one(searching.find(actor, "x", [resolver(*hits)])) is None


def test_a_hit_that_has_no_page_is_left_out(actor: Actor) -> None:
    assert searching.find(actor, "x", [resolver(Hit("a", ""))]) == []


def test_a_resolver_is_not_asked_without_its_right(organisation: Organisation) -> None:
    def fail(_question: Question) -> list[Hit]:
        raise AssertionError

    blind = Actor(organisation=organisation, name="nobody", rights=frozenset())
    assert searching.find(blind, "x", [Resolver("Things", "box", Right.TRACE_VIEW, fail)]) == []


def test_more_hits_than_are_shown_are_told_of(actor: Actor) -> None:
    hits = [Hit(str(n), f"/{n}") for n in range(searching.LIMIT + 1)]
    (group,) = searching.find(actor, "x", [resolver(*hits)])
    assert (len(group.hits), group.more) == (searching.LIMIT, True)


@pytest.mark.parametrize(
    "text",
    [
        "7K3M9QXW2TBD4R",
        "https://id.gs1.org/01/09521234000013/21/7K3M9QXW2TBD4R",
        "(01)09521234000013(21)7K3M",
        "00095212340000000018",
        "09521234000013",
        "urn:epc:id:sgtin:9521234.000001.1",
        "3034257BF7194E4000001A85",
        "CO-2026-0001",
        "SF1234567890123",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "%00",
        "\x00",
        "龙井" * 200,
        "://",
        "https://[broken",
    ],
)
def test_whatever_is_entered_gets_an_answer(
    client_as: MakeClient, organisation: Organisation, text: str
) -> None:
    status, page = ask(client_as(Role.OWNER), organisation, text)
    assert status == 200
    assert "<script>alert" not in page


def test_an_empty_box_says_what_it_takes(client_as: MakeClient, organisation: Organisation) -> None:
    assert ask(client_as(Role.PARTNER), organisation, "")[0] == 200


def test_a_gtin_in_any_form_leads_to_its_product(
    client_as: MakeClient, organisation: Organisation, product: Product
) -> None:
    client = client_as(Role.OWNER)
    short = product.gtin.lstrip("0")
    for text in (
        product.gtin,
        short,
        f"https://id.gs1.org/01/{product.gtin}",
        f"(01){product.gtin}",
    ):
        status, place = ask(client, organisation, text)
        assert (status, product.gtin in place) == (302, True), text


def test_a_products_name_leads_to_it(
    client_as: MakeClient, organisation: Organisation, product: Product
) -> None:
    status, place = ask(client_as(Role.MARKETING), organisation, product.name_zh)
    assert (status, product.gtin in place) == (302, True)


def test_an_item_is_found_by_every_text_that_names_it(
    client_as: MakeClient, organisation: Organisation, product: Product, active_order: CodeOrder
) -> None:
    (serial,) = issuing.serials(active_order, first=3, count=1)
    client = client_as(Role.OWNER)
    for text in (
        serial,
        serial.lower(),
        f"https://id.gs1.org/01/{product.gtin}/21/{serial}",
        f"(01){product.gtin}(21){serial}",
    ):
        status, place = ask(client, organisation, text)
        assert (status, place.endswith(f"/items/{product.gtin}/{serial}/")) == (302, True), text


def test_a_code_that_was_issued_and_never_used_is_found(
    client_as: MakeClient, organisation: Organisation, order: CodeOrder
) -> None:
    (serial,) = issuing.serials(order, first=0, count=1)
    assert ask(client_as(Role.OWNER), organisation, serial)[0] == 302


def test_a_lot_leads_to_its_history_or_for_whom_may_not_trace_to_its_data(
    client_as: MakeClient, organisation: Organisation, lot: Lot
) -> None:
    assert "/lots/" in ask(client_as(Role.OWNER), organisation, lot.code)[1]
    assert "/batches/" in ask(client_as(Role.MARKETING), organisation, lot.code)[1]


def test_a_code_order_is_found_by_its_number(
    client_as: MakeClient, organisation: Organisation, order: CodeOrder
) -> None:
    status, place = ask(client_as(Role.PLANNER), organisation, order.number.lower())
    assert (status, f"/orders/{order.number}/" in place) == (302, True)


def test_another_organisations_product_is_not_found(
    client_as: MakeClient, other_organisation: Organisation, product: Product
) -> None:
    status, _page = ask(client_as(Role.OWNER, other_organisation), other_organisation, product.gtin)
    assert status == 200


def test_every_kind_of_thing_has_a_name_and_a_right() -> None:
    assert len({str(one.label) for one in RESOLVERS}) == len(RESOLVERS)
