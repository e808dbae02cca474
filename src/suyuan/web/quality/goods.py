"""The goods that a report or a complaint is about, as a screen shows them.

Owns: what is joined for it from masterdata, lineage and quality.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import get_language

from suyuan.core.identifiers import Identity, Scheme
from suyuan.lineage import selectors as lineage
from suyuan.masterdata import selectors as masterdata
from suyuan.quality import selectors
from suyuan.quality.models import Complaint, InspectionReport
from suyuan.tenancy.actor import Actor
from suyuan.web.quality.kinship import Kin, kin_of
from suyuan.web.quality.links import goods_link, journey_link, recall_link
from suyuan.web.shell.navigation import href as href_of


class LotLine(NamedTuple):
    """A lot with its name and where it leads."""

    identity: Identity
    name: str
    href: str
    recall_href: str


class MaterialLine(NamedTuple):
    """A material lot in the goods: whose it is, and who else complained of what is made of it."""

    lot: LotLine
    supplier: str
    supplier_href: str
    complaints: int  # others, about any product lot that has it in


class Goods(NamedTuple):
    """Everything one click away from a complaint."""

    name: str
    product_href: str
    journey_href: str
    lot: LotLine | None
    kin: list[Kin]
    materials: list[MaterialLine]
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
        kin=kin_of(actor, complaint),
        materials=_materials(actor, complaint, [line(identity) for identity in upstream]),
        reports=_reports(here, complaint) if gtin else [],
        others=max(0, selectors.complaints_about(here, gtin, lot).count() - 1) if lot else 0,
    )


def _reports(organisation_id: int, complaint: Complaint) -> list[InspectionReport]:
    key = lineage.resolve(organisation_id=organisation_id, text=complaint.identity)
    return selectors.reports_for(
        organisation_id=organisation_id,
        gtin=complaint.gtin,
        lot=complaint.lot,
        published_only=False,
        item=key,
    )


def _materials(actor: Actor, complaint: Complaint, lots: list[LotLine]) -> list[MaterialLine]:
    """Return material lots with their suppliers, and the complaints about what is made of them."""
    here, language = actor.organisation_id, get_language() or ""
    wanted = {line.identity for line in lots}
    rows = masterdata.list_material_lots(here).select_related("material__supplier")
    suppliers = {
        row.identity: row.supplier or row.material.supplier
        for row in rows.filter(material__gtin__in={one.primary for one in wanted})
        if row.identity in wanted
    }
    others = selectors.complaints_by_material(organisation_id=here, lots=wanted)
    found = []
    for line in lots:
        party = suppliers.get(line.identity)
        href = "" if party is None else href_of("monitoring:supplier", actor, code=party.code)
        about = others.get(line.identity, set()) - {complaint.number}
        name = "" if party is None else party.name(language)
        found.append(MaterialLine(line, name, href, len(about)))
    return found
