"""What scenarios of scopes need: events with names, and answers in short words.

Owns: the ground on which a scenario stands, and how its answers are told.

Items are told by their serial, lots by their number, containers by "C1"; an event by the name that
it was captured under. Hours count from the morning of the first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from suyuan.capture.identities import find_key, identities_of
from suyuan.capture.services import capture_events
from suyuan.core.epcis.build import (
    aggregation_event,
    object_event,
    quantity,
    transformation_event,
)
from suyuan.core.identifiers import Sscc, parse_epc
from suyuan.core.instants import microseconds
from suyuan.core.keyset import KeySet
from suyuan.lineage.selectors import scope, why
from suyuan.lineage.starts import Goods, Presence, Start
from suyuan.lineage.values import Balance, Certainty, Finding, Scope, Whereabouts
from suyuan.tenancy.actor import Actor

BEGIN = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
_BASE = "https://id.gs1.org"
TEA, BOX = "09521234000013", "09521234000020"
LEAF, FLOUR = "09521234000037", "09521234000044"
PLANT, DEPOT, SHOP, FRIDGE = (
    f"{_BASE}/414/{gln}"
    for gln in ("9521234000013", "9521234000020", "9521234000037", "9521234000044")
)
_PLACES = {PLANT: "plant", DEPOT: "depot", SHOP: "shop", FRIDGE: "fridge", "": ""}

PROVEN, POSSIBLE, UNKNOWN = Certainty.PROVEN, Certainty.POSSIBLE, Certainty.UNKNOWN
HOUSE, TRANSIT = Whereabouts.IN_HOUSE, Whereabouts.IN_TRANSIT
SOLD, NOT_SEEN = Whereabouts.SOLD, Whereabouts.NOT_SEEN


def item(serial: int, gtin: str = TEA) -> str:
    """Return an item's text."""
    return f"{_BASE}/01/{gtin}/21/{serial}"


def items(*serials: int) -> list[str]:
    """Return the texts of items."""
    return [item(serial) for serial in serials]


def lot(code: str, gtin: str = TEA) -> str:
    """Return a lot's text."""
    return f"{_BASE}/01/{gtin}/10/{code}"


def leaf(code: str) -> str:
    """Return the text of a lot of the material."""
    return lot(code, LEAF)


def case(number: int) -> str:
    """Return the text of a logistic unit."""
    return f"{_BASE}/00/{Sscc.build('9521234', 0, number).value}"


def at(hours: float) -> datetime:
    """Return a time."""
    return BEGIN + timedelta(hours=hours)


def during(places: Sequence[int], since: float, until: float) -> Presence:
    """Return what was at places in some hours as a start."""
    return Presence(tuple(places), microseconds(at(since)), microseconds(at(until)))


