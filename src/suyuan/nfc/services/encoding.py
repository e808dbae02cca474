"""Give an encoder what to write: the settings of a profile, and a line for each item.

Owns: who may take them, and that it is audited: the lines hold serial numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from suyuan.issuing.selectors import get_order
from suyuan.nfc import personalisation, selectors
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def encoder_table(
    *, actor: Actor, public_id: str, order_number: str, first: int, count: int, base: str
) -> Iterator[bytes]:
    """Return what the chips of an order's items are written with, as a CSV stream.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such profile or order in the organisation.
        VersionRevoked, Invalid: as `personalisation.table`.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        profile = selectors.get_profile(actor.organisation_id, public_id)
        version = selectors.get_version(actor.organisation_id, public_id, profile.version)
        order = get_order(actor.organisation_id, order_number)
        stream = personalisation.table(version, order, first=first, count=count, base=base)
        _audit(actor, "nfc.encoder_table", order.number, public_id, first, count)
    return stream


def plain_table(
    *, actor: Actor, chip: str, order_number: str, first: int, count: int, base: str
) -> Iterator[bytes]:
    """Return the NDEF bytes of an order's items for chips without keys, as a CSV stream.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such order in the organisation.
        Invalid: as `personalisation.plain_table`.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        order = get_order(actor.organisation_id, order_number)
        stream = personalisation.plain_table(order, chip, first=first, count=count, base=base)
        _audit(actor, "nfc.plain_table", order.number, chip, first, count)
    return stream


def _audit(actor: Actor, action: str, order: str, what: str, first: int, count: int) -> None:
    changes: dict[str, object] = {
        "chips": [None, what],
        "first": [None, first],
        "count": [None, count],
    }
    actor.audit(action, kind="code_order", object_id=order, changes=changes)
