"""What labels are printed on: cut sheets with rows and columns, or rolls.

Owns: sheet and roll as values, where each label stands on them.
Does not own: what is on a label (design), drawing (pdf, zpl, tspl).
All lengths are millimetres; positions are from the top left corner.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from suyuan.core.labels.decoding import decode
from suyuan.core.labels.faults import DesignFault, Fault

PAGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
)
_LEAST_PAGE: Final = 20.0
_LARGEST_PAGE: Final = 1_200.0
_MOST_A_SIDE: Final = 100
_SLACK: Final = 0.05  # rounding of catalogue measures


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sheet"):
    """A cut sheet with labels in rows and columns; filled row by row.

    Attributes:
        page: a known format, or `custom` with width and height.
        margin_left_mm: from the sheet's edge to the first column.
        margin_top_mm: from the sheet's edge to the first row.
        gap_x_mm: between columns.
        gap_y_mm: between rows.
        cut_marks: short lines in the margins and gaps along which to cut.
    """

    columns: int
    rows: int
    page: Literal["a4", "letter", "custom"] = "a4"
    page_width_mm: float = 0.0
    page_height_mm: float = 0.0
    margin_left_mm: float = 0.0
    margin_top_mm: float = 0.0
    gap_x_mm: float = 0.0
    gap_y_mm: float = 0.0
    cut_marks: bool = False

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        return PAGES.get(self.page, (self.page_width_mm, self.page_height_mm))

    @property
    def per_page(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows

    def origin(self, position: int, width_mm: float, height_mm: float) -> tuple[float, float]:
        """Return the top left corner of the label at `position` (0 is the first)."""
        row, column = divmod(position, self.columns)
        return (
            self.margin_left_mm + column * (width_mm + self.gap_x_mm),
            self.margin_top_mm + row * (height_mm + self.gap_y_mm),
        )


class Roll(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="roll"):
    """Labels on a strip; a PDF of it has one page for each row of labels.

    Attributes:
        across: labels side by side.
        gap_mm: between labels along the strip, as the printer's sensor sees it; not printed on.
        gap_x_mm: between labels side by side.
        margin_left_mm: from the liner's edge to the first label.
        margin_right_mm: from the last label to the liner's edge.
        media: what separates labels: a gap, a black mark, or nothing.
    """

    across: int = 1
    gap_mm: float = 2.0
    gap_x_mm: float = 0.0
    margin_left_mm: float = 0.0
    margin_right_mm: float = 0.0
    media: Literal["gap", "mark", "continuous"] = "gap"

    @property
    def per_page(self) -> int:
        """Labels in a row."""
        return self.across

    def size_mm(self, width_mm: float, height_mm: float) -> tuple[float, float]:
        """Return width and height of one row of labels."""
        row = self.across * width_mm + (self.across - 1) * self.gap_x_mm
        return self.margin_left_mm + row + self.margin_right_mm, height_mm

    def origin(self, position: int, width_mm: float) -> tuple[float, float]:
        """Return the top left corner of the label at `position` in its row."""
        return self.margin_left_mm + position * (width_mm + self.gap_x_mm), 0.0


type Paper = Sheet | Roll


def read_paper(given: bytes | str | Mapping[str, Any]) -> Paper:
    """Read a sheet or roll from JSON, or from what JSON was read into.

    Raises:
        DesignFault: `design_malformed`, or `paper_measure` with the least and the most allowed.
    """
    paper: Paper = decode(given, Sheet | Roll)
    faults = [fault for name in paper.__struct_fields__ if (fault := _measure(paper, name))]
    if faults:
        raise DesignFault(faults)
    return paper


def check_fit(paper: Paper, width_mm: float, height_mm: float) -> None:
    """Refuse a paper on which labels of this size do not all have room.

    Raises:
        DesignFault: `paper_overflow` with what is needed and what is there, in millimetres.
    """
    if isinstance(paper, Roll):
        return
    width, height = paper.size_mm
    x, y = paper.origin(paper.per_page - 1, width_mm, height_mm)
    needs = (("/columns", x + width_mm, width), ("/rows", y + height_mm, height))
    faults = [
        Fault("paper_overflow", place, {"needed": round(needed, 2), "there": there})
        for place, needed, there in needs
        if needed > there + _SLACK
    ]
    if faults:
        raise DesignFault(faults)


def _measure(paper: Paper, name: str) -> Fault | None:
    value = getattr(paper, name)
    if isinstance(value, str | bool):
        return None
    least, most = _range_of(paper, name)
    if math.isfinite(value) and least <= value <= most:
        return None
    return Fault("paper_measure", f"/{name}", {"given": str(value), "least": least, "most": most})


def _range_of(paper: Paper, name: str) -> tuple[float, float]:
    if name in {"columns", "rows", "across"}:
        return 1, _MOST_A_SIDE
    if name.startswith("page_"):
        custom = isinstance(paper, Sheet) and paper.page == "custom"
        return (_LEAST_PAGE if custom else 0.0), _LARGEST_PAGE
    return 0.0, 100.0
