"""Where in a source a fault is: from a JSON pointer to line and column.

Owns: line and column of places in JSON and XML, the lines around them, what is wrong with JSON
that cannot be parsed, and what a body looks like.
Does not own: faults (read), the walk through XML (xml.places).

Places are pointers into the JSON form. What is missing has no place of its own: then it is the
nearest thing around it.
"""

from __future__ import annotations

import contextlib
import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from suyuan.core.epcis.read import Media
from suyuan.core.epcis.xml.places import find_in_xml

type Kind = Literal["json", "xml", "zip", "text", "empty"]
type _Tree = dict[str, "_Tree"]

AROUND: Final = 1  # lines shown before and after
WIDEST: Final = 160  # characters of a line that are shown
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_BYTE: Final = re.compile(r"\(byte (\d+)\)")
_scan: Final = json.JSONDecoder(strict=False).raw_decode


class Spot(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


class Excerpt(NamedTuple):
    """Lines of a source: the number of the first, and which of them is meant."""

    first: int
    lines: tuple[str, ...]
    meant: int


def kind_of(body: bytes) -> Kind:
    """Say what a body looks like; "text" is what is neither JSON nor XML."""
    start = body[:4096]
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # .xlsx and .xls, among others
        return "zip"
    for bom in _BOMS:
        start = start.removeprefix(bom)
    start = start.replace(b"\0", b"").lstrip()
    if not start:
        return "empty"
    return "xml" if start[:1] == b"<" else "json" if start[:1] in b"{[" else "text"


def find(body: bytes, media: Media, places: Collection[str]) -> dict[str, Spot]:
    """Return line and column of places; those of which nothing is found are left out."""
    if media == "xml":
        return {place: Spot(*at) for place, at in find_in_xml(body, places).items()}
    return _Json(_decoded(body)).spots(places)


def excerpts(body: bytes, spots: Iterable[Spot]) -> dict[Spot, Excerpt]:
    """Return the lines around spots; long lines are cut to what lies about the column."""
    lines = _decoded(body).split("\n")
    return {spot: _excerpt(lines, spot) for spot in spots if spot.line <= len(lines)}


def _excerpt(lines: list[str], spot: Spot) -> Excerpt:
    first = max(1, spot.line - AROUND)
    shown = lines[first - 1 : spot.line + AROUND]
    start = max(0, spot.column - WIDEST // 2) if len(lines[spot.line - 1]) > WIDEST else 0
    return Excerpt(first, tuple(_cut(one, start) for one in shown), spot.line - first)


def _cut(line: str, start: int) -> str:
    line = line.rstrip("\r").expandtabs(2)
    part = line[start : start + WIDEST]
    before = "…" if start and part else ""
    return before + part + ("…" if len(line) > start + WIDEST else "")


class Syntax(NamedTuple):
    """Why a text is not JSON: a stable code, and where."""

    code: str
    spot: Spot


# How Python's own reader says it, and our code for it.
_REASONS: Final[tuple[tuple[str, str], ...]] = (
    ("Illegal trailing comma", "json_trailing_comma"),
    ("Expecting property name", "json_name_expected"),
    ("Expecting ',' delimiter", "json_comma_expected"),
    ("Expecting ':' delimiter", "json_colon_expected"),
    ("Unterminated string", "json_string_open"),
    ("Invalid control character", "json_control_character"),
    ("Invalid \\", "json_escape"),
    ("Extra data", "json_extra_data"),
    ("Expecting value", "json_value_expected"),
)


def json_syntax(body: bytes, detail: str) -> Syntax:
    """Say why a body is not JSON; `detail` is the fault's own, for what Python's reader takes."""
    text = _decoded(body)
    lines = _Lines(text)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            return Syntax("json_ends_early", lines.spot(max(0, len(text.rstrip()) - 1)))
        code = next((code for said, code in _REASONS if error.msg.startswith(said)), "")
        if code == "json_name_expected" and text[error.pos] in "'‘“”":
            code = "json_quotes"
        return Syntax(code or "json_malformed", lines.spot(error.pos))
    except RecursionError:
        return Syntax("json_depth", Spot(1, 1))
    found = _BYTE.search(detail)
    at = len(body[: int(found[1])].decode("utf-8", "replace")) if found else 0
    return Syntax("json_malformed", lines.spot(at))


def _decoded(body: bytes) -> str:
    return body.decode("utf-8-sig", "replace")


class _Lines:
    """Offsets of line ends, to tell line and column."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def spot(self, at: int) -> Spot:
        line = bisect_right(self._ends, at - 1)
        start = self._ends[line - 1] + 1 if line else 0
        return Spot(line + 1, at - start + 1)


class _Json:
    """Finds places in JSON that is well formed.

    What lies beside the way is skipped by the library's own scanner, so that a fault in the last
    of ten thousand events costs one parse.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def spots(self, places: Collection[str]) -> dict[str, Spot]:
        tree: _Tree = {}
        for place in places:
            branch = tree
            for token in _tokens(place):
                branch = branch.setdefault(token, {})
        found: dict[tuple[str, ...], int] = {}
        start = self._after_space(0)
        found[()] = start
        # What was found before something odd stays right.
        with contextlib.suppress(ValueError, IndexError, RecursionError):
            self._walk(start, (), tree, found)
        lines = _Lines(self._text)
        return {place: lines.spot(_nearest(found, tuple(_tokens(place)))) for place in places}

    def _walk(
        self, at: int, way: tuple[str, ...], tree: _Tree, found: dict[tuple[str, ...], int]
    ) -> None:
        """Note where the members of the value at `at` begin that `tree` names."""
        missing = set(tree)
        for token, start, value in self._members(at):
            if token in tree:
                found[(*way, token)] = start
                if tree[token]:
                    self._walk(value, (*way, token), tree[token], found)
                missing.discard(token)
                if not missing:
                    return

    def _members(self, at: int) -> Iterator[tuple[str, int, int]]:
        """Yield (name or index, where it begins, where its value begins)."""
        opening = self._text[at]
        if opening not in "{[":
            return
        at = self._after_space(at + 1)
        index = 0
        while self._text[at] not in "}]":
            start = value = at
            token = str(index)
            if opening == "{":
                token, end = _scan(self._text, at)
                value = self._after_space(self._after_space(end) + 1)
            yield token, start, value
            at = self._after_space(_scan(self._text, value)[1])
            if self._text[at] == ",":
                at = self._after_space(at + 1)
            index += 1

    def _after_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at


def _tokens(place: str) -> list[str]:
    """Return a pointer's parts (RFC 6901)."""
    parts = place.split("/")[1:]
    return [part.replace("~1", "/").replace("~0", "~") for part in parts]


def _nearest(found: Mapping[tuple[str, ...], Any], way: tuple[str, ...]) -> Any:
    while way not in found:
        way = way[:-1]
    return found[way]
