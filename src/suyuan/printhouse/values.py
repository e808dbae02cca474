"""The values that packages are made from and told in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from suyuan.printhouse.models import Package

ROLL_LIMIT: Final = 1_000_000  # labels on a roll
ROLLS_LIMIT: Final = 100_000  # rolls of a package: the manifest names each
FIRST_ROLL_LIMIT: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a package is to hold.

    Attributes:
        order_number: Whose codes; with `set_number`, empty.
        set_number: Sets whose labels it has, or empty.
        party_code: The print house.
        roll_size: Lines on a roll.
        first_roll: The number of the first roll.
        count: How many codes; None for all that are free.
        links: Whether lines have the link.
        inner: Whether lines have the hidden code.
        agreed_password: Lock it with the print house's password, not with one of its own.
        note: For colleagues.
        request_key: The same key again gives the first package.
    """

    order_number: str
    party_code: str
    roll_size: int
    first_roll: int = 1
    count: int | None = None
    set_number: str = ""
    links: bool = True
    inner: bool = False
    agreed_password: bool = False
    note: str = ""
    request_key: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new package, and the password that is shown this once; empty if it is agreed or told."""

    package: Package
    password: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A roll of a package, by sequences, and what became of its codes."""

    number: int
    first: int
    last: int
    first_serial: str
    last_serial: str
    used: int
    spoiled: int

    @property
    def count(self) -> int:
        """How many codes are on it."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code is: in which package, on which roll, as which label of it."""

    package: Package
    roll: int
    sequence: int
