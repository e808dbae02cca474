"""Read EPCIS 2.0 JSON-LD into values that cannot be wrong.

Owns: what is accepted, and for everything refused a stable code and its place.
Does not own: shapes (shapes), standard words (vocabulary), identifier syntax (identifiers).

Sources: EPCIS 2.0 §7 (events), §10 (JSON-LD), CBV 2.0 §7 and §8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec

from suyuan.core.epcis import shapes, vocabulary
from suyuan.core.epcis.decoding import decode
from suyuan.core.epcis.envelope import open_document
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
from suyuan.core.epcis.header import master_data
from suyuan.core.epcis.parts import check_parts, is_extension
from suyuan.core.epcis.rules import RULES, amount_fault, names_a_class, names_an_instance
from suyuan.core.epcis.times import instant, time_fault
from suyuan.core.epcis.vocabulary import Action, EventType, bare_word, is_word
from suyuan.core.epcis.xml.read import read_xml
from suyuan.core.identifiers import (
    IdentifierError,
    Identity,
    Scheme,
    is_uri,
    parse_epc,
    parse_stem,
    split_alike,
    split_epc,
    valid_serial,
)

FUTURE_TOLERANCE_US: Final = 15 * 60 * 1_000_000  # clocks of devices differ by minutes
MOST_EPCS: Final = 1_000_000  # in one document
MOST_EVENTS: Final = 100_000

_cached_epc = lru_cache(16_384)(parse_epc)


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
    from_xml = media == "xml"
    raw_events, place = open_document(value, from_xml=from_xml)
    header = value.get("epcisHeader")
    if not raw_events and not any(master_data(header)):
        raise DocumentError([Fault("no_events", place)])
    if len(raw_events) > MOST_EVENTS:
        raise DocumentError([Fault("too_many_events", place, {"most": str(MOST_EVENTS)})])
    events: list[tuple[int, Event]] = []
    faults: list[Fault] = []
    epcs = 0
    for position, raw in enumerate(raw_events):
        event, found = _read_or_faults(raw, now, from_xml=from_xml)
        if found := [*unreadable.get(position, ()), *found]:
            faults.extend(Fault(f.code, f"{place}/{position}{f.place}", f.data) for f in found)
        if event is None or found:
            continue
        events.append((position, event))
        for some in event.lists:
            epcs += len(some.others) + sum(map(len, some.stems.values()))
        if epcs > MOST_EPCS:
            raise DocumentError([Fault("too_many_epcs", place, {"most": str(MOST_EPCS)})])
    return Document(value.get("@context"), events, faults, len(raw_events), place, header)


def _read_or_faults(raw: Any, now: int, *, from_xml: bool) -> tuple[Event | None, Sequence[Fault]]:
    """Return an event, or why it is none."""
    try:
        return read_event(raw, now=now, from_xml=from_xml), ()
    except DocumentError as error:
        return None, error.faults


def read_event(raw: Any, *, now: int, from_xml: bool = False) -> Event:
    """Read one event, in its JSON form.

    Raises:
        DocumentError: with every fault found; places are relative to the event.
    """
    try:
        shape = msgspec.convert(raw, _shape_of(raw))
    except msgspec.ValidationError as error:
        raise DocumentError([_shape_fault(raw, error)]) from None
    return _EventReader(raw, shape, now, from_xml=from_xml).event()


def _shape_of(raw: Any) -> Any:
    """Return the shape that an event's type asks for; the union of all says what is no type."""
    kind = raw.get("type") if isinstance(raw, dict) else None
    return shapes.CLASSES.get(kind, shapes.AnyEvent) if isinstance(kind, str) else shapes.AnyEvent


_SHAPE_PLACE: Final = re.compile(r" - at `\$(.*)`$")


def _shape_fault(raw: Any, error: msgspec.ValidationError) -> Fault:
    """Turn a message of msgspec into a code and a pointer."""
    text = str(error)
    found = _SHAPE_PLACE.search(text)
    place = re.sub(r"\[(\d+|\.\.\.)\]", r"/\1", found[1]).replace(".", "/") if found else ""
    detail = text[: found.start()] if found else text
    if not isinstance(raw, dict):
        return Fault("event_not_object", place)
    if place == "/type" or (not place and "missing required field `type`" in detail):
        return Fault("event_type", "/type", {"given": shown(raw.get("type"))})
    if detail.startswith("Object missing required field"):
        name = detail.split("`")[1]
        return Fault("field_missing", f"{place}/{name}", {"field": name})
    if detail.startswith("Object contains unknown field"):
        return Fault("field_unknown", place, {"field": detail.split("`")[1]})
    return Fault("field_type", place, {"detail": detail})


