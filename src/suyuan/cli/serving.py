"""Serve the installation with granian.

Owns: the address, the checks before serving, the server's settings.
"""

from __future__ import annotations

import ipaddress
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from suyuan.cli import working
from suyuan.cli.failures import Failure

APPLICATION: Final = "suyuan.config.rsgi:application"
# Connections of a process; further ones wait outside. Browsers keep some open between pages, and
# they count: it must be far more than threads.
BACKPRESSURE: Final = 2_048
DEFAULT_PORT: Final = 8000
LOOPBACK: Final = "127.0.0.1"


def port_of(given: int | None) -> int:
    """Return the port asked for, else the one in `PORT`, else 8000.

    Raises:
        Failure: `PORT` is no port.
    """
    text = str(given if given is not None else os.environ.get("PORT") or DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise Failure(f"PORT: “{text}” is no port")
    return int(text)


def assume_address(port: int) -> None:
    """Before settings are read: without a public address, links lead to this machine."""
    os.environ.setdefault("SUYUAN_PUBLIC_URL", f"http://{LOOPBACK}:{port}")


def require_safe(host: str) -> None:
    """Refuse to serve others with what was made for development.

    Raises:
        django.core.exceptions.ImproperlyConfigured: with what is missing.
    """
    from django.conf import settings  # noqa: PLC0415

    settings.ENVIRONMENT.require_safe(reached_by_others=not _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pending_migrations() -> list[str]:
    """Return the migrations that the database has not had yet."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def require_migrated() -> None:
    """Refuse to serve a database of another version.

    Raises:
        Failure: with what to type.
    """
    if pending := pending_migrations():
        raise Failure(
            f"the database lacks {len(pending)} migrations, from {pending[0]} on: "
            "run `suyuan migrate` first"
        )


def migrate() -> None:
    """Bring the database up to date."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)


def collect_assets() -> bool:
    """Gather what pages load; return whether the screens have been built."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    built = any((Path(folder) / "build").is_dir() for folder in settings.STATICFILES_DIRS)
    call_command("collectstatic", verbosity=0, interactive=False)
    return built


def default_workers() -> int:
    """Return how many processes serve: one on SQLite, which has one writer anyway."""
    from django.db import connection  # noqa: PLC0415

    return 1 if connection.vendor == "sqlite" else max(1, os.cpu_count() or 1)


def serve(host: str, port: int, workers: int, *, background: bool = True) -> None:
    """Serve until stopped; with `background`, a worker does the tasks beside it.

    Raises:
        Failure: the port is taken.
    """
    import socket  # noqa: PLC0415

    from django.db import connections  # noqa: PLC0415
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(f"cannot listen on {host}:{port}: {error.strerror}") from error
    connections.close_all()
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        log_level="error",  # type: ignore[arg-type]
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
    )
    with working.Companion() if background else nullcontext():
        server.serve()
