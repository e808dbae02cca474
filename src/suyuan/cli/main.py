"""The `suyuan` program: find the command, run it, turn what goes wrong into one line.

Owns: the table of commands, exit codes (0 done, 1 refused or failed, 2 wrong usage, 130 stopped).
Does not own: what commands do (`cli.commands`), how they write (`cli.output`).

A command's module is imported when it is asked for, so that help and mistakes are quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, Protocol, cast

from suyuan import __version__

COMMANDS: Final = {
    "demo": "load a demonstration brand and serve it",
    "serve": "serve the installation",
    "worker": "do background work; `serve` has one already",
    "migrate": "bring the database to this version",
    "user": "make a person and their organisation",
    "capture": "capture an EPCIS document from a file",
    "codes": "list code orders, or write out an order's codes",
    "trace": "show the history of an item, a lot or a logistic unit",
    "recall-scope": "show what a recall would affect; opens none",
    "verify": "say of a code what the consumer's page would, without recording it",
    "export": "write events or master data of an organisation",
    "rebuild": "make what is kept for speed anew from the events, and compare",
    "doctor": "check the installation and its data",
    "backup": "write everything into one file",
    "restore": "read a backup into an empty installation",
    "bench": "measure against named baselines",
}


class Command(Protocol):
    """What a module of `cli.commands` offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it, and return the exit code."""


def _load(name: str) -> Command:
    module = import_module(f"suyuan.cli.commands.{name.replace('-', '_')}")
    return cast("Command", module)


def _parser(wanted: str) -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="write JSON to standard output")
    shared.add_argument("--debug", action="store_true", help="show where an error comes from")
    parser = argparse.ArgumentParser(
        prog="suyuan", description="Suyuan 溯源: one identity and one history for every item."
    )
    parser.add_argument("--version", action="version", version=f"suyuan {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help_text in COMMANDS.items():
        own = commands.add_parser(name, help=help_text, description=help_text, parents=[shared])
        if name == wanted:
            _load(name).configure(own)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    wanted = next((word for word in given if not word.startswith("-")), "")
    parser = _parser(wanted)
    args = parser.parse_args(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suyuan.config.settings")
    try:
        return _load(args.command).run(args)
    except KeyboardInterrupt:
        print("suyuan: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `suyuan export … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if args.debug:
            raise
        from suyuan.cli.failures import line_of  # noqa: PLC0415 - only when something failed

        print(f"suyuan {args.command}: {line_of(error)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
