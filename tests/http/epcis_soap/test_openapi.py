"""The served OpenAPI document says what the router does, and no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client

from suyuan.api.epcis.openapi.document import address_of, document, resources, rights_of
from suyuan.api.epcis.openapi.table import TABLE
from suyuan.core.epcis.query.parameters import PARAMETERS

GS1 = Path(__file__).resolve().parents[4] / "shared" / "gs1-epcis"
METHODS = {"get", "post", "put", "delete", "patch", "options"}


@pytest.fixture
def served(stranger: Client, db: None) -> dict[str, Any]:
    answer = stranger.get("/epcis/v2/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_every_address_and_method_of_the_router_is_described_and_no_other(
    served: dict[str, Any],
) -> None:
    routed = {
        address_of(one): {method.lower() for method in rights_of(one) or {}} | {"options"}
        for one in resources()
    }
    described = {path: set(told) & METHODS for path, told in served["paths"].items()}
    assert described == routed
    assert {one.name for one in resources()} == set(TABLE)


def test_every_operation_names_the_rights_that_the_gate_asks_for(served: dict[str, Any]) -> None:
    for one in resources():
        for method, rights in (rights_of(one) or {}).items():
            told = served["paths"][address_of(one)][method.lower()]
            assert all(right.value in told["description"] for right in rights)


def test_every_parameter_that_the_reader_knows_is_described(served: dict[str, Any]) -> None:
    refs = {
        one.get("$ref", "").rpartition("/")[2]
        for one in served["paths"]["/events"]["get"]["parameters"]
    }
    assert set(PARAMETERS) <= refs


def test_every_reference_of_the_document_leads_somewhere(served: dict[str, Any]) -> None:
    refs: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            if isinstance(ref := value.get("$ref"), str):
                refs.add(ref)
            for one in value.values():
                walk(one)

    def leads_somewhere(ref: str) -> bool:
        found: Any = served
        for part in ref.removeprefix("#/").split("/"):
            found = found.get(part) if isinstance(found, dict) else None
        return found is not None

    walk(served)
    assert len(refs) > len(PARAMETERS)
    assert {ref for ref in refs if not leads_somewhere(ref)} == set()


def test_operations_have_names_of_their_own(served: dict[str, Any]) -> None:
    names = [
        told["operationId"]
        for path in served["paths"].values()
        for method, told in path.items()
        if method in METHODS
    ]
    assert len(names) == len(set(names))


def test_the_schemas_are_json_schemas() -> None:
    for schema in document("http://x/epcis/v2")["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_example_document_is_captured_as_it_stands(
    served: dict[str, Any], api_client: Any
) -> None:
    body = served["paths"]["/capture"]["post"]["requestBody"]["content"]
    example = json.dumps(body["application/json"]["example"])
    answer = api_client().post("/epcis/v2/capture", example, content_type="application/json")
    assert answer.status_code == 202, answer.content


def test_what_the_standard_has_is_there_too(served: dict[str, Any]) -> None:
    path = GS1 / "rest" / "openapi.json"
    if not path.is_file():
        pytest.skip("GS1's OpenAPI is not beside the project")
    official = json.loads(path.read_bytes())
    missing = [
        f"{method} {address}"
        for address, told in official["paths"].items()
        for method in METHODS & set(told)
        if method not in served["paths"].get(address, {})
    ]
    assert not missing


def test_the_page_brings_its_own_scripts(stranger: Client, db: None) -> None:
    page = stranger.get("/epcis/v2/docs").content.decode()
    assert "https://" not in page
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "/epcis/v2/openapi.json" in page


@pytest.mark.parametrize("path", ["nothing", "capture/", "queries/a%0Ab/events/c", "epcs/a%0Ab"])
def test_an_address_that_is_not_there_is_refused_as_everything_is(
    path: str, api_client: Any
) -> None:
    answer = api_client().get(f"/epcis/v2/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"address_unknown", "resource_not_found"}


def test_an_unexpected_failure_is_a_problem_without_its_details(
    api_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("suyuan.api.epcis.views.events.run_query", broken)
    answer = api_client().get("/epcis/v2/events")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content


@pytest.mark.parametrize("body", ["1", "[]", "null", '"a"'])
def test_a_body_that_is_no_object_is_refused(body: str, api_client: Any) -> None:
    answer = api_client().post("/epcis/v2/queries", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "body_object")
