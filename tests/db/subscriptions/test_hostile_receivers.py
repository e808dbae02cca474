"""Receivers that want to harm: slow ones, many of one owner, events that no message can hold."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from suyuan.capture.documents import Wanted
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.epcis.xml import XmlVersion
from suyuan.kernel.posting.destinations import Destination, read_destination, resolve
from suyuan.kernel.posting.sending import Outcome, send
from suyuan.subscriptions.dispatching import Dispatcher
from suyuan.subscriptions.models import Delivery, DeliveryState, NamedQuery
from suyuan.subscriptions.services import define_query, subscribe
from suyuan.subscriptions.services.delivering import PER_OWNER, Message
from suyuan.subscriptions.services.subscribing import USUAL
from suyuan.tenancy.actor import Actor
from tests.receiver import receiving
from tests.subscriptions_world import Capture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback_allowed")]
_TIME = datetime(2026, 3, 1, tzinfo=UTC)
_EPC = "https://id.gs1.org/01/09521234543213/21/H1"


@contextmanager
def _silent() -> Iterator[int]:
    """Listen, and never say a word."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            while not ended.is_set():
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        ended.set()
        server.shutdown(socket.SHUT_RDWR)
        for one in held:
            one.close()
        thread.join()


def test_time_that_runs_out_while_connecting_is_over_once_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The watch finds no connection to cut: it must be looked at again afterwards."""

    def slowly(where: Destination) -> object:
        time.sleep(0.4)
        return resolve(where)

    monkeypatch.setattr("suyuan.kernel.posting.sending.resolve", slowly)
    with _silent() as port:
        where = read_destination(f"http://127.0.0.1:{port}/")
        done: list[Outcome] = []
        thread = threading.Thread(
            target=lambda: done.append(send(where, b"{}", {}, seconds=0.1)), daemon=True
        )
        thread.start()
        thread.join(timeout=5)
    assert [one.error for one in done] == ["timeout"]


def test_handshake_that_never_comes_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suyuan.kernel.posting.sending._CONNECT_SECONDS", 0.5)
    with _silent() as port:
        begun = time.monotonic()
        outcome = send(read_destination(f"https://127.0.0.1:{port}/"), b"{}", {}, seconds=0.2)
    assert outcome.error == "timeout"
    assert time.monotonic() - begun < 3


def test_answer_of_a_gigabyte_is_not_read() -> None:
    """Neither a refusal's text nor what an acknowledgement brings along."""
    for status in (b"500 Oh", b"200 OK"):
        with socket.create_server(("127.0.0.1", 0)) as server:
            sent = [0]

            def answer(
                server: socket.socket = server, status: bytes = status, sent: list[int] = sent
            ) -> None:
                line = server.accept()[0]
                with line:
                    line.recv(65_536)
                    head = b"HTTP/1.1 %s\r\nContent-Length: 1073741824\r\n\r\n" % status
                    try:
                        line.sendall(head)
                        while sent[0] < 2**30:
                            sent[0] += line.send(b"x" * 65_536)
                    except OSError:
                        return

            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            outcome = send(
                read_destination(f"http://127.0.0.1:{server.getsockname()[1]}/"), b"{}", {}
            )
            thread.join(timeout=5)
        assert outcome.status == int(status[:3])
        assert len(outcome.answer) <= 200
        assert sent[0] < 2**25


def test_head_of_an_answer_without_end_is_an_outcome() -> None:
    with receiving(headers={f"X-{n}": "x" * 60_000 for n in range(120)}) as receiver:
        outcome = send(read_destination(receiver.url), b"{}", {})
    assert outcome.error == "broken"


def test_one_owner_with_many_receivers_leaves_room_for_others(
    actor: Actor, other_actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    """Names cost nothing: a limit for each host alone would let one owner hold every thread."""
    for number in range(12):
        subscribe(
            actor=actor, query_name="shipped", dest=f"https://h{number}.example/", stream=True
        )
    define_query(actor=other_actor, name="all", query={})
    subscribe(actor=other_actor, query_name="all", dest="https://other.example/", stream=True)
    capture()
    capture(by=None)
    capture_events(
        actor=other_actor,
        events=[build.object_event(time=_TIME, action="OBSERVE", epcs=[_EPC], step="shipping")],
        source="test",
    )
    let_go = threading.Event()
    sent: list[str] = []

    def hang(message: Message) -> Outcome:
        sent.append(message.where.host)
        let_go.wait(20)
        return Outcome(200)

    dispatcher = Dispatcher(send=hang)
    for _ in range(20):
        dispatcher.round()
        if "other.example" in sent:
            break
        time.sleep(0.05)
    held = list(sent)
    let_go.set()
    dispatcher.drain()
    assert "other.example" in held
    assert len(held) <= PER_OWNER + 1
    assert len(sent) == 13


def test_event_that_xml_cannot_hold_stops_neither_the_loop_nor_others(
    actor: Actor, capture: Capture
) -> None:
    """JSON may hold control characters, which no XML can."""
    define_query(actor=actor, name="all", query={})
    with receiving() as one, receiving() as other:
        how = Wanted("xml", XmlVersion.V2_0, USUAL.epcs, web_uris=False)
        subscribe(actor=actor, query_name="all", dest=one.url, stream=True, how=how)
        subscribe(actor=actor, query_name="all", dest=other.url, stream=True)
        event = build.object_event(time=_TIME, action="OBSERVE", epcs=[_EPC], step="shipping")
        event["@context"] = [{"ex": "https://ex.example/"}]
        event["ex:note"] = "a\u0001b\ufffec"
        capture_events(actor=actor, events=[event], source="test")
        Dispatcher().drain()
        capture()
        Dispatcher().drain()
    assert len(other.got) == 2
    assert Delivery.objects.exclude(state=DeliveryState.DELIVERED).count() == 0
    assert len(one.got) == 2


def test_message_that_cannot_be_made_is_put_off_and_others_are_sent(
    actor: Actor, shipping: NamedQuery, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        subscribe(actor=actor, query_name="shipped", dest=receiver.url, stream=True, name="sound")
        subscribe(actor=actor, query_name="shipped", dest=receiver.url, stream=True, name="broken")
        capture()
        plain = Dispatcher.__init__.__globals__["delivering"].message_of

        def failing(delivery: Delivery) -> Message:
            if delivery.subscription.name == "broken":
                raise ZeroDivisionError
            message: Message = plain(delivery)
            return message

        monkeypatch.setattr("suyuan.subscriptions.services.delivering.message_of", failing)
        Dispatcher().drain()
    assert len(receiver.got) == 1
    waiting = Delivery.objects.get(state=DeliveryState.WAITING)
    assert (waiting.last_error, waiting.attempts) == ("message_failed", 1)


def test_round_that_fails_does_not_end_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("suyuan.subscriptions.dispatching.look_all", fail)
    dispatcher = Dispatcher()
    assert dispatcher.safe_round() is False
    dispatcher.close()
