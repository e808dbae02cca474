"""`suyuan bench NAME`: measure, each figure beside a named baseline."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any, Final

from suyuan.cli import output
from suyuan.cli.failures import Failure

_OPTIONS: Final = ("items", "lot", "media")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    names = ", ".join(_names())
    parser.add_argument("name", metavar="NAME", nargs="?", default="all", help=f"all, {names}")
    parser.add_argument(
        "--items", type=int, metavar="N", help="how many items history, scope and page stand on"
    )
    parser.add_argument("--lot", type=int, metavar="N", help="how many items one lot has")
    parser.add_argument(
        "--keep",
        metavar="FOLDER",
        default="",
        help="keep the ground in a folder, or stand on the one that it holds",
    )
    parser.add_argument(
        "--media", choices=("json", "xml-2.0", "xml-1.2"), help="the syntax that capture_http sends"
    )


def run(args: argparse.Namespace) -> int:
    """Measure one figure on a ground of its own, or all of them, each in a process of its own."""
    names = _names()
    if args.name != "all" and args.name not in names:
        raise Failure(f"there is no figure “{args.name}”; there are: {', '.join(names)}")
    # A measurement that is ended takes its server and its folder with it.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    options = {name: getattr(args, name) for name in _OPTIONS if getattr(args, name)}
    if args.name == "all" and args.keep:
        raise Failure("--keep is for one figure")
    if args.name == "all":
        figures = [figure for name in names for figure in _apart(name, options)]
    else:
        figures = measure(args.name, options, keep=args.keep)
    headings = ("figure", "measured", "baseline", "ratio", "against")
    rows = [_row(figure) for figure in figures]
    output.result(args, {"figures": figures}, output.table(headings, rows))
    return 0


def measure(name: str, options: Mapping[str, Any], *, keep: str = "") -> list[dict[str, Any]]:
    """Run one measurement in this process, in an installation of its own.

    Args:
        name: the measurement.
        options: what was asked for; those that the measurement does not have are passed over.
        keep: a folder for the installation that stays.
    """
    from suyuan.cli.bench.ground import installation  # noqa: PLC0415

    with (
        installation(os.environ.get("SUYUAN_BENCH_DATABASE_URL", ""), keep),
        output.progress(name) as step,
    ):
        run_figure = import_module(f"suyuan.cli.bench.{name}").run
        had = signature(run_figure).parameters
        found = run_figure(progress=step, **{k: v for k, v in options.items() if k in had})
    return [dict(one) for one in (found if isinstance(found, list) else [found])]


def _apart(name: str, options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Run one measurement in another process: settings are read once in each.

    Raises:
        Failure: it failed; its own line was shown.
    """
    given = [text for option, value in options.items() for text in (f"--{option}", str(value))]
    command = [sys.executable, "-m", "suyuan.cli.main", "bench", name, "--json", *given]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failure(f"“{name}” failed")
    figures: list[dict[str, Any]] = json.loads(done.stdout)["figures"]
    return figures


def _row(figure: dict[str, Any]) -> tuple[str, ...]:
    unit = figure.get("unit", "")

    def number(value: object) -> str:
        if not isinstance(value, int | float):
            return "–"
        return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:,.3g} {unit}"

    ratio = figure.get("ratio")
    return (
        str(figure.get("figure", "")),
        number(figure.get("rate")),
        number(figure.get("baseline_rate")),
        f"{ratio:,.1f}×" if isinstance(ratio, int | float) else "–",
        str(figure.get("baseline", "")),
    )


def _names() -> list[str]:
    """Return the measurements: the modules of `cli.bench` that define `run`."""
    from suyuan.cli import bench  # noqa: PLC0415

    folder = Path(bench.__path__[0])
    return sorted(
        path.stem
        for path in folder.glob("*.py")
        if "\ndef run(" in path.read_text(encoding="utf-8")
    )
