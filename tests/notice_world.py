"""What tests of notices need: an approved recall with partners, buyers and somebody who complained.

Owns: the fixtures `case` and `mail`, which several folders import into their `conftest.py`.

Of material lot M-1 come twenty items of L-A and five of L-B (`recall_world`): item 1 was sold by
ORDER-1, items 2 and 3 are on their way by =ORDER-2; here a dealer got items 4 to 6 and a partner's
warehouse holds items 7 and 8. A consumer complained of item 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pytest_django import Settings

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.kernel import clock
from suyuan.masterdata.services import create_location, create_party
from suyuan.quality.reporters import Reporter
from suyuan.quality.services import file_complaint
from suyuan.recalls.models import CaseStatus, RecallCase
from suyuan.recalls.notices.preparing import prepare_notices
from suyuan.recalls.services import open_recall
from suyuan.tenancy.actor import Actor
from tests.mail_server import MailServer, mail_server
from tests.recall_world import MADE, World, item, make_world, material_lot

ORDER, MOVING_ORDER = "ORDER-1", "=ORDER-2"


@dataclass(frozen=True)
class Noticed:
    """What was set up."""

    world: World
    case: RecallCase

    @property
    def number(self) -> str:
        """The case's number."""
        return self.case.number


def approve(case: RecallCase) -> RecallCase:
    """Approve a case as two people would, without the people."""
    case.status, case.approved_at = CaseStatus.APPROVED.value, clock.now()
    case.save(update_fields=["status", "approved_at"])
    return case


def make_case(actor: Actor, *, approved: bool = True) -> Noticed:
    """Give an organisation a recall of what was made of M-1, with its list of recipients."""
    world = make_world(actor)
    dealer = create_party(
        actor=actor,
        code="D-1",
        name_zh="江南经销",
        kind="dealer",
        contact="陈经理 chen@dealer.example",
    )
    keeper = create_party(
        actor=actor, code="W-9", name_zh="云仓物流", kind="warehouse", contact="13800000009"
    )
    there = create_location(
        actor=actor, code="WH-9", name_zh="云仓一号库", kind="warehouse", party=keeper.code
    )
    shipped = build.object_event(
        time=MADE + timedelta(days=3),
        action="OBSERVE",
        epcs=[item(n) for n in (4, 5, 6)],
        step="shipping",
        disposition="in_transit",
        read_point=world.warehouse.identifier,
        destinations=[("possessing_party", dealer.identifier)],
    )
    kept = build.object_event(
        time=MADE + timedelta(days=3),
        action="OBSERVE",
        epcs=[item(7), item(8)],
        step="storing",
        disposition="in_progress",
        location=there.identifier,
    )
    capture_events(actor=actor, events=[shipped, kept], source="tests")
    file_complaint(
        actor=actor,
        text="有异味",
        target=item(9),
        reporter=Reporter(name="周女士", contact="zhou@mail.example"),
    )
    case = open_recall(
        actor=actor, title="农残超标", reason="检出农药残留", starts=[material_lot("M-1")]
    )
    if approved:
        approve(case)
    prepare_notices(actor=actor, number=case.number)
    return Noticed(world, case)


@pytest.fixture
def noticed(actor: Actor) -> Noticed:
    """Return an approved recall with its list of recipients."""
    return make_case(actor)


@pytest.fixture
def mail(settings: Settings) -> Iterator[MailServer]:
    """Let letters go to a mail server on loopback."""
    with mail_server() as server:
        settings.MAILERS = server.options
        yield server
