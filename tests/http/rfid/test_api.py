"""RFID over the API."""

from __future__ import annotations

import pytest
from django.test import Client

from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.identifiers.binary import decode
from suyuan.issuing.models import CodeOrder
from suyuan.rfid import selectors
from suyuan.rfid.models import TagRange
from suyuan.tenancy.rights import Right
from tests.conftest import MakeApiClient

API = "/api/v1"
JSON = "application/json"
FOREIGN = "3074257BF7194E4000001A85"


@pytest.fixture
def machine(api_client: MakeApiClient) -> Client:
    return api_client()


def test_tags_are_given_listed_and_ended(machine: Client, order: CodeOrder, prefix: str) -> None:
    wish = {"order": order.number, "count": 10, "request_key": "a"}
    made = machine.post(f"{API}/tag-ranges", wish, JSON)
    assert made.status_code == 201
    body = made.json()
    assert (body["first"], body["count"], body["serial_start"]) == (0, 10, "1")
    assert machine.post(f"{API}/tag-ranges", wish, JSON).json()["number"] == body["number"]
    listed = machine.get(f"{API}/tag-ranges", {"live": "true"}).json()
    assert [row["number"] for row in listed["ranges"]] == [body["number"]]
    assert listed["next_offset"] is None
    assert machine.get(f"{API}/tag-ranges/{body['number']}").json() == body
    ended = machine.post(f"{API}/tag-ranges/{body['number']}/end", {"reason": "x"}, JSON).json()
    assert ended["end_reason"] == "x"
    again = machine.post(f"{API}/tag-ranges/{body['number']}/end", {"reason": "x"}, JSON)
    assert (again.status_code, again.json()["code"]) == (409, "tag_range_ended")


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"count": 101}, 400, "tag_positions"),
        ({"scheme": "sscc-96"}, 400, "tag_scheme_unknown"),
        ({"filter": 5}, 400, "tag_filter"),
        ({"order": "CO-2026-9999"}, 404, "not_found"),
    ],
)
def test_a_refusal_has_its_code(
    machine: Client, order: CodeOrder, prefix: str, wish: dict[str, object], status: int, code: str
) -> None:
    answer = machine.post(f"{API}/tag-ranges", {"order": order.number, **wish}, JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_tags_of_a_range_are_read_in_pages_and_as_a_table(machine: Client, made: TagRange) -> None:
    rows = machine.get(f"{API}/tag-ranges/{made.number}/tags", {"first": 38, "count": 5}).json()
    assert [row["hex"] for row in rows] == selectors.tag_hexes(made, 38, 2)
    assert rows[0]["position"] == 38
    answer = machine.get(f"{API}/tag-ranges/{made.number}/tags.csv")
    assert b"".join(answer.streaming_content).count(b"\r\n") == 41  # type: ignore[attr-defined]


def test_epcs_are_read(machine: Client, made: TagRange) -> None:
    tag = selectors.tags(made)[0]
    epcs = [tag.hex, FOREIGN, "zz", "urn:epc:id:gid:1.2.3"]
    ours, foreign, wrong, other = machine.post(f"{API}/tags/read", {"epcs": epcs}, JSON).json()
    assert ours["unit"] == tag.item.digital_link()
    assert (ours["says"], ours["scheme"]) == (tag.epc.identity.digital_link(), "sgtin-96")
    assert (ours["range"], ours["reason"], ours["filter"]) == (made.number, "", 1)
    assert (foreign["unit"], foreign["reason"]) == ("", "tag_foreign")
    assert (wrong["says"], wrong["reason"], wrong["fault"]) == (
        "",
        "tag_unreadable",
        "uri_malformed",
    )
    assert other["says"] == "gid:1.2.3"


def test_a_tag_is_written(machine: Client, prefix: str) -> None:
    case = Identity(Scheme.SSCC, "095212340000000013")
    rows = machine.post(
        f"{API}/tags/write", {"code": case.digital_link(), "filter": 2}, JSON
    ).json()
    assert {row["scheme"] for row in rows} == {"sscc-96", "sscc+"}
    assert {decode(row["hex"]).identity for row in rows} == {case}
    item = "https://id.gs1.org/01/80614141123458/21/32a%2Fb"
    rows = machine.post(f"{API}/tags/write", {"code": item, "prefix_length": 7}, JSON).json()
    assert [row["fault"] for row in rows] == ["tag_not_numeric", "", ""]
    for body, code in (({"code": "x"}, "not_found"), ({"code": item, "filter": 5}, "tag_filter")):
        assert machine.post(f"{API}/tags/write", body, JSON).json()["code"] == code


def test_a_token_for_reading_gives_no_tags(api_client: MakeApiClient, order: CodeOrder) -> None:
    viewer = api_client(Right.CARRIERS_VIEW)
    answer = viewer.post(f"{API}/tag-ranges", {"order": order.number}, JSON)
    assert answer.status_code == 403
    assert viewer.get(f"{API}/tag-ranges").status_code == 200


def test_a_numeric_epc_is_traced_as_its_item(
    machine: Client, made: TagRange, active_order: CodeOrder
) -> None:
    tag = selectors.tags(made, 4)[0]
    for code in (tag.hex, tag.epc.urn()):
        found = machine.get(f"{API}/trace", {"code": code}).json()
        assert found["identifier"] == tag.item.digital_link()
