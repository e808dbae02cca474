"""The screens of chips, as a browser and a program meet them."""

from __future__ import annotations

import io
import json
import re

import pytest
import pyzipper
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.issuing.models import CodeOrder
from suyuan.nfc.models import Chip, KeyProfile
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Right, Role
from tests.conftest import MakeApiClient, MakeClient
from tests.nfc_world import Chips, vector_profile
from tests.unit.nfc import vectors

pytestmark = pytest.mark.django_db

_KEY = "F0E1D2C3B4A5968778695A4B3C2D1E0F"
_FORM = {
    "name": "酒标",
    "link_to": "item",
    "mode": "aes",
    "seal": "none",
    "mirror": "encrypted",
    "file_bytes": "0",
    "mac_input": "",
    "picc_name": "picc_data",
    "uid_name": "uid",
    "counter_name": "ctr",
    "file_name": "enc",
    "seal_name": "tt",
    "mac_name": "cmac",
    "source": "generated",
    "diversified": "on",
    "slot_app": "0",
    "slot_meta": "1",
    "slot_file": "2",
}


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    client = client_as(Role.OWNER)
    client.cookies["django_language"] = "en"
    return client


def _path(chips: Chips, rest: str = "") -> str:
    return f"/app/{chips.actor.organisation.slug}/nfc/{rest}"


def _profile(chips: Chips, rest: str = "") -> str:
    return _path(chips, f"profiles/{chips.profile.public_id}/{rest}")


def _get(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_an_empty_list_says_what_to_do(owner: Client) -> None:
    page = _get(owner, "/app/mingqian/nfc/")
    assert "There is no key profile yet" in page
    assert "/nfc/profiles/new/" in page


def test_a_profile_is_made_with_keys_that_are_shown_nowhere(owner: Client) -> None:
    form = {**_FORM, "source": "imported", "key_meta": _KEY, "key_file": _KEY[::-1], "key_app": ""}
    response = owner.post("/app/mingqian/nfc/profiles/new/", form, follow=True)
    page = response.content.decode()
    assert response.redirect_chain
    assert "The profile is made; its keys are sealed." in page
    assert _KEY not in page.upper()
    assert _KEY[::-1] not in page.upper()
    assert "Check values" in page
    profile = KeyProfile.objects.get()
    for rest in ("keys/", "settings.json", "archive/"):
        text = _get(owner, f"/app/mingqian/nfc/profiles/{profile.public_id}/{rest}")
        assert _KEY not in text.upper()


def test_keys_that_were_entered_do_not_come_back_with_a_fault(owner: Client) -> None:
    form = {**_FORM, "source": "imported", "key_meta": _KEY, "key_file": "F0E1"}
    response = owner.post("/app/mingqian/nfc/profiles/new/", form)
    assert response.status_code == 422
    page = response.content.decode()
    assert "A key has 32 hexadecimal digits." in page
    assert _KEY not in page
    assert 'value="F0E1"' not in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"source": "imported"}, "Enter the key."),
        ({"mac_name": "picc_data"}, "Two parameters have the same name."),
        ({"mac_input": "file"}, "There is no file data to begin at."),
        ({"seal": "plain", "mac_input": "empty"}, "The signature must cover the state of the seal"),
        ({"slot_app": "1"}, "The master key needs a slot of its own."),
        ({"system": "zz"}, "A system identifier has 1 to 24 bytes"),
        (
            {"source": "imported", "key_meta": "0" * 32, "key_file": "0" * 32},
            "This key is published or a factory’s",
        ),
    ],
)
def test_a_faulty_profile_is_refused_at_its_field(
    owner: Client, change: dict[str, str], sentence: str
) -> None:
    response = owner.post("/app/mingqian/nfc/profiles/new/", {**_FORM, **change})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not KeyProfile.objects.exists()


