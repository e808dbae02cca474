"""Starts that name places and a period: what was there, what was worked on there.

Owns: from a location's code, its GLN or any identifier to the keys that events have for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from suyuan.capture import identities
from suyuan.core.epcis.vocabulary import STEP_NUMBERS, bare_word
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc, parse_identity
from suyuan.core.instants import microseconds
from suyuan.kernel.errors import Invalid
from suyuan.lineage import starts as lineage
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Location
from suyuan.recalls.starts.texts import Said


def stayed(organisation_id: int, said: Said, place: str) -> tuple[lineage.Start, ...]:
    """Return whatever was at places in a period. Raises `Invalid`: `place_unknown`."""
    keys = place_keys(organisation_id, said.all("place"), place)
    since, until = microseconds(said.since), microseconds(said.until)
    return (lineage.Presence(keys, since, until),) if keys else ()


def handled(organisation_id: int, said: Said, place: str) -> tuple[lineage.Start, ...]:
    """Return whatever was worked on at places in a period.

    Raises:
        Invalid: `place_unknown`, `step_unknown`.
    """
    keys = place_keys(organisation_id, said.all("place"), place)
    steps = _steps(organisation_id, said.all("step"), place)
    since, until = microseconds(said.since), microseconds(said.until)
    if not keys or (said.all("step") and not steps):
        return ()
    return (lineage.Handling(keys, since, until, steps),)


def place_keys(organisation_id: int, texts: Sequence[str], place: str) -> tuple[int, ...]:
    """Return the keys of places, by a location's code, by GLN or by identifier.

    A location that no event names yet has none. Raises `Invalid`: `place_unknown`.
    """
    rows = masterdata.locations_by_identifier(organisation_id)
    names: dict[Identity, None] = {}
    for position, text in enumerate(texts):
        found = _identities(rows, text)
        if not found:
            raise Invalid("place_unknown", place=f"{place}/place/{position}", given=text[:80])
        names |= dict.fromkeys(found)
    keys = identities.find_keys(organisation_id, list(names))
    for one in names:
        if one not in keys and _text(one) not in rows:
            raise Invalid("place_unknown", place=f"{place}/place", given=_text(one)[:80])
    return tuple(sorted(keys.values()))


def place_text(organisation_id: int, text: str) -> str:
    """Return the canonical text of a place: its location's identifier, or what it is itself."""
    rows = masterdata.locations_by_identifier(organisation_id)
    row = _location(rows, text)
    if row is not None:
        return row.identifier
    found = _identities(rows, text)
    return _text(found[0]) if found else text


def _location(rows: dict[str, Location], text: str) -> Location | None:
    given = text.strip()
    if given in rows:
        return rows[given]
    return next((row for row in rows.values() if given in {row.code, row.gln}), None)


def _identities(rows: dict[str, Location], text: str) -> list[Identity]:
    """Return what a place is called in events: a location before it had a GLN was its code."""
    row = _location(rows, text)
    if row is not None:
        own = [name for name, one in rows.items() if one.id == row.id]
        return [one for name in own if (one := _parsed(name)) is not None]
    found = _parsed(text)
    if found is None or found.scheme not in {Scheme.SGLN, Scheme.URI, Scheme.PGLN}:
        return []
    again = _location(rows, _text(found))
    return [found] if again is None else _identities(rows, again.identifier)


def _parsed(text: str) -> Identity | None:
    for read in (parse_epc, parse_identity):
        try:
            return read(text)
        except IdentifierError:
            continue
    return None


def _text(identity: Identity) -> str:
    return identity.primary if identity.scheme is Scheme.URI else identity.digital_link()


def _steps(organisation_id: int, texts: Sequence[str], place: str) -> tuple[int, ...]:
    found: list[int] = []
    for position, text in enumerate(texts):
        word = bare_word("bizstep", text)
        number = STEP_NUMBERS.get(word)
        if number is None:
            if ":" not in text:
                here = f"{place}/step/{position}"
                raise Invalid("step_unknown", place=here, given=text[:80])
            number = identities.find_key(organisation_id, Identity(Scheme.URI, text))
        if number is not None:
            found.append(number)
    return tuple(sorted(found))
