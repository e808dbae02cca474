"""Answer consumers' addresses: verify, show, redirect, or say what is wrong.

Owns: which answer an address gets. `lane` calls `answer`; `page` is the same for Django's table of
addresses, so that the addresses can be listed and made.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import get_template

from suyuan.core.codespace import normalise
from suyuan.kernel.errors import Invalid, NotFound, SuyuanError
from suyuan.recalls.untold import untold
from suyuan.verification import services
from suyuan.verification.errors import TooManyAsked
from suyuan.verification.facts import ProductFacts, product_facts, unit_owner
from suyuan.verification.taps import is_item_tap, verify_door_tap, verify_item_tap
from suyuan.verification.values import SeenBy, Verification
from suyuan.web.consumer import links, parts, scratch, taps
from suyuan.web.consumer.address import Asked, corrected, read_address
from suyuan.web.consumer.asking import language_of, seen_by
from suyuan.web.consumer.complaints import (
    ComplaintForm,
    blame_picture,
    bound_form,
    file_complaint,
    is_too_large,
)
from suyuan.web.consumer.page import Page, product_page, tap_page, verified_page
from suyuan.web.consumer.words import fault
from suyuan.web.gate import public

_WELL_KNOWN: Final = "/.well-known/gs1resolver"
_READ: Final = frozenset({"GET", "HEAD"})
_ALLOW: Final = "GET, HEAD, OPTIONS, POST"
_LONGEST_TYPED: Final = 40


@public
def page(request: HttpRequest, **_parts: str) -> HttpResponseBase:
    """Answer like `lane` does; reached only if the lane is not among the middleware."""
    return answer(request, language_of(request))


def answer(request: HttpRequest, language: str) -> HttpResponse:
    """Return the answer to a consumer's address, in `language`, which is active."""
    if request.method == "OPTIONS":
        headers = {
            "Allow": _ALLOW,
            "Access-Control-Allow-Methods": _ALLOW,
            "Access-Control-Allow-Headers": "Accept, Accept-Language",
        }
        return HttpResponse(status=204, headers=headers)
    if request.path_info == _WELL_KNOWN:
        return _json(links.description(), "application/json")
    if request.method not in _READ | {"POST"}:
        return _fault_page("method", 405, language, headers={"Allow": _ALLOW})
    if request.method == "POST" and is_too_large(request):
        return _fault_page("complaint_too_large", 413, language)
    try:
        asker = seen_by(request, language)
        services.admit(asker)
        if request.path_info.startswith(taps.DOOR):
            return _door(request, asker)
        asked = read_address(request.path_info)
        response = (_unit if asked.sscc else _goods)(request, asked, asker)
    except TooManyAsked as error:
        after = {"Retry-After": str(error.data["seconds"])}
        return _fault_page(error.code, error.status, language, headers=after)
    except SuyuanError as error:
        return _fault_page(error.code, error.status, language)
    response.headers.setdefault("Link", links.link_header(asked))
    return response


def _door(request: HttpRequest, asker: SeenBy) -> HttpResponse:
    """Answer for a tap at the address of a profile: the chip says which goods it is on."""
    taps.needs_message(request.GET)
    taps.refuse_ahead(request, asker)
    tapped = verify_door_tap(
        public_id=taps.public_id_of(request.path_info),
        parameters=request.GET,
        seen_by=asker,
        untold=untold,
    )
    if tapped is None:
        raise taps.DoorUnknown
    found, facts, language = tapped.found, tapped.facts, asker.language
    if facts is None:
        shown = tap_page(organisation=tapped.organisation, found=found, language=language)
        return _shown(replace(shown, kept=taps.kept(request.GET)), None)
    asked = Asked(gtin=found.gtin, serial=found.serial)
    if request.method == "POST":
        return _complained(request, asked, facts, asker)
    kept = taps.kept(request.GET)
    shown = verified_page(asked=asked, facts=facts, found=found, language=language, kept=kept)
    return _shown(shown, facts)