@pytest.mark.parametrize(
    ("change", "mac_input", "size"),
    [
        ({}, "empty", 0),
        ({"seal": "file"}, "file", 16),
        ({"seal": "plain"}, "picc", 0),
        ({"file_bytes": "32"}, "file", 32),
    ],
)
def test_what_nobody_chose_follows_from_the_rest(
    owner: Client, chips: Chips, change: dict[str, str], mac_input: str, size: int
) -> None:
    owner.post("/app/mingqian/nfc/profiles/new/", {**_FORM, **change, "name": "made"})
    profile = KeyProfile.objects.get(name="made")
    document = json.loads(
        _get(owner, f"/app/mingqian/nfc/profiles/{profile.public_id}/settings.json")
    )
    assert document["layout"]["mac_input"] == mac_input
    assert document["layout"]["file_bytes"] == size


def test_new_keys_begin_with_the_old_settings_and_old_ones_are_revoked(
    owner: Client, chips: Chips
) -> None:
    page = _get(owner, _profile(chips, "keys/"))
    assert 'name="name"' not in page
    owner.post(_profile(chips, "keys/"), _FORM)
    assert KeyProfile.objects.get().version == 2
    assert "still genuine" in _get(owner, _profile(chips))
    response = owner.post(_profile(chips, "keys/1/revoke"), follow=True)
    assert "The keys of version 1 are revoked." in response.content.decode()
    owner.post(_profile(chips, "keys/2/revoke"))
    page = _get(owner, _profile(chips))
    assert "The newest keys are revoked." in page
    assert _get(owner, _profile(chips, "settings.json"), 409)


def test_a_profile_is_renamed(owner: Client, chips: Chips) -> None:
    page = owner.post(_profile(chips, "rename"), {"name": "茶罐"}, follow=True).content.decode()
    assert "茶罐" in page
    assert owner.post(_profile(chips, "rename"), {"name": ""}).status_code == 422


def test_test_keys_are_marked_wherever_the_profile_shows(owner: Client, chips: Chips) -> None:
    profile = vector_profile(chips.actor, vectors.PICC, chips.make().layout)
    for path in (_path(chips, "profiles/"), _path(chips, f"profiles/{profile.public_id}/")):
        assert "Test keys" in _get(owner, path)
    assert "All chips of this profile have the same keys" in _get(
        owner, _path(chips, f"profiles/{profile.public_id}/archive/")
    )


def _upload(client: Client, path: str, text: str) -> tuple[int, str]:
    file = SimpleUploadedFile("report.csv", text.encode(), content_type="text/csv")
    response = client.post(path, {"file": file}, follow=True)
    return response.status_code, response.content.decode()


def test_an_encoders_report_is_taken_in(owner: Client, chips: Chips) -> None:
    serials = chips.goods.serials
    text = (
        f"No,Tag UID,Serial,Result\n1,04:A1:B2:C3:D4:E5:F6,{serials[0]},OK\n"
        f"2,04112233445566,{serials[1]},OK\n"
    )
    status, page = _upload(owner, _profile(chips, "report/"), text)
    assert status == 200
    assert "2 chips registered, 2 bound to items" in page
    assert "04A1B2C3D4E5F6" in page
    assert serials[0] in page
    status, page = _upload(owner, _profile(chips, "report/"), text)
    assert "0 chips registered, 0 bound to items; 2 rows said nothing new." in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("serial\nx\n", "uid"),
        ("uid,uid\n04A1B2C3D4E5F6,x\n", "uid"),
        ("uid,serial\n04A1,x\n", "“04A1” is no UID of a chip"),
        ("uid,serial\n04A1B2C3D4E5F6,NOWHERE\n", "names no item"),
        ("uid,serial\n04A1B2C3D4E5F6,\n04A1B2C3D4E5F6,\n", "This chip stands in row 2 already."),
        ("uid\n", "There are no chips in it."),
    ],
)
def test_a_faulty_report_changes_nothing_and_names_the_row(
    owner: Client, chips: Chips, text: str, sentence: str
) -> None:
    status, page = _upload(owner, _profile(chips, "report/"), text)
    assert status == 422
    assert sentence in page
    assert not Chip.objects.exists()


