"""Recalls, notices, drills, quality and monitoring under hostile addresses and fields."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.conftest import MakeApiClient, MakeClient
from tests.recall_world import World, lot, open_approved

pytestmark = pytest.mark.django_db

APP = "/app/mingqian"
HOSTILE = {
    "nul": "a\0b",
    "bidi": "\u202egnp.exe\u2066",
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}%(x)s{0.__class__}",
    "quotes": "'\" OR 1=1 --",
    "path": "../../etc/passwd",
    "long": "9" * 3_000,
}
# Pages with what they read from the query.
PAGES = {
    "recalls/": ("q", "status", "page"),
    "recalls/new/": ("start", "kind", "change", "add", "edit"),
    "recalls/new/items/": ("start", "place", "whereabouts", "certainty", "page"),
    "recalls/new/why/": ("start", "unit"),
    "recalls/{case}/": ("parcels", "q", "page", "lots", "tab"),
    "recalls/{case}/items/": ("whereabouts", "place", "certainty", "outcome", "count", "page"),
    "recalls/{case}/items.csv": ("whereabouts", "place", "certainty", "outcome", "count"),
    "recalls/{case}/items.xlsx": ("whereabouts", "place", "certainty", "outcome", "count"),
    "recalls/{case}/again/": ("page",),
    "recalls/{case}/effect/": ("count",),
    "recalls/{case}/notices/": ("q", "kind", "state", "page"),
    "recalls/{case}/notices.csv": ("kind", "state"),
    "recalls/{case}/notices/upload.csv": ("channel",),
    "recalls/{case}/returns/": ("location",),
    "recalls/drills/": ("page", "sample"),
    "quality/complaints/": ("q", "status", "channel", "gtin", "lot", "page"),
    "quality/complaints/new/": ("target",),
    "quality/complaints/common/": ("q", "gtin", "lot", "number", "factor", "since", "until"),
    "quality/reports/": ("q", "status", "target", "result", "gtin", "lot", "page"),
    "monitoring/suppliers/": ("since", "until", "material", "measure", "sort", "page"),
    "monitoring/stock/": ("product", "place", "whereabouts", "sort", "page"),
    "monitoring/stock/stock.csv": ("product", "place", "whereabouts"),
    "monitoring/stock/items/": ("product", "place", "whereabouts", "page"),
    "monitoring/stock/items.csv": ("product", "place", "whereabouts"),
    "monitoring/dwell/": ("since", "until", "product", "place", "partner", "by"),
    "monitoring/dwell/dwell.csv": ("since", "until", "product", "place", "partner"),
    "monitoring/dwell/group/": ("since", "until", "product", "place", "partner", "group"),
}
API = (
    *("recalls/{0}", "recalls/{0}/parcels", "recalls/{0}/items", "recalls/{0}/versions"),
    *("recalls/{0}/difference", "recalls/{0}/effect", "recalls/{0}/counts", "drills/{0}"),
    *("complaints/{0}", "reports/{0}", "suppliers/{0}/lots"),
    *(
        "recalls?status={0}",
        "recalls?text={0}",
        "complaints?text={0}",
        "complaints?status={0}",
        "drills?page={0}",
    ),
)


@pytest.fixture
def case(world: World, actor: Actor) -> str:
    """Return the number of a recall that is under way."""
    return open_approved(actor, lot("L-A")).number


def settled(client: Client, path: str) -> int:
    response = client.get(path)
    if response.streaming:  # the body is made as it is read
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
    else:
        assert b"<script>alert(1)" not in response.content
        assert b"</script>alert" not in response.content
    return response.status_code


@pytest.mark.parametrize("page", PAGES)
def test_no_page_fails_over_hostile_queries(case: str, client_as: MakeClient, page: str) -> None:
    client = client_as(Role.OWNER)
    path = f"{APP}/{page.format(case=case)}"
    for name in PAGES[page]:
        for word, text in HOSTILE.items():
            assert settled(client, f"{path}?{name}={quote(text)}") < 500, (name, word)
        assert settled(client, f"{path}?{name}=%ff%fe&{name}=%ED%A0%80") < 500, name


@pytest.mark.parametrize("path", API)
def test_no_operation_fails_over_hostile_names(
    case: str, api_client: MakeApiClient, path: str
) -> None:
    client = api_client()
    for word in ("nul", "bidi", "quotes", "long", "template"):
        address = f"/api/v1/{path.format(quote(HOSTILE[word], safe=''))}"
        assert settled(client, address) in {200, 404, 422}, word