class Ground:
    """Captures events by name, and tells answers in short words."""

    def __init__(self, actor: Actor) -> None:
        """Begin with no events."""
        self.actor = actor
        self.organisation_id = actor.organisation_id
        self.events: dict[int, str] = {}
        self._raw: dict[str, dict[str, Any]] = {}

    def put(self, name: str, event: dict[str, Any]) -> int:
        """Capture an event under a name; return its number."""
        event = {**event, "eventID": f"urn:x:{name.replace(' ', '-')}"}
        outcome = capture_events(actor=self.actor, events=[event], source="test")
        self.events[outcome.first_seq] = name
        self._raw[name] = event
        return outcome.first_seq

    def made(
        self,
        code: str,
        serials: Iterable[int],
        *,
        hours: float,
        materials: Sequence[dict[str, Any]] = (),
        count: int | None = None,
        place: str = PLANT,
    ) -> None:
        """Make a lot from materials, and its items an hour later."""
        serials = list(serials)
        if materials:
            self.put(
                f"make {code}",
                transformation_event(
                    time=at(hours),
                    input_quantities=list(materials),
                    output_quantities=[quantity(lot(code), count or len(serials))],
                    step="commissioning",
                    location=place,
                ),
            )
        self.born(f"born {code}", code, serials, hours=hours + 1, place=place)

    def born(
        self, name: str, code: str, serials: Iterable[int], *, hours: float, place: str = PLANT
    ) -> None:
        """Let items come to be in the name of a lot."""
        self.put(
            name,
            object_event(
                time=at(hours),
                action="ADD",
                epcs=items(*serials),
                step="commissioning",
                disposition="active",
                location=place,
                ilmd={"cbvmda:lotNumber": code},
            ),
        )

    def received(self, code: str, amount: float, *, hours: float, place: str = PLANT) -> None:
        """Receive a quantity of a material lot."""
        self.put(
            f"receive {code}",
            object_event(
                time=at(hours),
                action="OBSERVE",
                quantities=[quantity(leaf(code), amount, "KGM")],
                step="receiving",
                location=place,
            ),
        )

    def pack(
        self, name: str, parent: int, children: Sequence[str], hours: float, **more: Any
    ) -> None:
        """Put things into a container."""
        self._family(name, "ADD", parent, children, hours, {"step": "packing", **more})

    def unpack(
        self, name: str, parent: int, children: Sequence[str], hours: float, **more: Any
    ) -> None:
        """Take things out of a container; without children, all of them."""
        self._family(name, "DELETE", parent, children, hours, {"step": "unpacking", **more})

    def _family(
        self,
        name: str,
        action: str,
        parent: int,
        children: Sequence[str],
        hours: float,
        more: dict[str, Any],
    ) -> None:
        event = aggregation_event(
            time=at(hours), action=action, parent=case(parent), children=children, **more
        )
        self.put(name, event)

    def seen(self, name: str, what: Sequence[str], step: str, hours: float, **more: Any) -> int:
        """Scan units; return the event's number."""
        event = object_event(time=at(hours), action="OBSERVE", epcs=what, step=step, **more)
        return self.put(name, event)

    def withdraw(self, name: str) -> None:
        """Declare an event an error."""
        declaration = {"declarationTime": at(999).isoformat(), "reason": "did_not_occur"}
        event = self._raw[name] | {"errorDeclaration": declaration}
        outcome = capture_events(actor=self.actor, events=[event], source="test")
        self.events[outcome.first_seq] = f"{name}!"

    def key(self, text: str) -> int:
        """Return the key of something that was captured."""
        key = find_key(self.organisation_id, parse_epc(text))
        assert key is not None, text
        return key

    def scope(self, *starts: Start | str) -> Scope:
        """Return the scope of starts, or of goods by their text."""
        return scope(
            organisation_id=self.organisation_id,
            starts=[Goods(self.key(one)) if isinstance(one, str) else one for one in starts],
        )

    def serials(self, keys: KeySet) -> set[int]:
        """Return the serials of items."""
        names = identities_of(self.organisation_id, keys)
        return {int(names[key].secondary) for key in keys}

    def grades(self, found: Scope) -> dict[Certainty, set[int]]:
        """Return the serials of each grade; each item stands in one of them."""
        told = {grade: self.serials(keys) for grade, keys in found.certainty.items() if keys}
        assert sum(map(len, told.values())) == len(found.items)
        return told

    def places(self, found: Scope) -> dict[tuple[Whereabouts, str, Certainty], set[int]]:
        """Return the serials at each place."""
        return {
            (one.whereabouts, _PLACES[one.location], one.certainty): self.serials(one.items)
            for one in found.places
        }

    def lots(self, found: Scope) -> dict[str, tuple[int, Certainty]]:
        """Return depth and grade of each lot."""
        return {one.identity.secondary: (one.depth, one.certainty) for one in found.lots}

    def findings(self, found: Scope) -> list[tuple[str, list[str], set[int]]]:
        """Return (code, events, serials) of each finding."""
        return [
            (one.code.value, self.named(one), self.serials(one.units)) for one in found.findings
        ]

    def named(self, finding: Finding) -> list[str]:
        """Return the names of a finding's events."""
        return [self.events.get(seq, "?") for seq in finding.seqs]

    def balances(self, found: Scope) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Return the sums of each lot in each unit of measure, as `_sums` orders them."""
        return {(one.identity.secondary, one.uom): _sums(one) for one in found.balances}

    def why(self, found: Scope, text: str) -> list[tuple[str, str, str, Certainty]]:
        """Return (rule, target, event, grade) of each link of a chain."""
        links = why(organisation_id=self.organisation_id, found=found, key=self.key(text))
        again = why(organisation_id=self.organisation_id, found=found.starts, key=self.key(text))
        assert links == again  # from the scope itself, or from its starts alone
        return [
            (
                link.rule,
                link.target_identity.secondary or link.target_identity.primary[-4:-1].lstrip("0"),
                "" if link.happening is None else self.events.get(link.happening.seq, "?"),
                link.certainty,
            )
            for link in links
        ]


def _sums(one: Balance) -> tuple[Any, ...]:
    """Return made, numbered, affected, not affected, unnumbered, used, destroyed, left, sound."""
    return (
        one.made,
        one.numbered,
        sum(one.affected.values()),
        one.not_affected,
        one.unnumbered,
        one.used,
        one.destroyed,
        one.left,
        one.balanced,
    )
