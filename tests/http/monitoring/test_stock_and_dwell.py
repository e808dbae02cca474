"""Pages and API of stock and dwell times."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from suyuan.lineage.standing import refresh_stock
from suyuan.masterdata.services import create_location, create_lot, create_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right, Role
from tests.conftest import MakeApiClient, MakeClient
from tests.stock_world import (
    DEPOT,
    GTIN,
    at,
    born,
    item,
    packed,
    received,
    shipped,
    sold,
    tell,
    unit,
    unpacked,
)

BASE = "/app/mingqian"


@pytest.fixture
def goods(actor: Actor) -> None:
    """Five items of lot A-1: one sold, one at the factory, three in a case at the depot."""
    create_product(actor=actor, gtin=GTIN, name_zh="龙井", name_en="Longjing", granularity="item")
    create_lot(
        actor=actor,
        gtin=GTIN,
        code="A-1",
        produced_on=date(2026, 3, 1),
        expires_on=date(2027, 3, 1),
    )
    create_location(actor=actor, code="WH", name_zh="杭州仓", kind="warehouse", gln="9521234000020")
    commissioned = born(0, 1, 2, 3, 4, 5)
    commissioned["ilmd"] = {"cbvmda:lotNumber": "A-1"}
    tell(
        actor,
        commissioned,
        packed(2, unit(1), *(item(n) for n in (1, 2, 3, 4))),
        shipped(5, unit(1)),
        received(9, unit(1)),
        unpacked(10, unit(1), item(1)),
        sold(34, item(1)),
    )


@pytest.fixture
def client(client_as: MakeClient, goods: None) -> Client:
    return client_as(Role.WAREHOUSE)


def body_of(response: Any) -> str:
    return str(response.getvalue().decode())


def test_stock_page_shows_places_and_leads_to_their_items(client: Client) -> None:
    page = client.get(f"{BASE}/stock/")
    assert page.status_code == 200
    assert "杭州仓" in body_of(page)
    table = page.context["table"]
    assert [(row.place, row.total.items) for row in table.rows] == [
        ("杭州仓", 3),
        ("https://id.gs1.org/414/9521234000013", 1),
    ]
    items = client.get(table.rows[0].numbers[0].href)
    assert [row.serial for row in items.context["rows"]] == ["2", "3", "4"]
    (lot,) = items.context["lot_rows"]
    assert (lot["lot"].code, lot["lot"].items, items.context["lots"].others) == ("A-1", 3, 0)


def test_sold_items_are_shown_when_asked_for(client: Client) -> None:
    page = client.get(f"{BASE}/stock/?state=sold&product={GTIN}")
    (row,) = page.context["table"].rows
    assert (row.whereabouts, row.total.items) == ("sold", 1)
    assert parse_qs(urlsplit(row.total.href).query, keep_blank_values=True)["place"] == [""]
    assert client.get(row.total.href).context["page"].paginator.count == 1


def test_stock_and_items_can_be_taken_along(client: Client) -> None:
    rows = list(csv.reader(StringIO(body_of(client.get(f"{BASE}/stock/stock.csv")).lstrip("﻿"))))
    assert [(row[1], row[4], row[5]) for row in rows[1:]] == [
        (DEPOT, GTIN, "3"),
        ("https://id.gs1.org/414/9521234000013", GTIN, "1"),
    ]
    rows = list(
        csv.reader(
            StringIO(body_of(client.get(f"{BASE}/stock/items.csv?state=in_house&place={DEPOT}")))
        )
    )
    assert [row[1] for row in rows[1:]] == ["2", "3", "4"]


@pytest.mark.parametrize(
    "query",
    [
        "state=nowhere",
        "place=" + "x" * 501,
        "product=123456789012345",
        "recalled=1&state=%00",
    ],
)
def test_cell_that_makes_no_sense_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"{BASE}/stock/items/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["product=999", "place=no+place", "place=https://id.gs1.org/414/9521234999997", "page=9999"],
)
def test_cell_without_items_says_so(client: Client, query: str) -> None:
    assert client.get(f"{BASE}/stock/items/?{query}").status_code == 200


def test_dwell_page_shows_groups_and_each_leads_to_its_items(client: Client) -> None:
    for by in ("stage", "place", "partner", "product"):
        page = client.get(f"{BASE}/dwell/?by={by}")
        assert page.status_code == 200
        for line in page.context["page"]:
            group = client.get(line.href)
            assert group.status_code == 200, line.href
            assert len(group.context["rows"]) == line.group.items
    page = client.get(f"{BASE}/dwell/")
    assert [one.items for one in page.context["report"].oldest] == [1, 3]


def test_bar_of_a_distribution_leads_to_its_items(client: Client) -> None:
    query = f"by=stage&step=commissioning&next_step=packing&bin={5}"
    group = client.get(f"{BASE}/dwell/group/?{query}")
    assert len(group.context["rows"]) == 4  # two hours are in the bin from two hours on
    none = client.get(f"{BASE}/dwell/group/?{query[:-1]}4")
    assert none.context["rows"] == []
    far = client.get(f"{BASE}/dwell/group/?{query[:-1]}99")
    assert far.status_code == 200


@pytest.mark.parametrize(
    "query", ["", "step=packing&next_step=never", "whereabouts=nowhere", "bin=-1", "step=%00"]
)
def test_group_that_is_none_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"{BASE}/dwell/group/?{query}").status_code == 404


def test_period_that_ends_before_it_begins_is_refused(client: Client) -> None:
    page = client.get(f"{BASE}/dwell/?begin=2026-03-05&end=2026-03-01")
    assert page.status_code == 422


def test_what_no_choice_offers_changes_nothing(client: Client) -> None:
    page = client.get(f"{BASE}/dwell/?by=mood&product=1&place=x&partner=y&begin=soon")
    assert page.status_code == 422
    assert page.context["report"].items == 5


def test_dwell_figures_can_be_taken_along(client: Client) -> None:
    rows = list(csv.reader(StringIO(body_of(client.get(f"{BASE}/dwell/dwell.csv?by=place")))))
    # Most time first: 25 hours once, 5 hours and 4 hours four times.
    assert [float(row[3]) for row in rows[1:]] == [90_000.0, 18_000.0, 14_400.0]


def test_empty_organisation_reads_what_to_do_next(client_as: MakeClient) -> None:
    client = client_as(Role.OWNER)
    for page in ("stock/", "dwell/"):
        assert f"{BASE}/collect/" in body_of(client.get(f"{BASE}/{page}"))


def test_events_that_wait_to_be_worked_in_are_told(client: Client, actor: Actor) -> None:
    client.get(f"{BASE}/stock/")
    tell(actor, *(received(100 + n, item(2)) for n in range(600)))
    page = client.get(f"{BASE}/stock/")
    assert page.context["behind"] == 600
    refresh_stock(actor.organisation_id)
    assert client.get(f"{BASE}/stock/").context["behind"] == 0


def test_stock_over_the_api(api_client: MakeApiClient, goods: None) -> None:
    told = api_client(Right.TRACE_VIEW).get("/api/v1/stock").json()
    assert [(line["place"], line["items"]) for line in told["lines"]] == [
        (DEPOT, 3),
        ("https://id.gs1.org/414/9521234000013", 1),
    ]
    assert told["at_event"] == told["last_event"] == 6
    sold_ = api_client().get("/api/v1/stock?whereabouts=sold").json()
    assert [line["items"] for line in sold_["lines"]] == [1]


def test_dwell_over_the_api(api_client: MakeApiClient, goods: None) -> None:
    told = api_client(Right.TRACE_VIEW).get("/api/v1/dwell?by=place").json()
    groups = {(one["whereabouts"], one["place"]): one for one in told["groups"]}
    assert groups["in_house", DEPOT]["p50"] == 25 * 3_600
    assert sum(groups["in_house", DEPOT]["bins"]) == 1
    assert len(told["edges"]) + 1 == len(groups["in_house", DEPOT]["bins"])
    assert (told["items"], told["measured"]) == (5, 5)


@pytest.mark.parametrize(
    "query",
    ["by=mood", "sample=0", "sample=1000001", "since=yesterday", "gtin=x", "place=" + "x" * 501],
)
def test_api_refuses_what_makes_no_sense(api_client: MakeApiClient, query: str) -> None:
    assert api_client().get(f"/api/v1/dwell?{query}").status_code == 422


def test_api_refuses_a_period_that_ends_before_it_begins(api_client: MakeApiClient) -> None:
    answer = api_client().get(
        "/api/v1/dwell", {"since": at(5).isoformat(), "until": at(4).isoformat()}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "period_empty")


def test_other_organisation_sees_nothing_of_it(
    client_as: MakeClient, goods: None, other_organisation: Organisation
) -> None:
    client = client_as(Role.OWNER, other_organisation)
    assert client.get("/app/haiyan/stock/").context["table"].rows == []
    assert not client.get("/app/haiyan/dwell/").context["report"].items
    assert client.get(f"{BASE}/stock/").status_code == 404
