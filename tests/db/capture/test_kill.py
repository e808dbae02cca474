"""Killed in the middle of capturing, twenty times: acknowledged events are there once.

The capturing process is a real one with its own database file, killed by SIGKILL at a random
moment; what it had acknowledged on its standard output is compared with what is found after it.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

DOCUMENTS = 200
EVENTS = 5
KILLS = 20
_CAPTURER = """
import json, sys
import django
django.setup()
from suyuan.capture.services import capture_document
from suyuan.tenancy.actor import system_actor
from suyuan.tenancy.models import Organisation

actor = system_actor(Organisation.objects.get(slug="kill"))
for number in range(int(sys.argv[1])):
    events = [
        {
            "type": "ObjectEvent",
            "eventTime": "2026-01-05T08:00:00Z",
            "eventTimeZoneOffset": "+08:00",
            "eventID": f"urn:x:{number}:{i}",
            "action": "OBSERVE",
            "epcList": [f"urn:epc:id:sgtin:0614141.107346.{number}{i}"],
        }
        for i in range(5)
    ]
    body = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T00:00:00Z",
        "epcisBody": {"eventList": events},
    }
    outcome = capture_document(actor=actor, body=json.dumps(body).encode(), source="kill")
    print(number, outcome.stored, outcome.duplicates, flush=True)
"""
_PREPARER = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from suyuan.tenancy.models import Organisation
Organisation.objects.create(slug="kill", name_zh="k", company_number=1)
"""


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "SUYUAN_DATA_DIR": str(folder),
        "SUYUAN_DATABASE_URL": f"sqlite:///{folder / 'kill.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "suyuan.config.settings",
    }


def _capture_until_killed(folder: Path, acknowledged: int) -> set[int]:
    """Capture all documents from the first; kill after `acknowledged`; return what was told."""
    told: set[int] = set()
    with subprocess.Popen(
        [sys.executable, "-c", _CAPTURER, str(DOCUMENTS)],
        env=_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told.add(int(line.split()[0]))
            if len(told) == acknowledged:
                process.send_signal(signal.SIGKILL)
                break
        told |= {int(line.split()[0]) for line in process.stdout.read().splitlines()}
    return told


@pytest.mark.slow
def test_killed_twenty_times_every_acknowledged_document_is_there_once_and_none_by_half(
    tmp_path: Path,
) -> None:
    subprocess.run([sys.executable, "-c", _PREPARER], env=_environment(tmp_path), check=True)
    chance = random.Random(20)
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        acknowledged |= _capture_until_killed(tmp_path, chance.randint(1, DOCUMENTS - 1))
        with closing(sqlite3.connect(tmp_path / "kill.sqlite3")) as database:
            rows = database.execute("SELECT seq, id_hash, job FROM capture_storedevent").fetchall()
            jobs = dict(database.execute("SELECT id, stored FROM capture_capturejob").fetchall())
            following = database.execute("SELECT next FROM capture_eventsequence").fetchone()
            indexed = database.execute(
                "SELECT COUNT(DISTINCT seq) FROM capture_traceentry"
            ).fetchone()
        assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))  # no gap
        assert len({name for _, name, _ in rows}) == len(rows)  # none twice
        assert len(rows) % EVENTS == 0  # none by half
        assert len(rows) >= len(acknowledged) * EVENTS
        assert following[0] == len(rows) + 1
        assert indexed[0] == len(rows)
        assert sum(jobs.values()) == len(rows)
        assert {job for _, _, job in rows} <= jobs.keys()
