"""Answer with a table as a CSV file.

Owns: the response. Does not own: what keeps cells from being run (kernel.tabular).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from django.http import StreamingHttpResponse

from suyuan.kernel.tabular import csv_lines


def csv_response(
    filename: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Answer with a table, piece by piece; `filename` is plain ASCII."""
    lines = csv_lines(chain([header], rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
