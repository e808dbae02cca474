"""Faults of a document: a stable code, the place as a JSON pointer, and data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a document.

    Attributes:
        code: stable, documented.
        place: JSON pointer (RFC 6901) into the document, "" for the whole.
        data: what a sentence about it needs; given text is cut to 80 characters.
    """

    code: str
    place: str
    data: Mapping[str, str] = field(default_factory=dict)


class DocumentError(Exception):
    """A document, or part of it, is not what EPCIS allows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults in the order of their places."""
        super().__init__(faults)
        self.faults = list(faults)


_SHOWN = 80


def shown(value: object) -> str:
    """Return at most 80 characters of what was given, for a fault's data."""
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
