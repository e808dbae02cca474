"""The file of a backup: a ZIP archive with a manifest, the database, and the files of MEDIA_ROOT.

Owns: its layout, writing it beside and renaming, and refusing what is not one.
Invariant: a file under the final name is whole; a failed restore leaves the data that were there.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections

from suyuan import __version__
from suyuan.cli.failures import Failure
from suyuan.cli.soundness import first_fault
from suyuan.kernel import clock

_MANIFEST: Final = "suyuan-backup.json"
_DATABASE: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_SECRET: Final = "secret-key"  # noqa: S105 - a file's name
_PAGES: Final = 2_000  # of SQLite's backup in one step: others can write between steps

type Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Archived:
    """What a backup holds."""

    database: str
    files: int
    size: int = 0


def write_archive(target: Path, *, with_secret: bool, step: Step) -> Archived:
    """Write a backup to a new file.

    Raises:
        Failure: the file exists, its folder does not, or the database's tools are missing.
    """
    if target.exists():
        raise Failure(f"{target} exists already")
    if not target.absolute().parent.is_dir():
        raise Failure(f"{target.absolute().parent} is not there")
    kind = connection.vendor
    media = Path(settings.MEDIA_ROOT)
    files = sorted(path for path in media.rglob("*") if path.is_file()) if media.is_dir() else []
    handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=".suyuan-backup-")
    os.close(handle)  # made with rights for its owner only
    part = Path(name)
    try:
        with tempfile.TemporaryDirectory() as folder:
            dump = Path(folder) / _DATABASE[kind]
            (_copy_sqlite if kind == "sqlite" else _dump_postgresql)(dump)
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
                manifest = {
                    "version": __version__,
                    "database": kind,
                    "created": clock.now().isoformat(),
                    "files": len(files),
                }
                archive.writestr(_MANIFEST, json.dumps(manifest))
                archive.write(dump, dump.name)
                for number, path in enumerate(files, 1):
                    archive.write(path, f"media/{path.relative_to(media).as_posix()}")
                    step(number, len(files))
                if with_secret:
                    archive.writestr(_SECRET, settings.SECRET_KEY)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Archived(kind, len(files), target.stat().st_size)


def read_archive(source: Path, *, overwrite: bool, step: Step) -> Archived:
    """Restore a backup.

    Raises:
        Failure: no backup, of another kind of database, of a newer version, or data are there.
    """
    with _opened(source) as (archive, manifest):
        kind = connection.vendor
        if manifest["database"] != kind:
            raise Failure(f"{source} is of {manifest['database']}, this installation on {kind}")
        if not overwrite and _has_data():
            raise Failure("there are data here already; --overwrite replaces them")
        media = Path(settings.MEDIA_ROOT)
        media.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=media.parent, prefix=".restore-") as folder:
            archive.extract(_DATABASE[kind], folder)
            names = [name for name in archive.namelist() if name.startswith("media/")]
            for number, name in enumerate(names, 1):
                archive.extract(name, folder)
                step(number, len(names))
            dump = Path(folder) / _DATABASE[kind]
            (_put_sqlite if kind == "sqlite" else _load_postgresql)(dump)
            _put_media(Path(folder) / "media", media)
            if _SECRET in archive.namelist():
                _put_secret(archive.read(_SECRET))
    return Archived(manifest["database"], len(names))


@contextmanager
def _opened(source: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError as error:
        raise Failure(f"{source} is not there") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise Failure(f"{source} is no backup of Suyuan") from error
    with archive:
        names = archive.namelist()
        if _MANIFEST not in names or any(not _is_plain(name) for name in names):
            raise Failure(f"{source} is no backup of Suyuan")
        if (damaged := archive.testzip()) is not None:
            raise Failure(f"{source} is damaged: {damaged}")
        yield archive, json.loads(archive.read(_MANIFEST))


def _is_plain(name: str) -> bool:
    """Tell a name that stays below the folder that it is unpacked into."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _has_data() -> bool:
    if "tenancy_organisation" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM tenancy_organisation)")
        return bool(cursor.fetchone()[0])


def _file() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def _copy_sqlite(target: Path) -> None:
    """Copy the database as of one instant; writers may go on."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy, pages=_PAGES)


def _put_sqlite(dump: Path) -> None:
    with closing(sqlite3.connect(dump)) as database:
        if fault := first_fault(lambda statement: database.execute(statement).fetchall()):
            raise Failure(f"the backup's database is damaged: {fault}")
    connections.close_all()
    place = _file()
    place.parent.mkdir(parents=True, exist_ok=True)
    # By SQLite itself: a reader of the old file sees either all of the old or all of the new.
    with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(place)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = WAL")


def _put_media(source: Path, media: Path) -> None:
    if not source.is_dir():
        return
    before = media.with_name(f"{media.name}.before-restore")
    shutil.rmtree(before, ignore_errors=True)
    if media.is_dir():
        media.rename(before)
    source.rename(media)
    shutil.rmtree(before, ignore_errors=True)


def _put_secret(secret: bytes) -> None:
    path = Path(settings.ENVIRONMENT.data_dir) / _SECRET
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)


def _dump_postgresql(target: Path) -> None:
    _postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _load_postgresql(dump: Path) -> None:
    connections.close_all()
    name = settings.DATABASES["default"]["NAME"]
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _postgresql("pg_restore", *options, f"--dbname={name}", str(dump))


def _postgresql(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, not in sight."""
    if shutil.which(program) is None:
        raise Failure(f"{program} is not installed (Debian: postgresql-client)")
    database = settings.DATABASES["default"]
    given = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    environment = os.environ | {name: database[key] for key, name in given.items() if database[key]}
    environment["PGDATABASE"] = database["NAME"]
    done = subprocess.run(
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it failed"]
        raise Failure(f"{program}: {lines[-1]}")
