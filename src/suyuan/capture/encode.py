"""From parsed events to the rows of the store and the trace index.

Owns: which rows an event makes.
Does not own: giving numbers (services), keys (identities), the tables' inserting (kernel.bulk).

Each list's keys are grouped into aligned blocks of 256. A block with `DENSE` keys or more makes
one index row with packed bits; fewer make a row each. A look-up asks for the key and its block.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from suyuan.capture.keymaker import KeyMaker
from suyuan.core.epcis.body import FORMS, pack_body
from suyuan.core.epcis.event import LIST_ROLES, EpcList, Event, Role
from suyuan.core.epcis.vocabulary import DISPOSITION_NUMBERS, STEP_NUMBERS
from suyuan.core.identifiers import Identity, Scheme, parse_stem
from suyuan.core.keyset import BLOCK_BITS, BLOCK_MASK, Keys, KeySet, block_key, pack_block

DENSE: Final = 4

EVENT_COLUMNS: Final = (
    "organisation_id seq time zone record_time type action step disposition read_point location "
    "parent id_hash content_digest declares_error job epcs outputs body"
).split()
TRACE_COLUMNS: Final = ("organisation_id", "key", "seq", "role", "bits")

_APART: Final = frozenset({"recordTime", "eventID"})
_sorted_json: Final = msgspec.json.Encoder(order="sorted").encode


def content_digest(event: Event) -> bytes:
    """Return what two captures of the same event share.

    The order of fields and of EPC lists does not matter; `recordTime` is the server's, and the ID,
    which may be the server's too, is compared apart.
    """
    document = {name: v for name, v in event.document.items() if name not in _APART}
    for name in LIST_ROLES.keys() & document.keys():
        document[name] = sorted(document[name])
    return hashlib.blake2b(_sorted_json(document), digest_size=16).digest()


class Told(NamedTuple):
    """An event with what can be made of it before capture's lock is taken.

    Attributes:
        event: what was read.
        event_id: its own, or the one that the server gives it.
        content: what two captures of it share.
        body: what is kept of its document.
    """

    event: Event
    event_id: str
    content: bytes
    body: bytes


def body_of(event: Event) -> bytes:
    """Return what is kept of an event's document: all but lists that keys give back exactly."""
    forms: dict[str, dict[str, str]] = {}
    for some in event.lists:
        stems = _stems_by_gtin(some)
        # A key is kept once: a list that names an item twice is stored as it came.
        if stems and all(len(set(tails)) == len(tails) for tails in some.stems.values()):
            forms[some.name] = stems
    if not forms:
        return pack_body(event.document)
    body = {name: value for name, value in event.document.items() if name not in forms}
    body[FORMS] = forms
    return pack_body(body)


def event_id_of(event: Event, content: bytes) -> str:
    """Return the event's ID: its own, or the one that the server gives it."""
    return event.event_id or server_event_id(content)


def server_event_id(content_digest: bytes) -> str:
    """Return the ID that an event without one gets: a UUID (version 8) made of its digest."""
    digits = content_digest.hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return (
        f"urn:uuid:{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-"
        f"{digits[20:]}"
    )


