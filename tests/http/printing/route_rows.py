"""Printing's rows for the table of routes (`tests/http/routes.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes
from suyuan.labels.services import create_template
from suyuan.masterdata.services import create_product
from suyuan.printing import running
from suyuan.printing.services import add_printer, create_job
from suyuan.printing.values import OrderRange, Output
from tests.printing_world import DESIGN, ROLL

if TYPE_CHECKING:
    from tests.http.routes import World


def _order(world: World) -> CodeOrder:
    product = create_product(
        actor=world.actor, gtin="09521234000099", name_zh="走查", granularity="item"
    )
    return order_codes(actor=world.actor, gtin=product.gtin, count=3)


def _order_query(world: World) -> dict[str, object]:
    return {"order": _order(world).number}


def _job(world: World) -> dict[str, object]:
    template = create_template(actor=world.actor, name="走查", design=DESIGN, sheet=ROLL)
    job = create_job(
        actor=world.actor,
        order_number=_order(world).number,
        template=template.number,
        wanted=OrderRange(),
        output=Output("zpl"),
    )
    return {"number": job.number}


def _file(world: World) -> dict[str, object]:
    parts = _job(world)
    running.run(world.organisation.pk, str(parts["number"]), runner="walk")
    return {**parts, "part": 1}


def _printer(world: World) -> dict[str, object]:
    # Nobody listens there; a try is refused, which is an answer as well.
    printer = add_printer(
        actor=world.actor, code="WALK-1", name="走查", kind="zpl", host="127.0.0.1", port=9
    )
    return {"code": printer.code}


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    **dict.fromkeys(
        (
            "printing:job",
            "printing:progress",
            "printing:pause",
            "printing:resume",
            "printing:cancel",
            "printing:void",
            "printing:reprint",
            "api:print_job",
            "api:pause_print_job",
            "api:resume_print_job",
            "api:cancel_print_job",
            "api:void_print_labels",
            "api:reprint_print_labels",
        ),
        _job,
    ),
    "printing:file": _file,
    "api:print_file": _file,
    "printing:printer": _printer,
    "printing:try_printer": _printer,
}

DATA: dict[str, Callable[[World], dict[str, object]]] = {"printing:preview": _order_query}
