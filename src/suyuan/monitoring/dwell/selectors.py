"""Answer a question about time.

Owns: the course from items to figures, and the items behind a figure.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from suyuan.core.instants import moment
from suyuan.lineage.alike import alike
from suyuan.lineage.fold import CODES
from suyuan.lineage.standing import catch_up, read_mark
from suyuan.lineage.stays import stays_of
from suyuan.lineage.values import Whereabouts
from suyuan.monitoring.dwell.chain import Directory
from suyuan.monitoring.dwell.figures import quantiles
from suyuan.monitoring.dwell.measuring import Figures, Measure, joined, numbered
from suyuan.monitoring.dwell.population import bounds, population
from suyuan.monitoring.dwell.values import Group, Oldest, Question, Report, Subject, Week

_OLDEST: Final = 12
MICROSECOND: Final = 1_000_000


def report(organisation_id: int, question: Question) -> Report:
    """Return where time goes.

    Every item is looked at, or a sample if the question asks for one; the report says which.
    """
    at_seq = _ready(organisation_id)
    directory = Directory.of(organisation_id)
    measure = _measure(directory, question)
    items = population(organisation_id, question)
    for entries in items.pieces(organisation_id):
        groups = alike(entries)
        measure.add(stays_of(organisation_id, groups), groups.firsts)
    figures = measure.figures()
    total = sum(one.total for one in figures)
    subjects = directory.subjects(question.by, [one.of for one in figures])
    return Report(
        groups=[
            _group(one, subject, total) for one, subject in zip(figures, subjects, strict=True)
        ],
        items=items.items,
        measured=len(items.chosen),
        stays=sum(one.items for one in figures),
        late=sum(one.late for one in figures),
        missing=sum(one.missing for one in figures),
        oldest=_oldest(directory, measure),
        at_seq=at_seq,
    )


def items_behind(
    organisation_id: int,
    question: Question,
    subject: Subject,
    *,
    shortest: int = 0,
    longest: int | None = None,
    most: int = 1_000,
) -> list[tuple[int, int]]:
    """Return (item, microseconds) of the stays behind a figure, the longest first.

    Args:
        organisation_id: whose.
        question: as the report was asked for.
        subject: the group.
        shortest: only stays of at least this length.
        longest: only stays shorter than this.
        most: how many.
    """
    _ready(organisation_id)
    directory = Directory.of(organisation_id)
    measure = _measure(directory, question)
    found: list[tuple[int, int]] = []
    for entries in population(organisation_id, question).pieces(organisation_id):
        groups = alike(entries)
        stays = measure.ended_of(stays_of(organisation_id, groups), groups.firsts)
        names, of = numbered(stays.of)
        subjects = directory.subjects(question.by, [(a, b) for a, b in names])
        wanted = [at for at, one in enumerate(subjects) if one == subject]
        kept = np.isin(of, wanted) & (stays.lengths >= shortest)
        if longest is not None:
            kept &= stays.lengths < longest
        rows = np.flatnonzero(kept)
        rows = rows[np.argsort(-stays.lengths[rows], kind="stable")][:most]
        for group, length in zip(
            stays.groups[rows].tolist(), stays.lengths[rows].tolist(), strict=True
        ):
            members = np.flatnonzero(groups.group == group)[:most]
            found += ((item, length) for item in groups.items[members].tolist())
            if len(found) > 4 * most:
                break
        found = sorted(found, key=lambda one: (-one[1], one[0]))[:most]
    return found


def _ready(organisation_id: int) -> int:
    catch_up(organisation_id)
    return read_mark(organisation_id)


def _measure(directory: Directory, question: Question) -> Measure:
    since, until = bounds(question)
    late = int(question.late.total_seconds()) * MICROSECOND
    return Measure(question.by, since, until, late, directory.chain(question))


def _group(one: Figures, subject: Subject, total: int) -> Group:
    return Group(
        subject,
        one.items,
        *one.quantiles,
        total=one.total,
        share=one.total / total if total else 0.0,
        late=one.late,
        missing=one.missing,
        bins=one.bins,
        weeks=[Week(*week) for week in one.weeks],
    )


def _oldest(directory: Directory, measure: Measure) -> list[Oldest]:
    """Return what has lasted longest, by state, place and product."""
    all_ = joined(measure.lasting)
    if not all_.lengths.size:
        return []
    pairs, spot = numbered(all_.of)
    names, cell = numbered(np.stack((spot, all_.weeks), axis=1))
    first = np.full(len(names), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first, cell, all_.lengths)
    medians = quantiles(all_.lengths, all_.items, cell, len(names), (50,))[:, 0]
    items = np.bincount(cell, all_.items, minlength=len(names))
    places = directory.places({place for _, place in pairs})
    shown = np.argsort(first, kind="stable")[:_OLDEST].tolist()
    found = []
    for at in shown:
        (code, place), product = pairs[names[at][0]], names[at][1]
        found.append(
            Oldest(
                CODES[code] or Whereabouts.NOT_SEEN,
                places[place],
                directory.gtins[product],
                int(items[at]),
                moment(int(first[at])),
                moment(int(medians[at])),
            )
        )
    return found
