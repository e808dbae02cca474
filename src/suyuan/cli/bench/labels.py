"""Measure labels: sheets as PDF and streams for printers against the QR encoder alone.

Owns: the figures `labels`.
Does not own: drawing codes, setting labels, what other figures measure.
Invariant: figures and baseline make the same codes in one process, turn about, and count the
processor's time, so that others on the machine do not spoil the ratio. Memory is that of a fresh
process each.
"""

from __future__ import annotations

import resource
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import process_time
from typing import Final

import zxingcpp

from suyuan.core.codespace import SERIAL_LENGTH, CodeSpace
from suyuan.core.labels.design import CodeElement, Design, LineElement, Sheet, TextElement
from suyuan.core.labels.fields import EXAMPLE_JOB, LabelData
from suyuan.core.labels.fonts import load
from suyuan.core.labels.pdf import write_pdf
from suyuan.core.labels.tspl import write_tspl
from suyuan.core.labels.zpl import write_zpl

type Progress = Callable[[int, int], None]
"""Called with labels done and labels in all."""

type Figure = dict[str, str | int | float]

COUNT: Final = 10_000
_ROUNDS: Final = 3
_GROWTH: Final = 10  # the larger of the two files whose memory is compared has so many times more
_BATCH: Final = 10_000
_MB: Final = 1024  # of `ru_maxrss`, which Linux counts in kibibytes
_LINK: Final = f"https://id.example.com/01/{EXAMPLE_JOB.gtin}/21/"

DESIGN: Final = Design(
    32,
    27,
    (
        CodeElement(1, 1, 16),
        TextElement(17, 2, 14, "{product}", size_pt=7, bold=True, lines=2),
        TextElement(17, 9, 14, "批次：{lot}", size_pt=6),
        TextElement(1, 18, 30, "{serial_grouped}", align="center"),
        LineElement(1, 22.5, 30),
        TextElement(1, 23, 30, "{sequence}/{count}", size_pt=6, align="right"),
    ),
)
SHEET: Final = Sheet(columns=6, rows=10, margin_left_mm=9, margin_top_mm=13.5, cut_marks=True)


class _Nowhere:
    """Takes a file and counts its bytes."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self.size += len(data)
        return len(data)


def run(*, items: int = 100_000, progress: Progress | None = None) -> list[Figure]:
    """Measure labels a second, and memory at a tenth of `items` and at `items`.

    Args:
        items: labels of the largest file, at least 1,000.
        progress: called now and then with labels done and labels in all.

    Raises:
        ValueError: `items` is too small to say anything.
    """
    if items < 1_000:
        message = f"a measurement of {items} labels says nothing"
        raise ValueError(message)
    load()  # what reads fonts is not what is measured
    labels = list(some_labels(COUNT))
    works: dict[str, Callable[[], object]] = {
        "encoder": lambda: _encode(labels),
        "pdf": lambda: _pdf(labels),
        "zpl": lambda: _drain(write_zpl(DESIGN, labels, dpi=300, job=EXAMPLE_JOB)),
        "tspl": lambda: _drain(write_tspl(DESIGN, labels, dpi=300, job=EXAMPLE_JOB)),
    }
    total = _ROUNDS * len(works) * COUNT + items + items // _GROWTH
    best = dict.fromkeys(works, float("inf"))
    done = 0
    for _ in range(_ROUNDS):
        for name, work in works.items():
            started = process_time()
            work()
            best[name] = min(best[name], process_time() - started)
            done += COUNT
            if progress is not None:
                progress(done, total)
    sheets = _figure("labels on A4 sheets, 60 each, PDF", best["pdf"], best["encoder"])
    sheets |= {"seconds": best["pdf"], "bytes_per_label": _pdf(labels) / COUNT}
    sheets |= {"cost_of_encoder_alone": best["pdf"] / best["encoder"]}
    return [
        sheets,
        _figure("labels as ZPL", best["zpl"], best["encoder"]),
        _figure("labels as TSPL", best["tspl"], best["encoder"]),
        _memory(items),
    ]


def some_labels(count: int) -> Iterator[LabelData]:
    """Yield labels of serials that were never issued before."""
    space = CodeSpace(key=secrets.token_bytes(16), gtin=EXAMPLE_JOB.gtin, version=1)
    for start in range(0, count, _BATCH):
        block = space.serial_range(start, min(_BATCH, count - start))
        for number, given in enumerate(block.tolist(), start + 1):
            serial = given.decode()
            yield LabelData(link=_LINK + serial, serial=serial, sequence=number)


def peak_of(count: int) -> float:
    """Write a file of `count` labels in this process; return its peak memory in MB."""
    _pdf(some_labels(count))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


def _figure(name: str, spent: float, baseline: float) -> Figure:
    return {
        "figure": name,
        "unit": "labels/s",
        "count": COUNT,
        "rate": COUNT / spent,
        "baseline": "the QR encoder alone (zxing-cpp), same codes as matrices",
        "baseline_rate": COUNT / baseline,
        "ratio": baseline / spent,
        "serial_length": SERIAL_LENGTH,
    }


def _memory(items: int) -> Figure:
    few = items // _GROWTH
    # One after the other, each in a process of its own: a peak never goes down again.
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        small, large = pool.map(peak_of, (few, items))
    return {
        "figure": f"peak memory of a PDF of {items:,} labels",
        "unit": "MB",
        "count": items,
        "rate": large,
        "baseline": f"a PDF of {few:,} labels",
        "baseline_rate": small,
        "ratio": large / small,
    }


def _encode(labels: Iterable[LabelData]) -> None:
    for label in labels:
        code = zxingcpp.create_barcode(label.link, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        code.to_image(scale=1, add_quiet_zones=False)


def _pdf(labels: Iterable[LabelData]) -> int:
    out = _Nowhere()
    write_pdf(DESIGN, labels, sheet=SHEET, job=EXAMPLE_JOB, out=out)
    return out.size


def _drain(stream: Iterable[bytes]) -> None:
    for _ in stream:
        pass
