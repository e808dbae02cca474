"""`suyuan trace CODE`: the history of an item, a lot or a logistic unit."""

from __future__ import annotations

import argparse
from typing import Any

from suyuan.cli import output


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("code", metavar="CODE", help="any text form: link, URN, serial, SSCC")
    parser.add_argument("--org", metavar="SLUG", required=True, help="in whose events")


def run(args: argparse.Namespace) -> int:
    """Show the history."""
    output.start()
    from suyuan.cli.access import key_of, organisation_of  # noqa: PLC0415 - after `start`
    from suyuan.lineage.selectors import history  # noqa: PLC0415
    from suyuan.masterdata.selectors import locations_by_identifier  # noqa: PLC0415

    organisation = organisation_of(args.org)
    found = history(organisation_id=organisation.pk, key=key_of(organisation.pk, args.code))
    names = {text: row.name_zh for text, row in locations_by_identifier(organisation.pk).items()}
    steps = [_step(step, names) for step in found.steps]
    state = found.state
    value = {
        "identity": found.identity.digital_link(),
        "lots": [lot.secondary for lot in found.lots],
        "whereabouts": state.whereabouts.value,
        "location": state.location,
        "disposition": state.disposition,
        "recalled": state.recalled,
        "containers": [one.digital_link() for one in state.containers],
        "holds": len(found.contents),
        "steps": steps,
    }
    place = names.get(state.location, state.location)
    lines = [
        found.identity.digital_link(),
        f"{state.whereabouts.value}{f' at {place}' if place else ''}"
        + (", recalled" if state.recalled else "")
        + (f", of lot {', '.join(lot.secondary for lot in found.lots)}" if found.lots else "")
        + (f", holds {len(found.contents):,}" if found.contents else ""),
        "",
    ]
    rows = [
        (
            step["time"],
            step["step"] or step["type"],
            step["disposition"],
            step["place"],
            step["via"],
            "declared void" if step["voided"] else "",
        )
        for step in steps
    ]
    output.result(
        args, value, lines + output.table(("time", "step", "disposition", "place", "in", ""), rows)
    )
    return 0


def _step(step: Any, names: dict[str, str]) -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415

    event = step.happening
    where = event.location or event.read_point
    return {
        "time": f"{timezone.localtime(event.time):%Y-%m-%d %H:%M}",
        "recorded": event.record_time,
        "number": event.seq,
        "type": event.type,
        "action": event.action,
        "step": event.step,
        "disposition": event.disposition,
        "place": names.get(where, where),
        "via": step.via_identity.primary if step.via_identity is not None else "",
        "role": step.role,
        "voided": event.voided,
    }
