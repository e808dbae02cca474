"""What the public is not told of: marks of recalls that nobody has approved.

Owns: the question which events that mark or clear goods are a case's own affair.

A proposal may hold goods at hand as a precaution, and some of them reach their buyers all the same.
Until a second person has approved, the buyer's page tells of no recall. A mark that no case has
made came from outside: it is told. A mark of a case is told if a version that was approved has the
item; a case that was approved and called off again was public, so its marks are history.
"""

from __future__ import annotations

from collections.abc import Collection

from suyuan.core.keyset import KeySet
from suyuan.lineage.history import read_rows
from suyuan.lineage.recalled import CASE_FIELD
from suyuan.recalls.models import RecallCase, ScopeVersion, VersionStatus


def untold(organisation_id: int, key: int, seqs: Collection[int]) -> frozenset[int]:
    """Return those of some events that the public is not told of; at most three queries.

    Args:
        organisation_id: Whose.
        key: An item.
        seqs: Events that mark the item as recalled, or clear it.
    """
    rows = read_rows(organisation_id, seqs)
    named = {seq: str(row.body.get(CASE_FIELD) or "") for seq, row in rows.items()}
    quiet = _quiet(organisation_id, key, {number for number in named.values() if number})
    return frozenset(seq for seq, number in named.items() if number in quiet)


def _quiet(organisation_id: int, key: int, numbers: Collection[str]) -> set[str]:
    """Return those of some cases that no approved version connects with an item."""
    if not numbers:
        return set()
    rows = RecallCase.objects.filter(organisation_id=organisation_id, number__in=numbers)
    quiet: set[str] = set()
    approved: dict[int, str] = {}
    for number, case_id, at in rows.values_list("number", "id", "approved_at"):
        if at is None:
            quiet.add(number)
        else:
            approved[case_id] = number
    # A case whose scope was widened may hold what nobody has approved yet.
    versions: dict[int, list[bytes]] = {}
    if approved:
        for case_id, items in ScopeVersion.objects.filter(
            organisation_id=organisation_id,
            case_id__in=approved,
            status=VersionStatus.APPROVED,
        ).values_list("case_id", "items"):
            versions.setdefault(case_id, []).append(bytes(items))
    return quiet | {
        number
        for case_id, number in approved.items()
        if not any(key in KeySet.from_bytes(items) for items in versions.get(case_id, ()))
    }
