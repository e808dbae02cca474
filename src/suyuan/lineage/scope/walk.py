"""The walk from starts to all that they affect, the surest links first.

Owns: what leads to what, in rounds; how sure each thing met is; the reasons.
Does not own: what a start is about (starting), where things are now (present).

Groups of one grade and one depth are walked together, the best grade first: so each lot, item and
transformation is walked once, with the best grade that it has, and a cycle ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from suyuan.capture.columns import Columns
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.alike import Alike as Folded
from suyuan.lineage.alike import alike
from suyuan.lineage.births import Births, births_of, born_in
from suyuan.lineage.concerned import are_items
from suyuan.lineage.fetch import Entries, entries_of
from suyuan.lineage.present import Present, present_of
from suyuan.lineage.scope.contradictions import Contradictions
from suyuan.lineage.scope.expanding import members
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.scope.grades import (
    GRADES,
    POSSIBLE,
    PROVEN,
    UNKNOWN,
    Alike,
    Met,
    Reason,
    Trail,
)
from suyuan.lineage.scope.origins import contested, without_lot
from suyuan.lineage.scope.same_class import guesses
from suyuan.lineage.scope.telling import Told, pieces, tell
from suyuan.lineage.transformations import Transformation, Transformations
from suyuan.lineage.values import FindingCode

MOST_ROUNDS: Final = 64
MOST_LOTS: Final = 50_000
MOST_TRANSFORMATIONS: Final = 200_000
PIECE: Final = 1 << 20  # items that are looked at together
_SHOWN: Final = 20  # events of one finding


@dataclass(slots=True)
class _Group:
    """What was met with one grade at one depth, and waits to be walked."""

    lots: dict[int, Reason] = field(default_factory=dict)
    items: list[Met] = field(default_factory=list)
    uses: dict[int, Reason] = field(default_factory=dict)  # transformations, by number


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some items with their entries, and what is told of the first of each group of alike ones."""

    keys: Keys
    entries: Entries
    same: Folded
    told: Told

    @classmethod
    def of(cls, organisation_id: int, keys: Keys, entries: Entries) -> _Piece:
        """Fold alike items together."""
        same = alike(entries)
        return cls(keys, entries, same, tell(organisation_id, same.entries))

    def without(self, organisation_id: int, keys: Keys) -> _Piece:
        """Return the others."""
        left = np.setdiff1d(self.keys, keys, assume_unique=True)
        return _Piece.of(organisation_id, left, _of(self.entries, left))


