"""Reads of notices: one, a filtered list, the rows of a file.

Owns: `get_notice`, `list_notices`, `NoticeRow`.
Invariant: no contact is read here; a list never opens what is sealed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np
from django.db.models import Q, QuerySet

from suyuan.capture.identities import identities_of
from suyuan.core.keyset import Keys, KeySet
from suyuan.recalls.models import GroupKind, Notice, NoticeState, RecallCase, ScopeGroup
from suyuan.recalls.notices.errors import NoticeNotFound
from suyuan.recalls.selectors import get_case

_CHUNK: Final = 2_000
_MOST_CODES: Final = 200  # that one cell lists
ANSWERED: Final = "answered"  # a filter beside the states
UNANSWERED: Final = "unanswered"


def get_notice(
    organisation_id: int, case_number: str, number: int, *, lock: bool = False
) -> Notice:
    """Return a notice of a case by its number.

    Raises:
        NotFound: no such case; `NoticeNotFound` no such notice.
    """
    case = get_case(organisation_id, case_number)
    rows = Notice.objects.filter(organisation_id=organisation_id, case_id=case.id, number=number)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NoticeNotFound(number=number)
    found.case = case
    return found


def list_notices(
    case: RecallCase, *, kind: str = "", state: str = "", channel: str = "", text: str = ""
) -> QuerySet[Notice]:
    """Return notices without their bitmaps, in their order; `state` may be (un)answered too."""
    rows = Notice.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    rows = rows.defer("items", "contact")
    if "\0" in kind + state + channel + text:
        return rows.none()
    if kind:
        rows = rows.filter(kind=kind)
    if channel:
        rows = rows.filter(channel=channel)
    if state == ANSWERED:
        rows = rows.filter(answered_at__isnull=False)
    elif state == UNANSWERED:
        rows = rows.filter(answered_at__isnull=True, state=NoticeState.SENT)
    elif state:
        rows = rows.filter(state=state)
    if wanted := text.strip():
        rows = rows.filter(
            Q(order_number__icontains=wanted)
            | Q(waybill__icontains=wanted)
            | Q(name__icontains=wanted)
            | Q(recipient__iexact=f"complaint:{wanted}")
        )
    return rows.order_by("number")


class NoticeRow(NamedTuple):
    """A row of the file of notices."""

    number: int
    kind: str
    name: str
    order_number: str
    waybill: str
    destination: str
    item_count: int
    lots: str
    codes: str  # serial numbers, at most two hundred
    channel: str
    state: str
    sent_at: datetime | None
    reminded_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    answer: dict[str, int]


_COLUMNS: Final = (
    *("number", "kind", "name", "order_number", "waybill", "destination", "item_count"),
    *("items", "channel", "state", "sent_at", "reminded_at", "opened_at", "answered_at", "answer"),
)
_ITEMS: Final = _COLUMNS.index("items")


def notice_rows(case: RecallCase, *, kind: str = "", state: str = "") -> Iterator[NoticeRow]:
    """Return a row for each notice with the codes of its items, read in chunks.

    Identities and lots are looked up for a chunk of notices at once.
    """
    rows = list_notices(case, kind=kind, state=state).defer(None).values_list(*_COLUMNS)
    lots = _Lots(case)
    batch: list[tuple[Any, ...]] = []
    for row in rows.iterator(chunk_size=_CHUNK):
        batch.append(row)
        if len(batch) == _CHUNK:
            yield from _filled(case.organisation_id, batch, lots)
            batch = []
    if batch:
        yield from _filled(case.organisation_id, batch, lots)


class _Lots:
    """Names the lots of many keys at once."""

    def __init__(self, case: RecallCase) -> None:
        groups = ScopeGroup.objects.filter(
            organisation_id=case.organisation_id,
            case_id=case.id,
            version=case.version,
            kind__in=(GroupKind.LOT, GroupKind.ORIGIN),
        )
        arrays, self._names = [np.empty(0, dtype=np.int64)], [""]
        owners = [np.empty(0, dtype=np.int64)]
        for row in groups:
            keys = row.item_keys.to_array()
            if keys.size:
                arrays.append(keys)
                owners.append(np.full(keys.size, len(self._names), dtype=np.int64))
                self._names.append(row.unit.rsplit("/", 1)[-1])
        every = np.concatenate(arrays)
        self._keys, first = np.unique(every, return_index=True)
        self._owners = np.concatenate(owners)[first]

    def of(self, keys: Keys) -> Keys:
        """Return the number of the lot of each key, 0 where it is unknown."""
        if keys.size == 0 or self._keys.size == 0:
            return np.zeros(keys.size, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), self._keys.size - 1)
        return np.where(self._keys[at] == keys, self._owners[at], 0)

    def names(self, numbers: Keys) -> str:
        """Return the codes of lots, each once."""
        return " ".join(self._names[number] for number in dict.fromkeys(numbers.tolist()) if number)


def _filled(organisation_id: int, batch: list[tuple[Any, ...]], lots: _Lots) -> Iterator[NoticeRow]:
    arrays = [KeySet.from_bytes(bytes(row[_ITEMS])).to_array() for row in batch]
    every = np.concatenate([np.empty(0, dtype=np.int64), *arrays])
    owners = np.split(lots.of(every), np.cumsum([array.size for array in arrays])[:-1])
    shown = np.unique(np.concatenate([every[:0], *(array[:_MOST_CODES] for array in arrays)]))
    known = identities_of(organisation_id, shown.tolist())
    for row, keys, own in zip(batch, arrays, owners, strict=True):
        codes = " ".join(
            known[key].secondary for key in keys[:_MOST_CODES].tolist() if key in known
        )
        told = (*row[:_ITEMS], lots.names(own), codes, *row[_ITEMS + 1 :])
        yield NoticeRow._make(told)
