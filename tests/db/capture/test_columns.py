"""Facts about columns: they tell what the rows and the trace index tell, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from suyuan.capture.columns import (
    ROLES,
    Columns,
    build_segments,
    building,
    differing_segments,
    rebuild_segments,
)
from suyuan.capture.columns.slices import read_slice
from suyuan.capture.errors import ColumnsIncomplete
from suyuan.capture.forgetting import forget_events
from suyuan.capture.models import EventSequence, Segment, SegmentPage
from suyuan.capture.services import capture_events
from suyuan.cli.bench.ground import START, Brand, histories, place, unit
from suyuan.core.epcis import build as b
from suyuan.core.keyset import Keys
from suyuan.kernel.lists import select
from suyuan.lineage import fetch
from suyuan.lineage.present import present
from suyuan.masterdata.services import create_product
from suyuan.tenancy.actor import Actor

pytestmark = pytest.mark.django_db

LATER = START + timedelta(days=60)
FOREIGN = [f"https://id.gs1.org/01/09521234000044/21/X{n * n:05d}-{n}" for n in range(40)]


def brand_of(actor: Actor) -> Brand:
    product = create_product(actor=actor, name_zh="奶粉", granularity="item", category="food")
    return Brand(actor, product.gtin)


def odd_events(brand: Brand) -> list[dict[str, Any]]:
    """Return events of every form that a list of keys or a fact can take."""
    wrong = b.object_event(
        time=LATER, action="ADD", epcs=FOREIGN, step="commissioning", location=place(1)
    ) | {"eventID": "urn:uuid:00000000-0000-4000-8000-00000000000a"}
    right = wrong | {
        "errorDeclaration": {
            "declarationTime": "2026-06-01T00:00:00Z",
            "reason": "incorrect_data",
            "correctiveEventIDs": [],
        }
    }
    held: dict[str, Any] = {
        "time": LATER + timedelta(hours=1),
        "parent": unit(77),
        "step": "packing",
    }
    counted = b.aggregation_event(action="DELETE", **held) | {
        "childQuantityList": [b.quantity("urn:example:loose:goods", 3)]
    }
    return [
        wrong,
        b.aggregation_event(action="ADD", children=FOREIGN[::3], **held),
        counted,
        b.aggregation_event(action="DELETE", **held),
        b.association_event(
            time=LATER, action="ADD", parent=unit(78), children=FOREIGN[1:4], step="packing"
        ),
        b.transformation_event(
            time=LATER, inputs=FOREIGN[5:20], outputs=FOREIGN[25:27], step="commissioning"
        ),
        b.object_event(
            time=LATER,
            action="OBSERVE",
            epcs=["urn:example:box:1", *FOREIGN[7:9], *brand.items(3, 30)],
            step="https://example.org/steps/airing",
        ),
        b.object_event(
            time=LATER,
            action="OBSERVE",
            quantities=[b.quantity("urn:example:box:1", 2)],
            step="storing",
        ),
        right,
    ]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let segments be small, so that a few hundred events fill many."""
    monkeypatch.setattr(building, "SEGMENT", 64)
    monkeypatch.setattr(building, "PAGE", 16)


@pytest.fixture
def brand(actor: Actor, small: None) -> Brand:
    """Return a brand with some hundred events of all forms; the last of them are in no segment."""
    brand = brand_of(actor)
    events = list(histories(brand, 300, lot=130))
    odd = odd_events(brand)
    for piece in (events[:50], odd[:4], events[50:200], odd[4:], events[200:]):
        capture_events(actor=actor, events=piece, source="test")
    return brand


def every_key(organisation_id: int) -> Keys:
    """Return all keys of units that any event names, and of lots, papers and classes."""
    rows = select(
        "SELECT key FROM capture_foreignidentity WHERE organisation_id = %s", (organisation_id,)
    )
    tail = read_slice(organisation_id, 1, 100_000)
    spread = [np.arange(a, a + n) for a, n in zip(tail.firsts, tail.lengths, strict=True)]
    return np.unique(np.concatenate([np.array(rows, dtype=np.int64).reshape(-1), *spread]))


