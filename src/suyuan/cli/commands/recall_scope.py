"""`suyuan recall-scope START…`: what a recall would affect. Opens none, changes nothing."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from suyuan.cli import output
from suyuan.cli.failures import Failure

if TYPE_CHECKING:
    from suyuan.lineage.values import Scope
    from suyuan.recalls.previews import Preview

_HELP = """kinds of starts beside codes (--start KIND field=value …):
  supply      supplier= [material=] since= until=              (days)
  made        [line=] [team=] [product=] [location=] since= until=   (days)
  stayed      place= [place=…] since= until=                   (times)
  handled     place= [step=…] since= until=
  measured    type= above= or below= [unit=] [device=…] [place=…] [whole=1] since= until=
  complaints  number= [number=…] [lots=1]
  events      id= [id=…]
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.epilog = _HELP
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "codes",
        metavar="START",
        nargs="*",
        help="lots, items or logistic units, or a start's text (kind?field=value&…)",
    )
    parser.add_argument(
        "--start",
        metavar=("KIND", "FIELD=VALUE"),
        nargs="+",
        action="append",
        default=[],
        help="a start of another kind than a code; may be given again",
    )
    parser.add_argument("--why", metavar="CODE", help="also tell why this unit is affected")
    parser.add_argument("--org", metavar="SLUG", required=True, help="in whose events")


def _given(args: argparse.Namespace) -> list[str]:
    """Return all starts as texts."""
    from suyuan.recalls.starts.texts import said_of  # noqa: PLC0415 - after `start`

    texts = list(args.codes)
    for kind, *pairs in args.start:
        fields: dict[str, list[str]] = {}
        for pair in pairs:
            name, sign, value = pair.partition("=")
            if not sign:
                raise Failure(f"“{pair}” is no field=value")
            fields.setdefault(name, []).append(value)
        texts.append(said_of(kind, fields, f"/starts/{len(texts)}").text)
    if not texts:
        raise Failure("name at least one code, or a start of another kind with --start")
    return texts


def run(args: argparse.Namespace) -> int:
    """Show the scope."""
    output.start()
    from suyuan.cli.access import acting_for, key_of  # noqa: PLC0415 - after `start`
    from suyuan.masterdata.selectors import locations_by_identifier  # noqa: PLC0415
    from suyuan.recalls import previews  # noqa: PLC0415

    actor = acting_for(args.org)
    seen = previews.look(actor=actor, starts=_given(args))
    rows = locations_by_identifier(actor.organisation_id)
    names = {text: row.name_zh for text, row in rows.items()}
    value = _told(seen, names)
    lines = _lines(seen.scope, value)
    if args.why:
        key = key_of(actor.organisation_id, args.why)
        chain = [_link(one) for one in previews.chain(actor=actor, seen=seen, key=key)]
        value["why"] = chain
        lines += ["", *output.table(("from", "rule", "to", "certainty", "event"), _cells(chain))]
    output.result(args, value, lines)
    return 0


def _told(seen: Preview, names: dict[str, str]) -> dict[str, Any]:
    scope = seen.scope
    sums: dict[str, int] = {}
    for place in scope.places:
        key = place.whereabouts.value
        sums[key] = sums.get(key, 0) + len(place.items)
    return {
        "starts": [start.text for start in seen.starts],
        "items": len(scope.items),
        "certainty": {grade.value: len(keys) for grade, keys in scope.certainty.items()},
        "whereabouts": sums,
        "lots": [
            {
                "lot": node.identity.secondary,
                "identity": node.identity.digital_link(),
                "items": node.items,
                "certainty": node.certainty.value,
            }
            for node in scope.lots
        ],
        "places": [
            {
                "whereabouts": place.whereabouts.value,
                "place": names.get(place.location, place.location),
                "certainty": place.certainty.value,
                "items": len(place.items),
            }
            for place in scope.places
        ],
        "shipments": len(scope.shipments),
        "findings": [
            {
                "code": one.code.value,
                "times": one.times,
                "items": len(one.units),
                "step": one.step,
                "place": names.get(one.place, one.place),
                "since": one.since,
                "until": one.until,
                "events": list(one.seqs),
            }
            for one in scope.findings
        ],
        "unbalanced": [one.identity.digital_link() for one in scope.balances if not one.balanced],
        "milliseconds": seen.took_ms,
    }


def _lines(scope: Scope, value: dict[str, Any]) -> list[str]:
    places = [
        (row["whereabouts"], row["place"], row["certainty"], f"{row['items']:,}")
        for row in value["places"]
    ]
    lots = [(row["lot"], row["certainty"], f"{row['items']:,}") for row in value["lots"]]
    lines = [
        f"{len(scope.items):,} items of {len(lots):,} lots, in {len(scope.shipments):,} parcels "
        f"and consignments; found in {value['milliseconds']:,} ms",
        "",
        *output.table(("where", "place", "certainty", "items"), places),
        "",
        *output.table(("lot", "certainty", "items"), lots),
    ]
    if value["findings"]:
        found = [
            (
                *(one["code"], one["times"], f"{one['items']:,}", one["step"], one["place"]),
                " ".join(f"#{seq}" for seq in one["events"][:5]),
            )
            for one in value["findings"]
        ]
        heads = ("finding", "times", "items", "step", "place", "events")
        lines += ["", *output.table(heads, found)]
    if value["unbalanced"]:
        lines += ["", "do not add up: " + ", ".join(value["unbalanced"])]
    return lines


def _link(one: Any) -> dict[str, Any]:
    event = one.happening
    return {
        "source": one.source_identity.digital_link(),
        "rule": one.rule,
        "target": one.target_identity.digital_link(),
        "certainty": one.certainty.value,
        "event": event.seq if event else None,
    }


def _cells(chain: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    return [
        (
            *(one["source"], one["rule"], one["target"], one["certainty"]),
            f"#{one['event']}" if one["event"] else "",
        )
        for one in chain
    ]
