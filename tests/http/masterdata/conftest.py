"""A small world of masterdata for the pages: one row of each kind, in both organisations."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.masterdata import services
from suyuan.tenancy.actor import Actor

GTIN = "09521234000013"


def fill(actor: Actor, *, gtin: str, text: str = "茶") -> None:
    """Store one row of each kind; `text` stands in every field that takes any text."""
    services.create_party(
        actor=actor,
        code="P1",
        kind="supplier",
        name_zh=text,
        name_en=text,
        address=text,
        contact=text,
    )
    services.create_location(
        actor=actor, code="L1", name_zh=text, name_en=text, party="P1", region="330100"
    )
    services.create_material(actor=actor, code="M1", name_zh=text, name_en=text, supplier="P1")
    services.create_product(
        actor=actor,
        gtin=gtin,
        name_zh=text,
        name_en=text,
        description_zh=text,
        description_en=text,
        brand_zh=text,
        brand_en=text,
        net_content=text,
        origin_zh=text,
        origin_en=text,
        storage_zh=text,
        storage_en=text,
        category="tea",
    )
    services.create_lot(
        actor=actor,
        gtin=gtin,
        code="A/1",
        produced_on=date(2026, 3, 1),
        line=text,
        team=text,
        location="L1",
        notes=text,
    )
    services.create_material_lot(
        actor=actor, material="M1", code="R1", certificate=text, notes=text
    )


@pytest.fixture
def filled(actor: Actor) -> Actor:
    """Fill the first organisation."""
    fill(actor, gtin=GTIN)
    return actor
