"""What rules mean in events: codes of master data become identities.

Owns: from a partner's rows to `Grant`s, and to what it may deliver.
Does not own: obeying them (capture for grants, `delivery` for what comes in).
Invariant: a limit that resolves to nothing lets nothing through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q

from suyuan.capture.view import Grant
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.instants import microseconds
from suyuan.masterdata.models import Location, Party
from suyuan.partners.models import Partner, ShareRule
from suyuan.tenancy.models import Organisation


@dataclass(frozen=True, slots=True)
class Names:
    """The identities of a partner's and of a rule's places and parties.

    Attributes:
        own_places: of the partner's own locations.
        own_party: of its party.
        places: of locations, by code.
        parties: of parties, by code.
    """

    own_places: frozenset[Identity]
    own_party: frozenset[Identity]
    places: dict[str, frozenset[Identity]]
    parties: dict[str, frozenset[Identity]]


_NONE: Final[frozenset[Identity]] = frozenset()


def names_of(organisation: Organisation, partner: Partner, rules: Iterable[ShareRule]) -> Names:
    """Look up what a partner's rows name: two queries, however many rules."""
    places = {code for rule in rules for code in rule.places} | set(partner.delivery_places)
    parties = {code for rule in rules for code in rule.parties}
    slug = organisation.urn_slug
    own_places: set[Identity] = set()
    by_place: dict[str, frozenset[Identity]] = {}
    located = Location.objects.filter(organisation_id=organisation.pk)
    for code, gln, party in located.filter(
        Q(party_id=partner.party_id) | Q(code__in=places)
    ).values_list("code", "gln", "party_id"):
        found = _identities(Scheme.SGLN, gln, f"urn:suyuan:{slug}:location:{code}")
        by_place[code] = found
        if party == partner.party_id:
            own_places |= found
    own_party: set[Identity] = set()
    by_party: dict[str, frozenset[Identity]] = {}
    for code, gln, row in Party.objects.filter(
        Q(id=partner.party_id) | Q(code__in=parties), organisation_id=organisation.pk
    ).values_list("code", "gln", "id"):
        found = _identities(Scheme.PGLN, gln, f"urn:suyuan:{slug}:party:{code}")
        if gln:  # EPCIS 1 had no PGLN: owners stood there by the SGLN of their seat
            found |= {Identity(Scheme.SGLN, gln)}
        by_party[code] = found
        if row == partner.party_id:
            own_party |= found
    return Names(frozenset(own_places), frozenset(own_party), by_place, by_party)


def _identities(scheme: Scheme, gln: str, urn: str) -> frozenset[Identity]:
    """Return every identity of a row: events captured before it had a GLN say its code."""
    coded = Identity(Scheme.URI, urn)
    return frozenset({Identity(scheme, gln), coded}) if gln else frozenset({coded})


def grants_of(names: Names, rules: Iterable[ShareRule]) -> tuple[Grant, ...]:
    """Return what the active ones of `rules` let through, as few grants as say the same."""
    merged: dict[tuple[object, ...], Grant] = {}
    for rule in rules:
        if not rule.active:
            continue
        grant = _grant(names, rule)
        # Rules that differ in places alone are one: any of the places is enough. Products are
        # not joined so: an event of two products is let through by none of two single rules.
        key = (
            grant.places is None,
            grant.parties,
            grant.gtins,
            grant.steps,
            grant.since,
            grant.until,
        )
        before = merged.get(key)
        if before is not None and before.places is not None and grant.places is not None:
            grant = replace(grant, places=before.places | grant.places)
        merged[key] = grant
    return tuple(merged.values())


def _grant(names: Names, rule: ShareRule) -> Grant:
    return Grant(
        places=_limited(rule.own_places, names.own_places, rule.places, names.places),
        parties=_limited(rule.own_party, names.own_party, rule.parties, names.parties),
        gtins=frozenset(rule.gtins) or None,
        steps=frozenset(rule.steps) or None,
        since=None if rule.since is None else microseconds(rule.since),
        until=None if rule.until is None else microseconds(rule.until),
    )


def _limited(
    own: bool,
    owned: frozenset[Identity],
    codes: list[str],
    known: dict[str, frozenset[Identity]],
) -> frozenset[Identity] | None:
    if not own and not codes:
        return None
    listed = (known.get(code, _NONE) for code in codes)
    return frozenset(owned if own else _NONE).union(*listed)
