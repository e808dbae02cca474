"""Issue, revoke and recognise machines' keys.

A token reads `syn_<organisation in base 32>_<43 url-safe characters>`: the organisation stands in
it, so that the look-up begins with the organisation like every other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.audit import difference
from suyuan.tenancy.errors import BeyondRights
from suyuan.tenancy.models import ApiToken, Organisation
from suyuan.tenancy.rights import PARTNER_RIGHTS, Right
from suyuan.tenancy.services.grants import known_rights
from suyuan.tenancy.services.lines import clean_line

_MARK = "syn"
_LONGEST = 100
# A busy scanner would otherwise write a row for each call.
_USE_NOTED_EVERY = timedelta(minutes=1)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _organisation_text(organisation_id: int) -> str:
    size = max(1, (organisation_id.bit_length() + 7) // 8)
    return base64.b32encode(organisation_id.to_bytes(size)).decode().rstrip("=").lower()


def _organisation_id(text: str) -> int | None:
    try:
        return int.from_bytes(base64.b32decode(text.upper() + "=" * (-len(text) % 8)))
    except (binascii.Error, ValueError):
        return None


@transaction.atomic()
def issue_token(
    *, actor: Actor, name: str, scopes: Iterable[str], expires_at: datetime | None
) -> tuple[ApiToken, str]:
    """Make a token; its secret is returned this once, and only its hash is stored.

    Raises:
        Forbidden: without `tokens.manage`.
        Invalid: `right_unknown`, `scopes_required`, `expiry_in_past`, and as `clean_line`.
        BeyondRights: a scope that the actor does not have.
    """
    actor.require(Right.TOKENS_MANAGE)
    wanted = _known_scopes(scopes)
    if not wanted <= actor.rights:
        raise BeyondRights(place="scopes", rights=sorted(wanted - actor.rights))
    return _issue(actor, actor.organisation, name, wanted, expires_at, holder=None)


def _known_scopes(scopes: Iterable[str]) -> frozenset[Right]:
    wanted = known_rights(scopes, place="scopes")
    if not wanted:
        raise Invalid("scopes_required", place="scopes")
    return wanted


@transaction.atomic()
def issue_partner_token(
    *,
    actor: Actor,
    organisation: Organisation,
    holder: int,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
) -> tuple[ApiToken, str]:
    """Make a token that speaks for a partner; the caller has checked that the actor may.

    Args:
        actor: Who acts; the audit entry stands in the actor's own organisation.
        organisation: The actor's, or its sandbox.
        holder: The partner's id there.
        name: For the list of tokens.
        scopes: Of the rights that partners can have.
        expires_at: When it ends by itself.

    Raises:
        Invalid: as `issue_token`.
        BeyondRights: a scope that no partner has.
    """
    wanted = _known_scopes(scopes)
    if not wanted <= PARTNER_RIGHTS:
        raise BeyondRights(place="scopes", rights=sorted(wanted - PARTNER_RIGHTS))
    return _issue(actor, organisation, name, wanted, expires_at, holder=holder)


def _issue(
    actor: Actor,
    organisation: Organisation,
    name: str,
    wanted: frozenset[Right],
    expires_at: datetime | None,
    *,
    holder: int | None,
) -> tuple[ApiToken, str]:
    label = clean_line(name, place="name", limit=80)
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid("expiry_in_past", place="expires_at")
    random = secrets.token_urlsafe(32)
    secret = f"{_MARK}_{_organisation_text(organisation.pk)}_{random}"
    words = sorted(right.value for right in wanted)
    token = ApiToken.objects.create(
        organisation=organisation,
        name=label,
        hint=random[:4],
        token_hash=_digest(secret),
        scopes=words,
        holder=holder,
        created_by_id=actor.user_id,
        expires_at=expires_at,
    )
    told = {
        "name": label,
        "scopes": words,
        "expires_at": expires_at,
        "partner": None if holder is None else str(holder),
        "sandbox": True if organisation.pk != actor.organisation_id else None,
    }
    actor.audit(
        "token.issued", kind="api_token", object_id=str(token.id), changes=difference({}, told)
    )
    return token, secret


@transaction.atomic()
def revoke_token(*, actor: Actor, token_id: int) -> ApiToken:
    """End a token now; ending it again changes nothing.

    Raises:
        Forbidden: without `tokens.manage`.
        NotFound: no such token in the organisation.
    """
    actor.require(Right.TOKENS_MANAGE)
    rows = ApiToken.objects.filter(organisation_id=actor.organisation_id, id=token_id)
    now = clock.now()
    if rows.filter(revoked_at=None).update(revoked_at=now):
        token = rows.get()
        actor.audit(
            "token.revoked",
            kind="api_token",
            object_id=str(token_id),
            changes={"name": [token.name, None]},
        )
        return token
    found = rows.first()
    if found is None:
        raise NotFound(place="token")
    return found


def authenticate_token(secret: str) -> Actor | None:
    """Return who a token speaks for; `None` for an unknown, expired or revoked one."""
    parts = secret.split("_", 2) if len(secret) <= _LONGEST and secret.isascii() else []
    if len(parts) != 3 or parts[0] != _MARK:
        return None
    organisation_id = _organisation_id(parts[1])
    if organisation_id is None or organisation_id >= 2**63:
        return None
    now = clock.now()
    token = _row_of(organisation_id, secret)
    if token is None or token.revoked_at is not None:
        return None
    if token.expires_at is not None and token.expires_at <= now:
        return None
    _note_use(token, now)
    rights = frozenset(right for right in Right if right.value in token.scopes)
    return Actor(
        organisation=_organisation_of(token),
        name=f"token:{token.name}",
        rights=rights if token.holder is None else rights & PARTNER_RIGHTS,
        holder=token.holder,
        token_of=token.created_by_id,
    )


# Every request of a program begins here. Statements that stand ready answer in a fifth of the time
# that the ORM takes to write them anew.
_TOKEN: Final = "SELECT * FROM tenancy_apitoken WHERE organisation_id = %s AND token_hash = %s"  # noqa: S105 - a statement
_ORGANISATION: Final = "SELECT * FROM tenancy_organisation WHERE id = %s"


def _row_of(organisation_id: int, secret: str) -> ApiToken | None:
    return next(iter(ApiToken.objects.raw(_TOKEN, [organisation_id, _digest(secret)])), None)


def _organisation_of(token: ApiToken) -> Organisation:
    return next(iter(Organisation.objects.raw(_ORGANISATION, [token.organisation_id])))


def _note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at >= _USE_NOTED_EVERY:
        ApiToken.objects.filter(organisation_id=token.organisation_id, id=token.id).update(
            last_used_at=now
        )
