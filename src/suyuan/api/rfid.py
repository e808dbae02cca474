"""RFID over the API: tag ranges, what their tags bear, what EPCs say and lead to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.core.identifiers import IdentifierError, Identity, Scheme
from suyuan.core.identifiers.binary import TagEpc, filters_of
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.rfid import selectors, services
from suyuan.rfid.models import TagRange
from suyuan.rfid.selectors.writing import uri_of
from suyuan.rfid.values import TagReading
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200
_MOST_TAGS = 10_000
_UNITS = frozenset({Scheme.SGTIN, Scheme.SSCC})

type Word = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f]*$")]
type Epc = Annotated[str, Field(max_length=2048)]


class RangeIn(Schema):
    """Tags to give to an order's items; `first` counts from 0.

    What is left out is chosen: the first codes without a tag, the recorded company prefix. A
    repeated `request_key` gives the first range again.
    """

    order: Word
    scheme: Word = "sgtin-96"
    filter: int = 1
    first: int | None = None
    count: int | None = None
    prefix_length: int | None = None
    note: str = Field("", max_length=2000)
    request_key: Word = ""


class RangeOut(Schema):
    """A tag range; `serial_start` is null when the tags bear the items' own serials."""

    number: str
    order: str
    gtin: str
    first: int
    count: int
    scheme: str
    filter: int
    prefix_length: int | None
    serial_start: str | None
    note: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str


class RangeQuery(Schema):
    """Which ranges to list."""

    text: Word = ""
    scheme: Word = ""
    live: bool | None = None
    offset: int = Field(0, ge=0, le=2**31)


class RangePage(Schema):
    """A page of ranges, newest first; `next_offset` is null on the last."""

    ranges: list[RangeOut]
    next_offset: int | None


class EndIn(Schema):
    """Why a range's tags lead nowhere any more."""

    reason: str = Field(max_length=2000)


class TagOut(Schema):
    """A tag of a range: `position` counts from 0 within the order, `hex` is its EPC memory."""

    position: int
    item: str
    hex: str
    uri: str


class TagQuery(Schema):
    """Which tags of a range; `first` counts from 0 within the range."""

    first: int = Field(0, ge=0)
    count: int = Field(1000, ge=1, le=_MOST_TAGS)


class ReadIn(Schema):
    """EPCs: hexadecimal, EPC URIs, Digital Links."""

    epcs: list[Epc] = Field(max_length=_MOST_TAGS)


class ReadOut(Schema):
    """What a text says and leads to.

    `reason` is empty where it leads to a unit; `unit` is its canonical text. `says` is the EPC's
    own identity, empty for a text that is no EPC: then `fault` has the code of what is wrong.
    """

    epc: str
    says: str
    scheme: str
    filter: int | None
    unit: str
    range: str
    bound: bool
    reason: str
    fault: str


class WriteIn(Schema):
    """An item or a logistic unit, in any text form that says which."""

    code: Epc
    filter: int = 0
    prefix_length: int | None = None


class WrittenOut(Schema):
    """An identity in one kind of tag; `fault` says why it does not fit."""

    scheme: str
    hex: str
    bits: int
    uri: str
    fault: str


def _range(made: TagRange) -> dict[str, Any]:
    names = ("number", "first", "count", "scheme", "filter", "prefix_length", "note")
    who = ("created_at", "created_by", "ended_at", "ended_by", "end_reason")
    return {
        "order": made.order.number,
        "gtin": made.product.gtin,
        # As text: a number of 38 bits is within JavaScript's reach, but serials are names.
        "serial_start": None if made.serial_start is None else str(made.serial_start),
        **{name: getattr(made, name) for name in (*names, *who)},
    }


@router.get("/tag-ranges", response=RangePage)
@requires(Right.CARRIERS_VIEW)
def tag_ranges(request: ApiRequest, query: Query[RangeQuery]) -> dict[str, Any]:
    """List tag ranges, 200 at a time."""
    rows = selectors.list_ranges(
        request.actor.organisation_id, text=query.text, scheme=query.scheme, live=query.live
    )
    found = list(rows[query.offset : query.offset + _PAGE + 1])
    return {
        "ranges": [_range(made) for made in found[:_PAGE]],
        "next_offset": query.offset + _PAGE if len(found) > _PAGE else None,
    }


