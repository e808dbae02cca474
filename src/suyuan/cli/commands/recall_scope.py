"""`suyuan recall-scope CODE…`: what a recall would affect. Opens none, changes nothing."""

from __future__ import annotations

import argparse
from time import perf_counter

from suyuan.cli import output


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("codes", metavar="CODE", nargs="+", help="lots, items or logistic units")
    parser.add_argument("--org", metavar="SLUG", required=True, help="in whose events")


def run(args: argparse.Namespace) -> int:
    """Show the scope."""
    output.start()
    from suyuan.cli.access import acting_for  # noqa: PLC0415 - after `start`
    from suyuan.masterdata.selectors import locations_by_identifier  # noqa: PLC0415
    from suyuan.recalls.services import preview_scope  # noqa: PLC0415

    actor = acting_for(args.org)
    began = perf_counter()
    scope = preview_scope(actor=actor, starts=args.codes)
    milliseconds = round((perf_counter() - began) * 1000)
    names = {
        text: row.name_zh for text, row in locations_by_identifier(actor.organisation_id).items()
    }
    sums: dict[str, int] = {}
    for place in scope.places:
        key = place.whereabouts.value
        sums[key] = sums.get(key, 0) + len(place.items)
    lots = [
        {
            "lot": node.identity.secondary,
            "identity": node.identity.digital_link(),
            "items": node.items,
        }
        for node in scope.lots
    ]
    places = [
        {
            "whereabouts": place.whereabouts.value,
            "place": names.get(place.location, place.location),
            "certainty": place.certainty.value,
            "items": len(place.items),
        }
        for place in scope.places
    ]
    value = {
        "items": len(scope.items),
        "whereabouts": sums,
        "lots": lots,
        "places": places,
        "shipments": len(scope.shipments),
        "milliseconds": milliseconds,
    }
    rows = [
        (row["whereabouts"], row["place"], row["certainty"], f"{row['items']:,}") for row in places
    ]
    lines = [
        f"{len(scope.items):,} items of {len(lots):,} lots, in {len(scope.shipments):,} parcels "
        f"and consignments; found in {milliseconds:,} ms",
        "",
        *output.table(("where", "place", "certainty", "items"), rows),
        "",
        *output.table(("lot", "items"), [(row["lot"], f"{row['items']:,}") for row in lots]),
    ]
    output.result(args, value, lines)
    return 0
