"""The lines of a package's codes: all of one width, written in arrays.

Owns: `codes.csv` and `units.csv`.
Invariant: memory holds one batch of lines, however many there are.

Numbers have leading zeros, so that every line of a file has the same length: the n-th is found by
arithmetic, and a batch is one array of bytes. No cell needs quoting: they hold digits, letters and
a link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from suyuan.core.codespace import INNER_LENGTH, SERIAL_LENGTH, CodeSpace, inner_codes
from suyuan.issuing.models import SetPlan
from suyuan.issuing.numbers import sscc
from suyuan.issuing.positions import as_array, within
from suyuan.issuing.selectors import SetUnit, set_units, span_of_cases

type Block = NDArray[np.uint8]
type Ordinals = NDArray[np.int64]

_BATCH: Final = 16_384  # lines at once: they stay in the second-level cache
_SSCC_LENGTH: Final = 18
_END: Final = b"\r\n"
_DIGITS: Final = 8  # sequences and rolls stay below 10**8
_FOUR: Final = np.frombuffer(b"".join(b"%04d" % n for n in range(10_000)), np.uint8).reshape(-1, 4)


@dataclass(frozen=True, slots=True)
class Layout:
    """What `codes.csv` is made from.

    Attributes:
        space: Numbers the order.
        start: The order's first index.
        positions: Of the codes, within the order.
        roll_size: Lines on a roll.
        first_roll: The number of the first.
        stem: What precedes a serial in its link; empty for no links.
        inner_key: Of the hidden codes; empty for none.
        plan: The sets whose cases and pallets the lines name.
    """

    space: CodeSpace
    start: int
    positions: BitMap
    roll_size: int
    first_roll: int
    stem: str
    inner_key: bytes = b""
    plan: SetPlan | None = None

    @property
    def lines(self) -> int:
        """How many there are."""
        return len(self.positions)

    @property
    def last_roll(self) -> int:
        """The number of the last roll."""
        return self.first_roll + -(-self.lines // self.roll_size) - 1


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    width: int
    at: int  # in the line
    before: bytes = b""  # constant, within the cell


def columns(layout: Layout) -> list[_Column]:
    """Return the columns of `codes.csv`, in order, with their places in a line."""
    wanted = [
        ("roll", len(str(layout.last_roll)), b""),
        ("sequence", len(str(layout.lines)), b""),
        ("serial", SERIAL_LENGTH, b""),
    ]
    if layout.stem:
        wanted.append(("link", SERIAL_LENGTH, layout.stem.encode()))
    if layout.inner_key:
        wanted.append(("inner", INNER_LENGTH, b""))
    if layout.plan is not None:
        wanted.append(("case", _SSCC_LENGTH, b""))
        if layout.plan.pallets:
            wanted.append(("pallet", _SSCC_LENGTH, b""))
    placed: list[_Column] = []
    at = 0
    for name, width, before in wanted:
        placed.append(_Column(name, width, at + len(before), before))
        at += len(before) + width + 1  # a comma or the line's end follows
    return placed


def heading(layout: Layout) -> bytes:
    """Return the first line."""
    return ",".join(column.name for column in columns(layout)).encode() + _END


def size(layout: Layout) -> int:
    """Return how many bytes `codes.csv` has."""
    return len(heading(layout)) + layout.lines * len(_template(columns(layout)))


def blocks(layout: Layout) -> Iterator[bytes | Block]:
    """Yield `codes.csv`, the heading and then batches of lines, each valid until the next."""
    yield heading(layout)
    placed = columns(layout)
    template = np.frombuffer(_template(placed), dtype=np.uint8)
    room = np.tile(template, (min(_BATCH, layout.lines), 1))
    at = {column.name: slice(column.at, column.at + column.width) for column in placed}
    for done in range(0, layout.lines, _BATCH):
        count = min(_BATCH, layout.lines - done)
        lines = room[:count]
        _fill(layout, lines, at, done)
        yield lines.reshape(-1)


def _template(placed: list[_Column]) -> bytes:
    cells = (column.before + b"0" * column.width for column in placed)
    return b",".join(cells) + _END


def _fill(layout: Layout, lines: Block, at: dict[str, slice], done: int) -> None:
    """Write the variable cells of lines from the sequence `done` + 1 on."""
    count = len(lines)
    sequences = np.arange(done + 1, done + count + 1, dtype=np.int64)
    put_number(lines[:, at["sequence"]], sequences)
    put_number(lines[:, at["roll"]], (sequences - 1) // layout.roll_size + layout.first_roll)
    places = places_of(layout.positions, done, count)
    serials = layout.space.serials((places + layout.start).astype(np.uint64))
    signs = serials.view(np.uint8).reshape(count, SERIAL_LENGTH)
    lines[:, at["serial"]] = signs
    if "link" in at:
        lines[:, at["link"]] = signs
    if "inner" in at:
        hidden = inner_codes(key=layout.inner_key, gtin=layout.space.gtin, serials=serials.tolist())
        lines[:, at["inner"]] = hidden.view(np.uint8).reshape(count, INNER_LENGTH)
    if layout.plan is not None:
        cases = (places - layout.plan.first) // layout.plan.per_case
        lines[:, at["case"]] = _unit_signs(layout.plan, cases, 0)
        if "pallet" in at:
            pallets = cases // layout.plan.per_pallet
            lines[:, at["pallet"]] = _unit_signs(layout.plan, pallets, layout.plan.cases)


def _unit_signs(plan: SetPlan, numbers: NDArray[np.int64], offset: int) -> Block:
    """Return the SSCCs of units that rise line by line: shape (n, 18)."""
    first = int(numbers[0])
    texts = [
        sscc(plan.prefix, plan.first_number + offset + number).encode()
        for number in range(first, int(numbers[-1]) + 1)
    ]
    table = np.frombuffer(b"".join(texts), dtype=np.uint8).reshape(-1, _SSCC_LENGTH)
    return table[numbers - first]


def put_number(room: Block, numbers: NDArray[np.int64]) -> None:
    """Write numbers, each below 10**8, with leading zeros: `room` has shape (n, digits)."""
    digits = np.concatenate((_FOUR[numbers // 10_000], _FOUR[numbers % 10_000]), axis=1)
    room[:] = digits[:, _DIGITS - room.shape[1] :]


def places_of(positions: BitMap, first: int, count: int) -> NDArray[np.int64]:
    """Return the `first`-th and following positions, counted from 0: shape (count,)."""
    start = positions.min()
    if positions.max() - start + 1 == len(positions):  # one run: what packages mostly are
        return np.arange(start + first, start + first + count, dtype=np.int64)
    return as_array(positions[first : first + count])


class Summed:
    """A stream's blocks, handed on, and the SHA-256 of those handed on so far."""

    def __init__(self, given: Iterator[bytes | Block]) -> None:
        self._given = given
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes | Block]:
        for block in self._given:
            self._digest.update(block)
            yield block

    @property
    def hexdigest(self) -> str:
        """The sum, in hexadecimal."""
        return self._digest.hexdigest()


