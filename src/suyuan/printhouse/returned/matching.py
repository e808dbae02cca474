"""Match a returned list's lines with the package's codes.

Owns: which lines fit, which do not and why; what the list would say of the package.
Invariant: a code of which two lines say different things is neither used nor spoiled by the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyroaring import BitMap

from suyuan.core.codespace import SERIAL_LENGTH, normalise
from suyuan.core.identifiers import IdentifierError, Scheme, parse_identity
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.kernel.errors import NotFound
from suyuan.printhouse import selectors
from suyuan.printhouse.models import Package
from suyuan.printhouse.returned.findings import MOST_NAMED, Finding
from suyuan.printhouse.returned.lines import CodeLine, CountLine, Line, RollLine, SpanLine, Status

_AT_ONCE: Final = 16_384  # codes that are decrypted together
_TRACED: Final = 200  # foreign codes whose order or package is looked up
_GIVEN: Final = 60
_SHORT: Final = 64  # codes of a line that are remembered one by one
_ACTIVE_NAMED: Final = 1_000


@dataclass(slots=True)
class Matched:
    """What a list says of a package, and the lines that do not fit."""

    used: BitMap = field(default_factory=BitMap)
    spoiled: BitMap = field(default_factory=BitMap)
    used_unnamed: int = 0
    spoiled_unnamed: int = 0
    counted_rolls: list[int] = field(default_factory=list)
    lines: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def fault(self, line: int, code: str, given: str = "", **data: Any) -> None:
        """Name a line that does not fit; beyond some thousands, only count it."""
        self.faults[code] += 1
        if len(self.findings) < MOST_NAMED:
            self.findings.append(Finding(line, code, given[:_GIVEN], data))


def match(package: Package, said: Iterable[Line | Finding]) -> Matched:
    """Return what a list says of a package's codes."""
    matching = _Matching(package)
    codes: list[CodeLine] = []
    counts: list[CountLine] = []
    for one in said:
        matching.found.lines += 1
        match one:
            case Finding():
                matching.found.fault(one.line, one.code, one.given, **one.data)
            case CodeLine():
                codes.append(one)
                if len(codes) == _AT_ONCE:
                    matching.codes(codes)
                    codes = []
            case SpanLine():
                matching.span(one)
            case RollLine():
                matching.roll(one)
            case CountLine():
                counts.append(one)
    matching.codes(codes)
    # Counts come last: they are compared with what the list names of the same rolls.
    for line in counts:
        matching.count(line)
    matching.against_the_record()
    matching.found.findings.sort(key=lambda finding: finding.line)
    return matching.found


