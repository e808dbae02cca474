"""Consumers' scans over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.capture.identities import find_key
from suyuan.core.identifiers import IdentifierError, parse_identity
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.tenancy.rights import Right
from suyuan.verification import selectors
from suyuan.verification.models import Scan
from suyuan.verification.values import Verdict

router = Router()

_PAGE = 200


class ScanOut(Schema):
    """A scan; `region` is a GB/T 2260 code of a province or city, empty when unknown."""

    id: str
    at: datetime
    verdict: str
    gtin: str
    code: str
    region: str
    language: str


class ScanPage(Schema):
    """Scans, the latest first; `next` is the `before` of the page after this one."""

    items: list[ScanOut]
    next: str | None


class ItemScans(Schema):
    """What is known of the scans of one item or lot."""

    identifier: str
    times_seen: int
    items: list[ScanOut]


class ScanQuery(Schema):
    """Which scans; `until` is not included."""

    verdict: Verdict | None = None
    gtin: Annotated[str, Field(pattern=r"^([0-9]{14})?$")] = ""
    code: Annotated[str, Field(max_length=20)] = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: Annotated[str, Field(pattern=r"^[0-9]{0,19}$")] = ""


def _out(scan: Scan) -> dict[str, object]:
    names = ("at", "verdict", "gtin", "code", "region", "language")
    return {"id": str(scan.id), **{name: getattr(scan, name) for name in names}}


@router.get("/scans", response=ScanPage)
@requires(Right.SCANS_VIEW)
def scans(request: ApiRequest, query: Query[ScanQuery]) -> dict[str, object]:
    """List scans, 200 a page. A page does not shift while scans arrive."""
    rows = selectors.list_scans(
        request.actor.organisation_id,
        verdict=query.verdict.value if query.verdict else "",
        gtin=query.gtin,
        code=query.code,
        since=query.since,
        until=query.until,
    )
    if query.before:
        if int(query.before) >= 1 << 63:
            raise Invalid("invalid", place="query:before")
        rows = rows.filter(id__lt=int(query.before))
    # By id, which is in the order of making: the time alone would not tell two scans apart.
    found = list(rows.order_by("-id")[: _PAGE + 1])
    last = str(found[_PAGE - 1].id) if len(found) > _PAGE else None
    return {"items": [_out(scan) for scan in found[:_PAGE]], "next": last}


@router.get("/scans/of", response=ItemScans)
@requires(Right.SCANS_VIEW)
def scans_of(
    request: ApiRequest, identifier: Annotated[str, Field(max_length=300)]
) -> dict[str, object]:
    """List the last 200 scans of one item or lot, given by any text form of its identifier."""
    try:
        identity = parse_identity(identifier)
    except IdentifierError as error:
        raise Invalid(error.code, place="query:identifier") from error
    organisation_id = request.actor.organisation_id
    key = find_key(organisation_id, identity)
    if key is None:
        raise NotFound(kind="identifier")
    return {
        "identifier": identifier,
        "times_seen": selectors.times_seen(organisation_id, key),
        "items": [_out(scan) for scan in selectors.scans_of(organisation_id, key)[:_PAGE]],
    }