def test_a_chips_page_tells_its_item_counter_seal_and_checks(owner: Client, chips: Chips) -> None:
    chip = chips.on_item()
    chips.ask(chip.tap(41))
    chips.ask(chip.made[0])
    page = _get(owner, _path(chips, f"chips/{chip.name}/"))
    assert chips.goods.serials[0] in page
    assert "Highest counter" in page
    assert "Genuine chip" in page
    assert "Used tap" in page
    assert _get(owner, _path(chips, "chips/04000000000000/"), 404)


def test_a_chip_on_no_item_says_what_to_do(owner: Client, chips: Chips) -> None:
    chip = chips.make()
    chips.at_door(chip.tap())
    page = _get(owner, _path(chips, f"chips/{chip.name}/"))
    assert "The chip is on no item" in page
    assert "not reported; known by its taps" in page


def test_chips_are_filtered(owner: Client, chips: Chips) -> None:
    chip = chips.on_item()
    chips.ask(chip.tap())
    assert chip.name in _get(owner, _path(chips, f"?q={chips.goods.serials[0]}&state=tapped"))
    assert "No chip fits the filter" in _get(owner, _path(chips, "?state=opened"))
    assert _get(owner, _path(chips, "?state=nonsense&page=x"))


def _csv(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return text.splitlines()


def test_the_encoders_table_and_plain_chips_are_downloaded_and_audited(
    owner: Client, chips: Chips
) -> None:
    number = CodeOrder.objects.order_by("id")[0].number
    lines = _csv(owner, _profile(chips, f"table.csv?order={number}&first=2&count=3"))
    assert len(lines) == 4
    assert lines[1].startswith("2,")
    plain = _csv(owner, _path(chips, f"plain/?chip=ntag213&order={number}&first=1&count=4"))
    assert len(plain) == 5
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"nfc.encoder_table", "nfc.plain_table"} <= actions
    assert owner.head(_profile(chips, f"table.csv?order={number}&first=1&count=1")).content == b""


@pytest.mark.parametrize("query", ["", "?order=CO-0&first=1&count=1", "?order={n}&first=9&count=1"])
def test_a_range_that_is_none_is_refused(owner: Client, chips: Chips, query: str) -> None:
    number = CodeOrder.objects.order_by("id")[0].number
    assert owner.get(_profile(chips, f"table.csv{query.format(n=number)}")).status_code == 400
    if query:
        path = _path(chips, f"plain/{query.format(n=number)}&chip=ntag213")
        assert owner.get(path).status_code == 422


def test_keys_leave_only_in_an_encrypted_archive(owner: Client, chips: Chips) -> None:
    form = {"uids": "04A1B2C3D4E5F6", "passphrase": "kettle and leaves"}
    response = owner.post(_profile(chips, "archive/"), form)
    assert response["Content-Type"] == "application/zip"
    with pyzipper.AESZipFile(io.BytesIO(response.content)) as archive:
        assert b"04A1B2C3D4E5F6" in archive.read("keys.csv", pwd=b"kettle and leaves")
    short = owner.post(_profile(chips, "archive/"), {**form, "passphrase": "short"})
    assert short.status_code == 422
    assert "Use at least 12 characters." in short.content.decode()


def test_a_link_is_tried_on_the_page(owner: Client, chips: Chips) -> None:
    chip = chips.on_item()
    link = f"https://t.example{chips.path(chip.tap())}"
    page = owner.post(_path(chips, "test/"), {"link": link}).content.decode()
    assert "Genuine and new" in page
    assert chip.name in page
    assert chips.goods.serials[0] in page
    wrong = chips.path(chip.made[0] | {"cmac": "0" * 16})
    page = owner.post(_path(chips, "test/"), {"link": wrong}).content.decode()
    assert "The signature is wrong" in page
    chips.ask(chip.made[0])
    page = owner.post(_path(chips, "test/"), {"link": link}).content.decode()
    assert "Genuine, but used before: a replay" in page
    assert owner.post(_path(chips, "test/"), {"link": "nothing"}).status_code == 422


