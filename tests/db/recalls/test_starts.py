"""What a recall can begin with: each kind, in its text, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.instants import microseconds
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.lineage.starts import Goods, Handling, Presence, Told
from suyuan.masterdata.services import (
    create_lot,
    create_material,
    create_material_lot,
    create_party,
)
from suyuan.quality.services import file_complaint
from suyuan.recalls.starts import Start, read_starts, start_texts
from suyuan.tenancy.actor import Actor
from tests.recall_world import GTIN, MADE, World, item, lot, material_lot

_DAY = "since=2026-03-01&until=2026-03-01"


def _read(actor: Actor, *texts: str) -> list[Start]:
    return read_starts(organisation_id=actor.organisation_id, texts=texts)


def _keys(actor: Actor, *texts: str) -> set[int]:
    found = {lineage.resolve(organisation_id=actor.organisation_id, text=one) for one in texts}
    assert None not in found
    return {key for key in found if key is not None}


def _goods(starts: Sequence[Start]) -> set[int]:
    return {one.key for start in starts for one in start.meant if isinstance(one, Goods)}


def _refusal(actor: Actor, *texts: str) -> tuple[str, str]:
    with pytest.raises(Invalid) as refusal:
        _read(actor, *texts)
    return refusal.value.code, refusal.value.place


# ---------------------------------------------------------------- suppliers


@pytest.fixture
def supplier(actor: Actor, world: World) -> str:
    """Return the code of a supplier that delivered M-1 on March 1st and M-3 later."""
    create_party(actor=actor, code="FARM", name_zh="茶园", kind="supplier")
    create_material(actor=actor, code="SALT", gtin="09521234000129", name_zh="盐", supplier="FARM")
    day = date(2026, 3, 1)
    create_material_lot(
        actor=actor, material="LEAF", code="M-3", supplier="FARM", received_on=date(2026, 3, 9)
    )
    create_material_lot(actor=actor, material="LEAF", code="M-4", supplier="FARM", received_on=day)
    create_material_lot(actor=actor, material="SALT", code="S-1", received_on=day)
    salt = "https://id.gs1.org/01/09521234000129/10/S-1"
    quantities = [build.quantity(one, 5, "KGM") for one in (material_lot("M-3"), salt)]
    quantities.append(build.quantity(material_lot("M-4"), 5, "KGM"))
    event = build.object_event(time=MADE, action="ADD", quantities=quantities)
    capture_events(actor=actor, events=[event], source="tests")
    return "FARM"


def test_supplier_and_period_find_the_lots_that_came_then(actor: Actor, supplier: str) -> None:
    salt = "https://id.gs1.org/01/09521234000129/10/S-1"

    found = _read(actor, f"supply?supplier={supplier}&{_DAY}")

    assert _goods(found) == _keys(actor, material_lot("M-4"), salt)


def test_supplier_of_a_lot_may_be_its_materials(actor: Actor, supplier: str) -> None:
    found = _read(actor, f"supply?supplier={supplier}&material=SALT&{_DAY}")

    assert _goods(found) == _keys(actor, "https://id.gs1.org/01/09521234000129/10/S-1")


def test_receipt_that_only_an_event_tells_counts(actor: Actor, world: World) -> None:
    party = create_party(actor=actor, code="FARM", name_zh="茶园", kind="supplier")
    new = material_lot("UNLISTED")
    event = build.object_event(
        time=MADE,
        action="OBSERVE",
        quantities=[build.quantity(new, 5, "KGM")],
        epcs=[item(205)],
        step="receiving",
        sources=[("possessing_party", party.identifier)],
    )
    capture_events(actor=actor, events=[event], source="tests")

    (found,) = _read(actor, f"supply?supplier=FARM&{_DAY}")
    (narrow,) = _read(actor, f"supply?supplier=FARM&material=LEAF&{_DAY}")

    assert _goods([found]) == _keys(actor, new)
    assert [type(one) for one in found.meant] == [Goods, Told]
    assert [type(one) for one in narrow.meant] == [Goods]


def test_receipt_declared_an_error_does_not_count(actor: Actor, world: World) -> None:
    party = create_party(actor=actor, code="FARM", name_zh="茶园", kind="supplier")
    event = build.object_event(
        time=MADE,
        action="OBSERVE",
        quantities=[build.quantity(material_lot("WRONG"), 5, "KGM")],
        step="receiving",
        sources=[("possessing_party", party.identifier)],
        event_id="urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b99",
    )
    declared = {
        **event,
        "errorDeclaration": {"declarationTime": "2026-03-02T00:00:00Z", "reason": "did_not_occur"},
    }
    capture_events(actor=actor, events=[event], source="tests")
    capture_events(actor=actor, events=[declared], source="tests")

    assert _refusal(actor, f"supply?supplier=FARM&{_DAY}")[0] == "start_finds_nothing"


def test_other_organisations_supplier_is_unknown(
    actor: Actor, other_actor: Actor, supplier: str
) -> None:
    text = f"supply?supplier={supplier}&{_DAY}"

    assert _refusal(other_actor, text) == ("supplier_unknown", "/starts/0/supplier")


# ---------------------------------------------------------------- lines, teams


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ("line=L1", ["L-A", "L-B"]),
        ("line=l1&team=Night", ["L-B"]),
        (f"product={GTIN}", ["L-A", "L-B", "L-C"]),
        (f"product={GTIN}&team=day", ["L-A"]),
    ],
)
def test_line_team_and_product_find_their_lots(
    actor: Actor, world: World, more: str, codes: list[str]
) -> None:
    from suyuan.masterdata.models import Lot  # noqa: PLC0415

    for code, line, team in (("L-A", "L1", "Day"), ("L-B", "L1", "Night"), ("L-C", "L2", "")):
        rows = Lot.objects.filter(organisation_id=actor.organisation_id, code=code)
        rows.update(line=line, team=team)

    assert _goods(_read(actor, f"made?{more}&{_DAY}")) == _keys(actor, *map(lot, codes))


def test_lot_that_no_event_names_has_touched_nothing(actor: Actor, world: World) -> None:
    create_lot(actor=actor, gtin=GTIN, code="PAPER", produced_on=date(2026, 4, 1))

    code, place = _refusal(actor, lot("L-A"), "made?since=2026-04-01&until=2026-04-01")

    assert (code, place) == ("start_finds_nothing", "/starts/1")


# ---------------------------------------------------------------- places


def test_place_and_period_are_read_in_the_displays_zone(actor: Actor, world: World) -> None:
    (found,) = _read(actor, "stayed?place=WH-1&since=2026-03-02&until=2026-03-02T10:00")

    (presence,) = found.meant
    assert isinstance(presence, Presence)
    assert presence.since == microseconds(datetime(2026, 3, 1, 16, tzinfo=UTC))
    assert presence.until == microseconds(datetime(2026, 3, 2, 2, tzinfo=UTC))
    assert len(presence.places) == 1


def test_same_start_has_one_text_however_it_was_said(actor: Actor, world: World) -> None:
    place = world.warehouse.identifier

    found = _read(
        actor,
        "stayed?since=2026-03-02T08:00&until=2026-03-03&place=WH-1&place=WH-1",
        f"stayed?place={place}&until=2026-03-03&since=2026-03-02T00:00:00Z",
    )

    assert len(found) == 1
    assert _read(actor, found[0].text)[0].text == found[0].text


def test_steps_narrow_what_was_worked_on(actor: Actor, world: World) -> None:
    (found,) = _read(actor, f"handled?place=WH-1&step=packing&{_DAY}")

    (handling,) = found.meant
    assert isinstance(handling, Handling)
    assert len(handling.steps) == 1


def test_json_form_is_the_same_start(actor: Actor, world: World) -> None:
    given: list[str | dict[str, Any]] = [
        lot("L-A"),
        {"kind": "stayed", "place": ["WH-1"], "since": "2026-03-02", "until": "2026-03-03"},
    ]

    texts = start_texts(given)

    assert texts[0] == lot("L-A")
    assert texts[1].startswith("stayed?place=WH-1&since=2026-03-01T16:00:00Z")
    assert len(_read(actor, *texts)) == 2


# ---------------------------------------------------------------- complaints and events


def test_complaints_lead_to_their_items_or_to_the_whole_lots(actor: Actor, world: World) -> None:
    number = file_complaint(actor=actor, text="It smells.", target=item(1)).number

    items = _read(actor, f"complaints?number={number}")
    lots = _read(actor, f"complaints?number={number}&lots=1")

    assert _goods(items) == _keys(actor, item(1))
    assert _goods(lots) == _keys(actor, lot("L-A"))


def test_complaint_about_no_goods_is_named(actor: Actor, world: World) -> None:
    number = file_complaint(actor=actor, text="It smells.").number

    code, place = _refusal(actor, f"complaints?number={number}")

    assert (code, place) == ("complaint_without_goods", "/starts/0/number/0")


def test_other_organisations_complaint_is_unknown(
    actor: Actor, other_actor: Actor, world: World
) -> None:
    number = file_complaint(actor=actor, text="It smells.", target=item(1)).number

    assert _refusal(other_actor, f"complaints?number={number}")[0] == "complaint_unknown"


def test_events_are_found_by_their_ids(actor: Actor, world: World) -> None:
    event_id = "urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b77"
    event = build.object_event(time=MADE, action="OBSERVE", epcs=[item(1)], event_id=event_id)
    capture_events(actor=actor, events=[event], source="tests")

    (found,) = _read(actor, f"events?id={event_id}")

    (told,) = found.meant
    assert isinstance(told, Told)
    assert len(told.seqs) == 1
    assert _refusal(actor, "events?id=urn:uuid:none")[0] == "event_unknown"


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("supply?supplier=FARM", "start_field_required", "/starts/0/since"),
        (f"stayed?{_DAY}", "start_field_required", "/starts/0/place"),
        (f"stayed?place=WH-1&{_DAY}&colour=red", "start_field", "/starts/0/colour"),
        ("stayed?place=WH-1&since=2026-03-02&until=2026-03-01", "period_empty", "/starts/0/until"),
        ("stayed?place=WH-1&since=soon&until=2026-03-01", "start_value", "/starts/0/since"),
        ("made?since=2026-02-30&until=2026-03-01", "start_value", "/starts/0/since"),
        ("made?since=0001-01-01&until=9999-12-31", "start_value", "/starts/0/since"),
        (f"made?line=a&line=b&{_DAY}", "start_field_many", "/starts/0/line"),
        (f"stayed?place=NOWHERE&{_DAY}", "place_unknown", "/starts/0/place/0"),
        (f"stayed?place=%00&{_DAY}", "start_value", "/starts/0/place"),
        (f"handled?place=WH-1&step=dancing&{_DAY}", "step_unknown", "/starts/0/step/0"),
        (f"measured?type=Temperature&{_DAY}", "start_field_required", "/starts/0/above"),
        (f"measured?type=Temperature&above=nan&{_DAY}", "start_value", "/starts/0/above"),
        (f"measured?type=Temperature&above=1e999&{_DAY}", "start_value", "/starts/0/above"),
        ("complaints?number=CP-1", "complaint_unknown", "/starts/0/number/0"),
        (f"events?{'&'.join(f'id=urn:x:{n}' for n in range(101))}", "start_field_many", None),
        (f"events?id={'x' * 9000}", "start_too_long", "/starts/0"),
        (f"events?id={'x' * 400}", "start_value", "/starts/0/id"),
        ("dance?place=WH-1", "identity_unknown", "/starts/0"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    actor: Actor, world: World, text: str, code: str, place: str | None
) -> None:
    refusal = _refusal(actor, text)

    assert refusal[0] == code
    assert place is None or refusal[1] == place


def test_few_starts_may_be_sought_at_once(actor: Actor, world: World) -> None:
    texts = [f"made?line={n}&{_DAY}" for n in range(21)]

    assert _refusal(actor, *texts) == ("too_many_starts", "/starts")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "dance"}, "start_kind"),
        ({}, "start_kind"),
        ({"kind": "stayed", "place": {"a": 1}, "since": "2026-03-01"}, "start_value"),
        ({"kind": "stayed", "place": None, "since": "2026-03-01"}, "start_field_required"),
        ({"kind": "stayed", "place": [["WH-1"]]}, "start_value"),
    ],
)
def test_json_that_is_no_start_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        start_texts([given])

    assert refusal.value.code == code
    assert refusal.value.place.startswith("/starts/0")


# ---------------------------------------------------------------- readings


def _reading(
    minutes: int, value: float, *, epcs: Sequence[str] = (), unit: str = "CEL", **more: Any
) -> dict[str, Any]:
    time = MADE + timedelta(days=1, minutes=minutes)
    event = build.object_event(
        time=time,
        action="OBSERVE",
        epcs=epcs,
        step="sensor_reporting",
        read_point=more.pop("read_point", ""),
        location=more.pop("location", ""),
    )
    report = {"type": "Temperature", "value": value, "uom": unit, **more}
    return {
        **event,
        "sensorElementList": [
            {"sensorMetadata": {"deviceID": "urn:x:logger:1"}, "sensorReport": [report]}
        ],
    }


def _moment(minutes: int) -> int:
    return microseconds(MADE + timedelta(days=1, minutes=minutes))


_WARM = "measured?type=Temperature&unit=CEL&above=8&since=2026-03-02&until=2026-03-02"


def test_readings_of_a_place_count_from_the_last_good_to_the_first_good_one(
    actor: Actor, world: World
) -> None:
    here = world.warehouse.identifier
    values = [(0, 4.0), (10, 9.0), (20, 11.0), (30, 5.0), (40, 6.0)]
    events = [_reading(at, value, read_point=here) for at, value in values]
    capture_events(actor=actor, events=events, source="tests")

    (found,) = _read(actor, _WARM)

    (presence,) = found.meant
    assert isinstance(presence, Presence)
    assert (presence.since, presence.until) == (_moment(0), _moment(30))
    (spell,) = found.excursions
    assert (spell.worst, len(spell.seqs)) == (11.0, 2)


def test_readings_that_name_goods_are_about_these_alone(actor: Actor, world: World) -> None:
    here = world.warehouse.identifier
    capture_events(
        actor=actor, events=[_reading(10, 9.5, epcs=[item(5)], read_point=here)], source="tests"
    )

    (found,) = _read(actor, _WARM)

    assert [type(one) for one in found.meant] == [Told]


def test_everything_at_the_place_is_meant_where_asked(actor: Actor, world: World) -> None:
    here = world.warehouse.identifier
    event = _reading(10, 9.5, epcs=[item(5)], read_point=here)
    capture_events(actor=actor, events=[event], source="tests")

    (whole,) = _read(actor, f"{_WARM}&whole=1")

    assert [type(one) for one in whole.meant] == [Told, Presence]


def test_fahrenheit_is_compared_as_celsius(actor: Actor, world: World) -> None:
    here = world.warehouse.identifier
    events = [_reading(0, 41.0, unit="FAH", read_point=here)]  # 5 °C
    events.append(_reading(10, 50.0, unit="FAH", read_point=here))  # 10 °C
    capture_events(actor=actor, events=events, source="tests")

    (found,) = _read(actor, _WARM)

    assert found.excursions[0].worst == pytest.approx(10.0)
    assert len(found.excursions[0].seqs) == 1


def test_reading_in_a_unit_that_cannot_be_compared_is_no_reading(
    actor: Actor, world: World
) -> None:
    here = world.warehouse.identifier
    capture_events(
        actor=actor, events=[_reading(10, 99, unit="P1", read_point=here)], source="tests"
    )

    assert _refusal(actor, _WARM)[0] == "start_finds_nothing"


def test_extremes_of_a_report_count(actor: Actor, world: World) -> None:
    here = world.warehouse.identifier
    event = _reading(10, 5.0, read_point=here, maxValue=12.0, minValue=-3.0)
    capture_events(actor=actor, events=[event], source="tests")

    (hot,) = _read(actor, _WARM)
    (cold,) = _read(actor, _WARM.replace("above=8", "below=0"))

    assert hot.excursions[0].worst == 12.0
    assert cold.excursions[0].worst == -3.0


def test_reading_declared_an_error_is_none(actor: Actor, world: World) -> None:
    event = {
        **_reading(10, 12.0, read_point=world.warehouse.identifier),
        "eventID": "urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b55",
    }
    declared = {
        **event,
        "errorDeclaration": {"declarationTime": "2026-03-03T00:00:00Z", "reason": "did_not_occur"},
    }
    capture_events(actor=actor, events=[event], source="tests")
    capture_events(actor=actor, events=[declared], source="tests")

    assert _refusal(actor, _WARM)[0] == "start_finds_nothing"


def test_excursion_outside_the_period_is_not_meant(actor: Actor, world: World) -> None:
    here = world.warehouse.identifier
    events = [_reading(at, v, read_point=here) for at, v in ((-900, 12.0), (0, 4.0))]
    capture_events(actor=actor, events=events, source="tests")

    assert _refusal(actor, _WARM)[0] == "start_finds_nothing"
