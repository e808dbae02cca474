"""Issuing and process over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Location, Material, Product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.services import issue_token

API = "/api/v1"
WHEN = "2026-03-01T10:30:00+08:00"


class Machine:
    """A caller with a token that has every right."""

    def __init__(self, actor: Actor) -> None:
        scopes = [right.value for right in actor.rights]
        _, secret = issue_token(actor=actor, name="line", scopes=scopes, expires_at=None)
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self._client.get(f"{API}{path}")

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._client.post(f"{API}{path}", body, content_type="application/json")


@pytest.fixture
def machine(actor: Actor) -> Machine:
    return Machine(actor)


def test_goods_are_ordered_activated_packed_shipped_and_delivered(
    machine: Machine, product: Product, leaf: Material, line: Location, warehouse: Location
) -> None:
    batch = {
        "gtin": product.gtin,
        "lot": "L1",
        "produced_on": "2026-03-01",
        "location": line.code,
        "inputs": [{"material_gtin": leaf.gtin, "lot": "F1", "quantity": "2.5", "uom": "KGM"}],
    }
    assert machine.post("/batches", batch).json()["expires_on"] == "2027-08-23"
    asked = {"gtin": product.gtin, "count": 100, "lot": "L1", "request_key": "k"}
    made = machine.post("/code-orders", asked)
    assert made.status_code == 201
    assert machine.post("/code-orders", asked).json() == made.json()
    number = made.json()["number"]
    part = {"location": line.code, "time": WHEN}
    active = machine.post(f"/code-orders/{number}/commission", part).json()
    assert (active["count"], active["lot"]) == (100, "L1")
    plan = {"per_case": 24, "location": line.code, "time": WHEN}
    packed = machine.post(f"/code-orders/{number}/pack", plan).json()
    assert len(packed["cases"]) == 5
    ship = {
        "units": packed["cases"],
        "from_location": line.code,
        "to_location": warehouse.code,
        "transactions": [["desadv", "D1"]],
        "time": WHEN,
    }
    assert machine.post("/process/ship", ship).json()["stored"] == 1
    assert machine.post("/process/ship", ship).json()["duplicates"] == 1
    deliver = {"units": packed["cases"][:1], "order_number": "1", "waybill": "2", "time": WHEN}
    assert machine.post("/process/deliver", deliver).json()["stored"] == 1
    listed = machine.get("/code-orders").json()
    assert [(o["number"], o["packed"], o["status"]) for o in listed["orders"]] == [
        (number, 100, "commissioned")
    ]


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("pack", {"parent": "106141412345678908", "children": ["{item}"], "location": "WH-1"}),
        ("unpack", {"parent": "106141412345678908", "location": "WH-1"}),
        ("receive", {"units": ["{item}"], "location": "WH-1"}),
        (
            "parcel",
            {"items": ["{item}"], "order_number": "1", "waybill": "2", "location": "WH-1"},
        ),
        ("return", {"units": ["{item}"], "location": "WH-1"}),
        ("destroy", {"units": ["{item}"], "location": "WH-1"}),
    ],
)
def test_each_verb_stores_one_event(
    machine: Machine,
    active_order: CodeOrder,
    warehouse: Location,
    verb: str,
    body: dict[str, Any],
) -> None:
    item = selectors.links(active_order)[0]
    filled = {k: [item] if v == ["{item}"] else v for k, v in body.items()} | {"time": WHEN}
    answer = machine.post(f"/process/{verb}", filled)
    assert (answer.status_code, answer.json()["stored"]) == (200, 1)


def test_a_refusal_says_its_code_and_place(machine: Machine, warehouse: Location) -> None:
    body = {"units": ["106141412345678908", "x"], "location": "WH-1", "time": WHEN}
    answer = machine.post("/process/receive", body)
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["place"]) == ("uri_malformed", "/units/1")


def test_a_time_in_the_future_is_refused_as_capture_says(
    machine: Machine, warehouse: Location
) -> None:
    body = {"units": ["106141412345678908"], "location": "WH-1", "time": "2199-01-01T00:00:00Z"}
    answer = machine.post("/process/receive", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "time_in_future")


@pytest.mark.parametrize(
    "body",
    [
        {"count": 0},
        {"count": 10**30},
        {"count": "many"},
        {"count": 1.5},
        {"gtin": "x"},
        {"gtin": "0952\x001234000013"},
        {"lot": "NOPE"},
        {"note": "\x00"},
        {"request_key": "k" * 101},
    ],
)
def test_a_wrong_order_is_refused(machine: Machine, product: Product, body: dict[str, Any]) -> None:
    answer = machine.post("/code-orders", {"gtin": product.gtin, "count": 1, **body})
    assert answer.status_code in {400, 404, 422}
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not CodeOrder.objects.exists()


def test_codes_stream_and_keys_rotate(machine: Machine, order: CodeOrder, product: Product) -> None:
    text = b"".join(machine.get(f"/code-orders/{order.number}/codes?form=txt")).decode()
    assert text.split() == selectors.serials(order, count=100)
    assert machine.get(f"/code-orders/{order.number}/codes?form=exe").status_code == 422
    keys = machine.post(f"/products/{product.gtin}/keys", {}).json()
    assert [key["version"] for key in keys] == [2, 1]
    assert "key" not in keys[0]


def test_units_are_numbered_once(machine: Machine) -> None:
    first = machine.post("/units", {"count": 2}).json()
    second = machine.post("/units", {}).json()
    assert len({*first, *second}) == 3
    assert machine.post("/units", {"count": 0}).status_code == 400


def test_another_organisations_order_is_not_found(other_actor: Actor, order: CodeOrder) -> None:
    outsider = Machine(other_actor)
    assert outsider.get(f"/code-orders/{order.number}").status_code == 404
    assert outsider.get(f"/code-orders/{order.number}/codes").status_code == 404
    assert outsider.get("/code-orders").json()["orders"] == []
