"""Read GS1 Digital Link URIs, on any host and below any path."""

import re
from typing import Final

from suyuan.core.identifiers.charset import percent_decode
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.schemes import QUALIFIERS, RULES_OF_AI, Shape
from suyuan.core.identifiers.values import check_context, identity_of

_WEB_URI = re.compile(r"https?://[^/?#]+(/[^?#]*)?(?:[?#].*)?", re.IGNORECASE)
_NUMBER_LIKE = re.compile(r"[0-9]{8}")
_WHOLE_LIKE = re.compile(r"[0-9]{4}")
_KEYS_AHEAD: Final = 2


def parse_link(text: str) -> Identity | None:
    """Read a web address; None when it is a web address but no Digital Link.

    The query and the fragment name no thing and are left out. What looks like a key but is not
    followed as the syntax demands is refused, rather than taken for some other address.

    Raises:
        IdentifierError: ``uri_malformed`` without a host, ``link_malformed`` for a key or
            qualifier without a value or given twice, ``link_unknown_key`` for a qualifier that
            does not belong to the key, or what is wrong with a part.
    """
    found = _WEB_URI.fullmatch(text)
    if found is None:
        raise IdentifierError("uri_malformed", {"given": text})
    segments = (found[1] or "").removesuffix("/").split("/")[1:]
    start = _key_position(segments, len(segments) - 2)
    if start is not None:
        return _identity(segments[start:])
    if _key_position(segments, len(segments) - 3) is not None:
        raise IdentifierError("link_malformed", {"given": text})
    return None


def _key_position(segments: list[str], last: int) -> int | None:
    """Return where the rightmost primary key stands, stepping back pair by pair."""
    return next((i for i in range(last, -1, -2) if _is_key(segments, i)), None)


def _is_key(segments: list[str], position: int) -> bool:
    """Tell a key from a path that only has such a number in it, as ``/2024/01/15`` has."""
    ai, value, *rest = segments[position : position + _KEYS_AHEAD + 1]
    rules = RULES_OF_AI.get(ai)
    if rules is None:
        return False
    like = _WHOLE_LIKE if rules[0].shape is Shape.WHOLE else _NUMBER_LIKE
    return like.match(value) is not None or any(other in QUALIFIERS[ai] for other in rest)


def _identity(segments: list[str]) -> Identity:
    ai, *qualifiers = segments[::2]
    allowed = QUALIFIERS[ai]
    for qualifier in qualifiers:
        if qualifier not in allowed:
            raise IdentifierError("link_unknown_key", {"key": ai, "given": qualifier})
    if len(set(qualifiers)) != len(qualifiers) or "" in segments:
        raise IdentifierError("link_malformed", {"given": "/".join(segments)})
    values = dict(zip(segments[::2], map(percent_decode, segments[1::2]), strict=True))
    identity = identity_of(values, ai)
    for qualifier in qualifiers:
        if values[qualifier] != identity.secondary:
            check_context(values[qualifier])
    return identity
