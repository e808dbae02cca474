"""`suyuan export`: events as an EPCIS document, or master data as tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import IO, Final

from suyuan.cli import output
from suyuan.cli.failures import Failure
from suyuan.core.epcis.contexts import own_parts
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.kernel.tabular import cell

_AT_ONCE: Final = 500


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "what",
        choices=("events", "products", "materials", "parties", "locations", "lots"),
        nargs="?",
        default="events",
        help="what to write (events)",
    )
    parser.add_argument("--org", metavar="SLUG", required=True, help="whose")
    parser.add_argument("--out", metavar="FILE", default="-", help="where; - is standard output")


def run(args: argparse.Namespace) -> int:
    """Write to a file or to standard output."""
    output.start()
    from suyuan.cli.access import organisation_of  # noqa: PLC0415 - after `start`

    organisation_id = organisation_of(args.org).pk

    def write(file: IO[str]) -> int:
        if args.what == "events":
            return _write_events(organisation_id, file)
        return _write_table(organisation_id, args, file)

    if args.out == "-":
        write(sys.stdout)
        return 0
    try:
        with open(args.out, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
            written = write(file)
    except OSError as error:
        raise Failure(f"{args.out}: {error.strerror}") from error
    value = {"what": args.what, "written": written, "file": args.out}
    output.result(args, value, [f"wrote {written:,} {args.what} to {args.out}"])
    return 0


def _write_events(organisation_id: int, file: IO[str]) -> int:
    """Write one EPCIS document, event by event, so that memory holds some hundreds."""
    import json  # noqa: PLC0415

    from suyuan.capture.models import EventSequence  # noqa: PLC0415
    from suyuan.capture.selectors import event_documents  # noqa: PLC0415
    from suyuan.kernel import clock  # noqa: PLC0415

    row = EventSequence.objects.filter(organisation_id=organisation_id).first()
    last = row.next - 1 if row else 0
    created = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    head = {"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": created}
    contexts = _contexts(organisation_id)
    file.write(json.dumps({"@context": contexts, **head}, ensure_ascii=False)[:-1])
    file.write(',"epcisBody":{"eventList":[')
    written = 0
    with output.progress("events") as step:
        for first in range(1, last + 1, _AT_ONCE):
            seqs = range(first, min(first + _AT_ONCE, last + 1))
            for document in event_documents(organisation_id, seqs):
                file.write(",\n" if written else "\n")
                file.write(json.dumps(document.event, ensure_ascii=False, separators=(",", ":")))
                written += 1
            step(written, last)
    file.write("\n]}}\n")
    return written


def _contexts(organisation_id: int) -> list[object]:
    """Return the standard's context and those that the events came with."""
    from suyuan.capture.models import CaptureJob  # noqa: PLC0415

    found: list[object] = [CONTEXT]
    own: dict[str, object] = {}
    jobs = CaptureJob.objects.filter(organisation_id=organisation_id, context__isnull=False)
    for context in jobs.order_by("created_at").values_list("context", flat=True).iterator():
        for part in own_parts(context):
            if isinstance(part, dict):
                own |= part
            elif part not in found:
                found.append(part)
    return [*found, own] if own else found


def _write_table(organisation_id: int, args: argparse.Namespace, file: IO[str]) -> int:
    import csv  # noqa: PLC0415
    import json  # noqa: PLC0415

    rows = list(_rows(organisation_id, args.what))
    if args.json:
        json.dump(rows, file, ensure_ascii=False, default=str)
        file.write("\n")
        return len(rows)
    if rows:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return len(rows)


_COLUMNS: Final = {
    "products": "gtin own name_zh name_en brand_zh brand_en category granularity shelf_life_days "
    "net_content origin_zh origin_en storage_zh storage_en "
    "inner_code inner_hint_zh inner_hint_en active",
    "materials": "code gtin name_zh name_en uom supplier__code",
    "parties": "code kind name_zh name_en gln address contact",
    "locations": "code party__code name_zh name_en gln kind region latitude longitude",
    "lots": "product__gtin code produced_on expires_on line team location__code notes",
}


def _rows(organisation_id: int, what: str) -> Iterator[dict[str, object]]:
    from django.apps import apps  # noqa: PLC0415

    names = {"parties": "Party"}
    model = apps.get_model("masterdata", names.get(what, what.removesuffix("s").capitalize()))
    rows = model.objects.filter(organisation_id=organisation_id).order_by("id")
    for row in rows.values(*_COLUMNS[what].split()):
        yield {name.replace("__code", "").replace("product__", ""): row[name] for name in row}
