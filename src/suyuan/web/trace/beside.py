"""What other domains know of the goods on a page: scans, complaints, reports, recalls.

Owns: that each is read only with its own right, and bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from suyuan.core.identifiers import Identity, Scheme
from suyuan.masterdata.regions import REGIONS
from suyuan.quality import selectors as quality
from suyuan.quality.models import Complaint, InspectionReport
from suyuan.recalls import selectors as recalls
from suyuan.recalls.models import RecallCase
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification import selectors as verification
from suyuan.verification.models import Scan
from suyuan.web.quality.links import recall_link
from suyuan.web.shell import navigation
from suyuan.web.trace.names import Names

_SOME: Final = 10
_MOST_LOTS: Final = 400


@dataclass(frozen=True, slots=True)
class Scans:
    """How often consumers looked at a code, and the latest looks with their regions."""

    times: int
    latest: Sequence[tuple[Scan, str]]


def scans_of(actor: Actor, key: int | None, names: Names) -> Scans | None:
    """Return consumers' scans of one item; None without the right to see them."""
    if not actor.may(Right.SCANS_VIEW):
        return None
    if key is None:
        return Scans(0, [])
    here = actor.organisation_id
    rows = verification.scans_of(here, key)[:_SOME]
    named = [(row, _region(row.region, names.language)) for row in rows]
    return Scans(verification.times_seen(here, key), named)


def _region(code: str, language: str) -> str:
    region = REGIONS.get(code)
    return region.name(language) if region else ""


def complaints_of_item(actor: Actor, identity: Identity) -> list[Complaint] | None:
    """Return complaints about one item; None without the right to see them."""
    if not actor.may(Right.QUALITY_VIEW):
        return None
    rows = quality.list_complaints(actor.organisation_id, gtin=identity.primary)
    return list(rows.filter(identity=identity.digital_link())[:_SOME])


def complaints_of_lots(actor: Actor, lots: Iterable[Identity]) -> list[Complaint] | None:
    """Return the latest complaints about lots; None without the right to see them."""
    if not actor.may(Right.QUALITY_VIEW):
        return None
    pairs = {(lot.primary, lot.secondary) for lot in list(lots)[:_MOST_LOTS]}
    rows = quality.list_complaints(actor.organisation_id).filter(
        gtin__in={gtin for gtin, _ in pairs}, lot__in={code for _, code in pairs}
    )
    return [row for row in rows[: 5 * _SOME] if (row.gtin, row.lot) in pairs][:_SOME]


def reports_of(actor: Actor, lot: Identity) -> list[InspectionReport] | None:
    """Return the reports that speak for a lot; None without the right to see them."""
    if not actor.may(Right.QUALITY_VIEW):
        return None
    return quality.reports_for(
        organisation_id=actor.organisation_id,
        gtin=lot.primary,
        lot=lot.secondary,
        published_only=False,
    )


def recall_cases(actor: Actor, key: int | None, *, recalled: bool) -> list[RecallCase]:
    """Return the recalls that hold an item; nothing is read for what is not recalled."""
    if key is None or not recalled or not actor.may(Right.RECALL_VIEW):
        return []
    return recalls.cases_affecting(actor.organisation_id, key)


@dataclass(frozen=True, slots=True)
class Acts:
    """Where the buttons of a page lead; "" where the actor lacks the right."""

    complain: str = ""
    recall: str = ""
    picture: str = ""  # of its code, for artwork


def acts_for(actor: Actor, identity: Identity) -> Acts:
    """Return what may be done about some goods."""
    complain = ""
    if actor.may(Right.QUALITY_EDIT):
        page = navigation.href("quality:new_complaint", actor)
        complain = page and f"{page}?{urlencode({'target': identity.digital_link()})}"
    recall = recall_link(actor, identity) if actor.may(Right.RECALL_ACT) else ""
    return Acts(complain, recall, _picture(actor, identity))


def _picture(actor: Actor, identity: Identity) -> str:
    if not actor.may(Right.CODES_DOWNLOAD) or identity.scheme is Scheme.URI:
        return ""
    page = navigation.href("codes:picture", actor)
    return page and f"{page}?{urlencode({'code': identity.digital_link()})}"
