"""Websockets on the one port that `suyuan serve` opens: a real server, a real client."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

_MAKE = """
import django; django.setup()
from suyuan.tenancy.actor import system_actor
from suyuan.tenancy.models import User
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import create_organisation, issue_token
user = User.objects.create_user(email="ann@kettle.example")
org = create_organisation(owner=user, slug="kettle", name_zh="壶", name_en="Kettle")
for scopes in (list(Right), [Right.EVENTS_CAPTURE]):
    print(issue_token(actor=system_actor(org), name="t", scopes=scopes, expires_at=None)[1])
"""
_EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T00:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "OBSERVE",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A server with an organisation: a token that may all, and one that may not see."""

    port: int
    token: str
    blind: str
    process: subprocess.Popen[bytes]

    def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - http, above
            return answer.status, answer.read()

    def capture(self, serial: str, step: str = "shipping") -> None:
        epc = f"https://id.gs1.org/01/09521234543213/21/{serial}"
        event = {**_EVENT, "bizStep": step, "epcList": [epc]}
        assert self.call("POST", "/epcis/v2/events", event)[0] == 201

    @contextmanager
    def listening(self, name: str, query: str, token: str = "") -> Iterator[ClientConnection]:
        url = f"ws://127.0.0.1:{self.port}/epcis/v2/queries/{quote(name)}/events?{query}"
        headers = {"Authorization": f"Bearer {token or self.token}"}
        with connect(url, additional_headers=headers, proxy=None) as client:
            yield client

    def define(self, name: str) -> None:
        body = {"name": name, "query": {"EQ_bizStep": ["shipping"]}}
        assert self.call("POST", "/epcis/v2/queries", body)[0] == 201


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Served]:
    """Serve a copy of the empty test database in a process of its own."""
    if connection.vendor != "sqlite":
        pytest.skip("copies the test database's file")
    folder = tmp_path_factory.mktemp("served")
    with django_db_blocker.unblock():
        name = str(connection.settings_dict["NAME"])
    with (
        closing(sqlite3.connect(name)) as source,
        closing(sqlite3.connect(folder / "suyuan.sqlite3")) as copy,
    ):
        source.backup(copy)
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = int(spare.getsockname()[1])
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SUYUAN_")},
        "DJANGO_SETTINGS_MODULE": "suyuan.config.settings",
        "SUYUAN_DATA_DIR": str(folder),
        "SUYUAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    made = subprocess.run(
        [sys.executable, "-c", _MAKE],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    token, blind = made.stdout.split()
    command = [sys.executable, "-m", "suyuan.cli.main", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, cwd=Path(folder))
    try:
        _wait_for(port, server)
        yield Served(port, token, blind, server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not start")


def _results(message: str | bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message)["epcisBody"]["queryResults"]
    return found


def test_client_is_told_of_what_fits_within_a_second_or_two(served: Served) -> None:
    served.define("出货")
    with served.listening("出货", "stream=true") as client:
        served.capture("A1", step="receiving")
        served.capture("A2")
        begun = time.monotonic()
        results = _results(client.recv(timeout=10))
        took = time.monotonic() - begun
        with pytest.raises(TimeoutError):
            client.recv(timeout=1.2)
    assert took < 5  # half a second on an idle machine
    assert results["queryName"] == "出货"
    (event,) = results["resultsBody"]["eventList"]
    assert event["epcList"] == ["https://id.gs1.org/01/09521234543213/21/A2"]


def test_two_clients_of_one_query_are_both_told(served: Served) -> None:
    served.define("both")
    with (
        served.listening("both", "stream=true") as one,
        served.listening("both", "stream=true") as two,
    ):
        served.capture("B1")
        assert _results(one.recv(timeout=10)) == _results(two.recv(timeout=10))


def test_scheduled_client_hears_that_nothing_came(served: Served) -> None:
    served.define("scheduled")
    with served.listening("scheduled", "second=*&reportIfEmpty=true") as client:
        assert _results(client.recv(timeout=10))["resultsBody"] == {"eventList": []}


def test_client_may_ask_for_what_was_captured_before(served: Served) -> None:
    served.define("since")
    served.capture("C1")
    query = "stream=true&initialRecordTime=2020-01-01T00:00:00Z"
    with served.listening("since", query) as client:
        told = _results(client.recv(timeout=10))["resultsBody"]["eventList"]
    assert told[-1]["epcList"] == ["https://id.gs1.org/01/09521234543213/21/C1"]


@pytest.mark.parametrize(
    ("name", "query", "token", "status"),
    [
        ("refused", "stream=true", "syn_1_wrong", 401),
        ("refused", "stream=true", "blind", 403),
        ("unknown", "stream=true", "", 404),
        ("refused", "", "", 400),
        ("refused", "stream=true&hour=1", "", 400),
        ("refused", "hour=99", "", 400),
    ],
)
def test_handshake_that_cannot_be_is_refused_with_its_status(
    served: Served, name: str, query: str, token: str, status: int
) -> None:
    if name != "unknown" and b'"refused"' not in served.call("GET", "/epcis/v2/queries")[1]:
        served.define(name)
    secret = served.blind if token == "blind" else token
    with pytest.raises(InvalidStatus) as caught, served.listening(name, query, secret):
        pass
    assert caught.value.response.status_code == status


def test_client_is_let_go_when_its_query_is_dropped(served: Served) -> None:
    served.define("dropped")
    with served.listening("dropped", "stream=true") as client:
        served.call("DELETE", "/epcis/v2/queries/dropped")
        served.capture("D1")
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=10)


def test_pages_uploads_and_files_pass_the_same_port(served: Served) -> None:
    assert served.call("GET", "/health")[0] == 200
    assert b"openapi" in served.call("GET", "/epcis/v2/openapi.json")[1]
    large = {"events": "x" * 1_000_000}
    with pytest.raises(urllib.error.HTTPError) as caught:
        served.call("POST", "/epcis/v2/capture", large)
    with caught.value as answer:
        assert answer.code == 400


def test_upload_of_a_gigabyte_is_refused_before_it_is_sent(served: Served) -> None:
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    line.putrequest("POST", "/epcis/v2/capture")
    line.putheader("Authorization", f"Bearer {served.token}")
    line.putheader("Content-Type", "application/json")
    line.putheader("Content-Length", str(2**30))
    line.endheaders(b"{")
    with line.getresponse() as answer:
        assert answer.status == 413
    line.close()
