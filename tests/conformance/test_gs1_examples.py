"""GS1's own JSON examples, captured over HTTP and read back with nothing lost.

Skips where the examples are not beside the project.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "gs1-epcis" / "json"
FILES = sorted(EXAMPLES.rglob("*.jsonld")) if EXAMPLES.is_dir() else []
AS_CAPTURED = {"GS1-EPC-Format": "Never_Translates"}
LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILES, reason="GS1's examples are not beside the project"),
]


def _events(document: dict[str, Any]) -> list[dict[str, Any]]:
    body = document["epcisBody"]
    inner = body if "eventList" in body else body["queryResults"]["resultsBody"]
    events: list[dict[str, Any]] = inner["eventList"]
    return events


def _comparable(event: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the server adds, long spellings, and the order of lists that have none."""
    # One example spells a component out; it comes back as the bare word that it means.
    plain = json.loads(json.dumps(event).replace("cbv:Comp-", ""))
    kept = {k: v for k, v in plain.items() if k not in {"recordTime", "@context"}}
    return kept | {name: sorted(kept[name]) for name in LISTS if name in kept}


def test_there_are_47_examples() -> None:
    assert len(FILES) == 47


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_an_example_is_captured_and_read_back_with_nothing_lost(
    path: Path, api_client: Any
) -> None:
    client: Client = api_client()
    source = json.loads(path.read_bytes())
    sent = client.post("/epcis/v2/capture", path.read_bytes(), content_type="application/ld+json")
    assert sent.status_code == 202, sent.content
    job = client.get(sent["Location"]).json()
    assert (job["success"], job["suyuan:stored"]) == (True, len(_events(source)))

    answer = client.get("/epcis/v2/events?perPage=1000", headers=AS_CAPTURED).json()
    assert answer["type"] == "EPCISQueryDocument"
    stored = _events(answer)
    for given, kept in zip(_events(source), stored, strict=True):
        expected = _comparable(given)
        found = _comparable(kept)
        if "eventID" not in expected:
            assert found.pop("eventID").startswith("urn:uuid:")
        assert found == expected
        by_id = client.get(
            f"/epcis/v2/events/{quote(kept['eventID'], safe='')}", headers=AS_CAPTURED
        ).json()
        assert any(_comparable(one) == _comparable(kept) for one in _events(by_id))
    extras = [part for part in source.get("@context", []) if isinstance(part, dict)]
    merged = {name: uri for part in extras for name, uri in part.items()}
    tops = [part for part in answer["@context"] if isinstance(part, dict)]
    assert {name: uri for part in tops for name, uri in part.items()} == merged


def test_the_examples_together_are_refused_only_where_they_reuse_an_event_id(
    api_client: Any,
) -> None:
    client: Client = api_client()
    refused = {}
    for path in FILES:
        sent = client.post(
            "/epcis/v2/capture", path.read_bytes(), content_type="application/ld+json"
        )
        if sent.status_code != 202:
            refused[path.name] = {fault["code"] for fault in sent.json()["faults"]}
    assert refused == {
        "Example-Type-sourceOrDestination,measurement,bizTransaction.jsonld": {"event_id_conflict"},
        "SensorDataExample17.jsonld": {"event_id_conflict"},
    }
