"""Make a case's list of recipients, and take in how buyers can be reached.

Owns: `Notice` rows until they are sent. Preparing again adds who is new and changes whose goods
have changed; nobody who was told is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.kernel.bulk import insert_rows
from suyuan.kernel.errors import Invalid
from suyuan.recalls.models import (
    Notice,
    NoticeChannel,
    NoticeState,
    RecallCase,
    RecipientKind,
)
from suyuan.recalls.notices.announcing import announcement_of
from suyuan.recalls.notices.contacts import Contact, ContactRow, read_contacts, sealed
from suyuan.recalls.notices.errors import AnswersOver
from suyuan.recalls.notices.facts import channel_for, contact_of
from suyuan.recalls.notices.recipients import Recipient, recipients_of
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_BATCH: Final = 400
_UNTOLD: Final = (NoticeState.READY, NoticeState.NO_CONTACT)
# A new address gives these another chance.
_REACHABLE_AGAIN: Final = (*_UNTOLD, NoticeState.FAILED, NoticeState.BOUNCED)
_CONTACT_FIELDS: Final = ("contact", "channel", "language", "state", "error", "detail")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing has come to."""

    added: int
    changed: int
    total: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a contact list."""

    rows: int
    matched: int  # notices that can be reached now
    unmatched: int  # rows of no affected parcel: nothing of them is stored


def prepare_notices(*, actor: Actor, number: str) -> Prepared:
    """Bring the list of recipients up to the scope in force. Sends nothing.

    Raises:
        NotFound: no such case.
        AnswersOver: its contacts were forgotten already.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        told = announcement_of(case)
        if told.forgotten_at is not None:
            raise AnswersOver(number=number)
        known = {row.recipient: row for row in _all(case)}
        fresh, changed = [], []
        position = max((row.number for row in known.values()), default=0)
        for one in recipients_of(case):
            row = known.get(one.recipient)
            if row is None:
                position += 1
                fresh.append(_notice(case, position, one))
            elif _grow(case, row, one):
                changed.append(row)
        _insert(fresh)
        fields = ["items", "item_count", "version", "state", "channel", "waybill"]
        Notice.objects.bulk_update(changed, fields, batch_size=_BATCH)
        told.prepared_at, told.prepared_version = clock.now(), case.version
        told.save(update_fields=["prepared_at", "prepared_version"])
        counts: dict[str, object] = {"added": [None, len(fresh)], "changed": [None, len(changed)]}
        actor.audit("recall.notices_prepare", kind="recall", object_id=number, changes=counts)
    return Prepared(len(fresh), len(changed), len(known) + len(fresh))


def _insert(notices: Iterable[Notice]) -> None:
    """Store new rows: a recall of twenty thousand parcels has as many."""
    fields = [field for field in Notice._meta.local_concrete_fields if field.column]
    insert_rows(
        Notice._meta.db_table,
        [str(field.column) for field in fields],
        (
            [field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields]
            for one in notices
        ),
    )


def _all(case: RecallCase) -> Iterable[Notice]:
    return Notice.objects.filter(organisation_id=case.organisation_id, case_id=case.id)


def _notice(case: RecallCase, number: int, one: Recipient) -> Notice:
    notice = Notice(
        organisation_id=case.organisation_id,
        case_id=case.id,
        number=number,
        kind=one.kind.value,
        recipient=one.recipient[:320],
        name=one.name,
        waybill=one.waybill,
        order_number=one.order_number,
        destination=one.destination,
        version=case.version,
        item_count=len(one.items),
        items=one.items.to_bytes(),
    )
    # Of buyers nothing is known yet; asking for each of twenty thousand would take seconds.
    contact = Contact() if one.kind is RecipientKind.BUYER else contact_of(notice)
    _reach(notice, contact)
    return notice


def _reach(notice: Notice, contact: Contact) -> None:
    channel = channel_for(contact, order_number=notice.order_number, kind=notice.kind)
    notice.channel = channel.value
    reachable = channel is not NoticeChannel.NONE
    notice.state = NoticeState.READY.value if reachable else NoticeState.NO_CONTACT.value


