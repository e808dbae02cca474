"""Pictures of labels for screens, and what is to be said about them.

Owns: the preview of a design with an example's values, hints as sentences, proofs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from suyuan.core.labels.design import Design, Paper, Roll
from suyuan.core.labels.hints import Hint, hints
from suyuan.labels import drawing, selectors
from suyuan.tenancy.actor import Actor
from suyuan.web.labels import example, words
from suyuan.web.labels.fitting import sheet_drawing

_SHEET_DPI: Final = 300  # an office printer
_ROLL_DPI: Final = 203  # the usual label printer


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about a part of a label.

    Attributes:
        element: its position in the design; None for the label as a whole.
        tone: `warn` for what will be hard to use, `info` for what could be better.
    """

    element: int | None
    tone: str
    text: str


@dataclass(slots=True)
class Preview:
    """A label as it will look."""

    svg: str = ""
    sheet: str = ""
    remarks: Sequence[Remark] = field(default_factory=list)


def preview(actor: Actor, design: Design, paper: Paper, key: str) -> Preview:
    """Draw a label with an example's values, and its paper; say what may go wrong."""
    job, label = example.values(actor, key, design)
    pictures = selectors.pictures_named(actor.organisation_id, design.pictures)
    found = hints(
        design,
        _ROLL_DPI if isinstance(paper, Roll) else _SHEET_DPI,
        label=label,
        job=job,
        pictures=frozenset(pictures),
        font=drawing.font(),
    )
    label_svg = drawing.draw_svg(design, pictures, job=job, label=label, title=gettext("The label"))
    sheet_svg = sheet_drawing(
        paper, design.width_mm, design.height_mm, label=gettext("The labels on the paper")
    )
    return Preview(_drawn(label_svg), sheet_svg, [_remark(hint) for hint in found])


def picture(actor: Actor, design: Design, key: str = "") -> str:
    """Draw a label as SVG."""
    job, label = example.values(actor, key, design)
    pictures = selectors.pictures_named(actor.organisation_id, design.pictures)
    return drawing.draw_svg(design, pictures, job=job, label=label)


def proof_pdf(actor: Actor, design: Design, paper: Paper, key: str = "") -> bytes:
    """Return a whole page of the label with made-up codes; raises as `draw_pdf`."""
    job, label = example.values(actor, key, design, proof=True)
    pictures = selectors.pictures_named(actor.organisation_id, design.pictures)
    return drawing.draw_pdf(design, paper, pictures, job=job, label=label)


def proof_png(actor: Actor, design: Design, key: str = "") -> bytes:
    """Return one label with made-up codes as PNG; raises as `draw_pdf`."""
    job, label = example.values(actor, key, design, proof=True)
    pictures = selectors.pictures_named(actor.organisation_id, design.pictures)
    return drawing.draw_png(design, pictures, job=job, label=label)


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 - `core.labels.svg` escapes every value


def _remark(hint: Hint) -> Remark:
    match hint.place.strip("/").split("/"):
        case ["elements", number, *_]:
            element: int | None = int(number)
        case _:
            element = None
    tone = "warn" if hint.severity == "warning" else "info"
    data = {name: _counted(name, value) for name, value in hint.data.items()}
    return Remark(element, tone, str(words.HINTS[hint.code]) % data)


def _counted(name: str, value: object) -> object:
    """Count elements from 1, as people do."""
    return value + 1 if name in {"with", "number"} and isinstance(value, int) else value
