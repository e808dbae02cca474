"""The GS1 company prefixes that captured URNs showed.

Owns: `SeenPrefix` rows. With them a key that came as a link can be written as a URN.
"""

from __future__ import annotations

from collections.abc import Iterable

from suyuan.capture.models import SeenPrefix
from suyuan.core.epcis import Event
from suyuan.core.epcis.forms import CompanyPrefixes, prefixes_in
from suyuan.tenancy.selectors import company_prefixes


def note_prefixes(organisation_id: int, events: Iterable[Event]) -> None:
    """Store the prefixes that the URNs of events show, within the caller's transaction."""
    seen = {prefix for event in events for prefix in prefixes_in(event)}
    if seen:
        SeenPrefix.objects.bulk_create(
            [SeenPrefix(organisation_id=organisation_id, prefix=prefix) for prefix in sorted(seen)],
            ignore_conflicts=True,
        )


def known_prefixes(organisation_id: int) -> CompanyPrefixes:
    """Return the organisation's own prefixes and those that its events showed."""
    rows = SeenPrefix.objects.filter(organisation_id=organisation_id)
    seen = rows.values_list("prefix", flat=True)
    return CompanyPrefixes({*company_prefixes(organisation_id), *seen})
