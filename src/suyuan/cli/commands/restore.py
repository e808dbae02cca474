"""`suyuan restore FILE`: read a backup into an empty installation."""

from __future__ import annotations

import argparse

from suyuan.cli import output


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="what `suyuan backup` wrote")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace the data that is there; stop serving first",
    )


def run(args: argparse.Namespace) -> int:
    """Read the file."""
    output.start()
    from pathlib import Path  # noqa: PLC0415

    from suyuan.cli.archive import read_archive  # noqa: PLC0415 - after `start`

    with output.progress("restore") as step:
        restored = read_archive(Path(args.file), overwrite=args.overwrite, step=step)
    value = {"file": args.file, "files": restored.files, "database": restored.database}
    lines = [
        f"restored the {restored.database} database and {restored.files:,} files",
        "Now run `suyuan doctor`: it says whether the secret is the one that the data need.",
    ]
    output.result(args, value, lines)
    return 0
