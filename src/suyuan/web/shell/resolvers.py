"""What a text in the search box may name: one row of `RESOLVERS` for each kind of thing.

A resolver reads through its domain's selectors and returns at most `LIMIT` + 1 hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from suyuan.capture import identities
from suyuan.capture import selectors as capture
from suyuan.core.epcis.event import Role
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.issuing import selectors as issuing
from suyuan.lineage import selectors as lineage
from suyuan.masterdata import selectors as masterdata
from suyuan.quality import selectors as quality
from suyuan.recalls import selectors as recalls
from suyuan.tenancy.rights import Right
from suyuan.web.shell.search import LIMIT, Hit, Question, Resolver

# Kinds of business transactions that are named by a bare number within the organisation.
_TRANSACTION_KINDS: Final = ("order", "waybill", "parcel", "po", "desadv", "bol")
_MOST_PRODUCTS = 500  # whose numbering a bare serial is tried against


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
    """Whatever has been seen in an event: an item, a lot, a case, a place."""
    products = masterdata.list_products(question.organisation_id)
    gtins = list(products.values_list("gtin", flat=True)[:_MOST_PRODUCTS])
    key = lineage.resolve(organisation_id=question.organisation_id, text=question.text, gtins=gtins)
    if key is None:
        return []
    identity = identities.identity_of(question.organisation_id, key)
    # A product or a lot has a page of its own, which is the more exact answer.
    exact = identity.scheme not in {Scheme.GTIN, Scheme.LGTIN}
    return [_traced(question, identity, exact=exact)]


def _traced(question: Question, identity: Identity, *, exact: bool = False) -> Hit:
    text = identity.digital_link()
    page = question.href("trace:home")
    label = identity.secondary or identity.primary
    return Hit(label, page and f"{page}?{urlencode({'q': text})}", note=text, exact=exact)


def _transactions(question: Question) -> list[Hit]:
    """The goods of an order or a waybill."""
    slug = question.actor.organisation.slug
    names = [question.text]
    names += [f"urn:suyuan:{slug}:{kind}:{question.text}" for kind in _TRANSACTION_KINDS]
    seqs: set[int] = set()
    for name in names:
        key = _transaction_key(question.organisation_id, name)
        if key is not None:
            about = capture.seqs_about(question.organisation_id, key, [Role.TRANSACTION])
            seqs.update(seq for seq, _role in about)
    texts: dict[str, None] = {}
    for stored in capture.event_documents(question.organisation_id, sorted(seqs)[-LIMIT:]):
        texts.update(dict.fromkeys(_goods(stored.event)))
    return [
        _traced(question, identity)
        for identity in (_read(text) for text in _some(texts))
        if identity is not None
    ]


def _transaction_key(organisation_id: int, name: str) -> int | None:
    identity = _read(name)
    return None if identity is None else identities.find_key(organisation_id, identity)


def _read(text: str) -> Identity | None:
    try:
        return parse_identity(text)
    except IdentifierError:
        return None


def _goods(document: dict[str, Any]) -> Iterator[str]:
    """Yield what an event is about: its parent alone when it has one."""
    if parent := document.get("parentID"):
        yield parent
        return
    yield from islice(document.get("epcList") or (), LIMIT + 1)
    yield from (one["epcClass"] for one in document.get("quantityList") or ())


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
            href=question.href("masterdata:lot", gtin=row.product.gtin, code=row.code),
            exact=row.code == question.text,
        )
        for row in _some(masterdata.list_lots(question.organisation_id, text=question.text))
    ]


def _material_lots(question: Question) -> list[Hit]:
    return [
        Hit(
            label=row.code,
            note=row.material.name(_language()),
            href=question.href("masterdata:material_lot", code=row.material.code, lot=row.code),
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


RESOLVERS: Final[tuple[Resolver, ...]] = (
    Resolver(_("Histories"), "route", Right.TRACE_VIEW, _history),
    Resolver(_("Goods of this order or waybill"), "truck", Right.TRACE_VIEW, _transactions),
    Resolver(_("Products"), "tag", Right.MASTERDATA_VIEW, _products),
    Resolver(_("Lots"), "stack-2", Right.MASTERDATA_VIEW, _lots),
    Resolver(_("Material lots"), "packages", Right.MASTERDATA_VIEW, _material_lots),
    Resolver(_("Code orders"), "qrcode", Right.CODES_VIEW, _orders),
    Resolver(_("Recalls"), "alert-triangle", Right.RECALL_VIEW, _recalls),
    Resolver(_("Complaints"), "message-report", Right.QUALITY_VIEW, _complaints),
    Resolver(_("Inspection reports"), "file-certificate", Right.QUALITY_VIEW, _reports),
)
