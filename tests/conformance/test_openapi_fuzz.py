"""GS1's own OpenAPI of EPCIS 2.0, and requests made of it: well formed ones and others.

Skips where the file is not beside the project. No answer may be a server's error, have a status
that is not documented, or a media type that is not.

The file is mended in memory where it is broken:

- its patterns of schedules are in another dialect of regular expressions than JSON Schema's;
- it leaves 400 out of some operations that take input, and gives it to their siblings: EPCIS 2.0
  §12.6 has it wherever a parameter or a body can be wrong;
- it leaves 404 out of `DELETE /nextPageToken/{token}`, and 415 where a body may be of any type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from suyuan.capture.services import capture_document
from suyuan.tenancy.actor import system_actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import issue_token

SHARED = Path(__file__).resolve().parents[3] / "shared" / "gs1-epcis"
OPENAPI = SHARED / "rest" / "openapi.json"
EXAMPLE = (
    SHARED / "json" / "WithFullCombinationOfFields" / "object_event_all_possible_fields.jsonld"
)
ROOT = "/epcis/v2"
EXAMPLES = 12  # for each operation
BAD_REQUEST = {"$ref": "#/components/responses/400ValidationException"}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
OPTIONS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not OPENAPI.is_file(), reason="GS1's OpenAPI is not beside the project"),
]


def _mended() -> dict[str, Any]:
    """Return the OpenAPI without its faults, with addresses that are ours."""
    if not OPENAPI.is_file():
        return {"openapi": "3.0.3", "info": {"title": "none", "version": "0"}, "paths": {}}
    document: dict[str, Any] = json.loads(OPENAPI.read_text())
    _without_patterns(document)
    refusal = _refusal(document)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "delete"}:
                operation["responses"].setdefault("400", refusal)
            if method == "delete" and path.startswith("/nextPageToken"):
                for status in ("401", "403", "404", "406"):
                    operation["responses"].setdefault(status, refusal)
    document["paths"] = {ROOT + path: methods for path, methods in document["paths"].items()}
    return document


def _refusal(document: dict[str, Any]) -> dict[str, Any]:
    """Return a problem's media types as the file has them elsewhere."""
    found: dict[str, Any] = document["paths"]["/capture"]["post"]["responses"]["400"]
    return found


def _without_patterns(value: Any) -> None:
    if isinstance(value, dict):
        if value.get("format") == "regex":
            value.pop("format")
            value.pop("pattern", None)
        for inner in value.values():
            _without_patterns(inner)
    elif isinstance(value, list):
        for inner in value:
            _without_patterns(inner)


SCHEMA = schemathesis.openapi.from_dict(_mended())
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations() if isinstance(one, Ok)]


@pytest.fixture
def application() -> Iterator[WSGIHandler]:
    """Return the installation as a WSGI application that stays in the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(organisation: Organisation) -> str:
    """Return a token that may do everything, of an organisation that has an event."""
    owner = system_actor(organisation)
    capture_document(actor=owner, body=EXAMPLE.read_bytes(), source="test")
    _, secret = issue_token(actor=owner, name="walk", scopes=tuple(Right), expires_at=None)
    return secret


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_request_gets_an_answer_that_is_not_documented(
    operation: Any, token: str, application: WSGIHandler
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    # Of some operations, no request can be malformed.
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

    statuses: list[int] = []

    @OPTIONS
    @given(cases)
    def ask(case: Any) -> None:
        answer = case.call(app=application, headers=headers, base_url="http://testserver")
        case.validate_response(answer, checks=CHECKS, headers=headers)
        statuses.append(answer.status_code)

    ask()
    assert statuses
    assert max(statuses) < 500
