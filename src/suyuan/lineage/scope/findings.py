"""Gather what is missing from, or contradicts itself in, the records.

Owns: grouping: one finding for each code, step, place and lot, however often it was met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from suyuan.capture.identities import identities_of
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet
from suyuan.lineage.history import identifier_text
from suyuan.lineage.values import Finding, FindingCode

_SHOWN: Final = 20  # events of one finding
_MOST: Final = 500  # findings of one code; beyond, places and lots are not told apart


@dataclass(slots=True)
class _Group:
    seqs: set[int] = field(default_factory=set)
    units: list[KeySet] = field(default_factory=list)
    since: int | None = None
    until: int | None = None
    amount: str = ""
    times: int = 0


class Findings:
    """Collects findings while a scope is made."""

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: dict[tuple[FindingCode, str, int, tuple[int, ...]], _Group] = {}
        self._counts: dict[FindingCode, int] = {}

    def note(
        self,
        code: FindingCode,
        *,
        seqs: Iterable[int] = (),
        units: KeySet | None = None,
        step: str = "",
        place: int = -1,
        since: int | None = None,
        until: int | None = None,
        lots: tuple[int, ...] = (),
        amount: str = "",
        times: int = 1,
    ) -> None:
        """Remember a finding; `place` is a key, times are microseconds since 1970."""
        group = self._group(code, step, place, lots)
        group.seqs = set(sorted(group.seqs | set(seqs))[:_SHOWN])
        if units:
            group.units.append(units)
        group.since = _least(group.since, since)
        group.until = _most(group.until, until)
        group.amount = group.amount or amount
        group.times += times

    def _group(self, code: FindingCode, step: str, place: int, lots: tuple[int, ...]) -> _Group:
        name = (code, step, place, lots)
        if name not in self._groups:
            if self._counts.get(code, 0) >= _MOST:
                name = (code, step, -1, ())
            if name not in self._groups:
                self._groups[name] = _Group()
                self._counts[code] = self._counts.get(code, 0) + 1
        return self._groups[name]

    def told(self, organisation_id: int) -> list[Finding]:
        """Return the findings, by code, then the most frequent first."""
        places = {place for _, _, place, _ in self._groups if place >= 0}
        names = identities_of(organisation_id, places)
        found = [
            Finding(
                code=code,
                seqs=tuple(sorted(group.seqs)),
                units=KeySet.union(group.units),
                step=step,
                place=_text(names, place),
                since=None if group.since is None else moment(group.since),
                until=None if group.until is None else moment(group.until),
                lots=lots,
                amount=group.amount,
                times=group.times,
            )
            for (code, step, place, lots), group in self._groups.items()
        ]
        order = list(FindingCode)
        return sorted(found, key=lambda one: (order.index(one.code), -one.times, one.seqs))


def _text(names: Mapping[int, object], place: int) -> str:
    return identifier_text(names[place]) if place in names else ""  # type: ignore[arg-type]


def _least(one: int | None, other: int | None) -> int | None:
    known = [value for value in (one, other) if value is not None]
    return min(known, default=None)


def _most(one: int | None, other: int | None) -> int | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)
