"""Read GS1 element strings: bracketed for people, raw as a scanner sends them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from suyuan.core.identifiers.charset import valid_value
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.schemes import RULES_OF_AI
from suyuan.core.identifiers.values import identity_of

GS: Final = "\x1d"  # what a scanner sends for FNC1 between elements
SYMBOLOGIES: Final = ("]d2", "]C1", "]Q3", "]e0")  # GS1 DataMatrix, -128, QR, DataBar
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)((?:[^(\\]|\\\()+)")
_LONGEST_VALUE: Final = 90

# Elements that need no separator, by their first two digits: digits of AI and value together
# (GenSpecs, figure 7.8.5-2).
_FIXED: Final[Mapping[str, int]] = MappingProxyType(
    {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16}
    | {f"{first:02}": 8 for first in range(11, 20)}
    | {f"{first:02}": 10 for first in range(31, 37)}
)
# Digits of an AI, by its first two.
_AI_DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    {f"{first:02}": 2 for first in (*range(5), *range(10, 23), 30, 37, *range(90, 100))}
    | dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3)
    | {f"{first:02}": 4 for first in (*range(31, 37), 39, 43, 70, 72, *range(80, 83))}
)


def looks_like_elements(text: str) -> bool:
    """Tell whether ``text`` can only be an element string: no URI begins like this."""
    return text[:1] in {"(", "]", GS} or text[:1].isdigit()


def parse_elements(text: str) -> Identity:
    """Read an element string, bracketed or raw, with or without a symbology prefix.

    Elements that identify nothing (dates, weights, ...) are left out. Where several keys stand
    together the logistic unit goes before the trade item, and so on down the table of rules.

    Raises:
        IdentifierError: ``element_malformed``, ``element_unknown_ai``, ``element_no_key``, or what
            is wrong with a part.
    """
    values = elements_of(text)
    for ai in RULES_OF_AI:
        if ai in values:
            return identity_of(values, ai)
    raise IdentifierError("element_no_key", {"given": text})


def elements_of(text: str) -> dict[str, str]:
    """Return the value of each AI of an element string, in its order, those that name nothing too.

    Raises:
        IdentifierError: ``element_malformed``, ``element_unknown_ai`` or ``element_symbology``.
    """
    return _collect(_bracketed(text) if text.startswith("(") else _raw(_unprefixed(text)))


def write_elements(elements: Mapping[str, str]) -> str:
    r"""Return the text with brackets; one inside a value is written ``\(``, to be read back."""
    return "".join(f"({ai}){value.replace('(', r'\(')}" for ai, value in elements.items())


def _collect(elements: Iterable[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for ai, value in elements:
        if not valid_value(value.replace("#", "-"), _LONGEST_VALUE):  # 8010 may have a number sign
            raise IdentifierError("element_malformed", {"ai": ai, "given": value})
        if values.setdefault(ai, value) != value:
            raise IdentifierError("element_malformed", {"ai": ai, "given": value})
    return values


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        found = _BRACKETED.match(text, position)
        if found is None:
            raise IdentifierError("element_malformed", {"given": text[position:]})
        yield found[1], found[2].replace(r"\(", "(")
        position = found.end()


def _unprefixed(text: str) -> str:
    if text.startswith("]"):
        if not text.startswith(SYMBOLOGIES):
            raise IdentifierError("element_symbology", {"given": text})
        text = text[3:]
    return text.removeprefix(GS)


def _raw(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        first = text[position : position + 2]
        digits = _AI_DIGITS.get(first)
        if digits is None:
            raise IdentifierError("element_unknown_ai", {"given": text[position:]})
        end = _end(text, position, first)
        yield text[position : position + digits], text[position + digits : end]
        # A separator after an element of fixed length is superfluous but allowed.
        position = end + text.startswith(GS, end)


def _end(text: str, position: int, first: str) -> int:
    separator = text.find(GS, position)
    end = len(text) if separator < 0 else separator
    if first not in _FIXED:
        return end
    fixed = position + _FIXED[first]
    if end < fixed:
        raise IdentifierError("element_malformed", {"given": text[position:end]})
    return fixed
