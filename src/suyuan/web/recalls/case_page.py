"""A case's page: what to do next, how it stands, what was frozen.

Owns: what the workspace and the pages of a case have in common.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from suyuan.recalls import selectors
from suyuan.recalls.approvers import is_own, may_approve, people_who_act
from suyuan.recalls.details import Details
from suyuan.recalls.models import CaseStatus, EffectCount, Outcome, RecallCase, ScopeVersion
from suyuan.recalls.rules import Rule
from suyuan.recalls.summary import Summary
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import User
from suyuan.tenancy.rights import Right
from suyuan.web.recalls.acts import deadlines_of, story_of
from suyuan.web.recalls.findings import grades
from suyuan.web.recalls.forms import ParcelFilter
from suyuan.web.recalls.frozen import frozen_balances, frozen_findings, frozen_movements
from suyuan.web.recalls.picture import Names, picture, with_query
from suyuan.web.recalls.start_lines import starts_of
from suyuan.web.recalls.tables import lots_of_case, parcel_of_case

_PAGE: Final = 50
_MOST_SHOWN: Final = 200  # movements


class NextStep(NamedTuple):
    """What has to be done next: one sentence, and the way there."""

    title: str
    text: str
    tone: str
    icon: str
    href: str = ""
    action: str = ""


class OutcomeLine(NamedTuple):
    """How many items came to one end."""

    outcome: str
    items: int
    share: float
    href: str


class Tab(NamedTuple):
    """A page of a case."""

    label: str
    icon: str
    href: str
    current: bool


_TABS: Final = (
    ("recalls:case", "alert-triangle"),
    ("recalls:items", "list-details"),
    ("notices:index", "speakerphone"),
    ("notices:returns", "truck-return"),
    ("recalls:effect", "chart-bar"),
    ("recalls:again", "refresh"),
)


def address(actor: Actor, name: str, case: RecallCase) -> str:
    """Return the address of a page of a case; "" for one that does not exist."""
    try:
        return reverse(name, kwargs={"org": actor.organisation.slug, "number": case.number})
    except NoReverseMatch:
        return ""


def frame(request: HttpRequest, actor: Actor, case: RecallCase) -> dict[str, Any]:
    """Return what every page of a case shows: its head and its tabs."""
    labels = {
        "recalls:case": _("Overview"),
        "recalls:items": _("Affected items"),
        "notices:index": _("Notices"),
        "notices:returns": _("Returns"),
        "recalls:effect": _("Effect"),
        "recalls:again": _("Look again"),
    }
    here = request.path
    return {
        "case": case,
        "tabs": [
            Tab(labels[name], icon, href, href == here)
            for name, icon in _TABS
            if (href := address(actor, name, case))
        ],
        "may_act": actor.may(Right.RECALL_ACT),
        "organisation": actor.organisation,
    }


def workspace(request: HttpRequest, actor: Actor, case: RecallCase) -> dict[str, Any]:
    """Return what a case's own page shows."""
    names = Names(actor.organisation_id)
    items = address(actor, "recalls:items", case)
    waiting = selectors.version_to_decide(case)
    count = selectors.counts_of(case).first()
    filters = ParcelFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    parcels = selectors.shipments_of(
        case, whereabouts=wanted.get("whereabouts", ""), text=wanted.get("q", "")
    )
    page = Paginator(parcels, _PAGE).get_page(request.GET.get("page"))
    lots = Paginator(selectors.lots_of(case), _PAGE).get_page(request.GET.get("lots"))
    return {
        **frame(request, actor, case),
        **frozen(actor, case, names),
        "next": next_step(actor, case, waiting, count),
        "waiting": waiting,
        "deadlines": deadlines_of(case),
        "rule": rule_line(case),
        "story": story_of(case),
        "versions": list(selectors.versions_of(case)),
        "count": count,
        "outcomes": outcome_lines(actor, case, count),
        "picture": picture(
            Summary.from_json(case.summary),
            names,
            lambda **query: with_query(items, **query),
            selectors.destinations_of(case),
        ),
        "items_href": items,
        "lots": lots_of_case(actor, lots, names),
        "lots_page": lots,
        "page": page,
        "parcels": [parcel_of_case(actor, row, names) for row in page],
        "filters": filters,
        "starts": starts_of(actor, case.starts, names),
    }


