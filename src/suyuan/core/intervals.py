"""How sure a rate is: intervals for shares and for counts.

Owns: Wilson's interval of a share, Garwood's exact interval of a Poisson count, and the ratio of
a share to a known one.
Sources: Wilson, J. Am. Stat. Assoc. 22 (1927) 209; Garwood, Biometrika 28 (1936) 437; the
incomplete gamma function by series and continued fraction (Abramowitz and Stegun 6.5.29, 6.5.31).

A rate from few cases says little. Each rate here comes with both ends of its interval, and with
what it was computed from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
_PRECISE: Final = 1e-12
_MOST_TERMS: Final = 10_000
_HALVINGS: Final = 200


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its interval.

    Attributes:
        cases: how often it happened.
        of: among how many, or per how much exposure; 0: nothing is known.
        value: the rate itself.
        low: lower end of the interval.
        high: upper end; infinite where nothing limits it.
    """

    cases: int
    of: float
    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is anything that it was computed from."""
        return self.of > 0

    def times(self, factor: float) -> Rate:
        """Return the rate per another unit: `times(1000)` of one per item is per thousand."""
        return Rate(self.cases, self.of, self.value * factor, self.low * factor, self.high * factor)


def share(cases: int, of: int, *, confidence: float = CONFIDENCE) -> Rate:
    """Return `cases` among `of` with Wilson's interval (score interval, no correction).

    Raises:
        ValueError: counts that are no counts: negative, or more cases than there are.
    """
    if cases < 0 or cases > of:
        raise ValueError(f"{cases} of {of}")
    if of == 0:
        return Rate(0, 0, 0.0, 0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    part, square = cases / of, z * z / of
    middle = (part + square / 2) / (1 + square)
    reach = z * math.sqrt(part * (1 - part) / of + square / (4 * of)) / (1 + square)
    # At the ends the formula gives 0 and 1 but for rounding.
    low = 0.0 if cases == 0 else max(0.0, middle - reach)
    high = 1.0 if cases == of else min(1.0, middle + reach)
    return Rate(cases, of, part, low, high)


def per(cases: int, exposure: float, *, confidence: float = CONFIDENCE) -> Rate:
    """Return `cases` per unit of `exposure` with Garwood's exact Poisson interval.

    For events that one unit may have several of: complaints per item, recalls per lot.

    Raises:
        ValueError: a negative count or exposure.
    """
    if cases < 0 or exposure < 0:
        raise ValueError(f"{cases} per {exposure}")
    if exposure == 0:
        return Rate(cases, 0, 0.0, 0.0, math.inf)
    tail = (1 - confidence) / 2
    low = 0.0 if cases == 0 else _quantile(cases, tail)
    high = _quantile(cases + 1, 1 - tail)
    return Rate(cases, exposure, cases / exposure, low / exposure, high / exposure)


def lift(
    cases: int, of: int, whole_cases: int, whole: int, *, confidence: float = CONFIDENCE
) -> Rate:
    """Return how much more often something is met among some than in the whole that they are of.

    The whole is counted, not sampled; so only the share among the few has an interval (Wilson's),
    which is divided by the known share. Where the whole never has it, nothing can be said.
    """
    few = share(cases, of, confidence=confidence)
    if whole_cases <= 0 or whole <= 0 or not few.known:
        return Rate(cases, 0, 0.0, 0.0, math.inf)
    return few.times(whole / whole_cases)


def lift_of_samples(
    cases: int, of: int, whole_cases: int, whole: int, *, confidence: float = CONFIDENCE
) -> Rate:
    """Return the same where the whole is known by a sample too.

    The interval is Katz's, on the logarithm of the ratio, with half a case added to each cell, so
    that it holds up where a cell is empty (Walter's estimator).
    """
    if of <= 0 or whole <= 0:
        return Rate(cases, 0, 0.0, 0.0, math.inf)
    here, there = (cases + 0.5) / (of + 0.5), (whole_cases + 0.5) / (whole + 0.5)
    spread = 1 / (cases + 0.5) - 1 / (of + 0.5) + 1 / (whole_cases + 0.5) - 1 / (whole + 0.5)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    factor = math.exp(z * math.sqrt(max(spread, 0.0)))
    ratio = here / there
    value = (cases / of) / (whole_cases / whole) if whole_cases else ratio
    return Rate(cases, of, value, ratio / factor, ratio * factor)


def _quantile(shape: int, probability: float) -> float:
    """Return where a gamma distribution of whole `shape` reaches `probability`.

    A Poisson count of mean m is at least k with the probability that a gamma of shape k stays
    below m, which is what makes the interval exact.
    """
    # Wilson and Hilferty's approximation is near; the ends move out until they enclose it.
    z = NormalDist().inv_cdf(probability)
    near = shape * max(0.05, 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3
    low, high = near / 2, near * 2 + 1
    while gamma_below(shape, low) > probability:
        low /= 2
    while gamma_below(shape, high) < probability:
        high *= 2
    return _solve(lambda mean: gamma_below(shape, mean) - probability, low, high)


def _solve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function is zero between `low` and `high`, by halving."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if high - low <= _PRECISE * max(1.0, middle):
            break
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def gamma_below(shape: float, x: float) -> float:
    """Return the regularised lower incomplete gamma function P(shape, x)."""
    if x <= 0:
        return 0.0
    weight = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        return weight * _series(shape, x)
    return 1.0 - weight * _fraction(shape, x)


def _series(shape: float, x: float) -> float:
    """Sum x^n / (shape (shape+1) … (shape+n)); it converges where x < shape + 1."""
    term = total = 1 / shape
    for n in range(1, _MOST_TERMS):
        term *= x / (shape + n)
        total += term
        if term < total * _PRECISE:
            break
    return total


def _fraction(shape: float, x: float) -> float:
    """Evaluate the continued fraction of the upper part by Lentz's method; for x ≥ shape + 1."""
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    value = d
    for n in range(1, _MOST_TERMS):
        a = -n * (n - shape)
        b += 2
        d = 1 / (_away(a * d + b, tiny))
        c = _away(b + a / c, tiny)
        value *= c * d
        if abs(c * d - 1) < _PRECISE:
            break
    return value


def _away(value: float, tiny: float) -> float:
    return tiny if abs(value) < tiny else value
