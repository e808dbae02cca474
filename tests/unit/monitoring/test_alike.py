"""Items are alike if, and only if, the same events name them in the same roles."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.lineage import alike as module
from suyuan.lineage.alike import alike
from suyuan.lineage.fetch import Entries

_PAIRS = st.sets(
    st.tuples(st.integers(0, 12), st.integers(1, 4), st.integers(1, 3)), min_size=0, max_size=60
)


def _entries(rows: set[tuple[int, int, int]]) -> Entries:
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
    return Entries(table[:, 0], table[:, 1], table[:, 2])


def _check(rows: set[tuple[int, int, int]]) -> None:
    found = alike(_entries(rows))
    told = defaultdict(set)
    for key, seq, role in rows:
        told[key].add((seq, role))
    assert found.items.tolist() == sorted(told)
    leaders = found.firsts[found.group].tolist()
    for item, leader in zip(found.items.tolist(), leaders, strict=True):
        assert told[item] == told[leader]
    assert len({frozenset(some) for some in told.values()}) <= found.firsts.size
    assert found.counts.tolist() == [leaders.count(first) for first in found.firsts.tolist()]
    kept = list(
        zip(
            found.entries.keys.tolist(),
            found.entries.seqs.tolist(),
            found.entries.roles.tolist(),
            strict=True,
        )
    )
    assert kept == sorted(row for row in rows if row[0] in set(found.firsts.tolist()))


@given(_PAIRS)
def test_groups_hold_items_of_the_same_events(rows: set[tuple[int, int, int]]) -> None:
    _check(rows)
    assert alike(_entries(rows)).firsts.size == len(
        {frozenset((s, r) for k, s, r in rows if k == key) for key, _, _ in rows}
    )


@given(_PAIRS)
def test_sums_that_collide_join_nothing_that_differs(rows: set[tuple[int, int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_mixed", lambda words: (words % 2).astype(np.uint64))
        _check(rows)


def test_members_of_groups_are_their_items() -> None:
    found = alike(_entries({(1, 1, 1), (2, 2, 1), (3, 1, 1)}))
    assert found.members(found.group[:1]).tolist() == [1, 3]
