"""What a scope can begin with, as values.

Owns: the kinds of starts. Keys are organisation-local; times are microseconds since 1970, UTC.
Does not own: how people say them (recalls.starts), what follows from them (scope).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goods:
    """A lot, an item or a logistic unit that is known to be bad."""

    key: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Whatever was at places in a period: a warehouse that was warm, a dock that was flooded.

    Attributes:
        places: keys of business locations or read points.
        since: first instant.
        until: last instant, included.
    """

    places: tuple[int, ...]
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Handling:
    """Whatever was worked on at places in a period: a line, a station, a shift.

    Attributes:
        places: keys of read points or business locations.
        since: first instant.
        until: last instant, included.
        steps: numbers of business steps; empty: any.
    """

    places: tuple[int, ...]
    since: int
    until: int
    steps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Whatever certain events were about: a sensor's reading, a scan.

    Attributes:
        seqs: numbers of events.
    """

    seqs: tuple[int, ...]


type Start = Goods | Presence | Handling | Told
