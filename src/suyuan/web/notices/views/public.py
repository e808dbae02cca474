"""What the public reads of a recall, and where recipients answer: no session, cookie or script.

Owns: the answers' headers and limits. The token in an address is all that an answer needs, so the
form carries none against forgery.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.core.identifiers import IdentifierError, parse_identity
from suyuan.kernel.errors import SuyuanError
from suyuan.masterdata import selectors as masterdata
from suyuan.recalls.models import Announcement, AnswerKind, CaseStatus, Notice, RecipientKind
from suyuan.recalls.notices.announcing import announcement_of, public_case, public_id_of
from suyuan.recalls.notices.answering import answer_by_link, open_answer
from suyuan.recalls.notices.contacts import Contact
from suyuan.recalls.notices.facts import Facts
from suyuan.recalls.notices.shipped import ADVICE
from suyuan.recalls.selectors import lots_of
from suyuan.verification import limits
from suyuan.verification.errors import TooManyAsked
from suyuan.web.consumer.asking import address_of, language_of
from suyuan.web.gate import public
from suyuan.web.messages import sentence
from suyuan.web.notices import words
from suyuan.web.notices.forms import AnswerForm

# A link that is none: sixty at once from one network, then one in two seconds.
_MISSES: Final = limits.Limiter(limits.Allowance(burst=60, rate=0.5))
# Answers sent by one link: twenty at once, then one in five seconds. Not by network: behind one
# gateway many recipients answer on the same evening, and nobody answers without a link.
_SENT: Final = limits.Limiter(limits.Allowance(burst=20, rate=0.2))
_MOST_LOTS: Final = 200
_MOST_PRODUCTS: Final = 40


def _shown(
    template: str, language: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    switch = {"lang": "en", "other": "zh"} if language == "en" else {"lang": "zh", "other": "en"}
    body = get_template(template).render({**context, **switch, "page": {}})
    response = HttpResponse(body, status=status)
    response.headers["Content-Language"] = "en" if language == "en" else "zh-Hans"
    response.headers["Vary"] = "Accept-Language"
    response.headers["Referrer-Policy"] = "no-referrer"  # an address here is a secret
    response.headers["Cache-Control"] = "no-store"
    return response


def _fault(error: SuyuanError, language: str) -> HttpResponse:
    context = {"title": sentence(error), "brand": ""}
    response = _shown("notices/public_fault.html", language, context, status=error.status)
    if isinstance(error, TooManyAsked):
        response.headers["Retry-After"] = str(error.data["seconds"])
    return response


@public
@require_safe
def notice(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Show a recall's public notice."""
    language = language_of(request)
    with translation.override(language):
        try:
            limits.every_request.spend(limits.network_of(address_of(request)))
            told = _found(request, public_id)
        except SuyuanError as error:
            return _fault(error, language)
        response = _shown("notices/public.html", language, _public_context(told, language))
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _found(request: HttpRequest, public_id: str) -> Announcement:
    try:
        return public_case(public_id)
    except SuyuanError:
        _MISSES.spend(limits.network_of(address_of(request)))
        raise


def _public_context(told: Announcement, language: str) -> dict[str, Any]:
    case = told.case
    rows = []
    for row in lots_of(case)[:_MOST_LOTS]:
        try:
            rows.append((parse_identity(row.unit), row.item_count))
        except IdentifierError:
            continue
    gtins = {identity.primary for identity, _ in rows}
    products = masterdata.products_by_gtin(case.organisation_id, gtins)
    shown = []
    for gtin, product in list(products.items())[:_MOST_PRODUCTS]:
        pictures = masterdata.pictures_of(case.organisation_id, product.id)
        lots = sorted({one.secondary for one, _ in rows if one.primary == gtin and one.secondary})
        made = masterdata.lots_by_code(case.organisation_id, [(gtin, code) for code in lots])
        shown.append(
            {
                "name": product.name(language),
                "gtin": product.gtin_display,
                "net": product.net_content,
                "picture": pictures[0] if pictures else None,
                "lots": [(code, made.get((gtin, code))) for code in lots],
            }
        )
    advice = told.advice_en if language == "en" else told.advice_zh
    return {
        "brand": told.organisation.name(language),
        "case": case,
        "products": shown,
        "advice": advice or ADVICE[language],
        "hotline": told.hotline,
        "ended": case.status == CaseStatus.CLOSED,
    }


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask a recipient what became of the goods, and take the answer."""
    language = language_of(request)
    with translation.override(language):
        network = limits.network_of(address_of(request))
        try:
            limits.every_request.spend(network)
            return _answered(request, token, language)
        except SuyuanError as error:
            if error.status == 404:
                try:
                    _MISSES.spend(network)
                except TooManyAsked as too_many:
                    return _fault(too_many, language)
            return _fault(error, language)


def _answered(request: HttpRequest, token: str, language: str) -> HttpResponse:
    row = open_answer(token)
    if request.method == "POST":
        _SENT.spend(token)
    partner = row.kind == RecipientKind.PARTNER
    form = AnswerForm(
        request.POST if request.method == "POST" else _given(row),
        partner=partner,
        items=row.item_count,
    )
    status, thanks = 200, False
    if request.method == "POST":
        try:
            if form.is_valid():
                row = answer_by_link(token=token, counts=form.counts())
                thanks = True
        except SuyuanError as error:
            if error.status == 404:
                raise
            form.add_error(None, sentence(error))
        status = 200 if thanks else 422
    return _shown(
        "notices/answer.html", language, _answer_context(row, form, thanks), status=status
    )


def _given(row: Notice) -> dict[str, str] | None:
    return {kind: str(count) for kind, count in row.answer.items()} or None


def _answer_context(row: Notice, form: AnswerForm, thanks: bool) -> dict[str, Any]:
    case = row.case
    told = announcement_of(case)
    language = translation.get_language() or ""
    row.language = "en" if language.startswith("en") else "zh-hans"
    said = Facts(case, told).of(row, Contact())
    partner = row.kind == RecipientKind.PARTNER
    labels = words.PARTNER_ANSWERS if partner else {k: w.label for k, w in words.ANSWERS.items()}
    return {
        "notice": row,
        "case": case,
        "brand": case.organisation.name(row.language),
        "product": said["product"],
        "lots": said["lots"],
        "advice": said["advice"],
        "hotline": told.hotline,
        "public_id": public_id_of(case),
        "form": form,
        "whole": [(kind.value, labels[kind]) for kind in AnswerKind],
        "answers": [
            (labels[kind], row.answer[kind.value]) for kind in AnswerKind if row.answer.get(kind)
        ],
        "thanks": thanks,
        "partner": partner,
    }
