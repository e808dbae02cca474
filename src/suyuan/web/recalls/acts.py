"""What happened to a case, as people read it: the acts of the audit trail, and its deadlines.

Owns: the words for each act.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suyuan.kernel import clock
from suyuan.recalls.models import CaseStatus, RecallCase
from suyuan.recalls.selectors import acts_of
from suyuan.tenancy.models import AuditEntry

_MOST: Final = 200


class Words(NamedTuple):
    """How an act is told; the sentence may use the values that it set."""

    sentence: str | Promise
    icon: str
    tone: str = "info"


WORDS: Final[Mapping[str, Words]] = {
    "recall.open": Words(
        gettext_lazy("Proposed, with %(items)s items frozen"), "alert-triangle", "warn"
    ),
    "recall.approve": Words(
        gettext_lazy("Version %(version)s approved; %(held)s items are held"), "check", "bad"
    ),
    "recall.reject": Words(gettext_lazy("Version %(version)s rejected"), "x", "quiet"),
    "recall.withdraw": Words(
        gettext_lazy("Called off; its goods are released"), "arrow-back-up", "quiet"
    ),
    "recall.take_up": Words(
        gettext_lazy(
            "Scope frozen anew as version %(version)s: %(added)s items more, %(removed)s fewer"
        ),
        "refresh",
        "warn",
    ),
    "recall.count": Words(gettext_lazy("Effect counted"), "chart-bar"),
    "recall.give_up": Words(gettext_lazy("%(items)s items written off: %(why)s"), "ban", "warn"),
    "recall.close": Words(gettext_lazy("Closed, with a last count"), "lock", "good"),
    "recall.announce": Words(gettext_lazy("Public notice changed"), "speakerphone"),
    "recall.notices_prepare": Words(gettext_lazy("Notices prepared"), "list"),
    "recall.notices_send": Words(gettext_lazy("Notices sent"), "speakerphone"),
    "recall.notices_remind": Words(gettext_lazy("Reminders sent"), "speakerphone"),
    "recall.notices_stop": Words(gettext_lazy("Sending stopped"), "hand-stop", "warn"),
    "recall.contacts_import": Words(gettext_lazy("Contacts of buyers imported"), "upload"),
    "recall.contacts_forget": Words(gettext_lazy("Contacts of buyers erased"), "trash"),
    "recall.return": Words(gettext_lazy("Returned items counted"), "truck-return", "good"),
    "recall.answer": Words(gettext_lazy("An answer was counted"), "message-report"),
}


class ActLine(NamedTuple):
    """One line of a case's story."""

    time: datetime
    title: str
    icon: str
    tone: str
    actor: str = ""
    note: str = ""


class Deadline(NamedTuple):
    """A time by which something has to be done.

    Attributes:
        name: what it is about.
        at: until when.
        tone: `bad` if it was missed, `warn` in the last fifth of a day, `good` when kept.
        word: how it stands.
    """

    name: str
    at: datetime
    tone: str
    word: str


def story_of(case: RecallCase) -> list[ActLine]:
    """Return what was done, the latest first; what is done to single notices is left out."""
    rows = acts_of(case).filter(action__in=WORDS).reverse()[:_MOST]
    return [_line(row) for row in rows]


def _line(row: AuditEntry) -> ActLine:
    words = WORDS[row.action]
    values = _Values({name: _shown(pair) for name, pair in row.changes.items()})
    note = values.get("note", "")
    if row.action == "recall.approve" and values.get("only_person") == "True":
        note = f"{_('Nobody else may act on recalls here.')} {note}".strip()
    return ActLine(row.at, str(words.sentence) % values, words.icon, words.tone, row.actor, note)


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def _shown(pair: Any) -> str:
    """Return the value that an act set, from [before, after]."""
    value = pair[-1] if isinstance(pair, list) and pair else pair
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value is None else str(value)


def deadlines_of(case: RecallCase) -> list[Deadline]:
    """Return a case's deadlines and how they stand."""
    found = []
    if case.begin_by is not None:
        begun = case.approved_at or (None if case.is_open else case.closed_at)
        found.append(_deadline(_("To begin"), case.begin_by, begun))
    if case.end_by is not None:
        ended = case.closed_at if case.status == CaseStatus.CLOSED else None
        if ended is not None or case.is_open:
            found.append(_deadline(_("To end"), case.end_by, ended))
    return found


def _deadline(name: str, at: datetime, done: datetime | None) -> Deadline:
    if done is not None:
        kept = done <= at
        return Deadline(name, at, "good" if kept else "bad", _("kept") if kept else _("missed"))
    left = at - clock.now()
    hours = int(left.total_seconds() // 3600)
    if hours < 0:
        late = -hours
        word = _("%(count)s days late") if late >= 48 else _("%(count)s h late")
        return Deadline(name, at, "bad", word % {"count": late // 24 if late >= 48 else late})
    word = _("%(count)s days left") if hours >= 48 else _("%(count)s h left")
    shown = {"count": hours // 24 if hours >= 48 else hours}
    return Deadline(name, at, "warn" if hours < 24 else "info", word % shown)
