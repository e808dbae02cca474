"""Rehearsals that are large or broken: bounded, and nothing is stored on any path."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from suyuan.capture.rehearsal import rehearse
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from tests.partner_world import ITEM, build_partner_world, observed

pytestmark = pytest.mark.django_db
PATH = "/api/v1/rehearsals"

type ApiClient = Callable[..., Client]


def _stored() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def _document(*events: object) -> bytes:
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-01-05T00:00:00Z",
            "epcisBody": {"eventList": list(events)},
        },
        default=str,
    ).encode()


_BODIES = {
    "new": _document(observed(f"{ITEM}R1")),
    "twice": _document(*[{**observed(f"{ITEM}R1"), "eventID": "urn:uuid:0-1"}] * 2),
    "foreign goods": _document(observed("urn:epc:id:gid:1.2.3", "https://a.example/x")),
    "unknown words": _document(observed(step="https://a.example/step", disposition="active")),
    "broken": b'{"type": ',
    "nothing": b"",
    "bomb": b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>',
    "deep": b"[" * 100_000,
    "binary": bytes(range(256)),
    "not utf-8": b'{"a": "\xff"}',
    "nul": b"\0" * 1_000,
}


@pytest.mark.parametrize("name", _BODIES)
@pytest.mark.parametrize("kind", ["application/json", "application/xml", "text/plain"])
def test_nothing_is_stored_whatever_is_sent_by_whom(
    actor: Actor, api_client: ApiClient, name: str, kind: str
) -> None:
    world = build_partner_world(actor)
    clients = [api_client(), world.client(world.maker), api_client(Right.EVENTS_VIEW)]
    for client in clients:
        client.raise_request_exception = False
        client.post(PATH, b"{}", content_type="application/json")  # the token's first use
    before = _stored()
    for client in clients:
        answer = client.post(PATH, _BODIES[name], content_type=kind)
        assert answer.status_code < 500, answer.content
        assert answer.status_code != 404
    assert _stored() == before


@pytest.mark.slow
def test_a_hundred_thousand_events_are_rehearsed_within_bounds(actor: Actor) -> None:
    one = json.loads(_document(observed(f"{ITEM}X")))["epcisBody"]["eventList"][0]
    body = _document(*({**one, "epcList": [f"{ITEM}X{number}"]} for number in range(100_000)))
    tracemalloc.start()
    begun = time.process_time()
    found = rehearse(actor=actor, body=body)
    took = time.process_time() - begun
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.total, found.new) == (100_000, 100_000)
    assert len(found.events) <= 200
    assert took < 240
    assert most < 40 * len(body)
