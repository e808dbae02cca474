"""The back office's list of scans, and the API's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Role
from tests.scan_world import BEN, Goods

pytestmark = pytest.mark.django_db

type MakeClient = Callable[..., Client]


@pytest.fixture
def scanned(goods: Goods) -> Goods:
    """Return goods that two people looked at, one of whom also tried a made-up code."""
    goods.ask()
    goods.ask(seen_by=BEN)
    goods.ask("ABCDEFGHJKMNPQ", seen_by=BEN)
    return goods


def test_the_list_shows_verdict_product_code_and_region(
    scanned: Goods, client_as: MakeClient
) -> None:
    page = client_as(Role.CUSTOMER_SERVICE).get("/app/mingqian/scans/").content.decode()
    for words in (scanned.serials[0], "ABCDEFGHJKMNPQ", "明前龙井 50 克", "深圳市"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?verdict=never_issued", 1),
        ("?verdict=genuine_first", 1),
        ("?code=ABCDEFGHJKMNPQ", 1),
        ("?product=09521234000013", 3),
        ("?begin=2001-01-01&end=2001-01-02", 0),
        ("?verdict=nonsense", 3),
        ("?begin=nonsense", 3),
    ],
)
def test_the_list_is_narrowed(scanned: Goods, client_as: MakeClient, query: str, rows: int) -> None:
    response = client_as(Role.OWNER).get(f"/app/mingqian/scans/{query}")
    assert response.context["page"].paginator.count == rows


def test_the_same_rows_come_as_csv(scanned: Goods, client_as: MakeClient) -> None:
    response = client_as(Role.OWNER).get("/app/mingqian/scans/export.csv?verdict=never_issued")
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "ABCDEFGHJKMNPQ" in lines[1]


def test_another_organisation_sees_an_empty_list(
    scanned: Goods, client_as: MakeClient, other_organisation: Organisation
) -> None:
    client = client_as(Role.OWNER, other_organisation)
    response = client.get("/app/haiyan/scans/")
    assert response.context["page"].paginator.count == 0
    assert client.get("/app/mingqian/scans/").status_code == 404


def test_the_api_lists_scans_and_those_of_one_item(scanned: Goods, api_client: MakeClient) -> None:
    client = api_client("scans.view")
    listed = client.get("/api/v1/scans").json()
    assert [row["verdict"] for row in listed["items"]] == [
        "never_issued",
        "genuine_seen",
        "genuine_first",
    ]
    assert listed["next"] is None
    older = client.get("/api/v1/scans", {"before": listed["items"][0]["id"]}).json()
    assert len(older["items"]) == 2
    of_item = client.get("/api/v1/scans/of", {"identifier": scanned.link()}).json()
    assert (of_item["times_seen"], len(of_item["items"])) == (2, 2)


def test_the_api_refuses_what_is_no_identifier(scanned: Goods, api_client: MakeClient) -> None:
    client = api_client("scans.view")
    assert client.get("/api/v1/scans/of", {"identifier": "(01)123"}).status_code == 400
    unknown = {"identifier": "https://id.gs1.org/01/09521234000020/21/1"}
    assert client.get("/api/v1/scans/of", unknown).status_code == 404
    assert api_client("codes.view").get("/api/v1/scans").status_code == 403
