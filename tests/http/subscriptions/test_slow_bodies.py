"""Bodies that come slowly, break off or never end: how long each is waited for, and by whom."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # by another name

from suyuan.config import rsgi
from suyuan.config.rsgi import Bridge, threads


@dataclass(slots=True)
class _Scope:
    headers: dict[str, str]
    proto: str = "http"
    http_version: str = "1.1"
    server: str = "127.0.0.1:8000"
    client: str = "127.0.0.1:9"
    scheme: str = "http"
    method: str = "POST"
    path: str = "/"
    query_string: str = ""
    authority: str | None = None


def _scope(length: int) -> _Scope:
    return _Scope({"content-length": str(length)})


@dataclass(slots=True)
class _Proto:
    """A client: what it sends, at which pace, and what it is answered."""

    pieces: list[bytes]
    pause: float = 0.0
    breaks: bool = False
    status: list[int] = field(default_factory=list)

    async def __call__(self) -> bytes:
        return b"".join([piece async for piece in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece
        if self.breaks:
            raise ProtocolClosed

    def response_empty(self, status: int, _headers: object) -> None:
        self.status.append(status)

    def response_bytes(self, status: int, _headers: object, _body: bytes) -> None:
        self.status.append(status)


type Ask = Callable[[dict[str, Any]], Any]


def _run(
    monkeypatch: pytest.MonkeyPatch, ask: Ask, story: Callable[[Bridge], Awaitable[None]]
) -> None:
    monkeypatch.setattr(rsgi, "_ask", ask)
    monkeypatch.setattr(rsgi, "_PATIENCE", 0.3)

    async def main() -> None:
        bridge = Bridge()
        loop = asyncio.get_running_loop()
        bridge.__rsgi_init__(loop)
        try:
            await asyncio.wait_for(story(bridge), 20)
        finally:
            bridge.__rsgi_del__(loop)

    asyncio.run(main())


def _reading(environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    try:
        body = environ["wsgi.input"].read()
    except OSError:
        return 400, [], b""
    return 200 if body else 204, [], body


def test_small_body_that_does_not_come_is_given_up_without_a_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(bridge: Bridge) -> None:
        proto = _Proto([b"x"] * 1_000, pause=0.1)
        await bridge.__rsgi__(_scope(1_000), proto)
        assert proto.status == [408]

    _run(monkeypatch, _reading, story)


@pytest.mark.parametrize("length", [10, 400_000])
def test_body_that_breaks_off_is_no_failure_of_ours(
    monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    async def story(bridge: Bridge) -> None:
        proto = _Proto([b"x"], breaks=True)
        await bridge.__rsgi__(_scope(length), proto)
        assert proto.status in ([], [400])

    _run(monkeypatch, _reading, story)


def test_large_body_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(bridge: Bridge) -> None:
        proto = _Proto([b"x"] * 1_000, pause=0.05)
        begun = time.monotonic()
        await bridge.__rsgi__(_scope(400_000), proto)
        assert proto.status == [400]
        assert time.monotonic() - begun < 3

    _run(monkeypatch, _reading, story)


def test_large_body_that_comes_steadily_has_the_time_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(bridge: Bridge) -> None:
        proto = _Proto([b"x" * 40_000] * 10, pause=0.1)
        await bridge.__rsgi__(_scope(400_000), proto)
        assert proto.status == [200]

    _run(monkeypatch, _reading, story)


def test_large_bodies_leave_half_of_the_threads_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()

    def ask(environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        if environ["CONTENT_LENGTH"] != "1":
            let_go.wait(10)
        return 200, [], b""

    async def story(bridge: Bridge) -> None:
        large = [
            asyncio.create_task(bridge.__rsgi__(_scope(400_000), _Proto([b"x"])))
            for _ in range(2 * threads())
        ]
        await asyncio.sleep(0.1)
        small = _Proto([b"x"])
        await asyncio.wait_for(bridge.__rsgi__(_scope(1), small), 5)
        assert small.status == [200]
        let_go.set()
        await asyncio.gather(*large)

    _run(monkeypatch, ask, story)
