"""What tests of subscriptions share: a stored query, events, and that loopback is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.partners.delivery import check_delivery
from suyuan.subscriptions.models import NamedQuery
from suyuan.subscriptions.services import define_query
from suyuan.tenancy.actor import Actor

type Capture = Callable[..., list[int]]


@pytest.fixture
def loopback_allowed(settings: Settings) -> None:
    """Let messages go to this machine, as an operator may."""
    settings.ENVIRONMENT = replace(
        django_settings.ENVIRONMENT, webhook_allow=("127.0.0.0/8", "localhost")
    )


@pytest.fixture
def shipping(actor: Actor) -> NamedQuery:
    """Return a stored query for what is shipped."""
    return define_query(
        actor=actor,
        name="shipped",
        query={"eventType": ["ObjectEvent"], "EQ_bizStep": ["shipping"]},
    )


@pytest.fixture
def capture(actor: Actor) -> Capture:
    """Return a function that captures events of a step; it returns their numbers."""
    serials = count(1)

    def events(amount: int = 1, step: str = "shipping", by: Actor | None = None) -> list[int]:
        outcome = capture_events(
            actor=by or actor,
            events=[
                build.object_event(
                    time=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=serial),
                    action="OBSERVE",
                    epcs=[f"https://id.gs1.org/01/09521234543213/21/{serial}"],
                    step=step,
                )
                for serial in (next(serials) for _ in range(amount))
            ],
            source="test",
            check=check_delivery if by else None,
        )
        return list(range(outcome.first_seq, outcome.last_seq + 1))

    return events
