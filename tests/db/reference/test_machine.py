"""Facts about random lives of goods: the engine and the reference model tell them alike.

`SUYUAN_TEST_LIVES` says how many lives each fact is tried on; `make lives` tries all facts at once
on thousands.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from suyuan.tenancy.actor import Actor
from tests.db.reference.compare import same_contents, same_histories, same_present
from tests.db.reference.compare_scope import (
    Compare,
    same_balances,
    same_findings,
    same_items,
    same_movements,
    same_places,
    same_reasons,
    same_scopes,
)
from tests.db.reference.goods import Ledger
from tests.db.reference.machine import Check, Lives
from tests.reference.beginnings import Start

pytestmark = pytest.mark.django_db

LIVES = int(os.environ.get("SUYUAN_TEST_LIVES", "8"))
PARTS = 4  # of the lives on which everything is tried at once: so many cores can share them
STEPS = int(os.environ.get("SUYUAN_TEST_STEPS", "18"))
SHRINK = [Phase.shrink] * (os.environ.get("SUYUAN_TEST_SHRINK", "1") == "1")
SETTINGS = settings(
    max_examples=LIVES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate, *SHRINK],
)


SCOPES: Sequence[Compare] = (
    same_items,
    same_places,
    same_findings,
    same_balances,
    same_movements,
    same_reasons,
)


def live(actor: Actor, *checks: Check, some: settings = SETTINGS) -> None:
    """Run random lives, comparing by `checks`."""

    def compared(ledger: Ledger, starts: Sequence[Start]) -> None:
        for check in checks:
            check(ledger, starts)

    machine = type("Lives", (Lives,), {"ledger": Ledger(actor), "check": staticmethod(compared)})
    run_state_machine_as_test(machine, settings=some)


def test_histories_are_what_the_model_tells(actor: Actor) -> None:
    live(actor, same_histories)


def test_the_present_of_many_is_what_the_model_tells(actor: Actor) -> None:
    live(actor, same_present)


def test_contents_are_what_the_model_tells(actor: Actor) -> None:
    live(actor, same_contents)


def test_what_is_affected_and_how_surely_is_what_the_model_tells(actor: Actor) -> None:
    live(actor, partial(same_scopes, compares=(same_items,)))


def test_where_the_affected_are_is_what_the_model_tells(actor: Actor) -> None:
    live(actor, partial(same_scopes, compares=(same_places,)))


def test_what_is_found_is_what_the_model_tells(actor: Actor) -> None:
    live(actor, partial(same_scopes, compares=(same_findings,)))


def test_what_adds_up_is_what_the_model_tells(actor: Actor) -> None:
    live(actor, partial(same_scopes, compares=(same_balances,)))


def test_why_something_is_affected_is_what_the_model_tells(actor: Actor) -> None:
    live(actor, partial(same_scopes, compares=(same_reasons,)))


def test_what_was_moved_without_serials_is_what_the_model_tells(actor: Actor) -> None:
    live(actor, partial(same_scopes, compares=(same_movements,)))


@pytest.mark.skipif("SUYUAN_TEST_LIVES" not in os.environ, reason="the facts above try the same")
@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_everything_at_once_is_what_the_model_tells(actor: Actor, part: int) -> None:
    scopes = partial(same_scopes, compares=SCOPES)
    some = settings(SETTINGS, max_examples=max(1, LIVES // PARTS))
    live(actor, same_histories, same_present, same_contents, scopes, some=some)
