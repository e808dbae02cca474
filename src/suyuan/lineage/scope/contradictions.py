"""What the events of affected items leave out, or say against each other.

Owns: the findings that come from items' own events, whatever the scope began with.
Does not own: findings of presence (presence) and of births (origins).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import Action
from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.alike import Alike
from suyuan.lineage.concerned import named_by
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.fold import CODE_OF
from suyuan.lineage.scope.expanding import count, members
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.scope.origins import live_births
from suyuan.lineage.scope.telling import FOREVER, Moments, Told, pairs, tell
from suyuan.lineage.values import FindingCode, Whereabouts

MOST_CHILDREN: Final = 100_000
_SHOWN: Final = 20
_CROWD: Final = 256  # of one piece; what is named less often fills no huge container
_OWN: Final = np.array([Role.EPC, Role.PARENT, Role.CHILD, Role.INPUT, Role.OUTPUT], dtype=np.int64)
_DESTROYED: Final = CODE_OF[Whereabouts.DESTROYED]


class Contradictions:
    """Looks at items piece by piece, each group of items with the same events once."""

    def __init__(self, organisation_id: int, findings: Findings) -> None:
        """Begin with nothing seen."""
        self._organisation_id = organisation_id
        self._findings = findings
        self._children: dict[int, int] = {}  # aggregation → items of the scope that it names

    def look(self, same: Alike, told: Told) -> None:
        """Look at items; `told` is of the first item of each group."""
        told = told.only(np.isin(told.roles, _OWN))
        self._clocks(same, told)
        self._packing(same, told)
        self._crowds(same, told)

    def _clocks(self, same: Alike, told: Told) -> None:
        """Find what was seen before its birth, after its end, or before it happened."""
        births = live_births(told)
        born = _first_of_each(births.keys, births.times, told.keys, FOREVER)
        codes = told.codes
        ended = told.only(codes == _DESTROYED)
        end = _first_of_each(ended.keys, ended.times, told.keys, FOREVER)
        early = (told.times < born) & (born < FOREVER)
        late = (told.times > end) & (codes > 0) & (codes != _DESTROYED)
        self._note(FindingCode.BEFORE_BIRTH, same, told, early, until=born)
        self._note(FindingCode.AFTER_END, same, told, late, since=end)
        self._note(FindingCode.FROM_THE_FUTURE, same, told, told.facts.ahead[told.at])

    def _note(
        self,
        code: FindingCode,
        same: Alike,
        told: Told,
        mask: NDArray[np.bool_],
        *,
        since: Keys | None = None,
        until: Keys | None = None,
    ) -> None:
        if not mask.any():
            return
        keys = np.unique(told.keys[mask])
        times = told.times[mask]
        self._findings.note(
            code,
            seqs=np.unique(told.seqs[mask])[:_SHOWN].tolist(),
            units=members(same, keys),
            since=int((times if since is None else since[mask]).min()),
            until=int((times if until is None else until[mask]).max()),
            times=count(same, keys),
        )

    def _packing(self, same: Alike, told: Told) -> None:
        """Find items that went into a container while in another."""
        words = told.only(told.aggregations(Role.CHILD))
        words = words.only(words.facts.parents[words.at] >= 0)
        if words.keys.size < 2:
            return
        put = words.facts.actions[words.at] != Action.DELETE
        parents = words.facts.parents[words.at]
        after = np.flatnonzero(
            (np.diff(words.keys) == 0) & put[:-1] & put[1:] & (np.diff(parents) != 0)
        )
        if after.size:
            after = after[~self._emptied(words, parents, after)]
        if after.size:
            after = after[~self._named(words, parents, after)]
        together = words.times[after] == words.times[after + 1]
        for code, some in (
            (FindingCode.IN_TWO_CONTAINERS, after[together]),
            (FindingCode.MISSING_UNPACKING, after[~together]),
        ):
            self._note_packing(code, same, words, some)

    def _emptied(self, words: Told, parents: Keys, after: Keys) -> NDArray[np.bool_]:
        """Tell where the earlier container was emptied whole before the item went on."""
        units = np.unique(parents[after])
        told = tell(self._organisation_id, entries_of(self._organisation_id, units))
        told = told.only(told.aggregations(Role.PARENT))
        facts = told.facts
        empties = told.only((facts.actions[told.at] == Action.DELETE) & facts.childless[told.at])
        left, right = pairs(parents[after], empties.keys)
        when = Moments(empties.times[right], empties.seqs[right])
        first = Moments(words.times[after[left]], words.seqs[after[left]])
        then = Moments(words.times[after[left] + 1], words.seqs[after[left] + 1])
        found = np.zeros(after.size, dtype=np.bool_)
        found[left[first.before(when) & when.before(then)]] = True
        return found

    def _named(self, words: Told, parents: Keys, after: Keys) -> NDArray[np.bool_]:
        """Tell where the earlier container went along: the same event names it as child."""
        units = np.unique(parents[after])
        entries = entries_of(self._organisation_id, units)
        child = entries.roles == Role.CHILD
        left, right = pairs(parents[after], entries.keys[child])
        found = np.zeros(after.size, dtype=np.bool_)
        found[left[entries.seqs[child][right] == words.seqs[after[left] + 1]]] = True
        return found

    def _note_packing(self, code: FindingCode, same: Alike, words: Told, after: Keys) -> None:
        """Note by place: where the next container was filled, the unpacking is missing."""
        if not after.size:
            return
        at = words.at[after + 1]
        facts = words.facts
        places = np.where(facts.locations[at] >= 0, facts.locations[at], facts.read_points[at])
        for place in np.unique(places).tolist():
            here = after[places == place]
            keys = np.unique(words.keys[here])
            self._findings.note(
                code,
                seqs=np.unique(words.seqs[here + 1])[:_SHOWN].tolist(),
                units=members(same, keys),
                step="unpacking",
                place=place,
                since=int(words.times[here].min()),
                until=int(words.times[here + 1].max()),
                times=count(same, keys),
            )

    def _crowds(self, same: Alike, told: Told) -> None:
        """Count the items of the scope that each aggregation names."""
        packed = told.only(told.aggregations(Role.CHILD))
        sizes = same.counts[np.searchsorted(same.firsts, packed.keys)]
        seqs, inverse = np.unique(packed.seqs, return_inverse=True)
        counts = np.bincount(inverse, weights=sizes, minlength=seqs.size).astype(np.int64)
        many = counts >= _CROWD
        for seq, size in zip(seqs[many].tolist(), counts[many].tolist(), strict=True):
            self._children[seq] = self._children.get(seq, 0) + size

    def finish(self, items: KeySet) -> None:
        """Note what needed all items to be seen."""
        for seq, size in sorted(self._children.items()):
            if size > MOST_CHILDREN:
                units = named_by(self._organisation_id, [seq]) & items
                self._findings.note(FindingCode.LARGE_CONTAINER, seqs=[seq], units=units)


def _first_of_each(keys: Keys, values: Keys, wanted: Keys, missing: int) -> Keys:
    """Return for each of `wanted` the first value of its key; `keys` ascend, firsts first."""
    if not keys.size:
        return np.full(wanted.size, missing, dtype=np.int64)
    at = np.searchsorted(keys, wanted)
    at[at == keys.size] = 0
    return np.where(keys[at] == wanted, values[at], missing)
