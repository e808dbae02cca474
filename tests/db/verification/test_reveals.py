"""Facts about hidden codes: tries, locks, first openings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from suyuan.core.codespace import ALPHABET
from suyuan.issuing import selectors as issuing
from suyuan.issuing.errors import NoInnerCodes
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes
from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.masterdata import numbering
from suyuan.masterdata.services import update_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Right
from suyuan.verification import reveals
from suyuan.verification.errors import TooManyAsked
from suyuan.verification.facts import product_facts
from suyuan.verification.memory import forget_all
from suyuan.verification.models import Reveal
from suyuan.verification.reveals import Opened, Opening
from suyuan.verification.values import SeenBy
from tests.conftest import HELD
from tests.scan_world import ANN, BEN, Goods

type Enter = Callable[..., Opened]


@pytest.fixture
def hidden(goods: Goods) -> list[str]:
    """Return the hidden codes of the goods, which have some."""
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="scratch")
    forget_all()
    order = CodeOrder.objects.select_related("product").get(count=4)
    return issuing.inner_codes(order, 0, 4)


@pytest.fixture
def enter(goods: Goods, hidden: list[str]) -> Enter:
    """Return a function that enters a code for one of the goods."""

    def do(text: str, seen_by: SeenBy = ANN, position: int = 0) -> Opened:
        found = goods.ask(goods.serials[position], replace(seen_by, counts=False))
        return reveals.open_code(found=found, text=text, seen_by=seen_by)

    return do


def wrong(code: str, number: int = 0) -> str:
    """Return a code that is another one than `code`."""
    alphabet = ALPHABET.decode()
    return code[:-1] + alphabet[(alphabet.index(code[-1]) + 1 + number) % 32]


def test_the_right_code_is_opened_first_once(enter: Enter, hidden: list[str]) -> None:
    with clock.held_at(HELD):
        first = enter(hidden[0])
    assert (first.opening, first.at, first.region) == (Opening.FIRST, HELD, "330100")
    with clock.held_at(HELD + timedelta(days=3)):
        again = enter(hidden[0], BEN)
    assert (again.opening, again.at, again.region) == (Opening.AGAIN, HELD, "330100")
    assert enter(hidden[1], position=1).opening is Opening.FIRST


def test_the_same_telephone_stays_the_first_for_ten_minutes(
    enter: Enter, hidden: list[str]
) -> None:
    with clock.held_at(HELD):
        enter(hidden[0])
    with clock.held_at(HELD + timedelta(minutes=9)):
        assert enter(hidden[0]).opening is Opening.FIRST
        assert enter(hidden[0], BEN).opening is Opening.AGAIN
    with clock.held_at(HELD + timedelta(minutes=11)):
        assert enter(hidden[0]).opening is Opening.AGAIN


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: f"  {code[:4]} - {code[4:]}  ",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "o").replace("1", "I"),
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
        lambda code: f"{code[:4]}–{code[4:]}",
    ],
)
def test_a_code_is_read_however_it_is_typed(
    enter: Enter, hidden: list[str], typed: Callable[[str], str]
) -> None:
    assert enter(typed(hidden[0])).opening is Opening.FIRST


@pytest.mark.parametrize(
    "text", ["", "ABC", "ABCDEFGHJ", "ABCDEFG!", "ABCDEFGU", "\0" * 8, "码" * 900]
)
def test_what_cannot_be_a_code_costs_no_try(enter: Enter, hidden: list[str], text: str) -> None:
    opened = enter(text)
    assert (opened.opening, opened.left) == (Opening.MALFORMED, 5)
    assert not Reveal.objects.exists()


def test_five_wrong_codes_lock_the_item_against_the_right_one_too(
    enter: Enter, hidden: list[str]
) -> None:
    answers = [enter(wrong(hidden[0], number)) for number in range(5)]
    assert [answer.left for answer in answers] == [4, 3, 2, 1, 0]
    assert [answer.opening for answer in answers] == [Opening.WRONG] * 4 + [Opening.LOCKED]
    assert enter(hidden[0]).opening is Opening.LOCKED
    assert enter(wrong(hidden[0], 7)).opening is Opening.LOCKED
    assert enter("x").opening is Opening.LOCKED
    assert Reveal.objects.get().tries == 5
    assert enter(hidden[1], position=1).opening is Opening.FIRST


def test_the_same_mistake_sent_again_counts_once(enter: Enter, hidden: list[str]) -> None:
    assert [enter(wrong(hidden[0])).left for _ in range(4)] == [4] * 4
    assert enter(wrong(hidden[0], 1)).left == 3
    assert enter(wrong(hidden[0])).left == 2


def test_another_items_code_is_a_wrong_one(enter: Enter, hidden: list[str]) -> None:
    assert enter(hidden[1]).opening is Opening.WRONG


def test_wrong_codes_after_the_opening_lock_it_and_keep_its_time(
    enter: Enter, hidden: list[str], goods: Goods
) -> None:
    with clock.held_at(HELD):
        enter(hidden[0])
        for number in range(5):
            enter(wrong(hidden[0], number), BEN)
    known = reveals.state(goods.actor.organisation_id, Reveal.objects.get().id)
    assert (known.locked, known.opened_at) == (True, HELD)


def test_staff_unlock_a_locked_code_with_a_reason(
    enter: Enter, hidden: list[str], goods: Goods, actor: Actor
) -> None:
    for number in range(5):
        enter(wrong(hidden[0], number))
    key = Reveal.objects.get().id
    for reason in ("", "  "):
        with pytest.raises(Invalid, match="required"):
            reveals.unlock_code(actor=actor, key=key, unit=goods.link(), reason=reason)
    reader = replace(actor, rights=frozenset({Right.SCANS_VIEW}))
    with pytest.raises(Forbidden):
        reveals.unlock_code(actor=reader, key=key, unit=goods.link(), reason="Photo seen")
    for _ in range(2):
        known = reveals.unlock_code(actor=actor, key=key, unit=goods.link(), reason="Photo seen")
        assert known.left == 5
    entry = AuditEntry.objects.get(action="inner_code.unlock")
    assert entry.changes["reason"] == [None, "Photo seen"]
    assert enter(hidden[0]).opening is Opening.FIRST


def test_another_organisation_unlocks_nothing(
    enter: Enter, hidden: list[str], goods: Goods, other_actor: Actor
) -> None:
    for number in range(5):
        enter(wrong(hidden[0], number))
    key = Reveal.objects.get().id
    with pytest.raises(NotFound):
        reveals.unlock_code(actor=other_actor, key=key, unit=goods.link(), reason="Mine")
    assert Reveal.objects.get().tries == 5


def test_a_network_that_tries_many_items_is_slowed_and_no_try_is_free(
    enter: Enter, hidden: list[str]
) -> None:
    refused = 0
    with clock.held_at(HELD):
        for number in range(70):
            try:
                enter(wrong(hidden[number % 4], number % 4))
            except TooManyAsked:
                refused += 1
        with pytest.raises(TooManyAsked):
            enter(hidden[0])  # the right one as well: a refusal tells nothing
        assert enter(hidden[3], BEN, position=3).opening is Opening.FIRST
    assert refused >= 10


def test_codes_of_a_rotated_key_stay_right(goods: Goods, hidden: list[str], enter: Enter) -> None:
    actor = goods.actor
    numbering.new_key_version(organisation_id=actor.organisation_id, product_id=goods.product.id)
    assert enter(hidden[0]).opening is Opening.FIRST
    assert numbering.inner_key(actor.organisation_id, goods.gtin, 1) != numbering.inner_key(
        actor.organisation_id, goods.gtin, 2
    )


def test_a_product_without_hidden_codes_asks_for_none(goods: Goods) -> None:
    facts = product_facts(goods.gtin)
    assert facts is not None
    assert not reveals.asks_for_code(facts, goods.ask())


def test_a_code_that_is_not_active_is_not_asked_for_its_hidden_one(
    goods: Goods, hidden: list[str]
) -> None:
    facts = product_facts(goods.gtin)
    assert facts is not None
    assert not reveals.asks_for_code(facts, goods.ask(goods.unused[0]))
    assert reveals.asks_for_code(facts, goods.ask())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [8])
def test_tries_at_once_never_exceed_five(goods: Goods, hidden: list[str], threads: int) -> None:
    found = goods.ask()
    together = threading.Barrier(threads)

    def attempt(number: int) -> Opened:
        together.wait(timeout=20)
        try:
            return reveals.open_code(
                found=found,
                text=wrong(hidden[0], number),
                seen_by=SeenBy(address=f"203.0.{number}.7", agent="x"),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(attempt, range(threads)))
    assert sorted(answer.left for answer in answers) == [0] * (threads - 4) + [1, 2, 3, 4]
    assert Reveal.objects.get().tries == 5
    assert reveals.open_code(found=found, text=hidden[0], seen_by=ANN).opening is Opening.LOCKED


@pytest.mark.django_db(transaction=True)
def test_of_right_entries_at_once_exactly_one_is_the_first(goods: Goods, hidden: list[str]) -> None:
    found = goods.ask()
    threads = 6
    together = threading.Barrier(threads)

    def attempt(number: int) -> Opening:
        together.wait(timeout=20)
        try:
            seen_by = SeenBy(address=f"203.0.{number}.7", agent="x")
            return reveals.open_code(found=found, text=hidden[0], seen_by=seen_by).opening
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(attempt, range(threads)))
    assert answers.count(Opening.FIRST) == 1
    assert answers.count(Opening.AGAIN) == threads - 1


@pytest.mark.django_db(transaction=True)
def test_an_inner_key_asked_for_at_once_is_one_key(goods: Goods) -> None:
    update_product(actor=goods.actor, gtin=goods.gtin, inner_code="scratch")
    here, together = goods.actor.organisation_id, threading.Barrier(6)

    def ask(_number: int) -> bytes:
        together.wait(timeout=20)
        try:
            return numbering.inner_key(here, goods.gtin, 1)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1


def test_hidden_codes_of_a_product_without_any_are_refused_by_name(
    goods: Goods, actor: Actor
) -> None:
    order = order_codes(actor=actor, gtin=goods.gtin, count=1)
    order = issuing.get_order(actor.organisation_id, order.number)
    with pytest.raises(NoInnerCodes):
        issuing.inner_codes(order, 0, 1)
