"""Websockets of `/epcis/v2/queries/{name}/events`.

Owns: connections: their handshake, their number, who is woken when, and their end.
Does not own: what they are told (feeds).

One look at the database wakes whoever there is news for; what is told is found on two threads, so
that a thousand idle connections cost one query in half a second, and busy ones never keep pages
waiting. A client that does not read holds up itself alone, and is let go after a while; so is one
that talks, for clients have nothing to say here.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.db import close_old_connections
from django.db.models import F

from suyuan.api.epcis.feeds import Feed
from suyuan.capture.models import EventSequence
from suyuan.core.epcis import DocumentError
from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError

RHYTHM: Final = 0.5  # seconds between looks
_CHECK_EVERY: Final = 60  # looks between checks of tokens and queries
_PATH: Final = re.compile(r"/epcis/v2/queries/([^/]+)/events/?")
_MOST: Final = 1_000  # connections of a process
_MOST_OF_ONE: Final = 50  # of an organisation, or of one of its partners
_SEND_SECONDS: Final = 30
_THREADS: Final = 2
_CLOSE: Final = 0  # kind of message: the other side closes
# Messages, or kilobytes, that a client may send between two checks: some send signs of life.
_SAID: Final = 64
_GONE, _LEAVING, _POLICY, _TROUBLE = 1000, 1001, 1008, 1011  # RFC 6455 §7.4
_log = logging.getLogger(__name__)


class _Client:
    """A connection: its feed, and what wakes it."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.woken = asyncio.Event()
        self.said = 0
        self.end: int | None = None

    def close(self, status: int) -> None:
        """Let it go, with a status."""
        self.end = self.end or status
        self.woken.set()

    def check(self) -> None:
        """Have its token and its query looked at, whether there is news or not."""
        self.said = 0
        self.woken.set()


class Streams:
    """All connections of a process."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop that they live in; nothing runs yet."""
        self._loop = loop
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="stream")
        self._clients: set[_Client] = set()
        self._watch: asyncio.Task[None] | None = None

    def close(self) -> None:
        """End every connection."""
        for client in list(self._clients):
            client.close(_LEAVING)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def serve(self, scope: Any, proto: Any) -> None:
        """Hold one connection until either side ends it."""
        found = _PATH.fullmatch(scope.path)
        if found is None:
            proto.close(404)
            return
        headers = {name.lower(): value for name, value in scope.headers.items()}
        try:
            feed = await self._call(lambda: Feed(found[1], scope.query_string, headers))
        except SuyuanError as error:
            proto.close(error.status)
            return
        except (DocumentError, SuspiciousOperation):
            proto.close(400)
            return
        except Exception:  # noqa: BLE001 - whatever it is, the client hears that it is ours
            _log.exception("a websocket could not be opened")
            proto.close(500)
            return
        client = _Client(feed)
        if not self._has_room(feed):
            proto.close(429)
            return
        self._clients.add(client)
        try:
            await self._talk(client, proto)
        finally:
            self._clients.discard(client)

    def _has_room(self, feed: Feed) -> bool:
        held = Counter(one.feed.holder_key for one in self._clients)
        return len(self._clients) < _MOST and held[feed.holder_key] < _MOST_OF_ONE

    async def _talk(self, client: _Client, proto: Any) -> None:
        transport = await proto.accept()
        if self._watch is None or self._watch.done():
            self._watch = self._loop.create_task(self._look())
        listener = self._loop.create_task(self._listen(client, transport))
        status = _GONE
        try:
            status = await self._tell(client, transport)
        finally:
            listener.cancel()
            proto.close(status)

    async def _tell(self, client: _Client, transport: Any) -> int:
        """Send what there is until the end; return the status to close with."""
        while client.end is None:
            await client.woken.wait()
            client.woken.clear()
            more = True
            while more and client.end is None:
                try:
                    body, more = await self._call(client.feed.news)
                except (SuyuanError, DocumentError):
                    return _POLICY  # the token, the right or the query is gone
                except Exception:  # noqa: BLE001 - whatever it is, the client may come again
                    _log.warning("news could not be told", exc_info=True)
                    return _TROUBLE
                if body is not None:
                    sending = transport.send_str(body.decode())
                    try:
                        await asyncio.wait_for(sending, _SEND_SECONDS)
                    except Exception:  # noqa: BLE001 - the client is gone, whatever granian says
                        return _GONE
        return client.end

    async def _listen(self, client: _Client, transport: Any) -> None:
        """Wait for the other side's end; what else it says is of no interest, and soon too much."""
        try:
            while (message := await transport.receive()).kind != _CLOSE:
                client.said += 1 + len(message.data) // 1_024
                if client.said > _SAID:
                    client.close(_POLICY)
                    return
        except Exception:  # noqa: BLE001 - a lost connection is an end too
            _log.debug("a websocket was lost", exc_info=True)
        client.close(_GONE)

    async def _look(self) -> None:
        """Wake whom there may be news for, until nobody is connected."""
        looks = 0
        while self._clients:
            await asyncio.sleep(RHYTHM)
            looks += 1
            try:
                lasts = await self._call(self._lasts)
            except Exception:  # noqa: BLE001 - whatever it is, the next look tries again
                _log.warning("events could not be looked for", exc_info=True)
                lasts = {}
            now = clock.now()
            for client in list(self._clients):
                if looks % _CHECK_EVERY == 0:
                    client.check()
                elif client.feed.is_due(now, lasts.get(client.feed.organisation_id, 0)):
                    client.woken.set()

    def _lasts(self) -> dict[int, int]:
        """Return the number of the latest event of each organisation that listens."""
        wanted = {client.feed.organisation_id for client in list(self._clients)}
        rows = EventSequence.objects.filter(organisation_id__in=wanted)
        return dict(rows.values_list("organisation_id", F("next") - 1))

    async def _call[Result](self, work: Callable[[], Result]) -> Result:
        def on_thread() -> Result:
            close_old_connections()
            return work()

        return await self._loop.run_in_executor(self._pool, on_thread)