def frozen(actor: Actor, case: RecallCase, names: Names) -> dict[str, Any]:
    """Return findings, balances, movements and grades of the version in force."""
    details = Details.from_json(selectors.get_version(case, case.version).details)
    certainty = Summary.from_json(case.summary).certainty or {"proven": case.item_count}
    items = address(actor, "recalls:items", case)
    return {
        "findings": frozen_findings(actor, details.findings, names),
        "balances": frozen_balances(actor, details.balances, names),
        "unbalanced": sum(not one.balanced for one in details.balances),
        "movements": frozen_movements(actor, details.movements[:_MOST_SHOWN], names),
        "more_movements": max(0, len(details.movements) - _MOST_SHOWN) + details.more_movements,
        "grades": [
            (grade, count, share, with_query(items, certainty=grade))
            for grade, count, share in grades(certainty)
        ],
    }


def rule_line(case: RecallCase) -> str:
    """Return the rule that sets the deadlines, "" if none does."""
    rule = Rule.from_json(case.rule)
    if not rule.regime:
        return ""
    row = rule.of
    if row is None:
        return _("The organisation's own limits")
    english = (get_language() or "").startswith("en")
    name = row.regulation_en if english else row.regulation
    said = _("%(name)s, class %(level)s") % {"name": name, "level": row.level}
    return f"{said} · {_('limits changed')}" if rule.changed else said


def outcome_lines(actor: Actor, case: RecallCase, count: EffectCount | None) -> list[OutcomeLine]:
    """Return a count by outcome, all of them; empty without a count."""
    if count is None:
        return []
    counted = {row.outcome: row.item_count for row in selectors.outcome_groups(count)}
    return lines_of_counts(actor, case, counted, position=count.position)


def lines_of_counts(
    actor: Actor, case: RecallCase, counts: dict[str, int], *, position: int = 0
) -> list[OutcomeLine]:
    """Return counts by outcome with their shares, and the way to their lists."""
    whole = sum(counts.values()) or 1
    here = address(actor, "recalls:items", case)
    return [
        OutcomeLine(
            word.value,
            counts.get(word.value, 0),
            100 * counts.get(word.value, 0) / whole,
            with_query(here, outcome=word.value, count=str(position)) if position else "",
        )
        for word in Outcome
    ]


def next_step(
    actor: Actor, case: RecallCase, waiting: ScopeVersion | None, count: EffectCount | None
) -> NextStep:
    """Return what has to be done next, as the actor can do it."""
    if waiting is not None and case.is_open:
        return _decision(actor, case, waiting)
    if case.is_approved:
        return _carry_out(actor, case, count)
    report = address(actor, "recalls:report_pdf", case)
    texts = {
        CaseStatus.CLOSED: _("The recall is closed. Its report tells what was achieved."),
        CaseStatus.REJECTED: _("The proposal was rejected; what it held is released."),
        CaseStatus.WITHDRAWN: _("The recall was called off; what it held is released."),
    }
    said = texts.get(CaseStatus(case.status), "")
    return NextStep(said, case.closing_note, "info", "lock", report, _("Report as PDF"))


def _decision(actor: Actor, case: RecallCase, waiting: ScopeVersion) -> NextStep:
    title = (
        _("This recall waits for a second person")
        if case.status == CaseStatus.PROPOSED
        else _("Version %(number)s of the scope waits for a second person")
        % {"number": waiting.version}
    )
    if may_approve(actor, waiting):
        text = _("Look at the scope, then approve or reject it. All goods are held from then on.")
        if is_own(actor, waiting):
            text = _(
                "Nobody else may act on recalls here, so you approve it yourself; that is noted."
            )
        href = address(actor, "recalls:decide", case)
        return NextStep(title, text, "warn", "clock", href, _("Look and decide"))
    people = User.objects.filter(pk__in=people_who_act(actor.organisation_id))
    others = people.exclude(pk=waiting.frozen_by_user or 0).order_by("email")
    asked = _("、").join(str(person) for person in others[:5])
    return NextStep(title, _("Who may approve it: %(people)s") % {"people": asked}, "warn", "clock")


def _carry_out(actor: Actor, case: RecallCase, count: EffectCount | None) -> NextStep:
    notices = address(actor, "notices:index", case)
    effect = address(actor, "recalls:effect", case)
    if count is None and notices:
        return NextStep(
            _("Tell everybody who has these goods"),
            _("Partners and warehouses first, then the buyers of the parcels."),
            "bad",
            "speakerphone",
            notices,
            _("Go to the notices"),
        )
    return NextStep(
        _("Count what came back"),
        _("Returned, destroyed, still out: counted from the events, each item once."),
        "info",
        "chart-bar",
        effect,
        _("Go to the effect"),
    )
