"""`suyuan capture FILE`: capture an EPCIS document."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from suyuan.cli import output
from suyuan.cli.failures import Failure

if TYPE_CHECKING:
    from suyuan.tenancy.actor import Actor

_BOM: Final = b"\xef\xbb\xbf \t\r\n"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="EPCIS JSON-LD or XML; - for standard input")
    parser.add_argument("--org", metavar="SLUG", required=True, help="whose events they are")
    parser.add_argument(
        "--hash-ids", action="store_true", help="name events without an ID by their event hash"
    )
    parser.add_argument("--proceed", action="store_true", help="keep the good events of a bad file")
    parser.add_argument(
        "--rehearse", action="store_true", help="say what the file would do, and store nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Capture the file, and say what became of it."""
    output.start()
    from suyuan.capture.services import capture_document  # noqa: PLC0415 - after `start`
    from suyuan.cli.access import acting_for  # noqa: PLC0415

    actor = acting_for(args.org)
    try:
        body = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
    except OSError as error:
        raise Failure(f"{args.file}: {error.strerror}") from error
    if args.rehearse:
        return _rehearse(args, actor, body)
    outcome = capture_document(
        actor=actor,
        body=body,
        source="cli",
        proceed=args.proceed,
        hash_ids=args.hash_ids,
        media="xml" if body.lstrip(_BOM)[:1] == b"<" else "json",
    )
    faults = [{"code": f.code, "place": f.place, "data": dict(f.data)} for f in outcome.faults]
    value = {
        "job": str(outcome.job_id),
        "stored": outcome.stored,
        "duplicates": outcome.duplicates,
        "first": outcome.first_seq,
        "last": outcome.last_seq,
        "faults": faults,
    }
    lines = [f"stored {outcome.stored:,} events, {outcome.duplicates:,} were there already"]
    lines += [f"refused: {fault['code']} at {fault['place']}" for fault in faults]
    output.result(args, value, lines)
    return 1 if faults else 0


def _rehearse(args: argparse.Namespace, actor: Actor, body: bytes) -> int:
    """Say what the file would do; 1 if something is wrong with it."""
    from suyuan.capture.rehearsal import rehearse  # noqa: PLC0415 - after `start`

    found = rehearse(actor=actor, body=body, hash_ids=args.hash_ids)
    faults = [
        {
            "code": one.fault.code,
            "place": one.fault.place,
            "line": one.spot.line if one.spot else None,
            "column": one.spot.column if one.spot else None,
            "data": dict(one.fault.data),
        }
        for one in found.faults
    ]
    value = {
        "accepted": found.accepted,
        "new": found.new,
        "duplicates": found.duplicates,
        "refused": found.refused,
        "faults": faults,
        "goods": [
            {"gtin": one.gtin, "known": one.known, "items": one.items, "lots": list(one.lots)}
            for one in found.goods
        ],
        "logistic_units": found.units,
        "voided": list(found.voided),
    }
    lines = [
        f"would store {found.new:,} events; {found.duplicates:,} are there already, "
        f"{found.refused:,} would be refused"
    ]
    lines += [f"line {one['line']}: {one['code']} at {one['place'] or '/'}" for one in faults]
    lines += [
        f"{one.gtin}: {one.items:,} items{'' if one.known else ', not known here'}"
        for one in found.goods
    ]
    output.result(args, value, lines)
    return 0 if found.accepted else 1
