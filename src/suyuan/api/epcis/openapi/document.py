"""The document: addresses, methods and rights from the router, texts from the table.

Owns: how both become one.
Invariant: an address that the router has and the table has not is a fault at once (`KeyError`), as
is the reverse; the tests build the document.
"""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from suyuan.api.epcis.gate import VERSION_HEADERS
from suyuan.api.epcis.openapi.parameters import COMPONENTS, GROUPS
from suyuan.api.epcis.openapi.schemas import EXAMPLE_DOCUMENT, SCHEMAS
from suyuan.api.epcis.openapi.table import ANSWERS, OPTIONS, PARTS, TABLE, Operation

ADDRESSES: Final = "suyuan.api.epcis.urls"
_PART: Final = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>")
_ALWAYS: Final = (401, 403, 406)
_ABOUT: Final = """\
EPCIS 2.0: capture events, query them, subscribe to them.

Ask with a token: `Authorization: Bearer syn_…`. It belongs to one organisation, so that no address
names one. What a partner's token sees is what was shared with that partner, and what it sent.

Documents are JSON-LD, XML 2.0 or XML 1.2, by `Content-Type`, `Accept` and `GS1-EPCIS-Version`.
EPCIS 1.2 has an interface of its own, by SOAP: `/epcis/v1/query?wsdl`.

Every refusal is a problem document whose `code` is stable and whose `place` points at the fault.
"""

type Json = dict[str, Any]


@lru_cache(4)
def document(address: str) -> Json:
    """Return the OpenAPI document of the interface at an address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Suyuan EPCIS 2.0", "version": version("suyuan"), "description": _ABOUT},
        "servers": [{"url": address}],
        "security": [{"token": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(_tags())],
        "paths": {address_of(pattern): _path(pattern) for pattern in resources()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
            "parameters": COMPONENTS,
            "headers": {
                name: {"schema": {"type": "string"}, "example": value}
                for name, value in VERSION_HEADERS.items()
            },
        },
    }


def resources() -> list[URLPattern]:
    """Return the router's rows that are resources of the standard."""
    patterns = get_resolver(ADDRESSES).url_patterns
    return [one for one in patterns if isinstance(one, URLPattern) and rights_of(one) is not None]


def address_of(pattern: URLPattern) -> str:
    """Return a route as OpenAPI writes it."""
    route = str(pattern.pattern)
    return "/" + _PART.sub(lambda part: f"{{{PARTS[part[1]].name}}}", route)


def rights_of(pattern: URLPattern) -> dict[str, Any] | None:
    """Return the rights of each method of a resource; None for what is none."""
    return getattr(pattern.callback, "rights", None)


def _tags() -> list[str]:
    return [one.tag for operations in TABLE.values() for one in operations.values()]


def _path(pattern: URLPattern) -> Json:
    name = pattern.name or ""
    rights = rights_of(pattern) or {}
    operations = TABLE[name]
    told = {
        method.lower(): _operation(
            f"{name}_{method.lower()}", pattern, operations[method], rights[method]
        )
        for method in rights
    }
    assert len(told) == len(operations), f"{name}: the table has methods that are gone"  # noqa: S101
    tag = next(iter(operations.values())).tag
    told["options"] = _operation(f"{name}_options", pattern, OPTIONS(tag), ())
    return told


def _operation(
    identifier: str, pattern: URLPattern, operation: Operation, rights: tuple[Any, ...]
) -> Json:
    parts = [PARTS[name].parameter() for name in _PART.findall(str(pattern.pattern))]
    refs = [
        {"$ref": f"#/components/parameters/{name}"}
        for group in operation.parameters
        for name in GROUPS[group]
    ]
    needed = " or ".join(f"`{right.value}`" for right in rights)
    told: Json = {
        "operationId": identifier,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*parts, *refs],
        "responses": _responses(operation, found=bool(parts)),
    }
    if needed:
        told["description"] = f"{operation.details}\n\nThe token needs {needed}.".strip()
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": _content(operation.body)}
    return told


def _responses(operation: Operation, *, found: bool) -> Json:
    status = str(operation.status)
    told: Json = {
        status: {
            "description": operation.answer or HTTPStatus(operation.status).phrase,
            "headers": {
                **{name: {"$ref": f"#/components/headers/{name}"} for name in VERSION_HEADERS},
                **{name: {"schema": {"type": "string"}} for name in operation.headers},
            },
        }
    }
    if operation.content is not None:
        told[status]["content"] = _content(operation.content)
    refused = {*_ALWAYS, *operation.refusals, *([404] if found else [])}
    if operation.body is not None:
        refused |= {400, 413, 415}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for code in sorted(refused):
        told[str(code)] = {"description": HTTPStatus(code).phrase, "content": problem}
    for code, description in operation.others:
        told[str(code)] = {"description": description}
    told["default"] = {"description": "Any other refusal", "content": problem}
    return told


def _content(name: str) -> Json:
    """Return the media types of a kind of body."""
    found: Json = {}
    for media, schema in ANSWERS[name].items():
        found[media] = {"schema": {"$ref": f"#/components/schemas/{schema}"}} if schema else {}
        if schema == "EPCISDocument":
            found[media]["example"] = EXAMPLE_DOCUMENT
    return found
