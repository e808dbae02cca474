"""Websockets against clients that mean ill, without a server: what each is told, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import InterfaceError
from django.http import QueryDict

from suyuan.api.epcis import streams
from suyuan.api.epcis.feeds import Feed, Unauthenticated
from suyuan.api.epcis.streams import Streams
from suyuan.kernel.errors import Forbidden
from suyuan.masterdata.services import create_party
from suyuan.partners.services import connect_partner, end_partner, issue_partner_token
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.subscriptions.errors import QueryNotFound
from suyuan.subscriptions.services import define_query
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import PARTNER_RIGHTS
from suyuan.tenancy.services import revoke_token
from tests.subscriptions_world import Capture

# ── What a connection is told ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class World:
    """A partner that listens, beside its brand."""

    partner: Actor
    secret: str
    token_id: int

    def feed(self, query: str = "stream=true", name: str = "mine") -> Feed:
        return Feed(name, query, {"authorization": f"Bearer {self.secret}"})


@pytest.fixture
def world(actor: Actor) -> World:
    create_party(actor=actor, code="W1", name_zh="仓", kind="warehouse")
    partner = connect_partner(actor=actor, party="W1", rule=DeliveryRule("all"))
    speaker = replace(actor, name="token:w1", rights=PARTNER_RIGHTS, holder=partner.id)
    define_query(actor=speaker, name="mine", query={})
    token, secret = issue_partner_token(actor=actor, code="W1", name="t")
    return World(speaker, secret, token.id)


@pytest.mark.django_db
def test_partner_hears_of_its_own_events_and_never_of_others(
    world: World, capture: Capture
) -> None:
    feed = world.feed("stream=true&reportIfEmpty=true")
    capture(3)
    assert feed.news() == (None, False)  # no empty report that tells that something came
    capture(2, by=world.partner)
    body, more = feed.news()
    assert body is not None
    assert not more
    assert body.count(b'"ObjectEvent"') == 2


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["stream=true", "month=2"])
def test_token_revoked_while_connected_ends_whatever_is_due(
    actor: Actor, world: World, query: str
) -> None:
    feed = world.feed(query)
    assert feed.news() == (None, False)
    revoke_token(actor=actor, token_id=world.token_id)
    with pytest.raises(Unauthenticated):
        feed.news()


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["stream=true", "month=2"])
def test_partner_ended_while_connected_is_let_go(actor: Actor, world: World, query: str) -> None:
    feed = world.feed(query)
    end_partner(actor=actor, code="W1")
    with pytest.raises((Unauthenticated, Forbidden, QueryNotFound)):
        feed.news()


@pytest.mark.django_db
def test_scheduled_feed_that_is_looked_at_early_tells_nothing_early(
    world: World, capture: Capture
) -> None:
    feed = world.feed("month=2&reportIfEmpty=true")
    capture(1, by=world.partner)
    due = feed.next_run
    assert feed.news() == (None, False)
    assert feed.next_run == due


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer \0", "Bearer " + "x" * 9_000]
)
def test_no_token_is_no_feed(world: World, header: str) -> None:
    with pytest.raises(Unauthenticated):
        Feed("mine", "stream=true", {"authorization": header})


# ── A connection's life ──────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Said:
    kind: int
    data: Any = ""


@dataclass(slots=True)
class _Transport:
    """The client's side: what it says, and how it takes what it is sent."""

    says: asyncio.Queue[_Said] = field(default_factory=asyncio.Queue)
    sent: list[str] = field(default_factory=list)
    take: Callable[[], Awaitable[None]] | None = None

    async def receive(self) -> _Said:
        return await self.says.get()

    async def send_str(self, text: str) -> None:
        if self.take is not None:
            await self.take()
        self.sent.append(text)


@dataclass(slots=True)
class _Proto:
    transport: _Transport = field(default_factory=_Transport)
    closed: list[int] = field(default_factory=list)

    async def accept(self) -> _Transport:
        return self.transport

    def close(self, status: int | None = None) -> None:
        self.closed.append(status or 1000)


@dataclass(slots=True)
class _Scope:
    path: str = "/epcis/v2/queries/all/events"
    query_string: str = "stream=true"
    headers: dict[str, str] = field(default_factory=dict)


class _Feed:
    """A feed that needs no database."""

    schedule = None
    organisation_id = 1

    def __init__(self, holder: int = 0, news: Callable[[], Any] | None = None) -> None:
        self.holder_key = (1, holder)
        self.asked = 0
        self._news = news

    def is_due(self, _now: object, last: int) -> bool:
        return last > 0

    def news(self) -> tuple[bytes | None, bool]:
        self.asked += 1
        return self._news() if self._news else (None, False)


