"""Give queries names, and take them back.

Owns: what a name may be, how many there may be, and that a query is one before it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from django.db import IntegrityError, transaction

from suyuan.core.epcis.query import read_query
from suyuan.kernel import clock
from suyuan.kernel.errors import Conflict, Invalid
from suyuan.masterdata.rules import Text
from suyuan.subscriptions.errors import QueryNameTaken
from suyuan.subscriptions.models import NamedQuery, Subscription
from suyuan.subscriptions.selectors import holder_of, named_queries, named_query
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

STANDARD: Final = frozenset({"SimpleEventQuery", "SimpleMasterDataQuery"})
_NAME: Final = Text(128, required=True)
_LARGEST: Final = 32_768  # bytes of a query's definition
_MOST: Final = 500
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # in JSON; the backslash is no escaped one


class TooMany(Conflict):
    """There are as many as one may have."""

    code = "too_many"


def require_editor(actor: Actor) -> None:
    """Let the organisation's editors pass, and partners, who deal with their own alone.

    Raises:
        Forbidden: without `subscriptions.edit`; a partner without `events.shared`.
    """
    if actor.holder is None:
        actor.require(Right.SUBSCRIPTIONS_EDIT)
    else:
        actor.require(Right.EVENTS_SHARED)


def checked_name(given: str, place: str = "name") -> str:
    """Return a name that can stand in an address.

    Raises:
        Invalid: `text_control_character`, `too_long`, `required`, `name_slash`.
    """
    name = _NAME.check(given, place)
    if "/" in name or name in {".", ".."}:
        raise Invalid("name_slash", place=place, given=name)
    return name


def checked_query(query: Mapping[str, object]) -> dict[str, object]:
    """Return a query's definition, once it has been understood.

    Raises:
        Invalid: `query_large`, `text_control_character`.
        SuyuanError: what `core.epcis.query.read_query` says of parameters and values.
    """
    told = dict(query)
    written = msgspec.json.encode(told)
    if len(written) > _LARGEST:
        raise Invalid("query_large", place="query", limit=_LARGEST)
    if _NUL.search(written):  # PostgreSQL stores none, wherever it stands
        raise Invalid("text_control_character", place="query")
    read_query(told.items())
    return told


def define_query(*, actor: Actor, name: str, query: Mapping[str, object]) -> NamedQuery:
    """Store a query under a name.

    Args:
        actor: who acts; a partner's queries are its own, and nobody else's.
        name: unique among the queries of whom the actor speaks for; stands in its address.
        query: parameters and values, as the standard's JSON has them.

    Raises:
        Forbidden: see `require_editor`.
        QueryNameTaken: another query bears the name, or the standard does.
        TooMany: there are 500 already.
        Invalid: the name or the query.
    """
    require_editor(actor)
    title = checked_name(name)
    if title in STANDARD:
        raise QueryNameTaken(place="name", given=title)
    definition = checked_query(query)
    if named_queries(actor).count() >= _MOST:
        raise TooMany(limit=_MOST)
    row = NamedQuery(
        organisation=actor.organisation,
        holder=holder_of(actor),
        name=title,
        query=definition,
        created_at=clock.now(),
        created_by=actor.name,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            actor.audit(
                "queries.define",
                kind="named_query",
                object_id=title,
                changes={"query": [None, definition]},
            )
    except IntegrityError:
        raise QueryNameTaken(place="name", given=title) from None
    return row


def drop_query(*, actor: Actor, name: str) -> None:
    """Remove a stored query; its subscriptions end with it (EPCIS 2.0 §12.8).

    Raises:
        Forbidden: see `require_editor`.
        QueryNotFound: unknown, or somebody else's.
    """
    require_editor(actor)
    with transaction.atomic():
        row = named_query(actor, name)
        of_query = Subscription.objects.filter(
            organisation_id=row.organisation_id, holder=row.holder, query_name=row.name
        )
        ended = sorted(of_query.values_list("name", flat=True))
        of_query.delete()
        row.delete()
        actor.audit(
            "queries.drop",
            kind="named_query",
            object_id=name,
            changes={"query": [row.query, None], "subscriptions": [ended, []]},
        )
