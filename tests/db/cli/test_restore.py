"""The program in processes of its own: an installation moves to another folder by a backup."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.db.cli.test_commands import document

PASSWORD = "a kettle and a leaf"


def suyuan(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("SUYUAN_")}
    environment |= {"SUYUAN_DATA_DIR": str(folder), "NEW_PASSWORD": PASSWORD, **more}
    environment["DJANGO_SETTINGS_MODULE"] = "suyuan.config.settings"
    return subprocess.run(
        [sys.executable, "-m", "suyuan.cli.main", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def told(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(
    bool(os.environ.get("SUYUAN_TEST_DATABASE_URL")), reason="it makes SQLite databases of its own"
)
def test_an_installation_comes_back_in_another_folder(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.zip"
    told(suyuan(old, "migrate", "--json"))
    words = ("ann@example.com", "--org", "ann-tea", "--password-env", "NEW_PASSWORD", "--json")
    told(suyuan(old, "user", *words))
    events = tmp_path / "events.json"
    events.write_text(json.dumps(document("https://id.gs1.org/01/09521234000013/21/17")))
    assert told(suyuan(old, "capture", str(events), "--org", "ann-tea", "--json"))["stored"] == 1
    picture = old / "media" / "1" / "pictures" / "a"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    told(suyuan(old, "backup", str(file), "--with-secret", "--json"))
    restored = told(suyuan(new, "restore", str(file), "--json"))
    assert restored["files"] == 1
    assert (new / "media" / "1" / "pictures" / "a").read_bytes() == b"a picture"
    assert (new / "secret-key").read_text() == (old / "secret-key").read_text()
    assert told(suyuan(new, "doctor", "--json"))["healthy"]
    assert "--overwrite" in suyuan(new, "restore", str(file)).stderr
    again = suyuan(new, "capture", str(events), "--org", "ann-tea", "--json")
    assert told(again)["duplicates"] == 1


@pytest.mark.parametrize(
    ("variables", "words", "reason"),
    [
        ({}, ("--host", "0.0.0.0"), "SUYUAN_SECRET_KEY"),  # noqa: S104 - what is refused
        ({"SUYUAN_PUBLIC_URL": "https://suyuan.example"}, (), "SUYUAN_SECRET_KEY"),
        ({"SUYUAN_PUBLIC_URL": "https://suyuan.example", "SUYUAN_DEBUG": "1"}, (), "SUYUAN_DEBUG"),
        ({"SUYUAN_SECRET_KEY": "short"}, (), "32 characters"),
    ],
)
def test_development_defaults_are_not_served_to_others(
    tmp_path: Path, variables: dict[str, str], words: tuple[str, ...], reason: str
) -> None:
    done = suyuan(tmp_path, "serve", "--check", *words, **variables)
    assert done.returncode == 1
    assert reason in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
