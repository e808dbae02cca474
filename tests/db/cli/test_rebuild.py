"""What is kept for speed is made anew from events, compared, and put right when asked to."""

from __future__ import annotations

import pytest

from suyuan.capture.columns import building
from suyuan.capture.models import Segment
from suyuan.core.keyset import KeySet
from suyuan.lineage.models import StockMark, StockSet
from suyuan.lineage.standing import refresh_stock
from suyuan.tenancy.actor import Actor
from tests.db.cli.conftest import ORGANISATION, Run
from tests.stock_world import born, item, key_of, shipped, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods(actor: Actor) -> Actor:
    """Ten items in stock, one of them on its way."""
    tell(actor, born(0, *range(1, 11)), shipped(1, item(1)))
    refresh_stock(actor.organisation_id)
    return actor


def damage(actor: Actor) -> None:
    """Lose one item's row, and put a second where it never was."""
    StockSet.objects.filter(whereabouts=2).delete()
    house = StockSet.objects.get(whereabouts=1)
    kept = KeySet.from_bytes(bytes(house.items)) - KeySet([key_of(actor, item(5))])
    StockSet.objects.filter(whereabouts=1).update(items=kept.to_bytes(), count=len(kept))


def test_sound_stock_is_said_to_be_the_same(suyuan: Run, goods: Actor) -> None:
    outcome = suyuan("rebuild", "stock")
    assert outcome.code == 0
    assert f"{ORGANISATION}: 10 items up to event 2, nothing differs" in outcome.out


def test_stock_that_was_never_folded_is_folded_first(suyuan: Run, actor: Actor) -> None:
    tell(actor, born(0, 1, 2))
    assert suyuan("rebuild", "stock", "--org", ORGANISATION).code == 0
    assert StockMark.objects.get().at_seq == 1


def test_damaged_stock_is_named_place_by_place_and_left_alone(suyuan: Run, goods: Actor) -> None:
    damage(goods)
    outcome = suyuan("rebuild", "stock")
    assert outcome.code == 1
    assert "10 items up to event 2, 2 differ" in outcome.out
    assert outcome.out.count("1 missing, 0 too many") == 2
    assert suyuan("rebuild", "stock", "--json").json == {
        "sound": False,
        "organisations": [
            {
                "organisation": ORGANISATION,
                "items": 10,
                "wrong": 2,
                "repaired": False,
                "at_event": 2,
            }
        ],
    }


def test_damaged_stock_is_put_right_when_asked_to(suyuan: Run, goods: Actor) -> None:
    damage(goods)
    repaired = suyuan("rebuild", "stock", "--repair", "--json")
    assert (repaired.code, repaired.json["sound"]) == (0, True)
    assert repaired.json["organisations"][0]["repaired"] is True
    assert suyuan("rebuild", "stock").code == 0


def test_only_the_organisation_that_is_named_is_looked_at(
    suyuan: Run, goods: Actor, other_actor: Actor
) -> None:
    damage(goods)
    slug = other_actor.organisation.slug
    outcome = suyuan("rebuild", "stock", "--org", slug, "--json")
    assert outcome.code == 0
    assert [row["organisation"] for row in outcome.json["organisations"]] == [slug]


@pytest.mark.parametrize("what", ["stock", "columns"])
def test_an_unknown_organisation_is_one_line(suyuan: Run, db: None, what: str) -> None:
    outcome = suyuan("rebuild", what, "--org", "nobody")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1


def test_columns_are_made_anew_and_counted(
    suyuan: Run, goods: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "SEGMENT", 1)
    outcome = suyuan("rebuild", "columns", "--org", ORGANISATION)
    assert (outcome.code, outcome.out.strip()) == (0, f"{ORGANISATION}: 2 segments")
    Segment.objects.filter(first=2).delete()
    assert suyuan("rebuild", "columns", "--json").json == {"segments": {ORGANISATION: 2}}
    assert list(Segment.objects.values_list("first", flat=True).order_by("first")) == [1, 2]


def test_what_cannot_be_made_anew_is_wrong_usage(suyuan: Run) -> None:
    with pytest.raises(SystemExit) as ended:
        suyuan("rebuild", "events")
    assert ended.value.code == 2
