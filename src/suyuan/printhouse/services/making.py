"""Make a package: claim its codes, choose its keys, store its row.

Invariant: a package costs one row and as many claims as its codes have gaps.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import transaction
from pyroaring import BitMap

from suyuan.core.sealed_zip import new_password
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.counters import hold
from suyuan.issuing.errors import NoInnerCodes, SetCancelled
from suyuan.issuing.models import CodeOrder, SetPlan
from suyuan.issuing.positions import Range
from suyuan.issuing.services import allot
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.models import Party
from suyuan.masterdata.rules import Text
from suyuan.printhouse import contents, lines, selectors, tasks
from suyuan.printhouse.errors import NothingToPackage
from suyuan.printhouse.models import Package, PasswordKind
from suyuan.printhouse.services.houses import agreed_password, print_house
from suyuan.printhouse.values import (
    FIRST_ROLL_LIMIT,
    ROLL_LIMIT,
    ROLLS_LIMIT,
    Made,
    Wanted,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

_NOTE: Final = Text(500)
_REQUEST_KEY: Final = Text(80)
_MOST_BYTES: Final = 4 * 10**9  # an archive without ZIP64 ends at 4 GiB


def make_package(*, actor: Actor, wanted: Wanted) -> Made:
    """Make a package of codes that are on no label yet; its file is summed up in the background.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such order, sets or print house in the organisation.
        Invalid: `party_not_printer`, `roll_size_range`, `first_roll_range`, `too_many_rolls`,
            `item_count_range`, `package_too_large`, and what is wrong with the texts.
        NothingToPackage: no code is free.
        NoInnerCodes: the product's labels have none.
        PasswordMissing: none is agreed with the print house.
        SetCancelled: the sets were cancelled.
    """
    actor.require(Right.CODES_DOWNLOAD)
    key = _REQUEST_KEY.check(wanted.request_key, "request_key")
    note = _NOTE.check(wanted.note, "note")
    _check(wanted)
    with transaction.atomic():
        party = print_house(actor.organisation_id, wanted.party_code)
        order, plan = _source(actor, wanted)
        if (first := selectors.package_of_request(actor.organisation_id, key)) is not None:
            return Made(first, "")
        if wanted.inner and not order.product.has_inner_codes:
            raise NoInnerCodes(place="inner", gtin=order.product.gtin)
        spans, codes = _codes(order, wanted)
        own = "" if wanted.agreed_password else new_password()
        package = _package(actor, wanted, order=order, plan=plan, party=party, codes=codes)
        package.note, package.request_key = note, key
        package.seals = contents.new_seals(own or agreed_password(party), package)
        _check_size(package)
        package.save(force_insert=True)
        _claim(actor, package, spans)
        tasks.begin(package)
    return Made(package, own)


def _check(wanted: Wanted) -> None:
    if not 1 <= wanted.roll_size <= ROLL_LIMIT:
        raise Invalid("roll_size_range", place="roll_size", limit=ROLL_LIMIT)
    if not 0 <= wanted.first_roll <= FIRST_ROLL_LIMIT:
        raise Invalid("first_roll_range", place="first_roll", limit=FIRST_ROLL_LIMIT)
    if wanted.count is not None and wanted.count < 1:
        raise Invalid("item_count_range", place="count")


def _source(actor: Actor, wanted: Wanted) -> tuple[CodeOrder, SetPlan | None]:
    """Return the order, held, and the sets that the package is of."""
    if not wanted.set_number:
        return hold(issuing.get_order(actor.organisation_id, wanted.order_number)), None
    plan = issuing.get_set(actor.organisation_id, wanted.set_number)
    if plan.cancelled_at is not None:
        raise SetCancelled(place="set_number", number=plan.number)
    hold(plan.order)
    return plan.order, plan


def _codes(order: CodeOrder, wanted: Wanted) -> tuple[list[Range], BitMap]:
    """Return the parts of the order to be claimed, and the codes in them.

    Withdrawn codes are claimed with their neighbours, so that they do not cut a package into
    pieces, but are none of its codes.
    """
    free = issuing.unclaimed_ranges(order, within=wanted.set_number)
    codes = positions.of_ranges(free)
    codes -= issuing.withdrawn(order)
    if wanted.count is not None:
        codes = codes[: wanted.count]
    if not codes:
        raise NothingToPackage(place="order_number", order=order.number)
    if -(-len(codes) // wanted.roll_size) > ROLLS_LIMIT:
        raise Invalid("too_many_rolls", place="roll_size", limit=ROLLS_LIMIT)
    last = codes.max()
    kept = [(first, min(end, last + 1)) for first, end in free if first <= last]
    return [span for span in kept if positions.within(codes, *span)], codes


def _package(
    actor: Actor,
    wanted: Wanted,
    *,
    order: CodeOrder,
    plan: SetPlan | None,
    party: Party,
    codes: BitMap,
) -> Package:
    agreed = wanted.agreed_password
    return Package(
        organisation=actor.organisation,
        number=yearly_number(organisation_id=actor.organisation_id, prefix="PH", series="package"),
        order=order,
        order_id=order.id,
        set_plan=plan,
        set_plan_id=plan.id if plan else None,
        party=party,
        party_id=party.id,
        positions=positions.write(codes),
        lines=len(codes),
        roll_size=min(wanted.roll_size, len(codes)),
        first_roll=wanted.first_roll,
        has_links=wanted.links,
        has_inner=wanted.inner,
        password_kind=PasswordKind.AGREED if agreed else PasswordKind.ONCE,
        facts=_facts(actor, order, party),
        created_at=clock.now(),
        created_by=actor.name,
    )


def _facts(actor: Actor, order: CodeOrder, party: Party) -> dict[str, Any]:
    product, firm = order.product, actor.organisation
    return {
        "base_url": settings.PUBLIC_URL,
        "organisation": {"zh": firm.name_zh, "en": firm.name_en or firm.name_zh},
        "print_house": {
            "code": party.code,
            "zh": party.name_zh,
            "en": party.name_en or party.name_zh,
        },
        "order": order.number,
        "gtin": product.gtin,
        "name_zh": product.name_zh,
        "name_en": product.name_en,
        "lot": order.lot.code if order.lot else "",
        "made_by": actor.name,
    }


def _check_size(package: Package) -> None:
    size = lines.size(contents.layout_of(package))
    if size > _MOST_BYTES:
        raise Invalid("package_too_large", place="count", limit_gb=_MOST_BYTES // 10**9)


def _claim(actor: Actor, package: Package, spans: list[Range]) -> None:
    for first, end in spans:
        allot(
            actor=actor,
            order_number=package.order.number,
            first=first,
            count=end - first,
            kind="package",
            reference=package.number,
            within=package.set_plan.number if package.set_plan else "",
        )
    actor.audit(
        "package.make",
        kind="package",
        object_id=package.number,
        changes={
            "order": [None, package.order.number],
            "print_house": [None, package.party.code],
            "lines": [None, package.lines],
            "roll_size": [None, package.roll_size],
            "inner": [None, package.has_inner],
            "password": [None, package.password_kind],
        },
    )
