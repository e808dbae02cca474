"""The entry that `suyuan serve` hands to its server: HTTP and websockets on one port.

Owns: carrying requests from granian's RSGI to Django's WSGI handler and back.
Does not own: websockets (api.epcis.streams).

Django stays synchronous, on threads of its own, as every hot path here is; only websockets live in
the event loop (ADR 0011, with the figures).

Who sends a body slowly holds up nobody else: a small one is waited for in the event loop, large
ones get half of the threads at most, and neither may come more slowly than telephones send.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, cast

from django.http.response import HttpResponseBase
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # by another name

from suyuan.config.wsgi import application as django

# Below the import that sets Django up.
from suyuan.api.epcis.streams import Streams  # isort: skip

_AT_ONCE: Final = 262_144  # bytes of a body that are taken before Django is asked
_PATIENCE: Final = 30  # seconds that a body may take, whatever its size
_SLOWEST: Final = 8_192  # bytes a second; a large body has more time by that much
_FIRST: Final = ("CONTENT_TYPE", "CONTENT_LENGTH")

type Headers = list[tuple[str, str]]


class Scope(Protocol):
    """What granian says of a request (RSGI 1.6)."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Any


def threads() -> int:
    """Return how many requests are worked at; each holds a connection to the database."""
    return 4 * max(2, os.cpu_count() or 1)


class Bridge:
    """The application, as granian calls it."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make the threads, in the process that serves."""
        self._loop = loop
        self._pool = ThreadPoolExecutor(threads(), thread_name_prefix="http")
        self._large = asyncio.Semaphore(threads() // 2)
        self._streams = Streams(loop)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let go of them."""
        self._streams.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: Scope, proto: Any) -> None:
        """Answer a request, or hold a websocket."""
        if scope.proto == "ws":
            await self._streams.serve(scope, proto)
            return
        given = scope.headers.get("content-length", "")
        length = int(given) if given.isascii() and given.isdigit() else 0
        if length > _AT_ONCE:
            async with self._large:
                body = io.BufferedReader(_Arriving(proto, self._loop), _AT_ONCE)
                await self._answer(scope, proto, body)
            return
        try:
            taken = await asyncio.wait_for(proto(), _PATIENCE) if length else b""
        except TimeoutError:
            proto.response_empty(408, [("connection", "close")])
        except ProtocolClosed:
            return  # the client left before it had said what it wants
        else:
            await self._answer(scope, proto, io.BytesIO(taken))

    async def _answer(self, scope: Scope, proto: Any, body: io.BufferedIOBase) -> None:
        """Let a thread work at a request."""
        environ = environ_of(scope, body)
        status, headers, answer = await self._loop.run_in_executor(self._pool, _ask, environ)
        if isinstance(answer, bytes):
            proto.response_bytes(status, headers, answer)
        else:
            await self._stream(proto.response_stream(status, headers), answer)

    async def _stream(self, transport: Any, answer: HttpResponseBase) -> None:
        pieces = iter(cast("Iterable[bytes]", answer))
        try:
            while piece := await self._loop.run_in_executor(self._pool, _next, pieces):
                await transport.send_bytes(piece)
        finally:
            await self._loop.run_in_executor(self._pool, answer.close)


def _next(pieces: Iterator[bytes]) -> bytes:
    """Return the next piece that is not empty; b"" at the end."""
    return next((piece for piece in pieces if piece), b"")


def _ask(environ: dict[str, Any]) -> tuple[int, Headers, bytes | HttpResponseBase]:
    """Let Django answer: a body, or a response that gives it piece by piece."""
    begun: list[tuple[int, Headers]] = []

    def start_response(
        status: str, headers: Headers, _exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        begun.append((int(status[:3]), headers))
        return bytes  # PEP 3333 wants a `write`; Django never calls it

    answer = django(environ, start_response)
    status, headers = begun[0]
    if answer.streaming:
        return status, headers, answer
    try:
        return status, headers, b"".join(cast("Iterable[bytes]", answer))
    finally:
        answer.close()


def environ_of(scope: Scope, body: io.BufferedIOBase) -> dict[str, Any]:
    """Return a request as WSGI has it (PEP 3333)."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # would pass for the one with a hyphen
        key = name.upper().replace("-", "_")
        key = key if key in _FIRST else f"HTTP_{key}"
        if key in environ:
            # HTTP/2 sends cookies apart (RFC 9113 §8.2.3).
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"  # noqa: PLW2901
        environ[key] = value
    if scope.authority:
        environ.setdefault("HTTP_HOST", scope.authority)
    return environ


class _Arriving(io.RawIOBase):
    """A large body, read as it arrives: Django refuses what is too large without reading it."""

    def __init__(self, proto: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._pieces = proto.__aiter__()
        self._loop = loop
        self._rest = memoryview(b"")
        self._ends = time.monotonic() + _PATIENCE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end.

        Raises:
            TimeoutError: it comes too slowly.
            ConnectionResetError: the client is gone.
        """
        while not self._rest:
            coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            try:
                piece = coming.result(max(0.0, self._ends - time.monotonic()))
            except TimeoutError:
                coming.cancel()
                raise
            if piece is None:
                return 0
            self._ends += len(piece) / _SLOWEST
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    async def _next(self) -> bytes | None:
        try:
            piece: bytes = await self._pieces.__anext__()
        except StopAsyncIteration:
            return None
        except ProtocolClosed as error:
            raise ConnectionResetError from error
        return piece


application = Bridge()
