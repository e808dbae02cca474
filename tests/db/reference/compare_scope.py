"""Where the engine's scope and the model's must be the same.

Owns: the comparison of what is affected, how surely, where it is, what was found and what adds up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from suyuan.capture.identities import find_key
from suyuan.core.epcis.vocabulary import STEP_NUMBERS
from suyuan.core.identifiers import parse_epc
from suyuan.lineage import starts as engine
from suyuan.lineage.history import identifier_text
from suyuan.lineage.scope import scope, why
from suyuan.lineage.values import Scope
from tests.db.reference.goods import Ledger
from tests.reference import journeys
from tests.reference.beginnings import Given, Goods, Handling, Presence, Start
from tests.reference.events import Log, microseconds
from tests.reference.findings import Found, Name, findings
from tests.reference.links import GRADES
from tests.reference.movements import Movement, Shipment, movements, shipments
from tests.reference.quantities import balances
from tests.reference.reasons import Link, wrong
from tests.reference.scope import Scope as Expected
from tests.reference.scope import scope as expected_scope

type Compare = Callable[[Ledger, Log, Scope, Expected, Sequence[Start]], None]


def same_scopes(ledger: Ledger, starts: Sequence[Start], compares: Sequence[Compare]) -> None:
    """Compare what `starts` affect; without any, what some of the things named so far affect."""
    log = ledger.log
    if starts:
        asked = [starts]
    else:
        known = list(ledger.keys([*sorted(log.lots), *sorted(log.units)]))
        asked = [[Goods(text)] for text in known[len(log.events) % 4 :: 4]]
    for some in asked:
        translated = [_translated(ledger, start) for start in some]
        if None in translated:  # goods of which nobody has heard
            continue
        meant = [one for one in translated if one is not None]
        found = scope(organisation_id=ledger.organisation_id, starts=meant)
        expected = expected_scope(log, some)
        for compare in compares:
            compare(ledger, log, found, expected, some)


def agree(
    told: Mapping[Any, Any], wanted: Mapping[Any, Any], ledger: Ledger, starts: Sequence[Start]
) -> None:
    """Fail with the whole story unless the engine tells what the model wants."""
    differing = [
        f"{key}: the engine {told.get(key)}, the model {wanted.get(key)}"
        for key in told.keys() | wanted.keys()
        if told.get(key) != wanted.get(key)
    ]
    assert not differing, "\n".join([*differing, str(starts), ledger.story()])


def _translated(ledger: Ledger, start: Start) -> engine.Start | None:
    """Return a start in the engine's words; None for goods that no event has named."""
    match start:
        case Goods(text):
            key = find_key(ledger.organisation_id, parse_epc(text))
            return None if key is None else engine.Goods(key)
        case Presence(places, since, until):
            return engine.Presence(_places(ledger, places), since, until)
        case Handling(places, since, until, steps):
            numbers = tuple(sorted(STEP_NUMBERS[one] for one in steps))
            return engine.Handling(_places(ledger, places), since, until, numbers)
        case Given(numbers):
            return engine.Told(tuple(sorted(numbers)))


def _places(ledger: Ledger, places: frozenset[str]) -> tuple[int, ...]:
    return tuple(sorted(ledger.keys(places).values()))


def same_items(
    ledger: Ledger, log: Log, found: Scope, expected: Expected, starts: Sequence[Start]
) -> None:
    """Compare the items and lots with their grades."""
    graded = {str(grade): ledger.texts(keys) for grade, keys in found.certainty.items()}
    items = {text: grade for grade, texts in graded.items() for text in texts.values()}
    agree(items, expected.items, ledger, starts)
    assert set(ledger.texts(found.items).values()) == set(items), starts
    lots = {identifier_text(node.identity): str(node.certainty) for node in found.lots}
    agree(lots, expected.lots, ledger, starts)
    depths = {identifier_text(node.identity): node.depth for node in found.lots}
    agree(depths, expected.depths, ledger, starts)


def same_places(
    ledger: Ledger, log: Log, found: Scope, expected: Expected, starts: Sequence[Start]
) -> None:
    """Compare where the items are."""
    places = {}
    for place in found.places:
        for text in ledger.texts(place.items).values():
            assert text not in places, text
            places[text] = (str(place.whereabouts), place.location, str(place.certainty))
    wanted = {}
    for item, grade in expected.items.items():
        now = journeys.standing(log, item)
        wanted[item] = (now.whereabouts, now.place, grade)
    agree(places, wanted, ledger, starts)
    sent: dict[str, Shipment] = {}
    for one in found.shipments:
        shipment = Shipment(
            "" if one.unit is None else identifier_text(one.unit),
            microseconds(one.time),
            str(one.certainty),
            str(one.whereabouts),
            tuple((paper.type, paper.id) for paper in one.transactions),
            one.destination,
        )
        sent |= dict.fromkeys(ledger.texts(one.items).values(), shipment)
    assert sum(len(one.items) for one in found.shipments) == len(sent)
    agree(sent, shipments(log, expected), ledger, starts)


