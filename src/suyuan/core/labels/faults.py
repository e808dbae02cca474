"""What is wrong with a design, a sheet or a label: stable codes, places and data; no sentences.

Owns: the errors of this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

MOST_FAULTS: Final = 100
_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        code: stable, documented.
        place: JSON pointer (RFC 6901) into the design or sheet, "" for the whole.
        data: what a sentence about it needs; given text is cut to 80 characters.
    """

    code: str
    place: str = ""
    data: Mapping[str, str | float | int] = field(default_factory=lambda: MappingProxyType({}))


class DesignFault(ValueError):
    """A design or a sheet was refused.

    Attributes:
        faults: what is wrong, in the order of the design, at most 100; never empty.
        code: the first fault's.
        place: the first fault's.
        data: the first fault's.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the first speaks for them where only one can be told."""
        self.faults = tuple(faults[:MOST_FAULTS])
        first = self.faults[0]
        self.code, self.place, self.data = first.code, first.place, dict(first.data)
        super().__init__(f"{first.code} at {first.place or '/'}")


class LabelFault(ValueError):
    """A label cannot be made from what it was given.

    Attributes:
        code: `label_value_missing`, `label_code_text`, `label_code_too_small`,
            `picture_missing`, `picture_unreadable`, `font_missing` or `font_unusable`.
        data: what a sentence about it needs; given text is cut to 80 characters.
    """

    def __init__(self, code: str, **data: str | float) -> None:
        """Keep the code and the data."""
        self.code = code
        self.data = {
            name: shown(value) if isinstance(value, str) else value for name, value in data.items()
        }
        super().__init__(code, self.data)


def shown(text: str) -> str:
    """Return at most 80 characters of what was given, for a fault's data."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
