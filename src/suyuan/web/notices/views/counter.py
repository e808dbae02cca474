"""The returns' counter: scan, and see at arm's length whether it belongs to the recall."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel.errors import SuyuanError
from suyuan.masterdata import selectors as masterdata
from suyuan.recalls.models import RecallCase
from suyuan.recalls.returns import MAY_SCAN, Scan, Verdict, scans_of, take_back
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.web.gate import back_office
from suyuan.web.notices.forms import ManyForm, ReturnForm
from suyuan.web.notices.lines import frame
from suyuan.web.recalls.picture import Names
from suyuan.web.tenancy.forms import refuse

_RECENT = 10
_LOOKS = {
    Verdict.AFFECTED: ("bad", "alert-triangle"),
    Verdict.ALREADY_BACK: ("warn", "refresh"),
    Verdict.NOT_AFFECTED: ("good", "circle-check"),
    Verdict.UNKNOWN: ("none", "help-circle"),
}


class Line(NamedTuple):
    """A verdict, or an item that came back before."""

    title: str
    what: str
    tone: str
    icon: str
    name: str
    code: str
    lots: str
    items: int


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(*MAY_SCAN)
def returns(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Take back what is scanned: one code, or a pasted list."""
    case = get_case(actor.organisation_id, number)
    locations = _locations(actor)
    many = "many" in request.POST
    given = request.GET.get("location", "")
    start = {"location": given or (locations[0][0] if locations else "")}
    kind = ManyForm if many else ReturnForm
    form = kind(request.POST or None, locations=locations, initial=start)
    scans: list[Scan] = []
    if form.is_valid():
        start = {"location": form.cleaned_data["location"]}
        try:
            scans = take_back(
                actor=actor,
                number=number,
                texts=form.cleaned_data["code"].splitlines(),
                location=start["location"],
            )
        except SuyuanError as error:
            refuse(form, error)
        else:
            form = ReturnForm(locations=locations, initial=start)
    single = form if not many or scans else ReturnForm(locations=locations, initial=start)
    listed = form if many and not scans else ManyForm(locations=locations, initial=start)
    listed.fields["code"].widget.attrs.pop("autofocus", None)
    listed.auto_id = "id_many_%s"
    context = {
        **frame(request, actor, case),
        **_verdicts(actor, case, scans),
        "form": single,
        "many": listed,
        "has_place": bool(locations),
    }
    status = 422 if form.errors else 200
    return render(request, "notices/returns.html", context, status=status)


def _locations(actor: Actor) -> list[tuple[str, str]]:
    rows = masterdata.list_locations(actor.organisation_id)
    language = Names(actor.organisation_id).language
    order = {"warehouse": 0, "shop": 1, "factory": 2}
    found = sorted(rows, key=lambda row: (order.get(row.kind, 9), row.code))
    return [(row.code, row.name(language)) for row in found]


def _verdicts(actor: Actor, case: RecallCase, scans: list[Scan]) -> dict[str, Any]:
    rows = scans_of(case)
    recent = list(rows[:_RECENT])
    known = identities_of(case.organisation_id, {row.key for row in recent})
    texts = [one.digital_link() for one in known.values()]
    texts += [scan.identity.digital_link() for scan in scans if scan.identity]
    names = Names(actor.organisation_id).goods(texts)
    lines = [_line(scan, names) for scan in scans]
    return {
        "verdict": lines[0] if len(lines) == 1 else None,
        "verdicts": lines if len(lines) > 1 else [],
        "tally": _tally(scans) if len(scans) > 1 else [],
        "recent": [
            (row, _code(known[row.key]), names.get(known[row.key].digital_link(), ""))
            for row in recent
            if row.key in known
        ],
        "back": rows.count(),
    }


def _line(scan: Scan, names: dict[str, str]) -> Line:
    title, what = _words(scan)
    tone, icon = _LOOKS[scan.verdict]
    identity = scan.identity
    return Line(
        title=title,
        what=what,
        tone=tone,
        icon=icon,
        name=names.get(identity.digital_link(), "") if identity else "",
        code=_code(identity) if identity else scan.text,
        lots=" ".join(lot.secondary for lot in scan.lots if lot.scheme is Scheme.LGTIN),
        items=scan.items,
    )


def _code(identity: Identity) -> str:
    return identity.secondary or identity.primary


def _words(scan: Scan) -> tuple[str, str]:
    if scan.verdict is Verdict.AFFECTED:
        return (
            pgettext("return", "Affected: taken back"),
            pgettext("return", "Put it with the recalled goods."),
        )
    if scan.verdict is Verdict.ALREADY_BACK:
        return (
            pgettext("return", "Affected: was back already"),
            pgettext("return", "It was counted before and is not counted again."),
        )
    if scan.verdict is Verdict.NOT_AFFECTED:
        return (
            pgettext("return", "Not affected"),
            pgettext("return", "This recall does not concern it. Handle it as any other return."),
        )
    return (
        pgettext("return", "Not known here"),
        pgettext("return", "Scan the code again, or look at the package: it may not be ours."),
    )


def _tally(scans: list[Scan]) -> list[tuple[str, str, int]]:
    found: dict[Verdict, int] = {}
    for scan in scans:
        found[scan.verdict] = found.get(scan.verdict, 0) + 1
    return [
        (_words(Scan("", verdict))[0], _LOOKS[verdict][0], found[verdict])
        for verdict in Verdict
        if verdict in found
    ]
