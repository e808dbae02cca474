"""The end of a server to which clients listen."""

from __future__ import annotations

import signal
import time

import pytest
from websockets.exceptions import ConnectionClosed

from tests.http.subscriptions.test_websocket import Served, served

__all__ = ["served"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_server_that_is_stopped_lets_its_clients_go_and_ends(served: Served) -> None:
    served.define("last")
    with served.listening("last", "stream=true") as client:
        served.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=20)
        served.process.wait(timeout=20)
    assert time.monotonic() - begun < 15
