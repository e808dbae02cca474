"""Quality's pages, the public address of a report, and the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from suyuan.quality.files import path_of
from suyuan.quality.models import Complaint, InspectionReport
from suyuan.quality.reporters import Reporter
from suyuan.quality.services import add_report, file_complaint, revoke_report
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Role
from suyuan.tenancy.services import issue_token
from tests.recall_world import GTIN, PDF, World, item, picture

BASE = "/app/mingqian/quality"

type MakeClient = Callable[..., Client]


def _report(actor: Actor, **more: object) -> InspectionReport:
    given = {
        "title": "Pesticide residues",
        "target_kind": "product_lot",
        "gtin": GTIN,
        "lot": "L-A",
        "issued_by": "Laboratory",
        "issued_on": date(2026, 3, 2),
        "result": "pass",
        "data": PDF,
        "publish": True,
        **more,
    }
    return add_report(actor=actor, **given)  # type: ignore[arg-type]


def _form(data: bytes = PDF, name: str = "report.pdf") -> dict[str, object]:
    return {
        "title": "Pesticide residues",
        "target_kind": "product_lot",
        "gtin": GTIN,
        "lot": "L-A",
        "issued_by": "Laboratory",
        "issued_on": "2026-03-02",
        "result": "pass",
        "file": SimpleUploadedFile(name, data, "application/pdf"),
    }


def test_report_is_added_with_its_file(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)

    answer = client.post(f"{BASE}/reports/new/", _form(), follow=True)

    report = InspectionReport.objects.get()
    assert answer.status_code == 200
    assert report.number in answer.content.decode()
    listed = client.get(f"{BASE}/reports/?q=residues&result=pass").content.decode()
    assert report.title in listed


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "report.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "report.svg"),
        (PDF + b"<script>", "report.pdf"),
        (b"x" * (10 * 2**20 + 1), "report.pdf"),
        (b"", "report.pdf"),
    ],
)
def test_hostile_file_comes_back_with_a_sentence_and_is_not_kept(
    world: World, client_as: MakeClient, data: bytes, name: str
) -> None:
    answer = client_as(Role.QUALITY).post(f"{BASE}/reports/new/", _form(data, name))

    assert answer.status_code == 422
    assert "id_file_fault" in answer.content.decode()
    assert not InspectionReport.objects.exists()


@pytest.mark.parametrize(
    ("data", "content_type"), [(PDF, "application/pdf"), (picture(), "image/png")]
)
def test_published_file_is_served_so_that_nothing_in_it_runs(
    actor: Actor, world: World, stranger: Client, data: bytes, content_type: str
) -> None:
    report = _report(actor, data=data)

    answer = stranger.get(report.public_path)

    assert answer.status_code == 200
    assert answer.content == data
    assert answer["Content-Type"] == content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in answer["Content-Security-Policy"]


def test_hidden_and_revoked_files_look_like_unknown_ones(
    actor: Actor, world: World, stranger: Client
) -> None:
    hidden = _report(actor, publish=False)
    revoked = _report(actor, data=picture())
    revoke_report(actor=actor, number=revoked.number, reason="Mixed up")

    for path in (hidden.public_path, revoked.public_path, "/media/r/" + "0" * 64, "/media/r/x"):
        assert stranger.get(path).status_code == 404


def test_member_sees_a_hidden_file_and_another_organisations_does_not_exist(
    actor: Actor, other_organisation: Organisation, world: World, client_as: MakeClient
) -> None:
    report = _report(actor, publish=False)

    mine = client_as(Role.AUDITOR).get(f"{BASE}/reports/{report.number}/file")
    theirs = client_as(Role.OWNER, other_organisation).get(
        f"/app/{other_organisation.slug}/quality/reports/{report.number}/file"
    )

    assert mine.content == PDF
    assert "no-store" in mine["Cache-Control"]
    assert theirs.status_code == 404


def test_lost_file_is_not_found_rather_than_a_fault(
    actor: Actor, world: World, stranger: Client
) -> None:
    report = _report(actor, data=PDF.replace(b"1.7", b"1.6"))
    path_of(actor.organisation_id, report.sha256).unlink()

    assert stranger.get(report.public_path).status_code == 404


def test_report_is_hidden_shown_and_revoked_from_its_page(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    client, report = client_as(Role.QUALITY), _report(actor)
    page = f"{BASE}/reports/{report.number}"

    client.post(f"{page}/show", {"shown": "no"})
    assert client.get(report.public_path).status_code == 404
    client.post(f"{page}/show", {"shown": "yes"})
    assert client.get(report.public_path).status_code == 200
    assert client.post(f"{page}/revoke", {"reason": ""}).status_code == 422
    client.post(f"{page}/revoke", {"reason": "Mixed up"})
    assert client.get(report.public_path).status_code == 404
    assert "Mixed up" in client.get(f"{page}/").content.decode()
    assert client.post(f"{page}/revoke", {"reason": "Again"}).status_code == 422


def test_complaint_leads_to_journey_lot_and_material_lots(
    world: World, client_as: MakeClient
) -> None:
    client = client_as(Role.CUSTOMER_SERVICE)

    answer = client.post(
        f"{BASE}/complaints/new/",
        {
            "text": "It smells.",
            "target": item(1),
            "channel": "phone",
            "reporter_name": "王小明",
            "reporter_contact": "139",
        },
        follow=True,
    )

    page = answer.content.decode()
    assert "L-A" in page
    assert "M-1" in page
    assert "M-2" not in page
    assert "王小明" in page
    assert answer["Cache-Control"] == "no-store"


def test_complaint_with_a_malformed_field_comes_back(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)

    empty = client.post(f"{BASE}/complaints/new/", {"text": "", "channel": "phone"})
    early = client.post(
        f"{BASE}/complaints/new/",
        {"text": "x", "channel": "phone", "reported_at": "2999-01-01T00:00"},
    )

    assert (empty.status_code, early.status_code) == (422, 422)
    assert not Complaint.objects.exists()


def test_reporter_is_shown_only_to_those_who_answer(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    complaint = file_complaint(actor=actor, text="It smells.", reporter=Reporter("王小明", "139"))
    page = f"{BASE}/complaints/{complaint.number}/"

    assert "王小明" in client_as(Role.QUALITY).get(page).content.decode()
    assert "王小明" not in client_as(Role.AUDITOR).get(page).content.decode()


def test_complaint_is_answered_closed_and_its_reporter_erased(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    number = file_complaint(actor=actor, text="It smells.", reporter=Reporter("王小明")).number
    client, page = client_as(Role.QUALITY), f"{BASE}/complaints/{number}"

    client.post(f"{page}/write", {"kind": "answer", "text": "Sorry"})
    assert Complaint.objects.get().status == "answered"
    client.post(f"{page}/write", {"kind": "close", "text": "Replaced"})
    assert client.post(f"{page}/write", {"kind": "note", "text": "More"}).status_code == 422
    assert client.post(f"{page}/write", {"kind": "note", "text": ""}).status_code == 422
    assert client.post(f"{page}/write", {"kind": "sing", "text": "La"}).status_code == 400
    client.post(f"{page}/erase")
    shown = client.get(f"{page}/").content.decode()
    assert "王小明" not in shown
    assert "Replaced" in shown


def test_complaint_list_filters_and_counts(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    file_complaint(actor=actor, text="It smells.", order_number="ORDER-9")
    client = client_as(Role.AUDITOR)

    assert "ORDER-9" in client.get(f"{BASE}/complaints/?status=open").content.decode()
    assert "ORDER-9" not in client.get(f"{BASE}/complaints/?status=closed").content.decode()
    assert "ORDER-9" in client.get(f"{BASE}/complaints/?status=nonsense").content.decode()


def test_script_in_words_is_shown_as_words(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    number = file_complaint(actor=actor, text="<script>alert(1)</script>", target="<b>x").number

    page = client_as(Role.QUALITY).get(f"{BASE}/complaints/{number}/").content.decode()

    assert "<script>alert" not in page
    assert "<b>x" not in page


@pytest.fixture
def token(actor: Actor) -> dict[str, str]:
    """Return the header of a token that may see and change quality's rows."""
    _, secret = issue_token(
        actor=actor, name="api", scopes=["quality.view", "quality.edit"], expires_at=None
    )
    return {"Authorization": f"Bearer {secret}"}


