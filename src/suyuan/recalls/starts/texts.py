"""What people say that a recall begins with, in one canonical text for each.

Owns: `Said`, the table of kinds with their fields, their text and their JSON form.
Does not own: what is found by them (the modules beside this one).

A code stands for itself. Every other kind is its name, a question mark and its fields, as in an
address: `stayed?place=WH-1&since=2026-03-01T00:00:00Z&until=2026-03-02T15:59:59Z`. The same said in
another order or another zone has the same text, so that a case can freeze it, and an address or a
command can carry it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from django.utils import timezone

from suyuan.kernel.errors import Invalid

MOST_VALUES: Final = 100  # of one field
LONGEST: Final = 8_000
_LONGEST_VALUE: Final = 300
_FORM: Final = re.compile(r"([a-z]+)\?([a-z_]+=.*)", re.DOTALL)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE_DAY: Final = timedelta(days=1) - timedelta(microseconds=1)
_FIRST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_LAST: Final = datetime(2999, 12, 31, tzinfo=UTC)

type Read = Callable[[str, str], str]


def _malformed(place: str, given: str) -> Invalid:
    return Invalid("start_value", place=place, given=given[:80])


def _word(text: str, place: str) -> str:
    if len(text) > _LONGEST_VALUE or not text.isprintable():
        raise _malformed(place, text)
    return text


def _day(text: str, place: str) -> str:
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not _FIRST.date() <= found <= _LAST.date():
        raise _malformed(place, text)
    return found.isoformat()


def _moment(text: str, place: str, *, end: bool) -> datetime:
    """Read an instant; one without a zone is the display's, a day is its beginning or its end."""
    zone = timezone.get_default_timezone()
    try:
        if _DAY.fullmatch(text):
            found = datetime.combine(date.fromisoformat(text), time(), zone)
            found = found + _WHOLE_DAY if end else found
        else:
            found = datetime.fromisoformat(text)
            found = found if found.tzinfo else found.replace(tzinfo=zone)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _malformed(place, text) from error
    if not _FIRST <= found <= _LAST:
        raise _malformed(place, text)
    return found


def _since(text: str, place: str) -> str:
    return _moment(text, place, end=False).isoformat().replace("+00:00", "Z")


def _until(text: str, place: str) -> str:
    return _moment(text, place, end=True).isoformat().replace("+00:00", "Z")


def _number(text: str, place: str) -> str:
    try:
        found = float(text)
    except ValueError as error:
        raise _malformed(place, text) from error
    if not math.isfinite(found) or len(text) > 40:
        raise _malformed(place, text)
    return f"{found:g}" if float(f"{found:g}") == found else repr(found)


