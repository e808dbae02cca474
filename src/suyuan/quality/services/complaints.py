"""File, answer and close complaints; erase who complained, and what they showed.

Invariant: the audit trail names the complaint and what was done, never the reporter or their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Choice, Text
from suyuan.quality import pictures
from suyuan.quality.errors import ComplaintClosed
from suyuan.quality.models import (
    Channel,
    Complaint,
    ComplaintNote,
    ComplaintPicture,
    ComplaintStatus,
    NoteKind,
)
from suyuan.quality.pictures import Shot, read_shots
from suyuan.quality.reporters import Reporter, sealed
from suyuan.quality.selectors import get_complaint, pictures_of
from suyuan.quality.targets import read_target
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

PREFIX = "CP"
_TARGET = Text(300)
_ORDER = Text(80)
_WORDS = Text(4000, required=True, lines=True)
_NAME = Text(80)
_CONTACT = Text(120)
_CLOCKS_APART = timedelta(minutes=5)


def file_complaint(
    *,
    actor: Actor,
    text: str,
    target: str = "",
    order_number: str = "",
    channel: str = Channel.OTHER.value,
    reported_at: datetime | None = None,
    reporter: Reporter | None = None,
    uploads: Sequence[bytes] = (),
) -> Complaint:
    """Write down a complaint that reached a colleague.

    Args:
        actor: With the right `quality.edit`.
        text: What happened, in the reporter's words.
        target: The code on the goods in any form, or free text; a code is read, and its batch
            found.
        order_number: Of the shop.
        channel: One of `Channel`.
        reported_at: When it was said; now by default.
        reporter: Who said it; kept encrypted.
        uploads: Pictures of the goods: at most three; kept encrypted, without what a camera adds.

    Raises:
        Invalid: a malformed field, ``time_in_future``; of pictures see `pictures.read_shots`.
    """
    actor.require(Right.QUALITY_EDIT)
    moment = reported_at or clock.now()
    if moment > clock.now() + _CLOCKS_APART:
        raise Invalid("time_in_future", place="reported_at")
    return _file(
        actor,
        text=text,
        target=target,
        order_number=order_number,
        channel=Channel(Choice(Channel.values).check(channel, "channel")),
        reported_at=moment,
        reporter=reporter or Reporter(),
        shots=read_shots(uploads),
    )


def file_public_complaint(
    *,
    organisation: Organisation,
    text: str,
    target: str,
    order_number: str = "",
    reporter: Reporter | None = None,
    uploads: Sequence[bytes] = (),
) -> Complaint:
    """Take a complaint from a consumer's page; its caller limits how often.

    Raises:
        Invalid: a malformed field; of pictures see `pictures.read_shots`.
    """
    consumer = Actor(organisation=organisation, name="consumer", rights=frozenset())
    return _file(
        consumer,
        text=text,
        target=target,
        order_number=order_number,
        channel=Channel.CONSUMER_PAGE,
        reported_at=clock.now(),
        reporter=reporter or Reporter(),
        shots=read_shots(uploads),
    )


def _file(
    actor: Actor,
    *,
    text: str,
    target: str,
    order_number: str,
    channel: Channel,
    reported_at: datetime,
    reporter: Reporter,
    shots: Sequence[Shot],
) -> Complaint:
    words = _WORDS.check(text, "text")
    order = _ORDER.check(order_number, "order_number")
    who = Reporter(
        name=_NAME.check(reporter.name, "reporter_name"),
        contact=_CONTACT.check(reporter.contact, "reporter_contact"),
    )
    goods = read_target(
        organisation_id=actor.organisation_id,
        text=_TARGET.check(target, "target"),
        spoken=channel is not Channel.CONSUMER_PAGE,
    )
    with transaction.atomic():
        complaint = Complaint.objects.create(
            organisation=actor.organisation,
            number=yearly_number(organisation_id=actor.organisation_id, prefix=PREFIX),
            target=goods.text,
            identity=goods.identity[:300],
            gtin=goods.gtin,
            lot=goods.lot,
            order_number=order,
            text=words,
            reported_at=reported_at,
            channel=channel.value,
            reporter=sealed(who),
            created_at=clock.now(),
            created_by=actor.name,
        )
        _attach(complaint, shots)
        changes: dict[str, object] = {
            "channel": [None, complaint.channel],
            "target": [None, complaint.identity],
        }
        if shots:
            changes["pictures"] = [None, len(shots)]
        _audit(actor, "complaint.file", complaint, changes)
    return complaint


def _attach(complaint: Complaint, shots: Sequence[Shot]) -> None:
    ComplaintPicture.objects.bulk_create(
        ComplaintPicture(
            organisation_id=complaint.organisation_id,
            complaint_id=complaint.id,
            position=position,
            name=pictures.keep(complaint.organisation_id, shot),
            width=shot.width,
            height=shot.height,
            created_at=clock.now(),
        )
        for position, shot in enumerate(shots, 1)
    )


def _audit(actor: Actor, action: str, complaint: Complaint, changes: dict[str, object]) -> None:
    actor.audit(action, kind="complaint", object_id=complaint.number, changes=changes)


def add_note(*, actor: Actor, number: str, text: str) -> Complaint:
    """Write a note beside a complaint, for colleagues."""
    return _write(actor, number, text, NoteKind.NOTE, None)


def answer_complaint(*, actor: Actor, number: str, text: str) -> Complaint:
    """Record what the reporter was answered; the complaint becomes `answered`."""
    return _write(actor, number, text, NoteKind.ANSWER, ComplaintStatus.ANSWERED)


def close_complaint(*, actor: Actor, number: str, text: str) -> Complaint:
    """Record how the matter ended; the complaint becomes `closed`."""
    return _write(actor, number, text, NoteKind.CLOSE, ComplaintStatus.CLOSED)


def _write(
    actor: Actor, number: str, text: str, kind: NoteKind, status: ComplaintStatus | None
) -> Complaint:
    actor.require(Right.QUALITY_EDIT)
    words = _WORDS.check(text, "text")
    with transaction.atomic():
        complaint = get_complaint(actor.organisation_id, number, lock=True)
        if complaint.status == ComplaintStatus.CLOSED:
            raise ComplaintClosed(number=number)
        ComplaintNote.objects.create(
            organisation=actor.organisation,
            complaint_id=complaint.id,
            kind=kind.value,
            at=clock.now(),
            author=actor.name,
            text=words,
        )
        before = complaint.status
        if status is not None:
            complaint.status = status.value
            complaint.save(update_fields=["status"])
        changes: dict[str, object] = {}
        if complaint.status != before:
            changes["status"] = [before, complaint.status]
        _audit(actor, f"complaint.{kind.value}", complaint, changes)
    return complaint


def erase_reporter(*, actor: Actor, number: str) -> Complaint:
    """Forget who complained and what they showed, for good; the complaint itself stays."""
    actor.require(Right.QUALITY_EDIT)
    with transaction.atomic():
        complaint = get_complaint(actor.organisation_id, number, lock=True)
        shown = pictures_of(complaint)
        if complaint.reporter is None and not shown:
            return complaint
        complaint.reporter = None
        complaint.erased_at = clock.now()
        complaint.save(update_fields=["reporter", "erased_at"])
        names = [picture.name for picture in shown]
        ComplaintPicture.objects.filter(
            organisation_id=actor.organisation_id, complaint_id=complaint.id
        ).delete()
        transaction.on_commit(partial(pictures.discard, actor.organisation_id, names))
        _audit(actor, "complaint.erase_reporter", complaint, {})
    return complaint
