"""`suyuan verify CODE`: the verdict of the consumer's page, without recording a scan."""

from __future__ import annotations

import argparse

from suyuan.cli import output
from suyuan.cli.failures import Failure


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("code", metavar="CODE", help="a link, an element string or a URN")


def run(args: argparse.Namespace) -> int:
    """Say the verdict; 0 for genuine goods, 1 for everything else."""
    output.start()
    from suyuan.core.codespace import normalise  # noqa: PLC0415 - after `start`
    from suyuan.core.identifiers import Scheme, parse_identity  # noqa: PLC0415
    from suyuan.verification.facts import product_facts  # noqa: PLC0415
    from suyuan.verification.services import verify_item, verify_lot  # noqa: PLC0415
    from suyuan.verification.values import GENUINE, SeenBy  # noqa: PLC0415

    identity = parse_identity(args.code)
    if identity.scheme not in {Scheme.SGTIN, Scheme.LGTIN}:
        raise Failure("give the code of an item (01, 21) or of a lot (01, 10)")
    facts = product_facts(identity.primary)
    if facts is None:
        raise Failure(f"no organisation answers for GTIN {identity.primary}")
    asker = SeenBy(counts=False)
    if identity.scheme is Scheme.SGTIN:
        serial = normalise(identity.secondary) if facts.by_item else identity.secondary
        found = verify_item(facts=facts, serial=serial, seen_by=asker)
    else:
        found = verify_lot(facts=facts, lot=identity.secondary, seen_by=asker)
    seen = found.seen.scans if found.seen else 0
    value = {
        "verdict": found.verdict.value,
        "organisation": facts.organisation.slug,
        "gtin": found.gtin,
        "product": facts.product.name_zh,
        "serial": found.serial,
        "lot": found.lot,
        "seen": seen,
    }
    lines = [
        f"{found.verdict.value}: {facts.product.name_zh} ({facts.organisation.name_zh})",
        f"lot {found.lot or 'unknown'}, looked at {seen:,} times",
    ]
    output.result(args, value, lines)
    return 0 if found.verdict in GENUINE else 1