def _flag(text: str, place: str) -> str:
    if text.lower() in {"1", "true", "yes", "on"}:
        return "1"
    if text.lower() in {"", "0", "false", "no", "off"}:
        return ""
    raise _malformed(place, text)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a kind of start says."""

    name: str
    read: Read = _word
    required: bool = False
    many: bool = False


_DAYS: Final = (Field("since", _day, required=True), Field("until", _day, required=True))
_INSTANTS: Final = (Field("since", _since, required=True), Field("until", _until, required=True))

KINDS: Final[Mapping[str, tuple[Field, ...]]] = {
    # Material lots that a supplier delivered.
    "supply": (Field("supplier", required=True), Field("material"), *_DAYS),
    # Product lots by where, by whom and when they were made.
    "made": (Field("line"), Field("team"), Field("product"), Field("location"), *_DAYS),
    # Whatever was worked on at places.
    "handled": (
        Field("place", required=True, many=True),
        Field("step", many=True),
        *_INSTANTS,
    ),
    # Whatever was at places.
    "stayed": (Field("place", required=True, many=True), *_INSTANTS),
    # Whatever sensors told of beyond a limit.
    "measured": (
        Field("type", required=True),
        Field("above", _number),
        Field("below", _number),
        Field("unit"),
        Field("device", many=True),
        Field("place", many=True),
        Field("whole", _flag),  # all that was there, not only the goods that a reading names
        *_INSTANTS,
    ),
    # What people complained of.
    "complaints": (
        Field("number", required=True, many=True),
        Field("lots", _flag),  # the whole lots, not only the goods themselves
    ),
    # What certain events were about.
    "events": (Field("id", required=True, many=True),),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One start as it was said; `fields` hold what `KINDS` allows, clean and in its order."""

    kind: str
    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """Return the value of a field, "" if it is not given."""
        return next(iter(self.fields.get(name, ())), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a field."""
        return self.fields.get(name, ())

    @property
    def text(self) -> str:
        """Its canonical text."""
        pairs = [(name, value) for name, some in self.fields.items() for value in some]
        return f"{self.kind}?{urlencode(pairs, safe=':/')}"

    @property
    def since(self) -> datetime:
        """The first instant; of a day, its beginning in the display's zone."""
        return _moment(self.one("since"), "since", end=False)

    @property
    def until(self) -> datetime:
        """The last instant, included."""
        return _moment(self.one("until"), "until", end=True)


def is_said(text: str) -> bool:
    """Tell whether a text is a start of another kind than a code, right or wrong."""
    found = _FORM.fullmatch(text.strip())
    return found is not None and found[1] in KINDS


def read_said(text: str, place: str = "") -> Said | None:
    """Read a start in its text form; None for a code.

    Raises:
        Invalid: see `said_of`.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or found[1] not in KINDS:
        return None
    if len(text) > LONGEST:
        raise Invalid("start_too_long", place=place, limit=LONGEST)
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(found[2], keep_blank_values=True, max_num_fields=None):
        values.setdefault(name, []).append(value)
    return said_of(found[1], values, place)


def said_of(kind: str, values: Mapping[str, object], place: str = "") -> Said:
    """Return a start by its kind and its fields, texts or lists of texts.

    Raises:
        Invalid: `start_kind`, `start_field` (an unknown one), `start_field_required`,
            `start_field_many`, `start_value`, `period_empty`, with the field's place.
    """
    if kind not in KINDS:
        raise Invalid("start_kind", place=place, given=kind[:40])
    known = {one.name: one for one in KINDS[kind]}
    for name in values:
        if name not in known:
            raise Invalid("start_field", place=f"{place}/{str(name)[:40]}", given=str(name)[:40])
    fields = {
        name: some for name, one in known.items() if (some := _values(one, values.get(name), place))
    }
    said = Said(kind, fields)
    if "since" in known and said.since > said.until:
        raise Invalid("period_empty", place=f"{place}/until")
    return said


def _values(field: Field, given: object, place: str) -> tuple[str, ...]:
    here = f"{place}/{field.name}"
    some = _texts(given, here)
    if not some:
        if field.required:
            raise Invalid("start_field_required", place=here, field=field.name)
        return ()
    if len(some) > (MOST_VALUES if field.many else 1):
        raise Invalid("start_field_many", place=here, field=field.name, limit=MOST_VALUES)
    read = dict.fromkeys(field.read(text, here) for text in some)
    return tuple(value for value in read if value)


def _texts(given: object, place: str) -> list[str]:
    if given is None:
        return []
    some = given if isinstance(given, list | tuple) else [given]
    texts = [_plain(one, place) for one in some]
    return [text for text in texts if text]


def _plain(one: object, place: str) -> str:
    if isinstance(one, bool):
        return "1" if one else ""
    if isinstance(one, str | int | float | date):
        text = one.isoformat() if isinstance(one, date) else str(one)
        return " ".join(text.split())
    raise _malformed(place, str(one))


def said_in(given: Mapping[str, Any], place: str = "") -> Said:
    """Read a start in its JSON form: its fields, and `kind`. Raises as `said_of`."""
    return said_of(
        str(given.get("kind", "")), {k: v for k, v in given.items() if k != "kind"}, place
    )
