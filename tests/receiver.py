"""A receiver of messages on this machine: real sockets, and manners as a test wants them.

Owns: `Receiver`, which answers what it is told to and keeps what it was sent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Manners:
    """How to answer.

    Attributes:
        answers: statuses, one after the other; the last one for ever.
        hang: seconds to say nothing.
        drip: send the head of the answer a byte at a time, this many seconds apart.
        headers: of the answer.
        text: of the answer.
    """

    answers: list[int] = field(default_factory=lambda: [200])
    hang: float = 0.0
    drip: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    text: bytes = b""


class Receiver:
    """What came, and how to answer."""

    def __init__(self, port: int, manners: Manners) -> None:
        self.port = port
        self.manners = manners
        self.got: list[Got] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?shop=1"

    def wait_for(self, count: int, seconds: float = 20.0) -> list[Got]:
        """Return what came, once there are so many."""
        until = time.monotonic() + seconds
        while len(self.got) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.got) >= count, f"{len(self.got)} of {count} came"
        return self.got


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        manners = receiver.manners
        body = self.rfile.read(int(self.headers["Content-Length"]))
        number = len(receiver.got)
        receiver.got.append(Got(self.path, dict(self.headers), body))
        if manners.hang:
            receiver.ended.wait(manners.hang)
        status = manners.answers[min(number, len(manners.answers) - 1)]
        if manners.drip:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1_000:
                if receiver.ended.wait(manners.drip):
                    return
                self.wfile.write(bytes([byte]))
        self.send_response(status)
        for name, value in manners.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(manners.text)))
        self.end_headers()
        self.wfile.write(manners.text)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # it was cut off: that is what some tests want

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving(**manners: Any) -> Iterator[Receiver]:
    """Run a receiver."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_address[1], Manners(**manners))
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
