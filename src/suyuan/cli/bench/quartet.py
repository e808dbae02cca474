"""How fast events are captured beside QU4RTET 4.1.5, the Python peer.

Both capture the same EPCIS 1.2 XML documents of 500 commissioning events with 10 EPCs each, into
the same PostgreSQL server, in a process of their own, document by document. QU4RTET is measured
twice: with the parser that it ships as its default, and with the loose one that only stores. Of
each the quickest document counts, and ours come before and after the peer's: what else the machine
does then counts least.

Owns: the peer's environment, its database, and what is compared.
Does not own: the peer's calls (quartet_driver).
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from suyuan.cli.bench import quartet_driver
from suyuan.cli.bench.capture import EVENTS, documents
from suyuan.cli.bench.ground import Brand, Progress, make_brand
from suyuan.cli.bench.syntaxes import written

type Figure = dict[str, str | int | float]

_PEER: Final = "quartet_epcis==4.1.5"
# What the peer imports without saying so, and the last Django that it runs on.
_WITH: Final = ("quartet_capture==4.1.0", "haikunator", "psycopg2-binary", "Django==5.2.*")
_EPCS: Final = 10
_SECONDS_TO_INSTALL: Final = 600
_SECONDS_TO_RUN: Final = 600


class PeerMissing(Exception):
    """The peer cannot be measured here; its text says why."""


def run(
    *, documents_each: int = 12, peers_documents: int = 2, progress: Progress | None = None
) -> list[Figure]:
    """Measure capture in events/s beside both parsers of the peer.

    Args:
        documents_each: documents that we capture.
        peers_documents: documents that each parser of the peer captures; it takes long.
        progress: called with steps done and steps in all.

    Returns:
        A figure for each of the peer's parsers; one without a rate that says why, where the peer
        cannot be installed or the database is not PostgreSQL.
    """
    step = progress or (lambda _done, _all: None)
    try:
        python = _environment()
        step(1, 4)
        brand = make_brand()
        bodies = written(documents(brand, documents_each, _EPCS, births=True), "xml-1.2")
        third = max(2, documents_each // 3)
        ours, theirs = _ours(brand, bodies[:third]), []
        for done, strict in enumerate((True, False), start=1):
            step(done, 3)
            theirs.append(_peers(python, bodies[: peers_documents + 1], strict=strict))
            ours = max(ours, _ours(brand, bodies[done * third : (done + 1) * third]))
    except PeerMissing as missing:
        return [{"figure": f"capture beside QU4RTET, left out: {missing}"}]
    step(3, 3)
    return [_figure(ours, rate, strict=not at) for at, rate in enumerate(theirs)]


def _figure(ours: float, theirs: float, *, strict: bool) -> Figure:
    parser = "its default parser" if strict else "its loose parser"
    return {
        "figure": f"capture of 1.2 XML, {_EPCS} EPCs an event",
        "unit": "events/s",
        "database": "postgresql",
        "rate": round(ours),
        "baseline": f"QU4RTET 4.1.5, {parser}",
        "baseline_rate": round(theirs, 1),
        "ratio": round(ours / theirs, 1),
    }


def _ours(brand: Brand, bodies: Sequence[bytes]) -> float:
    """Return our rate with the document that was captured quickest."""
    from suyuan.capture.services import capture_document  # noqa: PLC0415

    seconds = []
    for body in bodies:
        begin = time.perf_counter()
        capture_document(actor=brand.actor, body=body, source="bench", media="xml")
        seconds.append(time.perf_counter() - begin)
    return EVENTS / min(seconds)


def _peers(python: str, bodies: Sequence[bytes], *, strict: bool) -> float:
    """Return the peer's rate, likewise, in a database of its own on the same server.

    Raises:
        PeerMissing: it fails; with its last line.
    """
    with tempfile.TemporaryDirectory(prefix="suyuan-quartet-") as folder, _database() as database:
        paths = []
        for number, body in enumerate(bodies):
            path = Path(folder) / f"{number}.xml"
            path.write_bytes(body)
            paths.append(str(path))
        order = {"database": database, "documents": paths, "strict": strict}
        try:
            done = subprocess.run(
                [python, quartet_driver.__file__],
                input=json.dumps(order),
                capture_output=True,
                text=True,
                timeout=_SECONDS_TO_RUN,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PeerMissing(f"{python} did not run it") from error
    if done.returncode:
        raise PeerMissing((done.stderr.strip() or "it failed").splitlines()[-1][:200])
    return EVENTS / float(done.stdout.split()[-1])


@contextmanager
def _database() -> Iterator[dict[str, Any]]:
    """Make a database beside ours, and drop it."""
    from django.db import connection  # noqa: PLC0415

    ours = connection.settings_dict
    name = f"quartet_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {key: ours[key] for key in ("USER", "PASSWORD", "HOST", "PORT")} | {"NAME": name}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _environment() -> str:
    """Return the Python of an environment that has the peer; made once, outside the project.

    Raises:
        PeerMissing: another database than PostgreSQL, or the peer cannot be installed.
    """
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        raise PeerMissing("SUYUAN_BENCH_DATABASE_URL names no PostgreSQL database")
    if given := os.environ.get("SUYUAN_BENCH_QUARTET"):
        if not Path(given).exists():
            raise PeerMissing(f"{given} is not there")
        return given
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "suyuan" / "quartet-4.1.5"
    python = str(folder / "bin" / "python")
    if (folder / "installed").exists():
        return python
    try:
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [python, "-m", "pip", "install", "--quiet", _PEER, *_WITH],
        ):
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS_TO_INSTALL)
    except (OSError, subprocess.SubprocessError) as error:
        raise PeerMissing(f"{_PEER} cannot be installed here") from error
    (folder / "installed").touch()
    return python
