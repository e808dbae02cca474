"""Lists cost as many queries for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from suyuan.quality.services import file_complaint
from suyuan.recalls.drills import abandon_drill, announce_drill
from suyuan.recalls.models import RecallCase
from suyuan.recalls.notices.announcing import announcement_of
from suyuan.recalls.services import open_recall
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.conftest import MakeApiClient, MakeClient
from tests.recall_world import World, item, lot, open_approved

pytestmark = pytest.mark.django_db

type More = Callable[[int], object]


def cost(client: Client, path: str) -> int:
    client.get(path)  # what a process remembers is there then
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
        assert response.status_code == 200, path
        if response.streaming:
            b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return len(queries)


def require_flat(clients: dict[str, Client], more: More) -> None:
    """Compare the cost of few rows with that of many, by path."""
    for number in range(2):
        more(number)
    few = {path: cost(client, path) for path, client in clients.items()}
    for number in range(2, 9):
        more(number)
    assert {path: cost(client, path) for path, client in clients.items()} == few


def test_lists_of_cases_do_not_ask_for_each_case(
    actor: Actor, world: World, client_as: MakeClient, api_client: MakeApiClient
) -> None:
    paths = ("/app/mingqian/recalls/", "/api/v1/recalls")
    starts = [item(number) for number in range(1, 20)]
    require_flat(
        {paths[0]: client_as(Role.OWNER), paths[1]: api_client()},
        lambda n: open_recall(actor=actor, title=f"C{n}", reason="x", starts=[starts[n]]),
    )


def test_lists_of_drills_do_not_ask_for_each_drill(
    actor: Actor, world: World, client_as: MakeClient, api_client: MakeApiClient
) -> None:
    def drill(_number: int) -> None:
        announced = announce_drill(actor=actor)
        abandon_drill(actor=actor, number=announced.number, note="x")

    paths = ("/app/mingqian/recalls/drills/", "/api/v1/drills")
    require_flat({paths[0]: client_as(Role.OWNER), paths[1]: api_client()}, drill)


def test_lists_of_complaints_do_not_ask_for_each_complaint(
    actor: Actor, world: World, client_as: MakeClient, api_client: MakeApiClient
) -> None:
    paths = ("/app/mingqian/quality/complaints/", "/api/v1/complaints")
    require_flat(
        {paths[0]: client_as(Role.OWNER), paths[1]: api_client()},
        lambda n: file_complaint(actor=actor, text="x", target=item(n + 1)),
    )


def test_items_of_a_case_are_looked_up_together(
    actor: Actor, world: World, client_as: MakeClient
) -> None:
    few, many = open_approved(actor, item(1)), open_approved(actor, lot("L-A"))
    client = client_as(Role.OWNER)
    for tail in ("items/", "items.csv"):
        costs = [cost(client, f"/app/mingqian/recalls/{one.number}/{tail}") for one in (few, many)]
        assert costs[1] <= costs[0] + 2, tail


def test_public_page_does_not_ask_for_each_lot(actor: Actor, world: World) -> None:
    def page(case: RecallCase) -> int:
        return cost(Client(), f"/recall/{announcement_of(case).public_id}/")

    one, two = open_approved(actor, lot("L-A")), open_approved(actor, lot("L-A"), lot("L-B"))
    assert page(one) == page(two) <= 8
