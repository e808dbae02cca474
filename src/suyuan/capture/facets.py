"""Which events have a type, a step, a place, a party and so on: one row for each document.

Owns: `FacetEntry` rows. They list what is rare; what is common is found by walking in time.
Invariant: a row's numbers are exactly the events of its document with that facet; a party's
key is a digest, so that of a party alone an event must be looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final

from suyuan.capture.encode import EVENT_COLUMNS
from suyuan.capture.keyspace import digest_of
from suyuan.core.identifiers import Identity, parse_epc
from suyuan.core.keyset import KeySet
from suyuan.kernel.lists import select

FACET_COLUMNS: Final = ("organisation_id", "facet", "key", "seq", "seqs")
_SEQ: Final = EVENT_COLUMNS.index("seq")


class Facet(IntEnum):
    """By what events are listed; stored, so numbers never change."""

    TYPE = 1
    STEP = 2
    DISPOSITION = 3
    READ_POINT = 4
    LOCATION = 5
    SOURCE = 6
    DESTINATION = 7
    DECLARATION = 8  # of an error; its key is 1


FACET_OF_COLUMN: Final[Mapping[str, Facet]] = {
    "type": Facet.TYPE,
    "step": Facet.STEP,
    "disposition": Facet.DISPOSITION,
    "read_point": Facet.READ_POINT,
    "location": Facet.LOCATION,
    "declares_error": Facet.DECLARATION,
}
_COLUMNS: Final = tuple(
    (EVENT_COLUMNS.index(name), int(facet)) for name, facet in FACET_OF_COLUMN.items()
)
_PARTIES: Final = (
    ("sourceList", "source", int(Facet.SOURCE)),
    ("destinationList", "destination", int(Facet.DESTINATION)),
)


def party_key(identity: Identity) -> int:
    """Return the key by which a party's events are listed; two parties may share one."""
    return int.from_bytes(digest_of(identity)[:8]) >> 1


@lru_cache(4096)
def _party(text: str) -> int:
    return party_key(parse_epc(text))


def facet_rows(
    rows: Sequence[tuple[Any, ...]], documents: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, int, int, int, bytes]]:
    """Yield the facets of one document's events.

    Args:
        rows: of the event store, of one organisation, by number.
        documents: of the same events.
    """
    listed: dict[tuple[int, int], list[int]] = {}
    for row, document in zip(rows, documents, strict=True):
        seq = row[_SEQ]
        for column, facet in _COLUMNS:
            key = row[column]
            if key:
                listed.setdefault((facet, int(key)), []).append(seq)
        for name, field, facet in _PARTIES:
            for one in document.get(name) or ():
                listed.setdefault((facet, _party(one[field])), []).append(seq)
    organisation_id = rows[0][0] if rows else 0
    for (facet, key), seqs in sorted(listed.items()):
        yield organisation_id, facet, key, seqs[0], KeySet(seqs).to_bytes()


def events_with(
    organisation_id: int,
    facet: Facet,
    keys: Collection[int],
    reach: tuple[int, int],
    most: int,
) -> set[int] | None:
    """Return the events that have one of some facets; None if they are more than `most`.

    Args:
        organisation_id: whose events.
        facet: by what.
        keys: numbers of words, or keys; of parties `party_key`.
        reach: the first number, and the first that is no longer meant.
        most: how many may be listed.
    """
    low, high = reach
    found: set[int] = set()
    for key in keys:
        # The row before the first may reach into what is meant.
        rows = select(
            "SELECT seqs FROM capture_facetentry WHERE organisation_id = %s AND facet = %s "
            "AND key = %s AND seq < %s AND seq >= COALESCE((SELECT max(seq) FROM "
            "capture_facetentry WHERE organisation_id = %s AND facet = %s AND key = %s "
            "AND seq <= %s), 0) LIMIT %s",
            [
                *(organisation_id, int(facet), key, high),
                *(organisation_id, int(facet), key, low, most + 2),
            ],
        )
        if len(rows) > most + 1:
            return None
        for (data,) in rows:
            found.update(seq for seq in KeySet.from_bytes(bytes(data)) if low <= seq < high)
            if len(found) > most:
                return None
    return found


def facets_after(organisation_id: int, facet: Facet, after: int, limit: int) -> list[int]:
    """Return the keys that some event has as a facet, above `after`, ascending."""
    found: list[int] = []
    while len(found) < limit:
        rows = select(
            "SELECT key FROM capture_facetentry WHERE organisation_id = %s AND facet = %s "
            "AND key > %s ORDER BY key LIMIT 1",
            [organisation_id, int(facet), after],
        )
        if not rows:
            break
        after = rows[0][0]
        found.append(after)
    return found


def has_facet(organisation_id: int, facet: Facet, key: int) -> bool:
    """Tell whether some event has a facet."""
    return facets_after(organisation_id, facet, key - 1, 1) == [key]