@pytest.fixture
def columns_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every question go to columns, however few keys it brings."""
    monkeypatch.setattr(fetch, "_MANY", 0)
    monkeypatch.setattr(fetch, "_KEY_COST", 1_000_000)
    monkeypatch.setattr(fetch, "_SOME", 1)


def same(one: object, other: object) -> None:
    for field in fields(one):  # type: ignore[arg-type]
        first, second = getattr(one, field.name), getattr(other, field.name)
        assert np.array_equal(first, second), field.name


@pytest.mark.parametrize("most_runs", [1 << 21, 30])
def test_columns_tell_what_rows_and_index_tell(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, most_runs: int
) -> None:
    mine = brand.organisation_id
    keys = every_key(mine)
    seqs = np.arange(1, EventSequence.objects.get(organisation_id=mine).next)
    scattered, some = keys[::3], seqs[::5]
    expected = [
        fetch.entries_of(mine, keys),
        fetch.entries_of(mine, scattered),
        fetch.facts_of(mine, seqs),
        fetch.facts_of(mine, some),
        present(mine, keys),
    ]
    monkeypatch.setattr(building, "MOST_RUNS", most_runs)
    made = build_segments(mine)
    assert made >= seqs.size // 64
    assert Columns(mine).tail_size > 0
    monkeypatch.setattr(fetch, "_MANY", 0)
    monkeypatch.setattr(fetch, "_KEY_COST", 1_000_000)
    monkeypatch.setattr(fetch, "_SOME", 1)
    told = [
        fetch.entries_of(mine, keys),
        fetch.entries_of(mine, scattered),
        fetch.facts_of(mine, seqs),
        fetch.facts_of(mine, some),
        present(mine, keys),
    ]
    for one, other in zip(expected, told, strict=True):
        same(one, other)


def test_members_of_events_are_those_that_the_index_has(brand: Brand) -> None:
    mine = brand.organisation_id
    build_segments(mine)
    every = fetch.entries_of(mine, every_key(mine))
    for seqs in (np.arange(1, 400), np.arange(3, 400, 7), np.array([1]), np.arange(0)):
        for roles in (ROLES, ROLES[:1], ROLES[2:4]):
            found = fetch.members_of(mine, seqs, roles)
            kept = np.isin(every.seqs, seqs) & np.isin(every.roles, np.array(roles))
            assert np.array_equal(found.keys, every.keys[kept])
            assert np.array_equal(found.seqs, every.seqs[kept])
            assert np.array_equal(found.roles, every.roles[kept])


@pytest.mark.usefixtures("columns_only")
def test_numbers_and_keys_that_are_not_there_are_not_told_of(brand: Brand) -> None:
    mine = brand.organisation_id
    build_segments(mine)
    assert fetch.facts_of(mine, np.array([0, 100_000, 100_001])).seqs.size == 0
    assert fetch.entries_of(mine, np.array([3, 1 << 60, (1 << 62) + 5])).keys.size == 0
    assert fetch.entries_of(mine, np.arange(0)).keys.size == 0


@pytest.mark.usefixtures("columns_only")
def test_another_organisation_sees_nothing_of_them(brand: Brand, other_actor: Actor) -> None:
    build_segments(brand.organisation_id)
    keys = every_key(brand.organisation_id)
    other = other_actor.organisation_id
    assert fetch.entries_of(other, keys).keys.size == 0
    assert fetch.facts_of(other, np.arange(1, 300)).seqs.size == 0
    assert fetch.members_of(other, np.arange(1, 300), ROLES).keys.size == 0


@pytest.mark.usefixtures("columns_only")
def test_an_error_declared_after_a_segment_was_made_counts_at_once(brand: Brand) -> None:
    mine, actor = brand.organisation_id, brand.actor
    late = b.object_event(
        time=LATER, action="OBSERVE", epcs=brand.items(0, 5), step="storing", location=place(4)
    ) | {"eventID": "urn:uuid:00000000-0000-4000-8000-00000000000b"}
    seq = capture_events(actor=actor, events=[late], source="test").first_seq
    filler = [
        b.object_event(time=LATER, action="OBSERVE", epcs=[unit(900 + n)], step="storing")
        for n in range(64)
    ]
    capture_events(actor=actor, events=filler, source="test")
    build_segments(mine)
    assert Columns(mine).last > seq
    assert not fetch.facts_of(mine, np.array([seq])).voided.any()
    declared = late | {
        "errorDeclaration": {
            "declarationTime": "2026-06-01T00:00:00Z",
            "reason": "did_not_occur",
            "correctiveEventIDs": [],
        }
    }
    capture_events(actor=actor, events=[declared], source="test")
    assert fetch.facts_of(mine, np.array([seq])).voided.all()


def test_segments_are_made_once(brand: Brand) -> None:
    made = build_segments(brand.organisation_id)
    assert made
    assert build_segments(brand.organisation_id) == 0
    assert Segment.objects.count() == made


def test_of_two_that_build_at_once_the_second_gives_way(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, read = brand.organisation_id, read_slice
    turns: list[int] = []

    def overtaken(organisation_id: int, since: int, limit: int) -> Any:
        piece = read(organisation_id, since, limit)
        turns.append(since)
        if len(turns) == 1:
            build_segments(mine)
        return piece

    monkeypatch.setattr(building, "read_slice", overtaken)
    assert build_segments(mine) == 0
    assert differing_segments(mine, 100)[1] == []


def test_full_segments_are_made_after_the_capture_that_fills_them(
    actor: Actor, small: None, django_capture_on_commit_callbacks: Any
) -> None:
    brand = brand_of(actor)
    events = list(histories(brand, 100))
    with django_capture_on_commit_callbacks(execute=True) as asked:
        capture_events(actor=actor, events=events[:60], source="test")
    assert not asked
    with django_capture_on_commit_callbacks(execute=True) as asked:
        capture_events(actor=actor, events=events[60:80], source="test")
    assert len(asked) == 1
    assert Segment.objects.get().last == 64


def test_what_is_rolled_back_fills_no_segment(
    actor: Actor, small: None, django_capture_on_commit_callbacks: Any
) -> None:
    brand = brand_of(actor)
    with django_capture_on_commit_callbacks(execute=True) as asked, transaction.atomic():
        capture_events(actor=actor, events=list(histories(brand, 100)), source="test")
        transaction.set_rollback(True)
    assert not asked
    assert not Segment.objects.exists()


def test_a_sandbox_has_no_segments_and_forgets_those_that_it_had(
    brand: Brand, other_actor: Actor
) -> None:
    organisation = brand.actor.organisation
    build_segments(organisation.pk)
    organisation.sandbox_of_id = other_actor.organisation_id
    organisation.save()
    forget_events(organisation)
    assert not Segment.objects.exists()
    assert not SegmentPage.objects.exists()
    capture_events(actor=brand.actor, events=list(histories(brand, 100)), source="test")
    assert build_segments(organisation.pk) == 0
    keys = every_key(organisation.pk)
    assert fetch.entries_of(organisation.pk, keys).keys.size > 0


def test_a_segment_that_differs_from_its_events_is_named_and_made_anew(brand: Brand) -> None:
    mine = brand.organisation_id
    made = build_segments(mine)
    assert differing_segments(mine, 100) == (made, [])
    page = SegmentPage.objects.filter(organisation_id=mine).order_by("number")[3]
    packed = bytearray(page.packed)
    packed[-1] ^= 1
    SegmentPage.objects.filter(organisation_id=mine, number=page.number).update(
        packed=bytes(packed)
    )
    _, differing = differing_segments(mine, 100)
    assert differing == [page.number >> 16]
    assert rebuild_segments(mine) == made
    assert differing_segments(mine, 100) == (made, [])


def test_facts_of_few_events_before_many_stand_in_the_order_of_their_numbers(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = brand.organisation_id
    few, many = np.arange(2, 6), np.arange(65, 129)  # of the first segment, and all of the second
    seqs = np.concatenate((few, many)).astype(np.int64)
    of_rows = fetch.facts_of(mine, seqs)
    assert build_segments(mine) > 1
    monkeypatch.setattr(fetch, "_SOME", 10)
    told = fetch.facts_of(mine, seqs)
    assert told.seqs.tolist() == seqs.tolist()
    for field in fields(told):
        assert np.array_equal(getattr(told, field.name), getattr(of_rows, field.name)), field.name


def test_nothing_is_told_of_columns_of_which_pages_are_missing(brand: Brand) -> None:
    mine = brand.organisation_id
    build_segments(mine)
    columns = Columns(mine)
    keys = every_key(mine)
    keys = keys[columns.of_units(keys)]
    assert columns.entries(keys)[0].size
    pages = SegmentPage.objects.filter(organisation_id=mine).order_by("number")
    lost = pages.values_list("number", flat=True)[1]
    pages.filter(number=lost).delete()
    with pytest.raises(ColumnsIncomplete):
        columns.entries(keys)
    rebuild_segments(mine)
    assert Columns(mine).entries(keys)[0].size