@router.post("/tag-ranges", response={201: RangeOut})
@requires(Right.CARRIERS_BIND)
def give_tags(request: ApiRequest, wish: RangeIn) -> Status[dict[str, Any]]:
    """Give tags to items of an order."""
    made = services.assign_tags(
        actor=request.actor,
        order_number=wish.order,
        scheme=wish.scheme,
        filter=wish.filter,
        first=wish.first,
        count=wish.count,
        prefix_length=wish.prefix_length,
        note=wish.note,
        request_key=wish.request_key,
    )
    return Status(201, _range(made))


@router.get("/tag-ranges/{number}", response=RangeOut)
@requires(Right.CARRIERS_VIEW)
def tag_range(request: ApiRequest, number: str) -> dict[str, Any]:
    """Show a tag range."""
    return _range(selectors.get_range(request.actor.organisation_id, number))


@router.post("/tag-ranges/{number}/end", response=RangeOut)
@requires(Right.CARRIERS_BIND)
def end_tag_range(request: ApiRequest, number: str, why: EndIn) -> dict[str, Any]:
    """End a tag range: its tags lead nowhere any more, its numbers are never given again."""
    return _range(services.end_range(actor=request.actor, number=number, reason=why.reason))


@router.get("/tag-ranges/{number}/tags", response=list[TagOut])
@requires(Right.CODES_DOWNLOAD)
def tags_of_range(
    request: ApiRequest, number: str, query: Query[TagQuery]
) -> list[dict[str, object]]:
    """Return tags of a range, at most 10,000 at a time."""
    made = selectors.get_range(request.actor.organisation_id, number)
    return [
        {
            "position": tag.position,
            "item": tag.item.digital_link(),
            "hex": tag.hex,
            "uri": uri_of(tag.epc),
        }
        for tag in selectors.tags(made, query.first, query.count)
    ]


@router.get("/tag-ranges/{number}/tags.csv")
@requires(Right.CODES_DOWNLOAD)
def download_tags(request: ApiRequest, number: str) -> StreamingHttpResponse:
    """Stream a range's tags as a table for encoders."""
    return StreamingHttpResponse(
        services.download_tags(actor=request.actor, number=number),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{number}.csv"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/tags/read", response=list[ReadOut])
@requires(Right.CARRIERS_VIEW)
def read_tags(request: ApiRequest, reads: ReadIn) -> list[dict[str, object]]:
    """Say what EPCs are and which units they lead to, in their order."""
    found = selectors.read_tags(request.actor.organisation_id, reads.epcs)
    return [_reading(one) for one in found]


def _reading(one: TagReading) -> dict[str, object]:
    tag = one.said if isinstance(one.said, TagEpc) else None
    said = one.said.identity if isinstance(one.said, TagEpc) else one.said
    return {
        "epc": one.text,
        "says": _text(said),
        "scheme": tag.scheme.value if tag else "",
        "filter": tag.filter if tag else None,
        "unit": _text(one.unit),
        "range": one.range.number if one.range else "",
        "bound": one.bound,
        "reason": one.reason.value,
        "fault": one.fault[0] if one.fault else "",
    }


def _text(identity: Identity | None) -> str:
    if identity is None:
        return ""
    try:
        return identity.digital_link()
    except IdentifierError:  # a scheme without a GS1 key
        return f"{identity.scheme}:{identity.primary}.{identity.secondary}"


@router.post("/tags/write", response=list[WrittenOut])
@requires(Right.CARRIERS_VIEW)
def write_tag(request: ApiRequest, wish: WriteIn) -> list[dict[str, object]]:
    """Return an item or a logistic unit as each kind of tag that is for it would bear it."""
    meanings = lineage.identities_in_text(wish.code)
    identity = next((one for one in meanings if one.scheme in _UNITS), None)
    if identity is None:
        raise NotFound(kind="identifier")
    if wish.filter not in filters_of(identity.scheme):
        raise Invalid("tag_filter", place="filter", given=wish.filter)
    rows = selectors.hexes_of(
        request.actor.organisation_id,
        identity,
        filter=wish.filter,
        given_length=wish.prefix_length,
    )
    return [
        {
            "scheme": row.scheme.value,
            "hex": row.hex,
            "bits": row.bits,
            "uri": row.uri,
            "fault": row.fault[0] if row.fault else "",
        }
        for row in rows
    ]
