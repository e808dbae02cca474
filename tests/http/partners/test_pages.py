"""Facts about partners' pages over HTTP: what a factory's person can do and see, and no more."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from suyuan.capture.models import CaptureJob, StoredEvent
from suyuan.capture.services import capture_document, capture_events
from suyuan.masterdata.services import create_location, create_party
from suyuan.partners.deliveries import twin_of
from suyuan.partners.delivery import check_delivery
from suyuan.partners.models import Partner, ShareRule
from suyuan.partners.services import connect_partner, share, unshare
from suyuan.partners.services.sharing import Limits
from suyuan.tenancy.models import ApiToken, Invitation, Membership
from suyuan.tenancy.rights import Role
from suyuan.web.partners.samples import FORMS, MARK, SAMPLES
from tests.conftest import MakeClient
from tests.partners_world import ELSEWHERE, Workshop

pytestmark = pytest.mark.django_db


def page(name: str, /, **arguments: object) -> str:
    return reverse(f"partners:{name}", kwargs={"org": "mingqian", **arguments})


def stored(workshop: Workshop) -> int:
    return StoredEvent.objects.filter(organisation_id=workshop.actor.organisation_id).count()


def secret_in(text: str) -> str:
    return "syn_" + text.partition('data-copy="syn_')[2].partition('"')[0]


def test_signing_in_leads_a_partner_to_its_own_page_and_nowhere_else(workshop: Workshop) -> None:
    client = workshop.client()
    for path in ("/app/mingqian/", "/app/mingqian/step/plan/", "/app/mingqian/search/?q=1"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"] == page("start")
    for name in ("index", "new", "sandbox"):
        assert client.get(page(name)).status_code == 403
    assert client.get("/app/mingqian/events/").status_code == 403
    text = client.get(page("start")).content.decode()
    assert "data-search-box" not in text
    assert 'href="/app/mingqian/products/"' not in text


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("form", FORMS)
def test_every_example_is_told_in_every_form(workshop: Workshop, name: str, form: str) -> None:
    answer = workshop.client().get(page("check"), {"sample": name, "form": form})
    told = answer.context["told"]
    assert answer.status_code == 200
    assert told.verdict == ("bad" if name == "mistakes" else "good")
    assert len(told.wrong) == (4 if name == "mistakes" else 0)
    assert all(one.line and one.advice for one in told.wrong if one.code != "sscc_check_digit")
    if name == "make":
        assert [one.name for one in told.goods] == ["明前龙井 50 克"]
        assert {one.name for one in told.places} == {"龙坞车间"}


def test_a_document_is_checked_and_nothing_is_stored(workshop: Workshop) -> None:
    wrong = {**workshop.made(5), "bizStep": "shiping"}
    away = workshop.made(2, read_point=ELSEWHERE, location=ELSEWHERE)
    text = workshop.text(workshop.made(), wrong, away)
    answer = workshop.client().post(page("check"), {"document": text})
    told = answer.context["told"]
    assert told.verdict == "partly"
    assert (told.rehearsal.new, told.rehearsal.refused) == (1, 2)
    assert [(one.code, one.count) for one in told.wrong] == [
        ("unknown_step", 1),
        ("delivery_place", 2),
    ]
    assert "shipping" in told.wrong[0].advice
    assert "3 × 明前龙井 50 克" in told.events[0].sentence
    assert stored(workshop) == 0
    assert not CaptureJob.objects.exists()


def test_a_file_is_checked_as_what_it_is(workshop: Workshop) -> None:
    client = workshop.client()
    for content, code in (
        (b"PK\x03\x04zip", "looks_like_zip"),
        ("批次,数量".encode(), "looks_like_text"),
        (b"", "looks_like_empty"),
        (b'{"type": "EPCISDocument",}', "json_trailing_comma"),
    ):
        file = SimpleUploadedFile("events.json", content)
        told = client.post(page("check"), {"file": file}).context["told"]
        assert [one.code for one in told.wrong] == [code]
        assert told.verdict == "unreadable"


def test_a_large_document_is_told_and_not_carried_in_the_page(workshop: Workshop) -> None:
    body = workshop.text().encode() + b" " * 700_000
    file = SimpleUploadedFile("events.json", body)
    answer = workshop.client().post(page("check"), {"file": file})
    assert answer.context["told"].verdict == "good"
    assert not answer.context["carried"]
    assert len(answer.content) < 200_000


def test_what_is_sent_to_the_sandbox_stays_there(workshop: Workshop) -> None:
    client = workshop.client()
    answer = client.post(page("send"), {"document": workshop.text(), "where": "sandbox"})
    assert answer.status_code == 302
    assert stored(workshop) == 0
    twin = twin_of(workshop.partner)
    assert twin is not None
    assert StoredEvent.objects.filter(organisation_id=twin.organisation_id).count() == 1
    shown = client.get(answer["Location"])
    assert shown.status_code == 200
    assert [line.place for line in shown.context["lines"]] == ["龙坞车间"]
    assert client.get(answer["Location"].partition("?")[0]).status_code == 404
    listed = client.get(page("deliveries"), {"in": "sandbox"})
    assert len(listed.context["page"].object_list) == 1
    assert not client.get(page("deliveries")).context["page"].object_list


def test_what_is_sent_for_real_is_stored_once_for_the_partner(workshop: Workshop) -> None:
    client = workshop.client()
    for _ in range(2):
        answer = client.post(page("send"), {"document": workshop.text(), "where": "real"})
        assert client.get(answer["Location"]).status_code == 200
    assert stored(workshop) == 1
    assert {job.holder for job in CaptureJob.objects.all()} == {workshop.partner.id}
    assert client.get(page("start")).context["real"].events == 1
    seen = client.get(page("shared")).context["page"].lines
    assert [line.goods for line in seen] == ["明前龙井 50 克 W000"]


def test_a_faulty_document_is_sent_only_with_the_word_to_proceed(workshop: Workshop) -> None:
    client = workshop.client()
    text = workshop.text(workshop.made(), {**workshop.made(5), "bizStep": "shiping"})
    answer = client.post(page("send"), {"document": text, "where": "real"})
    assert answer.status_code == 200
    assert answer.context["told"].verdict == "partly"
    assert stored(workshop) == 0
    answer = client.post(page("send"), {"document": text, "where": "real", "proceed": "yes"})
    assert answer.status_code == 302
    assert stored(workshop) == 1
    assert len(client.get(answer["Location"]).context["faults"]) == 1


def test_an_example_and_an_empty_document_are_not_stored_for_real(workshop: Workshop) -> None:
    client = workshop.client()
    text = workshop.text().replace("W000", f"{MARK}1")
    for document in (text, "  "):
        answer = client.post(page("send"), {"document": document, "where": "real"})
        assert answer.status_code == 200
    assert stored(workshop) == 0
    assert client.post(page("send"), {"document": text, "where": "sandbox"}).status_code == 302


def test_a_partner_makes_its_own_token_which_is_shown_once(workshop: Workshop) -> None:
    client = workshop.client()
    for where, here in (("sandbox", False), ("real", True)):
        answer = client.post(page("own_token"), {"name": "ERP", "life": "90", "where": where})
        assert answer["Cache-Control"] == "no-store"
        secret = secret_in(answer.content.decode())
        machine = Client(headers={"Authorization": f"Bearer {secret}"})
        sent = machine.post("/epcis/v2/capture", workshop.text(), content_type="application/json")
        assert sent.status_code == 202, sent.content
        assert bool(stored(workshop)) is here
        asked = machine.post("/api/v1/rehearsals", workshop.text(), content_type="application/json")
        assert asked.json()["duplicates"] == 1
        assert secret not in client.get(page("start")).content.decode()
    token = ApiToken.objects.get(organisation_id=workshop.actor.organisation_id)
    assert client.post(page("own_revoke", token_id=token.id)).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_api_tells_faults_with_line_and_column(workshop: Workshop) -> None:
    text = workshop.text({**workshop.made(), "bizStep": "shiping"})
    client = workshop.client()
    secret = secret_in(
        client.post(page("own_token"), {"name": "ERP", "where": "real"}).content.decode()
    )
    machine = Client(headers={"Authorization": f"Bearer {secret}"})
    answer = machine.post("/api/v1/rehearsals", text, content_type="application/json")
    assert answer.status_code == 200
    value = answer.json()
    (fault,) = value["faults"]
    assert not value["accepted"]
    assert fault["code"] == "unknown_step"
    assert text.split("\n")[fault["line"] - 1][fault["column"] - 1 :].startswith('"bizStep"')


def test_a_partner_sees_what_is_shared_with_it_and_nothing_beside(workshop: Workshop) -> None:
    away = workshop.made(2, read_point=ELSEWHERE, location=ELSEWHERE)
    own = workshop.made(1)
    capture_events(actor=workshop.actor, events=[away, own], source="tests")
    client = workshop.client()
    assert client.get(page("shared")).context["page"].lines == []
    share(actor=workshop.actor, code="FAB", limits=Limits(own_places=True))
    shown = client.get(page("shared"))
    assert [line.seq for line in shown.context["page"].lines] == [2]
    (address,) = re.findall(r'"(/app/[^"]+/document\.json)"', shown.content.decode())
    document = client.get(address)
    assert document.json()["readPoint"]["id"] == workshop.plant.identifier
    for number in ("1", "2", "x", str(10**30)):
        assert client.get(page("shared_document", number=number)).status_code == 404
    unshare(actor=workshop.actor, code="FAB", number=1)
    assert client.get(address).status_code == 404


def test_another_partners_delivery_looks_like_none(workshop: Workshop) -> None:
    create_party(actor=workshop.actor, code="OTHER", kind="factory", name_zh="别家")
    other = connect_partner(actor=workshop.actor, party="OTHER")
    there = replace(workshop.speaker, holder=other.id)
    location = create_location(
        actor=workshop.actor, code="P2", kind="factory", name_zh="别处", party="OTHER"
    )
    event = workshop.made(1, read_point=location.identifier, location=location.identifier)
    done = capture_document(
        actor=there, body=workshop.text(event).encode(), source="tests", check=check_delivery
    )
    client = workshop.client()
    assert client.get(page("delivery", job_id=done.job_id)).status_code == 404
    assert client.get(page("delivery", job_id=10**30)).status_code == 404
    assert client.get(page("shared")).context["page"].lines == []


def test_whether_a_strange_place_is_known_is_not_told_to_a_partner(workshop: Workshop) -> None:
    event = workshop.made(1, destinations=[("location", ELSEWHERE)])
    document = {"document": workshop.text(event)}
    places = workshop.client().post(page("check"), document).context["told"].places
    assert {one.name: one.known for one in places} == {"龙坞车间": True, "9521234000105": None}


def test_the_brands_own_people_check_and_store_documents(
    workshop: Workshop, client_as: MakeClient
) -> None:
    client = client_as(Role.PRODUCTION)
    text = workshop.text(workshop.made(1, read_point=ELSEWHERE, location=ELSEWHERE))
    told = client.post(page("check"), {"document": text}).context["told"]
    assert {one.name for one in told.places} == {"上海一号仓"}
    assert client.get(page("start")).status_code == 200
    answer = client.post(page("send"), {"document": text})
    assert "/jobs/" in answer["Location"]
    assert stored(workshop) == 1
    assert "/jobs/" in client.get(page("deliveries"))["Location"]
    assert "/events/" in client.get(page("shared"))["Location"]
    assert client.post(page("own_token"), {"name": "x"}).status_code == 302
    assert client.post(page("own_revoke", token_id=1)).status_code == 302
    for name, part in (("delivery", {"job_id": 1}), ("shared_document", {"number": "1"})):
        assert client.get(page(name, **part)).status_code == 302


def test_a_brand_connects_shares_invites_and_ends(
    workshop: Workshop, client_as: MakeClient
) -> None:
    client = client_as(Role.OWNER)
    answer = client.post(
        page("new"), {"party": "WMS", "contact": "李经理", "delivery": "own", "steps": ["shipping"]}
    )
    assert answer["Location"] == page("partner", code="WMS")
    assert client.post(page("new"), {"party": "WMS", "delivery": "own"}).status_code == 422
    answer = client.post(
        page("edit", code="WMS"), {"delivery": "all", "contact": "李", "places": ["PLANT"]}
    )
    assert answer.status_code == 302
    assert Partner.objects.get(party__code="WMS").delivery == "all"

    shown = client.post(page("invite", code="WMS"), {"email": "li@wms.example"})
    assert "invitations/" in shown.context["link"]
    client.post(page("withdraw", code="WMS"), {"email": "li@wms.example"})
    assert not Invitation.objects.filter(email="li@wms.example").exists()
    client.post(page("withdraw", code="WMS"), {"email": "li@wms.example"})  # is told, no fault
    assert client.post(page("invite", code="WMS"), {"email": "x"}).status_code == 422

    issued = client.post(page("issue", code="WMS"), {"name": "WMS", "where": "real"})
    assert issued["Cache-Control"] == "no-store"
    token = ApiToken.objects.get(name="WMS")
    client.post(page("revoke", code="WMS", token_id=token.id))
    assert client.post(page("issue", code="WMS"), {"name": ""}).status_code == 422

    client.post(page("remove", code="FAB"), {"email": workshop.user.email})
    assert not Membership.objects.filter(user=workshop.user).exists()
    assert client.get(page("end", code="WMS")).status_code == 200
    client.post(page("end", code="WMS"))
    assert Partner.objects.get(party__code="WMS").ended_at is not None
    assert "上海仓" in client.get(page("index"), {"ended": "1"}).content.decode()


def test_a_rule_is_tried_before_it_is_made(workshop: Workshop, client_as: MakeClient) -> None:
    away = workshop.made(2, read_point=ELSEWHERE, location=ELSEWHERE)
    capture_events(actor=workshop.actor, events=[away, workshop.made(1)], source="tests")
    client = client_as(Role.OWNER)
    rule = {"where": "own", "between": "any", "note": "自己的地点"}
    answer = client.post(page("sharing", code="FAB"), {**rule, "preview": "1"})
    assert [line.seq for line in answer.context["look"].lines] == [2]
    assert not ShareRule.objects.exists()
    assert client.post(page("sharing", code="FAB"), rule).status_code == 302
    answer = client.get(page("sharing", code="FAB"))
    assert [line.seq for line in answer.context["sees"].lines] == [2]
    (told,) = answer.context["rules"]
    assert "合作方自己的地点" in told.phrases[0]
    client.post(page("unshare", code="FAB", number=1))
    assert client.get(page("sharing", code="FAB")).context["sees"].lines == []


def test_a_rule_that_limits_nothing_needs_the_word_everything(
    workshop: Workshop, client_as: MakeClient
) -> None:
    client = client_as(Role.OWNER)
    rule = {"where": "any", "between": "any"}
    assert client.post(page("sharing", code="FAB"), rule).status_code == 422
    listed = {"where": "listed", "between": "listed"}
    answer = client.post(page("sharing", code="FAB"), listed)
    assert set(answer.context["form"].errors) == {"places", "parties"}
    limits = {
        "where": "listed",
        "places": ["WH1"],
        "between": "listed",
        "parties": ["WMS"],
        "gtins": [workshop.product.gtin],
        "steps": ["shipping"],
        "since": "2026-01-01",
        "until": "2026-01-31",
    }
    assert client.post(page("sharing", code="FAB"), limits).status_code == 302
    (told,) = client.get(page("sharing", code="FAB")).context["rules"]
    assert len(told.phrases) == 6
    assert told.phrases[-1] == "至 2026-01-31"
    assert client.post(page("sharing", code="FAB"), {**rule, "everything": "on"}).status_code == 302


def test_the_sandbox_is_shown_and_emptied(workshop: Workshop, client_as: MakeClient) -> None:
    client = client_as(Role.OWNER)
    assert client.get(page("sandbox")).context["rows"] == []
    assert client.post(page("reset")).status_code == 302  # nothing there, no fault
    workshop.client().post(page("send"), {"document": workshop.text(), "where": "sandbox"})
    ((_, name, tried),) = client.get(page("sandbox")).context["rows"]
    assert (name, tried.events) == ("龙坞茶厂", 1)
    client.post(page("reset"))
    ((_, _, tried),) = client.get(page("sandbox")).context["rows"]
    assert tried.events == 0


def test_programs_are_saved_with_the_installations_address(workshop: Workshop) -> None:
    client = workshop.client()
    answer = client.get(page("program", name="python"))
    assert 'filename="capture.py"' in answer["Content-Disposition"]
    assert "suyuan.example" not in answer.content.decode()
    assert client.get(page("program", name="cobol")).status_code == 404
    assert client.get(page("programs"), {"program": "java"}).context["program"].name == "java"


def test_json_of_the_page_is_the_document_that_was_sent(workshop: Workshop) -> None:
    text = workshop.text()
    answer = workshop.client().post(page("check"), {"document": text.replace("\n", "\r\n")})
    assert answer.context["form"]["document"].value() == text
    assert json.loads(text)
