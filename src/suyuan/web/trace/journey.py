"""A history as people read it: days of steps, and stops on a map.

Owns: what of each event is told in a line, and which places make a stop.
Does not own: the history (lineage), how a map or a timeline is drawn (web.drawing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from suyuan.capture.browse import Declaration, declarations_about
from suyuan.core.identifiers import Identity
from suyuan.lineage.values import Happening, History, Step, Whereabouts
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.drawing.maps import Point, graticule_map
from suyuan.web.drawing.timeline import Day, TimelineEntry, by_day
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.names import Names, PlaceName, short_text
from suyuan.web.trace.papers import papers

_TITLES: Final[dict[str, Promise]] = {
    "input": pgettext_lazy("step", "Went into production"),
    "output": pgettext_lazy("step", "Came out of production"),
}
_REASONS: Final[dict[str, Promise]] = {
    "did_not_occur": pgettext_lazy("reason", "it did not happen"),
    "incorrect_data": pgettext_lazy("reason", "its data were wrong"),
}
# Dispositions that say no more than the step beside them.
_PLAIN: Final = frozenset({"", "active", "in_progress", "in_transit", "container_closed"})
_UNDER_WAY: Final = frozenset({Whereabouts.IN_TRANSIT, Whereabouts.SOLD})
_BIRTH: Final = frozenset({"", "commissioning", "creating_class_instance"})
MOST_STOPS: Final = 40


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where something was, from its first event there to its last."""

    order: int
    place: PlaceName
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """What the templates show of a history."""

    days: list[Day]
    stops: list[Stop]
    map: SafeString | None
    count: int
    unplaced: int  # stops without coordinates
    several: bool  # more than one place: worth a map


def journey(actor: Actor, history: History, names: Names) -> Journey:
    """Return a history as days and stops."""
    steps = list(_distinct(history.steps))
    doubtful = [step.happening.seq for step in steps if step.happening.voided]
    errors = declarations_about(actor.organisation_id, doubtful)
    shown = [s for s in steps if not s.happening.voided or s.happening.seq in errors]
    entries = [_entry(actor, step, names, errors, _moves(step, history)) for step in shown]
    stops = _stops(history, names)
    return Journey(
        days=by_day(entries),
        stops=stops,
        map=_map(stops, names),
        count=len(entries),
        unplaced=sum(stop.place.latitude is None for stop in stops),
        several=len({stop.place for stop in stops}) > 1,
    )


def _distinct(steps: Sequence[Step]) -> Iterator[Step]:
    """Leave out what tells of one event twice: the thing's own word before its container's."""
    own = {step.happening.seq for step in steps if step.via is None}
    seen: set[int] = set()
    for step in steps:
        seq = step.happening.seq
        if seq not in seen and (step.via is None or seq not in own):
            seen.add(seq)
            yield step


def _entry(
    actor: Actor, step: Step, names: Names, errors: Mapping[int, Declaration], moves: Sequence[str]
) -> TimelineEntry:
    event = step.happening
    org = actor.organisation.slug
    via = step.via_identity
    return TimelineEntry(
        time=event.time,
        step=shown_step(event.type, event.step),
        title=str(_TITLES.get(step.role, "")),
        place=_placed(names.place(_spot(event))) if _spot(event) else "",
        href=event_address(actor, event.seq),
        via=unit_name(via) if via else "",
        via_href=(address_of(org, via) or "") if via else "",
        status="" if event.disposition in _PLAIN else event.disposition,
        notes=(*moves, *_notes(event, names, errors.get(event.seq))),
        voided=event.voided,
    )


def _moves(step: Step, history: History) -> list[str]:
    """Say into or out of which container an aggregation put the thing itself."""
    event = step.happening
    if step.role != "child" or step.via is not None or event.voided:
        return []
    into = [one for one in history.containments if one.start == event.time]
    out = [one for one in history.containments if one.end == event.time]
    if event.action == "ADD":
        return [_("Into %(unit)s") % {"unit": unit_name(one.parent_identity)} for one in into]
    if event.action == "DELETE":
        return [_("Out of %(unit)s") % {"unit": unit_name(one.parent_identity)} for one in out]
    return []


def shown_step(kind: str, step: str) -> str:
    """Return the step; a transformation is production, whatever codes it activates."""
    return "transforming" if kind == "TransformationEvent" and step in _BIRTH else step


def event_address(actor: Actor, seq: int) -> str:
    """Return an event's page, "" where the actor may not see events."""
    if not actor.may(Right.EVENTS_VIEW):
        return ""
    return reverse("trace:event", kwargs={"org": actor.organisation.slug, "seq": seq})


def unit_name(identity: Identity) -> str:
    """Return what a container is called where there is no room for more."""
    if identity.scheme == "sscc":
        return f"SSCC {identity.primary}"
    return short_text(identity.digital_link())


def _spot(event: Happening) -> str:
    return event.location or event.read_point


def _placed(place: PlaceName) -> str:
    return f"{place.name} · {place.region}" if place.region not in {"", place.name} else place.name


def _notes(event: Happening, names: Names, error: Declaration | None) -> Iterator[str]:
    for paper in papers(event.transactions, names.org):
        yield f"{paper.kind} {paper.number}"
    if event.destinations:
        place = names.place(event.destinations[-1][1])
        yield _("To: %(place)s") % {"place": _placed(place)}
    if error is not None:
        reason = _REASONS.get(error.reason)
        if reason:
            text = _("Declared void by event %(number)s: %(reason)s")
            yield text % {"number": error.seq, "reason": reason}
        else:
            yield _("Declared void by event %(number)s") % {"number": error.seq}


def _stops(history: History, names: Names) -> list[Stop]:
    """Return the places in order; staying at one place is one stop."""
    stops: list[Stop] = []
    for step in history.steps:
        event = step.happening
        text = _spot(event)
        if event.voided or not text:
            continue
        place = names.place(text)
        if stops and stops[-1].place == place:
            stops[-1] = replace(stops[-1], last=event.time)
        else:
            stops.append(Stop(len(stops) + 1, place, event.time, event.time))
    state = history.state
    if state.whereabouts in _UNDER_WAY and state.destination and state.since:
        place = names.place(state.destination)
        if place.latitude is not None and (not stops or stops[-1].place != place):
            stops.append(Stop(len(stops) + 1, place, state.since, state.since))
    return stops[:MOST_STOPS]


def _map(stops: Sequence[Stop], names: Names) -> SafeString | None:
    points = [
        Point(
            lat=stop.place.latitude,
            lon=stop.place.longitude,
            label=stop.place.name,
            order=stop.order,
            href=stop.place.href,
            note=timezone.localtime(stop.first).strftime("%m-%d"),
        )
        for stop in stops
        if stop.place.latitude is not None and stop.place.longitude is not None
    ]
    if not points:
        return None
    return graticule_map(
        points, [list(range(len(points)))], language=names.language, name="journey"
    )
