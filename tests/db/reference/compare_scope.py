"""Where the engine's scope and the model's must be the same.

Owns: the comparison of what is affected, how surely, where it is, what was found and what adds up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from suyuan.capture.identities import find_key
from suyuan.core.epcis.vocabulary import STEP_NUMBERS
from suyuan.core.identifiers import parse_epc
from suyuan.lineage import starts as engine
from suyuan.lineage.history import identifier_text
from suyuan.lineage.scope import scope
from suyuan.lineage.values import Scope
from tests.db.reference.goods import Ledger
from tests.reference import journeys
from tests.reference.beginnings import Given, Goods, Handling, Presence, Start
from tests.reference.events import Log
from tests.reference.findings import findings
from tests.reference.links import GRADES
from tests.reference.quantities import balances
from tests.reference.scope import Scope as Expected
from tests.reference.scope import scope as expected_scope

type Compare = Callable[[Ledger, Log, Scope, Expected, Sequence[Start]], None]


def same_scopes(ledger: Ledger, starts: Sequence[Start], compares: Sequence[Compare]) -> None:
    """Compare what `starts` affect; without any, what each thing named so far affects."""
    log = ledger.log
    if starts:
        asked = [starts]
    else:
        known = ledger.keys([*log.lots, *sorted(log.units)[::3]])
        asked = [[Goods(text)] for text in known]
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
    sent = {text for one in found.shipments for text in ledger.texts(one.items).values()}
    away = {i for i, (where, *_) in wanted.items() if where in {"in_transit", "sold"}}
    agree(dict.fromkeys(sent, True), dict.fromkeys(away, True), ledger, starts)
    assert sum(len(one.items) for one in found.shipments) == len(sent)


def same_findings(
    ledger: Ledger, log: Log, found: Scope, expected: Expected, starts: Sequence[Start]
) -> None:
    """Compare what was found, and about which items."""
    told: dict[str, set[str]] = {}
    for one in found.findings:
        assert len(one.seqs) <= 20
        told.setdefault(str(one.code), set()).update(ledger.texts(one.units).values())
    wanted = dict(findings(log, expected, starts))
    for balance in balances(log, expected).values():
        wanted |= dict.fromkeys(balance.findings, frozenset())
    for code in _BY_CODE_ALONE & told.keys() & wanted.keys():
        told[code] = set(wanted[code])
    agree(told, {code: set(units) for code, units in wanted.items()}, ledger, starts)


_BY_CODE_ALONE = frozenset(
    {"lot_not_recorded", "output_without_lot", "cycle", "more_used_than_came", "more_out_than_made"}
)


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
