"""What a value of each kind of field may be.

Owns: the checks of texts, codes, numbers and days, and their plain text forms.
Does not own: which field has which rule (`fields`); words for people.

A rule has three verbs. `check` takes a typed value and returns it clean; `read` takes the text of
a form or a spreadsheet's cell; `write` gives the text that `read` turns back into the same value.
All faults are `Invalid` with a stable code and the field's name as place.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from suyuan.core.identifiers import Gln, IdentifierError, valid_serial
from suyuan.kernel.errors import Invalid

# Explicit directions can make a name read as another one; joiners, which scripts need, stay.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_LINE_SIGNS = frozenset("\n\t")
_UNSEEN = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DAY = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
_YES = frozenset({"1", "true", "yes", "y", "是"})
_NO = frozenset({"0", "false", "no", "n", "否"})
_FIRST_YEAR, _LAST_YEAR = 1950, 2199


class Rule(Protocol):
    """One kind of field."""

    @property
    def empty(self) -> Any:
        """The value of an empty cell; None with `required` means that there is none."""

    @property
    def required(self) -> bool:
        """Whether an empty value is refused."""

    def check(self, value: Any, place: str) -> Any:
        """Return the typed value clean, or raise `Invalid`."""

    def read(self, text: str, place: str) -> Any:
        """Return the typed value behind a text, or raise `Invalid`."""

    def write(self, value: Any) -> str:
        """Return the text that `read` reads back."""


def clean(text: str, place: str, *, lines: bool = False) -> str:
    """Return `text` in normal form C, trimmed.

    Raises:
        Invalid: `text_control_character` for control characters (a line's end is allowed with
            `lines`), lone surrogates, unassigned code points and explicit directions.
    """
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # A printable text has none of them; the walk finds which one it is.
    for sign in "" if text.isprintable() else text:
        if sign in _DIRECTIONS or (
            unicodedata.category(sign) in _UNSEEN and not (lines and sign in _LINE_SIGNS)
        ):
            raise Invalid("text_control_character", place=place, character=f"U+{ord(sign):04X}")
    return unicodedata.normalize("NFC", text).strip()


def _typed(value: object, kind: type | tuple[type, ...], place: str) -> None:
    if not isinstance(value, kind):
        raise Invalid("wrong_type", place=place)


def _needed(value: object, place: str) -> None:
    if value is None or value == "":
        raise Invalid("required", place=place)


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people, of at most `longest` characters."""

    longest: int
    required: bool = False
    lines: bool = False
    empty: str = ""

    def check(self, value: Any, place: str) -> str:
        """See `Rule`; also `too_long`."""
        _typed(value, str, place)
        text = clean(value, place, lines=self.lines)
        if self.required:
            _needed(text, place)
        if len(text) > self.longest:
            raise Invalid("too_long", place=place, longest=self.longest, length=len(text))
        return text

    def read(self, text: str, place: str) -> str:
        """See `Rule`."""
        return self.check(text, place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Code:
    """A short name for machines: letters, digits, dot, hyphen, underscore."""

    longest: int = 40
    required: bool = True
    empty: str = ""

    def check(self, value: Any, place: str) -> str:
        """See `Rule`; also `code_charset`, `too_long`."""
        _typed(value, str, place)
        text = str(value).strip()
        if not text and not self.required:
            return ""
        _needed(text, place)
        if len(text) > self.longest:
            raise Invalid("too_long", place=place, longest=self.longest, length=len(text))
        if _CODE.fullmatch(text) is None:
            raise Invalid("code_charset", place=place, given=text)
        return text

    def read(self, text: str, place: str) -> str:
        """See `Rule`."""
        return self.check(text, place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return str(value)


@dataclass(frozen=True, slots=True)
class LotCode:
    """A lot's code as GS1 allows it (AI 10): 1 to 20 of 82 characters."""

    required: bool = True
    empty: str = ""

    def check(self, value: Any, place: str) -> str:
        """See `Rule`; also `lot_code`."""
        _typed(value, str, place)
        text = str(value).strip()
        _needed(text, place)
        # A path segment of dots only would be taken for a folder by every browser.
        if not valid_serial(text) or not text.strip("./"):
            raise Invalid("lot_code", place=place, given=text[:40])
        return text

    def read(self, text: str, place: str) -> str:
        """See `Rule`."""
        return self.check(text, place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return str(value)


@dataclass(frozen=True, slots=True)
class GlnText:
    """A GLN or nothing."""

    required: bool = False
    empty: str = ""

    def check(self, value: Any, place: str) -> str:
        """See `Rule`; also the codes of `Gln.parse`."""
        _typed(value, str, place)
        text = str(value).strip()
        if not text:
            return ""
        try:
            return Gln.parse(text).value
        except IdentifierError as error:
            raise Invalid(error.code, place=place, **error.data) from error

    def read(self, text: str, place: str) -> str:
        """See `Rule`."""
        return self.check(text, place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a table's codes."""

    options: Collection[str]
    required: bool = True
    empty: str = ""

    def check(self, value: Any, place: str) -> str:
        """See `Rule`; also `not_an_option`."""
        _typed(value, str, place)
        text = str(value).strip()
        if not text and not self.required:
            return ""
        _needed(text, place)
        if text not in self.options:
            raise Invalid("not_an_option", place=place, given=text[:40])
        return text

    def read(self, text: str, place: str) -> str:
        """See `Rule`; an empty text stands for `empty`."""
        return self.check(text.strip() or self.empty, place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no; an empty cell means `empty`."""

    empty: bool
    required: bool = False

    def check(self, value: Any, place: str) -> bool:
        """See `Rule`."""
        _typed(value, bool, place)
        return bool(value)

    def read(self, text: str, place: str) -> bool:
        """See `Rule`; also `not_yes_or_no`."""
        word = text.strip().lower()
        if not word:
            return self.empty
        if word not in _YES | _NO:
            raise Invalid("not_yes_or_no", place=place, given=text[:40])
        return word in _YES

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return "1" if value else "0"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two bounds, or nothing."""

    low: int
    high: int
    required: bool = False
    empty: None = None

    def check(self, value: Any, place: str) -> int | None:
        """See `Rule`; also `out_of_range`."""
        if value is None:
            return None
        _typed(value, int, place)
        if not self.low <= value <= self.high:
            raise Invalid("out_of_range", place=place, low=self.low, high=self.high)
        return int(value)

    def read(self, text: str, place: str) -> int | None:
        """See `Rule`; also `not_a_number`."""
        if not (plain := text.strip()):
            return None
        if _WHOLE.fullmatch(plain) is None:
            raise Invalid("not_a_number", place=place, given=text[:40])
        return self.check(int(plain), place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Degrees:
    """A coordinate in degrees, kept to a millionth (0.1 m), or nothing."""

    limit: float
    required: bool = False
    empty: None = None

    def check(self, value: Any, place: str) -> float | None:
        """See `Rule`; also `out_of_range`."""
        if value is None:
            return None
        _typed(value, (int, float), place)
        if not math.isfinite(value) or abs(value) > self.limit:
            raise Invalid("out_of_range", place=place, low=-self.limit, high=self.limit)
        return round(float(value), 6)

    def read(self, text: str, place: str) -> float | None:
        """See `Rule`; also `not_a_number`."""
        if not text.strip():
            return None
        return self.check(float(_decimal(text, place)), place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return "" if value is None else format(Decimal(repr(value)).normalize(), "f")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with at most three decimals, or nothing."""

    high: Decimal = Decimal(10**12)
    required: bool = False
    empty: None = None

    def check(self, value: Any, place: str) -> Decimal | None:
        """See `Rule`; also `out_of_range`, `too_many_decimals`."""
        if value is None:
            return None
        _typed(value, (int, Decimal), place)
        amount = Decimal(value)
        if not amount.is_finite() or not 0 <= amount < self.high:
            raise Invalid("out_of_range", place=place, low=0, high=str(self.high))
        if amount != round(amount, 3):
            raise Invalid("too_many_decimals", place=place, most=3)
        return round(amount, 3)

    def read(self, text: str, place: str) -> Decimal | None:
        """See `Rule`; also `not_a_number`."""
        return self.check(_decimal(text, place), place) if text.strip() else None

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return "" if value is None else format(value.normalize(), "f")


def _decimal(text: str, place: str) -> Decimal:
    plain = text.strip()
    try:
        number = Decimal(plain) if len(plain) <= 40 and plain.isascii() else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 30:
        raise Invalid("not_a_number", place=place, given=text[:40])
    return number


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day without a time zone."""

    required: bool = False
    empty: None = None

    def check(self, value: Any, place: str) -> date | None:
        """See `Rule`; also `out_of_range`."""
        if self.required:
            _needed(value, place)
        if value is None:
            return None
        _typed(value, date, place)
        day = value.date() if isinstance(value, datetime) else value
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise Invalid("out_of_range", place=place, low=_FIRST_YEAR, high=_LAST_YEAR)
        return day

    def read(self, text: str, place: str) -> date | None:
        """Read `2026-11-22`, `2026/11/22`, `2026.11.22` or `2026年11月22日`; also `not_a_day`."""
        plain = text.strip().removesuffix("T00:00:00").removesuffix(" 00:00:00")
        if not plain:
            return self.check(None, place)
        found = _DAY.fullmatch(plain)
        try:
            day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise Invalid("not_a_day", place=place, given=text[:40])
        return self.check(day, place)

    def write(self, value: Any) -> str:
        """See `Rule`."""
        return "" if value is None else value.isoformat()