def _goods(request: HttpRequest, asked: Asked, asker: SeenBy) -> HttpResponse:
    """Answer for a product, a lot or an item."""
    facts = product_facts(asked.gtin)
    if facts is None:
        services.miss(asker)
        raise Unknown("product_unknown")
    if (elsewhere := _resolved(request, asked, facts)) is not None:
        return elsewhere
    if request.method == "POST":
        if scratch.FIELD in request.POST and asked.serial:
            return _entered(request, asked, facts, asker)
        return _complained(request, asked, facts, asker)
    if asked.serial and facts.by_item and (meant := corrected(asked.serial)):
        return _redirect(request, Asked(gtin=asked.gtin, lot=asked.lot, serial=meant).path)
    typed = request.GET.get("code", "")
    if typed.strip() and not asked.serial and not asked.lot:
        return _typed(request, asked, typed)
    brought = request.GET.get(scratch.FIELD, "")
    return _shown(_page(request, asked, facts, asker, brought), facts)


def _page(
    request: HttpRequest, asked: Asked, facts: ProductFacts, asker: SeenBy, brought: str = ""
) -> Page:
    language = asker.language
    if asked.serial and is_item_tap(facts, request.GET):
        taps.refuse_ahead(request, asker)
        found = verify_item_tap(
            facts=facts,
            serial=asked.serial,
            lot=asked.lot,
            parameters=request.GET,
            seen_by=asker,
            untold=untold,
        )
        kept = taps.kept(request.GET)
        return verified_page(asked=asked, facts=facts, found=found, language=language, kept=kept)
    if asked.serial:
        found = _verified(asked, facts, asker)
        said = scratch.standing(facts=facts, found=found, seen_by=asker, brought=brought)
        return verified_page(asked=asked, facts=facts, found=found, language=language, scratch=said)
    if asked.lot:
        found = services.verify_lot(facts=facts, lot=asked.lot, seen_by=asker)
    else:
        return product_page(asked=asked, facts=facts, language=language)
    return verified_page(asked=asked, facts=facts, found=found, language=language)


def _verified(asked: Asked, facts: ProductFacts, asker: SeenBy) -> Verification:
    return services.verify_item(
        facts=facts, serial=asked.serial, lot=asked.lot, seen_by=asker, untold=untold
    )


def _shown(
    shown: Page,
    facts: ProductFacts | None,
    *,
    form: ComplaintForm | None = None,
    thanks: str = "",
    status: int = 200,
) -> HttpResponse:
    language, verdict = shown.language, shown.verdict
    context = {"page": shown, "thanks": thanks, **_switch(language)}
    context["product"] = parts.product_part(shown, facts) if facts else ""
    context["timeline"] = parts.timeline(shown)
    if verdict is not None:
        context["icon"] = parts.icon(verdict.words.icon)
        context["meaning"] = parts.meaning_part(verdict.name, language)
        if facts is not None:
            context["complaint"] = parts.faulty_form(form) if form else parts.empty_form(language)
    response = HttpResponse(get_template("consumer/page.html").render(context), status=status)
    # What is known of an item changes; what is known of a product may wait a minute.
    fresh = verdict is not None or status != 200
    response.headers["Cache-Control"] = "no-store" if fresh else "public, max-age=60"
    return response


def _entered(
    request: HttpRequest, asked: Asked, facts: ProductFacts, asker: SeenBy
) -> HttpResponse:
    """Take an entry of the hidden code, and show the page with what it came to."""
    found = _verified(asked, facts, asker)
    said = scratch.entered(
        facts=facts, found=found, seen_by=asker, typed=request.POST.get(scratch.FIELD, "")
    )
    shown = verified_page(
        asked=asked, facts=facts, found=found, language=asker.language, scratch=said
    )
    return _shown(shown, facts)


