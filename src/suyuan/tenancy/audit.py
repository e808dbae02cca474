"""What an act changed, as the audit trail keeps it.

Owns: the shape of `AuditEntry.changes`: {field: [before, after]}.
"""

from __future__ import annotations

from collections.abc import Mapping


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """Return {field: [before, after]} for the fields that differ; an absent one is `None`.

    An empty answer means that nothing changed, and that there is nothing to record.
    """
    fields = [*before, *(field for field in after if field not in before)]
    return {
        field: [before.get(field), after.get(field)]
        for field in fields
        if before.get(field) != after.get(field)
    }
