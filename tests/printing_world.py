"""What tests of printing need: an order, a template, printers that answer on loopback.

Owns: fixtures that several folders import into their `conftest.py`; `Listener`, a printer that
takes bytes on a real socket and can fail in every way that printers do.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes
from suyuan.labels.models import LabelTemplateVersion
from suyuan.labels.services import create_template
from suyuan.masterdata.models import Lot, Product
from suyuan.printing import running, selectors
from suyuan.printing.models import Printer, PrintJob
from suyuan.printing.outlets.network import Patience
from suyuan.printing.services import add_printer, create_job
from suyuan.printing.values import OrderRange, Output, Wanted
from suyuan.tenancy.actor import Actor
from tests.issuing_world import active_order, line, lot, order, other_product, product, warehouse

# The fixtures, which a folder's `conftest.py` takes whole.
__all__ = [
    "active_order",
    "large_order",
    "line",
    "listener",
    "lot",
    "order",
    "other_product",
    "other_template",
    "own_media",
    "plain_printer",
    "product",
    "roll_template",
    "template",
    "warehouse",
    "zpl_printer",
]

HASTE = Patience(connect=1.0, send=1.0, answer=0.5, label=0.02, trouble=0.4, look=0.01)
"""For tests: a printer on loopback that has not answered by then does not answer."""

DESIGN: dict[str, Any] = {
    "width_mm": 40,
    "height_mm": 25,
    "elements": [
        {"kind": "code", "x": 1, "y": 2, "size_mm": 20, "symbology": "qr", "content": "link"},
        {"kind": "text", "x": 22, "y": 2, "width_mm": 17, "text": "{product}", "lines": 2},
        {
            "kind": "text",
            "x": 22,
            "y": 12,
            "width_mm": 17,
            "text": "{serial_grouped}",
            "size_pt": 5,
        },
        {"kind": "text", "x": 22, "y": 16, "width_mm": 17, "text": "{lot}", "size_pt": 6},
    ],
}
SHEET: dict[str, Any] = {
    "kind": "sheet",
    "page": "a4",
    "columns": 5,
    "rows": 11,
    "margin_left_mm": 2,
    "margin_top_mm": 5,
}
ROLL: dict[str, Any] = {"kind": "roll", "across": 1, "gap_mm": 2}


@pytest.fixture(autouse=True)
def own_media(settings: Settings, tmp_path: Path) -> None:
    """Keep files where no other test has any."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def template(actor: Actor) -> LabelTemplateVersion:
    """Return labels of 40 by 25 mm on sheets of 55."""
    return create_template(actor=actor, name="散装标签", design=DESIGN, sheet=SHEET)


@pytest.fixture
def roll_template(actor: Actor) -> LabelTemplateVersion:
    """Return the same labels on a roll."""
    return create_template(actor=actor, name="卷标", design=DESIGN, sheet=ROLL)


@pytest.fixture
def large_order(actor: Actor, product: Product, lot: Lot) -> CodeOrder:
    """Return an order of 30,000 codes."""
    return order_codes(actor=actor, gtin=product.gtin, count=30_000, lot_code=lot.code)


@pytest.fixture
def other_template(other_actor: Actor) -> LabelTemplateVersion:
    """Return another organisation's template."""
    return create_template(actor=other_actor, name="盐标", design=DESIGN, sheet=SHEET)


_STATUS = (
    b"\x02030,%d,%d,0260,%03d,0,0,0,000,0,0,0\x03\r\n"
    b"\x02001,0,%d,0,1,2,6,0,%08d,1,000\x03\r\n"
    b"\x021234,0\x03\r\n"
)
_LABEL = re.compile(rb"\^XA\^XF.*?\^XZ", re.DOTALL)
_LINK = re.compile(rb"\^FD[LMQH]A,([^\^]+)\^FS")


class Listener:
    """A printer on a real socket of this machine.

    Attributes:
        received: everything that came in, of all connections.
        fails_after: bytes after which it hangs up in the middle; None for never.
        mute: whether it leaves questions unanswered.
        deaf: whether it takes no more bytes in.
        paper_out: whether it says so.
        waiting: labels that it says it has not printed, counting down with each question.
    """

    def __init__(self) -> None:
        """Listen on a spare port."""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.received = b""
        self.connections = 0
        self.fails_after: int | None = None
        self.mute = self.deaf = self.paper_out = False
        self.waiting = 0
        self.pause = threading.Event()
        self.pause.set()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._closing = True
        self.pause.set()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # who waits for a connection holds it open
        self._server.close()

    @property
    def labels(self) -> list[bytes]:
        """The formats that it was told to print."""
        return _LABEL.findall(self.received)

    @property
    def links(self) -> list[str]:
        """What the codes of those say, in their order."""
        return [link.decode() for label in self.labels for link in _LINK.findall(label)]

    def _serve(self) -> None:
        while not self._closing:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._take, args=(connection,), daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        if self.deaf:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with connection:
            while not self._closing:
                if self.deaf:
                    time.sleep(0.05)
                    continue
                self.pause.wait()
                try:
                    block = connection.recv(4096)
                except OSError:
                    return
                if not block:
                    return
                if not self._accept(connection, block):
                    return

    def _accept(self, connection: socket.socket, block: bytes) -> bool:
        question = b"~HS" in block
        self.received += block.replace(b"~HS\r\n", b"")
        if self.fails_after is not None and len(self.received) >= self.fails_after:
            self.fails_after = None  # the next connection is well again
            # With a linger of nothing the other side is told at once.
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return False
        if question and not self.mute:
            paper, left = int(self.paper_out), self.waiting
            self.waiting = max(0, self.waiting - 1)
            connection.sendall(_STATUS % (paper, 0, 0, 0, left))
        return True


@contextmanager
def listening() -> Iterator[Listener]:
    """Serve a printer while the context lasts."""
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Return a printer on a socket."""
    with listening() as one:
        yield one


@pytest.fixture
def zpl_printer(actor: Actor, listener: Listener) -> Printer:
    """Return that printer, set up as one that reads ZPL and answers when asked."""
    return add_printer(
        actor=actor,
        code="ZEBRA-1",
        name="一号打印机",
        kind="zpl",
        host="127.0.0.1",
        port=listener.port,
        reports=True,
    )


@pytest.fixture
def plain_printer(actor: Actor, listener: Listener) -> Printer:
    """Return that printer, set up as one that takes bytes and says nothing."""
    return add_printer(
        actor=actor,
        code="ZEBRA-2",
        name="二号打印机",
        kind="zpl",
        host="127.0.0.1",
        port=listener.port,
    )


def begun(
    actor: Actor,
    order: CodeOrder,
    template: LabelTemplateVersion,
    output: Output | None = None,
    wanted: Wanted | None = None,
    **more: Any,
) -> PrintJob:
    """Make a job of all that is free of an order, or of what is wanted; nothing is made yet."""
    return create_job(
        actor=actor,
        order_number=order.number,
        template=template.number,
        wanted=wanted or OrderRange(),
        output=output or Output(),
        **more,
    )


def run(job: PrintJob, *, runner: str = "test") -> PrintJob:
    """Let a job run, and return it as it is then."""
    running.run(job.organisation_id, job.number, runner=runner, patience=HASTE)
    return selectors.get_job(job.organisation_id, job.number)
