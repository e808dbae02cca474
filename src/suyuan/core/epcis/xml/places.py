"""Where in an XML source a place of the JSON form is.

Owns: the way from a JSON pointer to an element.
Does not own: reading (xml.read), which has refused what is no EPCIS XML before anyone asks here.
Invariant: no entity is expanded: a declaration of one ends the search.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat  # lxml tells no columns

from suyuan.core.epcis.xml import names

type At = tuple[int, int]

_WRAPPERS: Final = frozenset({"extension", "baseExtension"})
_EVENTS: Final = frozenset(names.EVENTS | {names.QUANTITY_EVENT})


class _FoundError(Exception):
    """All that was asked for is found, or nothing more may be read."""


@dataclass(slots=True)
class _Element:
    """An element of an event that was asked for."""

    name: str
    at: At
    children: list[_Element] = field(default_factory=list)

    def named(self, token: str) -> list[_Element]:
        """Return the children of a name, through the wrappers of EPCIS 1."""
        found = []
        for child in self.children:
            if token in (child.name, _local(child.name)):
                found.append(child)
            elif _local(child.name) in _WRAPPERS:
                found += child.named(token)
        return found


def find_in_xml(body: bytes, places: Collection[str]) -> dict[str, At]:
    """Return (line, column), from 1, of places; of what is not in an event, the document's own."""
    wanted = {place: _parts(place) for place in places}
    search = _Search({position for position, _ in wanted.values() if position >= 0})
    search.read(body)
    found: dict[str, At] = {}
    for place, (position, tokens) in wanted.items():
        event = search.events.get(position)
        at = search.root if event is None else _descend(event, tokens).at
        if at is not None:
            found[place] = at
    return found


def _parts(place: str) -> tuple[int, list[str]]:
    """Split a pointer into the event's position (-1: none) and the way within it."""
    _, mark, rest = place.partition("/eventList/")
    number, *tokens = rest.split("/")
    if not mark or not number.isdecimal():
        return -1, []
    return int(number), tokens


def _descend(event: _Element, tokens: list[str]) -> _Element:
    """Follow the way as far as there are elements; attributes and text end it."""
    here, alike = event, [event]
    for token in tokens:
        if token.isdecimal():
            # The members of a list are its children, or the elements of its own name.
            found = here.children if len(alike) == 1 and here.children else alike
            found = found[int(token) : int(token) + 1]
        else:
            found = here.named(token)
        if not found:
            break
        here, alike = found[0], found
    return here


class _Search:
    """Reads a document and keeps the trees of the events that were asked for."""

    def __init__(self, wanted: Collection[int]) -> None:
        self.root: At | None = None
        self.events: dict[int, _Element] = {}
        self._wanted: Mapping[int, bool] = dict.fromkeys(wanted, True)
        self._way: list[str] = []
        self._open: list[_Element] = []  # within an event that was asked for
        self._next = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._stop

    def read(self, body: bytes) -> None:
        try:
            self._parser.Parse(body, True)
        except (_FoundError, expat.ExpatError, ValueError, LookupError):
            return  # what was found before stays right

    def _stop(self, *_: object) -> None:
        raise _FoundError

    def _start(self, name: str, _attributes: object) -> None:
        at = (self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        if self.root is None:
            self.root = at
        if self._open:
            element = _Element(name, at)
            self._open[-1].children.append(element)
            self._open.append(element)
        elif _local(name) in _EVENTS and self._in_event_list():
            if self._next in self._wanted:
                self._open.append(_Element(name, at))
                self.events[self._next] = self._open[0]
            self._next += 1
        self._way.append(_local(name))

    def _end(self, _name: str) -> None:
        self._way.pop()
        if self._open:
            self._open.pop()
            if not self._open and len(self.events) == len(self._wanted):
                raise _FoundError

    def _in_event_list(self) -> bool:
        above = [name for name in self._way if name != "extension"]
        return bool(above) and above[-1] == "EventList"


def _local(name: str) -> str:
    return name.rpartition(":")[2]
