"""Limits of printing, and the values that its services take and give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from suyuan.printing.models import Form

LISTED_LIMIT: Final = 1_000  # stretches of neighbouring codes in one list
LABEL_LIMIT: Final = 25_000_000  # labels in one job: the largest order in sets, with its cases
PDF_LIMIT: Final = 1_000_000  # labels in one job as PDF
CHUNK: Final = {
    # Labels between two checkpoints. A PDF cannot be made in pieces: a chunk is a file of its own,
    # of as many pages as a person still handles.
    Form.PDF: 10_000,
    Form.ZPL: 5_000,
    Form.TSPL: 5_000,
    Form.CSV: 20_000,
}
PRINTER_CHUNK: Final = 50  # labels that are in doubt when a printer fails
DPIS: Final = (203, 300, 600)
DEFAULT_PORT: Final = 9100
LEASE_SECONDS: Final = 120.0  # longer than a printer may take to let bytes in
SLICE_SECONDS: Final = 30.0  # after which a job lets others of the same worker have their turn


def label_font() -> str:
    """Return the path of the font that the operator prefers on labels; empty for none."""
    return str(settings.ENVIRONMENT.label_font)


@dataclass(frozen=True, slots=True)
class OrderRange:
    """Labels for `count` codes of an order from position `first`; None takes what is free."""

    first: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class SetLabels:
    """Labels of sets in the order in which they go on: pallet, case, its items.

    Attributes:
        number: the sets'.
        tier: one of `Tier` for these labels alone; empty for all.
    """

    number: str
    tier: str = ""


@dataclass(frozen=True, slots=True)
class PackingLabels:
    """Labels of the cases, or the pallets, of a packed part of an order.

    Attributes:
        first: where the packed part begins within the order, which names it.
        tier: `Tier.CASES` or `Tier.PALLETS`.
    """

    first: int
    tier: str


@dataclass(frozen=True, slots=True)
class ListedCodes:
    """Codes that are named one by one, to be printed again: texts as scanned."""

    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class CodesOrRange:
    """Labels that somebody names to make them void: codes, a range from 0, or both."""

    codes: Sequence[str] = ()
    first: int | None = None
    count: int | None = None


type Wanted = OrderRange | SetLabels | PackingLabels | ListedCodes


@dataclass(frozen=True, slots=True)
class Output:
    """Where labels go: to a file of a form, or to a printer by its code.

    Attributes:
        offset: labels of the first sheet that are used already.
        dpi: for ZPL and TSPL files; a printer has its own.
        tags: a ZPL file that writes tags, too; a printer that can always does.
    """

    form: str = Form.PDF.value
    printer: str = ""
    offset: int = 0
    dpi: int = 203
    tags: bool = False
