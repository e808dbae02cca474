"""The counts of a scope: what a preview shows, and what a case keeps.

Owns: `Summary`, made from a scope, written to JSON and read back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from suyuan.lineage.values import Certainty, Scope, Whereabouts


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How many affected items are at one place, in one state."""

    whereabouts: str
    location: str  # identifier text, "" when unknown
    items: int
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many, and where."""

    items: int
    lots: int
    parcels: int
    whereabouts: dict[str, int] = field(default_factory=dict)  # only those that occur
    places: tuple[PlaceCount, ...] = ()  # the fullest first
    certainty: dict[str, int] = field(default_factory=dict)  # empty: everything is proven

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Summary:
        """Read what `to_json` wrote."""
        places = tuple(PlaceCount(**place) for place in data.get("places", ()))
        return cls(**{**data, "places": places})


def is_graded(scope: Scope) -> bool:
    """Tell whether some units are less than proven to be affected."""
    return any(keys for grade, keys in scope.certainty.items() if grade is not Certainty.PROVEN)


def summarise(scope: Scope) -> Summary:
    """Count a scope."""
    whereabouts: Counter[str] = Counter()
    for place in scope.places:
        whereabouts[place.whereabouts.value] += len(place.items)
    certainty = (
        {grade.value: len(keys) for grade, keys in scope.certainty.items()}
        if is_graded(scope)
        else {}
    )
    places = [
        PlaceCount(
            whereabouts=place.whereabouts.value,
            location=place.location,
            items=len(place.items),
            certainty=place.certainty.value if certainty else "",
        )
        for place in scope.places
    ]
    places.sort(key=lambda place: (-place.items, place.location))
    return Summary(
        items=len(scope.items),
        lots=len(scope.lots),
        parcels=len(scope.shipments),
        whereabouts={
            word.value: whereabouts[word.value] for word in Whereabouts if whereabouts[word.value]
        },
        places=tuple(places),
        certainty=certainty,
    )
