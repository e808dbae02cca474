"""Choose the code sets of a GS1-128, for printers that are told each.

Owns: when digits are worth pairing. Does not own: drawing bars (the printer, core.carriers).
Source: GS1 General Specifications §5.4.7.7 (shortest symbol).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from suyuan.core.identifiers import elements_of

FNC1: Final = "\x1d"
_FIXED: Final = frozenset({"00", "01", "17"})  # of the elements that labels bear
_WORTH_PAIRING: Final = re.compile(r"[0-9]{4,}")
_MODULES: Final = 11
_START_CHECK_STOP: Final = 11 + 11 + 13
_QUIET: Final = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch in one code set.

    Attributes:
        pairs: whether it is set C, two digits a character; else set B.
        text: what it says; character 29 is FNC1.
    """

    pairs: bool
    text: str


def pieces_of(elements: str) -> list[Piece]:
    """Return an element string (with brackets) in stretches; the first begins with FNC1."""
    return list(_pieces(raw(elements)))


def modules(pieces: list[Piece]) -> int:
    """Return the width of the symbol, quiet zones included."""
    characters = sum(
        piece.text.count(FNC1) + len(piece.text.replace(FNC1, "")) // (2 if piece.pairs else 1)
        for piece in pieces
    )
    switches = len(pieces) - 1
    return (characters + switches) * _MODULES + _START_CHECK_STOP + _QUIET


def raw(elements: str) -> str:
    """Return an element string as a symbol bears it, FNC1 in front and where needed."""
    pairs = list(elements_of(elements).items())
    text = FNC1
    for position, (ai, value) in enumerate(pairs):
        last = position == len(pairs) - 1
        text += f"{ai}{value}" + ("" if last or ai in _FIXED else FNC1)
    return text


def _pieces(text: str) -> Iterator[Piece]:
    lead, rest = text[0], text[1:]
    position = 0
    for found in _WORTH_PAIRING.finditer(rest):
        start, end = found.span()
        end -= (end - start) % 2
        if start > position:
            yield Piece(pairs=False, text=lead + rest[position:start])
            lead = ""
        yield Piece(pairs=True, text=lead + rest[start:end])
        lead, position = "", end
    if lead or position < len(rest):
        yield Piece(pairs=False, text=lead + rest[position:])
