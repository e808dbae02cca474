"""Read codes back from a file and say what each means here.

Owns: `read_back`, which joins the decoder with what the organisation knows.
Invariant: nothing of the file is stored or written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.core.carriers.reading import CannotRead, FoundCode, Reading, read_picture
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification.readback import Standing, standings


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What is on a file's pages, and what it means.

    Attributes:
        reading: pages and faults.
        codes: each code with its standing, in reading order.
    """

    reading: Reading
    codes: Sequence[tuple[FoundCode, Standing]]


def read_back(
    *, actor: Actor, body: bytes, base_url: str, first_page: int = 1, preview: int = 0
) -> ReadBack:
    """Return the codes of a picture or a PDF with their standing.

    Args:
        actor: who reads.
        body: the file.
        base_url: scheme and host of the organisation's own links.
        first_page: of several, where to begin.
        preview: longest side of each page's preview in pixels; 0 makes none.

    Raises:
        Forbidden: without `trace.view`.
        Invalid: the codes of `core.carriers.reading.CannotRead`.
    """
    actor.require(Right.TRACE_VIEW)
    try:
        reading = read_picture(body, first_page=first_page, preview=preview)
    except CannotRead as refusal:
        raise Invalid(refusal.code, place="picture", **refusal.data) from refusal
    texts = [code.text for code in reading.codes]
    found = standings(actor.organisation, texts, base_url=base_url)
    return ReadBack(reading, list(zip(reading.codes, found, strict=True)))