def test_a_reader_without_the_right_to_keys_finds_no_way_to_them(
    client_as: MakeClient, chips: Chips
) -> None:
    client = client_as(Role.PRODUCTION)
    for path in (_path(chips), _path(chips, "profiles/"), _profile(chips)):
        page = _get(client, path)
        assert "/nfc/test/" not in page
        assert not re.search(r"profiles/new/|/archive/|/revoke|rename", page)
    for path in (_path(chips, "test/"), _profile(chips, "keys/"), _profile(chips, "archive/")):
        assert client.get(path).status_code == 403


def test_the_api_makes_profiles_reports_chips_and_tries_links(
    api_client: MakeApiClient, chips: Chips
) -> None:
    client = api_client()

    def post(path: str, data: object, status: int = 200) -> dict[str, object]:
        response = client.post(f"/api/v1/nfc/{path}", data, content_type="application/json")
        assert response.status_code == status, response.content
        found: dict[str, object] = response.json()
        return found

    made = post(
        "profiles",
        {"name": "api", "key_meta": _KEY, "key_file": _KEY[::-1], "layout": {"seal": "none"}},
        201,
    )
    assert _KEY not in json.dumps(made)
    public_id = made["public_id"]
    fault = post("profiles", {"name": "x", "key_file": "F0"}, 400)
    assert fault["code"] in {"nfc_key_hex", "required"}
    assert "F0" not in json.dumps(fault)
    assert post("profiles", {"name": "x", "layout": {"mode": "des"}}, 422)["code"] == "invalid"
    assert post(f"profiles/{public_id}/versions", {}, 201)["version"] == 2
    revoked = post(f"profiles/{public_id}/versions/1/revoke", {})
    assert revoked["versions"][1]["revoked_at"]  # type: ignore[index]
    rows = [{"uid": "04A1B2C3D4E5F6", "unit": chips.goods.serials[0]}]
    done = post(f"profiles/{public_id}/report", {"chips": rows})
    assert done == {"registered": 1, "bound": 1, "unchanged": 0}
    bad = post(f"profiles/{public_id}/report", {"chips": [{"uid": "04"}]}, 400)
    assert bad["code"] == "bindings_refused"
    page = client.get("/api/v1/nfc/chips").json()
    assert page["chips"][0]["unit"] == chips.goods.link()
    assert page["chips"][0]["counter"] is None
    assert client.get("/api/v1/nfc/chips/04a1b2c3d4e5f6").json()["profile"] == public_id
    settings = client.get(f"/api/v1/nfc/profiles/{public_id}/settings").json()
    assert settings["key_version"] == 2
    assert len(client.get("/api/v1/nfc/profiles").json()) == 2
    chip = chips.on_item(2)
    tried = client.post(
        "/api/v1/nfc/try",
        {"link": f"https://t.example{chips.path(chip.tap(), 2)}"},
        content_type="application/json",
    ).json()
    assert (tried[0]["code"], tried[0]["uid"], tried[0]["used"]) == ("", chip.name, False)


def test_the_api_streams_an_encoders_table(api_client: MakeApiClient, chips: Chips) -> None:
    number = CodeOrder.objects.order_by("id")[0].number
    path = f"/api/v1/nfc/profiles/{chips.profile.public_id}/table"
    client = api_client(Right.CODES_DOWNLOAD)
    assert len(_csv(client, f"{path}?order={number}&count=2")) == 3
    assert client.get(f"{path}?order={number}&first=3&count=2").status_code == 400
