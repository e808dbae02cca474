"""A backup holds everything, and comes back whole or not at all."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.db import connection

from suyuan.cli import archive
from suyuan.cli.failures import Failure
from suyuan.tenancy.models import Organisation
from tests.db.cli.conftest import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(tmp_path: Path, settings: object) -> Path:
    folder = tmp_path / "media"
    (folder / "1" / "reports").mkdir(parents=True)
    (folder / "1" / "reports" / "paper").write_bytes(b"a report")
    settings.MEDIA_ROOT = folder  # type: ignore[attr-defined]
    return folder


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_database_and_the_files(
    suyuan: Run, organisation: Organisation, media: Path, tmp_path: Path
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("pg_dump may not be there")
    file = tmp_path / "backup.zip"
    outcome = suyuan("backup", str(file), "--json")
    assert (outcome.code, outcome.json["files"]) == (0, 1)
    names = zipfile.ZipFile(file).namelist()
    assert {"suyuan-backup.json", "database.sqlite3", "media/1/reports/paper"} == set(names)
    assert file.stat().st_mode & 0o077 == 0


def test_a_backup_never_replaces_a_file(suyuan: Run, media: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_text("precious")
    outcome = suyuan("backup", str(file))
    assert outcome.code == 1
    assert file.read_text() == "precious"


def test_a_restore_refuses_to_overwrite_data(
    suyuan: Run, organisation: Organisation, media: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("suyuan-backup.json", f'{{"database": "{connection.vendor}"}}')
    outcome = suyuan("restore", str(file))
    assert outcome.code == 1
    assert "--overwrite" in outcome.err


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_backup_is_refused(suyuan: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "backup.zip"
    file.write_bytes(content)
    assert suyuan("restore", str(file)).err.strip().endswith("is no backup of Suyuan")


def test_a_backup_that_would_write_elsewhere_is_refused(suyuan: Run, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("suyuan-backup.json", "{}")
        made.writestr("media/../../outside", "x")
    assert suyuan("restore", str(file)).code == 1
    assert not (tmp_path.parent / "outside").exists()


def test_missing_tools_of_postgresql_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Failure, match="pg_dump is not installed"):
        archive._postgresql("pg_dump")
