"""How commands write: results to standard output, progress to standard error.

Owns: text or JSON, tables, progress bars.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

type Step = Callable[[int, int], None]
"""Called with what is done and what there is to do."""


def start() -> None:
    """Make the product ready: its settings and its tables."""
    import django  # noqa: PLC0415 - half a second that help need not wait for
    from django.apps import apps  # noqa: PLC0415

    if not apps.ready:
        django.setup()


def result(args: argparse.Namespace, value: Mapping[str, Any], lines: Sequence[str]) -> None:
    """Write a result: one JSON object, or lines for people."""
    if args.json:
        print(json.dumps(value, ensure_ascii=False, default=_plain))
        return
    for line in lines:
        print(line)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return a table as lines, its columns as wide as they must be."""
    from unicodedata import east_asian_width  # noqa: PLC0415

    def width(text: str) -> int:
        return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)

    cells = [[str(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(headings))]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    ]


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Show a bar on standard error while the context lasts; silent where nobody looks."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(title, total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield step


def note(text: str) -> None:
    """Tell the person at the terminal something that is no result."""
    print(text, file=sys.stderr, flush=True)
