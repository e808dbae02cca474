"""Send one message.

Owns: the connection to a receiver, its time limits, and what an answer means.
Does not own: when to try again, where to (destinations).

A receiver has fifteen seconds for everything together: one that hangs, or answers a byte a second,
is cut off. Nothing of an answer is used but its status and, for people, the beginning of a refusal;
redirects are not followed, as they could lead anywhere.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from suyuan.kernel.posting.destinations import Destination, DestinationFault, resolve

SECONDS: Final = 15.0
_CONNECT_SECONDS: Final = 5.0
_TRIED: Final = 4  # addresses of one name
_ANSWER_BYTES: Final = 2_048
_SHOWN: Final = 200  # characters of an answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending a message.

    Attributes:
        status: HTTP; None if there was no answer.
        error: a code, where there was no answer or the answer is a refusal.
        answer: the beginning of a refusal's text.
        retry_after: seconds that the receiver asks for.
        took_ms: how long it took.
    """

    status: int | None
    error: str = ""
    answer: str = ""
    retry_after: int | None = None
    took_ms: int = 0


def send(
    where: Destination,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
) -> Outcome:
    """POST a body; never raises for what a network or a receiver does."""
    begun = time.monotonic()
    line = _Line(seconds)
    try:
        outcome = line.post(where, body, headers)
    except DestinationFault as error:
        outcome = Outcome(None, error.code)
    except ssl.SSLError:
        outcome = Outcome(None, "timeout" if line.cut else "tls")
    except TimeoutError:
        outcome = Outcome(None, "timeout")
    except (OSError, http.client.HTTPException, ValueError):
        # `ValueError`: http.client's word for a closed file, or for a header that is none.
        outcome = Outcome(None, "timeout" if line.cut else "broken" if line.open else "unreachable")
    finally:
        line.close()
    return replace(outcome, took_ms=round((time.monotonic() - begun) * 1_000))


class _Line:
    """A connection that is cut off when its time is over, whatever it is at."""

    def __init__(self, seconds: float) -> None:
        self.cut = False
        self.open = False
        self._socket: socket.socket | None = None
        self._watch = threading.Timer(seconds, self._cut_off)
        self._watch.daemon = True
        self._watch.start()

    def _cut_off(self) -> None:
        self.cut = True
        if self._socket is not None:
            with suppress(OSError):  # it was closed already
                # Of the plain socket: TLS would first want to say goodbye.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of everything."""
        self._watch.cancel()
        if self._socket is not None:
            self._socket.close()

    def post(self, where: Destination, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Connect, send, and read what comes back."""
        self._connect(where)
        connection = http.client.HTTPConnection(where.host, where.port)
        connection.sock = self._socket
        told = {
            "Host": where.authority,
            **headers,
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        connection.putrequest("POST", where.target, skip_host=True, skip_accept_encoding=True)
        for name, value in told.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        status = answer.status
        if 200 <= status < 300:
            return Outcome(status)
        text = answer.read(_ANSWER_BYTES).decode("utf-8", "replace")
        shown = "".join(sign if sign.isprintable() else " " for sign in text)
        return Outcome(
            status,
            "redirect" if status < 400 else "refused",
            answer=" ".join(shown.split())[:_SHOWN],
            retry_after=_seconds(answer.headers.get("Retry-After", "")),
        )

    def _connect(self, where: Destination) -> None:
        """Connect to the first address that answers, under the receiver's own name."""
        failure: OSError = OSError("no address")
        for family, address in resolve(where)[:_TRIED]:
            self._check_time()
            plain = self._socket = socket.socket(family, socket.SOCK_STREAM)
            plain.settimeout(_CONNECT_SECONDS)
            try:
                plain.connect((address, where.port))
                break
            except OSError as error:
                plain.close()
                failure = error
        else:
            raise failure
        self.open = True
        if where.secure:
            self._socket = _tls().wrap_socket(plain, server_hostname=where.host)
        # From here on the watch alone counts: a slow receiver may use its whole time. Should it
        # have come while there was no connection to cut, it does not come again.
        self._check_time()
        self._socket.settimeout(None)

    def _check_time(self) -> None:
        if self.cut:
            raise TimeoutError


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
