"""The goods that a report or a complaint is about, as a screen shows them.

Owns: what is joined for it from masterdata, lineage and quality.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import get_language

from suyuan.core.identifiers import Identity, Scheme
from suyuan.masterdata import selectors as masterdata
from suyuan.quality import selectors
from suyuan.quality.models import Complaint, InspectionReport
from suyuan.tenancy.actor import Actor
from suyuan.web.quality.links import goods_link, journey_link, recall_link


class LotLine(NamedTuple):
    """A lot with its name and where it leads."""

    identity: Identity
    name: str
    href: str
    recall_href: str


class Goods(NamedTuple):
    """Everything one click away from a complaint."""

    name: str
    product_href: str
    journey_href: str
    lot: LotLine | None
    materials: list[LotLine]
    reports: list[InspectionReport]
    others: int  # other complaints about the same lot


def names_of(organisation_id: int, gtins: Iterable[str]) -> dict[str, str]:
    """Return the names of products and materials by GTIN, in the reader's language."""
    wanted, language = set(gtins), get_language() or ""
    materials = masterdata.materials_by_gtin(organisation_id, wanted)
    products = masterdata.products_by_gtin(organisation_id, wanted)
    named: dict[str, str] = {gtin: row.name(language) for gtin, row in materials.items()}
    return named | {gtin: row.name(language) for gtin, row in products.items()}


def goods_of(actor: Actor, complaint: Complaint) -> Goods:
    """Return what is known of the goods that a complaint is about."""
    here = actor.organisation_id
    gtin, lot = complaint.gtin, complaint.lot
    upstream = selectors.material_lots_of(organisation_id=here, gtin=gtin, lot=lot) if lot else []
    names = names_of(here, {gtin, *(identity.primary for identity in upstream)} - {""})

    def line(identity: Identity) -> LotLine:
        return LotLine(
            identity,
            names.get(identity.primary, ""),
            goods_link(actor, identity),
            recall_link(actor, identity),
        )

    return Goods(
        name=names.get(gtin, ""),
        product_href=goods_link(actor, Identity(Scheme.GTIN, gtin)) if gtin in names else "",
        journey_href=journey_link(actor, complaint.identity),
        lot=line(Identity(Scheme.LGTIN, gtin, lot)) if lot else None,
        materials=[line(identity) for identity in upstream],
        reports=selectors.reports_for(
            organisation_id=here, gtin=gtin, lot=lot, published_only=False
        )
        if gtin
        else [],
        others=max(0, selectors.complaints_about(here, gtin, lot).count() - 1) if lot else 0,
    )
