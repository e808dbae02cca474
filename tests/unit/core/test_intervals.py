"""Intervals of shares and counts, against published tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.intervals import gamma_below, lift, lift_of_samples, per, share


@pytest.mark.parametrize(
    ("cases", "low", "high"),
    [
        # Garwood (1936), also Pearson and Hartley, Biometrika Tables vol. 1, table 40: 95 %
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (2, 0.242, 7.225),
        (3, 0.619, 8.767),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
        (50, 37.111, 65.919),
        (100, 81.364, 121.627),
    ],
)
def test_poisson_interval_is_that_of_the_tables(cases: int, low: float, high: float) -> None:
    rate = per(cases, 1)

    assert rate.low == pytest.approx(low, abs=6e-4)
    assert rate.high == pytest.approx(high, abs=6e-4)


@pytest.mark.parametrize(
    ("cases", "low", "high"), [(0, 0.0, 5.298), (1, 0.005, 7.430), (10, 3.717, 21.398)]
)
def test_poisson_interval_of_99_percent_is_that_of_the_tables(
    cases: int, low: float, high: float
) -> None:
    rate = per(cases, 1, confidence=0.99)

    assert rate.low == pytest.approx(low, abs=6e-4)
    assert rate.high == pytest.approx(high, abs=6e-4)


@pytest.mark.parametrize(
    ("cases", "of", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_share_has_wilsons_interval_as_published(
    cases: int, of: int, low: float, high: float
) -> None:
    rate = share(cases, of)

    assert rate.low == pytest.approx(low, abs=1e-4)
    assert rate.high == pytest.approx(high, abs=1e-4)


def test_all_of_some_is_a_share_up_to_one() -> None:
    rate = share(20, 20)

    assert rate.high == 1.0
    assert rate.low == pytest.approx(1 - 0.1611, abs=1e-4)


def test_nothing_counted_tells_nothing() -> None:
    assert not share(0, 0).known
    assert not per(3, 0).known
    assert math.isinf(per(0, 0).high)
    assert not lift(2, 4, 0, 100).known
    assert not lift_of_samples(0, 0, 3, 9).known


@pytest.mark.parametrize(("cases", "of"), [(-1, 5), (6, 5)])
def test_counts_that_are_none_are_refused(cases: int, of: int) -> None:
    with pytest.raises(ValueError, match="of"):
        share(cases, of)
    with pytest.raises(ValueError, match="per"):
        per(-1, 5)


def test_rate_per_thousand_is_the_same_rate() -> None:
    rate = per(10, 5_000).times(1_000)

    assert (rate.cases, rate.of, rate.value) == (10, 5_000, 2.0)
    assert rate.low == pytest.approx(0.959, abs=1e-3)
    assert rate.high == pytest.approx(3.678, abs=1e-3)


def test_lift_is_the_share_of_some_over_the_share_of_all() -> None:
    rate = lift(8, 10, 100, 1_000)

    assert rate.value == pytest.approx(8.0)
    assert rate.low == pytest.approx(share(8, 10).low * 10)


def test_lift_against_a_sample_is_wider_than_against_the_whole() -> None:
    counted, sampled = lift(8, 10, 40, 400), lift_of_samples(8, 10, 4, 40)

    assert sampled.value == pytest.approx(counted.value)
    assert sampled.high - sampled.low > counted.high - counted.low


def test_lift_of_what_the_sample_never_shows_is_high_and_uncertain() -> None:
    rate = lift_of_samples(3, 3, 0, 400)

    assert rate.low > 1
    assert math.isfinite(rate.high)


@given(st.integers(0, 5_000), st.integers(1, 5_000))
def test_interval_of_a_share_encloses_it(cases: int, more: int) -> None:
    rate = share(cases, cases + more)

    assert 0 <= rate.low <= rate.value <= rate.high <= 1


@given(st.integers(0, 50_000))
def test_interval_of_a_count_encloses_it_and_its_tails_are_exact(cases: int) -> None:
    rate = per(cases, 1)

    assert rate.low <= cases <= rate.high
    # At most `cases`, were the mean the upper end: one chance in forty.
    assert 1 - gamma_below(cases + 1, rate.high) == pytest.approx(0.025, abs=1e-6)


@given(st.integers(1, 60), st.floats(0.01, 120))
def test_gamma_function_is_the_sum_of_poisson_terms(shape: int, x: float) -> None:
    below = sum(math.exp(-x + n * math.log(x) - math.lgamma(n + 1)) for n in range(shape))

    assert gamma_below(shape, x) == pytest.approx(1 - below, abs=1e-9)