def same_movements(
    ledger: Ledger, log: Log, found: Scope, expected: Expected, starts: Sequence[Start]
) -> None:
    """Compare what was moved without serials."""
    lots = ledger.texts({one.lot for one in found.movements})
    told = Counter(
        Movement(
            lots[one.lot],
            one.seq,
            one.amount,
            str(one.whereabouts),
            one.location,
            "" if one.unit is None else identifier_text(one.unit),
            str(one.certainty),
        )
        for one in found.movements
    )
    agree(told, Counter(movements(log, expected, starts)), ledger, starts)


def same_reasons(
    ledger: Ledger, log: Log, found: Scope, expected: Expected, starts: Sequence[Start]
) -> None:
    """Compare why each thing is affected: by links of the model, as surely as it is."""
    graded = expected.lots | expected.items
    keys = ledger.keys(graded)
    for text, key in keys.items():
        links = why(organisation_id=ledger.organisation_id, found=found, key=key)
        chain = [
            Link(
                identifier_text(one.source_identity),
                identifier_text(one.target_identity),
                one.rule,
                str(one.certainty),
                None if one.happening is None else one.happening.seq,
            )
            for one in links
        ]
        walked = sum(one.rule in {"transformation", "same_class"} for one in chain)
        told = (
            tuple(wrong(log, starts, chain)),
            chain[-1].target if chain else "",
            max((one.grade for one in chain), key=GRADES.index, default=""),
            walked,
        )
        wanted = ((), text, graded[text], expected.depths.get(text, walked))
        if told != wanted:
            agree({text: (told, chain)}, {text: wanted}, ledger, starts)
    others = ledger.keys(log.units - log.containers - graded.keys())
    for key in list(others.values())[:1]:
        assert not why(organisation_id=ledger.organisation_id, found=found, key=key)
    for key in list(keys.values())[: len(starts) - 1]:  # a walk more for each
        again = why(organisation_id=ledger.organisation_id, found=found.starts, key=key)
        assert again == why(organisation_id=ledger.organisation_id, found=found, key=key)


def same_findings(
    ledger: Ledger, log: Log, found: Scope, expected: Expected, starts: Sequence[Start]
) -> None:
    """Compare what was found, about which items, where and when, and which events show it."""
    wanted = findings(log, expected, starts)
    lots = ledger.texts({lot for one in found.findings for lot in one.lots})
    told: dict[Name, Found] = {}
    for one in found.findings:
        assert len(one.seqs) <= _SHOWN
        here = Found(
            str(one.code),
            frozenset(ledger.texts(one.units).values()),
            frozenset(one.seqs),
            one.step,
            one.place,
            frozenset(lots[lot] for lot in one.lots),
            None if one.since is None else microseconds(one.since),
            None if one.until is None else microseconds(one.until),
        )
        assert here.name not in told, here
        told[here.name] = here
    agree(
        {name: _comparable(one) for name, one in told.items()},
        {name: _comparable(one) for name, one in wanted.items()},
        ledger,
        starts,
    )


def _comparable(one: Found) -> Found:
    """Return what the rules fix of a finding."""
    units = frozenset[str]() if one.code in _WITHOUT_UNITS else one.units
    numbers = frozenset[int]() if one.code in _WITHOUT_NUMBERS else one.numbers
    return replace(one, units=units, numbers=frozenset(sorted(numbers)[:_SHOWN]))


_SHOWN = 20
_UNBALANCED = frozenset({"more_used_than_came", "more_out_than_made"})
_WITHOUT_UNITS = _UNBALANCED | {"lot_not_recorded", "output_without_lot", "cycle"}
_WITHOUT_NUMBERS = _UNBALANCED | {"holds_itself"}


def same_balances(
    ledger: Ledger, log: Log, found: Scope, expected: Expected, starts: Sequence[Start]
) -> None:
    """Compare what adds up."""
    told = {}
    for one in found.balances:
        graded = {str(grade): count for grade, count in one.affected.items()}
        told[identifier_text(one.identity), one.uom] = (
            one.made,
            one.numbered,
            tuple(graded.get(grade, 0) for grade in GRADES),
            one.not_affected,
            one.unnumbered,
            one.used,
            one.destroyed,
            one.left,
            one.balanced,
        )
    wanted = {}
    for place, sum_ in balances(log, expected).items():
        texts = ["" if n is None else f"{float(n):g}" for n in (sum_.made, sum_.unnumbered)]
        texts += ["" if n is None else f"{float(n):g}" for n in (sum_.used, sum_.destroyed)]
        left = "" if sum_.left is None else f"{float(sum_.left):g}"
        wanted[place] = (
            texts[0],
            sum_.numbered,
            sum_.affected,
            sum_.not_affected,
            texts[1],
            texts[2],
            texts[3],
            left,
            sum_.balanced,
        )
    agree(told, wanted, ledger, starts)
