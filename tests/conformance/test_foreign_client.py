"""A client that nobody here wrote captures, and finds its job."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from suyuan.capture.selectors import job_documents
from suyuan.tenancy.actor import system_actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import issue_token

CLIENT = Path(__file__).parent / "client"
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        NODE is None or not (CLIENT / "node_modules").is_dir(),
        reason="the client is installed by `make test`",
    ),
]


def test_epcis2_js_captures_and_reads_its_job(
    live_server: LiveServer, organisation: Organisation
) -> None:
    _, token = issue_token(
        actor=system_actor(organisation),
        name="client",
        scopes=[Right.EVENTS_CAPTURE],
        expires_at=None,
    )
    command = [str(NODE), "capture.cjs", f"{live_server.url}/epcis/v2/", token]
    told = subprocess.run(
        command, check=False, cwd=CLIENT, capture_output=True, text=True, timeout=60
    )
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert answer["status"] == 202
    assert answer["job"]["success"] is True
    assert answer["job"]["running"] is False
    stored = job_documents(organisation.pk, int(answer["job"]["captureID"]))
    assert [one.event["type"] for one in stored] == ["ObjectEvent", "AggregationEvent"]
    assert stored[0].event["epcList"] == [
        "urn:epc:id:sgtin:0614141.107346.2018",
        "urn:epc:id:sgtin:0614141.107346.2019",
    ]
    assert stored[1].event["parentID"] == "urn:epc:id:sscc:0614141.0123456789"
