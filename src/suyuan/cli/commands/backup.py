"""`suyuan backup FILE`: everything into one file.

On SQLite the file is a ZIP archive of the database (taken by SQLite's own online backup, while it
is in use) and the pictures and reports. On PostgreSQL the database is dumped by `pg_dump`.
The installation's secret is left out: who has both can read what is sealed. Keep it elsewhere.
"""

from __future__ import annotations

import argparse

from suyuan.cli import output


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a new file")
    parser.add_argument(
        "--with-secret", action="store_true", help="put the data folder's secret in, too"
    )


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    output.start()
    from pathlib import Path  # noqa: PLC0415

    from suyuan.cli.archive import write_archive  # noqa: PLC0415 - after `start`

    with output.progress("backup") as step:
        written = write_archive(Path(args.file), with_secret=args.with_secret, step=step)
    value = {
        "file": args.file,
        "bytes": written.size,
        "files": written.files,
        "database": written.database,
        "secret": args.with_secret,
    }
    lines = [
        f"wrote {args.file}: the {written.database} database and {written.files:,} files, "
        f"{written.size:,} bytes",
    ]
    if not args.with_secret:
        lines.append("The secret is not in it: keep SUYUAN_SECRET_KEY, or secret-key, apart.")
    output.result(args, value, lines)
    return 0
