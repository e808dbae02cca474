"""Facts about carriers over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.services import update_product
from suyuan.tenancy.rights import Right
from suyuan.verification.memory import forget_all
from suyuan.verification.models import Reveal
from tests.conftest import MakeApiClient
from tests.scan_world import Goods

pytestmark = pytest.mark.django_db

TAG = "3034257BF7194E4000001A85"


@pytest.fixture
def api(api_client: MakeApiClient) -> Client:
    return api_client()


def send(client: Client, path: str, data: dict[str, Any], status: int) -> dict[str, Any]:
    response: HttpResponse = client.post(  # type: ignore[assignment]
        f"/api/v1/{path}", data, content_type="application/json"
    )
    assert response.status_code == status, response.content
    answer: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    return answer


def test_a_carrier_is_bound_resolved_replaced_and_released(
    api: Client, active_order: CodeOrder
) -> None:
    (link,) = issuing.links(active_order)
    made = send(api, "carriers", {"kind": "rfid", "value": TAG, "unit": link}, 201)
    assert (made["unit"], made["ended_at"]) == (link, None)
    assert "id" not in made
    again = send(api, "carriers", {"kind": "rfid", "value": TAG.lower(), "unit": link}, 201)
    assert again == made
    found = api.get("/api/v1/carriers/resolve", {"text": TAG.lower()}).json()
    assert (found["unit"], [one["value"] for one in found["carriers"]]) == (link, [TAG])
    traced = api.get("/api/v1/trace", {"code": TAG}).json()
    assert traced["identifier"] == link
    assert api.get("/api/v1/events", {"code": TAG}).json()["items"]
    end = {"kind": "rfid", "value": TAG, "reason": "lost"}
    new = send(api, "carriers/replace", {**end, "new_value": "AB" * 12}, 200)
    assert new["value"] == "AB" * 12
    gone = send(api, "carriers/release", {**end, "value": "AB" * 12}, 200)
    assert gone["reason"] == "lost"
    rows = api.get("/api/v1/carriers/history", {"kind": "rfid", "value": TAG}).json()
    assert [row["reason"] for row in rows] == ["lost"]
    assert api.get("/api/v1/carriers/resolve", {"text": TAG}).status_code == 404
    assert api.get("/api/v1/events", {"code": TAG}).json()["items"] == []
    listed = api.get("/api/v1/carriers", {"live": "false"}).json()
    assert len(listed["carriers"]) == 2


def test_a_taken_value_is_a_conflict_that_names_the_unit(
    api: Client, active_order: CodeOrder
) -> None:
    first, second = issuing.links(active_order, count=2)
    send(api, "carriers", {"kind": "qr", "value": "OLD-1", "unit": first}, 201)
    problem = send(api, "carriers", {"kind": "qr", "value": "OLD-1", "unit": second}, 409)
    assert (problem["code"], problem["unit"]) == ("carrier_taken", first)


def test_many_are_bound_or_none_with_every_fault(api: Client, active_order: CodeOrder) -> None:
    first, second = issuing.links(active_order, count=2)
    rows = [
        {"kind": "rfid", "value": TAG, "unit": first},
        {"kind": "nfc", "value": "zz", "unit": second},
    ]
    problem = send(api, "carriers/bulk", {"rows": rows}, 400)
    assert problem["code"] == "bindings_refused"
    assert [(fault["row"], fault["code"]) for fault in problem["faults"]] == [(2, "chip_malformed")]
    assert send(api, "carriers/bulk", {"rows": rows[:1]}, 200) == {"bound": 1, "unchanged": 0}
    assert send(api, "carriers/bulk", {"rows": rows[:1]}, 200) == {"bound": 0, "unchanged": 1}


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "tattoo", "value": "x", "unit": "y"},
        {"kind": "qr", "value": "", "unit": "y"},
        {"kind": "qr", "value": "x" * 1001, "unit": "y"},
        {"kind": "qr", "value": "x"},
        {"kind": "qr", "value": 7, "unit": "y"},
    ],
)
def test_what_does_not_fit_the_schema_is_refused(api: Client, data: dict[str, object]) -> None:
    assert send(api, "carriers", data, 422)["code"] == "invalid"


def test_every_operation_needs_its_right(
    api_client: MakeApiClient, active_order: CodeOrder
) -> None:
    client = api_client(Right.CARRIERS_VIEW)
    link = issuing.links(active_order)[0]
    send(client, "carriers", {"kind": "rfid", "value": TAG, "unit": link}, 403)
    assert client.get("/api/v1/carriers").status_code == 200


def test_a_hidden_code_is_shown_and_unlocked(api: Client, goods: Goods) -> None:
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="scratch")
    forget_all()
    for number in range(5):
        Client().post(goods.path(), {"inner": f"ABCD000{number}"})
    assert api.get("/api/v1/hidden-codes", {"unit": goods.link()}).json()["locked"] is True
    sent = {"unit": goods.link(), "reason": "Picture seen"}
    assert send(api, "hidden-codes/unlock", sent, 200)["tries"] == 0
    assert Reveal.objects.get().tries == 0
    assert send(api, "hidden-codes/unlock", {**sent, "unit": goods.link(1)}, 404)["code"]


def test_hidden_codes_are_downloaded_by_those_who_may(
    api: Client, api_client: MakeApiClient, goods: Goods
) -> None:
    order = CodeOrder.objects.get(count=4)
    path = f"/api/v1/code-orders/{order.number}/codes"
    assert api.get(path, {"form": "inner"}).status_code == 409
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="scratch")
    response = api.get(path, {"form": "inner"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "gtin,serial,link,inner,lot,order"
    assert [line.split(",")[1] for line in lines[1:]] == goods.serials
    assert all(len(line.split(",")[3]) == 8 for line in lines[1:])
    denied = api_client(Right.CODES_VIEW).get(path, {"form": "inner"})
    assert denied.status_code == 403
