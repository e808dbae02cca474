"""What of master data a measurement needs: whose places are which, whose classes are what.

Owns: from master data to keys and numbers, and back from numbers to names.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from suyuan.capture.identities import find_keys, identities_of
from suyuan.capture.keyspace import ClassKind
from suyuan.capture.models import KeyClass
from suyuan.core.epcis.vocabulary import STEPS
from suyuan.core.identifiers import IdentifierError, Identity, parse_identity
from suyuan.lineage.fold import CODES
from suyuan.lineage.history import identifier_text
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata.models import Location
from suyuan.masterdata.selectors import locations_by_identifier
from suyuan.monitoring.dwell.measuring import Chain
from suyuan.monitoring.dwell.values import By, Question, Subject

_ITEMS = frozenset({ClassKind.OWN, ClassKind.NUMERIC, ClassKind.SERIAL})


@dataclass(slots=True)
class Directory:
    """Names of what a measurement counts by number."""

    organisation_id: int
    keys: dict[str, int] = field(default_factory=dict)  # of places, by every text
    locations: dict[str, Location] = field(default_factory=dict)
    partners: list[str] = field(default_factory=list)  # codes
    gtins: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, organisation_id: int) -> Directory:
        """Read an organisation's places and classes of items: hundreds."""
        found = cls(organisation_id, locations=locations_by_identifier(organisation_id))
        texts = {text: identity for text in found.locations if (identity := _read(text))}
        keys = find_keys(organisation_id, list(texts.values()))
        found.keys = {text: keys[one] for text, one in texts.items() if one in keys}
        return found

    def chain(self, question: Question) -> Chain:
        """Return what the measurement of a question needs."""
        rows = KeyClass.objects.filter(organisation_id=self.organisation_id, kind__in=_ITEMS)
        stems = {
            number: stem.partition("/")[0] for number, stem in rows.values_list("number", "stem")
        }
        self.gtins = sorted(set(stems.values()))
        self.partners = sorted({one.party.code for one in self.locations.values() if one.party})
        offset = timezone.localtime(question.until).utcoffset()
        return Chain(
            places=self._wanted(question),
            same_as={
                key: self.keys[row.identifier]
                for text, key in self.keys.items()
                if (row := self.locations[text]).identifier in self.keys
                and self.keys[row.identifier] != key
            },
            partner_of={
                key: self.partners.index(party.code)
                for text, key in self.keys.items()
                if (party := self.locations[text].party)
            },
            product_of={number: self.gtins.index(gtin) for number, gtin in stems.items()},
            zone=int(offset.total_seconds()) * 1_000_000 if offset else 0,
        )

    def _wanted(self, question: Question) -> frozenset[int] | None:
        """Return the keys of the places that a question is narrowed to, None for all."""
        wanted: set[int] | None = None
        if question.place:
            identity = _read(question.place)
            found = find_keys(self.organisation_id, [identity] if identity else [])
            wanted = set(found.values())
        if question.partner:
            theirs = {
                self.keys.get(row.identifier, self.keys[text])
                for text, row in self.locations.items()
                if text in self.keys and row.party and row.party.code == question.partner
            }
            wanted = theirs if wanted is None else wanted & theirs
        return None if wanted is None else frozenset(wanted)

    def subjects(self, by: By, pairs: list[tuple[int, int]]) -> list[Subject]:
        """Return the names of groups."""
        if by is By.STAGE:
            steps = self._steps({number for pair in pairs for number in pair})
            return [Subject(step=steps[first], next_step=steps[then]) for first, then in pairs]
        states = [(CODES[code] or Whereabouts.NOT_SEEN).value for code, _ in pairs]
        numbers = [number for _, number in pairs]
        if by is By.PLACE:
            texts = self.places(set(numbers))
            return [
                Subject(whereabouts=s, place=texts[n]) for s, n in zip(states, numbers, strict=True)
            ]
        names = self.partners if by is By.PARTNER else self.gtins
        word = "partner" if by is By.PARTNER else "gtin"
        return [
            Subject(whereabouts=state, **{word: names[number] if number >= 0 else ""})
            for state, number in zip(states, numbers, strict=True)
        ]

    def places(self, keys: set[int]) -> dict[int, str]:
        """Return the identifiers of places; -1 is none."""
        found = identities_of(self.organisation_id, {key for key in keys if key >= 0})
        return {key: identifier_text(found[key]) if key in found else "" for key in keys}

    def _steps(self, numbers: set[int]) -> dict[int, str]:
        """Return the words of business steps; those that no list knows are keys of URIs."""
        own = identities_of(self.organisation_id, {n for n in numbers if n > len(STEPS)})
        words = {n: STEPS[n - 1] for n in numbers if 0 < n <= len(STEPS)}
        return {0: ""} | words | {n: identity.primary for n, identity in own.items()}


def _read(text: str) -> Identity | None:
    try:
        return parse_identity(text)
    except IdentifierError:
        return None
