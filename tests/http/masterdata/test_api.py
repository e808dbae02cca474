"""Facts about masterdata and exchange over the API."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client

from suyuan.masterdata.models import Party
from suyuan.tenancy import services as tenancy
from suyuan.tenancy.actor import Actor
from tests.http.masterdata.conftest import GTIN, fill

pytestmark = pytest.mark.django_db


class Api:
    """A machine with a token."""

    def __init__(self, actor: Actor, *scopes: str) -> None:
        _, secret = tenancy.issue_token(
            actor=actor, name="line", scopes=list(scopes), expires_at=None
        )
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.client = Client()

    def send(self, method: str, path: str, data: Any = None) -> Any:
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            b"" if data is None else json.dumps(data),
            content_type="application/json",
            headers=self.headers,
        )

    def get(self, path: str) -> Any:
        return self.send("GET", path)


@pytest.fixture
def api(actor: Actor) -> Api:
    return Api(actor, "masterdata.view", "masterdata.edit")


ROWS = [
    f"products/{GTIN}",
    "materials/M1",
    "parties/P1",
    "locations/L1",
    f"lots/{GTIN}/A/1",
    "material-lots/M1/R1",
]
LISTS = ["products", "materials", "parties", "locations", "lots", "material-lots"]


@pytest.mark.parametrize("path", ROWS)
def test_row_is_shown_and_a_field_of_it_changed(filled: Actor, api: Api, path: str) -> None:
    shown = api.get(path)
    assert shown.status_code == 200
    field = "notes" if "lots" in path else "name_en"
    changed = api.send("PATCH", path, {field: "new words"})
    assert changed.status_code == 200, changed.content
    before, after = shown.json(), changed.json()
    assert after[field] == "new words"
    kept = {name for name in before if before[name] == after[name]}
    assert set(before) - kept == {field, "changed_at"}


@pytest.mark.parametrize("path", LISTS)
def test_list_has_one_row_and_the_total(filled: Actor, api: Api, path: str) -> None:
    answer = api.get(f"{path}?limit=1").json()
    assert (len(answer["items"]), answer["total"]) == (1, 1)


@pytest.mark.parametrize("path", ROWS)
def test_row_of_another_organisation_is_not_found(
    filled: Actor, other_actor: Actor, path: str
) -> None:
    outsider = Api(other_actor, "masterdata.view", "masterdata.edit")
    for answer in (outsider.get(path), outsider.send("PATCH", path, {})):
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("products", {"name_zh": "茶", "granularity": "item"}),
        ("materials", {"code": "M1", "name_zh": "叶"}),
        ("parties", {"code": "P1", "kind": "shop", "name_zh": "店"}),
        ("locations", {"code": "L1", "name_zh": "仓", "latitude": 30.5, "longitude": 120}),
    ],
)
def test_row_is_created_once(api: Api, path: str, data: dict[str, Any]) -> None:
    answer = api.send("POST", path, data)
    assert answer.status_code == 201, answer.content
    if path != "products":
        again = api.send("POST", path, data)
        assert (again.status_code, again.json()["code"]) == (409, "code_taken")


def test_material_lot_is_created(filled: Actor, api: Api) -> None:
    data = {"material": "M1", "code": "R2", "quantity": "12.5", "received_on": "2026-03-01"}
    answer = api.send("POST", "material-lots", data)
    assert answer.status_code == 201, answer.content
    assert answer.json()["supplier"] == "P1"


@pytest.mark.parametrize(
    ("data", "status", "code", "place"),
    [
        ({"gtin": "9521234000014", "name_zh": "茶"}, 400, "gtin_check_digit", "gtin"),
        ({"name_zh": "a\0b"}, 400, "text_control_character", "name_zh"),
        ({"name_zh": "茶", "colour": "red"}, 422, "invalid", "/colour"),
        ({"name_zh": {"$ne": 1}}, 422, "invalid", "/name_zh"),
        ({}, 400, "required", "name_zh"),
    ],
)
def test_refusal_is_a_problem_with_code_and_place(
    api: Api, data: dict[str, Any], status: int, code: str, place: str
) -> None:
    answer = api.send("POST", "products", data)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["place"]) == (status, code, place)


def test_token_that_may_only_see_cannot_write(filled: Actor) -> None:
    reader = Api(filled, "masterdata.view")
    assert reader.get(f"products/{GTIN}").status_code == 200
    assert reader.send("PATCH", f"products/{GTIN}", {"name_zh": "新"}).status_code == 403
    assert reader.send("PATCH", f"lots/{GTIN}/A/1", {"notes": "新"}).status_code == 403


def test_import_is_previewed_applied_and_exported(actor: Actor, api: Api) -> None:
    file = io.BytesIO("code,kind,name_zh\nP1,shop,=店\n".encode())
    file.name = "p.csv"
    run = api.client.post(
        "/api/v1/imports?kind=parties", {"file": file}, headers=api.headers
    ).json()
    assert (run["creates"], run["faults"], run["applied_at"]) == (1, 0, None)
    rows = api.get(f"imports/{run['reference']}/rows").json()
    assert rows["items"][0]["changes"]["name_zh"] == ["", "=店"]
    assert not Party.objects.exists()
    done = api.send("POST", f"imports/{run['reference']}/apply").json()
    assert done["applied_at"] is not None
    text = b"".join(api.get("exports/parties.csv")).decode("utf-8-sig")
    assert "P1,shop,'=店" in text
    assert api.get("exports/parties.xlsx").status_code == 200
    assert api.get("exports/people.csv").json()["code"] == "import_kind_unknown"


def test_import_of_another_organisation_is_not_found(actor: Actor, other_actor: Actor) -> None:
    fill(actor, gtin=GTIN)
    owner = Api(actor, "masterdata.view", "masterdata.edit")
    file = io.BytesIO(b"code,name_zh\nP1,x\n")
    file.name = "p.csv"
    run = owner.client.post(
        "/api/v1/imports?kind=parties", {"file": file}, headers=owner.headers
    ).json()
    outsider = Api(other_actor, "masterdata.view", "masterdata.edit")
    assert outsider.get(f"imports/{run['reference']}").status_code == 404
    assert outsider.send("POST", f"imports/{run['reference']}/apply").status_code == 404
