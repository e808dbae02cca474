"""The ground that benchmarks stand on: a database of their own, and goods with full histories.

Owns: the installation, thrown away or kept; the generator of events; loading them.
Does not own: what is measured (the modules beside).

Ten million items take longer to load than to measure, so `suyuan bench NAME --keep FOLDER` keeps
the ground in a folder, and the next measurement with the same `--items` and `--lot` stands on it.
Loading that was interrupted goes on where it was. `prepared` is what a measurement calls.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from suyuan.cli.failures import Failure

if TYPE_CHECKING:
    from suyuan.tenancy.actor import Actor

type Progress = Callable[[int, int], None]

START: Final = datetime(2026, 1, 1, 0, 0, tzinfo=UTC)
PREFIX: Final = "9521234"  # of GS1's range for demonstrations
CASE: Final = 24
PALLET: Final = 40
LOT: Final = 100_000
_BATCH: Final = 2_000  # events of one capture
_MARK: Final = "ground.json"  # in a kept folder: what was loaded whole

_kept: Path | None = None


def _folder(keep: str) -> AbstractContextManager[str]:
    if not keep:
        return tempfile.TemporaryDirectory(prefix="suyuan-bench-")
    Path(keep).mkdir(parents=True, exist_ok=True)
    return nullcontext(str(Path(keep).resolve()))


@contextmanager
def installation(database: str = "", keep: str = "") -> Iterator[Path]:
    """Set up Django on a database of its own, migrated.

    Args:
        database: address of an empty PostgreSQL database; a SQLite file in the folder by default.
        keep: a folder that stays, with all that is in it; else everything is gone afterwards.
    """
    global _kept  # noqa: PLW0603 - one installation in a process
    with _folder(keep) as folder:
        _kept = Path(folder) if keep else None
        os.environ["SUYUAN_DATA_DIR"] = folder
        os.environ["SUYUAN_DATABASE_URL"] = database or f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suyuan.config.settings")
        import django  # noqa: PLC0415 - settings read the variables above
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(folder)
        from django.db import connections  # noqa: PLC0415

        connections.close_all()


@dataclass(frozen=True, slots=True)
class Brand:
    """An organisation with one serialised product."""

    actor: Actor
    gtin: str

    @property
    def organisation_id(self) -> int:
        """Whose events."""
        return self.actor.organisation_id

    def items(self, start: int, count: int) -> list[str]:
        """Return the links of a range of serials."""
        from suyuan.masterdata.numbering import code_spaces  # noqa: PLC0415

        space = code_spaces(self.organisation_id, self.gtin)[0]
        serials = space.serial_range(start, count).astype("U14").tolist()
        return [f"https://id.gs1.org/01/{self.gtin}/21/{serial}" for serial in serials]


def make_brand() -> Brand:
    """Make an organisation and its product, or find those of a kept ground."""
    from suyuan.masterdata.models import Product  # noqa: PLC0415
    from suyuan.masterdata.services import create_product  # noqa: PLC0415
    from suyuan.tenancy.actor import system_actor  # noqa: PLC0415
    from suyuan.tenancy.models import Organisation, User  # noqa: PLC0415
    from suyuan.tenancy.services import create_organisation  # noqa: PLC0415

    there = Organisation.objects.filter(slug="bench").first() if _kept else None
    product = Product.objects.filter(organisation_id=there.pk).first() if there else None
    if there and product:
        return Brand(system_actor(there), product.gtin)
    owner = User.objects.create_user(email="bench@bench.example")
    actor = system_actor(
        create_organisation(owner=owner, slug="bench", name_zh="基准", name_en="Bench")
    )
    product = create_product(
        actor=actor, name_zh="婴儿配方奶粉", granularity="item", category="food"
    )
    return Brand(actor, product.gtin)


def place(number: int) -> str:
    """Return the link of a location."""
    from suyuan.core.identifiers import check_digit  # noqa: PLC0415

    body = f"{PREFIX}{number:05d}"
    return f"https://id.gs1.org/414/{body}{check_digit(body)}"


def unit(number: int, extension: int = 0) -> str:
    """Return the link of a logistic unit."""
    from suyuan.core.identifiers import Sscc  # noqa: PLC0415

    return f"https://id.gs1.org/00/{Sscc.build(PREFIX, extension, number).value}"


def lot_link(brand: Brand, number: int) -> str:
    """Return the link of a product lot."""
    return f"https://id.gs1.org/01/{brand.gtin}/10/L{number:05d}"


def material_link(number: int) -> str:
    """Return the link of a material lot; each feeds one product lot."""
    return f"https://id.gs1.org/01/09521234000013/10/M{number:05d}"


def histories(
    brand: Brand, items: int, lot: int = LOT, *, parcels: bool = True
) -> Iterator[dict[str, Any]]:
    """Yield the events of `items` items in lots of up to `lot`.

    Production from a material lot, commissioning, cases of 24, pallets of 40, shipping, receiving,
    unpacking; half the cases are then sold in parcels of one to three, each packed, shipped and
    delivered. Without `parcels` nothing is unpacked or sold.
    """
    for number, start in enumerate(range(0, items, lot)):
        yield from _lot(brand, number, start, min(lot, items - start), parcels=parcels)


def _lot(
    brand: Brand, number: int, start: int, count: int, *, parcels: bool
) -> Iterator[dict[str, Any]]:
    from suyuan.core.epcis import build as b  # noqa: PLC0415

    factory, depot = place(1), place(2 + number % 3)
    at = START + timedelta(hours=number * 6)
    links = brand.items(start, count)
    lot = f"L{number:05d}"
    yield b.transformation_event(
        time=at,
        input_quantities=[b.quantity(material_link(number), 1000, "KGM")],
        output_quantities=[b.quantity(lot_link(brand, number), count)],
        step="commissioning",
        location=factory,
    )
    for i in range(0, count, 10_000):
        yield b.object_event(
            time=at + timedelta(minutes=1, milliseconds=i),
            action="ADD",
            epcs=links[i : i + 10_000],
            step="commissioning",
            disposition="active",
            location=factory,
            ilmd={"cbvmda:lotNumber": lot},
        )
    cases = [links[i : i + CASE] for i in range(0, count, CASE)]
    base = start // CASE + number  # lots do not share a case
    for i, members in enumerate(cases):
        yield b.aggregation_event(
            time=at + timedelta(hours=1, seconds=i),
            action="ADD",
            parent=unit(base + i),
            children=members,
            step="packing",
            location=factory,
        )
    yield from _pallets(number, base, len(cases), at, factory, depot)
    half = cases[: len(cases) // 2] if parcels else []
    for i, members in enumerate(half):
        yield b.aggregation_event(
            time=at + timedelta(days=5, seconds=i),
            action="DELETE",
            parent=unit(base + i),
            children=members,
            step="unpacking",
            location=depot,
        )
    yield from _parcels([link for members in half for link in members], start, at, depot)


def _pallets(
    number: int, base: int, cases: int, at: datetime, factory: str, depot: str
) -> Iterator[dict[str, Any]]:
    from suyuan.core.epcis import build as b  # noqa: PLC0415

    first = base // PALLET + 2 * number  # lots do not share a pallet
    for i in range(0, cases, PALLET):
        pallet = unit(first + i // PALLET, 1)
        members = [unit(base + j) for j in range(i, min(i + PALLET, cases))]
        moments = [at + timedelta(days=day, seconds=i) for day in (1, 2, 3, 4)]
        yield b.aggregation_event(
            time=moments[0],
            action="ADD",
            parent=pallet,
            children=members,
            step="packing",
            location=factory,
        )
        yield b.object_event(
            time=moments[1],
            action="OBSERVE",
            epcs=[pallet],
            step="shipping",
            disposition="in_transit",
            read_point=factory,
        )
        yield b.object_event(
            time=moments[2],
            action="OBSERVE",
            epcs=[pallet],
            step="receiving",
            disposition="in_progress",
            location=depot,
        )
        yield b.aggregation_event(
            time=moments[3], action="DELETE", parent=pallet, step="unpacking", location=depot
        )


def _parcels(links: list[str], start: int, at: datetime, depot: str) -> Iterator[dict[str, Any]]:
    from suyuan.core.epcis import build as b  # noqa: PLC0415

    taken = order = 0
    while taken < len(links):
        size = 1 + (order * 7) % 3
        parcel = unit(start + order, 2)
        moment = at + timedelta(days=6, seconds=order)
        papers = [
            ("po", f"urn:suyuan:bench:po:{start + order}"),
            ("bol", f"urn:suyuan:bench:bol:{start + order}"),
        ]
        yield b.aggregation_event(
            time=moment,
            action="ADD",
            parent=parcel,
            children=links[taken : taken + size],
            step="packing",
            location=depot,
            transactions=papers,
        )
        yield b.object_event(
            time=moment + timedelta(hours=1),
            action="OBSERVE",
            epcs=[parcel],
            step="shipping",
            disposition="in_transit",
            read_point=depot,
        )
        yield b.object_event(
            time=moment + timedelta(days=1),
            action="OBSERVE",
            epcs=[parcel],
            step="retail_selling",
            disposition="retail_sold",
        )
        taken += size
        order += 1


def prepared(*, items: int, lot: int = LOT, progress: Progress | None = None) -> tuple[Brand, int]:
    """Return a brand with the histories of `items` items, and how many events those are.

    A kept ground is loaded once; after an interruption, from where it was.

    Raises:
        Failure: the kept ground is of another size.
    """
    from suyuan.capture.columns import build_segments  # noqa: PLC0415

    brand = make_brand()
    mark = _kept / _MARK if _kept else None
    if mark and mark.exists():
        build_segments(brand.organisation_id)
        known = json.loads(mark.read_text(encoding="utf-8"))
        if (known["items"], known["lot"]) != (items, lot):
            raise Failure(
                f"the ground in {_kept} has {known['items']:,} items in lots of {known['lot']:,}"
            )
        return brand, known["events"]
    events = load(brand, items, progress, lot=lot)
    build_segments(brand.organisation_id)  # what the background would have done by now
    if mark:
        told = {"items": items, "lot": lot, "events": events}
        mark.write_text(json.dumps(told), encoding="utf-8")
    return brand, events


def load(brand: Brand, items: int, progress: Progress | None = None, *, lot: int = LOT) -> int:
    """Capture the histories of `items` items; return how many events those are.

    Events that a kept ground holds already, the first so many, are not captured again.
    """
    from suyuan.capture.models import EventSequence  # noqa: PLC0415
    from suyuan.capture.services import capture_events  # noqa: PLC0415

    if _kept:
        _hurry()
    sequence = EventSequence.objects.filter(organisation_id=brand.organisation_id)
    there = (sequence.values_list("next", flat=True).first() or 1) - 1
    rest = islice(histories(brand, items, lot), there, None)
    for batch in batched(rest, _BATCH):
        there += capture_events(actor=brand.actor, events=batch, source="bench").stored
        if progress:
            progress(there, items * 9 // 10)
    return there


def _hurry() -> None:
    """Let SQLite load a kept ground from memory: one that a power cut breaks is made anew."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for setting in ("synchronous = OFF", "cache_size = -2000000"):
                cursor.execute(f"PRAGMA {setting}")
