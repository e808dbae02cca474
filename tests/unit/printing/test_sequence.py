"""Sequences of labels agree with the plain list of them, at every place and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from suyuan.printing.sequence import Listed, Neighbours, Sequence, SetRange, Thinned

type Label = tuple[bool, int]  # for a unit, its number

sets = st.builds(
    SetRange,
    first=st.integers(0, 50),
    count=st.integers(1, 60),
    per_case=st.integers(1, 9),
    per_pallet=st.integers(0, 4),
)
numbers = st.sets(st.integers(0, 200), max_size=40).map(BitMap)
sequences: st.SearchStrategy[Sequence] = st.one_of(
    sets,
    st.builds(Neighbours, unit=st.booleans(), first=st.integers(0, 50), count=st.integers(1, 60)),
    st.builds(Listed, item_map=numbers, unit_map=numbers),
)


def labels(sequence: Sequence, start: int, end: int) -> list[Label]:
    runs = sequence.runs(start, end)
    return [(run.unit, run.first + at) for run in runs for at in range(run.size)]


def check(sequence: Sequence, plain: list[Label], start: int, end: int) -> None:
    assert sequence.total == len(plain)
    part = plain[start:end]
    assert labels(sequence, start, end) == part
    assert sorted(sequence.items(start, end)) == sorted(n for unit, n in part if not unit)
    assert sorted(sequence.units(start, end)) == sorted(n for unit, n in part if unit)
    for place, (unit, number) in enumerate(plain):
        find = sequence.place_of_unit if unit else sequence.place_of_item
        assert find(number) == place


def packed(plan: SetRange) -> list[Label]:
    """List the labels of sets as somebody packs them."""
    found: list[Label] = []
    for case in range(plan.cases):
        if plan.per_pallet and case % plan.per_pallet == 0:
            found.append((True, plan.cases + case // plan.per_pallet))
        found.append((True, case))
        held = range(case * plan.per_case, min(plan.count, (case + 1) * plan.per_case))
        found += [(False, plan.first + item) for item in held]
    return found


@given(sets, st.data())
def test_sets_come_pallet_case_items(plan: SetRange, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, plan.total))
    check(plan, packed(plan), start, data.draw(st.integers(start, plan.total)))


@given(sequences, st.data())
def test_any_stretch_of_a_sequence_is_that_stretch_of_the_whole(
    sequence: Sequence, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, sequence.total))
    end = data.draw(st.integers(start, sequence.total))
    check(sequence, labels(sequence, 0, sequence.total), start, end)


@given(sequences, st.data())
def test_a_thinned_sequence_is_the_whole_without_what_is_gone(
    whole: Sequence, data: st.DataObject
) -> None:
    places = st.sets(st.integers(0, max(0, whole.total - 1)), max_size=whole.total)
    gone = BitMap(data.draw(places)) if whole.total else BitMap()
    thinned = Thinned(whole, gone)
    everything = labels(whole, 0, whole.total)
    plain = [label for place, label in enumerate(everything) if place not in gone]
    start = data.draw(st.integers(0, len(plain)))
    check(thinned, plain, start, data.draw(st.integers(start, len(plain))))
    for place in gone:
        unit, number = everything[place]
        find = thinned.place_of_unit if unit else thinned.place_of_item
        assert find(number) is None


def test_what_has_no_label_has_no_place() -> None:
    plan = SetRange(first=10, count=5, per_case=2, per_pallet=2)
    assert [plan.place_of_item(at) for at in (9, 15)] == [None, None]
    assert [plan.place_of_unit(at) for at in (-1, 5)] == [None, None]
    assert Neighbours(False, 0, 5).place_of_unit(1) is None
    assert Neighbours(True, 0, 5).place_of_item(1) is None
    listed = Listed(BitMap([3]), BitMap([4]))
    assert (listed.place_of_item(4), listed.place_of_unit(3)) == (None, None)
