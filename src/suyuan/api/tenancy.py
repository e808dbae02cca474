"""The organisation, its people, grants, tokens and audit trail over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from suyuan.api.gate import ApiRequest, requires
from suyuan.kernel.errors import NotFound
from suyuan.tenancy import selectors, services
from suyuan.tenancy.models import ApiToken, AuditEntry
from suyuan.tenancy.rights import Right

router = Router()

_PAGE = 200


class OrganisationOut(Schema):
    """The organisation that the caller works in."""

    slug: str
    name_zh: str
    name_en: str
    company_prefixes: list[str]
    caller: str
    rights: list[str]


class MemberOut(Schema):
    """A person and their role."""

    email: str
    name: str
    role: str
    since: datetime


class TokenIn(Schema):
    """A token to issue."""

    name: str = Field(max_length=200)
    scopes: list[str] = Field(max_length=100)
    expires_at: AwareDatetime | None = None


class TokenOut(Schema):
    """A token, without its secret."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class IssuedTokenOut(TokenOut):
    """A token just issued; the secret is in this answer and nowhere else."""

    secret: str


class AuditEntryOut(Schema):
    """Who changed what, when: `changes` maps a field to [before, after]."""

    id: str
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    changes: dict[str, Any]


type Part = Annotated[str, Field(max_length=260, pattern=r"^[^\x00-\x1f]*$")]


class AuditQuery(Schema):
    """What to look for; `actor` and `object_id` match a part."""

    actor: Part = ""
    action: Part = ""
    object_kind: Part = ""
    object_id: Part = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    offset: int = Field(0, ge=0, le=2**31)


class AuditPage(Schema):
    """A page of entries, newest first; `next_offset` is absent on the last."""

    entries: list[AuditEntryOut]
    next_offset: int | None


def _token(token: ApiToken) -> dict[str, Any]:
    fields = (
        "name",
        "hint",
        "scopes",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    # An identifier is text: JavaScript's numbers would round its 63 bits.
    return {"id": str(token.id)} | {name: getattr(token, name) for name in fields}


def _entry(entry: AuditEntry) -> dict[str, Any]:
    fields = ("at", "actor", "action", "object_kind", "object_id", "changes")
    return {"id": str(entry.id)} | {name: getattr(entry, name) for name in fields}


@router.get("/organisation", response=OrganisationOut)
@requires(None)
def organisation(request: ApiRequest) -> dict[str, Any]:
    """Tell which organisation the caller works in, and what the caller may do."""
    own = request.actor.organisation
    return {
        "slug": own.slug,
        "name_zh": own.name_zh,
        "name_en": own.name_en,
        "company_prefixes": selectors.company_prefixes(own.pk),
        "caller": request.actor.name,
        "rights": sorted(request.actor.rights),
    }


@router.get("/members", response=list[MemberOut])
@requires(Right.PEOPLE_MANAGE)
def members(request: ApiRequest) -> list[dict[str, Any]]:
    """List the members."""
    return [
        {
            "email": membership.user.email,
            "name": membership.user.name,
            "role": membership.role,
            "since": membership.created_at,
        }
        for membership in selectors.members(request.actor.organisation_id)
    ]


@router.get("/grants", response=dict[str, list[str]])
@requires(Right.PEOPLE_MANAGE)
def grants(request: ApiRequest) -> dict[str, list[str]]:
    """Tell what each role may do."""
    table = selectors.grants_table(request.actor.organisation_id)
    return {role.value: sorted(rights) for role, rights in table.items()}


@router.get("/tokens", response=list[TokenOut])
@requires(Right.TOKENS_MANAGE)
def list_tokens(request: ApiRequest) -> list[dict[str, Any]]:
    """List the tokens, revoked and expired ones too."""
    return [_token(token) for token in selectors.tokens(request.actor.organisation_id)]


@router.post("/tokens", response={201: IssuedTokenOut})
@requires(Right.TOKENS_MANAGE)
def issue_token(request: ApiRequest, token: TokenIn) -> Status[dict[str, Any]]:
    """Issue a token with some of the caller's own rights."""
    issued, secret = services.issue_token(
        actor=request.actor, name=token.name, scopes=token.scopes, expires_at=token.expires_at
    )
    return Status(201, _token(issued) | {"secret": secret})


@router.delete("/tokens/{token_id}", response=TokenOut)
@requires(Right.TOKENS_MANAGE)
def revoke_token(request: ApiRequest, token_id: str) -> dict[str, Any]:
    """End a token now."""
    if not (token_id.isascii() and token_id.isdecimal() and len(token_id) <= 19):
        raise NotFound(place="path:token_id")
    return _token(services.revoke_token(actor=request.actor, token_id=int(token_id)))


@router.get("/audit", response=AuditPage)
@requires(Right.AUDIT_VIEW)
def audit(request: ApiRequest, query: Query[AuditQuery]) -> dict[str, Any]:
    """List the audit trail, newest first, 200 entries at a time."""
    wanted = selectors.AuditFilter(
        actor=query.actor,
        action=query.action,
        kind=query.object_kind,
        object_id=query.object_id,
        since=query.since,
        until=query.until,
    )
    start = query.offset
    entries = list(
        selectors.audit_entries(request.actor.organisation_id, wanted)[start : start + _PAGE + 1]
    )
    return {
        "entries": [_entry(entry) for entry in entries[:_PAGE]],
        "next_offset": start + _PAGE if len(entries) > _PAGE else None,
    }
