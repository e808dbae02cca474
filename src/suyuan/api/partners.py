"""Partners over the management API: connect, share, tokens, people, sandbox.

For the brand; a partner's own interface is EPCIS itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.partners import selectors, services
from suyuan.partners.models import Delivery, Partner, ShareRule
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.partners.services.sharing import Limits
from suyuan.tenancy.models import ApiToken
from suyuan.tenancy.rights import PARTNER_RIGHTS, Right

router = Router()

type Word = Annotated[str, Field(max_length=512, pattern=r"^[^\x00-\x1f]*$")]
type Words = Annotated[list[Word], Field(max_length=5_000)]


class DeliveryFields(Schema):
    """What a partner may deliver: from where, and which steps; no steps mean every step."""

    delivery: Delivery = Delivery.OWN
    delivery_places: Words = Field(default_factory=list)
    delivery_steps: Words = Field(default_factory=list)


class PartnerIn(DeliveryFields):
    """A party to connect, by its code."""

    party: Word
    contact: Word = ""


class PartnerChange(DeliveryFields):
    """A partner as it shall be."""

    contact: Word = ""


class PartnerOut(DeliveryFields):
    """A partner; its code is its party's."""

    code: str
    name_zh: str
    name_en: str
    contact: str
    created_at: datetime
    ended_at: datetime | None


class ShareIn(Schema):
    """What to share: an event must fit in every respect that is limited.

    Where nothing is limited, `everything` must be true.
    """

    own_places: bool = False
    places: Words = Field(default_factory=list)
    own_party: bool = False
    parties: Words = Field(default_factory=list)
    gtins: Words = Field(default_factory=list)
    steps: Words = Field(default_factory=list)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    note: Word = ""
    everything: bool = False


class ShareOut(Schema):
    """What is, or was, shared."""

    number: int
    own_places: bool
    places: list[str]
    own_party: bool
    parties: list[str]
    gtins: list[str]
    steps: list[str]
    since: datetime | None
    until: datetime | None
    note: str
    created_at: datetime
    ended_at: datetime | None


class PartnerTokenIn(Schema):
    """A token to issue; `sandbox` makes one that works in the sandbox alone."""

    name: Word
    scopes: Words = Field(default_factory=lambda: sorted(right.value for right in PARTNER_RIGHTS))
    expires_at: AwareDatetime | None = None
    sandbox: bool = False


