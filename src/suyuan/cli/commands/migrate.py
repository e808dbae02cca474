"""`suyuan migrate`: bring the database and the gathered screens to this version."""

from __future__ import annotations

import argparse

from suyuan.cli import output, serving


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--check", action="store_true", help="only say what is pending; 1 if any")


def run(args: argparse.Namespace) -> int:
    """Apply what is pending, and say what it was."""
    output.start()
    pending = serving.pending_migrations()
    if not args.check:
        serving.migrate()
        serving.collect_assets()
    word = "pending" if args.check else "applied"
    value = {"pending" if args.check else "applied": pending}
    output.result(args, value, [f"{len(pending)} migrations {word}", *pending])
    return 1 if args.check and pending else 0
