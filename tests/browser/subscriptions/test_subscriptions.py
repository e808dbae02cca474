"""Subscriptions in a browser: from a stored query to messages that arrived, or did not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from suyuan.kernel import clock
from suyuan.subscriptions.dispatching import Dispatcher
from suyuan.subscriptions.models import NamedQuery, Subscription
from suyuan.subscriptions.services import subscribe
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.receiver import receiving
from tests.subscriptions_world import Capture

APP = "/app/mingqian/subscriptions/"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("loopback_allowed"),
]


def test_from_a_stored_query_to_a_message_that_arrived(
    open_page: OpenPage, actor: Actor, capture: Capture
) -> None:
    capture(2)
    page = open_page(APP, role=Role.OWNER, language="en")
    page.get_by_role("link", name="New stored query").click()
    page.get_by_label("Name", exact=True).fill("Shipped goods")
    page.get_by_label("Shipped", exact=True).check()
    page.get_by_role("button", name="Store the query").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shipped goods")
    expect(page.get_by_role("link", name="No. 2")).to_be_visible()
    page.get_by_role("link", name="Subscribe").click()
    with receiving() as receiver:
        page.get_by_label("The receiver's address").fill(receiver.url)
        page.get_by_role("button", name="Subscribe").click()
        expect(page.get_by_text("Nothing has been sent yet")).to_be_visible()
        capture(3)
        Dispatcher().drain()
    page.reload()
    expect(page.get_by_text("HTTP 200")).to_be_visible()
    page.get_by_role("link", name="No. 1").click()
    expect(page.get_by_role("row")).to_have_count(4)


def test_message_that_was_given_up_is_sent_again_by_a_click(
    open_page: OpenPage, actor: Actor, shipping: NamedQuery, capture: Capture
) -> None:
    with receiving(answers=[410, 200]) as receiver:
        row = subscribe(actor=actor, query_name="shipped", dest=receiver.url, stream=True)
        capture()
        Dispatcher().drain()
        page = open_page(f"{APP}{row.id}/", role=Role.OWNER, language="en")
        expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
        page.get_by_role("button", name="Resume").click()
        page.get_by_role("button", name="Send 1 given up again").click()
        Dispatcher().drain()
        page.reload()
        expect(page.get_by_text("HTTP 200")).to_be_visible()
    assert len(receiver.got) == 2


@pytest.fixture
def troubled(actor: Actor, shipping: NamedQuery, capture: Capture) -> Subscription:
    """Return a subscription with a delivered, a dead and a waiting message."""
    answers = [200] + [503] * 11 + [500]
    with receiving(answers=answers, text=b"The stock system is down for maintenance.") as receiver:
        row = subscribe(
            actor=actor,
            query_name="shipped",
            dest=receiver.url,
            signature_token="13df38d8275b13f05704629e5f1cf3d45d6132d5",
            stream=True,
        )
        dispatcher = Dispatcher()
        capture(3)
        dispatcher.drain()
        capture(2)
        now = clock.now()
        for hours in range(0, 11 * 12, 12):
            with clock.held_at(now + timedelta(hours=hours)):
                dispatcher.drain()
        capture()
        dispatcher.drain()
    return row


@pytest.mark.parametrize("phone", [False, True])
def test_pages_are_accessible(
    open_page: OpenPage, violations: Violations, troubled: Subscription, *, phone: bool
) -> None:
    one = f"{troubled.id}/"
    for path in (
        "",
        one,
        f"{one}messages/2/",
        "new/",
        "queries/",
        "queries/shipped/",
        "new-query/",
    ):
        page = open_page(APP + path, role=Role.OWNER, phone=phone)
        assert violations(page) == [], path
        page.close()
