"""The numbers of the home page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.issuing.models import CodeOrder
from suyuan.kernel import clock
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from suyuan.web.shell import tiles

pytestmark = pytest.mark.django_db


def shown(actor: Actor, later: timedelta = timedelta(0)) -> dict[str, tiles.Tile]:
    found = tiles.collect(actor, now=clock.now() + later)
    return {tile.icon + (":urgent" if tile.urgent else ""): tile for tile in found}


def test_nobody_sees_a_number_without_its_right(organisation: Organisation) -> None:
    blind = Actor(organisation=organisation, name="nobody", rights=frozenset())
    assert tiles.collect(blind, now=clock.now()) == []
    events = Actor(organisation=organisation, name="x", rights=frozenset({Right.EVENTS_VIEW}))
    assert [tile.icon for tile in tiles.collect(events, now=clock.now())] == ["timeline-event"]


def test_what_came_in_today_is_counted_and_leads_to_the_events(
    actor: Actor, active_order: CodeOrder
) -> None:
    tile = shown(actor)["timeline-event"]
    assert tile.value >= 1
    assert tile.href.endswith("/events/")
    assert tile.note


def test_data_that_came_long_after_the_fact_is_called_late(
    actor: Actor, active_order: CodeOrder
) -> None:
    assert shown(actor)["clock:urgent"].value >= 1


def test_silence_after_data_is_noticed(actor: Actor, active_order: CodeOrder) -> None:
    assert shown(actor, timedelta(days=3))["clock:urgent"].value == 72


def test_an_organisation_that_never_sent_anything_is_not_called_silent(actor: Actor) -> None:
    assert "clock:urgent" not in shown(actor, timedelta(days=30))


def test_tiles_stand_under_their_headings_in_order(actor: Actor) -> None:
    groups = list(tiles.grouped(tiles.collect(actor, now=clock.now())))
    assert [len(members) > 0 for _label, members in groups] == [True, True]
