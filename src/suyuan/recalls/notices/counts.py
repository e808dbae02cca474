"""How well the notices of a case work, by kind of recipient.

Owns: `KindCounts`, `counts_of`.
Items are counted once for each kind; what came back is counted by the events of returns, so that
an answer "sent back" and the item's scan are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from suyuan.core.keyset import KeySet
from suyuan.recalls.models import Notice, NoticeState, RecallCase, RecipientKind
from suyuan.recalls.returns import returned_keys

_TOLD: Final = (NoticeState.SENT, NoticeState.UNSURE)
_COLUMNS: Final = (
    *("kind", "state", "channel", "sent_at", "opened_at", "answered_at", "answer", "item_count"),
    "items",
)


@dataclass(slots=True)
class KindCounts:
    """The numbers of one kind of recipients, or of all."""

    kind: str  # "" for all
    recipients: int = 0
    items: int = 0
    states: dict[str, int] = field(default_factory=dict)
    told: int = 0  # recipients to whom a notice was handed over, whatever came after
    opened: int = 0
    answered: int = 0
    answers: dict[str, int] = field(default_factory=dict)  # AnswerKind -> items
    recovered: int = 0  # items scanned at the returns' counter

    def count(self, state: str) -> int:
        """Return how many are in a state."""
        return self.states.get(state, 0)

    @property
    def ready(self) -> int:
        """Recipients that wait for a person's word."""
        return self.count(NoticeState.READY)

    @property
    def under_way(self) -> int:
        """Recipients whose notice is in the queue or being sent."""
        return self.count(NoticeState.QUEUED) + self.count(NoticeState.SENDING)

    @property
    def unreached(self) -> int:
        """Recipients that no notice has reached, or without any way to reach them."""
        bad = (NoticeState.NO_CONTACT, NoticeState.FAILED, NoticeState.BOUNCED, NoticeState.UNSURE)
        return sum(self.count(state) for state in bad)

    @property
    def answered_share(self) -> int:
        """Percent of those told who have answered, rounded down."""
        return 100 * min(self.answered, self.told) // self.told if self.told else 0


def counts_of(case: RecallCase) -> list[KindCounts]:
    """Return the numbers of each kind that occurs, and of all, in this order."""
    found = {kind.value: KindCounts(kind.value) for kind in RecipientKind}
    total = KindCounts("")
    items: dict[str, list[KeySet]] = {kind: [] for kind in found}
    rows = Notice.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    for row in rows.values_list(*_COLUMNS).iterator(chunk_size=2_000):
        for counts in (found[row[0]], total):
            _add(counts, row)
        items[row[0]].append(KeySet.from_bytes(bytes(row[8])))
    _recover(case, found, total, items)
    return [*(counts for counts in found.values() if counts.recipients), total]


def _add(counts: KindCounts, row: tuple[object, ...]) -> None:
    _, state, _, sent_at, opened_at, answered_at, answer, _, _ = row
    counts.recipients += 1
    counts.states[str(state)] = counts.count(str(state)) + 1
    counts.told += sent_at is not None or state in _TOLD
    counts.opened += opened_at is not None
    counts.answered += answered_at is not None
    if isinstance(answer, dict):
        for kind, number in answer.items():
            counts.answers[kind] = counts.answers.get(kind, 0) + number


def _recover(
    case: RecallCase,
    found: dict[str, KindCounts],
    total: KindCounts,
    items: dict[str, list[KeySet]],
) -> None:
    back = returned_keys(case)
    every: list[KeySet] = []
    for kind, counts in found.items():
        union = KeySet.union(items[kind])
        every.append(union)
        counts.items = len(union)
        counts.recovered = len(union & back)
    total.items = len(KeySet.union(every))
    total.recovered = len(back & case.item_keys)
