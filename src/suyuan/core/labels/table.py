"""Labels as rows of a table, for print houses whose machines bring their own layout.

Owns: which columns a design needs, CSV that spreadsheets open rightly.
Does not own: archives and manifests of print houses (printhouse).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Final

from suyuan.core.labels.design import CodeElement, Design
from suyuan.core.labels.fields import FIELDS, LABEL_VALUES, JobData, LabelData, job_values
from suyuan.core.labels.fill import Filler
from suyuan.core.labels.fonts import ROUGH

_ROWS: Final = 1_000  # written at once
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARK: Final = "\ufeff"  # by which spreadsheets know UTF-8


def write_csv(
    design: Design, labels: Iterable[LabelData], *, job: JobData | None = None
) -> Iterator[bytes]:
    """Yield a CSV file: what the design's codes bear, then the values of its texts.

    A value that a spreadsheet would take for a formula has an apostrophe in front.

    Raises:
        LabelFault: `label_value_missing` for what a code bears.
    """
    shared = job or JobData()
    filler = Filler(design, shared, ROUGH)
    same = job_values(shared)
    codes = {e.content: e for e in design.elements if isinstance(e, CodeElement)}
    names = [name for name in FIELDS if name in design.placeholders and name not in codes]
    yield _rows([["number", *codes, *names]], first=True)
    rows = (
        [
            str(label.sequence or number),
            *(_safe(filler.code(code, label)) for code in codes.values()),
            *(_safe(same[n] if n in same else LABEL_VALUES[n](label, shared)) for n in names),
        ]
        for number, label in enumerate(labels, 1)
    )
    for part in batched(rows, _ROWS):
        yield _rows(part)


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _rows(rows: Iterable[list[str]], *, first: bool = False) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return ((_MARK if first else "") + out.getvalue()).encode()
