"""`suyuan serve`: serve the installation until stopped."""

from __future__ import annotations

import argparse

from suyuan.cli import output, serving


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--host", default=serving.LOOPBACK, help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (PORT, else 8000)")
    parser.add_argument("--workers", type=int, help="processes (1 on SQLite, else one a core)")
    parser.add_argument("--no-worker", action="store_true", help="leave background work to others")
    parser.add_argument("--check", action="store_true", help="check everything, serve nothing")


def run(args: argparse.Namespace) -> int:
    """Check, then serve."""
    port = serving.port_of(args.port)
    serving.assume_address(port)
    output.start()
    from django.conf import settings  # noqa: PLC0415 - after `start`

    serving.require_safe(args.host)
    serving.require_migrated()
    workers = args.workers or serving.default_workers()
    host = f"[{args.host}]" if ":" in args.host else args.host
    value = {"address": f"http://{host}:{port}", "public": settings.PUBLIC_URL, "workers": workers}
    lines = [f"Serving {settings.PUBLIC_URL} on http://{host}:{port}"]
    if settings.ENVIRONMENT.makes_own_secret:
        lines.append(
            "A DEVELOPMENT INSTALLATION: its secret lies in the data folder. Set "
            "SUYUAN_SECRET_KEY before others use it."
        )
    output.result(args, value, lines)
    if not args.check:
        serving.serve(args.host, port, workers, background=not args.no_worker)
    return 0
