"""Which events somebody may see who speaks for a partner.

Owns: obeying an `EventView`: `Sight` for rows and the SQL before them, `visible` for numbers.
Does not own: where views come from (partners.selectors.view_of), and what queries look for.
Invariant: an event that is not visible is not shown, counted or named to anybody who has the view;
the conditions for SQL may let more through, never less.

Identities are compared, never texts, so that URN, link and element string are the same here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from suyuan.capture.identities import class_names_of, find_keys, identities_of
from suyuan.capture.keyspace import ClassKind
from suyuan.capture.models import CaptureJob, Claim
from suyuan.capture.queries.rows import Condition, Row, rows_of
from suyuan.capture.selectors import voided_by
from suyuan.capture.view import EventView, Grant
from suyuan.core.epcis.event import QUANTITY_ROLES
from suyuan.core.epcis.vocabulary import STEP_NUMBERS
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc
from suyuan.core.keyset import INDEX_BITS
from suyuan.kernel.lists import within

_NO_ROW: Final[Condition] = ("1 = 0", ())
_OF_A_PRODUCT: Final = frozenset({Scheme.SGTIN, Scheme.LGTIN, Scheme.GTIN})
_SERIALISED: Final = frozenset(
    {ClassKind.OWN, ClassKind.NUMERIC, ClassKind.SERIAL, ClassKind.LOT}
)  # their stem begins with the GTIN
_PARTIES: Final = (("sourceList", "source"), ("destinationList", "destination"))
_read_text = lru_cache(4096)(parse_epc)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A grant with keys in place of places, and numbers in place of steps."""

    places: frozenset[int] | None
    parties: frozenset[Identity] | None
    gtins: frozenset[str] | None
    steps: frozenset[int] | None
    since: int | None
    until: int | None

    def meets(self, row: Row) -> bool:
        """Tell whether a row fits in what its columns tell."""
        return (
            (self.steps is None or row.step in self.steps)
            and (self.since is None or row.time >= self.since)
            and (self.until is None or row.time < self.until)
            and (
                self.places is None or row.read_point in self.places or row.location in self.places
            )
            and (self.parties is None or not self.parties.isdisjoint(_parties(row)))
        )


class Sight:
    """A view made ready for the rows of one organisation; make one for many batches.

    Attributes:
        conditions: on the store's columns, which every visible event meets. However many grants
            there are, the conditions are few: what all grants have in common.
        blind: nothing can be seen at all.
    """

    def __init__(self, organisation_id: int, view: EventView | None) -> None:
        """Look up what the view names; None sees everything."""
        self._organisation_id = organisation_id
        self._view = view
        self._grants = _Grants(organisation_id, () if view is None else view.grants)
        self.conditions = [] if view is None else self._conditions(view)
        self.blind = self.conditions == [_NO_ROW]

    def visible(self, rows: Sequence[Row]) -> list[Row]:
        """Return those of `rows` that are let through, in their order."""
        if self._view is None or not rows:
            return list(rows)
        own = _delivered(self._organisation_id, self._view.holder, rows)
        shared = self._grants.seen([row for row in rows if row.seq not in own])
        return [row for row in rows if row.seq in own or row.seq in shared]

    def _conditions(self, view: EventView) -> list[Condition]:
        texts: list[str] = []
        values: list[Any] = []
        if view.holder is not None:
            texts += [
                "job IN (SELECT id FROM capture_capturejob "
                "WHERE organisation_id = %s AND holder = %s)",
                "seq IN (SELECT seq FROM capture_claim WHERE organisation_id = %s AND holder = %s)",
            ]
            values += [self._organisation_id, view.holder] * 2
        if self._grants.keyed:
            common = _common(self._grants.keyed)
            if not common:
                return []
            texts.append(" AND ".join(text for text, _ in common))
            values += [value for _, some in common for value in some]
        if not texts:
            return [_NO_ROW]
        return [("(" + " OR ".join(f"({text})" for text in texts) + ")", tuple(values))]


