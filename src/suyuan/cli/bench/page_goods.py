"""The goods that `page` measures with, made in a process of its own.

Owns: the bench's brand, its items and their way. Run as a program: items, and the file to write
the items' paths to. Django reads its settings when it is first set up, so this is never imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models need `setup` before them

from suyuan.capture.services import capture_events  # noqa: E402
from suyuan.core.epcis import build  # noqa: E402
from suyuan.core.identifiers import Sscc  # noqa: E402
from suyuan.issuing import selectors as issuing  # noqa: E402
from suyuan.issuing.services import commission, open_lot, order_codes  # noqa: E402
from suyuan.masterdata.services import create_location, create_product  # noqa: E402
from suyuan.tenancy.actor import Actor, system_actor  # noqa: E402
from suyuan.tenancy.models import Organisation  # noqa: E402

_GTIN: Final = "09521234000013"
_PER_CASE: Final = 50
_PLACES: Final = (
    ("FAC", "factory", "330100"),
    ("WH", "warehouse", "310000"),
    ("WH2", "warehouse", "110000"),
)
# Where each step of the way is read, by position in `_PLACES`.
_WAY: Final = (("shipping", 0), ("receiving", 1), ("shipping", 1), ("receiving", 2))


def prepare(items: int) -> list[str]:
    """Store goods on their way; return the items' paths.

    Made in one lot, packed in cases of fifty, shipped twice and received twice.
    """
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    brand = Organisation.objects.create(slug="bench", name_zh="基准茶业", company_number=1)
    actor = system_actor(brand)
    create_product(actor=actor, gtin=_GTIN, name_zh="明前龙井", granularity="item")
    places = [
        create_location(actor=actor, code=code, name_zh=code, kind=kind, region=region).identifier
        for code, kind, region in _PLACES
    ]
    made = datetime.now(UTC) - timedelta(days=20)
    links = _made(actor, items, made)
    for events in _events(links, places, made):
        capture_events(actor=actor, events=events, source="bench")
    return [link.removeprefix(issuing.EPC_BASE) for link in links]


def _made(actor: Actor, items: int, at: datetime) -> list[str]:
    open_lot(actor=actor, gtin=_GTIN, code="L1", produced_on=at.date(), location_code="FAC")
    order = order_codes(actor=actor, gtin=_GTIN, count=items, lot_code="L1")
    commission(actor=actor, order_number=order.number, lot_code="L1", time=at, location_code="FAC")
    return issuing.links(order, count=items)


def _events(
    links: Sequence[str], places: Sequence[str], made: datetime
) -> Iterator[list[dict[str, Any]]]:
    cases = {
        f"{issuing.EPC_BASE}/00/{Sscc.build('9521234', 3, start).value}": links[
            start : start + _PER_CASE
        ]
        for start in range(0, len(links), _PER_CASE)
    }
    yield [
        build.aggregation_event(
            time=made + timedelta(hours=1),
            action="ADD",
            parent=case,
            children=inside,
            step="packing",
            read_point=places[0],
        )
        for case, inside in cases.items()
    ]
    for hours, (step, place) in enumerate(_WAY, start=2):
        yield [
            build.object_event(
                time=made + timedelta(hours=hours),
                action="OBSERVE",
                epcs=list(cases),
                step=step,
                disposition="in_transit" if step == "shipping" else "in_progress",
                read_point=places[place],
            )
        ]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text("\n".join(prepare(int(sys.argv[1]))), encoding="ascii")
