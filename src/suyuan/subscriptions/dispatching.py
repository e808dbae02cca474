"""The loop that looks and delivers, beside the worker's tasks.

Owns: rhythm, and that a receiver that hangs keeps nobody else waiting.

The loop's thread alone touches the database; the threads of the pool only hold connections to
receivers. One host gets at most a few of them at a time.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from django.db import DatabaseError, close_old_connections, connections

from suyuan.kernel.errors import SuyuanError
from suyuan.kernel.posting.destinations import DestinationRefused
from suyuan.kernel.posting.sending import SECONDS, Outcome, send
from suyuan.subscriptions.models import Delivery
from suyuan.subscriptions.services import delivering
from suyuan.subscriptions.services.looking import look_all

RHYTHM: Final = 0.5  # seconds
_THREADS: Final = 8
_PRUNE_EVERY: Final = 7_200  # rounds: an hour
_log = logging.getLogger(__name__)

type Send = Callable[[delivering.Message], Outcome]


def _send(message: delivering.Message) -> Outcome:
    return send(message.where, message.body, message.headers, seconds=SECONDS)


class Dispatcher:
    """Looks what is new, and brings it to receivers."""

    def __init__(self, *, threads: int = _THREADS, send: Send = _send) -> None:
        """Start nothing yet; `send` stands in for the network in tests."""
        self._send = send
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._flying: dict[Future[Outcome], delivering.Message] = {}
        self._rounds = 0

    def run(self, ended: threading.Event, *, seconds: float = RHYTHM) -> None:
        """Go on until `ended`; the connection to the database is this thread's own."""
        while not ended.is_set():
            close_old_connections()
            busy = self.safe_round()
            if self._flying:
                wait(self._flying, timeout=0 if busy else seconds, return_when=FIRST_COMPLETED)
            elif not busy:
                ended.wait(seconds)
        self.close()
        connections.close_all()

    def close(self) -> None:
        """Let go; what is on its way is tried again when its lease ends."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def safe_round(self) -> bool:
        """Do a round; whatever goes wrong, the next one comes."""
        try:
            return self.round()
        except Exception:  # noqa: BLE001 - nobody would start the loop again
            _log.warning("a round of deliveries failed", exc_info=True)
            return False

    def round(self) -> bool:
        """Settle what came back, look, and send; return whether anything was done."""
        self._rounds += 1
        if self._rounds % _PRUNE_EVERY == 1:
            delivering.prune()
        settled = self._settle()
        looked = look_all()
        sent = self._take_off()
        return bool(settled or looked or sent)

    def drain(self) -> None:
        """Go on until nothing is due and nothing is on its way: for commands and tests."""
        while self.round() or self._flying:
            if self._flying:
                wait(self._flying, return_when=FIRST_COMPLETED)

    def _settle(self) -> int:
        done = [future for future in self._flying if future.done()]
        for future in done:
            message = self._flying.pop(future)
            delivering.settle(message.delivery, future.result(), message)
        return len(done)

    def _take_off(self) -> int:
        """Claim what is due and hand it to the pool."""
        room = self._threads - len(self._flying)
        if room <= 0:
            return 0
        busy: Counter[str] = Counter()
        for flying in self._flying.values():
            busy.update((flying.where.host, delivering.owner_of(flying.delivery.subscription)))
        claimed = delivering.claim(room, busy)
        for delivery in claimed:
            if message := self._made(delivery):
                self._flying[self._pool.submit(self._send, message)] = message
        return len(claimed)

    def _made(self, delivery: Delivery) -> delivering.Message | None:
        """Make a message; what cannot be made is put off, and in the end given up."""
        try:
            return delivering.message_of(delivery)
        except DestinationRefused as error:
            delivering.refuse(delivery, error)
        except SuyuanError as error:
            _log.warning("a message could not be made", exc_info=True)
            delivering.settle(delivery, Outcome(None, error.code))
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, it is of this message
            # One message must not keep the others of this round from being sent.
            _log.exception("message %s could not be made", delivery.id)
            delivering.settle(delivery, Outcome(None, "message_failed"))
        return None
