"""Whether one identity is marked by a recall: the quick path of `state(...).recalled`.

Owns: the question and nothing else; the rule is `fold`'s. A lot has an event for each time that
items came to be in its name, thousands perhaps; only those that mark or clear are read here.
"""

from __future__ import annotations

from typing import Final

from suyuan.kernel.lists import select, within
from suyuan.lineage.fetch import entries_of_one
from suyuan.lineage.fold import CLEARED_NUMBERS, RECALL_NUMBER

_WORDS: Final = (RECALL_NUMBER, *CLEARED_NUMBERS)


def is_recalled(*, organisation_id: int, key: int) -> bool:
    """Tell whether the last event that marks or clears the identity itself marks it.

    What held the identity is not looked at: this is for lots, which nothing holds. Two queries.
    """
    seqs = {seq for seq, _ in entries_of_one(organisation_id, key)}
    if not seqs:
        return False
    condition, parameter = within("seq", sorted(seqs))
    places = ", ".join(["%s"] * len(_WORDS))
    # An error declaration tells of no happening, and neither does what it declares void.
    last = select(
        "SELECT disposition FROM capture_storedevent AS e "  # noqa: S608 - from code
        f"WHERE organisation_id = %s AND {condition} AND disposition IN ({places}) "
        "AND NOT declares_error AND NOT EXISTS (SELECT 1 FROM capture_correction AS c "
        "WHERE c.organisation_id = e.organisation_id AND c.seq = e.seq) "
        "ORDER BY time DESC, seq DESC LIMIT 1",
        (organisation_id, parameter, *_WORDS),
    )
    return last == [(RECALL_NUMBER,)]
