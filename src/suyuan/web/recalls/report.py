"""The report of a recall, as values: what happened, what was affected, what came of it.

Owns: what the report says, in which order; the PDF and the workbook say the same.
Before a case is closed it is an interim report, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from suyuan.kernel import clock
from suyuan.recalls import selectors
from suyuan.recalls.details import Details
from suyuan.recalls.digest import is_intact
from suyuan.recalls.models import CaseStatus, EffectCount, Outcome, RecallCase, ScopeVersion
from suyuan.recalls.summary import Summary
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary
from suyuan.web.recalls.acts import deadlines_of, story_of
from suyuan.web.recalls.case_page import rule_line
from suyuan.web.recalls.frozen import (
    frozen_balances,
    frozen_findings,
    frozen_movements,
)
from suyuan.web.recalls.picture import Names
from suyuan.web.recalls.report_notices import told
from suyuan.web.recalls.report_parts import Report, Section, Table
from suyuan.web.recalls.start_lines import starts_of
from suyuan.web.recalls.tables import lots_of_case, parcel_of_case


def report_of(actor: Actor, case: RecallCase) -> Report:
    """Return the report of a case as it stands."""
    names = Names(actor.organisation_id)
    version = selectors.get_version(case, case.version)
    final = case.status == CaseStatus.CLOSED
    title = _("Recall report") if final else _("Interim recall report")
    return Report(
        title=f"{title} {case.number}",
        subtitle=case.title,
        organisation=actor.organisation.name(names.language),
        made_at=_moment(clock.now()),
        sections=list(_sections(actor, case, version, names)),
    )


def _sections(
    actor: Actor, case: RecallCase, version: ScopeVersion, names: Names
) -> Iterator[Section]:
    details = Details.from_json(version.details)
    yield Section(_("The case"), facts=_case_facts(case), text=case.reason)
    yield _starts(actor, case, names)
    yield from _effect(case)
    yield told(case)
    yield _scope(case, names)
    yield _lots(actor, case, names)
    yield _findings(actor, details, names)
    if details.balances:
        yield _balances(actor, details, names)
    yield _parcels(actor, case, names)
    if details.movements:
        yield _movements(actor, details, names)
    yield _story(case)
    yield _evidence(case, version)


def _case_facts(case: RecallCase) -> list[tuple[str, str]]:
    facts = [
        (pgettext("recall", "Status"), _word(f"recall_{case.status}")),
        (_("Proposed"), _by(case.opened_at, case.opened_by)),
    ]
    if case.known_at:
        facts.append((_("Danger known since"), _moment(case.known_at)))
    if case.approved_at:
        approved = _by(case.approved_at, case.approved_by)
        if case.self_approved:
            approved = f"{approved} ({_('nobody else may act on recalls in this organisation')})"
        facts.append((_("Approved"), approved))
    if case.closed_at:
        facts.append((_("Ended"), _by(case.closed_at, case.closed_by)))
        facts.append((_("How it ended"), case.closing_note))
    if rule := rule_line(case):
        facts.append((_("Rule"), rule))
    facts += [(one.name, f"{_moment(one.at)} · {one.word}") for one in deadlines_of(case)]
    return facts


def _starts(actor: Actor, case: RecallCase, names: Names) -> Section:
    rows = [(one.name or one.identifier, one.code) for one in starts_of(actor, case.starts, names)]
    return Section(_("Known to be bad"), table=Table((_("What"), pgettext("trace", "Code")), rows))


def _effect(case: RecallCase) -> Iterator[Section]:
    count = selectors.counts_of(case).first()
    if count is None:
        yield Section(_("Effect"), text=_("It has not been counted yet."))
        return
    counted = {row.outcome: row.item_count for row in selectors.outcome_groups(count)}
    whole = sum(counted.values())
    rows = [
        (
            _word(f"outcome_{word.value}"),
            f"{items:,}",
            f"{floatformat(100 * items / (whole or 1), 1)} %",
        )
        for word in Outcome
        for items in (counted.get(word.value, 0),)
    ]
    rows.append((_("Together"), f"{whole:,}", "100 %"))
    header = (_("Outcome"), _("Items"), _("Share"))
    yield Section(
        _("Effect"),
        text=_effect_text(count),
        table=Table(header, rows, frozenset({1, 2}), (0.5, 0.25, 0.25)),
    )


def _effect_text(count: EffectCount) -> str:
    said = _("Counted on %(time)s from the events up to number %(seq)s; each item counts once.")
    return said % {"time": _moment(count.counted_at), "seq": f"{count.at_seq:,}"}


def _scope(case: RecallCase, names: Names) -> Section:
    summary = Summary.from_json(case.summary)
    facts = [
        (_("Affected items"), f"{summary.items:,}"),
        (_("Affected lots"), f"{summary.lots:,}"),
        (_("Parcels and consignments"), f"{summary.parcels:,}"),
        *((_word(grade), f"{items:,}") for grade, items in summary.certainty.items()),
    ]
    rows = [
        (
            names.place(place.location),
            names.region(place.location),
            _word(place.whereabouts),
            _word(place.certainty) if place.certainty else "",
            f"{place.items:,}",
        )
        for place in summary.places
    ]
    header = (
        _("Place"),
        _("Region"),
        _("Where it was"),
        pgettext("scope", "Certainty"),
        _("Items"),
    )
    return Section(
        _("Scope when it was frozen"),
        facts=facts,
        table=Table(header, rows, frozenset({4}), (0.34, 0.2, 0.18, 0.14, 0.14)),
    )


def _lots(actor: Actor, case: RecallCase, names: Names) -> Section:
    lots = lots_of_case(actor, selectors.lots_of(case), names)
    rows = [(lot.name, lot.code, f"{lot.items:,}" if lot.items else "") for lot in lots]
    header = (_("Product or material"), _("Lot"), _("Items"))
    return Section(_("Affected lots"), table=Table(header, rows, frozenset({2}), (0.5, 0.3, 0.2)))


def _findings(actor: Actor, details: Details, names: Names) -> Section:
    rows = [
        (
            one.title,
            f"{one.times:,}",
            f"{one.units:,}",
            " · ".join(filter(None, (one.step, one.place, *one.lots))),
            ", ".join(f"#{scan.seq}" for scan in one.scans[:5]),
        )
        for one in frozen_findings(actor, details.findings, names)
    ]
    if not rows:
        return Section(
            _("What the records lack"),
            text=_("Nothing is missing and nothing contradicts itself."),
        )
    header = (_("Finding"), _("Times"), _("Items"), _("About"), _("Events"))
    table = Table(header, rows, frozenset({1, 2}), (0.34, 0.1, 0.1, 0.28, 0.18))
    return Section(_("What the records lack"), table=table)


def _balances(actor: Actor, details: Details, names: Names) -> Section:
    rows = [
        (
            f"{one.name} {one.code}".strip(),
            f"{one.made} {one.uom}".strip() if one.made else "",
            f"{one.affected_all:,}" if one.numbered else "",
            f"{one.not_affected:,}" if one.numbered else "",
            one.unnumbered,
            one.used,
            one.left,
            pgettext("balance", "Yes") if one.balanced else pgettext("balance", "No"),
        )
        for one in frozen_balances(actor, details.balances, names)
    ]
    header = (
        _("Lot"),
        _("Made or received"),
        pgettext("items", "Affected"),
        pgettext("items", "Not affected"),
        _("Without serial"),
        pgettext("material", "Used"),
        pgettext("material", "Left"),
        _("Adds up"),
    )
    widths = (0.28, 0.14, 0.1, 0.1, 0.1, 0.1, 0.09, 0.09)
    return Section(_("Does it add up?"), table=Table(header, rows, frozenset(range(1, 7)), widths))


def _parcels(actor: Actor, case: RecallCase, names: Names) -> Section:
    lines = (parcel_of_case(actor, row, names) for row in selectors.shipments_of(case))
    rows = [
        (
            line.waybill or line.unit,
            line.order_number,
            _word(line.whereabouts),
            line.destination,
            _moment(line.time),
            f"{line.items:,}",
        )
        for line in lines
    ]
    header = (
        _("Waybill"),
        _("Order number"),
        _("Where it was"),
        _("Destination"),
        _("Dispatched"),
        _("Items"),
    )
    widths = (0.22, 0.18, 0.14, 0.2, 0.16, 0.1)
    return Section(_("Parcels and consignments"), table=Table(header, rows, frozenset({5}), widths))


def _movements(actor: Actor, details: Details, names: Names) -> Section:
    rows = [
        (one.lot, one.amount, _word(one.whereabouts), one.place, one.waybill, _moment(one.time))
        for one in frozen_movements(actor, details.movements, names)
    ]
    header = (
        _("Lot"),
        pgettext("movement", "Quantity"),
        _("Where it was"),
        _("Place"),
        _("Waybill"),
        pgettext("movement", "When"),
    )
    return Section(_("Moved without serial numbers"), table=Table(header, rows, frozenset({1})))


def _story(case: RecallCase) -> Section:
    rows = [
        (
            _moment(one.time),
            f"{one.title}{': ' if one.note else ''}{one.note}",
            one.actor.removeprefix("user:"),
        )
        for one in reversed(story_of(case))
    ]
    header = (_("Time"), _("What was done"), _("By"))
    return Section(_("Who did what"), table=Table(header, rows, frozenset(), (0.2, 0.52, 0.28)))


def _evidence(case: RecallCase, version: ScopeVersion) -> Section:
    facts = [
        (_("Version of the scope"), str(version.version)),
        (_("Frozen"), _by(version.frozen_at, version.frozen_by)),
        (_("Last event seen"), f"{version.at_seq:,}"),
        (_("Fingerprint of the scope (SHA-256)"), version.digest or "—"),
        (
            _("Checked when this report was made"),
            _("unchanged") if is_intact(case, version) else _("CHANGED since it was frozen"),
        ),
    ]
    count = selectors.counts_of(case).first()
    if count is not None:
        facts.append((_("Fingerprint of the count (SHA-256)"), count.digest))
    return Section(_("Evidence"), facts=facts)


def _by(time: datetime, name: str) -> str:
    return f"{_moment(time)} · {name.removeprefix('user:')}"


def _moment(time: datetime | None) -> str:
    return "" if time is None else timezone.localtime(time).strftime("%Y-%m-%d %H:%M")


def _word(code: str) -> str:
    return str(vocabulary.status(code).label)
