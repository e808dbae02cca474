"""Hand a job's labels to a network printer, some at a time.

Owns: the size of a chunk for a printer, and its bytes.
Does not own: the connection and its faults (network), when a chunk counts as made (running).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import islice

from suyuan.core.labels.pdf import write_pdf
from suyuan.labels.selectors import pictures_of
from suyuan.printing.content import Filler
from suyuan.printing.models import Form, PrintJob
from suyuan.printing.outlets.files import pieces
from suyuan.printing.outlets.network import Line, Patience
from suyuan.printing.values import PRINTER_CHUNK, label_font

type Note = Callable[[str], None]
"""Told "" or the code of a trouble whenever the printer was waited for."""


class PrinterOutlet:
    """An open printer; use it as a context."""

    def __init__(self, job: PrintJob, patience: Patience, note: Note) -> None:
        """Prepare; connect nowhere yet."""
        self._job = job
        self._filler = Filler(job)
        self._line = Line(job.printer, patience)
        self._line.on_look = note
        self._pieces: Iterator[bytes] = iter(())
        if job.form != Form.PDF:
            self._pieces = pieces(job, self._filler, job.done)
        self._held: list[bytes] = []

    def open(self) -> None:
        """Connect; raises `PrinterFault`."""
        self._line.__enter__()

    def close(self) -> None:
        """Hang up."""
        self._line.__exit__(None, None, None)

    def size(self, done: int) -> int:
        """Return how many labels the next chunk has: whole rows, or whole sheets of a PDF."""
        per_page: int = self._job.template.sheet.per_page
        offset = self._job.sheet_offset if done == 0 else 0
        whole = max(1, PRINTER_CHUNK // per_page) * per_page
        return min(whole - offset, self._job.total - done)

    def prepare(self, done: int, size: int) -> None:
        """Make a chunk's bytes, so that a fault in them is met before any is sent."""
        last = done + size == self._job.total
        if self._job.form == Form.PDF:
            self._held = [self._pdf(done, size)]
        else:
            rows = -(-size // self._job.template.sheet.per_page)
            self._held = list(self._pieces if last else islice(self._pieces, rows))

    def send(self, size: int) -> None:
        """Send what was prepared, and wait until it is acknowledged; raises `PrinterFault`."""
        self._line.print(self._held, size)
        self._held = []

    def _pdf(self, done: int, size: int) -> bytes:
        out = io.BytesIO()
        write_pdf(
            self._job.template.design,
            self._filler.labels(done, done + size),
            sheet=self._job.template.sheet,
            out=out,
            job=self._filler.job,
            pictures=pictures_of(self._job.template),
            font=label_font(),
            start=self._job.sheet_offset if done == 0 else 0,
        )
        return out.getvalue()
