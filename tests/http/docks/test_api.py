"""Readers over the API."""

from __future__ import annotations

import pytest
from django.test import Client

from suyuan.docks.models import Reader
from suyuan.masterdata.models import Location
from suyuan.tenancy.rights import Right
from tests.conftest import MakeApiClient
from tests.docks_world import FOREIGN, seen

API = "/api/v1/docks/readers"
JSON = "application/json"


@pytest.fixture
def machine(api_client: MakeApiClient) -> Client:
    return api_client()


def test_a_reader_is_set_up_and_changed(machine: Client, dock: Location) -> None:
    fields = {"name": "门", "location": dock.code, "purpose": "zone"}
    made = machine.post(API, {**fields, "code": "Z-1"}, JSON)
    assert (made.status_code, made.json()["present"]) == (201, 0)
    again = machine.post(API, {**fields, "code": "Z-1"}, JSON)
    assert (again.status_code, again.json()["code"]) == (409, "reader_code_taken")
    changed = machine.put(f"{API}/Z-1", {**fields, "active": False}, JSON).json()
    assert changed["active"] is False
    refused = machine.post(f"{API}/Z-1/reads", b"[]", JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "reader_off")
    assert [row["code"] for row in machine.get(API).json()] == ["Z-1"]


def test_a_report_is_taken_once_and_its_tags_are_listed(
    machine: Client, receiving: Reader, tags: list[str]
) -> None:
    body = seen([*tags[:2], FOREIGN])
    first = machine.post(f"{API}/IN-1/reads", body, JSON, headers={"Idempotency-Key": "1"})
    again = machine.post(f"{API}/IN-1/reads", b"broken", JSON, headers={"Idempotency-Key": "1"})
    assert (first.status_code, first.json()["unknown"]) == (200, 1)
    assert again.json() == first.json()
    rows = machine.get(f"{API}/IN-1/tags", {"present": "true"}).json()
    assert {row["epc"]: row["reason"] for row in rows}[FOREIGN] == "tag_foreign"
    assert sum(row["unit"] is not None for row in rows) == 2
    assert machine.get(f"{API}/IN-1").json()["present"] == 3
    assert machine.post(f"{API}/IN-1/sweep").json() == {"left": 0}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "report_empty"),
        (b"{", "report_malformed"),
        (b'{"x": 1}', "report_shape"),
        (b'[{"epc": "X"}]', "read_epc"),
        (b'[{"epc": "30", "time": "2999-01-01T00:00:00Z"}]', "reads_in_future"),
        (b'[{"epc": "30", "time": "1970-01-01T00:00:00Z"}]', "read_time_unset"),
    ],
)
def test_a_refused_report_has_its_code(
    machine: Client, receiving: Reader, body: bytes, code: str
) -> None:
    answer = machine.post(f"{API}/IN-1/reads", body, JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_token_for_looking_feeds_no_reads(api_client: MakeApiClient, receiving: Reader) -> None:
    viewer = api_client(Right.EVENTS_VIEW)
    assert viewer.post(f"{API}/IN-1/reads", b"[]", JSON).status_code == 403
    assert viewer.get(API).status_code == 200
