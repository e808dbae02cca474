"""The words of notices: templates with placeholders, versioned per organisation.

Owns: which templates and placeholders there are, reading and filling a template.
Does not own: the words that are shipped (shipped), what a placeholder stands for (facts).

A template is plain text. `{name}` is a placeholder; `{{` and `}}` are braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.recalls.models import NoticeChannel, NoticeTemplate, RecipientKind
from suyuan.recalls.notices.shipped import SHIPPED
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

LANGUAGES: Final = ("zh-hans", "en")
NAMES: Final = ("partner", "buyer", "short", "partner_reminder", "buyer_reminder", "short_reminder")
PLACEHOLDERS: Final = (
    "name",
    "brand",
    "case",
    "title",
    "reason",
    "product",
    "lots",
    "count",
    "items",
    "order",
    "waybill",
    "advice",
    "hotline",
    "link",
    "page",
)
LONGEST_SUBJECT: Final = 200
LONGEST_BODY: Final = 8_000
LONGEST_SHORT: Final = 500  # what SMS services take in one message of several parts
_UNKNOWN: Final = "—"
_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}\n]{0,40})\}|[{}]")


class Words(NamedTuple):
    """A template's text, or a filled one."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Current:
    """The template that is in use."""

    name: str
    language: str
    version: int  # 0: as shipped
    words: Words

    @property
    def is_short(self) -> bool:
        """Whether it is a message without a subject."""
        return self.name.startswith("short")


def name_for(kind: str, channel: str, *, reminder: bool) -> str:
    """Return which template a notice is written with."""
    if channel in {NoticeChannel.SMS, NoticeChannel.MARKETPLACE}:
        name = "short"
    else:
        name = "partner" if kind == RecipientKind.PARTNER else "buyer"
    return f"{name}_reminder" if reminder else name


def current_template(organisation_id: int, name: str, language: str) -> Current:
    """Return the template in use: the organisation's latest, else the shipped one.

    Raises:
        NotFound: no such template or language.
    """
    if name not in NAMES or language not in LANGUAGES:
        raise NotFound(kind="template")
    own = (
        NoticeTemplate.objects.filter(organisation_id=organisation_id, name=name, language=language)
        .order_by("-version")
        .first()
    )
    if own is None or not own.body:
        version = own.version if own else 0
        return Current(name, language, version, Words(*SHIPPED[name, language]))
    return Current(name, language, own.version, Words(own.subject, own.body))


def versions_of(organisation_id: int, name: str, language: str) -> list[NoticeTemplate]:
    """Return what an organisation has written, the latest first."""
    rows = NoticeTemplate.objects.filter(
        organisation_id=organisation_id, name=name, language=language
    )
    return list(rows.order_by("-version"))


def save_template(
    *, actor: Actor, name: str, language: str, subject: str, body: str
) -> NoticeTemplate:
    """Store a new version; an empty text goes back to the shipped words.

    Raises:
        NotFound: no such template.
        Invalid: see `check_words`.
    """
    actor.require(Right.RECALL_ACT)
    before = current_template(actor.organisation_id, name, language)
    words = Words(" ".join(subject.split()), body.replace("\r\n", "\n").strip())
    if words.body or words.subject:
        check_words(name, words)
    with transaction.atomic():
        row = NoticeTemplate.objects.create(
            organisation=actor.organisation,
            name=name,
            language=language,
            version=before.version + 1,  # a second writer in the same instant fails, whole
            subject=words.subject,
            body=words.body,
            created_at=clock.now(),
            created_by=actor.name,
        )
        actor.audit(
            "recall.template",
            kind="notice_template",
            object_id=f"{name}/{language}",
            changes={"version": [before.version, row.version]},
        )
    return row


def check_words(name: str, words: Words) -> None:
    """Refuse a template that could not be filled.

    Raises:
        Invalid: `template_required`, `template_too_long`, `notice_placeholder_unknown`,
            `brace_alone`, `link_missing`, with the place (`subject` or `body`, line and column).
    """
    short = name.startswith("short")
    limits = {"subject": LONGEST_SUBJECT, "body": LONGEST_SHORT if short else LONGEST_BODY}
    for field, text in zip(Words._fields, words, strict=True):
        if not text and not (short and field == "subject"):
            raise Invalid("template_required", place=field)
        if len(text) > limits[field]:
            raise Invalid("template_too_long", place=field, limit=limits[field], length=len(text))
        list(_pieces(field, text))
    if "{link}" not in words.body:
        raise Invalid("link_missing", place="body")


def fill(words: Words, facts: Mapping[str, str]) -> Words:
    """Return the message.

    What is not known shows as a dash; a line that has nothing else to say is left out. A subject
    stays on one line whatever the facts hold.
    """
    subject = _filled("subject", words.subject, facts) or ""
    lines = (_filled("body", line, facts) for line in words.body.split("\n"))
    return Words(" ".join(subject.split()), "\n".join(line for line in lines if line is not None))


def _filled(field: str, text: str, facts: Mapping[str, str]) -> str | None:
    pieces = list(_pieces(field, text))
    values = [facts[name] for _, name in pieces if name]
    if values and not any(values):
        return None
    return "".join((facts[name] or _UNKNOWN) if name else literal for literal, name in pieces)


def _pieces(field: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield (text, "") and ("", placeholder) in order; raises as `check_words`."""
    at = 0
    for found in _PIECE.finditer(text):
        yield text[at : found.start()], ""
        at = found.end()
        if found[0] in {"{{", "}}"}:
            yield found[0][0], ""
            continue
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
        if found[1] is None:
            raise Invalid("brace_alone", place=field, line=line, column=column)
        if found[1] not in PLACEHOLDERS:
            raise Invalid(
                "notice_placeholder_unknown", place=field, line=line, column=column, given=found[1]
            )
        yield "", found[1]
    yield text[at:], ""
