"""Printing over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.labels.models import LabelTemplateVersion
from suyuan.printing.models import Printer, PrintJob
from suyuan.tenancy.rights import Right
from tests import zpl
from tests.conftest import MakeApiClient
from tests.printing_world import run

pytestmark = pytest.mark.django_db

JOBS = "/api/v1/print-jobs"


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_a_job_is_made_followed_and_downloaded(
    api_client: MakeApiClient, order: CodeOrder, roll_template: LabelTemplateVersion
) -> None:
    client = api_client()
    body = {
        "order": order.number,
        "template": roll_template.number,
        "first": 10,
        "count": 20,
        "output": {"form": "zpl"},
        "request_key": "k1",
    }
    made = post(client, JOBS, **body)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["total"]) == ("waiting", 20)
    assert post(client, JOBS, **body).json()["number"] == made.json()["number"]
    job = run(PrintJob.objects.get())
    shown = client.get(f"{JOBS}/{job.number}").json()
    assert (shown["state"], shown["done"], len(shown["files"])) == ("done", 20, 1)
    data = b"".join(client.get(f"{JOBS}/{job.number}/files/1"))
    read = [code for label in zpl.read(data) for code in label.read()]
    assert read == issuing.links(order, first=10, count=20, base=settings.PUBLIC_URL)
    assert client.get(JOBS).json()["jobs"][0]["number"] == job.number
    again = post(client, JOBS, **(body | {"request_key": ""}))
    assert again.status_code == 409
    problem = again.json()
    assert (problem["code"], problem["reference"]) == ("already_printed", job.number)
    assert (problem["from_number"], problem["to_number"]) == (11, 30)


def test_labels_become_void_all_or_none_and_are_printed_again(
    api_client: MakeApiClient, order: CodeOrder, roll_template: LabelTemplateVersion
) -> None:
    client = api_client()
    output = {"form": "zpl"}
    post(client, JOBS, order=order.number, template=roll_template.number, output=output)
    job = run(PrintJob.objects.get())
    here = f"{JOBS}/{job.number}"
    serials = issuing.serials(order, count=3)
    refused = post(client, f"{here}/void", codes=[*serials, "?"], reason="lost")
    assert refused.status_code == 400
    assert refused.json()["refused"] == [{"given": "?", "reason": "code_never_issued"}]
    done = post(client, f"{here}/void", codes=serials, reason="lost", request_key="v")
    assert done.json() == {"count": 3, "withdrawn": 0, "jobs": [job.number]}
    assert post(client, f"{here}/void", codes=serials, reason="lost", request_key="v").json() == (
        done.json()
    )
    assert client.get(here).json()["awaiting_reprint"] == 3
    again = post(client, f"{here}/reprint", output=output)
    assert (again.status_code, again.json()["total"], again.json()["copy_number"]) == (201, 3, 2)
    assert post(client, f"{here}/reprint", output=output).json()["code"] == "nothing_to_reprint"
    listed = post(
        client,
        f"{here}/reprint",
        output=output,
        codes=issuing.serials(order, first=50),
        reason="misprint",
    )
    assert (listed.status_code, listed.json()["total"]) == (201, 1)
    first = client.get(here).json()
    assert [first["done"], first["awaiting_reprint"]] == [100, 0]


def test_a_job_is_paused_resumed_and_cancelled(
    api_client: MakeApiClient, order: CodeOrder, roll_template: LabelTemplateVersion
) -> None:
    client = api_client()
    made = post(client, JOBS, order=order.number, template=roll_template.number).json()
    here = f"{JOBS}/{made['number']}"
    assert post(client, f"{here}/pause").json()["state"] == "paused"
    assert post(client, f"{here}/resume").json()["state"] == "waiting"
    assert post(client, f"{here}/cancel").json()["state"] == "cancelled"
    assert post(client, f"{here}/resume").json()["code"] == "print_job_not_open"
    assert client.get(f"{here}/files/1").json()["code"] == "print_file_missing"


def test_printers_are_listed(api_client: MakeApiClient, zpl_printer: Printer) -> None:
    (row,) = api_client(Right.LABELS_PRINT).get("/api/v1/printers").json()
    assert (row["code"], row["kind"], row["reports"]) == ("ZEBRA-1", "zpl", True)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"template": "LB-0001"}, 422),
        ({"order": "CO-1999-0001", "template": "LB-0001"}, 404),
        ({"template": "LB-9999", "order": "?"}, 404),
        ({"order": "?", "template": "LB-0001", "output": {"printer": "NONE"}}, 404),
        ({"order": "?", "template": "LB-0001", "source": "set", "sets": "SET-2026-0001"}, 404),
        ({"order": "?", "template": "LB-0001", "source": "packing", "tier": "cases"}, 404),
        ({"order": "?", "template": "LB-0001", "source": "burn"}, 422),
        ({"order": "?", "template": "LB-0001", "first": -1, "count": 2}, 400),
        ({"order": "?", "template": "LB-0001", "first": 2**70}, 400),
        ({"order": "?", "template": "LB-0001", "count": 0}, 400),
        ({"order": "?", "template": "LB-0001", "source": "listed", "codes": []}, 400),
        ({"order": "?", "template": "LB-0001", "version": 7}, 404),
        ({"order": "?", "template": "LB-0001", "again": "x" * 201}, 400),
    ],
)
def test_a_bad_request_is_a_problem_and_makes_nothing(
    api_client: MakeApiClient,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    body: dict[str, Any],
    status: int,
) -> None:
    sent = {name: order.number if value == "?" else value for name, value in body.items()}
    answer = post(api_client(), JOBS, **sent)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not PrintJob.objects.exists()
