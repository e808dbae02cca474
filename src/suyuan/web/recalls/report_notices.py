"""The part of a recall's report that tells who was told, and what they answered.

Owns: that section; the report says where it stands.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from suyuan.recalls.models import RecallCase
from suyuan.recalls.notices.counts import KindCounts, counts_of
from suyuan.web.notices.words import KINDS
from suyuan.web.recalls.report_parts import Section, Table


def told(case: RecallCase) -> Section:
    """Return who was told, who answered and what came back through the returns' counter."""
    counts = counts_of(case)
    if not counts[-1].recipients:
        return Section(_("Notices"), text=_("Nobody has been notified yet."))
    header = (
        _("Recipients"),
        _("On the list"),
        _("Told"),
        _("Not reached"),
        _("Have answered"),
        _("Items"),
        _("Scanned back"),
    )
    table = Table(
        header,
        [_row(one) for one in counts],
        frozenset(range(1, 7)),
        (0.28, *(0.12,) * 6),
    )
    return Section(_("Notices"), table=table)


def _row(counts: KindCounts) -> tuple[str, ...]:
    name = str(KINDS[counts.kind].label)
    numbers = (
        *(counts.recipients, counts.told, counts.unreached),
        *(counts.answered, counts.items, counts.recovered),
    )
    return (name, *(f"{number:,}" for number in numbers))
