"""Labels as pictures and proofs: SVG, PDF, PNG.

Owns: one label or one page of labels with given values.
Does not own: which values (edges join them), printing jobs (printing).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import pypdfium2
from django.conf import settings

from suyuan.core.labels.design import Design, Paper, Roll
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.core.labels.pdf import write_pdf
from suyuan.core.labels.svg import svg
from suyuan.kernel.errors import Invalid

PNG_DPI: Final = 300
_INCH_PT: Final = 72


def font() -> str:
    """Return the font that the installation prefers on labels, or ""."""
    return str(settings.ENVIRONMENT.label_font)


def draw_svg(
    design: Design,
    pictures: Mapping[str, bytes],
    *,
    job: JobData = EXAMPLE_JOB,
    label: LabelData = EXAMPLE_LABEL,
    title: str = "",
) -> str:
    """Return one label as SVG; what cannot be drawn is an empty frame.

    Args:
        design: What it looks like.
        pictures: The files of its logos, by digest.
        job: Values of the job; made-up ones without.
        label: Values of the label; made-up ones without.
        title: What a screen reader says; empty hides the picture from it.
    """
    return svg(design, label=label, job=job, pictures=pictures, font=font(), title=title)


def draw_pdf(
    design: Design,
    paper: Paper,
    pictures: Mapping[str, bytes],
    *,
    job: JobData = EXAMPLE_JOB,
    label: LabelData = EXAMPLE_LABEL,
) -> bytes:
    """Return a page full of the same label as PDF.

    Raises:
        Invalid: with the code of the `LabelFault`, where a value, a logo or the font is missing.
    """
    out = io.BytesIO()
    try:
        labels = [label] * paper.per_page
        write_pdf(design, labels, sheet=paper, out=out, job=job, pictures=pictures, font=font())
    except LabelFault as error:
        data: dict[str, Any] = {**error.data}
        raise Invalid(error.code, **data) from error
    return out.getvalue()


def draw_png(
    design: Design,
    pictures: Mapping[str, bytes],
    *,
    job: JobData = EXAMPLE_JOB,
    label: LabelData = EXAMPLE_LABEL,
) -> bytes:
    """Return one label as a PNG file of 300 dots an inch; raises as `draw_pdf`."""
    document = pypdfium2.PdfDocument(draw_pdf(design, Roll(), pictures, job=job, label=label))
    try:
        bitmap = document[0].render(scale=PNG_DPI / _INCH_PT)
        out = io.BytesIO()
        bitmap.to_pil().save(out, "PNG", optimize=True, dpi=(PNG_DPI, PNG_DPI))
    finally:
        document.close()
    return out.getvalue()