def _grow(case: RecallCase, row: Notice, one: Recipient) -> bool:
    """Give a recipient the goods of the scope in force; tell whether anything changed.

    Who has more of them now than was told is to be told again.
    """
    before = row.item_keys
    if before == one.items:
        return False
    more: KeySet = one.items - before
    row.items, row.item_count, row.version = one.items.to_bytes(), len(one.items), case.version
    row.waybill = row.waybill or one.waybill
    if more and row.state not in {*_UNTOLD, NoticeState.QUEUED, NoticeState.SENDING}:
        row.state = NoticeState.READY.value
    return True


def import_contacts(*, actor: Actor, number: str, body: bytes) -> Imported:
    """Take in a contact list: order or waybill, e-mail, telephone, name, language.

    A row is stored, sealed, with the buyers of the parcel that it names, and nowhere else.

    Raises:
        NotFound: no such case.
        AnswersOver: the case's contacts were forgotten already.
        Invalid: see `contacts.read_contacts`; nothing of the file is stored then.
    """
    actor.require(Right.RECALL_ACT)
    rows = list(read_contacts(body))
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        if announcement_of(case).forgotten_at is not None:
            raise AnswersOver(number=number)
        changed, matched = _match(case, rows)
        Notice.objects.bulk_update(changed, _CONTACT_FIELDS, batch_size=_BATCH)
        counts: dict[str, object] = {"rows": [None, len(rows)], "notices": [None, len(changed)]}
        actor.audit("recall.contacts_import", kind="recall", object_id=number, changes=counts)
    return Imported(len(rows), len(changed), len(rows) - matched)


def _match(case: RecallCase, rows: Iterable[ContactRow]) -> tuple[list[Notice], int]:
    """Give each buyer's notice the last row that names it; return them, and the rows used."""
    by_order: dict[str, list[Notice]] = {}
    by_waybill: dict[str, list[Notice]] = {}
    for notice in Notice.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, kind=RecipientKind.BUYER
    ).defer("items"):
        by_order.setdefault(notice.order_number, []).append(notice)
        by_waybill.setdefault(notice.waybill, []).append(notice)
    changed: dict[int, Notice] = {}
    matched = 0
    for row in rows:
        meant = by_order.get(row.order) if row.order else None
        meant = meant or (by_waybill.get(row.waybill) if row.waybill else None) or []
        matched += bool(meant)
        for notice in meant:
            _take(notice, row)
            changed[notice.id] = notice
    return list(changed.values()), matched


def _take(notice: Notice, row: ContactRow) -> None:
    if not row.contact:
        return
    notice.contact = sealed(row.contact)
    notice.language = row.language or notice.language
    state = notice.state
    if state in _REACHABLE_AGAIN:
        _reach(notice, row.contact)
        notice.error = notice.detail = ""
        return
    kept = channel_for(row.contact, order_number=notice.order_number, kind=notice.kind)
    notice.channel = kept.value


def set_contact(
    *, actor: Actor, number: str, notice: int, contact: Contact, language: str
) -> Notice:
    """Write down how one recipient can be reached.

    Raises:
        NotFound: no such case or notice.
        Invalid: `contact_missing`, `contact_language`.
    """
    from suyuan.recalls.notices.lists import get_notice  # noqa: PLC0415 - it reads what this makes

    actor.require(Right.RECALL_ACT)
    if not contact:
        raise Invalid("contact_missing", place="email")
    if language not in {"zh-hans", "en"}:
        raise Invalid("contact_language", place="language", given=language[:20])
    with transaction.atomic():
        row = get_notice(actor.organisation_id, number, notice, lock=True)
        if row.forgotten_at is not None:
            raise AnswersOver(number=number)
        _take(row, ContactRow("", "", contact, language))
        row.save(update_fields=list(_CONTACT_FIELDS))
        actor.audit("recall.contact_set", kind="recall", object_id=f"{number}/{notice}")
    return row
