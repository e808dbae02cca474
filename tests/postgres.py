"""A PostgreSQL cluster of the tests' own.

Owns: finding the server's programs, one cluster in a temporary folder on a spare loopback port,
stopping and removing it.

    python tests/postgres.py                    print SUYUAN_TEST_DATABASE_URL, serve until Ctrl-C
    python tests/postgres.py -- pytest tests/db run a command against it
    python tests/postgres.py --durable -- ...   keep fsync on: for tests that kill the server
"""

from __future__ import annotations

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

VARIABLE = "SUYUAN_TEST_DATABASE_URL"
_USER = "suyuan"
_DATABASE = "suyuan"
# Distributions keep the server's programs out of PATH, one folder for each major version.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server to start."""


def _version(folder: Path) -> int:
    """Return the major version that a folder's path names, to prefer the newest."""
    digits = "".join(letter for letter in folder.parent.name if letter.isdigit())
    return int(digits or 0)


def programs() -> Path:
    """Return the folder that holds `initdb`, `pg_ctl` and `postgres`.

    Raises:
        PostgresMissing: there is none.
    """
    found: list[Path] = []
    for pattern in _FOLDERS:
        found += [path for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()]
    if found:
        return max(found, key=_version)
    initdb = shutil.which("initdb")
    if initdb and shutil.which("pg_ctl"):
        return Path(initdb).parent
    raise PostgresMissing("PostgreSQL's server is not installed (Debian: postgresql)")


def _account() -> str:
    """Return the account that a server started by root must run as."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise PostgresMissing("root needs an account named postgres or nobody to run the server as")


def _as_owner(command: Sequence[str]) -> list[str]:
    """Prefix a command so that it does not run as root, which the server refuses."""
    if os.geteuid() != 0:
        return list(command)
    account = _account()
    if shutil.which("setpriv"):
        group = pwd.getpwnam(account).pw_gid
        switch = [f"--reuid={account}", f"--regid={group}", "--clear-groups"]
        return ["setpriv", *switch, "--", *command]
    return ["runuser", "-u", account, "--", *command]


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[str], folder: Path) -> None:
    """Run one of the server's programs; show its output only when it fails."""
    log = folder / "command.log"
    with log.open("w+", encoding="utf-8") as output:
        # pg_ctl's server inherits the output, so a pipe would never close: write to a file.
        done = subprocess.run(
            _as_owner(command), cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            output.seek(0)
            sys.stderr.write(output.read())
            raise PostgresMissing(f"{Path(command[0]).name} failed ({done.returncode})")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Serve an empty database on loopback while the context lasts; yield its address.

    Raises:
        PostgresMissing: no server on this machine, or it does not start.
    """
    folder_of_programs = programs()
    folder = Path(tempfile.mkdtemp(prefix="suyuan-postgres-"))
    data, port, password = folder / "data", _spare_port(), secrets.token_hex(16)
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    if os.geteuid() == 0:
        for path in (folder, secret):
            shutil.chown(path, _account())
    pg_ctl = [str(folder_of_programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
    options = [f"-p {port}", "-h 127.0.0.1", f"-k {folder}"]
    options += [] if durable else [f"-c {setting}" for setting in _FAST]
    try:
        _run(
            [
                str(folder_of_programs / "initdb"),
                f"--pgdata={data}",
                f"--username={_USER}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ],
            folder,
        )
        _run([*pg_ctl, "-l", str(folder / "server.log"), "-o", " ".join(options), "start"], folder)
        try:
            address = f"{_USER}:{password}@127.0.0.1:{port}"
            _create_database(f"postgresql://{address}/postgres")
            yield f"postgresql://{address}/{_DATABASE}"
        finally:
            _run([*pg_ctl, "-m", "fast" if durable else "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _create_database(url: str) -> None:
    import psycopg  # noqa: PLC0415 - so that `--help` and a missing server need no driver

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{_DATABASE}"')


def _leave(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exit, so that the cluster is stopped on the way out."""
    raise SystemExit(128 + number)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command against a cluster, or hold one until interrupted."""
    parser = argparse.ArgumentParser(description="Start a temporary PostgreSQL for the tests.")
    parser.add_argument("--durable", action="store_true", help="keep fsync on")
    parser.add_argument("command", nargs="*", help="what to run against it (after --)")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        with cluster(durable=options.durable) as url:
            if options.command:
                environment = os.environ | {VARIABLE: url}
                return subprocess.run(options.command, env=environment, check=False).returncode
            sys.stdout.write(f"{VARIABLE}={url}\n")
            sys.stdout.flush()
            signal.pause()
    except KeyboardInterrupt:
        return 130
    except PostgresMissing as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
