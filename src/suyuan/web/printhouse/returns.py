"""A list that comes back: upload, preview, apply, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.kernel.errors import Conflict, Invalid, SuyuanError
from suyuan.kernel.spreadsheets import MOST_BYTES
from suyuan.kernel.tabular import csv_lines
from suyuan.printhouse import selectors, services
from suyuan.printhouse.models import Package, ReturnList
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.printhouse import words
from suyuan.web.printhouse.forms import ReturnForm

_PAGE = 50
_BLOCK = 16_384  # serials of a report that are worked out at once


@require_POST
@back_office(Right.LABELS_PRINT)
def upload(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Preview a list."""
    form = ReturnForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if (file.size or 0) > MOST_BYTES:
                raise Invalid("file_too_large", place="file", limit_mb=MOST_BYTES // 2**20)
            row = services.preview_return(
                actor=actor,
                number=number,
                file_name=file.name or "",
                body=file.read(),
                default=form.cleaned_data["default"] or None,
            )
        except SuyuanError as error:
            form.add_error("file", _placed(error))
        else:
            return _to(actor, number, row.ordinal)
    package = selectors.get_package(actor.organisation_id, number)
    context = {"form": form, "package": package, "organisation": actor.organisation}
    return render(request, "printhouse/upload.html", context, status=422)


def _placed(error: SuyuanError) -> str:
    """Return an error's sentence with its place in the file, if it has one."""
    place = error.place.replace("row ", _("row") + " ").replace("column ", _("column") + " ")
    return f"{place}: {sentence(error)}" if error.place.startswith("row") else sentence(error)


@require_safe
@back_office(Right.CODES_VIEW)
def detail(request: HttpRequest, actor: Actor, number: str, ordinal: int) -> HttpResponse:
    """Show what a list says, what does not fit, and the button that applies it."""
    package = selectors.get_package(actor.organisation_id, number)
    row = selectors.get_return(package, ordinal)
    found = selectors.findings_of(row)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    kinds = Counter(finding.code for finding in found)
    context = {
        "package": package,
        "returned": row,
        "kinds": [(words.name_of(code), count) for code, count in kinds.most_common()],
        "page": page,
        "rows": [(one.line, one.given, words.said(one)) for one in page],
        "hidden": row.fault_count - len(found),
        "missing_before": package.missing_count,
        "applicable": row.applied_at is None
        and package.closed_at is None
        and bool(row.used_count + row.spoiled_count)
        and actor.may(Right.LABELS_PRINT),
        "organisation": actor.organisation,
    }
    return render(request, "printhouse/return.html", context)


@require_POST
@back_office(Right.LABELS_PRINT)
def apply(request: HttpRequest, actor: Actor, number: str, ordinal: int) -> HttpResponse:
    """Do what the preview says."""
    try:
        services.apply_return(
            actor=actor, number=number, ordinal=ordinal, reason=_("Spoiled at the print house")
        )
        messages.success(request, _("The list is applied."))
    except Conflict as error:
        messages.error(request, sentence(error))
        return _to(actor, number, ordinal)
    return redirect("printhouse:package", org=actor.organisation.slug, number=number)


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def report(
    request: HttpRequest, actor: Actor, number: str, ordinal: int
) -> StreamingHttpResponse | HttpResponse:
    """Send the whole account of a list as CSV: each code it names, each line that does not fit."""
    package = selectors.get_package(actor.organisation_id, number)
    row = selectors.get_return(package, ordinal)
    headers = {
        "Content-Disposition": f'attachment; filename="{number}-{ordinal}.csv"',
        "Cache-Control": "no-store",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    return StreamingHttpResponse(
        csv_lines(report_rows(package, row)),
        content_type="text/csv; charset=utf-8",
        headers=headers,
    )


def report_rows(package: Package, row: ReturnList) -> Iterator[Sequence[object]]:
    """Yield a list's account: what was counted, what does not fit, every code it names."""
    yield (_("Line"), _("Roll"), _("Sequence"), _("Given or serial"), _("Finding"))
    totals = (
        (_("used"), row.used_count),
        (_("spoiled"), row.spoiled_count),
        (_("missing afterwards"), row.missing_count),
        (_("lines that do not fit"), row.fault_count),
    )
    for name, count in totals:
        yield ("", "", "", count, name)
    for finding in selectors.findings_of(row):
        yield (finding.line, "", "", finding.given, words.said(finding))
    held = positions.read(package.positions)
    for name, data in ((_("spoiled"), row.spoiled), (_("used"), row.used)):
        for first, end in positions.runs(positions.read(data)):
            for at in range(first, end, _BLOCK):
                count = min(_BLOCK, end - at)
                texts = issuing.serials(package.order, first=at, count=count)
                sequence = held.rank(at)
                for step, serial in enumerate(texts):
                    roll = package.first_roll + (sequence + step - 1) // package.roll_size
                    yield ("", roll, sequence + step, serial, name)


def _to(actor: Actor, number: str, ordinal: int) -> HttpResponse:
    return redirect(
        "printhouse:return", org=actor.organisation.slug, number=number, ordinal=ordinal
    )