def test_api_adds_shows_and_revokes_a_report(
    world: World, stranger: Client, token: dict[str, str]
) -> None:
    added = stranger.post("/api/v1/reports", _form(), headers=token)
    number = added.json()["number"]

    assert added.status_code == 201
    assert added.json()["public_path"] == ""
    shown = stranger.post(f"/api/v1/reports/{number}/publish", headers=token).json()
    assert shown["public_path"].startswith("/media/r/")
    stranger.post(f"/api/v1/reports/{number}/unpublish", headers=token)
    revoked = stranger.post(
        f"/api/v1/reports/{number}/revoke",
        {"reason": "Mixed up"},
        content_type="application/json",
        headers=token,
    )
    assert revoked.json()["revoked_reason"] == "Mixed up"
    assert stranger.get(f"/api/v1/reports/{number}", headers=token).json()["number"] == number
    assert stranger.get("/api/v1/reports?shown=revoked", headers=token).json()["total"] == 1


def test_api_refuses_a_hostile_file_with_its_code(
    world: World, stranger: Client, token: dict[str, str]
) -> None:
    answer = stranger.post("/api/v1/reports", _form(b"<html>"), headers=token)
    huge = stranger.post("/api/v1/reports", _form(b"x" * (10 * 2**20 + 1)), headers=token)

    assert (answer.status_code, answer.json()["code"]) == (400, "file_type")
    assert (huge.status_code, huge.json()["code"]) == (400, "file_too_large")


