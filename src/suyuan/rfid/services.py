"""Give tags to an order's items, and end what was given by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import IntegrityError, transaction

from suyuan.capture.keyspace import ClassKind
from suyuan.capture.selectors import highest_used
from suyuan.capture.services import give_keys
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.identifiers.binary import TagScheme
from suyuan.core.identifiers.binary.bulk import SERIAL_LIMIT
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors import get_order, serials
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.models import Product
from suyuan.masterdata.rules import Text
from suyuan.rfid import selectors
from suyuan.rfid.errors import TagRangeEnded, TagSerialsExhausted
from suyuan.rfid.models import TagRange
from suyuan.rfid.planning import Wish, plan_range, series_of
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.errors import SeriesExhausted
from suyuan.tenancy.numbers import take_numbers, yearly_number
from suyuan.tenancy.rights import Right

_NOTE: Final = Text(500)
_REQUEST_KEY: Final = Text(80)
_SERIALS: Final = SERIAL_LIMIT - 1  # the series counts from 0, serials from 1


def assign_tags(
    *,
    actor: Actor,
    order_number: str,
    scheme: str = TagScheme.SGTIN_96,
    filter: int = 1,  # noqa: A002 - the standard's word
    first: int | None = None,
    count: int | None = None,
    prefix_length: int | None = None,
    note: str = "",
    request_key: str = "",
) -> TagRange:
    """Give tags to `count` items of an order: one row, however many.

    A repeated `request_key` returns the first call's range, whatever else it says.

    Args:
        actor: Who acts.
        order_number: Of which order.
        scheme: `sgtin-96`, `sgtin-198` or `sgtin+`; this and what follows as in `planning.Wish`.
        filter: 0 to 7.
        first: A position of the order, from 0.
        count: How many.
        prefix_length: 6 to 12.
        note: For colleagues; up to 500 characters.
        request_key: Chosen by the caller, up to 80 characters.

    Raises:
        Forbidden: without `carriers.bind`.
        NotFound: no such order in the organisation.
        Invalid: `tag_scheme_unknown`, `tag_filter`, `tag_positions`, `tag_prefix_length`,
            `too_long`, `text_control_character`.
        TagsOverlap, NothingToTag, TagSerialsExhausted, TagPrefixUnknown: see there.
    """
    actor.require(Right.CARRIERS_BIND)
    key = _REQUEST_KEY.check(request_key, "request_key")
    if (made := selectors.range_of_request(actor.organisation_id, key)) is not None:
        return made
    remark = _NOTE.check(note, "note")
    wish = Wish(scheme, filter, first, count, prefix_length)
    try:
        with transaction.atomic():
            return _assign(actor, order_number, wish, remark, key)
    except IntegrityError:
        # The same request, sent twice at once: the other one has won.
        if (made := selectors.range_of_request(actor.organisation_id, key)) is not None:
            return made
        raise


def _assign(actor: Actor, order_number: str, wish: Wish, note: str, request_key: str) -> TagRange:
    found = get_order(actor.organisation_id, order_number)
    # The row's lock keeps a second assignment of this order out until this one is decided.
    locked = CodeOrder.objects.select_for_update(of=("self",)).select_related("product", "lot")
    order = locked.get(organisation_id=actor.organisation_id, id=found.id)
    plan = plan_range(order, wish)
    numbered = plan.scheme is TagScheme.SGTIN_96
    made = TagRange(
        organisation=actor.organisation,
        number=yearly_number(organisation_id=actor.organisation_id, prefix="TR", series="tags"),
        order=order,
        product=order.product,
        first=plan.first,
        count=plan.count,
        scheme=plan.scheme.value,
        filter=plan.filter,
        prefix_length=plan.length.digits if plan.length else None,
        serial_start=_take_serials(order.product, plan.count) if numbered else None,
        note=note,
        request_key=request_key,
        created_at=clock.now(),
        created_by=actor.name,
    )
    made.save(force_insert=True)
    # From now on arithmetic gives its items keys: a tag leads to its item before any event does.
    item = Identity(Scheme.SGTIN, order.product.gtin, serials(order, first=plan.first)[0])
    give_keys(organisation_id=actor.organisation_id, identities=[item])
    actor.audit(
        "tags.assign",
        kind="tag_range",
        object_id=made.number,
        changes={
            "order": [None, order.number],
            "scheme": [None, plan.scheme.value],
            "filter": [None, plan.filter],
            "first": [None, plan.first + 1],
            "count": [None, plan.count],
            "serial_start": [None, made.serial_start],
        },
    )
    return made


def _take_serials(product: Product, count: int) -> int:
    """Return the first of `count` consecutive tag serials that nothing of the product ever had.

    They share the product's numeric serials with whatever events have named: a run that an item
    with such a serial stands in is passed over.
    """
    here, series = product.organisation_id, series_of(product.gtin)
    name = (ClassKind.NUMERIC, product.gtin)
    try:
        first = take_numbers(organisation_id=here, series=series, count=count, limit=_SERIALS) + 1
        while (used := highest_used(here, name, first, first + count)) is not None:
            # Numbers come one after another, so the next ones join those that are left.
            more = used + 1 - first
            take_numbers(organisation_id=here, series=series, count=more, limit=_SERIALS)
            first = used + 1
    except SeriesExhausted as error:
        raise TagSerialsExhausted(place="count", gtin=product.gtin) from error
    return first


def end_range(*, actor: Actor, number: str, reason: str) -> TagRange:
    """Say that a range's tags lead to its items no more; their numbers are never given again.

    Raises:
        Forbidden: without `carriers.bind`.
        NotFound: no such range in the organisation.
        Invalid: `required`, `too_long`, `text_control_character`.
        TagRangeEnded: it was ended before.
    """
    actor.require(Right.CARRIERS_BIND)
    why = _NOTE.check(reason, "reason")
    if not why:
        raise Invalid("required", place="reason")
    with transaction.atomic():
        made = selectors.get_range(actor.organisation_id, number)
        now = clock.now()
        ended = TagRange.objects.filter(
            organisation_id=actor.organisation_id, id=made.id, ended_at=None
        ).update(ended_at=now, ended_by=actor.name, end_reason=why)
        if not ended:
            raise TagRangeEnded(number=made.number)
        made.ended_at, made.ended_by, made.end_reason = now, actor.name, why
        actor.audit(
            "tags.end",
            kind="tag_range",
            object_id=made.number,
            changes={"ended": [False, True], "reason": [None, why]},
        )
    return made


def download_tags(*, actor: Actor, number: str) -> Iterator[bytes]:
    """Return a range's tags as a table for encoders; who took it is audited.

    Raises:
        Forbidden: without `codes.download`.
        NotFound: no such range in the organisation.
        TagRangeEnded: it was ended.
    """
    actor.require(Right.CODES_DOWNLOAD)
    with transaction.atomic():
        made = selectors.get_range(actor.organisation_id, number)
        if not made.is_live:
            raise TagRangeEnded(number=made.number)
        blocks = selectors.stream_tags(made)
        actor.audit("tags.download", kind="tag_range", object_id=made.number)
    return blocks
