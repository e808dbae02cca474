"""Bring queued notices to their recipients.

Owns: claiming what is due, one attempt at each channel, and what follows from its outcome.
Does not own: what is queued (queueing), the words (facts), connections (kernel.posting, mail).

Never twice. A letter's notice is `sending` in the database before the mail server hears of it; a
worker that dies in between leaves it so, and when its lease is over it becomes `unsure`: only a
person sends it again. A webhook is told the same id at each attempt, so its posts are repeated.
What surely did not leave (no connection, a refusal for now) waits and is tried again.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from itertools import batched
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, mailers

from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.kernel.posting.destinations import Destination
from suyuan.kernel.posting.sending import Outcome, send
from suyuan.recalls.models import (
    Announcement,
    Notice,
    NoticeChannel,
    NoticeDoor,
    NoticeState,
    RecallCase,
)
from suyuan.recalls.notices.announcing import announcement_of, may_notify
from suyuan.recalls.notices.doors import ShortMessage, doors_of, mail_is_set, post_of
from suyuan.recalls.notices.facts import Facts, contact_of
from suyuan.recalls.notices.templates import Current, Words

# Seconds until the next attempt, after the first, the second…: some eight hours altogether.
WAITS: Final = (60, 300, 1_800, 7_200, 21_600)
_LEASE: Final = timedelta(minutes=10)
_ROUND: Final = 200  # notices that one round takes
_POST: Final = 100  # messages of one webhook post
_DETAIL: Final = 200
_log = logging.getLogger(__name__)

type Post = Callable[[Destination, bytes, dict[str, str]], Outcome]


@dataclass(frozen=True, slots=True)
class _Result:
    """What an attempt has come to."""

    state: NoticeState
    error: str = ""
    detail: str = ""


_SENT: Final = _Result(NoticeState.SENT)


def post_due(*, most: int = _ROUND, post: Post = send) -> int:
    """Send what is due, at most so many; return how many notices were settled.

    Args:
        most: Notices.
        post: Stands in for the network of webhooks in tests.
    """
    now = clock.now()
    settled = _settle_abandoned(now)
    rows = list(
        Notice.objects.filter(state=NoticeState.QUEUED, next_attempt_at__lte=now)
        .select_related("case", "case__organisation")
        .order_by("next_attempt_at", "id")[:most]
    )
    for case, notices in _by_case(rows):
        settled += _round(case, notices, post)
    return settled


def _by_case(rows: Sequence[Notice]) -> Iterator[tuple[RecallCase, list[Notice]]]:
    found: dict[int, list[Notice]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    for notices in found.values():
        yield notices[0].case, notices


def _settle_abandoned(now: datetime) -> int:
    """Settle what a dead worker had begun: webhooks are asked again, letters are not."""
    rows = Notice.objects.filter(state=NoticeState.SENDING, next_attempt_at__lte=now)
    letters = rows.filter(channel=NoticeChannel.EMAIL)
    count = letters.update(state=NoticeState.UNSURE, error="cut_off", next_attempt_at=None)
    return count + rows.update(state=NoticeState.QUEUED)


def _round(case: RecallCase, notices: Sequence[Notice], post: Post) -> int:
    """Send notices of one case; each is claimed alone, so that two workers share the work."""
    if not may_notify(case):
        return _put_back(notices)
    told = announcement_of(case)
    facts = Facts(case, told)
    doors = doors_of(case.organisation_id)
    letters = [one for one in notices if one.channel == NoticeChannel.EMAIL]
    done = _Letters(facts).send(letters)
    for channel, door in doors.items():
        short = [one for one in notices if one.channel == channel]
        for batch in batched(short, _POST):
            done += _post_short(door, list(batch), facts, post)
    lost = [one for one in notices if one.channel not in {NoticeChannel.EMAIL, *doors}]
    return done + _put_back(lost)


def _put_back(notices: Sequence[Notice]) -> int:
    """Take out of the queue what may not, or cannot, be sent any more."""
    for one in notices:
        state = NoticeState.SENT if one.reminding else NoticeState.READY
        _mine(one, NoticeState.QUEUED).update(state=state, next_attempt_at=None)
    return len(notices)


def _put_off(notices: Sequence[Notice], fault: str) -> None:
    """Let letters wait for a server that is away: none has heard of them, so it costs nothing."""
    later = clock.now() + timedelta(seconds=WAITS[0])
    for one in notices:
        _mine(one, NoticeState.QUEUED).update(
            next_attempt_at=later, error="mail_server_away", detail=_printable(fault)
        )


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)[:_DETAIL]


def _mine(notice: Notice, state: NoticeState) -> Any:
    return Notice.objects.filter(organisation_id=notice.organisation_id, id=notice.id, state=state)


def _claim(notice: Notice) -> bool:
    """Take one notice; False if another worker, or a person, was quicker."""
    taken = _mine(notice, NoticeState.QUEUED).update(
        state=NoticeState.SENDING,
        attempts=notice.attempts + 1,
        next_attempt_at=clock.now() + _LEASE,
    )
    if taken:
        notice.attempts += 1
    return bool(taken)


def _settle(notice: Notice, result: _Result, template: Current | None = None) -> None:
    """Write down what came of an attempt."""
    now = clock.now()
    values: dict[str, Any] = {
        "state": result.state,
        "error": result.error[:40],
        "detail": _printable(result.detail),
        "next_attempt_at": None,
    }
    if result.state is NoticeState.QUEUED:
        if notice.attempts > len(WAITS):
            values["state"] = NoticeState.FAILED
        else:
            wait = timedelta(seconds=WAITS[max(0, notice.attempts - 1)])
            values |= {"next_attempt_at": now + wait, "attempts": notice.attempts}
    if result.state is NoticeState.SENT:
        values["template_version"] = template.version if template else 0
        if notice.reminding:
            values |= {"reminded_at": now, "reminders": notice.reminders + 1, "reminding": False}
        else:
            values["sent_at"] = now
    _mine(notice, NoticeState.SENDING).update(**values)


class _Letters:
    """Sends letters over one connection to the mail server."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._server = mailers["default"]
        self._sender = formataddr(
            (facts.case.organisation.name("zh-hans"), settings.DEFAULT_FROM_EMAIL)
        )

    def send(self, notices: Sequence[Notice]) -> int:
        """Send what can be claimed; a server that is away leaves all as it was, for later."""
        if not notices:
            return 0
        if not mail_is_set():
            return _put_back(notices)
        done = 0
        try:
            for position, notice in enumerate(notices):
                if fault := self._unreachable():
                    _put_off(notices[position:], fault)
                    break
                done += self._one(notice)
        finally:
            self._hang_up()
        return done

    def _unreachable(self) -> str:
        """Return why the server does not listen, "" if it does."""
        try:
            self._server.open()
            line = getattr(self._server, "connection", None)
            if isinstance(line, smtplib.SMTP) and not _listens(line):
                self._hang_up()
                self._server.open()
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("the mail server cannot be reached: %s", type(error).__name__)
            return str(error) or type(error).__name__
        return ""

    def _hang_up(self) -> None:
        try:
            self._server.close()
        except (OSError, smtplib.SMTPException):
            vars(self._server)["connection"] = None  # it is gone; the next letter dials anew

    def _one(self, notice: Notice) -> bool:
        if not _claim(notice):
            return False
        template: Current | None = None
        try:
            words, template = self._facts.message(notice, reminder=notice.reminding)
            letter = self._letter(notice, words)
        except SuyuanError as error:
            _settle(notice, _Result(NoticeState.FAILED, error.code))
            return True
        result = self._handed_over(letter) if letter else _Result(NoticeState.FAILED, "no_address")
        _settle(notice, result, template)
        return True

    def _letter(self, notice: Notice, words: Words) -> EmailMessage | None:
        address = contact_of(notice).email
        if not address:
            return None
        # The same for each attempt, so that a mailbox which gets it twice can tell.
        host = settings.ENVIRONMENT.public_host
        number = f"{notice.id:x}.{notice.reminders if notice.reminding else 'n'}"
        return EmailMessage(
            subject=words.subject,
            body=words.body,
            from_email=self._sender,
            to=[address],
            headers={"Message-ID": f"<{number}@{host}>", "Auto-Submitted": "auto-generated"},
        )

    def _handed_over(self, letter: EmailMessage) -> _Result:
        try:
            self._server.send_messages([letter])
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            return _refused(code, text, for_good=NoticeState.BOUNCED)
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            return _refused(error.smtp_code, error.smtp_error, for_good=NoticeState.FAILED)
        except ValueError as error:
            return _Result(NoticeState.BOUNCED, "address_malformed", str(error))
        except (OSError, smtplib.SMTPException) as error:
            # The line broke while the letter was handed over: nobody knows whether it arrived.
            self._hang_up()
            return _Result(NoticeState.UNSURE, "cut_off", str(error))
        return _SENT


