"""How recipients can be reached: read strictly, sealed, erased for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.recalls.models import CaseStatus, Notice
from suyuan.recalls.notices.answering import open_answer
from suyuan.recalls.notices.contacts import Contact, contact_in, opened
from suyuan.recalls.notices.errors import AnswersOver
from suyuan.recalls.notices.facts import contact_of
from suyuan.recalls.notices.forgetting import forget_contacts
from suyuan.recalls.notices.links import token_of
from suyuan.recalls.notices.preparing import import_contacts, prepare_notices, set_contact
from suyuan.recalls.notices.rounds import sweep
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from tests.notice_world import Noticed

LIST = "order,email,name\nORDER-1,li@buyer.example,李雷\nORDER-99,stranger@buyer.example,路人\n"


def test_rows_of_affected_parcels_are_sealed_and_others_are_nowhere(
    noticed: Noticed, actor: Actor
) -> None:
    done = import_contacts(actor=actor, number=noticed.number, body=LIST.encode())
    assert (done.rows, done.matched, done.unmatched) == (2, 1, 1)
    row = Notice.objects.get(recipient="order:ORDER-1")
    assert row.contact is not None
    stored = bytes(row.contact)
    assert b"li@buyer" not in stored
    assert opened(stored) == Contact("李雷", "li@buyer.example", "")
    said = str(list(AuditEntry.objects.values_list("changes", "object_id")))
    assert "buyer.example" not in said
    assert "李雷" not in said


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "file_empty"),
        ("a,b\n1,2\n", "contacts_columns"),
        ("order,name\nORDER-1,x\n", "contacts_columns"),
        ("order,email\n,a@b.example\n", "contact_key"),
        ("order,email\nORDER-1,nobody\n", "contact_email"),
        ("order,email\nORDER-1,a@b.example\nORDER-1,a b@c.example\n", "contact_email"),
        ('order,email\nORDER-1,"a@b.example\nBcc: all@c.example"\n', "contact_email"),
        ("order,phone\nORDER-1,call me\n", "contact_phone"),
        ("order,email,language\nORDER-1,a@b.example,fr\n", "contact_language"),
        (f"order,email,name\nORDER-1,a@b.example,{'x' * 81}\n", "contact_name"),
        (f"order,email\nORDER-1,{'a' * 65}@b.example\n", "contact_email"),
    ],
)
def test_faulty_list_is_refused_whole(noticed: Noticed, actor: Actor, body: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        import_contacts(actor=actor, number=noticed.number, body=body.encode())
    assert caught.value.code == code
    assert not Notice.objects.filter(contact__isnull=False).exists()


def test_waybills_find_buyers_too_and_the_last_row_counts(noticed: Noticed, actor: Actor) -> None:
    body = "运单号,手机\nSF-1,13800000001\nSF-1,+86 138-0000-0002\n"
    assert import_contacts(actor=actor, number=noticed.number, body=body.encode()).matched == 1
    row = Notice.objects.get(recipient="order:ORDER-1")
    assert (contact_of(row).phone, row.channel) == ("+8613800000002", "sms")


def test_contacts_are_forgotten_so_many_days_after_the_end(noticed: Noticed, actor: Actor) -> None:
    import_contacts(actor=actor, number=noticed.number, body=LIST.encode())
    row = Notice.objects.get(recipient="order:ORDER-1")
    token = token_of(row.organisation_id, row.id)
    case = noticed.case
    case.status, case.closed_at = CaseStatus.CLOSED.value, clock.now()
    case.save(update_fields=["status", "closed_at"])
    with clock.held_at(clock.now() + timedelta(days=89)):
        sweep()
        assert open_answer(token).recipient == "order:ORDER-1"
    with clock.held_at(clock.now() + timedelta(days=90, minutes=1)):
        sweep()
        assert not Notice.objects.filter(contact__isnull=False).exists()
        with pytest.raises(AnswersOver):
            open_answer(token)
        assert contact_of(Notice.objects.get(recipient="party:D-1")) == Contact()


def test_a_persons_word_erases_at_once_and_nothing_is_taken_in_afterwards(
    noticed: Noticed, actor: Actor
) -> None:
    import_contacts(actor=actor, number=noticed.number, body=LIST.encode())
    assert forget_contacts(actor=actor, number=noticed.number) == 1
    assert forget_contacts(actor=actor, number=noticed.number) == 0
    with pytest.raises(AnswersOver):
        import_contacts(actor=actor, number=noticed.number, body=LIST.encode())
    with pytest.raises(AnswersOver):
        prepare_notices(actor=actor, number=noticed.number)
    with pytest.raises(AnswersOver):
        set_contact(
            actor=actor,
            number=noticed.number,
            notice=1,
            contact=Contact(email="a@b.example"),
            language="en",
        )


def test_nothing_that_a_mail_server_said_of_an_address_outlives_it(
    noticed: Noticed, actor: Actor
) -> None:
    import_contacts(actor=actor, number=noticed.number, body=LIST.encode())
    Notice.objects.filter(recipient="order:ORDER-1").update(
        detail="550 <li@buyer.example>: user unknown"
    )
    forget_contacts(actor=actor, number=noticed.number)
    assert "li@buyer" not in str(list(Notice.objects.values()))


def test_another_organisations_case_does_not_exist(noticed: Noticed, other_actor: Actor) -> None:
    with pytest.raises(NotFound):
        prepare_notices(actor=other_actor, number=noticed.number)
    with pytest.raises(NotFound):
        import_contacts(actor=other_actor, number=noticed.number, body=LIST.encode())


def test_looking_at_recalls_is_not_acting(noticed: Noticed, actor: Actor) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from suyuan.tenancy.rights import Right  # noqa: PLC0415

    viewer = replace(actor, rights=frozenset({Right.RECALL_VIEW}))
    with pytest.raises(Forbidden):
        prepare_notices(actor=viewer, number=noticed.number)
    with pytest.raises(Forbidden):
        forget_contacts(actor=viewer, number=noticed.number)


@pytest.mark.parametrize(
    ("text", "email", "phone"),
    [
        ("陈经理 chen@dealer.example", "chen@dealer.example", ""),
        ("王女士，电话 138 0000 0001（工作日）", "", "13800000001"),
        ("a@b.example / +86 571-8888-6666", "a@b.example", "+8657188886666"),
        ("请到店里", "", ""),
        ("GTIN 09521234000013X", "", ""),
    ],
)
def test_free_text_is_searched_for_address_and_number(text: str, email: str, phone: str) -> None:
    found = contact_in(text)
    assert (found.email, found.phone) == (email, phone)
