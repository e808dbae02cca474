"""How much a network may ask, with the clock held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.kernel import clock
from suyuan.verification.errors import TooManyAsked
from suyuan.verification.limits import ALL, MISSES, Allowance, Limiter, network_of

START = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.200", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_network_is_a_24_or_a_48(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_burst_is_granted_and_then_a_rate() -> None:
    limiter = Limiter(Allowance(burst=3, rate=0.5))
    with clock.held_at(START):
        for _ in range(3):
            limiter.spend("a")
        with pytest.raises(TooManyAsked) as caught:
            limiter.spend("a")
        assert caught.value.data == {"seconds": 2}
        limiter.spend("b")
    with clock.held_at(START + timedelta(seconds=2)):
        limiter.spend("a")
        with pytest.raises(TooManyAsked):
            limiter.spend("a")


def test_a_refusal_costs_nothing_more() -> None:
    limiter = Limiter(Allowance(burst=1, rate=1))
    with clock.held_at(START):
        limiter.spend("a")
        for _ in range(50):
            with pytest.raises(TooManyAsked):
                limiter.spend("a")
    with clock.held_at(START + timedelta(seconds=1)):
        limiter.spend("a")


def test_a_clock_set_back_neither_gives_nor_takes() -> None:
    limiter = Limiter(Allowance(burst=2, rate=1))
    with clock.held_at(START):
        limiter.spend("a")
    with clock.held_at(START - timedelta(hours=1)):
        limiter.spend("a")
        with pytest.raises(TooManyAsked):
            limiter.spend("a")


def test_memory_is_bounded_and_forgets_the_longest_silent() -> None:
    limiter = Limiter(Allowance(burst=1, rate=0.001), kept=10)
    with clock.held_at(START):
        for number in range(11):
            limiter.spend(str(number))
        limiter.spend("0")
        with pytest.raises(TooManyAsked):
            limiter.spend("10")


def test_a_mobile_gateway_survives_and_a_guesser_does_not() -> None:
    # Fifty consumers a second behind one address, one in a hundred of whom mistypes.
    assert ALL.rate >= 50
    assert MISSES.rate >= 50 / 100
    # A day of guessing at full rate: 43,260 guesses at serials of 70 bits.
    assert MISSES.burst + MISSES.rate * 86_400 < 50_000
