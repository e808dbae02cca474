"""`suyuan codes`: list code orders, or write out an order's codes or a print house's package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from suyuan.cli import output

if TYPE_CHECKING:
    from suyuan.tenancy.actor import Actor


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--org", metavar="SLUG", required=True, help="whose orders")
    parser.add_argument("--gtin", default="", help="of one product only")
    parser.add_argument("--order", metavar="NUMBER", help="write this order's codes out (audited)")
    parser.add_argument(
        "--format", choices=("csv", "txt", "links"), default="csv", help="how (csv)"
    )
    parser.add_argument(
        "--package", metavar="NUMBER", help="write the file of this print package (audited)"
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="where to; standard output if not")


def run(args: argparse.Namespace) -> int:
    """List, or write out."""
    output.start()
    from suyuan.cli.access import acting_for  # noqa: PLC0415 - after `start`

    actor = acting_for(args.org)
    if args.package:
        return _write_package(actor, args)
    if args.order:
        return _write(actor, args)
    from suyuan.issuing.selectors import orders  # noqa: PLC0415

    found = [
        {
            "order": row.number,
            "gtin": row.product.gtin,
            "lot": row.lot.code if row.lot else "",
            "codes": row.count,
            "active": row.commissioned_count,
            "created": row.created_at,
            "note": row.note,
        }
        for row in orders(actor.organisation_id, gtin=args.gtin.zfill(14) if args.gtin else "")
    ]
    headings = ("order", "GTIN", "codes", "active", "created", "note")
    rows = [
        (
            row["order"],
            row["gtin"],
            f"{row['codes']:,}",
            f"{row['active']:,}",
            f"{row['created']:%Y-%m-%d}",
            row["note"],
        )
        for row in found
    ]
    output.result(args, {"orders": found}, output.table(headings, rows))
    return 0


def _write(actor: Actor, args: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415

    from suyuan.issuing.services import download_codes  # noqa: PLC0415

    blocks = download_codes(
        actor=actor, order_number=args.order, form=args.format, base_url=settings.PUBLIC_URL
    )
    if args.json:
        serials = download_codes(
            actor=actor, order_number=args.order, form="txt", base_url=settings.PUBLIC_URL
        )
        codes = b"".join(serials).decode().split()
        output.result(args, {"order": args.order, "serials": codes}, [])
        return 0
    for block in blocks:
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()
    return 0


def _write_package(actor: Actor, args: argparse.Namespace) -> int:
    from suyuan.printhouse.services import take_package  # noqa: PLC0415

    package, pieces = take_package(actor=actor, number=args.package)
    target: Path | None = args.to
    if target is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return 0
    with target.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    told = {
        "package": package.number,
        "file": str(target),
        "lines": package.lines,
        "bytes": package.bytes,
        "sha256": package.sha256,
    }
    output.result(args, told, [f"{package.sha256}  {target}"])
    return 0
