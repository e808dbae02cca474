"""The numbers of the home page, as a table of providers.

Owns: `PROVIDERS` and what a tile is.
Invariant: each number comes with its unit, the time it speaks of, and the way to what is behind it.

A provider gets the actor and the day's beginning and returns a tile, or None when there is nothing
to say. It reads through the domain's selectors; its right is checked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from suyuan.capture import selectors as capture
from suyuan.masterdata import selectors as masterdata
from suyuan.quality import selectors as quality
from suyuan.recalls import selectors as recalls
from suyuan.recalls.drills.selectors import running_drill
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification import selectors as verification
from suyuan.web.shell import navigation

type Text = str | Promise

_SILENCE = timedelta(hours=24)
_DOUBTFUL = ("never_issued", "lot_unknown")


@dataclass(frozen=True)
class Today:
    """For whom, and for which span of time, the numbers are taken."""

    actor: Actor
    now: datetime
    midnight: datetime

    @cached_property
    def intake(self) -> capture.Intake:
        """What was captured today; several tiles speak of it."""
        return capture.captured_since(self.organisation_id, self.midnight)

    @property
    def organisation_id(self) -> int:
        """The organisation's id, for selectors."""
        return self.actor.organisation_id

    def href(self, url_name: str, query: str = "") -> str:
        """Return the address of a page of the organisation; "" while there is none."""
        address = navigation.href(url_name, self.actor)
        return f"{address}?{query}" if address and query else address


@dataclass(frozen=True, slots=True)
class Tile:
    """One number."""

    label: Text
    value: int
    unit: str
    note: str = ""
    href: str = ""
    icon: str = ""
    tone: str = "none"
    urgent: bool = False  # somebody should look at it now
    group: str = "today"
    drawing: SafeString | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a tile comes from, and who may see it."""

    right: Right
    read: Callable[[Today], Tile | None]


GROUPS: Final[tuple[tuple[str, Text], ...]] = (
    ("today", gettext_lazy("So far today")),
    ("catalogue", gettext_lazy("What is kept")),
)


def collect(actor: Actor, *, now: datetime) -> list[Tile]:
    """Return the tiles that `actor` may see, in the table's order."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Today(actor=actor, now=now, midnight=midnight)
    tiles = (provider.read(today) for provider in PROVIDERS if actor.may(provider.right))
    return [tile for tile in tiles if tile is not None]


def grouped(tiles: Iterable[Tile]) -> Iterator[tuple[Text, list[Tile]]]:
    """Yield the tiles under the heading of their group."""
    kept = list(tiles)
    for name, label in GROUPS:
        members = [tile for tile in kept if tile.group == name]
        if members:
            yield label, members


def _products(today: Today) -> Tile:
    products = masterdata.list_products(today.organisation_id)
    count = products.count()
    return Tile(
        label=_("Products"),
        value=count,
        unit=ngettext("product", "products", count),
        href=today.href("masterdata:products"),
        icon="tag",
        group="catalogue",
    )


def _lots(today: Today) -> Tile:
    count = masterdata.list_lots(today.organisation_id).count()
    return Tile(
        label=_("Lots"),
        value=count,
        unit=ngettext("lot", "lots", count),
        href=today.href("masterdata:lots"),
        icon="stack-2",
        group="catalogue",
    )


def _material_lots(today: Today) -> Tile:
    count = masterdata.list_material_lots(today.organisation_id).count()
    return Tile(
        label=_("Material lots"),
        value=count,
        unit=ngettext("lot", "lots", count),
        href=today.href("masterdata:material_lots"),
        icon="packages",
        group="catalogue",
    )


def _locations(today: Today) -> Tile:
    count = masterdata.list_locations(today.organisation_id).count()
    return Tile(
        label=_("Locations"),
        value=count,
        unit=ngettext("place", "places", count),
        href=today.href("masterdata:locations"),
        icon="map-pin",
        group="catalogue",
    )


def _captured(today: Today) -> Tile:
    intake = today.intake
    last = timezone.localtime(intake.last).strftime("%Y-%m-%d %H:%M") if intake.last else ""
    return Tile(
        label=_("Captured today"),
        value=intake.stored,
        unit=ngettext("event", "events", intake.stored),
        note=_("latest at %(time)s") % {"time": last} if last else _("nothing has come in yet"),
        href=today.href("trace:events"),
        icon="timeline-event",
        tone="good" if intake.stored else "none",
    )


