"""What the operator's tools ask: is it alive, and how much does it hold.

Invariant: `/metrics` answers only this machine, or who shows `SUYUAN_METRICS_TOKEN`.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Iterator
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from suyuan import __version__
from suyuan.capture.selectors import events_stored
from suyuan.kernel.errors import NotFound
from suyuan.tenancy.models import Organisation
from suyuan.verification.selectors import scans_recorded
from suyuan.web.gate import public

_TEXT = "text/plain; version=0.0.4; charset=utf-8"

# name, what it says, how it is read. Events and scans are summed from tallies: counting them would
# read them all.
_GAUGES: Final[tuple[tuple[str, str, Callable[[], int]], ...]] = (
    (
        "suyuan_organisations",
        "Organisations here, without sandboxes.",
        Organisation.objects.filter(sandbox_of=None).count,
    ),
    ("suyuan_events_stored", "Events stored.", events_stored),
    ("suyuan_scans_recorded", "Consumers' scans recorded.", scans_recorded),
)


@public
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        answer = JsonResponse({"status": "fail", "database": "fail"}, status=503)
    else:
        answer = JsonResponse({"status": "pass", "database": "pass", "version": __version__})
    answer["Cache-Control"] = "no-store"
    return answer


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus's text format."""
    if not (_is_local(request) or _has_token(request)):
        raise NotFound
    return HttpResponse("".join(_lines()), content_type=_TEXT)


def _is_local(request: HttpRequest) -> bool:
    # A proxy on this machine makes every caller look local; it also leaves its header.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    token = _metrics_token()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _metrics_token() -> str:
    token: str = settings.ENVIRONMENT.metrics_token
    return token


def _lines() -> Iterator[str]:
    for name, explanation, read in _GAUGES:
        yield f"# HELP {name} {explanation}\n# TYPE {name} gauge\n{name} {read()}\n"
