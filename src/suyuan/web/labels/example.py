"""The values on an example label: a product's or a code order's own, as far as the reader may see.

Owns: what can be chosen as an example, and the values that the choice gives.

Invariant: a printed proof never bears a real code. On screens the first serial of an order is
shown to those who may download codes; anyone else, and every proof, gets a serial that was never
issued, as long as a real one. Scratch-off codes are never real here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from suyuan.core.codespace import inner_link
from suyuan.core.labels.design import Design
from suyuan.core.labels.fields import EXAMPLE_JOB, EXAMPLE_LABEL, JobData, LabelData
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.errors import NotFound
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Lot, Product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.issuing.pages import public_url

type Choice = tuple[str, str]

MADE_UP: Final = "example"
_MOST: Final = 20
_CASE_CONTENTS: Final = frozenset({"sscc"})


def choices(actor: Actor, language: str) -> list[Choice]:
    """Return what can be chosen, the most telling first: orders, products, made-up values."""
    found: list[Choice] = []
    if actor.may(Right.CODES_VIEW):
        orders: Iterable[CodeOrder] = issuing.orders(actor.organisation_id)[:_MOST]
        found += [
            (f"order:{row.number}", f"{row.number} · {row.product.name(language)}")
            for row in orders
        ]
    if actor.may(Right.MASTERDATA_VIEW):
        products = masterdata.list_products(actor.organisation_id, active=True)[:_MOST]
        found += [(f"product:{row.gtin}", row.name(language)) for row in products]
    return found


def usual(actor: Actor) -> str:
    """Return the first of `choices`, with as little asking as may be."""
    if actor.may(Right.CODES_VIEW):
        order = issuing.orders(actor.organisation_id).first()
        if order is not None:
            return f"order:{order.number}"
    if actor.may(Right.MASTERDATA_VIEW):
        product = masterdata.list_products(actor.organisation_id, active=True).first()
        if product is not None:
            return f"product:{product.gtin}"
    return MADE_UP


def values(
    actor: Actor, key: str, design: Design, *, proof: bool = False
) -> tuple[JobData, LabelData]:
    """Return the values of one label.

    Args:
        actor: Who looks.
        key: One of `choices`; one that is not theirs, or gone, gives made-up values.
        design: A label of a case gets the link of a case.
        proof: It will be printed.
    """
    order, product = _chosen(actor, key)
    if product is None:
        job, label = EXAMPLE_JOB, EXAMPLE_LABEL
        job = msgspec.structs.replace(job, organisation=actor.organisation.name_zh)
    else:
        lot = order.lot if order is not None else None
        job = _job(actor, product, lot or _latest_lot(product), order)
        real = order is not None and not proof and actor.may(Right.CODES_DOWNLOAD)
        serial = issuing.serials(order)[0] if order is not None and real else EXAMPLE_LABEL.serial
        label = _label(product, serial)
    if design.contents & _CASE_CONTENTS:
        link = f"{public_url()}/00/{label.sscc}"
        label = msgspec.structs.replace(label, link=link)
    return job, label


def _chosen(actor: Actor, key: str) -> tuple[CodeOrder | None, Product | None]:
    kind, _colon, name = key.partition(":")
    try:
        if kind == "order" and actor.may(Right.CODES_VIEW):
            order = issuing.get_order(actor.organisation_id, name)
            return order, order.product
        if kind == "product" and actor.may(Right.MASTERDATA_VIEW):
            return None, masterdata.get_product(actor.organisation_id, name)
    except NotFound:
        pass
    return None, None


def _latest_lot(product: Product) -> Lot | None:
    lots = masterdata.list_lots(product.organisation_id, gtin=product.gtin)
    return lots.order_by("-produced_on", "-id").first()


def _job(actor: Actor, product: Product, lot: Lot | None, order: CodeOrder | None) -> JobData:
    expires = lot.expires_on if lot else None
    return msgspec.structs.replace(
        EXAMPLE_JOB,
        product=product.name_zh,
        product_en=product.name_en or product.name_zh,
        brand=product.brand_zh,
        brand_en=product.brand_en or product.brand_zh,
        gtin=product.gtin,
        net_content=product.net_content,
        origin=product.origin_zh,
        storage=product.storage_zh,
        organisation=actor.organisation.name_zh,
        order=order.number if order else EXAMPLE_JOB.order,
        lot=lot.code if lot else EXAMPLE_JOB.lot,
        produced=lot.produced_on.isoformat() if lot else EXAMPLE_JOB.produced,
        expires=expires.isoformat() if expires else "" if lot else EXAMPLE_JOB.expires,
        count=order.count if order else EXAMPLE_JOB.count,
    )


def _label(product: Product, serial: str) -> LabelData:
    link = f"{public_url()}/01/{product.gtin}/21/{serial}"
    return msgspec.structs.replace(
        EXAMPLE_LABEL,
        link=link,
        serial=serial,
        inner_link=inner_link(link, EXAMPLE_LABEL.inner),
    )
