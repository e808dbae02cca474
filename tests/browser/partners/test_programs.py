"""The example programs run as they are shown: they check, send and ask, in each language."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from suyuan.capture.models import StoredEvent
from suyuan.core.epcis.xml.write import XmlVersion, write_xml
from suyuan.partners.services import issue_partner_token
from suyuan.web.partners.code import PROGRAMS, Program, source
from tests.partners_world import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

_RUN = {"curl": ("sh",), "python": ("python3",), "java": ("java",), "javascript": ("node",)}
_NEEDS = {"curl": "curl", "python": "python3", "java": "java", "javascript": "node"}


def run(
    program: Program, address: str, file: Path, secret: str
) -> subprocess.CompletedProcess[str]:
    """Run a program with a document, as its first line says."""
    text = file.parent / program.file
    text.write_text(source(program, address), encoding="utf-8")
    return subprocess.run(
        [*_RUN[program.name], program.file, file.name],
        cwd=file.parent,
        env={**os.environ, "SUYUAN_TOKEN": secret},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_a_program_delivers_a_document(
    program: Program, form: str, workshop: Workshop, live_server: LiveServer, tmp_path: Path
) -> None:
    if not shutil.which(_NEEDS[program.name]):
        pytest.skip(f"{_NEEDS[program.name]} is not installed")
    _, secret = issue_partner_token(actor=workshop.actor, code="FAB", name="program")
    file = tmp_path / f"made.{form}"
    if form == "json":
        file.write_text(workshop.text(), encoding="utf-8")
    else:
        created = "2026-01-05T00:00:00Z"
        body = write_xml([(workshop.made(), {})], version=XmlVersion.V2_0, created=created)
        file.write_bytes(body)
    done = run(program, live_server.url, file, secret)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "captureID" in done.stdout
    rows = StoredEvent.objects.filter(organisation=workshop.actor.organisation)
    assert rows.count() == 1


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_a_program_stops_at_a_faulty_document(
    program: Program, workshop: Workshop, live_server: LiveServer, tmp_path: Path
) -> None:
    if not shutil.which(_NEEDS[program.name]):
        pytest.skip(f"{_NEEDS[program.name]} is not installed")
    _, secret = issue_partner_token(actor=workshop.actor, code="FAB", name="program")
    file = tmp_path / "made.json"
    file.write_text(workshop.text({**workshop.made(), "bizStep": "shiping"}), encoding="utf-8")
    done = run(program, live_server.url, file, secret)
    assert done.returncode != 0
    assert "unknown_step" in done.stdout + done.stderr
    assert not StoredEvent.objects.exists()


def test_every_language_has_its_program() -> None:
    assert {one.name for one in PROGRAMS} == set(_RUN)
