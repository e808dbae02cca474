"""Where time goes: the picture and its table, one group, both to take along."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from suyuan.capture.identities import identities_of
from suyuan.kernel import clock
from suyuan.kernel.errors import NotFound
from suyuan.monitoring.dwell import (
    BINS,
    By,
    Group,
    Question,
    Report,
    Subject,
    items_behind,
    report,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.csv_export import csv_response
from suyuan.web.drawing.spans import Column, Point, course, histogram, spans
from suyuan.web.gate import back_office
from suyuan.web.monitoring.dwell.forms import QuestionForm, SubjectForm
from suyuan.web.monitoring.dwell.lengths import length_text
from suyuan.web.monitoring.dwell.lines import (
    SECOND,
    Names,
    group_href,
    line_of,
    old_line,
    percent,
    span_of,
)
from suyuan.web.quality.links import goods_link

_PAGE: Final = 50
_DRAWN: Final = 12
_LISTED: Final = 200


def _form(request: HttpRequest, names: Names) -> QuestionForm:
    return QuestionForm(
        request.GET, products=names.products(), places=names.places(), partners=names.partners()
    )


@require_safe
@back_office(Right.TRACE_VIEW)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show where time goes, and what has stood longest."""
    names = Names(actor.organisation_id)
    form = _form(request, names)
    question = form.question()
    found = report(actor.organisation_id, question)
    lines = [line_of(actor, names, question.by, one, request.GET) for one in found.groups]
    page = Paginator(lines, _PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "organisation": actor.organisation,
        "filters": form,
        "tabs": _tabs(request, question.by),
        "report": found,
        "page": page,
        "picture": _picture(lines) if lines else None,
        "oldest": [old_line(actor, names, one, now) for one in found.oldest],
        "coverage": _coverage(found),
        "query": request.GET.urlencode(),
        "filtered": any(value for name, value in request.GET.items() if name != "by"),
    }
    return render(request, "monitoring/dwell.html", context, status=200 if not form.errors else 422)


def _picture(lines: list[Any]) -> object:
    rows = [span_of(line) for line in lines[:_DRAWN]]
    return spans(rows, title=_("How long, from the quickest tenth to the slowest hundredth"))


def _tabs(request: HttpRequest, chosen: By) -> list[dict[str, object]]:
    """Return the ways to put stays together."""
    labels = {
        By.STAGE: _("By step"),
        By.PLACE: _("By place"),
        By.PARTNER: _("By partner"),
        By.PRODUCT: _("By product"),
    }
    tabs = []
    for by, label in labels.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["by"] = by.value
        tabs.append({"label": label, "href": f"?{query.urlencode()}", "current": by is chosen})
    return tabs


def _coverage(found: Report) -> dict[str, object]:
    return {
        "late": percent(found.late, found.stays),
        "missing": percent(found.missing, found.stays),
        "sampled": found.measured < found.items,
    }


@require_safe
@back_office(Right.TRACE_VIEW)
def group(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show one group: its distribution, its course, the items that took longest."""
    names = Names(actor.organisation_id)
    question = _form(request, names).question()
    subject = _subject(request)
    found = report(actor.organisation_id, question)
    one = next((some for some in found.groups if some.subject == subject), None)
    if one is None:
        raise NotFound(kind="group")
    chosen = SubjectForm(request.GET)
    bin_ = chosen.cleaned_data.get("bin") if chosen.is_valid() else None
    line = line_of(actor, names, question.by, one, request.GET)
    context = {
        "organisation": actor.organisation,
        "line": line,
        "group": one,
        "report": found,
        "coverage": _coverage(found),
        "histogram": _histogram(request, actor, one),
        "course": _course(one) if len(one.weeks) > 1 else None,
        "rows": _items(actor, question, subject, bin_),
        "bin": _bin_text(bin_) if bin_ is not None else "",
        "all_href": group_href(actor, request.GET, subject),
        "back_query": _back_query(request),
        "listed": _LISTED,
    }
    return render(request, "monitoring/dwell_group.html", context)


def _subject(request: HttpRequest) -> Subject:
    subject = SubjectForm(request.GET).subject()
    if subject is None:
        raise NotFound(kind="group")
    return subject


def _back_query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("step", "next_step", "whereabouts", "at", "of", "gtin", "bin", "page"):
        query.pop(name, None)
    return query.urlencode()


def _items(
    actor: Actor, question: Question, subject: Subject, bin_: int | None
) -> list[dict[str, object]]:
    """Return the items behind the figures, or behind one bar of them."""
    edges = (0, *BINS)
    narrowed = bin_ is not None and bin_ < len(edges)
    shortest = edges[bin_] if bin_ is not None and narrowed else 0
    longest = edges[bin_ + 1] if bin_ is not None and bin_ + 1 < len(edges) else None
    found = items_behind(
        actor.organisation_id, question, subject, shortest=shortest, longest=longest, most=_LISTED
    )
    identities = identities_of(actor.organisation_id, [key for key, _length in found])
    return [
        {
            "serial": identities[key].secondary,
            "gtin": identities[key].primary,
            "href": goods_link(actor, identities[key]),
            "length": length_text(length),
        }
        for key, length in found
        if key in identities
    ]


def _histogram(request: HttpRequest, actor: Actor, one: Group) -> object:
    """Draw the distribution from its first bin to its last that is not empty."""
    filled = [at for at, count in enumerate(one.bins) if count]
    columns = [
        Column(
            edge=_bin_text(at),
            value=one.bins[at],
            shown=f"{one.bins[at]:,}",
            href=group_href(actor, request.GET, one.subject, bin=at) + "#items",
        )
        for at in range(filled[0], filled[-1] + 1)
    ]
    return histogram(columns, title=_("How many stays took how long"))


def _bin_text(bin_: int) -> str:
    """Return where a bin begins, "<" where the first one ends."""
    if bin_ == 0:
        return f"<{length_text(BINS[0])}"
    return f"≥{length_text(BINS[min(bin_, len(BINS)) - 1])}"


def _course(one: Group) -> object:
    points = [
        Point(f"{week.monday:%m-%d}", week.median / SECOND, length_text(week.median))
        for week in one.weeks
    ]
    return course(points, title=_("The median by the week in which the stays ended"))


@require_safe
@back_office(Right.TRACE_VIEW)
def as_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """Send the figures as a CSV file, lengths in seconds."""
    names = Names(actor.organisation_id)
    question = _form(request, names).question()
    found = report(actor.organisation_id, question)
    header = (
        *(_("Stay"), pgettext("dwell", "Stays"), _("p10, seconds"), _("Median, seconds")),
        *(_("p90, seconds"), _("p99, seconds"), _("All together, seconds"), _("Share of all time")),
        *(_("Recorded late"), _("Scan missing"), _("Items looked at"), _("Items in all")),
    )
    lines = (
        (
            names.subject(question.by, one.subject),
            one.items,
            *(round(value / SECOND, 3) for value in (one.p10, one.p50, one.p90, one.p99)),
            round(one.total / SECOND),
            round(one.share, 6),
            one.late,
            one.missing,
            found.measured,
            found.items,
        )
        for one in found.groups
    )
    return csv_response(f"dwell-{actor.organisation.slug}.csv", header, lines)
