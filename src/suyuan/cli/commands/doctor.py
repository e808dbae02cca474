"""`suyuan doctor`: check the installation and its data."""

from __future__ import annotations

import argparse

from suyuan.cli import output


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--events",
        type=int,
        default=200,
        metavar="N",
        help="rebuild the index of N events of each organisation and compare (200)",
    )


def run(args: argparse.Namespace) -> int:
    """Examine everything; 1 if something is wrong."""
    output.start()
    from suyuan.cli.examination import EXAMINATIONS, Finding  # noqa: PLC0415 - after `start`

    findings: list[Finding] = []
    with output.progress("checks") as step:
        for number, examine in enumerate(EXAMINATIONS, 1):
            findings += examine(args.events)
            step(number, len(EXAMINATIONS))
            if findings and findings[-1].fatal:
                break
    bad = [finding for finding in findings if finding.grade == "bad"]
    value = {
        "healthy": not bad,
        "findings": [
            {"check": one.check, "grade": one.grade, "text": one.text} for one in findings
        ],
    }
    marks = {"good": "ok  ", "warn": "look", "bad": "BAD "}
    lines = [f"{marks[one.grade]}  {one.check}: {one.text}" for one in findings]
    output.result(args, value, lines)
    return 1 if bad else 0
