"""Load the demonstration once, and say how to look at it.

Owns: the one transaction, progress, and the facts that are printed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from suyuan.capture.columns import build_segments
from suyuan.capture.identities import find_key, identity_of
from suyuan.capture.selectors import events_stored
from suyuan.cli.demo import (
    bottles,
    brand,
    cases,
    doors,
    drilling,
    neighbour,
    partners,
    print_house,
    printshop,
    story,
)
from suyuan.cli.demo.timeline import DAYS, Timeline
from suyuan.cli.demo.world import World, connect_systems, found_brand, store_masterdata
from suyuan.core.identifiers import parse_identity
from suyuan.issuing import selectors as issuing
from suyuan.kernel import clock
from suyuan.kernel.errors import NotFound
from suyuan.lineage.standing import refresh_stock
from suyuan.quality.models import Complaint, InspectionReport
from suyuan.recalls.models import RecallCase
from suyuan.tenancy.models import Organisation, User
from suyuan.verification.models import ScanTally
from suyuan.verification.selectors import scans_recorded

FULL: Final = sum(len(story.MADE_ON[one.key]) * one.cases * one.per_case for one in brand.PRODUCTS)
"""Items of the demonstration at its full size."""

_TRIED: Final = 12

type Progress = Callable[[int, int], None]
"""Called with days told and days in all."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a visitor is told."""

    email: str
    password: str
    slug: str
    consumer: str  # path of an item that has gone the whole way
    copied: str
    complaint: str  # number
    complained: str  # path
    material_lot: str
    recall: str  # number of the one that is under way
    tapped: str  # path of a bottle with a chip
    tap: str  # the path that the chip would write at its next tap
    scratch: str  # path of a bottle whose hidden code nobody has entered
    hidden: str  # that code
    partner: str  # e-mail of somebody who speaks for one
    items: int
    events: int
    scans: int


def is_loaded() -> bool:
    """Tell whether the demonstration is there."""
    return Organisation.objects.filter(slug=brand.SLUG).exists()


def load(*, items: int = FULL, progress: Progress | None = None) -> None:
    """Load the demonstration in one transaction.

    Args:
        items: about how many; lots keep at least one case each.
        progress: called after each day.
    """
    now = timezone.localtime(clock.now()).replace(second=0, microsecond=0)
    time = Timeline(now)
    with transaction.atomic():
        with time.held(0.0):
            organisation, people = found_brand()
            world = World(organisation, people, time, items / FULL)
            store_masterdata(world)
            connect_systems(world)
            other = neighbour.found(User.objects.get(email=brand.OWNER).password)
            neighbour.work(other, time)
        for carry in (printshop, print_house, cases, bottles, partners):
            carry.plan(world)
        for day in story.tell(world):
            if progress is not None:
                progress(day + 1, DAYS + 1)
        doors.open_doors(world)
        drilling.plan_next(world)
        for one in (organisation.pk, other.organisation_id):
            build_segments(one)
            refresh_stock(one)


def facts() -> Facts:
    """Read back what a visitor is told.

    Raises:
        NotFound: the demonstration is not loaded.
    """
    organisation = Organisation.objects.filter(slug=brand.SLUG).first()
    if organisation is None:
        raise NotFound(kind="demonstration")
    complaint = (
        Complaint.objects.filter(organisation_id=organisation.pk, channel="consumer_page")
        .order_by("created_at")
        .first()
    )
    tapped, tap = bottles.next_tap(organisation.pk)
    scratch, hidden = bottles.next_scratch(organisation.pk)
    report = InspectionReport.objects.filter(
        organisation_id=organisation.pk, result="fail", target_kind="material_lot"
    ).first()
    case = RecallCase.objects.filter(organisation_id=organisation.pk, status="approved").first()
    return Facts(
        email=brand.OWNER,
        password=brand.PASSWORD,
        slug=brand.SLUG,
        consumer=_early_item(organisation.pk, brand.STAGE_1.gtin),
        copied=_most_seen(organisation.pk),
        complaint=complaint.number if complaint else "",
        complained=_path(complaint.identity) if complaint else "",
        material_lot=report.lot if report else "",
        recall=case.number if case else "",
        tapped=tapped,
        tap=tap,
        scratch=scratch,
        hidden=hidden,
        partner=partners.EMAIL,
        items=issuing.totals(organisation.pk).commissioned,
        events=events_stored(),
        scans=scans_recorded(),
    )


def _early_item(organisation_id: int, gtin: str) -> str:
    """Return the address of an item of a product's first lot: sold long ago, not looked up yet."""
    order = issuing.orders(organisation_id, gtin=gtin).order_by("created_at", "id").first()
    if order is None:
        return ""
    links = issuing.links(order, first=order.count // 2, count=_TRIED)
    unseen = (link for link in links if not _is_seen(organisation_id, link))
    return _path(next(unseen, links[0]))


def _is_seen(organisation_id: int, link: str) -> bool:
    key = find_key(organisation_id, parse_identity(link))
    rows = ScanTally.objects.filter(organisation_id=organisation_id)
    return key is not None and rows.filter(id=key).exists()


def _most_seen(organisation_id: int) -> str:
    """Return the address of the item that was looked at most often: the copied code."""
    rows = ScanTally.objects.filter(organisation_id=organisation_id).order_by("-scans", "id")
    first = rows.first()
    return _path(identity_of(organisation_id, first.id).digital_link()) if first else ""


def _path(link: str) -> str:
    return link.removeprefix(issuing.EPC_BASE)