def id_hash(event_id: str) -> int:
    """Return the 63-bit number by which an event ID is found; two IDs may share one."""
    digest = hashlib.blake2b(event_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def identities_in(event: Event) -> Iterator[Identity]:
    """Yield every identity of an event but the serials of its hot lists."""
    for one in (event.parent, event.read_point, event.location, event.transformation):
        if one is not None:
            yield one
    for some in event.lists:
        yield from some.others.values()
        for stem, tails in some.stems.items():
            form = parse_stem(stem)
            if form.scheme is not Scheme.SGTIN:
                yield from map(form.identity, tails)
    for amount in event.amounts:
        yield amount.identity
    yield from event.lots
    yield from event.transactions
    for word, known in ((event.step, STEP_NUMBERS), (event.disposition, DISPOSITION_NUMBERS)):
        if word and word not in known:
            yield Identity(Scheme.URI, word)


class Serials:
    """The serials of a document's hot lists, gathered by product so that one call reads them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.texts: dict[str, list[str]] = {}
        self._slices: dict[int, list[tuple[str, int, int]]] = {}

    def gather(self, some: EpcList) -> None:
        """Append the serials of a list."""
        slices = []
        for stem, tails in some.stems.items():
            form = parse_stem(stem)
            if form.scheme is Scheme.SGTIN:
                texts = self.texts.setdefault(form.primary, [])
                slices.append((form.primary, len(texts), len(texts) + len(tails)))
                texts += tails
        self._slices[id(some)] = slices

    def keys(self, some: EpcList, maker: KeyMaker) -> list[Keys]:
        """Return the keys of a list's serials, an array for each stem."""
        return [maker.serial_keys(gtin)[a:b] for gtin, a, b in self._slices[id(some)]]


class Encoder:
    """Makes the rows of one document's events."""

    def __init__(
        self,
        *,
        organisation_id: int,
        job: int,
        record_time: int,
        maker: KeyMaker,
        serials: Serials,
        extra: Mapping[Role, KeySet],
    ) -> None:
        """Keep what all events of the document share.

        Args:
            organisation_id: whose events.
            job: the capture job.
            record_time: microseconds since 1970.
            maker: has learnt every identity of the document.
            serials: has gathered every list of the document.
            extra: keys that come with an event without having been texts.
        """
        self._organisation_id = organisation_id
        self._job = job
        self._record_time = record_time
        self._maker = maker
        self._serials = serials
        self._extra = {role: keys.to_array() for role, keys in extra.items()}
        self._chunks: list[tuple[int, int, Keys]] = []  # (seq, role, keys)
        self._singles: list[tuple[int, int, int]] = []  # (seq, role, key)

    def event_row(self, told: Told, seq: int) -> tuple[Any, ...]:
        """Return the event's row; remember its keys for `trace_rows`."""
        event = told.event
        arrays: dict[Role, Keys] = dict(self._extra)
        for some in event.lists:
            arrays[some.role] = self._list_keys(some)
        first = outputs = b""
        for role, keys in arrays.items():
            packed = KeySet.from_array(keys).to_bytes()
            if role is Role.OUTPUT:
                outputs = packed
            elif not first:
                first = packed
        self._remember(event, seq, arrays)
        return (
            self._organisation_id,
            seq,
            event.time,
            event.offset,
            self._record_time,
            int(event.type),
            int(event.action),
            self._word(event.step, STEP_NUMBERS),
            self._word(event.disposition, DISPOSITION_NUMBERS),
            self._optional(event.read_point),
            self._optional(event.location),
            self._optional(event.parent),
            id_hash(told.event_id),
            told.content,
            event.declares_error,
            self._job,
            first,
            outputs,
            told.body,
        )

    def trace_rows(self) -> Iterator[tuple[int, int, int, int, bytes | None]]:
        """Yield the index rows of all events so far."""
        singles = np.array(self._singles, dtype=np.int64).reshape(-1, 3)
        sizes = [keys.size for _, _, keys in self._chunks]
        places = np.array([(seq, role) for seq, role, _ in self._chunks], dtype=np.int64)
        seqs, roles = np.repeat(places.reshape(-1, 2), sizes, axis=0).T
        seqs = np.concatenate((seqs, singles[:, 0]))
        roles = np.concatenate((roles, singles[:, 1]))
        keys = np.concatenate([*(keys for _, _, keys in self._chunks), singles[:, 2]])
        if not keys.size:
            return
        order = np.lexsort((keys, roles, seqs))
        keys, seqs, roles = keys[order], seqs[order], roles[order]
        same = (np.diff(keys) == 0) & (np.diff(seqs) == 0) & (np.diff(roles) == 0)
        keep = np.concatenate(([True], ~same))
        keys, seqs, roles = keys[keep], seqs[keep], roles[keep]
        blocks = keys >> BLOCK_BITS
        new = (np.diff(blocks) != 0) | (np.diff(seqs) != 0) | (np.diff(roles) != 0)
        starts = np.concatenate(([0], np.flatnonzero(new) + 1))
        lengths = np.diff(np.concatenate((starts, [keys.size])))
        dense = lengths >= DENSE
        sparse = np.repeat(~dense, lengths)
        organisation = self._organisation_id
        for key, seq, role in zip(
            keys[sparse].tolist(), seqs[sparse].tolist(), roles[sparse].tolist(), strict=True
        ):
            yield organisation, key, seq, role, None
        offsets = keys & BLOCK_MASK
        for start, length in zip(starts[dense].tolist(), lengths[dense].tolist(), strict=True):
            bits = pack_block(offsets[start : start + length])
            key = block_key(int(keys[start]))
            yield organisation, key, int(seqs[start]), int(roles[start]), bits

    def _list_keys(self, some: EpcList) -> Keys:
        parts = self._serials.keys(some, self._maker)
        single = [self._maker.key(one) for one in some.others.values()]
        for stem, tails in some.stems.items():
            form = parse_stem(stem)
            if form.scheme is not Scheme.SGTIN:
                single += (self._maker.key(form.identity(tail)) for tail in tails)
        if single:
            parts.append(np.array(single, dtype=np.int64))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _remember(self, event: Event, seq: int, arrays: Mapping[Role, Keys]) -> None:
        key = self._maker.key
        self._chunks += [(seq, role, keys) for role, keys in arrays.items()]
        singles = self._singles
        singles += [(seq, one.role, key(one.identity)) for one in event.amounts]
        singles += [(seq, Role.LOT, key(lot)) for lot in event.lots]
        singles += [(seq, Role.TRANSACTION, key(one)) for one in event.transactions]
        if event.parent is not None:
            singles.append((seq, Role.PARENT, key(event.parent)))
        if event.transformation is not None:
            singles.append((seq, Role.TRANSFORMATION, key(event.transformation)))

    def _optional(self, one: Identity | None) -> int | None:
        return None if one is None else self._maker.key(one)

    def _word(self, word: str, known: Mapping[str, int]) -> int:
        if not word:
            return 0
        return known.get(word) or self._maker.key(Identity(Scheme.URI, word))


def _stems_by_gtin(some: EpcList) -> dict[str, str] | None:
    """Return GTIN → stem where the keys of a list give its texts back, else None."""
    if some.others:
        return None
    stems: dict[str, str] = {}
    for stem in some.stems:
        form = parse_stem(stem)
        if form.scheme is not Scheme.SGTIN or form.primary in stems:
            return None
        stems[form.primary] = stem
    return stems
