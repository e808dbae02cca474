"""Packages and sets over the management API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Location, Party
from suyuan.printhouse import services
from suyuan.printhouse.models import Package
from suyuan.tenancy.actor import Actor
from tests.conftest import MakeApiClient
from tests.printhouse_world import opened, table

API = "/api/v1"


@pytest.fixture
def api(api_client: MakeApiClient) -> Client:
    """Return a client with every right."""
    return api_client()


def _post(api: Client, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
    answer = api.post(f"{API}/{path}", body or {}, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def _get(api: Client, path: str, status: int = 200) -> Any:
    answer = api.get(f"{API}/{path}")
    assert answer.status_code == status
    return answer.json()


def test_a_package_is_made_fetched_and_reconciled(
    api: Client, actor: Actor, order: CodeOrder, printer: Party
) -> None:
    wanted = {"order": order.number, "print_house": "PRINT-1", "roll_size": 30}
    made = _post(api, "packages", wanted, 201)
    number = made["number"]
    services.sum_up(actor.organisation_id, number)
    shown = _get(api, f"packages/{number}")
    assert (shown["state"], shown["lines"], shown["rolls"]) == ("prepared", 100, 4)
    assert "password" not in shown
    data = b"".join(api.get(f"{API}/packages/{number}/file"))
    assert len(data) == shown["bytes"]
    assert len(opened(Package.objects.get(), made["password"]).rows) == 100
    assert _post(api, f"packages/{number}/send")["state"] == "sent"
    rolls = _get(api, f"packages/{number}/rolls?offset=3")
    assert [(roll["roll"], roll["first"], roll["last"]) for roll in rolls] == [(4, 91, 100)]

    serials = issuing.serials(order, count=2)
    body = table("code,status", f"{serials[0]},used", f"{serials[1]},spoiled", "x,used")
    file = SimpleUploadedFile("back.csv", body)
    answer = api.post(f"{API}/packages/{number}/returns", {"file": file})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["used"], told["spoiled"], told["missing"]) == (1, 1, 98)
    assert told["fault_counts"] == {"code_unknown": 1}
    assert _get(api, f"packages/{number}/returns/1")["applied_at"] is None
    done = _post(api, f"packages/{number}/returns/1/apply", {"reason": "spoiled"})
    assert done["applied_at"] is not None
    shown = _post(api, f"packages/{number}/rolls/4/withdraw", {"reason": "lost"})
    assert (shown["spoiled"], shown["missing"]) == (11, 88)
    closed = _post(api, f"packages/{number}/close", {"withdraw_missing": "not returned"})
    assert closed["state"] == "reconciled"
    page = _get(api, "packages?state=reconciled")
    assert ([row["number"] for row in page["packages"]], page["next_offset"]) == ([number], None)
    places = _get(api, f"products/{order.product.gtin}/items/{serials[1]}/rolls")
    assert places == [{"package": number, "roll": 1, "sequence": 2}]
    _get(api, f"products/{order.product.gtin}/items/00000000000000/rolls", 404)


def test_a_package_is_cancelled(
    api: Client, actor: Actor, order: CodeOrder, printer: Party
) -> None:
    wanted = {"order": order.number, "print_house": "PRINT-1", "roll_size": 30}
    number = _post(api, "packages", wanted, 201)["number"]
    problem = _post(api, f"packages/{number}/close", {}, 409)
    assert problem["code"] == "package_state"
    assert _post(api, f"packages/{number}/cancel", {"reason": "wrong"})["state"] == "cancelled"


def test_a_returned_file_that_is_too_large_is_refused(
    api: Client, sent: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    from suyuan.api import printhouse  # noqa: PLC0415

    monkeypatch.setattr(printhouse, "MOST_BYTES", 3)
    file = SimpleUploadedFile("back.csv", b"code,status")
    answer = api.post(f"{API}/packages/{sent.number}/returns", {"file": file})
    assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")


def test_sets_are_planned_shown_and_activated(
    api: Client, order: CodeOrder, line: Location
) -> None:
    plan = _post(api, f"code-orders/{order.number}/sets", {"per_case": 10, "per_pallet": 4}, 201)
    assert (plan["cases"], plan["pallets"], plan["order"]) == (10, 3, order.number)
    assert _get(api, f"sets/{plan['number']}") == plan
    assert [row["number"] for row in _get(api, "sets")["sets"]] == [plan["number"]]
    lines = b"".join(api.get(f"{API}/sets/{plan['number']}/labels")).split()
    pallet, case = (line.split(b",")[1].decode() for line in lines[1:3])
    unit = _get(api, f"set-units/{case}")
    assert (unit["kind"], unit["serials"]) == ("case", issuing.serials(order, count=10))
    assert len(_get(api, f"set-units/{pallet}")["cases"]) == 4
    filled = {"location": line.code, "time": "2026-03-01T10:00:00+08:00"}
    done = _post(api, f"set-units/{case}/activate", filled)
    assert (done["items"], done["cases"], done["pallets"]) == (10, 1, 0)
    done = _post(api, f"sets/{plan['number']}/activate", filled)
    assert (done["items"], done["cases"], done["pallets"]) == (90, 9, 3)
    assert _get(api, f"set-units/{case}")["active"]
    problem = _post(api, f"sets/{plan['number']}/cancel", {}, 409)
    assert problem["code"] == "set_in_use"
    claims = _get(api, f"code-orders/{order.number}/allotments")
    assert [(row["kind"], row["labels"]) for row in claims] == [("set", 0)]


def test_many_sets_are_left_to_the_background(
    api: Client, order: CodeOrder, line: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    from suyuan.api import sets  # noqa: PLC0415

    monkeypatch.setattr(sets, "SLICE_ITEMS", 50)
    plan = _post(api, f"code-orders/{order.number}/sets", {"per_case": 10}, 201)
    filled = {"location": line.code, "time": "2026-03-01T10:00:00+08:00"}
    begun = _post(api, f"sets/{plan['number']}/activate", filled)
    assert (begun["in_background"], begun["items"]) == (True, 0)


def test_sets_are_cancelled(api: Client, order: CodeOrder) -> None:
    plan = _post(api, f"code-orders/{order.number}/sets", {"per_case": 10}, 201)
    assert _post(api, f"sets/{plan['number']}/cancel")["cancelled_at"] is not None


def test_codes_are_withdrawn(api: Client, order: CodeOrder) -> None:
    body = {"positions": [3, 1], "reason": "smeared", "reference": "J1"}
    row = _post(api, f"code-orders/{order.number}/withdrawals", body, 201)
    assert (row["count"], row["first"], row["last"]) == (2, 1, 3)
    assert _get(api, f"code-orders/{order.number}/withdrawals") == [row]
    body["reference"] = "J2"
    problem = _post(api, f"code-orders/{order.number}/withdrawals", body, 409)
    assert problem["code"] == "codes_withdrawn"