def visible(organisation_id: int, view: EventView | None, seqs: Sequence[int]) -> list[int]:
    """Return those of the numbered events that a view lets through, in their order."""
    if view is None:
        return list(seqs)
    sight = Sight(organisation_id, view)
    found = rows_of(organisation_id, seqs, sight.conditions)
    return [row.seq for row in sight.visible([found[one] for one in seqs if one in found])]


def voided_as_seen(organisation_id: int, view: EventView | None, seqs: Sequence[int]) -> set[int]:
    """Return those of the numbered events that a visible declaration says are wrong."""
    voided = voided_by(organisation_id, seqs)
    declarations = sorted({one for some in voided.values() for one in some})
    told = set(visible(organisation_id, view, declarations))
    return {seq for seq, some in voided.items() if not told.isdisjoint(some)}


def own_jobs(organisation_id: int, holder: int, jobs: Collection[int]) -> set[int]:
    """Return those of `jobs` that a partner sent."""
    rows = CaptureJob.objects.filter(organisation_id=organisation_id, id__in=jobs, holder=holder)
    return set(rows.values_list("id", flat=True))


def _delivered(organisation_id: int, holder: int | None, rows: Sequence[Row]) -> set[int]:
    """Return the numbers of events that a partner sent, alone or after somebody else."""
    if holder is None:
        return set()
    jobs = own_jobs(organisation_id, holder, {row.job for row in rows})
    claims = Claim.objects.filter(
        organisation_id=organisation_id, holder=holder, seq__in=[row.seq for row in rows]
    )
    return {row.seq for row in rows if row.job in jobs} | set(claims.values_list("seq", flat=True))


def _common(grants: Sequence[_Keyed]) -> list[Condition]:
    """Return what every grant asks for, as conditions on columns."""
    found: list[Condition] = []
    steps = [one.steps for one in grants if one.steps is not None]
    if len(steps) == len(grants):
        text, value = within("step", sorted(frozenset().union(*steps)))
        found.append((text, (value,)))
    places = [one.places for one in grants if one.places is not None]
    if len(places) == len(grants):
        keys = sorted(frozenset().union(*places))
        (here, value), (there, _) = within("read_point", keys), within("location", keys)
        found.append((f"({here} OR {there})", (value, value)))
    since = [one.since for one in grants if one.since is not None]
    if len(since) == len(grants):
        found.append(("time >= %s", (min(since),)))
    until = [one.until for one in grants if one.until is not None]
    if len(until) == len(grants):
        found.append(("time < %s", (max(until),)))
    return found


class _Grants:
    """The grants of a view, made ready for the rows of one organisation."""

    def __init__(self, organisation_id: int, grants: Sequence[Grant]) -> None:
        """Look up the keys of all places and steps at once."""
        self._organisation_id = organisation_id
        wanted = {place for one in grants for place in one.places or ()}
        wanted |= {
            Identity(Scheme.URI, word)
            for one in grants
            for word in one.steps or ()
            if word not in STEP_NUMBERS
        }
        keys = find_keys(organisation_id, wanted) if wanted else {}
        made = (_keyed(one, keys) for one in grants)
        self.keyed = [one for one in made if one is not None]
        # Thousands of rules are mostly about one product each: a row asks those of its own.
        self._unlimited = [one for one in self.keyed if one.gtins is None]
        self._by_gtin: dict[str, list[_Keyed]] = {}
        for one in self.keyed:
            for gtin in one.gtins or ():
                self._by_gtin.setdefault(gtin, []).append(one)

    def seen(self, rows: Sequence[Row]) -> set[int]:
        """Return the numbers of the rows that a grant lets through."""
        found = {row.seq for row in rows if any(one.meets(row) for one in self._unlimited)}
        rest = [row for row in rows if row.seq not in found]
        if not rest or not self._by_gtin:
            return found
        goods = _goods(self._organisation_id, rest)
        for row in rest:
            gtins = goods[row.seq]
            if gtins and any(
                gtins <= (one.gtins or frozenset()) and one.meets(row)
                for one in self._by_gtin.get(next(iter(gtins)), ())
            ):
                found.add(row.seq)
        return found


