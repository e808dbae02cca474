"""What of a history is public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import KeySet
from suyuan.lineage.values import Happening, History, State, Step, Transaction
from suyuan.verification.facts import PublicPlace
from suyuan.verification.journey import PUBLIC_STEPS, PublicStep, journey

START = datetime(2026, 3, 1, tzinfo=UTC)
PLACES = {"here": PublicPlace("330100", name_zh="一厂"), "there": PublicPlace("310000")}


def happening(
    step: str, hours: int, *, place: str = "", disposition: str = "", voided: bool = False
) -> Step:
    event = Happening(
        seq=hours,
        event_id="e",
        type="ObjectEvent",
        action="OBSERVE",
        time=START + timedelta(hours=hours),
        offset_minutes=480,
        record_time=START,
        step=step,
        disposition=disposition,
        read_point=place,
        location="",
        transactions=(Transaction("po", "secret"),),
        sources=(),
        destinations=(("owning_party", "secret"),),
        voided=voided,
    )
    return Step(event, "epc", None, None)


def shown(*steps: Step) -> list[tuple[PublicStep, str]]:
    history = History(
        key=1,
        identity=Identity(Scheme.SGTIN, "09521234000013", "1"),
        steps=steps,
        containments=(),
        contents=KeySet(),
        lots=(),
        state=State(),
    )
    return [(s.step, s.place.region if s.place else "") for s in journey(history, PLACES)]


def test_steps_that_are_not_in_the_table_are_not_shown() -> None:
    hidden = ("packing", "storing", "picking", "staging_outbound", "urn:own:step", "")
    assert shown(*(happening(step, n) for n, step in enumerate(hidden))) == []
    assert not PUBLIC_STEPS.keys() & set(hidden)


def test_a_stage_has_a_kind_a_time_and_a_place() -> None:
    assert shown(
        happening("commissioning", 0, place="here"),
        happening("shipping", 1, place="here"),
        happening("receiving", 2, place="there"),
    ) == [
        (PublicStep.CODED, "330100"),
        (PublicStep.LEFT, "330100"),
        (PublicStep.ARRIVED, "310000"),
    ]


def test_what_an_error_declaration_voids_is_not_shown() -> None:
    assert shown(happening("shipping", 1, place="here", voided=True)) == []


def test_two_reports_of_one_thing_are_one_stage() -> None:
    steps = (happening("shipping", 1, place="here"), happening("departing", 2, place="here"))
    assert shown(*steps) == [(PublicStep.LEFT, "330100")]


def test_a_disposition_says_more_than_its_step() -> None:
    assert shown(happening("holding", 1, disposition="recalled")) == [(PublicStep.RECALLED, "")]


def test_where_a_buyer_lives_is_never_shown() -> None:
    assert shown(happening("delivering", 1, place="there")) == [(PublicStep.DELIVERED, "")]


def test_a_place_that_is_not_ours_has_no_name() -> None:
    assert PLACES["here"].name("zh-hans") == "一厂"
    assert PLACES["there"].name("zh-hans") == "上海市"


def test_a_long_history_keeps_its_ends() -> None:
    steps = [happening("shipping" if n % 2 else "receiving", n, place="here") for n in range(200)]
    assert len(shown(*steps)) == 40
