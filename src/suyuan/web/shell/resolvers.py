"""What a text in the search box may name: one row of `RESOLVERS` for each kind of thing.

A resolver reads through its domain's selectors and returns at most `LIMIT` + 1 hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.core.identifiers import Scheme
from suyuan.issuing import selectors as issuing
from suyuan.lineage import selectors as lineage
from suyuan.masterdata import selectors as masterdata
from suyuan.printhouse import selectors as printhouse
from suyuan.printing import selectors as printing
from suyuan.quality import selectors as quality
from suyuan.recalls import selectors as recalls
from suyuan.tenancy.rights import Right
from suyuan.web.shell.search import LIMIT, Hit, Question, Resolver
from suyuan.web.trace.addresses import lot_address
from suyuan.web.trace.finding import address_of_meaning


def _language() -> str:
    return get_language() or ""


def _some(rows: Iterable[Any]) -> Iterator[Any]:
    return islice(rows, LIMIT + 1)


def _gtin_of(text: str) -> str:
    """Return the GTIN that a text is, or is about; else the text itself."""
    for identity in lineage.identities_in_text(text):
        if identity.scheme is Scheme.GTIN:
            return identity.primary
    return text


def _history(question: Question) -> list[Hit]:
    """Whatever was captured or issued: an item, a lot, a case, a place, an order, a waybill."""
    address = address_of_meaning(question.actor, question.text)
    return [Hit(question.text, address, exact=True)] if address else []


def _products(question: Question) -> list[Hit]:
    gtin = _gtin_of(question.text)
    rows = masterdata.list_products(question.organisation_id, text=gtin)
    return [
        Hit(
            label=row.name(_language()),
            note=row.gtin,
            href=question.href("masterdata:product", gtin=row.gtin),
            exact=row.gtin == gtin,
        )
        for row in _some(rows)
    ]


def _lots(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.code,
            note=f"{row.product.name(_language())} · {row.product.gtin}",
            href=_lot_page(question, row.product.gtin, row.code),
            exact=row.code == question.text,
        )
        for row in _some(masterdata.list_lots(question.organisation_id, text=question.text))
    ]


def _lot_page(question: Question, gtin: str, code: str) -> str:
    """Return the lot's history for who may trace, else its master data."""
    if question.actor.may(Right.TRACE_VIEW):
        return lot_address(question.actor.organisation.slug, gtin, code) or ""
    return question.href("masterdata:lot", gtin=gtin, code=code)


def _material_lots(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.code,
            note=row.material.name(_language()),
            href=question.href(
                "masterdata:material_lot", material=row.material.code, code=row.code
            ),
            exact=row.code == question.text,
        )
        for row in _some(
            masterdata.list_material_lots(question.organisation_id, text=question.text)
        )
    ]


def _orders(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.number,
            note=row.product.name(_language()),
            href=question.href("issuing:order", number=row.number),
            exact=row.number == question.text.upper(),
        )
        for row in _some(issuing.orders(question.organisation_id, text=question.text))
    ]


def _recalls(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.title,
            note=row.number,
            href=question.href("recalls:case", number=row.number),
            exact=row.number == question.text.upper(),
        )
        for row in _some(recalls.list_cases(question.organisation_id, text=question.text))
    ]


def _complaints(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.number,
            note=row.target,
            href=question.href("quality:complaint", number=row.number),
            exact=row.number == question.text.upper(),
        )
        for row in _some(quality.list_complaints(question.organisation_id, text=question.text))
    ]


def _reports(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.title,
            note=row.number,
            href=question.href("quality:report", number=row.number),
            exact=row.number == question.text.upper(),
        )
        for row in _some(quality.list_reports(question.organisation_id, text=question.text))
    ]


def _sets(question: Question) -> list[Hit]:
    """A case or pallet of sets that is not active yet, by its SSCC; or sets by number."""
    here = question.organisation_id
    for identity in lineage.identities_in_text(question.text):
        if identity.scheme is Scheme.SSCC:
            unit = issuing.set_of_unit(here, identity.primary)
            # What is active has a history, which says more.
            if unit is None or unit.active:
                return []
            href = question.href("issuing:set_unit", sscc=unit.sscc)
            return [Hit(unit.sscc, href, unit.plan.number, exact=True)]
    if not question.actor.may(Right.CODES_VIEW):
        return []
    return [
        Hit(
            label=row.number,
            note=row.order.product.name(_language()),
            href=question.href("issuing:set", number=row.number),
            exact=row.number == question.text.upper(),
        )
        for row in _some(issuing.sets(here, text=question.text))
    ]


def _print_jobs(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.number,
            note=row.order.product.name(_language()),
            href=question.href("printing:job", number=row.number),
            exact=row.number == question.text.upper(),
        )
        for row in _some(printing.jobs(question.organisation_id, text=question.text))
    ]


def _packages(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.number,
            note=row.party.name(_language()),
            href=question.href("printhouse:package", number=row.number),
            exact=row.number == question.text.upper(),
        )
        for row in _some(printhouse.packages(question.organisation_id, text=question.text))
    ]


RESOLVERS: Final[tuple[Resolver, ...]] = (
    Resolver(_("Histories"), "route", Right.TRACE_VIEW, _history),
    Resolver(_("Products"), "tag", Right.MASTERDATA_VIEW, _products),
    Resolver(_("Lots"), "stack-2", Right.MASTERDATA_VIEW, _lots),
    Resolver(_("Material lots"), "packages", Right.MASTERDATA_VIEW, _material_lots),
    Resolver(_("Code orders"), "qrcode", Right.CODES_VIEW, _orders),
    Resolver(pgettext_lazy("packaging", "Sets"), "layers-intersect", Right.TRACE_VIEW, _sets),
    Resolver(_("Print jobs"), "printer", Right.LABELS_PRINT, _print_jobs),
    Resolver(_("Print packages"), "package-export", Right.CODES_VIEW, _packages),
    Resolver(_("Recalls"), "alert-triangle", Right.RECALL_VIEW, _recalls),
    Resolver(_("Complaints"), "message-report", Right.QUALITY_VIEW, _complaints),
    Resolver(_("Inspection reports"), "file-certificate", Right.QUALITY_VIEW, _reports),
)
