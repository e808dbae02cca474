"""Pages of readers, through the browser's requests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from suyuan.docks.models import ReadBatch, Reader
from suyuan.docks.services import take_reads
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors import links
from suyuan.kernel.clock import held_at
from suyuan.masterdata.models import Location
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.docks_world import FOREIGN, START, report, seen
from tests.recall_world import open_approved

APP = "/app/mingqian/docks"
NEW = {
    "code": "GATE-9",
    "name": "九号门",
    "location_code": "DOCK-1",
    "purpose": "passage",
    "inner_antennas": "1、2",
    "window_seconds": "10",
    "least_reads": "2",
    "least_rssi": "-65",
}


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    return client_as(Role.OWNER)


def test_the_list_says_what_to_do_when_there_is_nothing(owner: Client) -> None:
    page = owner.get(f"{APP}/")
    assert page.status_code == 200
    assert f"{APP}/new/" in page.text


def test_without_a_location_the_form_leads_to_locations(owner: Client) -> None:
    assert "/app/mingqian/locations/" in owner.get(f"{APP}/new/").text


def test_a_passage_is_set_up_and_changed(owner: Client, dock: Location) -> None:
    made = owner.post(f"{APP}/new/", NEW)
    assert made["Location"] == f"{APP}/readers/GATE-9/"
    reader = Reader.objects.get()
    assert (reader.inner_antennas, reader.least_rssi) == ([1, 2], -65)
    form = owner.get(f"{APP}/readers/GATE-9/edit/").context["form"]
    assert form.initial["inner_antennas"] == "1, 2"
    sent = {**NEW, "purpose": "zone", "inner_antennas": "", "active": ""}
    assert owner.post(f"{APP}/readers/GATE-9/edit/", sent).status_code == 302
    assert Reader.objects.values_list("purpose", "active").get() == ("zone", False)
    assert "已停用" in owner.get(f"{APP}/").text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"inner_antennas": ""}, "inner_antennas"),
        ({"inner_antennas": "x"}, "inner_antennas"),
        ({"code": "九号"}, "code"),
        ({"window_seconds": "100000"}, "window_seconds"),
        ({"least_rssi": "5"}, "least_rssi"),
        ({"location_code": "NOWHERE"}, "location_code"),
    ],
)
def test_what_is_refused_is_said_at_its_field(
    owner: Client, dock: Location, more: dict[str, str], field: str
) -> None:
    page = owner.post(f"{APP}/new/", {**NEW, **more})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Reader.objects.exists()


def test_a_readers_page_shows_what_is_in_its_field_and_what_it_told(
    owner: Client, actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    batch = take_reads(actor=actor, reader_code="IN-1", report=seen([*tags[:3], FOREIGN]))
    page = owner.get(f"{APP}/readers/IN-1/").text
    assert f"/app/mingqian/events/{batch.events[0]}/" in page
    assert page.count("/app/mingqian/items/") == 3
    assert FOREIGN in page
    assert "别人的" in page or "他人" in page
    assert "http://testserver/api/v1/docks/readers/IN-1/reads" in page
    stays = owner.get(f"{APP}/readers/IN-1/stays/?outcome=present&q={FOREIGN[:8].lower()}")
    assert stays.text.count(FOREIGN) == 1
    assert tags[0] not in stays.text


def test_the_living_part_is_left_alone_until_something_changes(
    owner: Client, actor: Actor, receiving: Reader, tags: list[str]
) -> None:
    for whole, part in ((f"{APP}/", "live"), (f"{APP}/readers/IN-1/", "live")):
        shown = owner.get(whole).context["shown"]
        assert owner.get(f"{whole}{part}?shown={shown}").status_code == 204
    take_reads(actor=actor, reader_code="IN-1", report=seen(tags[:1]))
    fresh = owner.get(f"{APP}/readers/IN-1/live?shown=0")
    assert fresh.status_code == 200
    assert "<html" not in fresh.text


def test_a_pasted_report_is_taken_and_a_wrong_one_named(
    owner: Client, receiving: Reader, tags: list[str]
) -> None:
    done = owner.post(f"{APP}/readers/IN-1/try", {"report": seen(tags[:2]).decode()}, follow=True)
    assert "2 次读取" in done.text
    wrong = report({"epc": tags[0]}, {"epc": "XYZ"}).decode()
    page = owner.post(f"{APP}/readers/IN-1/try", {"report": wrong})
    assert page.status_code == 422
    assert "/reads/1/epc" in str(page.context["form"].errors["report"])
    assert "XYZ" in page.context["form"]["report"].value()
    assert ReadBatch.objects.count() == 1


def test_who_may_only_look_sees_no_forms(client_as: MakeClient, receiving: Reader) -> None:
    page = client_as(Role.AUDITOR).get(f"{APP}/readers/IN-1/")
    assert page.status_code == 200
    assert "/try" not in page.text
    assert "/edit/" not in page.text


def test_an_open_door_page_is_told_when_what_stands_there_is_recalled(
    owner: Client,
    client_as: MakeClient,
    actor: Actor,
    shipping: Reader,
    tags: list[str],
    active_order: CodeOrder,
) -> None:
    with held_at(START + timedelta(seconds=1)):
        take_reads(actor=actor, reader_code="OUT-1", report=seen(tags[:2]))
    page = owner.get(f"{APP}/readers/OUT-1/")
    assert 'role="alert"' not in page.text
    live = f"{APP}/readers/OUT-1/live?shown={page.context['shown']}"
    assert owner.get(live).status_code == 204
    (bad,) = links(active_order, count=1)
    case = open_approved(actor, bad)
    alarm = owner.get(live)
    assert alarm.status_code == 200
    assert "请拦截：此处有 1 个召回单元" in alarm.text
    stopped = alarm.text.partition('role="alert"')[2].partition("</section>")[0]
    serial = bad.rpartition("/")[2]
    assert case.number in stopped
    assert serial in stopped
    assert stopped.count("<li>") == 1