def _late(today: Today) -> Tile | None:
    intake = today.intake
    if not intake.late:
        return None
    return Tile(
        label=_("Late data"),
        value=intake.late,
        unit=ngettext("event", "events", intake.late),
        note=_("came in today, more than 24 hours after it happened"),
        href=today.href("trace:events"),
        icon="clock",
        tone="warn",
        urgent=True,
    )


def _refused(today: Today) -> Tile | None:
    intake = today.intake
    if not intake.refused:
        return None
    return Tile(
        label=_("Refused today"),
        value=intake.refused,
        unit=ngettext("delivery", "deliveries", intake.refused),
        note=_("can be downloaded, corrected and sent again"),
        href=today.href("trace:jobs"),
        icon="database-import",
        tone="warn",
        urgent=True,
    )


def _silent(today: Today) -> Tile | None:
    """Data that should have come: nothing at all for a day, where something came before."""
    last = today.intake.last
    if last is None or today.now - last < _SILENCE:
        return None
    hours = (today.now - last) // timedelta(hours=1)
    return Tile(
        label=_("No data since"),
        value=hours,
        unit=ngettext("hour", "hours", hours),
        note=timezone.localtime(last).strftime("%Y-%m-%d %H:%M"),
        href=today.href("trace:jobs"),
        icon="clock",
        tone="warn",
        urgent=True,
    )


def _open_recalls(today: Today) -> Tile | None:
    count = recalls.count_open(today.organisation_id)
    if not count:
        return None
    return Tile(
        label=_("Open recalls"),
        value=count,
        unit=ngettext("case", "cases", count),
        note=_("until each item is accounted for"),
        href=today.href("recalls:cases", "status=current"),
        icon="alert-triangle",
        tone="bad",
        urgent=True,
    )


def _running_drill(today: Today) -> Tile | None:
    drill = running_drill(today.organisation_id)
    if drill is None:
        return None
    minutes = int((today.now - drill.announced_at).total_seconds() // 60)
    return Tile(
        label=_("A drill is running"),
        value=minutes,
        unit=ngettext("minute", "minutes", minutes),
        note=_("of %(target)s; no stock moves") % {"target": f"{drill.target_minutes:,}"},
        href=today.href("recalls:drills"),
        icon="clipboard-check",
        tone="warn",
        urgent=True,
    )


def _open_complaints(today: Today) -> Tile | None:
    count = quality.complaint_counts(today.organisation_id)["open"]
    if not count:
        return None
    return Tile(
        label=_("Complaints to answer"),
        value=count,
        unit=ngettext("complaint", "complaints", count),
        href=today.href("quality:complaints", "status=open"),
        icon="message-report",
        tone="warn",
        urgent=True,
    )


def _scans(today: Today) -> Tile:
    counts = verification.verdict_counts(
        today.organisation_id, since=today.midnight, until=today.now
    )
    count = sum(counts.values())
    bad = sum(counts.get(verdict, 0) for verdict in _DOUBTFUL)
    note = ngettext("%(count)s of a code never issued", "%(count)s of codes never issued", bad)
    return Tile(
        label=_("Consumers’ scans today"),
        value=count,
        unit=ngettext("scan", "scans", count),
        note=note % {"count": f"{bad:,}"} if bad else "",
        href=today.href("verification:scans"),
        icon="shield-check",
        tone="info",
    )


PROVIDERS: Final[tuple[Provider, ...]] = (
    Provider(Right.RECALL_VIEW, _open_recalls),
    Provider(Right.RECALL_VIEW, _running_drill),
    Provider(Right.QUALITY_VIEW, _open_complaints),
    Provider(Right.EVENTS_VIEW, _silent),
    Provider(Right.EVENTS_VIEW, _late),
    Provider(Right.EVENTS_VIEW, _refused),
    Provider(Right.EVENTS_VIEW, _captured),
    Provider(Right.SCANS_VIEW, _scans),
    Provider(Right.MASTERDATA_VIEW, _products),
    Provider(Right.MASTERDATA_VIEW, _lots),
    Provider(Right.MASTERDATA_VIEW, _material_lots),
    Provider(Right.MASTERDATA_VIEW, _locations),
)
