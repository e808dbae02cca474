"""The steps that can be recorded by hand, as a table: step → fields and verb.

Owns: which fields a step asks for, and how they become a call of `process.services`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.capture.identities import find_key
from suyuan.capture.services import CaptureOutcome
from suyuan.core.identifiers import parse_epc
from suyuan.issuing.services import next_sscc
from suyuan.kernel.errors import Invalid
from suyuan.process import services
from suyuan.tenancy.actor import Actor

type Verb = Callable[[Actor, Sequence[str], datetime, dict[str, str]], CaptureOutcome]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, its icon, its fields beside units and time, its verb.

    Attributes:
        name: In the address.
        label: On its tab and its button.
        hint: One sentence on when to record it.
        icon: Of the sprite.
        fields: Names of `forms.StepForm`'s fields, in order.
        needed: Those that cannot be left empty.
        units: Whether units must be given.
        run: Calls the service.
    """

    name: str
    label: Promise
    hint: Promise
    icon: str
    fields: tuple[str, ...]
    needed: tuple[str, ...]
    run: Verb
    units: bool = True


def known_parcel(actor: Actor, waybill: str) -> str:
    """Return how events name the parcel that is known by its waybill alone.

    Raises:
        Invalid: `parcel_unknown`; a mistyped waybill must not make a parcel of its own.
    """
    text = services.parcel_text(actor, waybill)
    if find_key(actor.organisation_id, parse_epc(text)) is None:
        raise Invalid("parcel_unknown", place="/waybill", given=waybill)
    return text


def _papers(values: dict[str, str]) -> list[tuple[str, str]]:
    kinds = {"despatch_advice": "desadv", "order_number": "po", "waybill": "bol"}
    return [(kind, values[name]) for name, kind in kinds.items() if values.get(name)]


def _pack(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    parent = values["parent"] or next_sscc(actor)[0]
    return services.pack(
        actor=actor,
        parent_sscc=parent,
        children=units,
        time=time,
        location=values["location"],
        going_back=bool(values["going_back"]),
    )


def _unpack(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    return services.unpack(
        actor=actor,
        parent_sscc=values["parent"],
        children=units,
        time=time,
        location=values["location"],
    )


def _ship(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    return services.ship(
        actor=actor,
        units=units or [known_parcel(actor, values["waybill"])],
        from_location=values["location"],
        to_location=values["to_location"],
        to_party=values["to_party"],
        to_region=values["region"],
        transactions=_papers(values),
        time=time,
        going_back=bool(values["going_back"]),
    )


def _receive(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    return services.receive(
        actor=actor,
        units=units,
        location=values["location"],
        transactions=_papers(values),
        time=time,
    )


def _parcel(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    return services.pack_parcel(
        actor=actor,
        items=units,
        order_number=values["order_number"],
        waybill=values["waybill"],
        destination_region=values["region"],
        time=time,
        location=values["location"],
    )


def _deliver(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    parcels = units or [known_parcel(actor, values["waybill"])]
    return services.deliver(
        actor=actor,
        units=parcels,
        time=time,
        order_number=values["order_number"],
        waybill=values["waybill"],
        destination_region=values["region"],
    )


def _take_return(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    waybill = values["waybill"]
    return services.take_return(
        actor=actor,
        units=units,
        location=values["location"],
        time=time,
        parcel=services.parcel_text(actor, waybill) if waybill else "",
        transactions=_papers({"order_number": values["order_number"]}),
    )


def _destroy(
    actor: Actor, units: Sequence[str], time: datetime, values: dict[str, str]
) -> CaptureOutcome:
    return services.destroy(actor=actor, units=units, location=values["location"], time=time)


STEPS: Final[dict[str, Step]] = {
    step.name: step
    for step in (
        Step(
            "pack",
            pgettext_lazy("by hand", "Packing"),
            _("Items into a case, or cases onto a pallet. Without a number, a new SSCC is given."),
            "package",
            ("parent", "location", "going_back"),
            ("location",),
            _pack,
        ),
        Step(
            "unpack",
            pgettext_lazy("by hand", "Unpacking"),
            _("Without any lines, everything in the case is taken out."),
            "package-export",
            ("parent", "location"),
            ("parent", "location"),
            _unpack,
            units=False,
        ),
        Step(
            "ship",
            pgettext_lazy("by hand", "Shipping"),
            _(
                "Goods leave a place. Name where they go, as far as you know it. Without codes, a"
                " waybill stands for the whole parcel."
            ),
            "truck",
            (
                "location",
                "to_location",
                "to_party",
                "region",
                "despatch_advice",
                "order_number",
                "waybill",
                "going_back",
            ),
            ("location",),
            _ship,
            units=False,
        ),
        Step(
            "receive",
            pgettext_lazy("by hand", "Receiving"),
            _("Goods arrive at a place."),
            "truck-loading",
            ("location", "despatch_advice", "waybill"),
            ("location",),
            _receive,
        ),
        Step(
            "parcel",
            pgettext_lazy("by hand", "Packing a parcel"),
            _("Items into a buyer's parcel. Enter numbers only, no names or addresses."),
            "box",
            ("order_number", "waybill", "region", "location"),
            ("order_number", "waybill", "location"),
            _parcel,
        ),
        Step(
            "deliver",
            pgettext_lazy("by hand", "Delivery"),
            _("Buyers have their goods. A waybill alone stands for the whole parcel."),
            "truck-delivery",
            ("order_number", "waybill", "region"),
            (),
            _deliver,
            units=False,
        ),
        Step(
            "return",
            pgettext_lazy("by hand", "Return"),
            _("Goods come back from a buyer."),
            "truck-return",
            ("location", "order_number", "waybill"),
            ("location",),
            _take_return,
        ),
        Step(
            "destroy",
            pgettext_lazy("by hand", "Destruction"),
            _("Goods are destroyed: nothing more can happen to them."),
            "trash",
            ("location",),
            ("location",),
            _destroy,
        ),
    )
}


def run(
    step: Step, *, actor: Actor, units: Sequence[str], time: datetime, values: dict[str, Any]
) -> CaptureOutcome:
    """Record a step; the fields that it does not ask for are empty."""
    asked = {name: str(values.get(name) or "") for name in step.fields}
    return step.run(actor, units, time, asked)
