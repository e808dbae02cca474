"""Where short messages leave: a webhook for SMS, one for the marketplace's messages.

Owns: `NoticeDoor` rows, whether a channel has a way out, the body of a webhook's message.

A webhook gets `{"channel", "messages": [{"id", "to", "order", "text"}]}`, at most a hundred at a
time, signed like the messages to subscribers (`GS1-Signature`, kernel.posting.signing). `id` is the
same at each attempt; any answer of 2xx means that all are taken.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction

from suyuan import __version__
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.kernel.posting.destinations import Destination, read_destination
from suyuan.kernel.posting.signing import HEADER, signature
from suyuan.kernel.secretbox import seal, unseal
from suyuan.recalls.models import NoticeChannel, NoticeDoor
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

WEBHOOK_CHANNELS: Final = (NoticeChannel.SMS, NoticeChannel.MARKETPLACE)
_PURPOSE: Final = "recall-notice-doors"
_CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """One message of a webhook's post."""

    id: str
    to: str  # telephone number; "" on a marketplace
    order: str
    text: str


def mail_is_set() -> bool:
    """Tell whether letters are sent; the console's printing of them is no sending."""
    return bool(settings.MAILERS["default"]["BACKEND"] != _CONSOLE)


def doors_of(organisation_id: int) -> dict[str, NoticeDoor]:
    """Return an organisation's webhooks by channel."""
    rows = NoticeDoor.objects.filter(organisation_id=organisation_id)
    return {row.channel: row for row in rows}


def open_channels(organisation_id: int) -> set[str]:
    """Return the channels by which a notice can leave without a person carrying it."""
    found: set[str] = set(doors_of(organisation_id))
    return found | {NoticeChannel.EMAIL.value} if mail_is_set() else found


def set_door(*, actor: Actor, channel: str, url: str) -> tuple[NoticeDoor | None, str]:
    """Set or, with an empty address, remove a channel's webhook.

    Returns:
        The door, and the secret that signs its messages: it is shown this once.

    Raises:
        Invalid: `channel_unknown`.
        DestinationRefused: see `kernel.posting.destinations`.
    """
    actor.require(Right.RECALL_ACT)
    if channel not in WEBHOOK_CHANNELS:
        raise Invalid("channel_unknown", place="channel", given=channel[:20])
    rows = NoticeDoor.objects.filter(organisation_id=actor.organisation_id, channel=channel)
    where = read_destination(url) if url.strip() else None
    secret = secrets.token_urlsafe(32) if where else ""
    with transaction.atomic():
        before = rows.select_for_update().first()
        if where is None:
            rows.delete()
            door = None
        else:
            door, _ = NoticeDoor.objects.update_or_create(
                organisation_id=actor.organisation_id,
                channel=channel,
                defaults={
                    "url": where.url,
                    "secret": seal(_PURPOSE, secret.encode()),
                    "changed_at": clock.now(),
                    "changed_by": actor.name,
                },
            )
        changes: dict[str, object] = {
            "url": [before.url if before else None, where.url if where else None]
        }
        actor.audit("recall.notice_door", kind="notice_door", object_id=channel, changes=changes)
    return door, secret


def post_of(
    door: NoticeDoor, messages: Sequence[ShortMessage]
) -> tuple[Destination, bytes, dict[str, str]]:
    """Return where a post goes, its body and its headers.

    Raises:
        DestinationRefused: the operator does not allow the address any more.
        SealBroken: the door was set under a secret that is gone.
    """
    where = read_destination(door.url)
    body = msgspec.json.encode(
        {"channel": door.channel, "messages": [asdict(message) for message in messages]}
    )
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Suyuan/{__version__}",
        HEADER: signature(
            unseal(_PURPOSE, bytes(door.secret)), body, at=int(clock.now().timestamp())
        ),
    }
    return where, body, headers
