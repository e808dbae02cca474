"""What docks' pages show.

Owns: which parts a reader's page has, how stays and reports become rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Scheme
from suyuan.core.instants import moment
from suyuan.docks import selectors
from suyuan.docks.models import Presence, ReadBatch, Reader
from suyuan.kernel import clock
from suyuan.masterdata.selectors import products_by_gtin
from suyuan.rfid import selectors as rfid
from suyuan.rfid.values import TagReason
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.docks.forms import TryForm
from suyuan.web.docks.words import PURPOSES, outcome_of
from suyuan.web.rfid.words import REASONS
from suyuan.web.trace.addresses import address_of

_SHOWN: Final = 12  # tags of each sort on a reader's page
_LATEST: Final = 8
_ELSEWHERE: Final = "3034257BF7194E4000001A85"  # the standard's own example, nobody's here


def list_context(actor: Actor) -> dict[str, object]:
    """Return the values of the list of readers."""
    readers = list(selectors.readers(actor.organisation_id))
    counts = selectors.present_counts(actor.organisation_id, readers)
    rows = [
        {
            "reader": reader,
            "purpose": PURPOSES[reader.purpose],
            "present": counts.get(reader.id, (0, 0))[0],
            "unknown": counts.get(reader.id, (0, 0))[1],
        }
        for reader in readers
    ]
    shown = [
        [row["reader"].id, str(row["reader"].last_heard_at), row["present"], row["unknown"]]  # type: ignore[attr-defined]
        for row in rows
    ]
    return {
        "rows": rows,
        "tags": sum(tags for tags, _ in counts.values()),
        "unknown": sum(unknown for _, unknown in counts.values()),
        "shown": _digest(shown),
        "may_edit": actor.may(Right.READERS_EDIT),
        "organisation": actor.organisation,
    }


def reader_context(
    request: HttpRequest, actor: Actor, code: str, form: TryForm | None = None
) -> dict[str, object]:
    """Return the values of a reader's page; a form that came back stays as it was sent."""
    reader = selectors.get_reader(actor.organisation_id, code)
    example = _example(actor)
    if form is None and reader.active and actor.may(Right.EVENTS_CAPTURE):
        form = TryForm(initial={"report": example})
    path = reverse("api:take_dock_reads", kwargs={"code": reader.code})
    return live_context(actor, reader) | {
        "form": form,
        "address": request.build_absolute_uri(path),
        "example": example,
        "may_edit": actor.may(Right.READERS_EDIT),
        "may_tokens": actor.may(Right.TOKENS_MANAGE),
    }


def live_context(actor: Actor, reader: Reader) -> dict[str, object]:
    """Return what the part of a reader's page shows that is asked for again and again."""
    present = selectors.presences(reader, present=True)
    known, unknown = present.filter(key__gte=0), present.filter(key__lt=0)
    counts = selectors.present_counts(actor.organisation_id, [reader])
    tags, strangers = counts.get(reader.id, (0, 0))
    batches = list(selectors.batches(reader)[:_LATEST])
    moves = selectors.moves(reader, most=_LATEST)
    latest = present.values_list("id", "last_at").first()
    recalled = _recalled(actor, reader)
    return {
        "reader": reader,
        "purpose": PURPOSES[reader.purpose],
        "tags": tags,
        "known_count": tags - strangers,
        "unknown_count": strangers,
        "kinds": _kinds(actor, reader),
        "known": stay_rows(actor, list(known[:_SHOWN])),
        "unknown": stay_rows(actor, list(unknown[:_SHOWN])),
        "moves": moves,
        "recalled": recalled,
        "batches": batches,
        "shown": _digest(
            [
                tags,
                strangers,
                latest,
                reader.reads,
                str(reader.last_heard_at),
                len(moves),
                str(recalled),
            ]
        ),
        "organisation": actor.organisation,
    }


def _recalled(actor: Actor, reader: Reader) -> list[dict[str, object]]:
    """Return what must not leave by this door, with its page and the recall that says so."""
    found = selectors.recalled_present(reader)
    names = identities_of(actor.organisation_id, {one.unit for one in found})
    slug, follow = actor.organisation.slug, actor.may(Right.TRACE_VIEW)
    return [
        {
            "unit": names[one.unit],
            "href": address_of(slug, names[one.unit]) if follow else "",
            "case": one.case,
        }
        for one in found
        if one.unit in names
    ]


def stay_rows(actor: Actor, stays: Sequence[Presence]) -> list[dict[str, object]]:
    """Return stays as rows of a table, with the items' pages for who may follow them."""
    units = identities_of(actor.organisation_id, {stay.key for stay in stays if stay.key >= 0})
    products = products_by_gtin(actor.organisation_id, {unit.primary for unit in units.values()})
    follow = actor.may(Right.TRACE_VIEW)
    rows: list[dict[str, object]] = []
    for stay in stays:
        unit = units.get(stay.key)
        label, tone, icon = REASONS[TagReason(stay.reason)]
        rows.append(
            {
                "stay": stay,
                "unit": unit,
                "href": address_of(actor.organisation.slug, unit) if unit and follow else "",
                "product": products.get(unit.primary) if unit else None,
                "reason": {"label": label, "tone": tone, "icon": icon},
                "outcome": outcome_of(stay.outcome),
                "first_at": moment(stay.first_at),
                "last_at": moment(stay.last_at),
            }
        )
    return rows


def summary(batch: ReadBatch) -> str:
    """Say what became of a report."""
    said = ngettext("%(reads)s read", "%(reads)s reads", batch.reads) % {"reads": batch.reads}
    return _(
        "Taken: %(reads)s of %(tags)s tags; %(appeared)s appeared, %(left)s left,"
        " %(unknown)s unknown, %(events)s events."
    ) % {
        "reads": said,
        "tags": batch.tags,
        "appeared": batch.appeared,
        "left": batch.left,
        "unknown": batch.unknown,
        "events": len(batch.events),
    }


def _kinds(actor: Actor, reader: Reader) -> list[dict[str, object]]:
    kinds = selectors.kinds_present(reader)
    products = products_by_gtin(actor.organisation_id, {kind.primary for kind, _ in kinds})
    counts: dict[str, int] = {}
    for kind, count in kinds:
        name = kind.primary if kind.scheme in {Scheme.SGTIN, Scheme.LGTIN} else ""
        counts[name] = counts.get(name, 0) + count
    return [
        {"gtin": gtin, "product": products.get(gtin), "count": count}
        for gtin, count in sorted(counts.items(), key=lambda one: -one[1])
    ]


def _example(actor: Actor) -> str:
    """Return a report to try: two tags of ours where there are any that are no secrets."""
    numbered = rfid.list_ranges(actor.organisation_id, live=True).filter(serial_start__isnull=False)
    made = numbered.first() if actor.may(Right.CARRIERS_VIEW) else None
    epcs = rfid.tag_hexes(made, first=0, count=2) if made else [_ELSEWHERE]
    time = clock.now().replace(microsecond=0).isoformat().replace("+00:00", "Z")
    reads = [
        {"epc": epc, "antenna": number, "rssi": -48.5 - number, "time": time}
        for number, epc in enumerate(epcs, 1)
    ]
    lines = ",\n".join(f"  {json.dumps(read)}" for read in reads)
    return f'{{"reads": [\n{lines}\n]}}'


def _digest(shown: object) -> str:
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]
