"""The labels of one item, for its own page.

Owns: what a reader of an item's page learns of its labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suyuan.core.identifiers import Identity
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.printing.selectors import LabelRecord, labels_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.printing.words import LABEL_STATES, REASONS, why_of
from suyuan.web.shell import navigation


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One label of an item."""

    number: str
    href: str
    label: object
    tone: str
    icon: str
    at: datetime
    by: str
    note: str


def labels_card(
    actor: Actor, identity: Identity, order: CodeOrder | None
) -> list[LabelLine] | None:
    """Return an item's labels, the latest first; None without the right, or for foreign codes."""
    if order is None or not actor.may(Right.LABELS_PRINT):
        return None
    position = int(issuing.positions_of(order, [identity.secondary])[0])
    if position < 0:
        return None
    return [_line(actor, record) for record in reversed(labels_of(order, position))]


def _line(actor: Actor, record: LabelRecord) -> LabelLine:
    job, words = record.job, LABEL_STATES[record.state]
    at, by, note = job.created_at, job.created_by, why_of(job)
    if record.void is not None:
        at, by = record.void.at, record.void.by
        note = record.void.note or str(REASONS[record.void.reason])
    elif record.made:
        at, by = record.made[-1].ended_at, record.made[-1].by
    href = navigation.href("printing:job", actor, number=job.number)
    return LabelLine(job.number, href, words[0], words[1], words[2], at, by, note)
