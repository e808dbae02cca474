"""Who complained: sealed at rest, opened for those who answer, erasable.

Owns: the shape of a reporter's sealed record.
Invariant: nothing of it is audited, logged or searched.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from suyuan.kernel.secretbox import seal, unseal
from suyuan.quality.models import Complaint

_PURPOSE = "complaint-reporters"


@dataclass(frozen=True, slots=True)
class Reporter:
    """A person who complained."""

    name: str = ""
    contact: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.contact)


def sealed(reporter: Reporter) -> bytes | None:
    """Return what is stored of a reporter: nothing when nothing was said."""
    if not reporter:
        return None
    return seal(_PURPOSE, json.dumps(asdict(reporter), ensure_ascii=False).encode())


def reporter_of(complaint: Complaint) -> Reporter:
    """Return who complained; empty when nobody said, or once erased.

    Raises:
        SealBroken: it was sealed under another secret.
    """
    if complaint.reporter is None:
        return Reporter()
    return Reporter(**json.loads(unseal(_PURPOSE, bytes(complaint.reporter))))
