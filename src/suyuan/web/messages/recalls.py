"""Recalls and the scope they begin from.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "starts_required": _("Enter at least one lot, item or logistic unit."),
    "too_many_starts": _("Enter at most %(limit)s codes at a time."),
    "identity_unknown": _("Nothing that has happened names this code. Look for a mistyped sign."),
    "not_goods": _("This names a place or a party. Enter a lot, an item or a logistic unit."),
    "nothing_affected": _("No item and no lot follows from this; there is nothing to recall."),
    "scope_changed": _(
        "You confirmed %(expected)s items, but %(found)s are affected. Nothing was opened."
    ),
    "request_key_reused": _("This request has opened recall %(number)s already."),
    "recall_closed": _("Recall %(number)s has ended."),
    "recall_not_approved": _("Recall %(number)s has not been approved yet."),
    "recall_nothing_to_decide": _("Nothing waits for a decision here."),
    "recall_version_changed": _(
        "Version %(version)s of the scope waits now. Look at it before you decide."
    ),
    "recall_version_pending": _(
        "Version %(version)s of the scope waits for a decision. Decide on it first."
    ),
    "recall_scope_unchanged": _("The scope is as it was frozen; there is nothing to take up."),
    "recall_evidence_broken": _(
        "Version %(version)s is not as it was frozen: its records were changed. Look again, and"
        " have the new version approved."
    ),
    "recall_second_person": _(
        "Whoever froze a scope does not approve it. Ask a colleague who may act on recalls."
    ),
    "recall_person_needed": _("A recall is approved by a person who is signed in."),
    "recall_not_affected": _("%(given)s is not among the affected items of this recall."),
    "recall_regime": _("There is no such rule."),
    "recall_hours": _("Enter 1 to %(limit)s hours."),
    "recall_days": _("Enter 1 to %(limit)s working days."),
    "recall_own_limits": _("Enter the hours, the working days, or both."),
    "recall_known_later": _("The danger cannot have been known later than now."),
    "codes_missing": _("Enter at least one code."),
    "too_many_goods": _("Enter at most %(limit)s codes."),
    "too_many_for_workbook": _(
        "%(rows)s rows are too many for Excel here (at most %(limit)s). Take the CSV file."
    ),
    # starts of other kinds than codes
    "start_kind": _("“%(given)s” is no kind of start."),
    "start_field": _("A start of this kind says nothing of “%(given)s”."),
    "start_field_required": _("Something is missing here: %(field)s."),
    "start_field_many": _("Too many values for %(field)s (at most %(limit)s)."),
    "start_value": _("“%(given)s” cannot be read here."),
    "start_too_long": _("This start is longer than %(limit)s signs."),
    "start_too_wide": _("This finds more than %(limit)s. Narrow it down."),
    "start_finds_nothing": _(
        "Nothing was found by this: no lot, no goods, no event. Look at the period and the names."
    ),
    "supplier_unknown": _("There is no supplier “%(given)s”."),
    "place_unknown": _("“%(given)s” is no place that is known here."),
    "step_unknown": _("“%(given)s” is no business step."),
    "event_unknown": _("There is no event “%(given)s”."),
    "complaint_unknown": _("There is no complaint “%(given)s”."),
    "complaint_without_goods": _(
        "Complaint %(number)s names no item, lot or logistic unit. Add what it is about first."
    ),
    # drills
    "drill_sample": _("“%(given)s” cannot be drawn. Choose a lot, a material lot or an item."),
    "drill_minutes": _("Enter from 1 to %(most)s minutes."),
    "drill_days": _("Enter from 1 to %(most)s days."),
    "drill_hours": _("The last hour must be after the first."),
    "drill_task": _("“%(given)s” is no task of a drill."),
    "drill_count": _("Enter a number."),
    "drill_places": _("Name at least one place."),
    "drill_nothing_to_draw": _("There is nothing to draw yet: no event names a lot of that kind."),
    "drill_running": _("Drill %(number)s is running. End it first."),
    "drill_ended": _("Drill %(number)s has ended."),
    "drill_answered": _("This task has its answer already."),
}
