"""Labels of the brand's own: templates, printers, and a job that went almost well.

Owns: what is designed, which printers stand where, which labels were void.
"""

from __future__ import annotations

from typing import Final

from suyuan.cli.demo import brand, network
from suyuan.cli.demo.world import World
from suyuan.core.labels.decoding import encode
from suyuan.core.labels.design import write_design
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.labels.models import LabelTemplate
from suyuan.labels.services import create_template
from suyuan.labels.starts import STARTS
from suyuan.printing import services as printing
from suyuan.printing.models import After, PrintJob, VoidReason
from suyuan.printing.running import run
from suyuan.printing.values import OrderRange, Output
from suyuan.tenancy.rights import Role

TIN, CASE, BOTTLE = "奶粉罐底贴", "外箱标签", "酒瓶标签（刮开验真）"
_STARTS: Final = ((TIN, "sheet"), (CASE, "case"), (BOTTLE, "bottle"))
# Name, language, address, dots an inch, whether it writes tags and tells its state, where it is.
_PRINTERS: Final = (
    ("ZPL-1", "一号线 贴标打印机（RFID）", "zpl", "192.168.10.21", 300, True, network.LINE_1),
    ("TSPL-2", "二号线 箱标打印机", "tspl", "192.168.10.22", 203, False, network.LINE_2),
)
_DESIGNED, _PRINTED = 96.4, 113.4
_FAULTY, _TORN = 2, 17  # labels from the end; the label that tore


def plan(world: World) -> None:
    """Have labels designed, and those of the last lot of formula printed."""
    world.time.at(_DESIGNED, lambda: _set_up(world))
    world.time.at(_PRINTED, lambda: _print(world))


def finish(job: PrintJob) -> None:
    """Make a job's labels at once: the background would do so only after the load."""
    run(job.organisation_id, job.number, runner="demonstration")


def template_number(world: World, name: str) -> str:
    """Return the number of a template."""
    return LabelTemplate.objects.get(organisation_id=world.id, name=name).number


def latest_order(world: World, product: brand.DemoProduct) -> CodeOrder:
    """Return the code order of a product that was placed last."""
    rows = issuing.orders(world.id, gtin=product.gtin).order_by("-created_at", "-id")
    return rows[0]


def _set_up(world: World) -> None:
    planner = world.people[Role.PLANNER]
    for name, start in _STARTS:
        made = STARTS[start]
        create_template(
            actor=planner,
            name=name,
            design=write_design(made.draw("zh")),
            sheet=encode(made.paper),
        )
    for code, name, kind, host, dpi, clever, place in _PRINTERS:
        printing.add_printer(
            actor=planner,
            code=code,
            name=name,
            kind=kind,
            host=host,
            dpi=dpi,
            rfid=clever,
            reports=clever,
            location_code=place,
        )


def _print(world: World) -> None:
    """Print an order on sheets; one label tore, and the last two came out faint."""
    production = world.people[Role.PRODUCTION]
    order = latest_order(world, brand.STAGE_1)
    job = printing.create_job(
        actor=production,
        order_number=order.number,
        template=template_number(world, TIN),
        wanted=OrderRange(),
        output=Output(),
    )
    finish(job)
    printing.download_file(actor=production, number=job.number)

    def reprint() -> None:
        printing.void_labels(
            actor=production,
            order_number=order.number,
            first=min(_TORN, order.count - _FAULTY - 1),
            count=1,
            reason=VoidReason.SPOILED.value,
            note="揭膜时撕破",
        )
        again = printing.reprint_void(actor=production, number=job.number, output=Output())
        finish(again)

    def withdraw() -> None:
        printing.void_labels(
            actor=production,
            order_number=order.number,
            first=order.count - _FAULTY,
            count=_FAULTY,
            reason=VoidReason.MISPRINT.value,
            note="墨粉不足，印得太浅",
            after=After.WITHDRAW.value,
        )

    world.time.at(_PRINTED + 0.03, reprint)
    world.time.at(_PRINTED + 0.06, withdraw)
