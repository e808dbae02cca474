"""A fingerprint of frozen evidence: whoever changes a row of it afterwards is found out.

Owns: what the fingerprint of a version, and of a count, is made of.
Does not own: freezing (freeze, services).

SHA-256 over lines of JSON with sorted keys; sets of goods by the SHA-256 of their stored form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from suyuan.recalls.models import (
    EffectCount,
    OutcomeGroup,
    RecallCase,
    ScopeGroup,
    ScopeVersion,
)

_GROUP = ("kind", "position", "whereabouts", "certainty", "place", "unit", "waybill")


def version_digest(case: RecallCase, version: ScopeVersion, groups: Iterable[ScopeGroup]) -> str:
    """Return the fingerprint of a version; `groups` in order of kind and position."""
    digest = hashlib.sha256()
    _add(
        digest,
        {
            "case": case.number,
            "version": version.version,
            "starts": case.starts,
            "frozen_at": _time(version.frozen_at),
            "frozen_by": version.frozen_by,
            "at_seq": version.at_seq,
            "items": _goods(version),
            "summary": version.summary,
            "details": version.details,
        },
    )
    for row in groups:
        _add(
            digest,
            {
                **{name: getattr(row, name) for name in _GROUP},
                "order_number": row.order_number,
                "depth": row.depth,
                "time": _time(row.time),
                "items": _goods(row),
            },
        )
    return digest.hexdigest()


def count_digest(case: RecallCase, count: EffectCount, groups: Iterable[OutcomeGroup]) -> str:
    """Return the fingerprint of a count of the effect."""
    digest = hashlib.sha256()
    _add(
        digest,
        {
            "case": case.number,
            "position": count.position,
            "version": count.version,
            "counted_at": _time(count.counted_at),
            "counted_by": count.counted_by,
            "at_seq": count.at_seq,
            "is_final": count.is_final,
            "outcomes": {row.outcome: _goods(row) for row in groups},
        },
    )
    return digest.hexdigest()


def is_intact(case: RecallCase, version: ScopeVersion) -> bool:
    """Tell whether a version is still as it was frozen; True where no fingerprint was taken."""
    if not version.digest:
        return True
    rows = ScopeGroup.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, version=version.version
    )
    ordered = rows.order_by("kind", "position").iterator(chunk_size=2_000)
    return version_digest(case, version, ordered) == version.digest


def _add(digest: Any, data: dict[str, Any]) -> None:
    text = json.dumps(
        data, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    digest.update(text.encode())
    digest.update(b"\n")


def _goods(row: ScopeVersion | ScopeGroup | OutcomeGroup) -> str:
    return hashlib.sha256(bytes(row.items)).hexdigest()


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")
