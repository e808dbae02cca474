"""Complaints and who made them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from suyuan.kernel import clock, secretbox
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.quality import selectors
from suyuan.quality.errors import ComplaintClosed
from suyuan.quality.models import Complaint
from suyuan.quality.reporters import Reporter, reporter_of
from suyuan.quality.services import (
    add_note,
    answer_complaint,
    close_complaint,
    erase_reporter,
    file_complaint,
    file_public_complaint,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import DEFAULT_GRANTS, Role
from tests.recall_world import GTIN, MOVING_PARCEL, World, item, lot

if TYPE_CHECKING:
    from pytest_django import Settings

WANG = Reporter(name="王小明", contact="139 1234 5678")


def _file(actor: Actor, **more: object) -> Complaint:
    given = {"text": "It smells of petrol.", "target": item(1), "reporter": WANG, **more}
    return file_complaint(actor=actor, **given)  # type: ignore[arg-type]


def test_item_of_a_complaint_leads_to_its_lot(actor: Actor, world: World) -> None:
    complaint = _file(actor)

    assert (complaint.identity, complaint.gtin, complaint.lot) == (item(1), GTIN, "L-A")
    assert complaint.number.endswith("-0001")


@pytest.mark.parametrize(
    ("text", "identity", "code"),
    [
        (f"(01){GTIN}(21)101", item(101), "L-B"),
        (lot("L-C"), lot("L-C"), "L-C"),
        ("L-C", lot("L-C"), "L-C"),
        ("102", item(102), "L-B"),
        (GTIN, f"https://id.gs1.org/01/{GTIN}", ""),
        ("9521234000013", f"https://id.gs1.org/01/{GTIN}", ""),
        (item(999), item(999), ""),
        (MOVING_PARCEL, MOVING_PARCEL, ""),
        ("the green tin", "", ""),
        ("urn:example:thing", "", ""),
        ("", "", ""),
    ],
)
def test_target_is_read_in_any_form_and_words_are_kept(
    actor: Actor, world: World, text: str, identity: str, code: str
) -> None:
    complaint = _file(actor, target=text)

    assert (complaint.target, complaint.identity, complaint.lot) == (text, identity, code)


def test_reporter_is_not_stored_in_the_clear(actor: Actor, world: World) -> None:
    _file(actor)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM quality_complaint")
        stored = b" ".join(
            bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
            for cell in cursor.fetchone()
        )
    assert WANG.name.encode() not in stored
    assert WANG.contact.encode() not in stored
    assert reporter_of(Complaint.objects.get()) == WANG


def test_audit_trail_does_not_name_the_reporter_or_their_words(actor: Actor, world: World) -> None:
    number = _file(actor).number
    answer_complaint(actor=actor, number=number, text="Dear 王小明")
    erase_reporter(actor=actor, number=number)

    trail = str(list(AuditEntry.objects.values_list("changes", "object_id", "actor")))
    assert "王小明" not in trail
    assert "petrol" not in trail


def test_erased_reporter_is_gone_and_the_complaint_stays(actor: Actor, world: World) -> None:
    number = _file(actor).number

    erase_reporter(actor=actor, number=number)
    erase_reporter(actor=actor, number=number)

    complaint = Complaint.objects.get()
    assert complaint.reporter is None
    assert complaint.erased_at is not None
    assert not reporter_of(complaint)
    assert complaint.text == "It smells of petrol."
    assert AuditEntry.objects.filter(action="complaint.erase_reporter").count() == 1


def test_complaint_without_reporter_seals_nothing(actor: Actor, world: World) -> None:
    assert _file(actor, reporter=None).reporter is None


def test_reporter_is_readable_after_the_secret_was_rotated(
    actor: Actor, world: World, settings: Settings
) -> None:
    complaint = _file(actor)
    old = settings.SECRET_KEY

    settings.SECRET_KEY = "another secret of the tests, worth as little"
    with pytest.raises(secretbox.SealBroken):
        reporter_of(complaint)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert reporter_of(complaint) == WANG


def test_seal_of_one_purpose_does_not_open_in_another() -> None:
    with pytest.raises(secretbox.SealBroken):
        secretbox.unseal("second", secretbox.seal("first", b"secret"))


def test_answer_and_end_change_the_status_and_are_kept_in_order(actor: Actor, world: World) -> None:
    number = _file(actor).number

    add_note(actor=actor, number=number, text="Ask the warehouse")
    assert answer_complaint(actor=actor, number=number, text="Sorry").status == "answered"
    complaint = close_complaint(actor=actor, number=number, text="Replaced")

    assert complaint.status == "closed"
    assert [n.kind for n in selectors.notes_of(complaint)] == ["note", "answer", "close"]
    with pytest.raises(ComplaintClosed):
        add_note(actor=actor, number=number, text="One more")


def test_public_complaint_needs_no_actor_and_says_where_it_came_from(
    actor: Actor, world: World
) -> None:
    complaint = file_public_complaint(
        organisation=actor.organisation, text="Broken seal", target=item(2), reporter=WANG
    )

    assert (complaint.channel, complaint.created_by) == ("consumer_page", "consumer")
    assert complaint.lot == "L-A"


def test_public_complaint_does_not_try_bare_codes(actor: Actor, world: World) -> None:
    complaint = file_public_complaint(
        organisation=actor.organisation, text="Broken seal", target="L-A"
    )

    assert complaint.identity == ""


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"target": "x" * 301}, "target"),
        ({"order_number": "a\x00b"}, "order_number"),
        ({"channel": "smoke"}, "channel"),
        ({"reporter": Reporter(name="x" * 81)}, "reporter_name"),
        ({"reporter": Reporter(contact="x" * 121)}, "reporter_contact"),
    ],
)
def test_malformed_complaint_is_refused_with_its_place(
    actor: Actor, change: dict[str, object], place: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _file(actor, **change)

    assert refusal.value.place == place


def test_complaint_of_tomorrow_is_refused(actor: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        _file(actor, reported_at=clock.now() + timedelta(days=1))

    assert refusal.value.code == "time_in_future"


def test_other_organisations_complaint_does_not_exist(
    actor: Actor, other_actor: Actor, world: World
) -> None:
    number = _file(actor).number

    for act in (add_note, answer_complaint, close_complaint):
        with pytest.raises(NotFound):
            act(actor=other_actor, number=number, text="Mine")
    with pytest.raises(NotFound):
        erase_reporter(actor=other_actor, number=number)


def test_complaints_about_a_lot_are_found_and_counted(actor: Actor, world: World) -> None:
    for serial in (1, 2, 101):
        _file(actor, target=item(serial))

    here = actor.organisation_id
    assert selectors.complaints_about(here, GTIN).count() == 3
    assert selectors.complaints_about(here, GTIN, "L-A").count() == 2
    assert selectors.complaint_counts(here) == {"open": 3, "answered": 0, "closed": 0}
    assert selectors.list_complaints(here, text="petrol", status="open").count() == 3
    assert selectors.list_complaints(here, text="王").count() == 0


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE, Role.MARKETING])
def test_roles_without_the_right_write_nothing(actor: Actor, world: World, role: Role) -> None:
    number = _file(actor).number
    weak = replace(actor, rights=DEFAULT_GRANTS[role])

    with pytest.raises(Forbidden):
        _file(weak)
    with pytest.raises(Forbidden):
        erase_reporter(actor=weak, number=number)
    with pytest.raises(Forbidden):
        answer_complaint(actor=weak, number=number, text="No")
