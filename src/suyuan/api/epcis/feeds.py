"""What a websocket of `/queries/{name}/events` is told.

Owns: the reading of its address and headers, and each piece of news, synchronously.
Does not own: the connection (streams), what a query finds (subscriptions.finding).

A connection is a subscription that lives as long as it does: nothing of it is stored. What happens
while nobody is connected is not told later; `initialRecordTime` asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest, QueryDict
from django.utils.timezone import get_default_timezone

from suyuan.api.epcis.gate import READERS
from suyuan.api.epcis.negotiation import wanted
from suyuan.capture.documents import written
from suyuan.capture.selectors import event_documents
from suyuan.core.epcis.query import read_query
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.partners.selectors import view_of
from suyuan.subscriptions.controls import read_controls
from suyuan.subscriptions.errors import QueryNotFound
from suyuan.subscriptions.finding import find
from suyuan.subscriptions.schedule import read_schedule
from suyuan.subscriptions.selectors import last_seq, last_seq_before, named_query
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.services import authenticate_token

BATCH: Final = 100


class Unauthenticated(SuyuanError):
    """No token that is known."""

    code = "unauthenticated"
    status = 401


class Feed:
    """One connection's news."""

    def __init__(self, name: str, query_string: str, headers: Mapping[str, str]) -> None:
        """Check who asks, and for what.

        Raises:
            Unauthenticated, Forbidden, QueryNotFound, NotAcceptable, Invalid: with an HTTP status.
        """
        self._headers = dict(headers)
        self._name = name
        actor = self._actor()
        self._query = named_query(actor, name)
        controls = read_controls(QueryDict(query_string).items())
        self._how = wanted(_request(headers))
        self.schedule = None if controls.schedule is None else read_schedule(controls.schedule)
        # A stream has no runs that could be empty; see `subscriptions.services.looking`.
        self._report_if_empty = controls.report_if_empty and self.schedule is not None
        self.organisation_id = actor.organisation_id
        now = clock.now()
        self._after = last_seq_before(actor.organisation_id, controls.initial_record_time or now)
        self.next_run = (
            None if self.schedule is None else self.schedule.next_after(now, get_default_timezone())
        )

    @property
    def holder_key(self) -> tuple[int, int]:
        """Whose connection it is: organisation and partner."""
        return self.organisation_id, self._query.holder

    def is_due(self, now: datetime, last: int) -> bool:
        """Tell whether there may be something to tell; `last`: number of the latest event."""
        if self.schedule is None:
            return last > self._after
        return self.next_run is not None and self.next_run <= now

    def news(self) -> tuple[bytes | None, bool]:
        """Return (the next message, whether there may be more at once).

        Who asks is looked at first, whether anything is due or not.

        Raises:
            SuyuanError: the token, the right or the query is gone.
        """
        actor = self._actor()
        if named_query(actor, self._name).id != self._query.id:
            raise QueryNotFound(given=self._name)  # dropped, and defined anew
        if self.schedule is not None and not self.is_due(clock.now(), 0):
            return None, False
        found = find(
            self.organisation_id,
            read_query(self._query.query.items()),
            view_of(actor),
            after=self._after,
            upto=last_seq(self.organisation_id),
            limit=BATCH,
        )
        self._after = found.upto
        if found.complete and self.schedule is not None:
            self.next_run = self.schedule.next_after(clock.now(), get_default_timezone())
        if not found.seqs and not (found.complete and self._report_if_empty):
            return None, not found.complete
        body = written(
            self.organisation_id,
            event_documents(self.organisation_id, found.seqs),
            self._how,
            query=self._name,
        )
        return body, not found.complete

    def _actor(self) -> Actor:
        scheme, _, secret = self._headers.get("authorization", "").partition(" ")
        actor = authenticate_token(secret.strip()) if scheme.lower() == "bearer" else None
        if actor is None:
            raise Unauthenticated
        actor.require(*READERS)
        return actor


def _request(headers: Mapping[str, str]) -> HttpRequest:
    """Return the handshake as a request, for those who read headers."""
    request = HttpRequest()
    request.META = {f"HTTP_{name.upper().replace('-', '_')}": v for name, v in headers.items()}
    return request


__all__ = ["Feed", "Invalid", "Unauthenticated"]
