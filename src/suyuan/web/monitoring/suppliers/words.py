"""Scorecards in words: the names of measures, rates as text, bars with whiskers.

Owns: how a rate is written: its value, its interval, and what it was computed from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from suyuan.core.intervals import Rate
from suyuan.monitoring.suppliers.scorecards import Measure, Scorecard, Scorecards, Standing
from suyuan.web.drawing.whiskers import Whisker, whiskers


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """How a measure is told; `share` is written in percent."""

    name: Promise
    explanation: Promise
    unit: Promise
    sample: Promise  # what `of` counts; takes %(count)s
    interval: Promise
    share: bool = False


_POISSON: Final = gettext_lazy("95 % interval: Poisson, exact (Garwood)")
_WILSON: Final = gettext_lazy("95 % interval: Wilson")
_LOTS: Final = gettext_lazy("%(count)s lots")

MEASURES: Final[dict[Measure, MeasureWords]] = {
    Measure.COMPLAINTS: MeasureWords(
        gettext_lazy("Complaints per thousand items"),
        gettext_lazy(
            "Complaints about product lots that have the supplier's material in them, against the "
            "items of those lots. A complaint counts for every supplier whose material is in the "
            "lot."
        ),
        gettext_lazy("per thousand items"),
        gettext_lazy("%(count)s items"),
        _POISSON,
    ),
    Measure.COMPLAINTS_PER_LOT: MeasureWords(
        gettext_lazy("Complaints per material lot"),
        gettext_lazy("The same complaints, against the supplier's material lots."),
        gettext_lazy("per lot"),
        _LOTS,
        _POISSON,
    ),
    Measure.FAILED: MeasureWords(
        gettext_lazy("Failed inspections"),
        gettext_lazy("Material lots with a report that found them bad, among those with a report."),
        gettext_lazy("of the lots examined"),
        gettext_lazy("%(count)s lots examined"),
        _WILSON,
        share=True,
    ),
    Measure.RECALLS: MeasureWords(
        pgettext_lazy("supplier measure", "Recalls"),
        gettext_lazy("Recalls that name a material lot of the supplier, against its lots."),
        gettext_lazy("per lot"),
        _LOTS,
        _POISSON,
    ),
    Measure.MISSING: MeasureWords(
        gettext_lazy("Missing scans"),
        gettext_lazy(
            "Scans that should be there before a lot was used and are not: its receiving, and its "
            "dispatch where the supplier delivers events."
        ),
        gettext_lazy("of the scans expected"),
        gettext_lazy("%(count)s scans expected"),
        _WILSON,
        share=True,
    ),
    Measure.LATE: MeasureWords(
        gettext_lazy("Late events"),
        gettext_lazy("Events that were recorded later than the limit after they happened."),
        gettext_lazy("of the events delivered"),
        gettext_lazy("%(count)s events"),
        _WILSON,
        share=True,
    ),
    Measure.REFUSED: MeasureWords(
        gettext_lazy("Refused events"),
        gettext_lazy("Events that were sent and could not be taken, for a fault in the document."),
        gettext_lazy("of the events sent"),
        gettext_lazy("%(count)s events"),
        _WILSON,
        share=True,
    ),
}
_STANDINGS: Final = {
    Standing.WORSE: (pgettext_lazy("rate", "Above all together"), "bad", "alert-triangle"),
    Standing.BETTER: (pgettext_lazy("rate", "Below all together"), "good", "check"),
    Standing.LIKE: (pgettext_lazy("rate", "Not told apart"), "quiet", "minus"),
    Standing.UNKNOWN: (pgettext_lazy("rate", "No data"), "quiet", "circle-dashed"),
}
_TONES: Final = {Standing.WORSE: "bad", Standing.BETTER: "good", Standing.LIKE: "info"}


class RateLine(NamedTuple):
    """One measure of one supplier."""

    measure: Measure
    words: MeasureWords
    rate: Rate
    value: str
    interval: str
    sample: str
    standing: str
    tone: str
    icon: str


def measure_of(text: str) -> Measure:
    """Return the measure that an address names; complaints where it names none."""
    return Measure(text) if text in Measure else Measure.COMPLAINTS


def written(measure: Measure, rate: Rate) -> str:
    """Write a rate: `1.3` per thousand, or `12 %`; "—" where nothing is known."""
    return _number(rate.value, share=MEASURES[measure].share) if rate.known else "—"


def interval(measure: Measure, rate: Rate) -> str:
    """Write the two ends of a rate's interval."""
    if not rate.known:
        return "—"
    is_share = MEASURES[measure].share
    return f"{_number(rate.low, share=is_share)}–{_number(rate.high, share=is_share)}"


def _number(value: float, *, share: bool) -> str:
    if math.isinf(value):
        return "∞"
    shown = 100 * value if share else value
    digits = 0 if shown >= 100 or shown == 0 else 1 if shown >= 10 else 2
    text = f"{shown:,.{digits}f}"
    return f"{text} %" if share else text


def rate_line(measure: Measure, card: Scorecard) -> RateLine:
    """Return one measure of a supplier in words."""
    rate, words = card.rates[measure], MEASURES[measure]
    name, tone, icon = _STANDINGS[card.standings[measure]]
    sample = str(words.sample) % {"count": f"{rate.of:,.0f}"}
    return RateLine(
        measure,
        words,
        rate,
        written(measure, rate),
        interval(measure, rate),
        sample,
        str(name),
        tone,
        icon,
    )


def drawing(
    measure: Measure, cards: Scorecards, links: Sequence[tuple[str, str]]
) -> SafeString | str:
    """Draw a measure of all suppliers that have it; `links` holds name and address of each."""
    together = cards.together[measure]
    rows = [
        Whisker(
            label=name,
            value=card.rates[measure].value,
            low=card.rates[measure].low,
            high=card.rates[measure].high,
            shown=_("%(value)s (%(interval)s) n=%(of)s")
            % {
                "value": written(measure, card.rates[measure]),
                "interval": interval(measure, card.rates[measure]),
                "of": f"{card.rates[measure].of:,.0f}",
            },
            tone=_TONES.get(card.standings[measure], "quiet"),
            href=href,
        )
        for card, (name, href) in zip(cards.rows, links, strict=True)
        if card.rates[measure].known
    ]
    if not rows:
        return ""
    title = _("%(measure)s, with intervals; the mark is all suppliers together: %(together)s") % {
        "measure": MEASURES[measure].name,
        "together": written(measure, together),
    }
    return whiskers(rows, title=title, mark=together.value, width=360, name=f"m-{measure.value}")