class PartnerTokenOut(Schema):
    """A token without its secret."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    sandbox: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class IssuedPartnerToken(PartnerTokenOut):
    """A token with its secret, which is told this once."""

    secret: str


class SandboxOut(Schema):
    """Where partners try what they send."""

    organisation: str
    created_at: datetime


def _partner(row: Partner) -> dict[str, Any]:
    fields = ("code", "contact", "delivery", "delivery_places", "delivery_steps")
    told = {name: getattr(row, name) for name in (*fields, "created_at", "ended_at")}
    return told | {"name_zh": row.party.name_zh, "name_en": row.party.name_en}


def _rule(given: DeliveryFields) -> DeliveryRule:
    return DeliveryRule(given.delivery, given.delivery_places, given.delivery_steps)


def _token(row: ApiToken, *, sandbox: bool) -> dict[str, Any]:
    fields = ("name", "hint", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
    told = {name: getattr(row, name) for name in fields}
    return told | {"id": str(row.id), "sandbox": sandbox}


@router.get("/partners", response=list[PartnerOut])
@requires(Right.PARTNERS_VIEW)
def partners(
    request: ApiRequest, text: Word = "", active: bool | None = None
) -> list[dict[str, Any]]:
    """List partners by code."""
    rows = selectors.list_partners(request.actor.organisation_id, text=text, active=active)
    return [_partner(row) for row in rows]


@router.post("/partners", response={201: PartnerOut})
@requires(Right.PARTNERS_EDIT)
def connect_partner(request: ApiRequest, given: PartnerIn) -> Status[dict[str, Any]]:
    """Connect a party; one that had ended is connected again, without its old shares and tokens."""
    row = services.connect_partner(
        actor=request.actor, party=given.party, contact=given.contact, rule=_rule(given)
    )
    return Status(201, _partner(row))


@router.get("/partners/{code}", response=PartnerOut)
@requires(Right.PARTNERS_VIEW)
def partner(request: ApiRequest, code: str) -> dict[str, Any]:
    """Show a partner."""
    return _partner(selectors.get_partner(request.actor.organisation_id, code))


@router.put("/partners/{code}", response=PartnerOut)
@requires(Right.PARTNERS_EDIT)
def update_partner(request: ApiRequest, code: str, given: PartnerChange) -> dict[str, Any]:
    """Say whom to ask, and what the partner may deliver."""
    row = services.update_partner(
        actor=request.actor, code=code, contact=given.contact, rule=_rule(given)
    )
    return _partner(row)


@router.post("/partners/{code}/end", response=PartnerOut)
@requires(Right.PARTNERS_EDIT)
def end_partner(request: ApiRequest, code: str) -> dict[str, Any]:
    """End a connection with its tokens, people and shares; what it delivered stays."""
    return _partner(services.end_partner(actor=request.actor, code=code))


@router.get("/partners/{code}/shares", response=list[ShareOut])
@requires(Right.PARTNERS_VIEW)
def partner_shares(request: ApiRequest, code: str, active: bool | None = None) -> list[ShareRule]:
    """List what is shared with a partner, the newest first."""
    row = selectors.get_partner(request.actor.organisation_id, code)
    return list(selectors.share_rules(request.actor.organisation_id, row.id, active=active))


@router.post("/partners/{code}/shares", response={201: ShareOut})
@requires(Right.PARTNERS_EDIT)
def share_with_partner(request: ApiRequest, code: str, given: ShareIn) -> Status[ShareRule]:
    """Share events, from now on until it is ended."""
    limits = Limits(**given.model_dump(exclude={"note", "everything"}))
    rule = services.share(
        actor=request.actor,
        code=code,
        limits=limits,
        note=given.note,
        everything=given.everything,
    )
    return Status(201, rule)


@router.post("/partners/{code}/shares/{number}/end", response=ShareOut)
@requires(Right.PARTNERS_EDIT)
def end_share(request: ApiRequest, code: str, number: int) -> ShareRule:
    """End a share now."""
    return services.unshare(actor=request.actor, code=code, number=number)


@router.get("/partners/{code}/tokens", response=list[PartnerTokenOut])
@requires(Right.PARTNERS_VIEW)
def partner_tokens(request: ApiRequest, code: str) -> list[dict[str, Any]]:
    """List a partner's tokens, those of the sandbox after the real ones."""
    here = request.actor.organisation_id
    row = selectors.get_partner(here, code)
    real = [_token(one, sandbox=False) for one in selectors.partner_tokens(here, row.id)]
    tried = [_token(one, sandbox=True) for one in selectors.sandbox_tokens(here, code)]
    return real + tried


@router.post("/partners/{code}/tokens", response={201: IssuedPartnerToken})
@requires(Right.PARTNERS_EDIT)
def issue_partner_token(
    request: ApiRequest, code: str, given: PartnerTokenIn
) -> Status[dict[str, Any]]:
    """Issue a token that speaks for a partner; its secret is told this once."""
    token, secret = services.issue_partner_token(
        actor=request.actor,
        code=code,
        name=given.name,
        scopes=given.scopes,
        expires_at=given.expires_at,
        sandbox=given.sandbox,
    )
    return Status(201, _token(token, sandbox=given.sandbox) | {"secret": secret})


@router.post("/partners/{code}/tokens/{token_id}/revoke", response=PartnerTokenOut)
@requires(Right.PARTNERS_EDIT)
def revoke_partner_token(request: ApiRequest, code: str, token_id: int) -> dict[str, Any]:
    """End a partner's token now."""
    row = services.revoke_partner_token(actor=request.actor, code=code, token_id=token_id)
    return _token(row, sandbox=row.organisation_id != request.actor.organisation_id)


@router.post("/partners/{code}/sandbox", response={201: SandboxOut})
@requires(Right.PARTNERS_EDIT)
def open_sandbox(request: ApiRequest, code: str) -> Status[dict[str, Any]]:
    """Open the sandbox for a partner, and bring what it may know there up to date."""
    twin = services.open_sandbox(actor=request.actor, code=code)
    own = twin.organisation
    return Status(201, {"organisation": own.slug, "created_at": own.created_at})


@router.post("/partner-sandbox/reset", response={204: None})
@requires(Right.PARTNERS_EDIT)
def reset_sandbox(request: ApiRequest) -> Status[None]:
    """Empty the sandbox of every partner's events; tokens and master data stay."""
    services.reset_sandbox(actor=request.actor)
    return Status(204, None)