def _keyed(grant: Grant, keys: dict[Identity, int]) -> _Keyed | None:
    """Return a grant in keys; None for one that no event of the organisation can fit."""
    places = steps = None
    if grant.places is not None:
        places = frozenset(keys[one] for one in grant.places if one in keys)
    if grant.steps is not None:
        numbers = (
            STEP_NUMBERS.get(word) or keys.get(Identity(Scheme.URI, word)) for word in grant.steps
        )
        steps = frozenset(number for number in numbers if number is not None)
    limits = (places, steps, grant.parties, grant.gtins)
    if any(limit is not None and not limit for limit in limits):
        return None
    return _Keyed(places, grant.parties, grant.gtins, steps, grant.since, grant.until)


def _parties(row: Row) -> Iterator[Identity]:
    """Yield the sources and destinations of an event."""
    for name, attribute in _PARTIES:
        for one in row.body.get(name) or ():
            identity = _identity(one.get(attribute))
            if identity is not None:
                yield identity


def _identity(text: Any) -> Identity | None:
    try:
        return _read_text(text) if isinstance(text, str) else None
    except IdentifierError:
        return None


type _Goods = frozenset[str] | None
"""GTINs of an event's goods; empty if it names none, None if not all of them have one."""


def _goods(organisation_id: int, rows: Iterable[Row]) -> dict[int, _Goods]:
    """Return the GTINs of what each event names, with one look-up of classes for all."""
    classes = {row.seq: _classes(row) for row in rows}
    numbers = {number for some in classes.values() for number in some}
    names = class_names_of(organisation_id, numbers)
    # Keys that only the dictionary explains: a GTIN without serial or lot, or no goods at all.
    odd = {number for number in numbers if names[number][0] is ClassKind.OTHER}
    others = identities_of(
        organisation_id,
        {key for row in rows if odd & classes[row.seq] for key in _keys_in(row, odd)},
    )
    found: dict[int, _Goods] = {}
    for row in rows:
        gtins: set[str | None] = set()
        for number in classes[row.seq]:
            kind, stem = names[number]
            if kind in _SERIALISED:
                gtins.add(stem.partition("/")[0])
        if odd & classes[row.seq]:
            gtins |= {_gtin(others[key]) for key in _keys_in(row, odd)}
        gtins |= {_gtin(one) for one in _amounts(row)}
        found[row.seq] = (
            None if None in gtins else frozenset(gtin for gtin in gtins if gtin is not None)
        )
    return found


def _gtin(identity: Identity | None) -> str | None:
    """Return the trade item of an identity, None if it is of none."""
    if identity is None or identity.scheme not in _OF_A_PRODUCT:
        return None
    return identity.primary


def _classes(row: Row) -> set[int]:
    found: set[int] = set() if row.parent is None else {row.parent >> INDEX_BITS}
    for some in (row.epcs, row.outputs):
        if some:
            found |= set(np.unique(some.to_array() >> INDEX_BITS).tolist())
    return found


def _keys_in(row: Row, classes: set[int]) -> Iterator[int]:
    """Yield the keys of an event's goods that belong to some classes."""
    if row.parent is not None and row.parent >> INDEX_BITS in classes:
        yield row.parent
    for some in (row.epcs, row.outputs):
        yield from (key for key in some if key >> INDEX_BITS in classes)


def _amounts(row: Row) -> Iterator[Identity | None]:
    for name in QUANTITY_ROLES:
        for one in row.body.get(name) or ():
            yield _identity(one.get("epcClass"))
