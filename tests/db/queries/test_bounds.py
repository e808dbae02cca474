"""Bounds change how events are found, never which; where work would have no end, it is refused."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.capture import facets
from suyuan.capture.facets import events_with
from suyuan.capture.headers import _identity as identity_told
from suyuan.capture.identities import find_key, serials_of
from suyuan.capture.models import FacetEntry
from suyuan.capture.queries import QueryTooComplex, sources
from suyuan.capture.queries import keys as key_module
from suyuan.capture.queries.visible import Sight
from suyuan.capture.selectors import capture_job, capture_jobs, job_documents
from suyuan.capture.services import capture_events
from suyuan.capture.view import EventView, Grant
from suyuan.core.identifiers import Identity, Scheme, parse_epc
from suyuan.tenancy.actor import Actor
from tests.db.queries.test_queries import _check_rows, found, store
from tests.query_world import EVENTS, SHOPKEEPER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("bound", ["_MOST_SPANS", "_MOST_OF_SPANS"])
def test_every_parameter_finds_its_events_where_ranges_are_too_many(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(sources, "_SHORT_REACH", 0)
    monkeypatch.setattr(sources, "_FEW", 0)
    monkeypatch.setattr(key_module, bound, 0)
    store(actor)
    _check_rows(actor, "")


@pytest.mark.parametrize("bound", ["_MOST_LISTED", "_MOST_KEYS"])
def test_a_pattern_that_means_too_many_foreign_keys_is_refused(
    actor: Actor, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    store(actor)
    monkeypatch.setattr(key_module, bound, 0)
    with pytest.raises(QueryTooComplex):
        found(actor, ("MATCH_anyEPC", ["urn:epc:idpat:grai:9521234.*.*"]))


def test_more_events_of_a_facet_than_may_be_listed_are_not_listed(actor: Actor) -> None:
    store(actor)
    entry = FacetEntry.objects.filter(organisation_id=actor.organisation_id).first()
    assert entry is not None
    facet, reach = facets.Facet(entry.facet), (1, len(EVENTS) + 1)
    args = (actor.organisation_id, facet, [entry.key], reach)
    listed = events_with(*args, most=100)
    assert listed
    assert events_with(*args, most=len(listed)) == listed
    assert events_with(*args, most=len(listed) - 1) is None
    for n in range(3):  # a document each: a row each
        event = {**EVENTS["noted"], "epcList": [f"urn:epc:id:gid:1.2.{n}"]}
        capture_events(actor=actor, events=[event], source="tests")
    rows = FacetEntry.objects.filter(organisation_id=actor.organisation_id, seq__gt=len(EVENTS))
    key = rows.values_list("key", flat=True).first()
    assert key is not None
    some = rows.filter(key=key).first()
    assert some is not None
    wide = (1, len(EVENTS) + 4)
    assert (
        events_with(actor.organisation_id, facets.Facet(some.facet), [some.key], wide, most=1)
        is None
    )


def test_a_header_may_tell_of_what_is_no_identity() -> None:
    assert identity_told("no identity at all") is None
    assert identity_told("urn:epc:idpat:sgtin:9521234.000001.*") == Identity(
        Scheme.GTIN, "09521234000013"
    )


def test_serials_of_two_products_are_not_told_at_once(actor: Actor) -> None:
    texts = ["urn:epc:id:sgtin:9521234.000001.7", "urn:epc:id:sgtin:9521234.000003.8"]
    event = {**EVENTS["noted"], "epcList": texts}
    capture_events(actor=actor, events=[event], source="tests")
    keys = sorted(find_key(actor.organisation_id, parse_epc(text)) or 0 for text in texts)
    assert serials_of(actor.organisation_id, np.array(keys[:1], dtype=np.int64)) is not None
    assert serials_of(actor.organisation_id, np.array(keys, dtype=np.int64)) is None


def test_serials_that_a_dictionary_numbers_are_not_told_by_arithmetic(actor: Actor) -> None:
    text = "urn:epc:id:sgtin:9521234.000001.A-B_c"
    event = {**EVENTS["noted"], "epcList": [text]}
    capture_events(actor=actor, events=[event], source="tests")
    key = find_key(actor.organisation_id, parse_epc(text))
    assert key is not None
    assert serials_of(actor.organisation_id, np.array([key], dtype=np.int64)) is None


def test_jobs_are_listed_from_one_before_another_and_give_their_events(actor: Actor) -> None:
    for n in range(3):
        event = {**EVENTS["noted"], "epcList": [f"urn:epc:id:gid:1.2.{n}"]}
        capture_events(actor=actor, events=[event], source="tests")
    latest, *earlier = capture_jobs(actor.organisation_id)
    assert capture_jobs(actor.organisation_id, before=latest.id) == earlier
    assert capture_jobs(actor.organisation_id, holder=7) == []
    (told,) = job_documents(actor.organisation_id, latest.id)
    assert told.event["epcList"] == ["urn:epc:id:gid:1.2.2"]
    assert capture_job(actor.organisation_id, latest.id) == latest


def test_a_party_that_no_parser_knows_shares_nothing(actor: Actor) -> None:
    store(actor)
    shop = frozenset({parse_epc(SHOPKEEPER)})
    view = EventView(holder=None, grants=(Grant(parties=shop),))
    assert Sight(actor.organisation_id, view) is not None
    assert found(actor, view=view) == [
        name
        for name, event in reversed(EVENTS.items())
        if any(
            one.get("source", one.get("destination")) == SHOPKEEPER
            for one in event.get("sourceList", []) + event.get("destinationList", [])
        )
    ]
