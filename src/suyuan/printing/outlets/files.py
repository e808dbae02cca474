"""Write a job's labels into files.

Owns: which file a chunk goes to, and how a file goes on after an interruption.
Does not own: when a chunk counts as made (running), what is in it (core.labels).

Lines of ZPL, TSPL and CSV are added to one file; after an interruption what lies beyond the last
checkpoint is cut off and made again. A PDF is made whole or not at all, so that large jobs have
several.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO, Final

from suyuan.core.labels.pdf import write_pdf
from suyuan.core.labels.table import write_csv
from suyuan.core.labels.tspl import write_tspl
from suyuan.core.labels.zpl import write_zpl
from suyuan.kernel import clock
from suyuan.labels.selectors import pictures_of
from suyuan.printing.content import Filler
from suyuan.printing.models import Form, PrintFile, PrintJob
from suyuan.printing.outlets import folders
from suyuan.printing.values import CHUNK, label_font

type Look = Callable[[], object]
"""Called now and then during long work."""

_CSV_ROWS: Final = 1_000  # labels in one piece of `write_csv`


class StartOver(Exception):
    """The file is not what the checkpoint says: everything has to be made again."""


def pieces(job: PrintJob, filler: Filler, start: int) -> Iterator[bytes]:
    """Yield what prints the labels from place `start`: a piece for each row, and an ending.

    Of a table a piece holds `_CSV_ROWS` labels, and there is no ending.
    """
    design, sheet = job.template.design, job.template.sheet
    labels = filler.labels(start, job.total)
    if job.form == Form.CSV:
        table = write_csv(design, labels, job=filler.job)
        yield from table if start == 0 else islice(table, 1, None)  # one heading
        return
    pictures, font = pictures_of(job.template), label_font()
    if job.form == Form.TSPL:
        yield from write_tspl(
            design,
            labels,
            dpi=job.dpi,
            sheet=sheet,
            job=filler.job,
            pictures=pictures,
            font=font,
        )
        return
    yield from write_zpl(
        design,
        labels,
        dpi=job.dpi,
        sheet=sheet,
        job=filler.job,
        pictures=pictures,
        font=font,
        rfid=job.rfid,
    )


class LinesFile:
    """One file that grows: ZPL, TSPL or CSV."""

    def __init__(self, job: PrintJob) -> None:
        """Open the file where the last checkpoint left it.

        Raises:
            StartOver: there is less of it than the checkpoint says.
        """
        self._job = job
        here = (job.organisation_id, job.number, job.form, 1)
        self._final, self._making = folders.path_of(*here), folders.making_path(*here)
        rows = PrintFile.objects.filter(organisation_id=job.organisation_id, job_id=job.id, part=1)
        self._row = rows.first() or PrintFile(
            organisation_id=job.organisation_id, job_id=job.id, part=1, first=0, count=0
        )
        self._making.parent.mkdir(parents=True, exist_ok=True)
        if self._final.exists():  # it was whole, and then the checkpoint did not get through
            self._final.replace(self._making)
        there = self._making.stat().st_size if self._making.exists() else 0
        if there < self._row.size or self._row.count != job.done:
            raise StartOver
        self._file: BinaryIO = self._making.open("r+b" if there else "wb")
        self._file.truncate(self._row.size)
        self._file.seek(self._row.size)
        self._pieces = pieces(job, Filler(job), job.done)

    def size(self, done: int) -> int:
        """Return how many labels the next chunk has."""
        return min(CHUNK[Form(self._job.form)], self._job.total - done)

    def make(self, done: int, size: int, look: Look) -> PrintFile:
        """Write a chunk to the disk; return the file's row as it is then."""
        last = done + size == self._job.total
        table = self._job.form == Form.CSV
        labels_a_piece = _CSV_ROWS if table else self._job.template.sheet.per_page
        count = -(-size // labels_a_piece) + (1 if table and done == 0 else 0)
        for number, piece in enumerate(self._pieces if last else islice(self._pieces, count)):
            self._file.write(piece)
            if not number % 256:
                look()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._row.count, self._row.size = done + size, self._file.tell()
        if last:
            self._file.close()
            folders.settle(self._making, self._final)
            self._row.made_at = clock.now()
        return self._row

    def close(self) -> None:
        """Leave the file as it is."""
        self._file.close()


class PdfFiles:
    """PDF files of so many labels each."""

    def __init__(self, job: PrintJob) -> None:
        """Look up what all files need."""
        self._job = job
        self._filler = Filler(job)
        self._pictures = pictures_of(job.template)

    def size(self, done: int) -> int:
        """Return how many labels the next file has: whole sheets, but for the last."""
        per_page: int = self._job.template.sheet.per_page
        whole = -(-CHUNK[Form.PDF] // per_page) * per_page
        return min(whole - self._offset(done), self._job.total - done)

    def _offset(self, done: int) -> int:
        return self._job.sheet_offset if done == 0 else 0

    def make(self, done: int, size: int, look: Look) -> PrintFile:
        """Write one file; return its row."""
        job = self._job
        rows = PrintFile.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
        part = rows.filter(first__lt=done, made_at__isnull=False).count() + 1
        here = (job.organisation_id, job.number, job.form, part)
        making, final = folders.making_path(*here), folders.path_of(*here)
        making.parent.mkdir(parents=True, exist_ok=True)
        with making.open("wb") as file:
            write_pdf(
                job.template.design,
                self._filler.labels(done, done + size),
                sheet=job.template.sheet,
                out=file,
                job=self._filler.job,
                pictures=self._pictures,
                font=label_font(),
                start=self._offset(done),
                progress=lambda _count: look(),
            )
            file.flush()
            os.fsync(file.fileno())
            length = file.tell()
        folders.settle(making, final)
        return PrintFile(
            organisation_id=job.organisation_id,
            job_id=job.id,
            part=part,
            first=done,
            count=size,
            size=length,
            made_at=clock.now(),
        )

    def close(self) -> None:
        """Nothing stays open."""