# ---------------------------------------------------------------- units of sets

_UNIT_HEADING: Final = b"kind,sscc,link,first,last" + _END


def filled_units(plan: SetPlan, positions: BitMap) -> Iterator[SetUnit]:
    """Yield pallets and cases with a code in `positions`, in label order: a pallet, its cases."""
    for unit in _units(plan):
        if within(positions, *unit.span):
            yield unit


def _units(plan: SetPlan) -> Iterator[SetUnit]:
    per_pallet = plan.per_pallet if plan.pallets else plan.cases
    for pallet in range(plan.pallets or 1):
        if plan.pallets:
            yield from set_units(plan, kind="pallet", first=pallet, count=1)
        yield from set_units(plan, kind="case", first=pallet * per_pallet, count=per_pallet)


def unit_blocks(plan: SetPlan, positions: BitMap, stem: str) -> Iterator[bytes]:
    """Yield `units.csv`: each pallet and case, with the sequences of its first and last code."""
    yield _UNIT_HEADING
    width = len(str(len(positions)))
    for unit in filled_units(plan, positions):
        first, end = unit.span
        low = positions.rank(first) - (first in positions) + 1
        high = positions.rank(end - 1)
        cells = (unit.kind, unit.sscc, stem + unit.sscc, f"{low:0{width}}", f"{high:0{width}}")
        yield ",".join(cells).encode() + _END


def unit_size(plan: SetPlan, positions: BitMap, stem: str) -> int:
    """Return how many bytes `units.csv` has."""
    width = len(str(len(positions)))
    rest = 2 * _SSCC_LENGTH + len(stem.encode()) + 2 * width + 4 + len(_END)
    total = len(_UNIT_HEADING)
    for case in range(plan.cases):
        total += (rest + 4) * bool(within(positions, *span_of_cases(plan, range(case, case + 1))))
    for unit in set_units(plan, kind="pallet", count=plan.pallets):
        total += (rest + 6) * bool(within(positions, *unit.span))
    return total
