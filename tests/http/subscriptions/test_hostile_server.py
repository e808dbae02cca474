"""The one port against clients that mean ill: a real server, real sockets."""

from __future__ import annotations

import select
import socket
import time
from contextlib import ExitStack, closing, suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from tests.http.subscriptions.test_websocket import Served, served

__all__ = ["served"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
_ENDS = {0, 1005, 1008, 1009}  # granian tells no status once a connection is open


def _closed(client: ClientConnection) -> int:
    """Wait for the other side to close; return its status."""
    with pytest.raises(ConnectionClosed) as caught:
        client.recv(timeout=15)
    return caught.value.rcvd.code if caught.value.rcvd else 0


@pytest.mark.parametrize(("count", "size"), [(5_000, 5), (1, 1_000_000)])
def test_client_that_floods_is_let_go_and_pages_are_served(
    served: Served, count: int, size: int
) -> None:
    name = f"flood{count}"
    served.define(name)
    with served.listening(name, "stream=true") as client:
        with suppress(ConnectionClosed):
            for _ in range(count):
                client.send("x" * size)
        assert served.call("GET", "/health")[0] == 200
        assert _closed(client) in _ENDS


def test_frame_beyond_sixteen_megabytes_ends_the_connection(served: Served) -> None:
    served.define("huge")
    with served.listening("huge", "stream=true") as client:
        with suppress(ConnectionClosed):
            client.send(b"x" * 20_000_000)
        assert _closed(client) in _ENDS
    assert served.call("GET", "/health")[0] == 200


def test_one_organisation_holds_fifty_connections_and_no_more(served: Served) -> None:
    served.define("many")
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(served.listening("many", "stream=true"))
        with (
            pytest.raises(InvalidStatus) as caught,
            served.listening("many", "stream=true"),
        ):
            pass
        assert caught.value.response.status_code == 429
        assert served.call("GET", "/health")[0] == 200
    end = time.monotonic() + 10
    while time.monotonic() < end:  # their places are free again
        try:
            with served.listening("many", "stream=true"):
                return
        except InvalidStatus:
            time.sleep(0.1)
    pytest.fail("connections that ended still count")


def _begin(served: Served, head: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", served.port))
    line.sendall(head.encode())
    return line


@pytest.mark.parametrize(
    ("count", "length", "path"),
    [(200, 0, "/health"), (200, 500, "/epcis/v2/capture"), (20, 400_000, "/epcis/v2/capture")],
    ids=["idle", "small", "large"],
)
def test_slow_clients_do_not_keep_pages_from_being_served(
    served: Served, count: int, length: int, path: str
) -> None:
    """Browsers keep connections open; telephones in cellars send slowly; some mean it."""
    head = f"{'POST' if length else 'GET'} {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
    if length:
        head += (
            f"Authorization: Bearer {served.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\n"
        )
    with ExitStack() as stack:
        for _ in range(count):
            line = _begin(served, f"{head}\r\n{'{' if length else ''}")
            stack.enter_context(closing(line))
        time.sleep(0.5)
        for _ in range(3):
            assert served.call("GET", "/health")[0] == 200
    time.sleep(0.5)
    served.capture(f"S{count}{length}")


def test_body_that_breaks_off_leaves_the_server_sound(served: Served) -> None:
    for length in (500, 400_000):
        line = _begin(
            served,
            f"POST /epcis/v2/capture HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
            f"Authorization: Bearer {served.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\n\r\n{{",
        )
        select.select([line], [], [], 0.2)
        line.close()
    time.sleep(0.3)
    assert served.call("GET", "/health")[0] == 200
    assert served.process.poll() is None
