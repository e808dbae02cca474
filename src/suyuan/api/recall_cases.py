"""What is done to a recall case over the API: decide, look again, count, close.

A token may propose, take up, count and close; only a signed-in person approves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Router, Schema, Status
from pydantic import Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.recalls import selectors, services
from suyuan.recalls.digest import is_intact
from suyuan.recalls.effect import effect_of
from suyuan.recalls.models import EffectCount, RecallCase, ScopeVersion
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.rights import Right

router = Router()

type Codes = Annotated[list[Annotated[str, Field(max_length=2048)]], Field(min_length=1)]


class StandOut(Schema):
    """How a case stands after something was done to it."""

    number: str
    status: str
    version: int
    item_count: int
    held_count: int
    approved_at: datetime | None
    approved_by: str
    self_approved: bool
    begin_by: datetime | None
    end_by: datetime | None


class DecisionIn(Schema):
    """A decision on the version that waits; `version` is the one that was looked at."""

    version: Annotated[int, Field(ge=1)] | None = None
    note: str = ""


class RejectionIn(Schema):
    """Why the version that waits is rejected; `version` is the one that was looked at."""

    version: Annotated[int, Field(ge=1)] | None = None
    note: str


class NoteIn(Schema):
    """Why."""

    note: str


class VersionOut(Schema):
    """A frozen version of the scope; `digest` is its fingerprint (SHA-256)."""

    version: int
    status: str
    frozen_at: datetime
    frozen_by: str
    at_seq: int
    item_count: int
    added: int
    removed: int
    digest: str
    why: str
    decided_at: datetime | None
    decided_by: str
    note: str


class VersionCheck(VersionOut):
    """A version, and whether it is still as it was frozen."""

    intact: bool
    details: dict[str, object]


class DifferenceOut(Schema):
    """The scope now, against the version in force: numbers of items, and lots."""

    items: int
    added: int
    removed: int
    surer: int
    less_sure: int
    lots_added: list[str]
    lots_removed: list[str]
    took_ms: int


class TakeUpIn(Schema):
    """The scope as it is now; `expected_items` refuses it when another number is affected."""

    why: str = ""
    expected_items: Annotated[int, Field(ge=0)] | None = None


class EffectOut(Schema):
    """Items by outcome, each once, as of an event."""

    outcomes: dict[str, int]
    at_seq: int


class CountOut(Schema):
    """A kept count."""

    position: int
    version: int
    counted_at: datetime
    counted_by: str
    at_seq: int
    is_final: bool
    digest: str
    outcomes: dict[str, int]


class GiveUpIn(Schema):
    """Items that will not come back."""

    codes: Codes
    why: str


class GivenUp(Schema):
    """How many items count as beyond reach now."""

    items: int


def _stand(case: RecallCase) -> dict[str, object]:
    return {name: getattr(case, name) for name in StandOut.model_fields}


def _version(version: ScopeVersion) -> dict[str, object]:
    return {name: getattr(version, name) for name in VersionOut.model_fields}


def _count(count: EffectCount) -> dict[str, object]:
    outcomes = {row.outcome: row.item_count for row in selectors.outcome_groups(count)}
    own = {name: getattr(count, name) for name in CountOut.model_fields if name != "outcomes"}
    return {**own, "outcomes": outcomes}


@router.post("/recalls/{number}/approve", response=StandOut)
@requires(Right.RECALL_ACT)
def approve_recall(request: ApiRequest, number: str, body: DecisionIn) -> dict[str, object]:
    """Approve what waits. Takes a person who is signed in, other than who froze it."""
    return _stand(services.approve_recall(actor=request.actor, number=number, **body.dict()))


@router.post("/recalls/{number}/reject", response=StandOut)
@requires(Right.RECALL_ACT)
def reject_recall(request: ApiRequest, number: str, body: RejectionIn) -> dict[str, object]:
    """Reject what waits; what was held for it alone is released."""
    return _stand(services.reject_recall(actor=request.actor, number=number, **body.dict()))


@router.post("/recalls/{number}/withdraw", response=StandOut)
@requires(Right.RECALL_ACT)
def withdraw_recall(request: ApiRequest, number: str, body: NoteIn) -> dict[str, object]:
    """Call a recall off; its goods are released unless another case holds them."""
    return _stand(services.withdraw_recall(actor=request.actor, number=number, note=body.note))


@router.get("/recalls/{number}/versions", response=list[VersionOut])
@requires(Right.RECALL_VIEW)
def recall_versions(request: ApiRequest, number: str) -> list[dict[str, object]]:
    """List the frozen versions of a case's scope, the latest first."""
    case = get_case(request.actor.organisation_id, number)
    return [_version(row) for row in selectors.versions_of(case)]


@router.get("/recalls/{number}/versions/{version}", response=VersionCheck)
@requires(Right.RECALL_VIEW)
def recall_version(request: ApiRequest, number: str, version: int) -> dict[str, object]:
    """Return a version with findings, balances and movements; check its fingerprint."""
    case = get_case(request.actor.organisation_id, number)
    row = selectors.get_version(case, version)
    return {**_version(row), "details": row.details, "intact": is_intact(case, row)}


@router.get("/recalls/{number}/difference", response=DifferenceOut)
@requires(Right.RECALL_VIEW)
def recall_difference(request: ApiRequest, number: str) -> dict[str, object]:
    """Look again: tell how the scope has changed since it was frozen."""
    found = services.look_again(actor=request.actor, number=number)
    return {
        "items": len(found.scope.items),
        "added": len(found.added),
        "removed": len(found.removed),
        "surer": len(found.surer),
        "less_sure": len(found.less_sure),
        "lots_added": list(found.lots_added),
        "lots_removed": list(found.lots_removed),
        "took_ms": found.took_ms,
    }


@router.post("/recalls/{number}/versions", response={201: VersionOut})
@requires(Right.RECALL_ACT)
def take_up_recall(request: ApiRequest, number: str, body: TakeUpIn) -> Status[dict[str, object]]:
    """Freeze the scope of this moment as a version that has to be approved."""
    version = services.take_up(actor=request.actor, number=number, **body.dict())
    return Status(201, _version(version))


@router.get("/recalls/{number}/effect", response=EffectOut)
@requires(Right.RECALL_VIEW)
def recall_effect(request: ApiRequest, number: str) -> dict[str, object]:
    """Count what has become of the items, now; nothing is kept."""
    found = effect_of(get_case(request.actor.organisation_id, number))
    return {"outcomes": found.counts, "at_seq": found.at_seq}


@router.get("/recalls/{number}/counts", response=list[CountOut])
@requires(Right.RECALL_VIEW)
def recall_counts(request: ApiRequest, number: str) -> list[dict[str, object]]:
    """List the kept counts, the latest first."""
    case = get_case(request.actor.organisation_id, number)
    return [_count(row) for row in selectors.counts_of(case)[:200]]


@router.post("/recalls/{number}/counts", response={201: CountOut})
@requires(Right.RECALL_ACT)
def count_recall(request: ApiRequest, number: str) -> Status[dict[str, object]]:
    """Count, and keep the count."""
    return Status(201, _count(services.count_effect(actor=request.actor, number=number)))


@router.post("/recalls/{number}/give-up", response=GivenUp)
@requires(Right.RECALL_ACT)
def give_up_recalled(request: ApiRequest, number: str, body: GiveUpIn) -> dict[str, int]:
    """Write items off that will not come back."""
    return {"items": services.give_up(actor=request.actor, number=number, **body.dict())}
