"""What complaints have in common, and an item's sisters."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.core.intervals import share
from suyuan.quality.factors import Factor, common_factors
from suyuan.quality.models import Complaint
from suyuan.quality.services import file_complaint
from suyuan.quality.sisters import sisters_of
from suyuan.quality.tallies import FactorKind
from suyuan.tenancy.actor import Actor
from tests.quality_world import BASE, GTIN, Goods, build_goods, case, item, leaves, lot


@pytest.fixture
def goods(actor: Actor) -> Goods:
    """Return the goods of two suppliers."""
    return build_goods(actor)


def _complaints(actor: Actor, *targets: str) -> list[Complaint]:
    return [file_complaint(actor=actor, text="Bitter", target=target) for target in targets]


def _by_kind(factors: list[Factor], kind: FactorKind) -> dict[str, Factor]:
    return {one.value: one for one in factors if one.kind is kind}


BITTER = tuple(item(n) for n in (201, 202, 203, 301, 302, 303, 304, 221))


def test_bad_suppliers_share_and_lift_are_those_worked_out_by_hand(
    actor: Actor, goods: Goods
) -> None:
    found = common_factors(
        organisation_id=actor.organisation_id, complaints=_complaints(actor, *BITTER)
    )

    bad = _by_kind(list(found.factors), FactorKind.SUPPLIER)["BAD"]
    # All eight complaints, and 80 of the 160 items made, have leaves of BAD in them.
    assert (found.used, found.made) == (8, 160)
    assert (bad.lift.cases, bad.lift.of, bad.whole_cases, bad.whole) == (8, 8, 80, 160)
    assert bad.lift.value == pytest.approx(2.0)
    assert bad.lift.low == pytest.approx(2 * share(8, 8).low)
    good = _by_kind(list(found.factors), FactorKind.SUPPLIER)["GOOD"]
    assert (good.lift.cases, good.whole_cases) == (4, 120)
    assert good.lift.value == pytest.approx((4 / 8) / (120 / 160))


def test_each_kind_of_factor_is_compared(actor: Actor, goods: Goods) -> None:
    found = common_factors(
        organisation_id=actor.organisation_id, complaints=_complaints(actor, *BITTER)
    )

    def counts(kind: FactorKind) -> dict[str, tuple[int, int]]:
        rows = _by_kind(list(found.factors), kind)
        return {value: (one.lift.cases, one.whole_cases) for value, one in rows.items()}

    assert counts(FactorKind.LOT) == {lot("P-2"): (4, 40), lot("P-3"): (4, 40)}
    assert counts(FactorKind.MATERIAL_LOT) == {leaves("B-1"): (8, 80), leaves("G-1"): (4, 80)}
    assert counts(FactorKind.LINE) == {"2": (4, 80), "1": (4, 80)}
    assert counts(FactorKind.TEAM) == {"A": (8, 160)}
    assert counts(FactorKind.PRODUCT) == {GTIN: (8, 160)}
    assert counts(FactorKind.HOUR) == {
        "2026-03-02T02:00:00+00:00": (3, 20),
        "2026-03-02T03:00:00+00:00": (1, 20),
        "2026-03-03T02:00:00+00:00": (4, 20),
    }
    places = counts(FactorKind.PLACE)
    assert places[goods.factory.identifier] == (8, 160)
    assert places[goods.warehouses["NORTH"].identifier] == (4, 80)
    assert places[goods.warehouses["SOUTH"].identifier] == (4, 80)


def test_what_is_met_no_oftener_than_usual_does_not_stand_out(actor: Actor, goods: Goods) -> None:
    found = common_factors(
        organisation_id=actor.organisation_id,
        complaints=_complaints(actor, *(item(100 * n + k) for n in (1, 2, 3, 4) for k in (1, 21))),
    )

    assert not [one for one in found.factors if one.stands_out]


def test_hour_of_all_complaints_stands_out_among_many_comparisons(
    actor: Actor, goods: Goods
) -> None:
    found = common_factors(
        organisation_id=actor.organisation_id,
        complaints=_complaints(actor, *(item(300 + n) for n in range(8))),
    )

    out = [one for one in found.factors if one.stands_out]
    assert out[0].kind is FactorKind.HOUR
    assert out[0].lift.value == pytest.approx(8.0)
    assert len(out[0].numbers) == 8
    assert found.factors[0].stands_out


def test_item_complained_of_twice_counts_once_with_both_numbers(actor: Actor, goods: Goods) -> None:
    complaints = _complaints(actor, item(301), item(301), item(302))

    found = common_factors(organisation_id=actor.organisation_id, complaints=complaints)

    row = _by_kind(list(found.factors), FactorKind.LOT)[lot("P-3")]
    assert (found.complaints, found.used, row.lift.cases) == (3, 2, 2)
    assert sorted(row.numbers) == sorted(one.number for one in complaints)


def test_complaint_about_a_whole_lot_counts_for_its_lot_and_not_for_hours(
    actor: Actor, goods: Goods
) -> None:
    found = common_factors(
        organisation_id=actor.organisation_id,
        complaints=_complaints(actor, lot("P-3"), item(301)),
    )

    lots = _by_kind(list(found.factors), FactorKind.LOT)
    hours = _by_kind(list(found.factors), FactorKind.HOUR)
    assert lots[lot("P-3")].lift.of == 2
    assert [one.lift.of for one in hours.values()] == [1]


def test_words_strangers_goods_and_goods_of_another_time_are_counted_apart(
    actor: Actor, goods: Goods
) -> None:
    complaints = _complaints(actor, "the green tin", item(999), item(301), item(101))

    found = common_factors(
        organisation_id=actor.organisation_id, complaints=complaints, since=date(2026, 3, 2)
    )

    assert (found.unreadable, found.outside, found.used) == (1, 2, 1)
    assert found.made == 120


def test_no_complaints_have_nothing_in_common(actor: Actor, goods: Goods) -> None:
    found = common_factors(organisation_id=actor.organisation_id, complaints=[])

    assert (found.used, list(found.factors)) == (0, [])


def test_starts_of_factors_are_what_a_recall_can_begin_with(actor: Actor, goods: Goods) -> None:
    found = common_factors(
        organisation_id=actor.organisation_id,
        complaints=_complaints(actor, *BITTER),
        since=date(2026, 3, 1),
        until=date(2026, 3, 4),
    )

    starts = {(one.kind, one.value): one.starts for one in found.factors}
    assert starts[FactorKind.LOT, lot("P-3")] == (lot("P-3"),)
    assert starts[FactorKind.SUPPLIER, "BAD"] == (leaves("B-1"),)
    assert starts[FactorKind.LINE, "1"] == ("made?line=1&since=2026-03-01&until=2026-03-04",)
    [hour] = starts[FactorKind.HOUR, "2026-03-03T02:00:00+00:00"]
    assert hour.startswith("handled?place=")
    assert "since=2026-03-03T02:00:00Z" in hour


def test_other_organisations_goods_are_not_compared(
    actor: Actor, other_actor: Actor, goods: Goods
) -> None:
    build_goods(other_actor, own=False)
    _complaints(other_actor, *BITTER)

    found = common_factors(
        organisation_id=actor.organisation_id, complaints=_complaints(actor, item(301))
    )

    assert (found.made, found.used) == (160, 1)


def test_sisters_are_those_of_lot_case_and_hour(actor: Actor, goods: Goods) -> None:
    sisters = sisters_of(organisation_id=actor.organisation_id, text=item(201))

    assert sisters is not None
    assert (len(sisters.lot_items), len(sisters.hour_items)) == (39, 19)
    [together] = sisters.containers
    assert together.container.digital_link() == case(20)
    assert len(together.items) == 9
    assert sisters.key not in together.items | sisters.lot_items | sisters.hour_items


@pytest.mark.parametrize("text", [item(999), lot("P-1"), "nonsense", "", f"{BASE}/00/0"])
def test_what_is_no_item_that_was_seen_has_no_sisters(
    actor: Actor, goods: Goods, text: str
) -> None:
    assert sisters_of(organisation_id=actor.organisation_id, text=text) is None
