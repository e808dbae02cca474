"""Measure taps: verifying a chip's message, alone and through the service with its counter.

Owns: the figures `sun`, `sun with file data`, `sun in LRP mode` and `tap`.
Does not own: the consumer's page around it (page).
Invariant: figure and baseline run in one process, one after the other, counted by the processor's
time: they only compute, and others on the machine must not count. `tap` is counted by the clock: it
waits for the disk. Each message has another UID and counter, so that no key is met twice; reading
the link's parameters is part of the figure.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Final

from suyuan.cli.bench.ground import make_brand
from suyuan.core.nfc.aes import cmac
from suyuan.core.nfc.layout import Layout, MacInput, Mode
from suyuan.core.nfc.sun import SunKeys, read_message, verify, written

type Progress = Callable[[int, int], None]
type Figure = dict[str, str | int | float]
type Link = dict[str, str]

_CMACS: Final = 20_000
_SYSTEM: Final = b"bench00000"  # as long as a profile's own
_STEPS: Final = 5


@dataclass(frozen=True, slots=True)
class _Case:
    """One layout, and how many messages are verified in it."""

    figure: str
    layout: Layout
    share: int  # of the count: a slow layout gets fewer


_CASES: Final = (
    _Case("sun", Layout(), 1),
    _Case("sun with file data", Layout(file_bytes=16, mac_input=MacInput.FILE), 1),
    _Case("sun in LRP mode", Layout(mode=Mode.LRP), 100),
)


def run(*, count: int = 20_000, progress: Progress | None = None) -> list[Figure]:
    """Measure verifications a second of one core, keys diversified for each chip.

    Args:
        count: Messages, at least 100; in LRP mode and through the database a hundredth and a tenth.
        progress: Called with steps done and steps in all.

    Returns:
        For each figure `rate`, `baseline_rate`, `ratio` and what was counted. The baseline is
        AES-CMAC of one block by the library alone, with a key of its own each time; a verification
        needs three of them (diversification, session key, MAC) and one decryption.

    Raises:
        ValueError: `count` is below 100.
    """
    if count < 100:
        message = f"{count} taps are verified in an instant"
        raise ValueError(message)
    report = progress or (lambda _done, _all: None)
    baseline = _baseline()
    report(1, _STEPS)
    figures: list[Figure] = []
    for step, case in enumerate(_CASES, start=2):
        keys = SunKeys(secrets.token_bytes(16), secrets.token_bytes(16), _SYSTEM)
        links = _links(case.layout, keys, count // case.share)
        rate = _rate(len(links), _verifying(case.layout, keys, links))
        figures.append(_figure(case.figure, len(links), rate, baseline))
        report(step, _STEPS)
    figures.append(_figure("tap", count // 10, _taps(count // 10), baseline))
    report(_STEPS, _STEPS)
    return figures


def _figure(name: str, count: int, rate: float, baseline: float) -> Figure:
    return {
        "figure": name,
        "unit": "taps/s",
        "count": count,
        "rate": rate,
        "baseline": "AES-CMAC of one block by the library alone, each under another key",
        "baseline_rate": baseline,
        "ratio": rate / baseline,
    }


def _rate(count: int, act: Callable[[], None], clock: Callable[[], float] = process_time) -> float:
    started = clock()
    act()
    return count / (clock() - started)


def _baseline() -> float:
    keys = [secrets.token_bytes(16) for _ in range(_CMACS)]
    block = secrets.token_bytes(16)

    def act() -> None:
        for key in keys:
            cmac(key, block)

    return _rate(_CMACS, act)


def _links(layout: Layout, keys: SunKeys, count: int) -> list[Link]:
    content = secrets.token_bytes(layout.file_bytes)
    return [
        written(
            layout,
            keys,
            uid=secrets.token_bytes(7),
            counter=number,
            random=secrets.token_bytes(13),
            content=content,
        )
        for number in range(count)
    ]


def _verifying(layout: Layout, keys: SunKeys, links: Sequence[Link]) -> Callable[[], None]:
    def act() -> None:
        for link in links:
            verify(layout, keys, read_message(layout, link))

    return act


def _taps(count: int) -> float:
    """Measure the whole service: read, verify, use the counter, in a transaction each."""
    from suyuan.kernel.clock import now  # noqa: PLC0415 - after Django is set up
    from suyuan.nfc.keys import open_versions  # noqa: PLC0415
    from suyuan.nfc.services import Settings, create_profile  # noqa: PLC0415
    from suyuan.nfc.taps import read_tap, use_tap  # noqa: PLC0415

    brand = make_brand()
    create_profile(actor=brand.actor, name="bench", settings=Settings())
    (version,) = open_versions(brand.organisation_id)
    links = _links(version.layout, version.keys, count)
    at = now()

    def act() -> None:
        for link in links:
            message = read_tap(brand.organisation_id, link)
            if not use_tap(brand.organisation_id, message, at=at, device=1).fresh:
                fault = "a new message was taken for a replay"
                raise AssertionError(fault)

    return _rate(count, act, perf_counter)
