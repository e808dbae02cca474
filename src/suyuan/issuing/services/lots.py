"""Open a batch: its row, and the event that says what went into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import Gtin, IdentifierError
from suyuan.issuing.services.commissioning import lot_data
from suyuan.issuing.values import MaterialUse
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.models import Lot, MaterialLot
from suyuan.masterdata.selectors import get_location
from suyuan.masterdata.services import create_lot
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_INPUT_LIMIT: Final = 500
_PIECE: Final = frozenset({"", "EA", "H87", "C62"})  # counts of things have no unit in EPCIS


def open_lot(
    *,
    actor: Actor,
    gtin: str,
    code: str,
    produced_on: date,
    expires_on: date | None = None,
    line: str = "",
    team: str = "",
    location_code: str = "",
    inputs: Sequence[MaterialUse] = (),
    quantity: Decimal | None = None,
    uom: str = "",
    time: datetime | None = None,
) -> Lot:
    """Store a product's lot and capture its making from materials.

    Args:
        actor: Who acts.
        gtin: The product, 8 to 14 digits.
        code: The lot's code.
        produced_on: When it was made.
        expires_on: None takes the product's shelf life.
        line: Which line made it.
        team: Who made it.
        location_code: Where; empty when it does not matter.
        inputs: What went in, up to 500 material lots; without any, only the lot's creation is
            captured.
        quantity: How much was made, if it is known already.
        uom: Unit of `quantity`; empty for a count.
        time: When the event happened; None for now.

    Raises:
        Forbidden: without `events.capture`.
        NotFound: no such product or location in the organisation.
        Invalid: what `masterdata.services.create_lot` says, `material_lot_unknown`,
            `too_many_inputs`, `quantity_range`, `input_twice`, `time_zone_required`.
        CodeTaken: the product has such a lot.
    """
    actor.require(Right.EVENTS_CAPTURE)
    if len(inputs) > _INPUT_LIMIT:
        raise Invalid("too_many_inputs", place="inputs", limit=_INPUT_LIMIT)
    moment = time or clock.now()
    if moment.tzinfo is None:
        raise Invalid("time_zone_required", place="time")
    with transaction.atomic():
        used = _material_lots(actor.organisation_id, inputs)
        amounts = [
            _amount(used[use.material_gtin, use.lot].identity.digital_link(), use.quantity, use.uom)
            for use in inputs
        ]
        lot = create_lot(
            actor=actor,
            gtin=gtin,
            code=code,
            produced_on=produced_on,
            expires_on=expires_on,
            line=line,
            team=team,
            location=location_code,
        )
        made = _amount(lot.identity.digital_link(), quantity, uom)
        place = _place(actor, location_code)
        event = (
            _transformation(moment, amounts, made, lot, place)
            if amounts
            else _creation(moment, made, lot, place)
        )
        capture_events(actor=actor, events=[event], source="issuing")
    return lot


def _place(actor: Actor, location_code: str) -> str:
    if not location_code:
        return ""
    return get_location(actor.organisation_id, location_code).identifier


def _transformation(
    time: datetime, inputs: list[Any], made: Mapping[str, Any], lot: Lot, place: str
) -> dict[str, Any]:
    return build.transformation_event(
        time=time,
        input_quantities=inputs,
        output_quantities=[made],
        step="commissioning",
        disposition="active",
        read_point=place,
        location=place,
        ilmd=lot_data(lot),
    )


def _creation(time: datetime, made: Mapping[str, Any], lot: Lot, place: str) -> dict[str, Any]:
    # CBV 2.0 §7.1: the step at which a lot comes to be without what it was made of.
    return build.object_event(
        time=time,
        action="ADD",
        quantities=[made],
        step="creating_class_instance",
        disposition="active",
        read_point=place,
        location=place,
        ilmd=lot_data(lot),
    )


def _material_lots(
    organisation_id: int, inputs: Sequence[MaterialUse]
) -> dict[tuple[str, str], MaterialLot]:
    """Return the material lots used, by (GTIN and code as the inputs have them).

    Raises:
        Invalid: `material_lot_unknown`, `input_twice`, each with its place.
    """
    wanted: dict[tuple[str, str], tuple[str, str]] = {}
    for position, use in enumerate(inputs):
        place = f"/inputs/{position}"
        try:
            key = Gtin.parse(use.material_gtin).value, use.lot
        except IdentifierError as error:
            raise Invalid(error.code, place=place, **error.data) from error
        if "\0" in use.lot:
            raise Invalid("material_lot_unknown", place=place, lot="")
        if key in wanted.values():
            raise Invalid("input_twice", place=place, lot=use.lot)
        wanted[use.material_gtin, use.lot] = key
    rows = MaterialLot.objects.filter(
        organisation_id=organisation_id,
        material__gtin__in={gtin for gtin, _ in wanted.values()},
        code__in={code for _, code in wanted.values()},
    ).select_related("material")
    found = {(row.material.gtin, row.code): row for row in rows}
    for position, (given, key) in enumerate(wanted.items()):
        if key not in found:
            raise Invalid("material_lot_unknown", place=f"/inputs/{position}", lot=given[1])
    return {given: found[key] for given, key in wanted.items()}


def _amount(epc_class: str, quantity: Decimal | None, uom: str) -> dict[str, Any]:
    if quantity is None:
        return build.quantity(epc_class)
    if not quantity.is_finite() or not 0 < quantity < 10**12:
        raise Invalid("quantity_range", place="quantity", given=str(quantity)[:40])
    return build.quantity(epc_class, float(quantity), "" if uom in _PIECE else uom)
