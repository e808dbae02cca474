"""What an import would do: a value for each row, and their sum with a digest."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property


class Act(StrEnum):
    """What happens to a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused: a stable code, the place and the data of its sentence."""

    code: str
    place: str
    data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row.

    Attributes:
        row: Its number in the file.
        act: What would happen.
        key: The texts of the key columns.
        changes: Field → (text before, text after); of a creation, every given field.
        fault: Why it was refused.
    """

    row: int
    act: Act
    key: tuple[str, ...]
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(frozen=True)
class Preview:
    """All rows of a file; those that are unchanged are only counted."""

    kind: str
    outcomes: tuple[Outcome, ...]
    unchanged: int

    @cached_property
    def counts(self) -> dict[Act, int]:
        """How many rows there are of each act."""
        found = Counter(outcome.act for outcome in self.outcomes)
        return {**{act: found[act] for act in Act}, Act.UNCHANGED: self.unchanged}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that would happen, values before and after included."""
        return hashlib.sha256(self._json()).hexdigest()

    def _json(self) -> bytes:
        document = [self.kind, self.unchanged, [asdict(outcome) for outcome in self.outcomes]]
        return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()

    def packed(self) -> bytes:
        """Return the bytes that `unpacked` reads."""
        return zlib.compress(self._json(), 6)

    @classmethod
    def unpacked(cls, packed: bytes) -> Preview:
        """Read what `packed` wrote."""
        kind, unchanged, rows = json.loads(zlib.decompress(packed))
        outcomes = tuple(
            Outcome(
                row=row["row"],
                act=Act(row["act"]),
                key=tuple(row["key"]),
                changes={name: (old, new) for name, (old, new) in row["changes"].items()},
                fault=Fault(**row["fault"]) if row["fault"] else None,
            )
            for row in rows
        )
        return cls(kind, outcomes, unchanged)
