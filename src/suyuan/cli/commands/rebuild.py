"""`suyuan rebuild`: make what is kept for speed anew from the events; stock is compared."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from suyuan.cli import output

if TYPE_CHECKING:
    from suyuan.tenancy.models import Organisation


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("what", choices=("stock", "columns"), help="what to make anew")
    parser.add_argument(
        "--org", metavar="SLUG", default="", help="of one organisation; else of all"
    )
    parser.add_argument("--repair", action="store_true", help="store what is right")


def run(args: argparse.Namespace) -> int:
    """Compare, and repair if asked to; 1 if something differs and was not repaired."""
    output.start()
    from suyuan.cli.access import organisation_of  # noqa: PLC0415 - after `start`
    from suyuan.lineage.standing import check_stock  # noqa: PLC0415
    from suyuan.tenancy.models import Organisation  # noqa: PLC0415

    some = [organisation_of(args.org)] if args.org else Organisation.objects.order_by("slug")
    rows: list[dict[str, Any]] = []
    lines: list[str] = []
    if args.what == "columns":
        return _columns(args, some)
    with output.progress("items") as step:
        for organisation in some:
            found = check_stock(
                organisation.pk, repair=args.repair, progress=lambda done: step(done, done)
            )
            rows.append(
                {
                    "organisation": organisation.slug,
                    "items": found.items,
                    "wrong": len(found.wrong),
                    "repaired": found.repaired,
                    "at_event": found.at_seq,
                }
            )
            lines.append(_line(rows[-1]))
            lines += [
                f"    shelf {one.cell.shelf}, state {one.cell.whereabouts}, "
                f"place {one.cell.location}: {one.missing:,} missing, {one.extra:,} too many"
                for one in found.cells
            ]
    bad = [row for row in rows if row["wrong"] and not row["repaired"]]
    output.result(args, {"sound": not bad, "organisations": rows}, lines)
    return 1 if bad else 0


def _columns(args: argparse.Namespace, some: Iterable[Organisation]) -> int:
    """Make the columns anew: nothing is lost by it, so nothing is compared (`doctor` does)."""
    from suyuan.capture.columns import rebuild_segments  # noqa: PLC0415

    made = {}
    with output.progress("events") as step:
        for organisation in some:
            made[organisation.slug] = rebuild_segments(
                organisation.pk, lambda last: step(last, last)
            )
    lines = [f"{slug}: {count:,} segments" for slug, count in made.items()]
    output.result(args, {"segments": made}, lines)
    return 0


def _line(row: dict[str, Any]) -> str:
    stock = f"{row['organisation']}: {row['items']:,} items up to event {row['at_event']:,}"
    if not row["wrong"]:
        return f"{stock}, nothing differs"
    return f"{stock}, {row['wrong']:,} differ" + (", repaired" if row["repaired"] else "")
