"""`suyuan demo`: load the demonstration once, then serve it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING

from suyuan.cli import output, serving
from suyuan.cli.failures import Failure

if TYPE_CHECKING:
    from suyuan.cli.demo.load import Facts


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--no-serve", action="store_true", help="load only")
    parser.add_argument("--items", type=int, metavar="N", help="about how many items (20,000)")
    parser.add_argument("--port", type=int, help="port (PORT, else 8000)")
    parser.add_argument(
        "--force", action="store_true", help="load although others can reach this installation"
    )


def run(args: argparse.Namespace) -> int:
    """Load, say how to look at it, and serve."""
    port = serving.port_of(args.port)
    serving.assume_address(port)
    output.start()
    from django.conf import settings  # noqa: PLC0415 - after `start`

    from suyuan.cli.demo import load  # noqa: PLC0415

    if not settings.ENVIRONMENT.is_loopback and not args.force:
        raise Failure(
            f"its passwords are printed, and {settings.PUBLIC_URL} can be reached by others; "
            "--force loads it anyway"
        )
    if args.items is not None and not 1 <= args.items <= 1_000_000:
        raise Failure("--items: from 1 to 1,000,000")
    serving.migrate()
    built = serving.collect_assets()
    began, fresh = perf_counter(), not load.is_loaded()
    if fresh:
        output.note("Loading 120 days of a brand that does not exist")
        with output.progress("days") as step:
            load.load(items=args.items or load.FULL, progress=step)
    facts = load.facts()
    took = perf_counter() - began
    base = f"http://{serving.LOOPBACK}:{port}"
    value = {"address": base, "fresh": fresh, "seconds": round(took, 1), "built": built}
    lines = _lines(facts, base, took if fresh else None, built=built)
    output.result(args, value | asdict(facts), lines)
    if not args.no_serve:
        serving.serve(serving.LOOPBACK, port, 1)
    return 0


def _item(path: str) -> str:
    """Return how the back office names an item, from its consumer's path."""
    _, _, gtin, _, serial = path.split("/")
    return f"{gtin}/{serial}"


def _lines(facts: Facts, base: str, took: float | None, *, built: bool) -> list[str]:
    """Return what a visitor reads."""
    home = f"{base}/app/{facts.slug}/"
    loaded = f"loaded in {took:.0f} s" if took is not None else "loaded before"
    lines = [
        "",
        f"牧野原 Muyeyuan: {facts.items:,} items, {facts.events:,} events, "
        f"{facts.scans:,} scans, {loaded}",
        "",
        f"  Address      {base}/",
        f"  Sign in      {facts.email}",
        f"               password: {facts.password}",
        "               (also planner@, production@, warehouse@, quality@, service@, marketing@,",
        "               auditor@muyeyuan.example, and factory@hetao-dairy.example, another firm)",
        f"  A consumer   {base}{facts.consumer}",
        "",
        "  Try this",
        f"  1. {home}quality/complaints/{facts.complaint}/",
        "     A mother complains. From her tin to its lot, and back to whey powder",
        f"     {facts.material_lot}, which has failed a late test: what else is it in?",
        "     What all the complaints have in common:",
        f"     {home}quality/complaints/common/",
        f"  2. {home}recalls/new/?start={facts.material_lot}",
        "     Recall that whey powder: what is in house, on its way, and sold, to the parcel.",
        "     Propose it, then let quality@ approve it: nobody approves a recall of their own.",
        f"  3. {home}recalls/{facts.recall}/",
        "     A recall under way: its deadline, who was told and what they answered, what came",
        "     back. What a mock recall of your own would score:",
        f"     {home}recalls/drills/",
        f"  4. {home}stock/",
        "     What lies where, and how old it is. Where time goes, and whose lots fail:",
        f"     {home}dwell/ and {home}suppliers/",
        f"  5. {base}{facts.copied}",
        "     One bottle's code, seen in seven cities after its buyer had scratched it open.",
        f"     Who looked, and where: {home}scans/",
        f"  6. {base}{facts.tap}",
        "     A tap on the chip in a bottle's cap: genuine once. In another browser: a used link.",
        f"     All that this bottle bears: {home}items/{_item(facts.tapped)}/",
        f"     Scratch another's label: {base}{facts.scratch}",
        f"     The code under the layer is {facts.hidden}.",
        f"  7. {home}connect/",
        f"     In another browser, as {facts.partner} (the same password):",
        "     a contract factory's first hour. Its document is checked line by line, tried in a",
        "     sandbox, sent for real. Who delivers and sees what, as the brand has it:",
        f"     {home}partners/",
        f"  8. {base}/epcis/v2/docs",
        "     The standard's own interface. Who is told of new events:",
        f"     {home}subscriptions/",
        "",
    ]
    if not built:
        lines.append("  The screens are not built: run `make install`.")
    return lines
