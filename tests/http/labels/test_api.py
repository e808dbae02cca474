"""Label templates over the API."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from suyuan.labels.models import LabelPicture, LabelTemplateVersion
from tests.conftest import MakeApiClient
from tests.labels_world import DESIGN, ROLL, SHEET, logo_file, wider, with_elements

API = "/api/v1/label-templates"
ONE = f"{API}/LB-0001"


@pytest.fixture
def client(api_client: MakeApiClient) -> Client:
    return api_client()


def send(client: Client, method: str, path: str, **body: Any) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json")


def test_a_template_goes_its_whole_way(client: Client) -> None:
    made = send(client, "POST", API, name="瓶标", design=DESIGN, sheet=SHEET)
    assert made.status_code == 201
    assert made.json()["number"] == "LB-0001"
    saved = send(client, "PUT", ONE, base=1, name="瓶标", design=wider(40), sheet=ROLL, note="n")
    assert (saved.json()["version"], saved.json()["design"]["width_mm"]) == (2, 40)
    assert saved.json()["sheet"]["kind"] == "roll"
    assert client.get(f"{ONE}?version=1").json()["design"]["width_mm"] == 38
    back = send(client, "POST", f"{ONE}/restore", version=1, base=2).json()
    assert (back["version"], back["restored_from"]) == (3, 1)
    assert [row["version"] for row in client.get(f"{ONE}/versions").json()] == [3, 2, 1]
    copy = send(client, "POST", f"{ONE}/duplicate", name="另一张", version=2)
    assert (copy.status_code, copy.json()["design"]["width_mm"]) == (201, 40)
    assert send(client, "POST", f"{ONE}/archive").json()["archived"] is True
    listed = client.get(API).json()
    assert (listed["total"], listed["items"][0]["number"]) == (1, "LB-0002")
    assert client.get(f"{API}?archived=true").json()["total"] == 1
    assert send(client, "POST", f"{ONE}/reopen").json()["archived"] is False


def test_what_is_read_can_be_sent_back(client: Client, template: LabelTemplateVersion) -> None:
    row = client.get(ONE).json()
    names = ("name", "design", "sheet", "note")
    again = send(client, "PUT", ONE, base=row["version"], **{name: row[name] for name in names})
    assert again.json()["version"] == 1, "nothing has changed"


def test_a_stale_base_is_a_conflict_with_the_newest_version(
    client: Client, template: LabelTemplateVersion
) -> None:
    send(client, "PUT", ONE, base=1, name="瓶标", design=wider(40), sheet=SHEET)
    stale = send(client, "PUT", ONE, base=1, name="瓶标", design=wider(50), sheet=SHEET)
    assert stale.status_code == 409
    problem = stale.json()
    assert (problem["code"], problem["latest"]) == ("label_changed_meanwhile", 2)


def test_every_fault_of_a_design_is_told_with_its_place(client: Client) -> None:
    text = {"kind": "text", "x": 37, "y": 1, "width_mm": 10, "text": "{nope}"}
    refused = send(client, "POST", API, name="x", design=with_elements(text), sheet=ROLL)
    assert refused.status_code == 400
    problem = refused.json()
    assert problem["place"] == "/design/elements/0/x"
    assert [fault["code"] for fault in problem["faults"]] == [
        "outside_label",
        "placeholder_unknown",
    ]


def test_a_preview_is_what_the_values_say(client: Client, template: LabelTemplateVersion) -> None:
    assert client.get(f"{ONE}/preview").text.startswith("<svg ")
    assert client.get(f"{ONE}/preview?form=pdf").content.startswith(b"%PDF-")
    link = "https://example.org/01/09521234000013/21/ABC"
    answer = send(client, "POST", f"{ONE}/preview", form="png", label={"link": link})
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))
    assert code.text == link
    wrong = send(client, "POST", f"{ONE}/preview", label={"lnk": link})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "label_values")
    assert client.get(f"{ONE}/preview?form=exe").status_code == 422


def test_a_code_without_its_value_is_refused_on_paper(
    client: Client, template: LabelTemplateVersion
) -> None:
    answer = send(client, "POST", f"{ONE}/preview", form="pdf", label={"link": ""})
    assert (answer.status_code, answer.json()["code"]) == (400, "label_value_missing")


def test_logos_come_and_go(client: Client) -> None:
    file = io.BytesIO(logo_file())
    made = client.post("/api/v1/label-logos", {"file": file, "name": "mark"})
    assert made.status_code == 201
    digest = made.json()["digest"]
    assert [row["digest"] for row in client.get("/api/v1/label-logos").json()] == [digest]
    assert client.get(f"/api/v1/label-logos/{digest}").content.startswith(b"\x89PNG")
    assert client.delete(f"/api/v1/label-logos/{digest}").status_code == 204
    assert not LabelPicture.objects.exists()
    refused = client.post("/api/v1/label-logos", {"file": io.BytesIO(b"<svg/>")})
    assert (refused.status_code, refused.json()["code"]) == (400, "picture_unreadable")