def _listens(line: smtplib.SMTP) -> bool:
    try:
        return line.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _refused(code: int, text: bytes | str, *, for_good: NoticeState) -> _Result:
    """Return the result of a refusal: 4xx for now, 5xx for good (RFC 5321 §4.2.1)."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    state = NoticeState.QUEUED if 400 <= code < 500 else for_good
    return _Result(state, "mail_refused", f"{code} {said}")


def _post_short(door: NoticeDoor, notices: Sequence[Notice], facts: Facts, post: Post) -> int:
    """Post short messages together; one answer is for all of them."""
    claimed: list[tuple[Notice, ShortMessage, Current]] = []
    for notice in notices:
        if not _claim(notice):
            continue
        try:
            claimed.append(_short(notice, facts))
        except SuyuanError as error:
            _settle(notice, _Result(NoticeState.FAILED, error.code))
    if claimed:
        result = _posted(door, [message for _, message, _ in claimed], post)
        for notice, _message, template in claimed:
            _settle(notice, result, template)
    return len(notices)


def _short(notice: Notice, facts: Facts) -> tuple[Notice, ShortMessage, Current]:
    words, template = facts.message(notice, reminder=notice.reminding)
    attempt = f"-r{notice.reminders + 1}" if notice.reminding else ""
    to = contact_of(notice).phone if notice.channel == NoticeChannel.SMS else ""
    named = ShortMessage(f"{notice.id:x}{attempt}", to, notice.order_number, words.body)
    return notice, named, template


def _posted(door: NoticeDoor, messages: Sequence[ShortMessage], post: Post) -> _Result:
    try:
        outcome = post(*post_of(door, messages))
    except SuyuanError as error:
        return _Result(NoticeState.FAILED, error.code)
    if not outcome.error:
        return _SENT
    return _Result(NoticeState.QUEUED, f"webhook_{outcome.error}", outcome.answer)


def preview(notice: Notice, *, reminder: bool = False) -> Words:
    """Return what a notice would say, with its real data."""
    told: Announcement = announcement_of(notice.case)
    return Facts(notice.case, told).message(notice, reminder=reminder)[0]
