"""Measure RFID tags in bulk: arrays against one tag at a time, and against epcpy where installed.

Owns: the figure `tags`.
Invariant: figure and baselines read the same tags in one process, and their answers are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter
from typing import Any, Final

import numpy as np

from suyuan.core.identifiers.binary import (
    decode,
    decode_sgtin96,
    encode_sgtin96,
    hex_lines,
    read_hex,
)

type Progress = Callable[[int, int], None]
"""Called with tags done and tags in all."""

type Figure = dict[str, str | int | float]

_GTIN: Final = 9521234000013
_PREFIX: Final = 7
_DIGITS: Final = 24
_ONE_BY_ONE: Final = 50_000
_WITH_EPCPY: Final = 5_000
_ROUNDS: Final = 3
_SERIALS: Final = 1 << 38


def run(*, count: int = 1_000_000, progress: Progress | None = None) -> list[Figure]:
    """Measure tags read and written a second on one core.

    Args:
        count: tags in an array, at least 1. The baselines read fewer and are given as rates.
        progress: called now and then with tags done and tags in all.

    Raises:
        ValueError: `count` is below 1.
    """
    if count < 1:
        message = f"a measurement of {count} tags says nothing"
        raise ValueError(message)
    serials = np.random.default_rng(7).integers(0, _SERIALS, count)
    gtins = np.array([_GTIN], dtype=np.int64)

    def write() -> Any:
        return encode_sgtin96(gtins, serials, filter_value=1, prefix=_PREFIX)

    tags = write()
    text = hex_lines(tags, ending=b"").decode()
    texts = [text[at : at + _DIGITS] for at in range(0, len(text), _DIGITS)]

    def read_texts() -> Any:
        return decode_sgtin96(read_hex(texts)[0])

    acts = {"decode": lambda: decode_sgtin96(tags), "hex": read_texts, "encode": write}
    rates = {}
    for done, (name, act) in enumerate(acts.items(), start=1):
        rates[name] = _rate(count, act)
        if progress is not None:
            progress(done * count, len(acts) * count)
    _compare(texts[:_ONE_BY_ONE], serials)
    few = texts[:_ONE_BY_ONE]
    alone = _rate(len(few), lambda: [decode(one) for one in few])
    rows = [
        _row("SGTIN-96 decoded", rates["decode"], alone, "one tag at a time, in Python"),
        _row("SGTIN-96 from text", rates["hex"], alone, "one tag at a time, in Python"),
        _row("SGTIN-96 encoded", rates["encode"], alone, "one tag decoded at a time, in Python"),
    ]
    if find_spec("epcpy") is not None:
        peer = import_module("epcpy").hex_to_tag_encodable
        some = texts[:_WITH_EPCPY]
        rate = _rate(len(some), lambda: [peer(one) for one in some])
        rows.insert(1, _row("SGTIN-96 decoded", rates["decode"], rate, "epcpy, one at a time"))
        rows.insert(2, _row("SGTIN-96, one tag", alone, rate, "epcpy, one at a time"))
    return rows


def _rate(count: int, act: Callable[[], object]) -> float:
    """Return how many a second, of the best round."""
    best = float("inf")
    for _ in range(_ROUNDS):
        start = perf_counter()
        act()
        best = min(best, perf_counter() - start)
    return count / best


def _compare(texts: list[str], serials: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    """Refuse to measure what reads tags wrongly."""
    alone = [decode(text).identity for text in texts]
    if any(
        (one.primary, one.secondary) != (f"{_GTIN:014}", str(serial))
        for one, serial in zip(alone, serials.tolist(), strict=False)
    ):
        message = "tags read back as other items"
        raise AssertionError(message)


def _row(figure: str, rate: float, baseline_rate: float, baseline: str) -> Figure:
    return {
        "figure": figure,
        "unit": "tags/s",
        "rate": rate,
        "baseline": baseline,
        "baseline_rate": baseline_rate,
        "ratio": rate / baseline_rate,
    }
