"""`suyuan worker`: do background work without serving."""

from __future__ import annotations

import argparse

from suyuan.cli import output, serving, working


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--batch", action="store_true", help="do what there is, then stop")
    parser.add_argument(
        "--with", type=int, metavar="PID", dest="parent", help="stop when this parent process does"
    )


def run(args: argparse.Namespace) -> int:
    """Check the database's version, then work."""
    output.start()
    serving.require_migrated()
    working.work(batch=args.batch, parent=args.parent)
    return 0
