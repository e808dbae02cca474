"""Send labels to a printer on a TCP port, and learn whether they came out.

Owns: one connection to a printer, its time limits, and what each failure is called.
Does not own: which labels (running), their language (core.labels).

A chunk is acknowledged when the printer, asked for its status, has nothing left to print; a
printer that does not answer such questions acknowledges by taking the bytes in. What was sent and
not acknowledged is in doubt: `PrinterFault.sent` says so.
"""

from __future__ import annotations

import errno
import fcntl
import socket
import sys
import termios
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from suyuan.printing.errors import PrinterFault
from suyuan.printing.models import Printer, PrinterKind
from suyuan.printing.outlets import status
from suyuan.printing.outlets.addresses import resolve
from suyuan.printing.outlets.status import Status, StatusMalformedError

_BLOCK: Final = 65_536
_LONGEST_ANSWER: Final = 4_096


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    Attributes:
        connect: for each address of the printer.
        send: until it takes in the next block of bytes; a printer stops taking in while it prints.
        answer: for the answer to a question.
        label: for each label of a chunk to come out.
        trouble: for a person to put paper in, before the job is laid aside.
        look: from one question to the next.
    """

    connect: float = 5.0
    send: float = 60.0
    answer: float = 5.0
    label: float = 3.0
    trouble: float = 120.0
    look: float = 0.2


PATIENCE: Final = Patience()


def _nothing(_fault: str) -> None:
    """Take a note of nothing."""


class Line:
    """An open connection to a printer.

    `on_look` is called with "" or the code of a trouble whenever the line has waited a moment, so
    that its caller can say that it is still there.
    """

    def __init__(self, printer: Printer, patience: Patience = PATIENCE) -> None:
        """Connect nowhere yet."""
        self._printer = printer
        self._patience = patience
        self._socket: socket.socket | None = None
        self.on_look: Callable[[str], None] = _nothing

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            PrinterFault: `printer_unknown_host`, `printer_address_refused`, `printer_refused`,
                `printer_timeout`, `printer_unreachable`.
        """
        printer = self._printer
        last = PrinterFault("printer_unreachable", **self._where)
        for family, address in resolve(printer.host, printer.port):
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.settimeout(self._patience.connect)
            try:
                connection.connect((address, printer.port))
            except OSError as error:
                connection.close()
                last = PrinterFault(_connect_code(error), **self._where)
                continue
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._socket = connection
            return self
        raise last

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close, after what was sent."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    @property
    def _where(self) -> dict[str, Any]:
        return {
            "printer": self._printer.name,
            "host": self._printer.host,
            "port": self._printer.port,
        }

    @property
    def _open(self) -> socket.socket:
        assert self._socket is not None  # noqa: S101 - used within the context only
        return self._socket

    def print(self, blocks: Iterable[bytes], labels: int) -> None:
        """Send a chunk, and wait until it is acknowledged.

        Raises:
            PrinterFault: `printer_timeout`, `printer_closed`, `printer_no_answer`, or what the
                printer's status says; `sent` tells whether labels are in doubt.
        """
        sent = False
        try:
            self._open.settimeout(self._patience.send)
            for block in blocks:
                for at in range(0, len(block), _BLOCK):
                    # From here on nobody knows how much of it has arrived.
                    sent = True
                    self._open.sendall(block[at : at + _BLOCK])
                    self.on_look("")
        except TimeoutError as error:
            raise PrinterFault("printer_timeout", sent=sent, **self._where) from error
        except OSError as error:
            raise PrinterFault("printer_closed", sent=sent, **self._where) from error
        if self._printer.reports:
            self._wait_until_idle(labels)
        else:
            self._wait_until_taken()

    def _wait_until_taken(self) -> None:
        """Wait until the printer's network card has confirmed every byte.

        Raises:
            PrinterFault: `printer_timeout`, or `printer_closed` when it hung up meanwhile.
        """
        deadline = time.monotonic() + self._patience.send
        while _unconfirmed(self._open):
            if time.monotonic() > deadline:
                raise PrinterFault("printer_timeout", sent=True, **self._where)
            self._refuse_closed()
            self.on_look("")
            time.sleep(self._patience.look / 10)
        self._refuse_closed()

    def _refuse_closed(self) -> None:
        self._open.setblocking(False)
        try:
            gone = self._open.recv(_LONGEST_ANSWER) == b""
        except BlockingIOError:
            gone = False  # it has nothing to say
        except OSError:
            gone = True
        if gone:
            raise PrinterFault("printer_closed", sent=True, **self._where)

    def _wait_until_idle(self, labels: int) -> None:
        clock = time.monotonic
        began = clock()
        trouble_since: float | None = None
        while True:
            now = self.ask()
            if now.idle:
                return
            moment = clock()
            if now.fault:
                trouble_since = moment if trouble_since is None else trouble_since
                if moment - trouble_since > self._patience.trouble:
                    raise PrinterFault(now.fault, sent=True, **self._where)
            elif moment - began > self._patience.trouble + labels * self._patience.label:
                raise PrinterFault("printer_timeout", sent=True, **self._where)
            else:
                trouble_since = None
            self.on_look(now.fault)
            time.sleep(self._patience.look)

    def ask(self) -> Status:
        """Ask how the printer is.

        Raises:
            PrinterFault: `printer_no_answer`, `printer_closed`; labels before are in doubt.
        """
        zpl = self._printer.kind == PrinterKind.ZPL
        try:
            self._open.settimeout(self._patience.answer)
            self._open.sendall(status.ZPL_QUESTION if zpl else status.TSPL_QUESTION)
            answer = self._answer(status.complete_zpl if zpl else bool)
            return status.read_zpl(answer) if zpl else status.read_tspl(answer)
        except (TimeoutError, StatusMalformedError) as error:
            raise PrinterFault("printer_no_answer", sent=True, **self._where) from error
        except OSError as error:
            raise PrinterFault("printer_closed", sent=True, **self._where) from error

    def _answer(self, complete: Callable[[bytes], bool]) -> bytes:
        """Return what comes back until it is complete.

        Raises:
            OSError: a `TimeoutError` when it takes too long; else the printer hung up.
        """
        answer = b""
        deadline = time.monotonic() + self._patience.answer
        while len(answer) < _LONGEST_ANSWER and not complete(answer):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._open.settimeout(left)
            block = self._open.recv(_LONGEST_ANSWER)
            if not block:
                raise ConnectionResetError
            answer += block
        return answer


def _unconfirmed(connection: socket.socket) -> int:
    """Return how many bytes the other side has not confirmed; 0 where the system cannot tell."""
    try:
        answer = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4))
    except OSError:
        return 0
    return int.from_bytes(answer, sys.byteorder)


def _connect_code(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "printer_timeout"
    if isinstance(error, ConnectionRefusedError):
        return "printer_refused"
    if error.errno in {errno.ECONNRESET, errno.EPIPE}:
        return "printer_closed"
    return "printer_unreachable"
