"""GS1's own examples, captured as JSON and as XML, read back in all three formats.

Skips where the examples are not beside the project. What is ignored in comparing: fields that the
server adds, the order of unordered lists, one-member lists against their member in extensions, and
prefixes, which a document may choose.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from lxml import etree

from suyuan.core.epcis.contexts import prefix_meanings
from suyuan.core.epcis.vocabulary import STANDARD_PREFIXES
from suyuan.core.epcis.xml import XmlVersion, read_xml

type ApiClient = Callable[..., Client]

GS1 = Path(__file__).resolve().parents[3] / "shared" / "gs1-epcis"
# A capture job and master data hold no events.
NO_EVENTS = ("CaptureJob/", "asterdata", "asterData", "CBV-11.4")


def _files(folder: str, ending: str) -> list[Path]:
    found = sorted((GS1 / folder).rglob(f"*{ending}")) if GS1.is_dir() else []
    return [path for path in found if not any(part in path.as_posix() for part in NO_EVENTS)]


FILES = _files("json", ".jsonld") + _files("xml", ".xml")
AS_CAPTURED = {"GS1-EPC-Format": "Never_Translates"}
UNORDERED = {"epcList", "childEPCs", "inputEPCList", "outputEPCList"}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILES, reason="GS1's examples are not beside the project"),
]


def _events(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a document's events with every name spelled out, ready to be compared."""
    body = document["epcisBody"]
    inner = body if "eventList" in body else body["queryResults"]["resultsBody"]
    found = []
    for event in inner["eventList"]:
        own = prefix_meanings(document.get("@context"), event.get("@context"))
        meanings = {**STANDARD_PREFIXES, **own}
        found.append(_plain(event, meanings))
    return found


def _plain(value: Any, meanings: dict[str, str], field: str = "") -> Any:
    if isinstance(value, dict):
        left_out = {"recordTime", "@context"}
        return {
            _spelled(name, meanings): _plain(given, meanings, name)
            for name, given in value.items()
            if name not in left_out and given != []
        }
    if isinstance(value, list):
        members = [_plain(one, meanings) for one in value]
        if field in UNORDERED:
            return sorted(members)
        return members[0] if len(members) == 1 else members
    if field == "component" and isinstance(value, str):
        return value.removeprefix("cbv:Comp-")
    return value


def _spelled(name: str, meanings: dict[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    meaning = meanings.get(prefix)
    return f"{{{meaning}}}{local}" if colon and meaning else name


def _source(path: Path) -> tuple[str, bytes, list[dict[str, Any]]]:
    body = path.read_bytes()
    if path.suffix == ".xml":
        return "application/xml", body, _events(read_xml(body)[0])
    return "application/ld+json", body, _events(json.loads(body))


@cache
def _xsd() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(GS1 / "schema" / "EPCglobal-epcis-query-2_0.xsd"))


@cache
def _json_schema() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(
        json.loads((GS1 / "schema" / "EPCIS-JSON-Schema.json").read_bytes())
    )


def _without_server_ids(
    found: list[dict[str, Any]], expected: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {k: v for k, v in one.items() if k != "eventID" or "eventID" in given}
        for one, given in zip(found, expected, strict=True)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GS1).as_posix())
def test_example_comes_back_whole_and_valid_in_every_format(
    path: Path, api_client: ApiClient
) -> None:
    client = api_client()
    media, body, expected = _source(path)
    sent = client.post("/epcis/v2/capture", body, content_type=media)
    assert sent.status_code == 202, sent.content

    events = "/epcis/v2/events?perPage=1000"
    answer = client.get(events, headers=AS_CAPTURED).json()
    assert _without_server_ids(_events(answer), expected) == expected
    for version in XmlVersion:
        headers = {**AS_CAPTURED, "Accept": "application/xml", "GS1-EPCIS-Version": version.value}
        written = client.get(events, headers=headers).content
        document, faults = read_xml(written)
        assert faults == {}
        assert _without_server_ids(_events(document), expected) == expected
        if version is XmlVersion.V2_0:
            _xsd().assertValid(etree.fromstring(written))


@pytest.mark.parametrize(
    "path", _files("json", ".jsonld"), ids=lambda path: path.relative_to(GS1).as_posix()
)
def test_json_answer_is_valid_by_the_schema(path: Path, api_client: ApiClient) -> None:
    schema_takes = not list(_json_schema().iter_errors(json.loads(path.read_bytes())))
    if not schema_takes:
        pytest.skip("GS1's schema refuses its own example")
    client = api_client()
    client.post("/epcis/v2/capture", path.read_bytes(), content_type="application/ld+json")
    answer = client.get("/epcis/v2/events?perPage=1000", headers=AS_CAPTURED).json()
    faults = [error.message[:200] for error in _json_schema().iter_errors(answer)]
    assert faults == []