class _Matching:
    """The state of matching one list."""

    def __init__(self, package: Package) -> None:
        self.found = Matched()
        self._package = package
        self._order = package.order
        self._held = positions.read(package.positions)
        self._before = {
            "used": positions.read(package.used),
            "spoiled": positions.read(package.spoiled),
        }
        self._refused = BitMap()  # codes of which two lines say different things
        self._single: dict[int, int] = {}  # position → the line that named it
        self._spans: list[tuple[int, BitMap]] = []
        self._traced = 0
        self._counted = {
            roll
            for returned in selectors.returns(package)
            if returned.applied_at is not None
            for roll in returned.counted_rolls
        }

    # ------------------------------------------------------------ codes

    def codes(self, lines: Sequence[CodeLine]) -> None:
        """Take lines that name one code each."""
        if not lines:
            return
        read = [_serial(line.text) for line in lines]
        serials = [serial for _gtin, serial in read]
        places = issuing.positions_of(self._order, serials).tolist()
        for line, (gtin, serial), place in zip(lines, read, places, strict=True):
            if gtin and gtin != self._order.product.gtin:
                self.found.fault(line.line, "code_other_product", line.text, gtin=gtin)
            elif place < 0:
                self._foreign(line, serial)
            elif place not in self._held:
                self._elsewhere(line, place)
            else:
                self._one(line, place)

    def _foreign(self, line: CodeLine, serial: str) -> None:
        """Name a code that is not the order's: another order's, or nobody's."""
        order = None
        if self._traced < _TRACED:
            self._traced += 1
            order = issuing.issued_order(
                organisation_id=self._order.organisation_id,
                gtin=self._order.product.gtin,
                serial=serial,
            )
        if order is None:
            self.found.fault(line.line, "code_unknown", line.text)
        else:
            self.found.fault(line.line, "code_other_order", line.text, order=order.number)

    def _elsewhere(self, line: CodeLine, place: int) -> None:
        """Name a code of the order that is not in the package."""
        reference = ""
        if self._traced < _TRACED:
            self._traced += 1
            rows = issuing.allotments_at(self._order, place)
            reference = rows[-1].reference if rows else ""
        self.found.fault(line.line, "code_other_package", line.text, reference=reference)

    def _one(self, line: CodeLine, place: int) -> None:
        own, other = self._sets(line.status)
        if place in self._refused or place in other:
            self._contradict(line.line, line.text, BitMap([place]))
        elif place in own:
            self.found.fault(line.line, "line_twice", line.text, first=self._first_line(place))
        elif self._roll_of(place) in self._counted:
            self.found.fault(line.line, "returned_before", line.text)
        else:
            own.add(place)
            self._single[place] = line.line

    # ------------------------------------------------------------ sequences and rolls

    def span(self, line: SpanLine) -> None:
        """Take a line that names sequences."""
        if not 1 <= line.first <= line.last <= self._package.lines:
            given = f"{line.first}–{line.last}"
            self.found.fault(line.line, "sequence_range", given, lines=self._package.lines)
            return
        codes = self._codes_between(line.first, line.last)
        self._many(line.line, f"{line.first}–{line.last}", codes, line.status)

    def roll(self, line: RollLine) -> None:
        """Take a line that names a roll."""
        codes = self._codes_of_roll(line.line, line.roll)
        if codes:
            self._many(line.line, str(line.roll), codes, line.status)

    def _codes_of_roll(self, line: int, roll: int) -> BitMap:
        """Return a roll's codes; a finding and none for a roll that is not the package's."""
        try:
            span = selectors.span_of_roll(self._package, roll)
        except NotFound:
            first, last = self._package.first_roll, self._package.last_roll
            self.found.fault(line, "roll_unknown", str(roll), first=first, last=last)
            return BitMap()
        if roll in self._counted:
            self.found.fault(line, "returned_before", str(roll))
            return BitMap()
        return self._codes_between(*span)

    def _codes_between(self, first: int, last: int) -> BitMap:
        """Return the codes of sequences, as `selectors.codes_of`, from what is read already."""
        low, high = self._held[first - 1], self._held[last - 1]
        codes = positions.of_ranges([(low, high + 1)])
        return codes if high - low == last - first else codes & self._held

    def _many(self, line: int, given: str, codes: BitMap, status: Status) -> None:
        own, other = self._sets(status)
        clash = codes & other
        clash |= codes & self._refused
        if clash:
            self._contradict(line, given, clash)
        twice = codes & own
        if twice:
            first = self._first_line(twice.min())
            self.found.fault(line, "line_twice", given, first=first, count=len(twice))
        fresh = codes - own - self._refused
        own |= fresh
        if len(fresh) <= _SHORT:
            self._single.update(dict.fromkeys(fresh, line))
        else:
            self._spans.append((line, fresh))

    def _contradict(self, line: int, given: str, codes: BitMap) -> None:
        """Take back what the list said of codes, and name both lines."""
        first = self._first_line(codes.min())
        self.found.fault(line, "line_contradicts", given, first=first, count=len(codes))
        self._refused |= codes
        self.found.used -= codes
        self.found.spoiled -= codes

    def _first_line(self, place: int) -> int:
        """Return the line that named a code first; 0 when none is known any more."""
        if place in self._single:
            return self._single[place]
        return next((line for line, codes in self._spans if place in codes), 0)

    def _sets(self, status: Status) -> tuple[BitMap, BitMap]:
        found = self.found
        return (found.used, found.spoiled) if status == "used" else (found.spoiled, found.used)

    def _roll_of(self, place: int) -> int:
        ordinal = self._held.rank(place) - 1
        return int(self._package.first_roll + ordinal // self._package.roll_size)

    # ------------------------------------------------------------ counts

    def count(self, line: CountLine) -> None:
        """Take a line that counts a roll's codes; what follows from it is named."""
        codes = self._codes_of_roll(line.line, line.roll)
        if not codes:
            return
        used = codes & (self.found.used | self._before["used"])
        spoiled = codes & (self.found.spoiled | self._before["spoiled"])
        more_used, more_spoiled = line.used - len(used), line.spoiled - len(spoiled)
        if line.roll in self.found.counted_rolls:
            self.found.fault(line.line, "line_twice", str(line.roll), first=0)
            return
        if more_used < 0 or more_spoiled < 0 or line.used + line.spoiled > len(codes):
            self.found.fault(
                line.line,
                "roll_counts",
                str(line.roll),
                used=line.used,
                spoiled=line.spoiled,
                named_used=len(used),
                named_spoiled=len(spoiled),
                codes=len(codes),
            )
            return
        rest = codes - used - spoiled - self._refused
        whole = more_used + more_spoiled == len(rest)
        if whole and not more_spoiled:
            self.found.used |= rest
        elif whole and not more_used:
            self.found.spoiled |= rest
        elif more_used or more_spoiled:
            self.found.used_unnamed += more_used
            self.found.spoiled_unnamed += more_spoiled
            self.found.counted_rolls.append(line.roll)

    # ------------------------------------------------------------ the record

    def against_the_record(self) -> None:
        """Take out what earlier lists, withdrawals and activations say otherwise."""
        found = self.found
        self._drop(found.used & self._before["used"], "used", "returned_before")
        self._drop(found.spoiled & self._before["spoiled"], "spoiled", "returned_before")
        self._drop(found.used & self._before["spoiled"], "used", "returned_otherwise")
        self._drop(found.spoiled & self._before["used"], "spoiled", "returned_otherwise")
        gone = issuing.withdrawn(self._order)
        self._drop(found.used & gone, "used", "code_withdrawn")
        fresh = found.spoiled - gone
        if fresh:
            self._drop(issuing.active_among(self._order, fresh), "spoiled", "code_active")

    def _drop(self, codes: BitMap, status: Status, fault: str) -> None:
        if not codes:
            return
        own, _other = self._sets(status)
        own -= codes
        for place in codes[:_ACTIVE_NAMED]:
            serial = issuing.serials(self._order, first=place)[0]
            self.found.fault(self._first_line(place), fault, serial)
        self.found.faults[fault] += max(0, len(codes) - _ACTIVE_NAMED)


def _serial(text: str) -> tuple[str, str]:
    """Return the GTIN, where the text names one, and the serial that a text means."""
    if len(text) == SERIAL_LENGTH:  # what nearly all of them are
        return "", normalise(text)
    try:
        identity = parse_identity(text)
    except IdentifierError:
        return "", normalise(text)[: SERIAL_LENGTH + 1]
    if identity.scheme is not Scheme.SGTIN:
        return "", ""  # a case or a place is none of the package's codes
    return identity.primary, normalise(identity.secondary)
