"""Read EPCIS 2.0 JSON-LD into values that cannot be wrong.

Owns: what is accepted, and for everything refused a stable code and its place.
Does not own: shapes (shapes), standard words (vocabulary), identifier syntax (identifiers).

Sources: EPCIS 2.0 §7 (events), §10 (JSON-LD), CBV 2.0 §7 and §8.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec

from suyuan.core.epcis import shapes, vocabulary
from suyuan.core.epcis.errors import DocumentError, Fault, shown
from suyuan.core.epcis.event import (
    LIST_ROLES,
    QUANTITY_ROLES,
    Amount,
    Document,
    EpcList,
    Event,
    lot_number,
)
from suyuan.core.epcis.rules import RULES
from suyuan.core.epcis.vocabulary import Action, EventType, bare_word
from suyuan.core.epcis.xml.read import read_xml
from suyuan.core.identifiers import (
    IdentifierError,
    Identity,
    Scheme,
    parse_epc,
    parse_stem,
    split_alike,
    split_epc,
    valid_serial,
)
from suyuan.core.instants import microseconds

FUTURE_TOLERANCE_US: Final = 15 * 60 * 1_000_000  # clocks of devices differ by minutes
MOST_EPCS: Final = 1_000_000  # in one document
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)

_decoder: Final = msgspec.json.Decoder()
_cached_epc = lru_cache(16_384)(parse_epc)


def decode(body: bytes) -> Any:
    """Decode JSON.

    Raises:
        DocumentError: `json_malformed`, or `json_depth` for nesting that no event needs.
    """
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DocumentError([Fault("json_malformed", "", {"detail": shown(error)})]) from None
    except RecursionError:
        raise DocumentError([Fault("json_depth", "")]) from None


type Media = Literal["json", "xml"]


def read_document(body: bytes, *, now: int, media: Media = "json") -> Document:
    """Read an EPCISDocument or EPCISQueryDocument.

    Args:
        body: UTF-8 JSON, or XML of EPCIS 2.0 or 1.
        now: microseconds since 1970, for what lies in the future.
        media: which of the two. Places of faults are those of the JSON form in both.

    Raises:
        DocumentError: the document itself is not one; an event's faults are returned instead.
    """
    value, unreadable = read_xml(body) if media == "xml" else (decode(body), {})
    raw_events, place = _event_list(value)
    if not raw_events:
        raise DocumentError([Fault("no_events", place)])
    events: list[tuple[int, Event]] = []
    faults: list[Fault] = []
    epcs = 0
    for position, raw in enumerate(raw_events):
        event, found = _read_or_faults(raw, now)
        if found := [*unreadable.get(position, ()), *found]:
            faults.extend(Fault(f.code, f"{place}/{position}{f.place}", f.data) for f in found)
        if event is None or found:
            continue
        events.append((position, event))
        epcs += sum(len(some.others) + sum(map(len, some.stems.values())) for some in event.lists)
        if epcs > MOST_EPCS:
            raise DocumentError([Fault("too_many_epcs", place, {"most": str(MOST_EPCS)})])
    return Document(value.get("@context"), events, faults, len(raw_events))


def _read_or_faults(raw: Any, now: int) -> tuple[Event | None, Sequence[Fault]]:
    """Return an event, or why it is none."""
    try:
        return read_event(raw, now=now), ()
    except DocumentError as error:
        return None, error.faults


def read_event(raw: Any, *, now: int) -> Event:
    """Read one event.

    Raises:
        DocumentError: with every fault found; places are relative to the event.
    """
    try:
        shape = msgspec.convert(raw, shapes.AnyEvent)
    except msgspec.ValidationError as error:
        raise DocumentError([_shape_fault(raw, error)]) from None
    return _EventReader(raw, shape, now).event()


def _event_list(value: Any) -> tuple[list[Any], str]:
    """Find the list of events and its place."""
    if not isinstance(value, dict):
        raise DocumentError([Fault("not_a_document", "")])
    kind = value.get("type")
    if kind == "EPCISDocument":
        path: tuple[str, ...] = ("epcisBody", "eventList")
    elif kind == "EPCISQueryDocument":
        path = ("epcisBody", "queryResults", "resultsBody", "eventList")
    else:
        raise DocumentError([Fault("document_type", "/type", {"given": shown(kind)})])
    _check_header(value)
    place = ""
    found: Any = value
    for name in path:
        place += f"/{name}"
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise DocumentError([Fault("no_event_list", place)])
    return found, place


def _check_header(value: Mapping[str, Any]) -> None:
    """Check version, date and context of a document."""
    faults = []
    if value.get("schemaVersion") not in {"2.0", "2.0.0", "2.0.1"}:
        faults.append(
            Fault("schema_version", "/schemaVersion", {"given": shown(value.get("schemaVersion"))})
        )
    created = value.get("creationDate")
    if created is not None and not (isinstance(created, str) and _TIME.fullmatch(created)):
        faults.append(Fault("time_malformed", "/creationDate", {"given": shown(created)}))
    context = value.get("@context")
    if context is not None and not isinstance(context, str | list | dict):
        faults.append(Fault("context_malformed", "/@context"))
    if faults:
        raise DocumentError(faults)


_SHAPE_PLACE: Final = re.compile(r" - at `\$(.*)`$")


def _shape_fault(raw: Any, error: msgspec.ValidationError) -> Fault:
    """Turn a message of msgspec into a code and a pointer."""
    text = str(error)
    found = _SHAPE_PLACE.search(text)
    place = re.sub(r"\[(\d+|\.\.\.)\]", r"/\1", found[1]).replace(".", "/") if found else ""
    detail = text[: found.start()] if found else text
    if not isinstance(raw, dict):
        return Fault("event_not_object", place)
    if place == "/type" or "missing required field `type`" in detail:
        return Fault("event_type", "/type", {"given": shown(raw.get("type"))})
    if detail.startswith("Object missing required field"):
        name = detail.split("`")[1]
        return Fault("field_missing", f"{place}/{name}", {"field": name})
    if detail.startswith("Object contains unknown field"):
        return Fault("field_unknown", place, {"field": detail.split("`")[1]})
    return Fault("field_type", place, {"detail": detail})


class _EventReader:
    """Reads one event whose shape is right; collects faults rather than stop at the first."""

    def __init__(self, raw: dict[str, Any], shape: shapes.AnyEvent, now: int) -> None:
        self._raw = raw
        self._shape = shape
        self._now = now
        self._faults: list[Fault] = []

    def event(self) -> Event:
        shape, raw = self._shape, self._raw
        kind = EventType[type(shape).__name__]
        self._check_fields(type(shape).__name__)
        lists = [self._epc_list(name) for name in LIST_ROLES if raw.get(name) is not None]
        event = Event(
            type=kind,
            time=self._time("eventTime"),
            offset=_offset(shape.event_time_zone_offset),
            event_id=self._event_id(),
            action=Action[raw["action"]] if "action" in raw else Action.NONE,
            step=self._word("bizStep", shape.biz_step, "bizstep", vocabulary.STEP_NUMBERS),
            disposition=self._word(
                "disposition", shape.disposition, "disp", vocabulary.DISPOSITION_NUMBERS
            ),
            read_point=self._place("readPoint", shape.read_point),
            location=self._place("bizLocation", shape.biz_location),
            parent=self._optional("parentID"),
            lists=[some for some in lists if some.stems or some.others],
            amounts=list(self._amounts()),
            lots=self._lots(lists),
            transactions=self._transactions(),
            transformation=self._optional("transformationID"),
            declares_error=shape.error_declaration is not None,
            document=raw,
        )
        self._check_rules(event)
        if self._faults:
            raise DocumentError(self._faults)
        return event

    def _fault(self, code: str, place: str, **data: str) -> None:
        self._faults.append(Fault(code, place, data))

    def _check_fields(self, name: str) -> None:
        """A name without a prefix is the standard's or nobody's."""
        for field in self._raw.keys() - shapes.FIELDS[name]:
            if ":" not in field:
                self._fault("field_unknown", f"/{field}", field=shown(field))

    def _time(self, field: str) -> int:
        text = self._raw[field]
        micros = _microseconds(text)
        if micros is None:
            found = _TIME.fullmatch(text)
            code = "time_without_zone" if found and not found[1] else "time_malformed"
            self._fault(code, f"/{field}", given=shown(text))
            return 0
        if micros > self._now + FUTURE_TOLERANCE_US:
            self._fault("time_in_future", f"/{field}", given=shown(text))
        return micros

    def _event_id(self) -> str:
        text = self._shape.event_id
        if "eventID" in self._raw:
            self._identity("/eventID", text)
        return text

    def _word(self, field: str, text: str, vocabulary_name: str, known: Mapping[str, int]) -> str:
        """Return the bare word; anything else must be an absolute URI or a CURIE."""
        if field not in self._raw:
            return ""
        word = bare_word(vocabulary_name, text)
        if word in known:
            return word
        if ":" not in word or word.startswith("urn:epcglobal:cbv"):
            code = "unknown_step" if field == "bizStep" else "unknown_disposition"
            self._fault(code, f"/{field}", given=shown(text))
        elif len(word) > 512 or not word.isprintable() or not word.isascii():
            self._fault("uri_malformed", f"/{field}", given=shown(text))
        return word

    def _identity(self, place: str, text: str) -> Identity | None:
        try:
            return _cached_epc(text)
        except IdentifierError as error:
            self._fault(error.code, place, **{k: shown(v) for k, v in error.data.items()})
            return None

    def _optional(self, field: str) -> Identity | None:
        text = self._raw.get(field)
        return self._identity(f"/{field}", text) if text else None

    def _place(self, field: str, place: shapes.Place | None) -> Identity | None:
        return None if place is None else self._identity(f"/{field}/id", place.id)

    def _epc_list(self, name: str) -> EpcList:
        stems: dict[str, list[str]] = {}
        others: dict[str, Identity] = {}
        texts = self._raw[name]
        alike = split_alike(texts) if texts else None
        if alike is not None and _is_stem(alike[0]):
            stems[alike[0]], texts = alike[1], []
        for position, text in enumerate(texts):
            stem, tail = split_epc(text)
            if tail:
                known = stems.get(stem)
                if known is not None:
                    known.append(tail)
                    continue
                try:
                    parse_stem(stem).identity(tail)
                except IdentifierError as error:
                    self._epc_fault(error, name, position)
                else:
                    stems[stem] = [tail]
                continue
            try:
                others[text] = _cached_epc(text)
            except IdentifierError as error:
                self._epc_fault(error, name, position)
        self._check_tails(name, stems)
        return EpcList(name, LIST_ROLES[name], stems, others)

    def _epc_fault(self, error: IdentifierError, name: str, position: int) -> None:
        data = {k: shown(v) for k, v in error.data.items()}
        self._fault(error.code, f"/{name}/{position}", **data)

    def _check_tails(self, name: str, stems: Mapping[str, Sequence[str]]) -> None:
        """An SGTIN's tail is right by its pattern; an SSCC's has a length."""
        for stem, tails in stems.items():
            form = parse_stem(stem)
            if form.scheme is not Scheme.SSCC:
                continue
            for tail in tails:
                try:
                    form.identity(tail)
                except IdentifierError as error:
                    position = self._raw[name].index(stem + tail)
                    self._epc_fault(error, name, position)

    def _amounts(self) -> Iterator[Amount]:
        for name, role in QUANTITY_ROLES.items():
            for position, raw in enumerate(self._raw.get(name) or ()):
                place = f"/{name}/{position}"
                identity = self._identity(f"{place}/epcClass", raw["epcClass"])
                number = raw.get("quantity")
                if number is not None and not (math.isfinite(number) and number >= 0):
                    self._fault("quantity_range", f"{place}/quantity", given=shown(number))
                if identity is not None:
                    yield Amount(role, identity)

    def _lots(self, lists: Sequence[EpcList]) -> list[Identity]:
        """Join the ILMD's lot number to the products of the instances that came to be."""
        lot = lot_number(self._raw)
        if lot is None:
            return []
        if not isinstance(lot, str) or not valid_serial(lot):
            self._fault("lot_malformed", "/ilmd", given=shown(lot))
            return []
        gtins = {
            identity.primary
            for some in lists
            if some.name in {"epcList", "outputEPCList"}
            for identity in _sgtins(some)
        }
        return [Identity(Scheme.LGTIN, gtin, lot) for gtin in sorted(gtins)]

    def _transactions(self) -> list[Identity]:
        found = []
        for position, one in enumerate(self._shape.biz_transaction_list):
            place = f"/bizTransactionList/{position}/bizTransaction"
            identity = self._identity(place, one.biz_transaction)
            if identity is not None:
                found.append(identity)
        for field, attribute in (("sourceList", "source"), ("destinationList", "destination")):
            for position, party in enumerate(self._raw.get(field) or ()):
                self._identity(f"/{field}/{position}/{attribute}", party[attribute])
        return found

    def _check_rules(self, event: Event) -> None:
        """What the standard's text demands of a type (EPCIS 2.0 §7.4)."""
        for rule in RULES[event.type]:
            code, place = rule(event, self._raw) or ("", "")
            if code:
                self._fault(code, place)


def _is_stem(stem: str) -> bool:
    """Tell whether a stem is right; the slow path says what is wrong with one that is not."""
    try:
        parse_stem(stem)
    except IdentifierError:
        return False
    return True


def _sgtins(some: EpcList) -> Iterator[Identity]:
    """Yield one identity for each product in a list."""
    for stem in some.stems:
        form = parse_stem(stem)
        if form.scheme is Scheme.SGTIN:
            yield Identity(Scheme.SGTIN, form.primary)
    yield from (one for one in some.others.values() if one.scheme is Scheme.SGTIN)


def _microseconds(text: str) -> int | None:
    """Return microseconds since 1970, or None unless `text` is a time with its zone."""
    found = _TIME.fullmatch(text)
    if found is None or not found[1]:
        return None
    try:
        return microseconds(datetime.fromisoformat(text))
    except ValueError:
        return None


@lru_cache(256)
def _offset(text: str) -> int:
    """Return minutes east of UTC; `text` has been matched against its pattern."""
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return -minutes if text[0] == "-" else minutes
