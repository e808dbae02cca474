"""How many labels a sheet takes, and a drawing of it.

Owns: filling a sheet with labels of a size, the picture of a sheet or a strip of a roll.
"""

from __future__ import annotations

from math import floor
from typing import Final

import msgspec
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from suyuan.core.labels.design import Design, Paper, Roll, Sheet

_SLACK: Final = 0.01
_MOST: Final = 100
_ROLL_ROWS: Final = 3  # shown of a roll
_MOST_SHOWN: Final = 2_000


def fill(paper: Paper, design: Design) -> Paper:
    """Return the sheet with as many labels as there is room for, in its middle; a roll as it is.

    The margins given are the least; what is left over is shared by both sides.
    """
    if isinstance(paper, Roll):
        return paper
    width, height = paper.size_mm
    columns, left = _fill(width, paper.margin_left_mm, design.width_mm, paper.gap_x_mm)
    rows, top = _fill(height, paper.margin_top_mm, design.height_mm, paper.gap_y_mm)
    return msgspec.structs.replace(
        paper, columns=columns, rows=rows, margin_left_mm=left, margin_top_mm=top
    )


def _fill(page: float, margin: float, side: float, gap: float) -> tuple[int, float]:
    """Return how many fit along one direction, and the margin that puts them in the middle."""
    room = page - 2 * margin
    count = min(max(floor((room + gap + _SLACK) / (side + gap)), 1), _MOST)
    used = count * side + (count - 1) * gap
    return count, max(round((page - used) / 2, 2), 0.0)


def sheet_drawing(paper: Paper, width_mm: float, height_mm: float, *, label: str) -> SafeString:
    """Draw a sheet, or some labels of a roll, in outline; `label` names it for a screen reader."""
    if isinstance(paper, Sheet):
        width, height = paper.size_mm
        count = min(paper.per_page, _MOST_SHOWN)
        corners = [paper.origin(position, width_mm, height_mm) for position in range(count)]
    else:
        width, corners = _strip(paper, width_mm, height_mm)
        height = _ROLL_ROWS * (height_mm + paper.gap_mm) + paper.gap_mm
    line = max(width, height) / 400
    cells = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
        (
            ("is-out" if _is_out(x, y, width_mm, height_mm, width, height) else "", *_mm(x, y),
             *_mm(width_mm, height_mm), round(min(width_mm, height_mm) / 20, 2))
            for x, y in corners
        ),
    )  # fmt: skip
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="sy-lb-sheet" viewBox="0 0 {} {}"'
        ' role="img" aria-label="{}" stroke-width="{}">'
        '<path class="sy-lb-page" d="M0 0h{}v{}h-{}z"/>{}</svg>',
        *_mm(width, height),
        label,
        round(line, 3),
        *_mm(width, height),
        *_mm(width),
        cells,
    )


def _strip(
    roll: Roll, width_mm: float, height_mm: float
) -> tuple[float, list[tuple[float, float]]]:
    width, _height = roll.size_mm(width_mm, height_mm)
    corners = [
        (roll.origin(position, width_mm)[0], roll.gap_mm + row * (height_mm + roll.gap_mm))
        for row in range(_ROLL_ROWS)
        for position in range(roll.across)
    ]
    return width, corners


def _is_out(x: float, y: float, w: float, h: float, width: float, height: float) -> bool:
    return x + w > width + 0.05 or y + h > height + 0.05


def _mm(*values: float) -> list[float]:
    return [round(value, 2) for value in values]
