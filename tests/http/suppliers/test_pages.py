"""Pages, CSV and API of suppliers' scorecards, and of what complaints have in common."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http.response import StreamingHttpResponse
from django.test import Client

from suyuan.quality.services import file_complaint
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right, Role
from tests.quality_world import Goods, build_goods, item, leaves, lot

type MakeClient = Callable[..., Client]

BASE = "/app/mingqian"
PERIOD = "begin=2026-02-01&end=2026-03-31"
DAYS = {"since": "2026-02-01", "until": "2026-03-31"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def goods(actor: Actor) -> Goods:
    """Return the goods of two suppliers, with complaints about those of one."""
    goods = build_goods(actor)
    for serial in (301, 302, 303, 304, 305, 201):
        file_complaint(actor=actor, text="Bitter", target=item(serial))
    return goods


def _rows(answer: Any) -> list[dict[str, str]]:
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(text.splitlines()))


def test_scorecards_show_each_rate_with_interval_and_sample(
    goods: Goods, client_as: MakeClient
) -> None:
    answer = client_as(Role.AUDITOR).get(f"{BASE}/suppliers/?{PERIOD}", headers=ENGLISH)

    page = answer.content.decode()
    # Six complaints about the eighty items of BAD's leaves: 75 per thousand, 27.5 to 163.
    assert "75.0 (27.5–163) n=80" in page
    assert f"{BASE}/suppliers/BAD/?begin=2026-02-01" in page


@pytest.mark.parametrize("measure", ["failed", "recalls", "missing", "late", "nonsense", ""])
def test_each_measure_has_a_page(goods: Goods, client_as: MakeClient, measure: str) -> None:
    answer = client_as(Role.QUALITY).get(f"{BASE}/suppliers/?{PERIOD}&measure={measure}")

    assert answer.status_code == 200


def test_bar_leads_to_the_lots_behind_it(goods: Goods, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)

    behind = client.get(f"{BASE}/suppliers/BAD/?{PERIOD}&measure=complaints", headers=ENGLISH)
    none = client.get(f"{BASE}/suppliers/BAD/?{PERIOD}&measure=failed", headers=ENGLISH)

    assert ">B-1</a>" in behind.content.decode()
    assert "None of its lots" in none.content.decode()


def test_scorecards_as_csv_have_cases_and_exposure(goods: Goods, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)

    cards = {
        row["supplier"]: row for row in _rows(client.get(f"{BASE}/suppliers/?{PERIOD}&form=csv"))
    }
    [only] = _rows(client.get(f"{BASE}/suppliers/BAD/?{PERIOD}&form=csv"))

    assert (cards["BAD"]["complaints_cases"], cards["BAD"]["complaints_of"]) == ("6", "80")
    assert (only["lot"], only["items"], len(only["complaints"].split())) == ("B-1", "80", 6)


@pytest.mark.parametrize(
    "query",
    [
        "begin=tomorrow",
        "begin=2026-03-31&end=2026-01-01",
        "late=0",
        "late=x",
        "page=99&begin=",
        "begin=%00",
    ],
)
def test_odd_periods_are_answered_with_a_page(
    goods: Goods, client_as: MakeClient, query: str
) -> None:
    client = client_as(Role.QUALITY)

    assert client.get(f"{BASE}/suppliers/?{query}").status_code == 200
    assert client.get(f"{BASE}/suppliers/GOOD/?{query}").status_code == 200


def test_unknown_and_foreign_suppliers_look_alike(
    goods: Goods, other_organisation: Organisation, client_as: MakeClient
) -> None:
    theirs = client_as(Role.OWNER, other_organisation)

    assert theirs.get(f"/app/{other_organisation.slug}/suppliers/BAD/").status_code == 404
    assert theirs.get(f"/app/{other_organisation.slug}/suppliers/NOBODY/").status_code == 404
    assert theirs.get(f"{BASE}/suppliers/").status_code == 404


def test_common_page_says_what_stands_out_and_leads_to_a_recall(
    goods: Goods, client_as: MakeClient
) -> None:
    answer = client_as(Role.QUALITY).get(f"{BASE}/quality/complaints/common/", headers=ENGLISH)

    page = answer.content.decode()
    assert "(5 of 6)" in page
    assert "Product lot P-3" in page
    starts = [
        parse_qs(urlsplit(part.split('"')[0]).query).get("start")
        for part in page.split('href="')[1:]
        if "/recalls/new/" in part.split('"')[0]
    ]
    assert [lot("P-3")] in starts
    assert [leaves("B-1")] in starts


@pytest.mark.parametrize(
    "query", ["begin=x", "gtin=1", "q=%00", "lot=" + "x" * 30, "made_since=9999-12-31", "q=nothing"]
)
def test_odd_comparisons_are_answered_with_a_page(
    goods: Goods, client_as: MakeClient, query: str
) -> None:
    answer = client_as(Role.QUALITY).get(f"{BASE}/quality/complaints/common/?{query}")

    assert answer.status_code == 200


def test_comparison_as_csv_names_the_complaints(goods: Goods, client_as: MakeClient) -> None:
    answer = client_as(Role.QUALITY).get(f"{BASE}/quality/complaints/common/?form=csv")

    rows = {(row["kind"], row["name"]): row for row in _rows(answer)}
    row = rows["lot", "P-3"]
    assert (row["complained"], row["made_with"], row["made"]) == ("5", "40", "160")
    assert len(row["complaints"].split()) == 5


def test_api_gives_scorecards_lots_and_factors(
    goods: Goods, api_client: Callable[..., Client]
) -> None:
    client = api_client(Right.QUALITY_VIEW)

    cards = client.get("/api/v1/suppliers/scorecards", DAYS).json()
    lots = client.get("/api/v1/suppliers/BAD/lots", DAYS).json()
    common = client.get("/api/v1/complaints-in-common").json()

    bad = next(card for card in cards["suppliers"] if card["supplier"] == "BAD")
    assert bad["rates"]["complaints"]["value"] == pytest.approx(75)
    assert bad["rates"]["late"] == {"value": None, "low": None, "high": None, "cases": 0, "of": 0}
    assert (lots["total"], lots["lots"][0]["lot"], lots["lots"][0]["items"]) == (1, "B-1", 80)
    assert common["used"] == 6
    assert {"kind", "value", "lift", "starts"} <= common["factors"][0].keys()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 422),
        ({"since": "x", "until": "2026-01-01"}, 422),
        ({"since": "2026-02-01", "until": "2026-01-01"}, 400),
        ({**DAYS, "late_after_hours": "0"}, 422),
        ({**DAYS, "late_after_hours": "9" * 30}, 422),
    ],
)
def test_api_refuses_odd_periods(
    goods: Goods, api_client: Callable[..., Client], query: dict[str, str], status: int
) -> None:
    answer = api_client(Right.QUALITY_VIEW).get("/api/v1/suppliers/scorecards", query)

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
