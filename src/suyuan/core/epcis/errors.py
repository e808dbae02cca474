"""Faults of a document: a stable code, the place as a JSON pointer, and data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

MOST_FAULTS: Final = 100  # told of one document


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

    def __post_init__(self) -> None:
        """Take NUL out of the place, which a name in the document may have brought there."""
        if "\0" in self.place:
            object.__setattr__(self, "place", self.place.replace("\0", "\ufffd"))


class DocumentError(Exception):
    """A document, or part of it, is not what EPCIS allows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the first `MOST_FAULTS`, in the order of their places, and count them all."""
        self.faults = list(faults[:MOST_FAULTS])
        self.total = len(faults)
        first = self.faults[0]
        super().__init__(f"{self.total} faults; {first.code} at {first.place or '/'}")


_SHOWN = 80


def shown(value: object) -> str:
    """Return at most 80 characters of what was given, for a fault's data."""
    text = str(value)[: _SHOWN + 1].replace("\0", "\ufffd")  # no database column takes NUL
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