class Walk:
    """One walk; `run` it once, then read what it met.

    Attributes:
        trail: how each lot and item was met.
        depths: lot → number of transformations from a start.
        grades: lot → its grade.
        born: lot → the items that live births name with it, affected or not.
        withdrawn: lot → the items that only births name with it which were declared errors.
        parts: present states, with the grade of the items in each.
        items: for each grade, the items that have it.
        transformations: events of those that were walked, by number.
        whole: the same transformations, each with all its events.
        guessed: (lot, event) that may have used the lot without saying so.
    """

    def __init__(self, organisation_id: int, findings: Findings, *, looking: bool = True) -> None:
        """Begin with nothing met; without `looking`, nobody asks for states and findings."""
        self.organisation_id = organisation_id
        self.findings = findings
        self.trail = Trail()
        self.depths: dict[int, int] = {}
        self.grades: dict[int, int] = {}
        self.born: dict[int, KeySet] = {}
        self.withdrawn: dict[int, KeySet] = {}
        self.parts: list[tuple[Present, int]] = []
        self.items: tuple[KeySet, ...] = tuple(KeySet() for _ in GRADES)
        self.transformations: dict[int, Transformation] = {}
        self.whole: list[tuple[Transformation, ...]] = []
        self.guessed: list[tuple[int, int]] = []  # (lot, transformation)
        self._looking = looking
        self._contradictions = Contradictions(organisation_id, findings)
        self._waiting: dict[tuple[int, int], _Group] = {}
        self._columns = Columns(organisation_id)
        self._contested = KeySet()
        self._contests: list[int] = []
        self._met = KeySet()  # items, and containers that were met like items

    def meet_lot(self, key: int, reason: Reason, *, grade: int, depth: int = 0) -> None:
        """Let a lot wait to be walked."""
        self._group(grade, depth).lots.setdefault(key, reason)

    def meet_items(self, met: Met, *, grade: int, depth: int = 0) -> None:
        """Let items wait to be walked."""
        self._group(grade, depth).items.append(met)

    def _group(self, grade: int, depth: int) -> _Group:
        return self._waiting.setdefault((grade, depth), _Group())

    def run(self) -> None:
        """Walk until nothing is left, or a bound is met."""
        while self._waiting:
            grade, depth = min(self._waiting)
            group = self._waiting.pop((grade, depth))
            if not self._within_bounds(depth):
                self.findings.note(FindingCode.CUT_SHORT)
                continue
            self._walk(group, grade, depth)
        self._note_contests()
        if self._looking:
            self._contradictions.finish(KeySet.union(self.items))

    def _within_bounds(self, depth: int) -> bool:
        return (
            depth < MOST_ROUNDS
            and len(self.grades) <= MOST_LOTS
            and len(self.transformations) <= MOST_TRANSFORMATIONS
        )

    def _walk(self, group: _Group, grade: int, depth: int) -> None:
        """Walk what was met with one grade at one depth."""
        lots = {key: why for key, why in group.lots.items() if key not in self.grades}
        self.trail.lots |= lots
        self.grades |= dict.fromkeys(lots, grade)
        self.depths |= dict.fromkeys(lots, depth)
        uses = {seq: why for seq, why in group.uses.items() if seq not in self.transformations}
        uses |= self._uses_of_lots(lots)
        self._guess(list(lots), grade, depth)
        births = births_of(self.organisation_id, lots)
        self.born |= {lot: some.live for lot, some in births.items()}
        uses |= self._take(group.items, births, grade, depth)
        self._withdrawn(births, grade, depth)
        self._use(uses, grade, depth)

    def _take(
        self,
        direct: Sequence[Met],
        births: dict[int, Births],
        grade: int,
        depth: int,
    ) -> dict[int, Reason]:
        """Take items in, but for those whose births contradict each other; return their uses."""
        sure = KeySet.union(met.keys for met in direct) - self._met
        named = KeySet.union(some.live for some in births.values()) - self._met - sure
        uses: dict[int, Reason] = {}
        doubtful = KeySet()
        for keys in pieces(sure | named, PIECE):
            entries = entries_of(self.organisation_id, keys, self._columns)
            piece = _Piece.of(self.organisation_id, keys, entries)
            doubt = self._doubtful(piece, named)
            if doubt:
                doubtful = doubtful | doubt
                piece = piece.without(self.organisation_id, doubt.to_array())
            uses |= self._accept(piece, grade)
        self.trail.items += direct
        for lot, some in births.items():
            why = Reason("birth", lot, -1, PROVEN)
            sound = some.live - doubtful if doubtful else some.live
            self.trail.items.append(Alike(sound, why))
            if doubt := some.live & doubtful:
                why = Reason("birth", lot, -1, POSSIBLE)
                met = Alike(doubt, why)
                self.meet_items(met, grade=max(grade, POSSIBLE), depth=depth)
        return uses

    def _doubtful(self, piece: _Piece, named: KeySet) -> KeySet:
        """Return the items whose births name different lots, of those that a lot led to."""
        firsts, seqs = contested(self.organisation_id, piece.told)
        if not firsts.size:
            return KeySet()
        doubt = members(piece.same, firsts)
        self._contested = self._contested | doubt
        self._contests = sorted({*self._contests, *seqs})[:_SHOWN]
        return doubt & named

    def _note_contests(self) -> None:
        """Note the items of the scope that may be of one lot, or of another."""
        doubt = self._contested & KeySet.union(self.items)
        if doubt:
            self.findings.note(
                FindingCode.TWO_LOTS, seqs=self._contests, units=doubt, times=len(doubt)
            )

    def _accept(self, piece: _Piece, grade: int) -> dict[int, Reason]:
        """Take items in with a grade; return the transformations that used them."""
        self._met = self._met | KeySet.from_array(piece.keys)
        uses = self._uses_of_items(piece.told)
        told = piece.told
        holders = np.unique(told.keys[told.aggregations(Role.PARENT)])
        holders = holders[~are_items(self.organisation_id, holders)]
        if holders.size:  # they led here, but are no items themselves
            piece = piece.without(self.organisation_id, holders)
        accepted = KeySet.from_array(piece.keys)
        self.items = tuple(
            items | accepted if at == grade else items for at, items in enumerate(self.items)
        )
        if self._looking and piece.keys.size:
            self._contradictions.look(piece.same, piece.told)
            state = present_of(self.organisation_id, piece.keys, piece.same, self._columns)
            self.parts.append((state, grade))
        return uses

    def _uses_of_items(self, told: Told) -> dict[int, Reason]:
        used = told.only(
            (told.roles == Role.INPUT)
            & (told.facts.types[told.at] == EventType.TransformationEvent)
        )
        seqs, first = np.unique(used.seqs, return_index=True)
        return {
            seq: Reason("transformation", key, seq, PROVEN)
            for seq, key in zip(seqs.tolist(), used.keys[first].tolist(), strict=True)
            if seq not in self.transformations
        }

    def _uses_of_lots(self, lots: Iterable[int]) -> dict[int, Reason]:
        wanted = np.array(sorted(lots), dtype=np.int64)
        entries = entries_of(self.organisation_id, wanted)
        used = entries.roles == Role.INPUT_QUANTITY
        return {
            seq: Reason("transformation", key, seq, PROVEN)
            for key, seq in zip(
                entries.keys[used].tolist(), entries.seqs[used].tolist(), strict=True
            )
            if seq not in self.transformations
        }

    def _guess(self, lots: Sequence[int], grade: int, depth: int) -> None:
        """Let transformations wait that may have used a lot without saying so."""
        for guess in guesses(self.organisation_id, lots):
            why = Reason("same_class", guess.lot, guess.seq, guess.grade)
            self._group(max(grade, guess.grade), depth).uses.setdefault(guess.seq, why)
            self.guessed.append((guess.lot, guess.seq))

    def _withdrawn(self, births: dict[int, Births], grade: int, depth: int) -> None:
        """Let items wait whose only births were declared errors."""
        for lot, some in births.items():
            left = without_lot(self.organisation_id, some.withdrawn) if some.withdrawn else None
            if left:
                self.withdrawn[lot] = left
                named = born_in(self.organisation_id, np.array(some.withdrawals, dtype=np.int64))
                self.findings.note(
                    FindingCode.BIRTH_WITHDRAWN,
                    seqs=[seq for seq in some.withdrawals if named[seq] & left],
                    units=left,
                    lots=(lot,),
                    times=len(left),
                )
                why = Reason("birth", lot, -1, UNKNOWN)
                met = Alike(left, why)
                self.meet_items(met, grade=max(grade, UNKNOWN), depth=depth)

    def _use(self, uses: dict[int, Reason], grade: int, depth: int) -> None:
        """Walk transformations: let their outputs wait."""
        for seq, events in Transformations(self.organisation_id).read(uses.keys()).items():
            if seq not in self.transformations:
                self.whole.append(events)
            for event in events:
                if event.seq in self.transformations:
                    continue
                self.transformations[event.seq] = event
                why = uses[seq]
                for lot in (*event.outputs, *event.output_lots):
                    self.meet_lot(lot, why, grade=grade, depth=depth + 1)
                if event.output_items:
                    met = Alike(event.output_items, why)
                    self.meet_items(met, grade=grade, depth=depth + 1)


def _of(entries: Entries, keys: Keys) -> Entries:
    """Return the entries of some keys."""
    kept = np.isin(entries.keys, keys)
    return Entries(entries.keys[kept], entries.seqs[kept], entries.roles[kept])
