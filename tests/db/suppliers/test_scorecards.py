"""Suppliers' scorecards, against counts worked out by hand from `tests.quality_world`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.intervals import per, share
from suyuan.kernel import clock
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.services import create_material_lot
from suyuan.monitoring.suppliers.lots import SupplierLot, lots_of
from suyuan.monitoring.suppliers.scorecards import (
    Measure,
    Scorecard,
    Scorecards,
    Standing,
    scorecards,
    standing,
)
from suyuan.partners.services import connect_partner
from suyuan.quality.services import add_report, file_complaint, revoke_report
from suyuan.recalls.models import CaseStatus, GroupKind, RecallCase, ScopeGroup
from suyuan.tenancy.actor import Actor
from tests.quality_world import FIRST, LEAVES, Goods, build_goods, item, leaves, lot
from tests.recall_world import PDF

SINCE, UNTIL = date(2026, 2, 1), date(2026, 3, 31)


def _cards(actor: Actor, **more: object) -> Scorecards:
    given = {"since": SINCE, "until": UNTIL, **more}
    return scorecards(organisation_id=actor.organisation_id, **given)  # type: ignore[arg-type]


def _card(cards: Scorecards, code: str) -> Scorecard:
    return next(card for card in cards.rows if card.party.code == code)


def _lots(actor: Actor, **more: object) -> dict[str, SupplierLot]:
    given = {"since": SINCE, "until": UNTIL, **more}
    found = lots_of(organisation_id=actor.organisation_id, **given)  # type: ignore[arg-type]
    return {one.identity.secondary: one for one in found.rows}


def _report(actor: Actor, code: str, result: str) -> str:
    return add_report(
        actor=actor,
        title="Residues",
        target_kind="material_lot",
        gtin=LEAVES,
        lot=code,
        issued_by="Laboratory",
        issued_on=date(2026, 3, 2),
        result=result,
        data=PDF,
    ).number


def _recall(actor: Actor, *units: str, status: str = CaseStatus.APPROVED) -> str:
    number = f"RC-{RecallCase.objects.count() + 1}"
    case = RecallCase.objects.create(
        organisation=actor.organisation,
        number=number,
        title="Bad",
        reason="Bad",
        status=status,
        frozen_at=clock.now(),
        at_seq=1,
        items=b"",
        item_count=0,
        opened_by="tests",
    )
    for position, unit in enumerate(units):
        ScopeGroup.objects.create(
            organisation=actor.organisation,
            case_id=case.id,
            kind=GroupKind.LOT,
            position=position,
            unit=unit,
            item_count=0,
            items=b"",
        )
    return number


def test_complaints_count_per_thousand_items_made_of_a_suppliers_lots(
    actor: Actor, goods: Goods
) -> None:
    for target in (item(201), item(301), item(302), lot("P-3"), item(101)):
        file_complaint(actor=actor, text="Bitter", target=target)

    cards = _cards(actor)

    bad, good = _card(cards, "BAD"), _card(cards, "GOOD")
    # BAD is in P-2 and P-3: eighty items, four complaints; GOOD in P-1, P-2 and P-4.
    assert (bad.lots, bad.items) == (1, 80)
    assert bad.rates[Measure.COMPLAINTS] == per(4, 80).times(1_000)
    assert (good.lots, good.items) == (2, 120)
    assert good.rates[Measure.COMPLAINTS] == per(2, 120).times(1_000)
    # Together the complaint about P-2 and its forty items count once.
    assert cards.together[Measure.COMPLAINTS] == per(5, 160).times(1_000)
    assert bad.rates[Measure.COMPLAINTS_PER_LOT] == per(4, 1)


def test_lots_behind_a_supplier_tell_what_came_of_them(actor: Actor, goods: Goods) -> None:
    number = file_complaint(actor=actor, text="Bitter", target=item(301)).number
    recall = _recall(actor, leaves("B-1"), lot("P-3"))
    _report(actor, "B-1", "fail")

    lots = _lots(actor, supplier="BAD")

    assert set(lots) == {"B-1"}
    bad = lots["B-1"]
    assert [one.secondary for one in bad.products] == ["P-2", "P-3"]
    assert (bad.items, set(bad.complaints), set(bad.recalls)) == (80, {number}, {recall})
    assert (bad.inspected, bad.failed) == (1, 1)


def test_failed_inspections_are_a_share_of_the_lots_examined(actor: Actor, goods: Goods) -> None:
    _report(actor, "G-1", "pass")
    _report(actor, "G-1", "fail")
    _report(actor, "G-2", "pass")
    withdrawn = _report(actor, "B-1", "fail")
    revoke_report(actor=actor, number=withdrawn, reason="Mixed up")

    cards = _cards(actor)

    assert _card(cards, "GOOD").rates[Measure.FAILED] == share(1, 2)
    assert not _card(cards, "BAD").rates[Measure.FAILED].known
    assert _card(cards, "BAD").standings[Measure.FAILED] is Standing.UNKNOWN


def test_recall_that_was_called_off_does_not_count(actor: Actor, goods: Goods) -> None:
    _recall(actor, leaves("B-1"))
    _recall(actor, leaves("B-1"), status=CaseStatus.WITHDRAWN)
    _recall(actor, leaves("G-1"), status=CaseStatus.REJECTED)

    cards = _cards(actor)

    assert _card(cards, "BAD").rates[Measure.RECALLS] == per(1, 1)
    assert _card(cards, "GOOD").rates[Measure.RECALLS] == per(0, 2)


def test_lot_used_without_a_receipt_misses_a_scan(actor: Actor, goods: Goods) -> None:
    lots = _lots(actor)

    # G-2 was never received; what is not used yet, need not have been.
    assert (lots["G-2"].expected, lots["G-2"].unseen) == (("receiving",), ("receiving",))
    assert lots["G-1"].unseen == ()
    assert _card(_cards(actor), "GOOD").rates[Measure.MISSING] == share(1, 2)


def test_receipt_after_the_use_does_not_mend_it(actor: Actor, goods: Goods) -> None:
    late = build.object_event(
        time=FIRST + timedelta(days=10),
        action="OBSERVE",
        quantities=[build.quantity(leaves("G-2"), 50, "KGM")],
        step="receiving",
        location=goods.factory.identifier,
    )
    capture_events(actor=actor, events=[late], source="tests")

    assert _lots(actor)["G-2"].unseen == ("receiving",)


def test_connected_supplier_is_expected_to_report_the_dispatch(actor: Actor, goods: Goods) -> None:
    connect_partner(actor=actor, party="BAD")

    assert _lots(actor)["B-1"].unseen == ("shipping",)


def test_late_and_refused_events_are_shares_of_what_a_partner_sent(
    actor: Actor, goods: Goods
) -> None:
    partner = connect_partner(actor=actor, party="BAD")
    speaker = replace(actor, holder=partner.id)
    now = datetime(2026, 3, 20, 8, tzinfo=UTC)
    with clock.held_at(now):
        events = [
            build.object_event(
                time=now - timedelta(hours=hours),
                action="OBSERVE",
                epcs=[item(100 + hours)],
                step="inspecting",
            )
            for hours in (1, 2, 30)
        ]
        capture_events(actor=speaker, events=events, source="tests", check=lambda *_: ())
        capture_events(
            actor=actor, events=[{**events[0], "eventTime": "2026-03-01T00:00:00Z"}], source="tests"
        )

    cards = _cards(actor)
    assert _card(cards, "BAD").rates[Measure.LATE] == share(1, 3)
    assert _card(cards, "BAD").rates[Measure.REFUSED] == share(0, 3)
    assert not _card(cards, "GOOD").rates[Measure.LATE].known
    strict = _cards(actor, late_after=timedelta(minutes=90))
    assert _card(strict, "BAD").rates[Measure.LATE] == share(2, 3)


@pytest.mark.parametrize(
    ("since", "until", "codes"),
    [
        (date(2026, 2, 27), date(2026, 2, 27), {"BAD", "GOOD"}),
        (date(2026, 2, 28), date(2026, 3, 31), set()),
        (date(2026, 1, 1), date(2026, 2, 26), set()),
    ],
)
def test_period_is_by_the_day_on_which_lots_came(
    actor: Actor, goods: Goods, since: date, until: date, codes: set[str]
) -> None:
    cards = _cards(actor, since=since, until=until)

    assert {card.party.code for card in cards.rows} == codes


def test_lot_without_a_day_of_receipt_came_when_it_was_written_down(
    actor: Actor, goods: Goods
) -> None:
    today = clock.now()
    create_material_lot(actor=actor, material="LEAF", code="NEW", supplier="GOOD")

    found = _lots(actor, since=today.date(), until=today.date() + timedelta(days=1))

    assert set(found) == {"NEW"}
    assert (found["NEW"].items, found["NEW"].used, found["NEW"].expected) == (0, False, ())


def test_supplier_of_a_material_stands_for_lots_that_name_none(actor: Actor, goods: Goods) -> None:
    material = masterdata.get_material(actor.organisation_id, "LEAF")
    material.supplier = masterdata.get_party(actor.organisation_id, "BAD")
    material.save(update_fields=["supplier_id"])
    create_material_lot(actor=actor, material="LEAF", code="ANY", received_on=date(2026, 3, 1))

    assert set(_lots(actor, supplier="BAD")) == {"B-1", "ANY"}


def test_other_organisations_lots_and_complaints_do_not_count(
    actor: Actor, other_actor: Actor, goods: Goods
) -> None:
    build_goods(other_actor, own=False)
    file_complaint(actor=other_actor, text="Bitter", target=item(301))

    cards = _cards(actor)

    assert cards.together[Measure.COMPLAINTS] == per(0, 160).times(1_000)
    assert _card(cards, "GOOD").lots == 2


def test_organisation_without_suppliers_has_no_scorecards(actor: Actor) -> None:
    cards = _cards(actor)

    assert (list(cards.rows), cards.cut) == ([], False)
    assert not any(rate.known for rate in cards.together.values())


@pytest.mark.parametrize(
    ("cases", "of", "found"),
    [(40, 100, Standing.WORSE), (0, 100, Standing.BETTER), (1, 4, Standing.LIKE)],
)
def test_supplier_differs_only_if_its_whole_interval_does(
    cases: int, of: int, found: Standing
) -> None:
    assert standing(share(cases, of), share(100, 1_000)) is found