def _complained(
    request: HttpRequest, asked: Asked, facts: ProductFacts, asker: SeenBy
) -> HttpResponse:
    """Take a complaint, and show the page again with what became of it."""
    form = bound_form(request)
    if not form.is_valid():
        return _shown(_page(request, asked, facts, asker), facts, form=form, status=422)
    try:
        filed = file_complaint(form=form, facts=facts, asked=asked, address=asker.address)
    except Invalid as error:
        if not blame_picture(form, error):
            raise
        return _shown(_page(request, asked, facts, asker), facts, form=form, status=422)
    number = filed.number if filed else "—"
    return _shown(_page(request, asked, facts, asker), facts, thanks=number, status=201)


def _typed(request: HttpRequest, asked: Asked, typed: str) -> HttpResponse:
    """Send somebody who typed a code to its page."""
    serial = normalise(typed[:_LONGEST_TYPED])
    read_address(f"{asked.product_path}/21/{serial}")
    return _redirect(request, Asked(gtin=asked.gtin, serial=serial).path)


def _resolved(
    request: HttpRequest, asked: Asked, facts: ProductFacts | None
) -> HttpResponse | None:
    """Answer what a resolver is asked for; None when it is the page."""
    wanted = request.GET.get("linkType", "")
    if links.wants_linkset(wanted, request.META.get("HTTP_ACCEPT", "")):
        response = _json(links.linkset(asked, facts), links.LINKSET)
        response.headers["Link"] = f"{links.link_header(asked)}, {links.CONTEXT}"
        return response
    if not wanted:
        return None
    name = links.link_type_of(wanted)
    if name is None or (asked.sscc and name != "defaultLink"):
        raise Unknown("link_type_unknown")
    if name == "defaultLink":
        return None
    lang = request.GET.get("lang", "")
    location = links.target(asked, name, lang=lang if lang in {"zh", "en"} else "")
    return HttpResponse(status=307, headers={"Location": location, "Cache-Control": "no-store"})


def _unit(request: HttpRequest, asked: Asked, asker: SeenBy) -> HttpResponse:
    """Answer for a parcel: whose it is, and nothing about what is in it or whom it goes to."""
    owner = unit_owner(asked.sscc)
    if owner is None:
        services.miss(asker)
        raise Unknown("unit_unknown")
    if (elsewhere := _resolved(request, asked, None)) is not None:
        return elsewhere
    shown = Page(
        asked=asked, language=asker.language, brand=owner.name(asker.language), title=asked.sscc
    )
    context = {"page": shown, **_switch(asker.language)}
    response = HttpResponse(get_template("consumer/parcel.html").render(context))
    response.headers["Cache-Control"] = "no-store"
    return response


class Unknown(NotFound):
    """There is no such product, parcel or link; `code` says which."""

    def __init__(self, code: str) -> None:
        """Take the code as the instance's own."""
        super().__init__()
        self.code = code  # type: ignore[misc]  # an instance may narrow its class's code


def _switch(language: str) -> dict[str, str]:
    """Return the page's `lang` and the one of the switch."""
    return {"lang": "en", "other": "zh"} if language == "en" else {"lang": "zh", "other": "en"}


def _redirect(request: HttpRequest, path: str) -> HttpResponse:
    lang = request.GET.get("lang", "")
    location = f"{path}?lang={lang}" if lang in {"zh", "en"} else path
    return HttpResponse(status=307, headers={"Location": location, "Cache-Control": "no-store"})


def _json(document: dict[str, object], kind: str) -> HttpResponse:
    body = json.dumps(document, ensure_ascii=False)
    headers = {"Cache-Control": "public, max-age=60"}
    return HttpResponse(body, content_type=kind, headers=headers)


def _fault_page(
    code: str, status: int, language: str, *, headers: dict[str, str] | None = None
) -> HttpResponse:
    context = {"words": fault(code), **_switch(language)}
    body = get_template("consumer/fault.html").render(context)
    return HttpResponse(
        body, status=status, headers={"Cache-Control": "no-store", **(headers or {})}
    )
