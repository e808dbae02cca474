"""Designs and sheets as they come in from outside, read or refused.

Owns: turning a `DesignFault` into the refusal that edges show, with all its faults and places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from suyuan.core.labels.design import (
    Design,
    DesignFault,
    Paper,
    read_design,
    read_paper,
)
from suyuan.core.labels.paper import check_fit
from suyuan.kernel.errors import Invalid

type Document = bytes | str | Mapping[str, Any]
"""A design or a sheet as it came in: JSON, or what JSON decodes to."""


def read_documents(design: Document, sheet: Document) -> tuple[Design, Paper]:
    """Read a design and its sheet; the labels have room on it.

    Raises:
        Invalid: the first fault of either, at its place below `/design` or `/sheet`, with all
            faults as (code, place, data) in `faults`.
    """
    label, paper = design_of(design), sheet_of(sheet)
    require_room(paper, label)
    return label, paper


def require_room(paper: Paper, design: Design) -> None:
    """Refuse a sheet that is too small for its labels; raises as `read_documents`."""
    _reading(lambda: check_fit(paper, design.width_mm, design.height_mm), "/sheet")


def design_of(document: Document) -> Design:
    """Read a design; raises as `read_documents`."""
    return _reading(lambda: read_design(document), "/design")


def sheet_of(document: Document) -> Paper:
    """Read a sheet or a roll; raises as `read_documents`."""
    return _reading(lambda: read_paper(document), "/sheet")


def _reading[T](read: Callable[[], T], root: str) -> T:
    try:
        return read()
    except DesignFault as error:
        faults = [
            {"code": fault.code, "place": root + fault.place, "data": dict(fault.data)}
            for fault in error.faults
        ]
        data: dict[str, Any] = {**error.data, "faults": faults}
        raise Invalid(error.code, place=root + error.place, **data) from error
