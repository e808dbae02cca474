"""Sets: cases of yoghurt that know their cups before they are filled, one pallet of two active.

Owns: the plan 1:24:5, its case labels, its first pallet's activation.
"""

from __future__ import annotations

from typing import Final

from suyuan.cli.demo import brand, network
from suyuan.cli.demo.printshop import CASE, finish, template_number
from suyuan.cli.demo.world import World
from suyuan.issuing import services as issuing
from suyuan.issuing.models import SetPlan
from suyuan.issuing.numbers import sscc
from suyuan.masterdata.models import Lot
from suyuan.printing.models import Form, Tier
from suyuan.printing.services import create_job
from suyuan.printing.values import Output, SetLabels
from suyuan.tenancy.rights import Role

_PER_CASE, _PER_PALLET, _PALLETS = 24, 5, 2
_PLANNED, _ACTIVE = 118.3, 119.6
_NOTE: Final = "慢发酵酸奶，套标箱"


def plan(world: World) -> None:
    """Have sets planned for the latest lot of yoghurt, labelled, and half of them activated."""
    world.time.at(_PLANNED, lambda: _number_cases(world))


def _number_cases(world: World) -> None:
    planner = world.people[Role.PLANNER]
    count = _PER_CASE * _PER_PALLET * _PALLETS
    order = issuing.order_codes(
        actor=planner, gtin=brand.YOGHURT.gtin, count=count, note=_NOTE
    ).number
    sets = issuing.plan_sets(
        actor=planner, order_number=order, per_case=_PER_CASE, per_pallet=_PER_PALLET
    )
    finish(
        create_job(
            actor=planner,
            order_number=order,
            template=template_number(world, CASE),
            wanted=SetLabels(sets.number, Tier.CASES.value),
            output=Output(form=Form.ZPL.value),
        )
    )
    world.time.at(_ACTIVE, lambda: _activate(world, sets))


def _activate(world: World, sets: SetPlan) -> None:
    lots = Lot.objects.filter(organisation_id=world.id, product__gtin=brand.YOGHURT.gtin)
    done = issuing.activate_set(
        actor=world.people[Role.PRODUCTION],
        sscc=sscc(sets.prefix, sets.first_number + sets.cases),
        lot_code=lots.order_by("-produced_on")[0].code,
        location_code=network.LINE_2,
        time=world.time.moment(_ACTIVE),
    )
    world.items += done.items
