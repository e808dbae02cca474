"""Pages of notices: what each shows and refuses; the public's need no cookie and tell no secret."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.recalls.hold import hold_all
from suyuan.recalls.models import CaseStatus, Notice, NoticeTemplate, RecallCase
from suyuan.recalls.notices.announcing import announcement_of, set_announcement
from suyuan.recalls.notices.links import token_of
from suyuan.recalls.notices.preparing import import_contacts
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.notice_world import Noticed, make_case
from tests.recall_world import item

APP = "/app/mingqian/recalls"
LIST = "order,email,name\nORDER-1,li@buyer.example,李雷\n"

pytestmark = pytest.mark.django_db


def answer_path(recipient: str = "order:ORDER-1") -> str:
    row = Notice.objects.get(recipient=recipient)
    return f"/recall/a/{token_of(row.organisation_id, row.id)}/"


def public_path(case: RecallCase) -> str:
    return f"/recall/{announcement_of(case).public_id}/"


def test_contact_list_is_taken_in_and_no_list_shows_anybodys_contact(
    noticed: Noticed, client_as: MakeClient
) -> None:
    client = client_as(Role.QUALITY)
    here = f"{APP}/{noticed.number}/notices/"
    file = SimpleUploadedFile("list.csv", LIST.encode())
    answer = client.post(f"{here}contacts", {"file": file}, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "li@buyer.example" not in page
    assert "李雷" not in page
    lines = b"".join(client.get(f"{APP}/{noticed.number}/notices.csv").streaming_content)  # type: ignore[attr-defined]
    assert b"buyer.example" not in lines


def test_faulty_contact_list_names_its_row(noticed: Noticed, client_as: MakeClient) -> None:
    file = SimpleUploadedFile("list.csv", b"order,email\nORDER-1,a@b.example\nX,nobody\n")
    answer = client_as(Role.OWNER).post(f"{APP}/{noticed.number}/notices/contacts", {"file": file})
    assert answer.status_code == 422
    assert "第 3 行" in answer.content.decode()


def test_who_only_looks_sees_neither_letters_nor_contacts(
    noticed: Noticed, actor: Actor, client_as: MakeClient
) -> None:
    import_contacts(actor=actor, number=noticed.number, body=LIST.encode())
    row = Notice.objects.get(recipient="order:ORDER-1")
    page = client_as(Role.AUDITOR).get(f"{APP}/{noticed.number}/notices/{row.number}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "li@buyer.example" not in text
    assert "/recall/a/" not in text


def test_file_of_notices_runs_nothing_in_a_spreadsheet(
    noticed: Noticed, client_as: MakeClient
) -> None:
    answer = client_as(Role.OWNER).get(f"{APP}/{noticed.number}/notices.csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(body)))
    by_order = {row["订单号"]: row for row in rows}
    assert by_order["'=ORDER-2"]["序列号"] == "2 3"
    assert by_order["ORDER-1"]["批次"] == "L-A"
    assert len(rows) == 5


def test_file_for_uploading_has_the_words_and_is_for_those_who_act(
    noticed: Noticed, client_as: MakeClient
) -> None:
    path = f"{APP}/{noticed.number}/notices/upload.csv?channel=marketplace"
    answer = client_as(Role.OWNER).get(path)
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "【明前茶业】召回通知" in body
    assert "/recall/a/" in body
    assert client_as(Role.AUDITOR).get(path).status_code == 403
    assert client_as(Role.OWNER).get(path.replace("marketplace", "pigeon")).status_code == 400


def test_counter_takes_one_scan_and_a_list(noticed: Noticed, client_as: MakeClient) -> None:
    client = client_as(Role.WAREHOUSE)
    path = f"{APP}/{noticed.number}/returns/"
    one = client.post(path, {"code": item(1), "location": "WH-1"})
    assert "召回商品，已收回" in one.content.decode()
    listed = client.post(
        path, {"many": "1", "code": f"{item(1)}\n{item(2)}\nx", "location": "WH-1"}
    )
    text = listed.content.decode()
    assert "核对结果" in text
    assert "查无此码" in text
    refused = client.post(path, {"code": item(3), "location": "NOWHERE"})
    assert refused.status_code == 422


def test_template_names_the_place_of_an_unknown_placeholder(
    noticed: Noticed, client_as: MakeClient
) -> None:
    client = client_as(Role.OWNER)
    path = f"{APP}/messages/buyer/zh-hans/"
    bad = client.post(path, {"subject": "x", "body": "您好\n订单 {ordr}\n{link}"})
    assert bad.status_code == 422
    assert "第 2 行第 4 列" in bad.content.decode()
    looked = client.post(path, {"subject": "s", "body": "订单 {order}：{link}", "look": "1"})
    assert "订单 =ORDER-2：http" in looked.content.decode()
    assert not NoticeTemplate.objects.exists()
    client.post(path, {"subject": "s", "body": "订单 {order}：{link}"})
    assert NoticeTemplate.objects.get().version == 1
    assert client.get(f"{APP}/messages/nothing/en/").status_code == 404


def test_a_doors_secret_is_shown_once(noticed: Noticed, client_as: MakeClient) -> None:
    client = client_as(Role.OWNER)
    made = client.post(
        f"{APP}/messages/door", {"channel": "sms", "url": "https://sms.example/send"}
    )
    assert "sy-secret" in made.content.decode()
    assert "sy-secret" not in client.get(f"{APP}/messages/").content.decode()
    bad = client.post(f"{APP}/messages/door", {"channel": "sms", "url": "https://10.0.0.1/"})
    assert bad.status_code == 422


def test_public_notice_is_there_for_everyone_after_approval_alone(actor: Actor) -> None:
    noticed = make_case(actor, approved=False)
    path = public_path(noticed.case)
    assert Client().get(path).status_code == 404
    RecallCase.objects.update(status=CaseStatus.APPROVED)
    answer = Client().get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert "<script" not in text
    assert "L-A" in text
    assert "ORDER" not in text
    assert "Recall notice" in Client().get(f"{path}?lang=en").content.decode()
    RecallCase.objects.update(status=CaseStatus.WITHDRAWN)
    assert Client().get(path).status_code == 404


def test_answer_page_takes_one_answer_for_all_or_numbers(noticed: Noticed) -> None:
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(answer_path())
    assert page.status_code == 200
    assert not page.cookies
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert stranger.post(answer_path(), {"all": "used"}).status_code == 200
    assert Notice.objects.get(recipient="order:ORDER-1").answer == {"used": 1}
    split = answer_path("party:D-1")
    assert stranger.post(split, {"have": "2", "sent_back": "1"}).status_code == 200
    assert Notice.objects.get(recipient="party:D-1").answer == {"have": 2, "sent_back": 1}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"all": "eaten"},
        {"have": "99"},
        {"have": "-1"},
        {"have": "9" * 400},
        {"have": "one"},
        {"all": "x" * 100_000},
        {"have": "1", "used": "1"},
    ],
)
def test_hostile_answers_are_refused_and_change_nothing(
    noticed: Noticed, data: dict[str, str]
) -> None:
    assert Client().post(answer_path(), data).status_code == 422
    assert not Notice.objects.filter(answered_at__isnull=False).exists()


def test_guessing_links_is_slowed_down_and_real_ones_still_open(noticed: Noticed) -> None:
    stranger = Client()
    for number in range(60):
        assert stranger.get(f"/recall/a/{'A' * 40}{number:03d}/").status_code == 404
    slowed = stranger.get(f"/recall/a/{'A' * 43}/")
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"]
    assert stranger.get(answer_path()).status_code == 200


def test_answers_by_one_link_are_limited_and_others_of_its_gateway_are_not(
    noticed: Noticed,
) -> None:
    stranger = Client()
    codes = [stranger.post(answer_path(), {"all": "have"}).status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]
    assert stranger.post(answer_path("party:D-1"), {"all": "have"}).status_code == 200


def test_hotline_and_advice_are_escaped(noticed: Noticed, actor: Actor) -> None:
    set_announcement(
        actor=actor, number=noticed.number, hotline="<b>400</b>", advice_zh="<script>x</script>"
    )
    for path in (public_path(noticed.case), answer_path()):
        text = Client().get(path).content.decode()
        assert "<b>400" not in text
        assert "<script" not in text


def test_consumers_page_of_an_affected_lot_leads_to_the_public_notice(
    noticed: Noticed, actor: Actor
) -> None:
    hold_all(actor=actor, case=noticed.case)
    page = Client().get("/01/09521234000013/10/L-A").content.decode()
    assert public_path(noticed.case) in page