async def _until(fact: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not fact():  # noqa: ASYNC110 - of what is looked at nobody tells
            await asyncio.sleep(0.01)


def _run(
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[..., Any],
    story: Callable[[Streams], Awaitable[None]],
    lasts: Callable[[], dict[int, int]] = dict,
) -> None:
    monkeypatch.setattr(streams, "Feed", make)
    monkeypatch.setattr(streams, "RHYTHM", 0.02)
    monkeypatch.setattr(streams, "_CHECK_EVERY", 5)
    monkeypatch.setattr(streams, "close_old_connections", lambda: None)
    monkeypatch.setattr(Streams, "_lasts", lambda _self: lasts())

    async def main() -> None:
        held = Streams(asyncio.get_running_loop())
        try:
            await story(held)
        finally:
            held.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    "words", [[_Said(2, "x")] * 200, [_Said(1, b"x" * 1_000_000)]], ids=["many", "huge"]
)
def test_client_that_talks_is_let_go(monkeypatch: pytest.MonkeyPatch, words: list[_Said]) -> None:
    async def story(held: Streams) -> None:
        proto = _Proto()
        for one in words:
            proto.transport.says.put_nowait(one)
        await asyncio.wait_for(held.serve(_Scope(), proto), 5)
        assert proto.closed == [1008]

    _run(monkeypatch, lambda *_: _Feed(), story)


def test_client_that_says_now_and_then_that_it_lives_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(held: Streams) -> None:
        proto = _Proto()
        talk = asyncio.create_task(held.serve(_Scope(), proto))
        for _ in range(200):
            proto.transport.says.put_nowait(_Said(2, "ping"))
            await asyncio.sleep(0.005)
        assert proto.closed == []
        proto.transport.says.put_nowait(_Said(0))
        await asyncio.wait_for(talk, 5)
        assert proto.closed == [1000]

    _run(monkeypatch, lambda *_: _Feed(), story)


def test_client_that_does_not_read_is_let_go_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "_SEND_SECONDS", 0.3)
    made: list[_Feed] = []

    def make(*_: object) -> _Feed:
        made.append(_Feed(news=lambda: (b"{}", False)))
        return made[-1]

    async def story(held: Streams) -> None:
        slow, quick = _Proto(), _Proto()
        slow.transport.take = asyncio.Event().wait  # type: ignore[assignment]
        one = asyncio.create_task(held.serve(_Scope(), slow))
        two = asyncio.create_task(held.serve(_Scope(), quick))
        await asyncio.wait_for(one, 5)
        assert slow.closed == [1000]
        assert made[0].asked == 1  # nothing piles up for who does not read
        assert len(quick.transport.sent) > 1
        quick.transport.says.put_nowait(_Said(0))
        await asyncio.wait_for(two, 5)

    _run(monkeypatch, make, story, lambda: {1: 1})


def test_connections_of_one_owner_are_bounded_and_leave_room_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holders = iter([0] * 51 + [7])

    async def story(held: Streams) -> None:
        protos = [_Proto() for _ in range(52)]
        tasks = []
        for one in protos:
            tasks.append(asyncio.create_task(held.serve(_Scope(), one)))
            await asyncio.sleep(0.005)
        await _until(lambda: protos[50].closed == [429])
        assert [one.closed for one in protos[:50]] == [[]] * 50
        assert protos[51].closed == []
        held.close()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        assert {one.closed[0] for one in protos} == {1001, 429}

    _run(monkeypatch, lambda *_: _Feed(next(holders)), story)


def test_each_client_is_looked_at_though_there_is_no_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(held: Streams) -> None:
        def gone() -> tuple[None, bool]:
            raise Unauthenticated

        proto = _Proto()
        feed = _Feed(news=gone)
        feed.schedule = object()  # type: ignore[assignment]
        monkeypatch.setattr(streams, "Feed", lambda *_: feed)
        await asyncio.wait_for(held.serve(_Scope(), proto), 5)
        assert proto.closed == [1008]

    _run(monkeypatch, lambda *_: _Feed(), story)


def test_database_that_fails_once_deafens_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [0]

    def lasts() -> dict[int, int]:
        looks[0] += 1
        if looks[0] < 3:
            raise InterfaceError("connection already closed")
        return {1: 1}

    async def story(held: Streams) -> None:
        proto = _Proto()
        talk = asyncio.create_task(held.serve(_Scope(), proto))
        await _until(lambda: bool(proto.transport.sent))
        proto.transport.says.put_nowait(_Said(0))
        await asyncio.wait_for(talk, 5)
        assert set(proto.transport.sent) == {"{}"}

    _run(monkeypatch, lambda *_: _Feed(news=lambda: (b"{}", False)), story, lasts)
    assert looks[0] >= 3


@pytest.mark.parametrize("where", ["handshake", "news"])
def test_failure_of_ours_has_its_status(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def fail(*_: object) -> Any:
        raise ZeroDivisionError

    async def story(held: Streams) -> None:
        proto = _Proto()
        await asyncio.wait_for(held.serve(_Scope(), proto), 5)
        assert proto.closed == [500 if where == "handshake" else 1011]

    make = fail if where == "handshake" else (lambda *_: _Feed(news=fail))
    _run(monkeypatch, make, story, lambda: {1: 1})


def test_handshake_with_thousands_of_parameters_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(held: Streams) -> None:
        proto = _Proto()
        scope = _Scope(query_string="&".join(f"a{n}=1" for n in range(5_000)))
        await asyncio.wait_for(held.serve(scope, proto), 5)
        assert proto.closed == [400]

    _run(monkeypatch, lambda _n, query, _h: QueryDict(query), story)
