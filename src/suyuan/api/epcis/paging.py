"""Pages of what the EPCIS interface lists: `perPage`, `nextPageToken`, `Link`.

Owns: the tokens. A token holds where the last page ended, sealed, because that may be an event
which the asker may not see, and tells how many events there are; it serves the same request of
the same asker, until it expires or is given back. Pages do not shift while events arrive.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpRequest

from suyuan.capture.documents import timestamp
from suyuan.capture.models import EndedPageToken
from suyuan.capture.queries import Position
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.kernel.secretbox import SealBroken, seal, unseal
from suyuan.tenancy.actor import Actor

DEFAULT_PAGE: Final = 30
MOST_PER_PAGE: Final = 1_000
LIFETIME: Final = timedelta(hours=24)
CONTROLS: Final = frozenset({"perPage", "nextPageToken"})
_PURPOSE: Final = "suyuan.epcis.page"
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode
_LONGEST: Final = 400
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for.

    Attributes:
        limit: how much it may hold.
        after: where the last page ended.
    """

    limit: int
    after: Position | None = None


def paging(request: HttpRequest, actor: Actor) -> Paging:
    """Return which page a request asks for.

    Raises:
        Invalid: `per_page`; `page_token` for one that is malformed, expired, given back, or was
            made for another request.
    """
    text = request.GET.get("perPage", str(DEFAULT_PAGE))
    if not (_NUMBER.fullmatch(text) and int(text) <= MOST_PER_PAGE):
        raise Invalid("per_page", place="query:perPage", given=text[:80], most=MOST_PER_PAGE)
    token = request.GET.get("nextPageToken")
    after = None if token is None else _opened(request, actor, token)
    return Paging(int(text), after)


def page_headers(request: HttpRequest, actor: Actor, following: Position | None) -> dict[str, str]:
    """Return the headers that lead to the next page, if there is one."""
    if following is None:
        return {}
    expires = clock.now() + LIFETIME
    value = [_bound_to(request, actor), round(expires.timestamp()), *_plain(following)]
    query = [(name, one) for name, one in _parameters(request) if name not in CONTROLS]
    query += [("perPage", str(paging_limit(request))), ("nextPageToken", _sealed(value))]
    address = f"{settings.ENVIRONMENT.public_url}{request.path}?{urlencode(query)}"
    return {
        "Link": f'<{address}>; rel="next"',
        "GS1-Next-Page-Token-Expires": timestamp(expires),
    }


def end_token(actor: Actor, token: str) -> bool:
    """Give a token back; tell whether it was one that this asker's pages gave."""
    value = _value(token)
    if value is None or value[0].partition("/")[0] != _asker(actor):
        return False
    EndedPageToken.objects.filter(
        organisation_id=actor.organisation_id, expires_at__lt=clock.now()
    ).delete()
    EndedPageToken.objects.get_or_create(
        organisation_id=actor.organisation_id,
        digest=_digest(token),
        defaults={"expires_at": clock.now() + LIFETIME},
    )
    return True


def paging_limit(request: HttpRequest) -> int:
    """Return `perPage`, which `paging` has checked."""
    return int(request.GET.get("perPage", DEFAULT_PAGE))


def _parameters(request: HttpRequest) -> Iterable[tuple[str, str]]:
    for name, values in request.GET.lists():
        for value in values:
            yield name, str(value)


def _plain(one: Position) -> list[int]:
    return [one.value, one.seq, one.top, one.given]


def _asker(actor: Actor) -> str:
    return f"{actor.organisation_id}:{actor.holder or 0}"


def _bound_to(request: HttpRequest, actor: Actor) -> str:
    """Return what a token is good for: an asker, an address and its parameters."""
    query = sorted(one for one in _parameters(request) if one[0] not in CONTROLS)
    asked = f"{request.path}?{urlencode(query)}"
    return f"{_asker(actor)}/{hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()}"


def _sealed(value: list[Any]) -> str:
    return seal(_PURPOSE, _encode(value)).decode()


def _value(token: str) -> list[Any] | None:
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        found: list[Any] = _decode(unseal(_PURPOSE, token.encode()))
    except SealBroken:
        return None
    return found


def _digest(token: str) -> bytes:
    return hashlib.blake2b(token.encode(), digest_size=16).digest()


def _opened(request: HttpRequest, actor: Actor, token: str) -> Position:
    value = _value(token)
    if value is not None:
        bound, expires, *numbers = value
        good = bound == _bound_to(request, actor) and expires > clock.now().timestamp()
        if good and not _ended(actor, token):
            return Position(*numbers)
    raise Invalid("page_token", place="query:nextPageToken", given=token[:80])


def _ended(actor: Actor, token: str) -> bool:
    rows = EndedPageToken.objects.filter(organisation_id=actor.organisation_id)
    return rows.filter(digest=_digest(token)).exists()