def test_api_takes_complaints_and_gives_no_reporter_out(
    world: World, stranger: Client, token: dict[str, str]
) -> None:
    body = {"text": "It smells.", "target": item(1), "reporter_name": "王小明"}

    filed = stranger.post(
        "/api/v1/complaints", body, content_type="application/json", headers=token
    )
    number = filed.json()["number"]
    noted = stranger.post(
        f"/api/v1/complaints/{number}/notes",
        {"kind": "answer", "text": "Sorry"},
        content_type="application/json",
        headers=token,
    )

    assert (filed.status_code, filed.json()["lot"]) == (201, "L-A")
    assert "王小明" not in filed.content.decode()
    assert noted.json()["status"] == "answered"
    assert stranger.get(f"/api/v1/complaints/{number}", headers=token).status_code == 200
    assert stranger.get("/api/v1/complaints?status=answered", headers=token).json()["total"] == 1
    erased = stranger.delete(f"/api/v1/complaints/{number}/reporter", headers=token)
    assert erased.status_code == 204
    assert Complaint.objects.get().reporter is None


def test_further_files_and_items_come_with_a_report(world: World, client_as: MakeClient) -> None:
    client = client_as(Role.QUALITY)
    form = {**_form(), "target_kind": "items", "lot": "", "items": "1\n5 … 7", "publish": "on"}
    form["more"] = [
        SimpleUploadedFile("a.png", picture(), "image/png"),
        SimpleUploadedFile("b.jpg", picture("JPEG"), "image/jpeg"),
    ]

    page = client.post(f"{BASE}/reports/new/", form, follow=True).content.decode()

    report = InspectionReport.objects.get()
    assert report.item_count == 4
    assert "5 … 7" in page
    second = client.get(f"{BASE}/reports/{report.number}/files/2")
    assert (second.status_code, second.content) == (200, picture())
    assert "sandbox" in second["Content-Security-Policy"]
    assert client.get(f"{BASE}/reports/{report.number}/files/9").status_code == 404


def test_fault_in_a_line_of_items_is_told_with_its_line(
    world: World, client_as: MakeClient
) -> None:
    form = {**_form(), "target_kind": "items", "items": "1\n999"}

    answer = client_as(Role.QUALITY).post(f"{BASE}/reports/new/", form, HTTP_ACCEPT_LANGUAGE="en")

    assert answer.status_code == 422
    assert "No. 2: 999" in answer.content.decode()


def test_too_many_and_too_large_uploads_are_refused_before_they_are_read(
    world: World, client_as: MakeClient
) -> None:
    client = client_as(Role.QUALITY)
    many = [SimpleUploadedFile(f"{n}.png", picture(), "image/png") for n in range(10)]
    large = SimpleUploadedFile("a.jpg", b"x" * (8 * 2**20 + 1), "image/jpeg")

    report = client.post(f"{BASE}/reports/new/", {**_form(), "more": many})
    complaint = client.post(
        f"{BASE}/complaints/new/", {"text": "Bad", "channel": "phone", "pictures": [large]}
    )

    assert (report.status_code, complaint.status_code) == (422, 422)
    assert not InspectionReport.objects.exists()
    assert not Complaint.objects.exists()


def test_picture_of_a_complaint_is_for_members_alone_and_never_cached(
    actor: Actor,
    other_organisation: Organisation,
    world: World,
    client_as: MakeClient,
    stranger: Client,
) -> None:
    client = client_as(Role.QUALITY)
    sent = {"text": "Bad", "channel": "phone", "pictures": SimpleUploadedFile("a.png", picture())}
    client.post(f"{BASE}/complaints/new/", sent)
    number = Complaint.objects.get().number
    path = f"{BASE}/complaints/{number}/pictures/1"

    answer = client.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert stranger.get(path).status_code == 302
    theirs = path.replace("/mingqian/", f"/{other_organisation.slug}/")
    assert client_as(Role.OWNER, other_organisation).get(theirs).status_code == 404


def test_failed_report_is_told_at_its_lot_and_offers_a_recall(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    report = _report(actor, result="fail", title="Mould found")
    client = client_as(Role.QUALITY)
    places = {"org": "mingqian", "gtin": GTIN}
    at_lot = client.get(reverse("trace:lot", kwargs={**places, "lot": "L-A"})).content.decode()
    at_item = client.get(reverse("trace:item", kwargs={**places, "serial": "5"})).content.decode()
    at_report = client.get(f"{BASE}/reports/{report.number}/").content.decode()

    for page in (at_lot, at_item, at_report):
        assert "Mould found" in page
        assert "recalls/new/?start=" in page
    untouched = client.get(reverse("trace:lot", kwargs={**places, "lot": "L-C"}))
    assert "Mould found" not in untouched.content.decode()


def test_sisters_of_a_complaint_are_listed(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    number = file_complaint(actor=actor, text="Bad", target=item(4)).number
    client = client_as(Role.CUSTOMER_SERVICE)

    page = client.get(f"{BASE}/complaints/{number}/").content.decode()
    listed = client.get(f"{BASE}/complaints/{number}/sisters/lot/")

    assert f"{BASE}/complaints/{number}/sisters/lot/" in page
    assert listed.status_code == 200
    assert ">5</a>" in listed.content.decode()
    assert client.get(f"{BASE}/complaints/{number}/sisters/nothing/").status_code == 404