class _EventReader:
    """Reads one event whose shape is right; collects faults rather than stop at the first."""

    def __init__(
        self, raw: dict[str, Any], shape: shapes.AnyEvent, now: int, *, from_xml: bool
    ) -> None:
        self._raw = raw
        self._from_xml = from_xml
        self._shape = shape
        self._now = now
        self._faults: list[Fault] = []

    def event(self) -> Event:
        shape, raw = self._shape, self._raw
        kind = EventType[type(shape).__name__]
        self._check_fields(type(shape).__name__)
        if self._faults:  # a field of another type of event has not been checked by the shape
            raise DocumentError(self._faults)
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
            read_point=self._place("readPoint"),
            location=self._place("bizLocation"),
            parent=self._optional("parentID"),
            lists=[some for some in lists if some.stems or some.others],
            amounts=self._amounts(),
            lots=self._lots(lists),
            transactions=self._transactions(),
            transformation=self._optional("transformationID"),
            declares_error="errorDeclaration" in raw,
            document=raw,
        )
        check_parts(raw, self._faults, from_xml=self._from_xml)
        self._check_rules(event)
        if self._faults:
            raise DocumentError(self._faults)
        return event

    def _fault(self, code: str, place: str, **data: str) -> None:
        self._faults.append(Fault(code, place, data))

    def _check_fields(self, name: str) -> None:
        """A name without a prefix is the standard's or nobody's."""
        for field in self._raw.keys() - shapes.FIELDS[name]:
            if not is_extension(field):
                self._fault("field_unknown", f"/{field}", field=shown(field))

    def _time(self, field: str) -> int:
        text = self._raw[field]
        micros = instant(text)
        if micros is None:
            self._fault(time_fault(text), f"/{field}", given=shown(text))
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
            if word != text:
                self._raw[field] = word
            return word
        if not is_word(vocabulary_name, word):
            code = "unknown_step" if field == "bizStep" else "unknown_disposition"
            self._fault(code, f"/{field}", given=shown(text))
        elif len(word) > 512 or not is_uri(word):
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
        return None if text is None else self._identity(f"/{field}", text)

    def _place(self, field: str) -> Identity | None:
        place = self._raw.get(field)
        return None if place is None else self._identity(f"/{field}/id", place["id"])

    def _epc_list(self, name: str) -> EpcList:
        stems: dict[str, list[str]] = {}
        others: dict[str, Identity] = {}
        texts = self._raw[name]
        if len(set(texts)) < len(texts):
            self._repeated(name, texts)
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
        self._check_others(name, others)
        return EpcList(name, LIST_ROLES[name], stems, others)

    def _epc_fault(self, error: IdentifierError, name: str, position: int) -> None:
        data = {k: shown(v) for k, v in error.data.items()}
        self._fault(error.code, f"/{name}/{position}", **data)

    def _check_others(self, name: str, others: Mapping[str, Identity]) -> None:
        """A list of items names items, not classes of them."""
        for text, identity in others.items():
            if names_a_class(identity):
                place = f"/{name}/{self._raw[name].index(text)}"
                self._fault("instance_expected", place, given=shown(text))

    def _repeated(self, name: str, texts: Sequence[str]) -> None:
        met: set[str] = set()
        for position, text in enumerate(texts):
            if text in met:
                self._fault("value_repeated", f"/{name}/{position}", given=shown(text))
            met.add(text)

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

    def _amounts(self) -> list[Amount]:
        found: list[Amount] = []
        for name, role in QUANTITY_ROLES.items():
            for position, raw in enumerate(self._raw.get(name) or ()):
                place = f"/{name}/{position}"
                identity = self._identity(f"{place}/epcClass", raw["epcClass"])
                if code := amount_fault(raw):
                    self._fault(code, f"{place}/quantity", given=shown(raw.get("quantity")))
                if identity is not None and names_an_instance(identity):
                    self._fault("class_expected", f"{place}/epcClass", given=shown(raw["epcClass"]))
                elif identity is not None:
                    found.append(Amount(role, identity))
        return found

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


@lru_cache(256)
def _offset(text: str) -> int:
    """Return minutes east of UTC; `text` has been matched against its pattern."""
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return -minutes if text[0] == "-" else minutes
