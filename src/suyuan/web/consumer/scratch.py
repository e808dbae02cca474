"""The second question of a page: the code under the layer.

Owns: `Scratch`, what the page shows of a hidden code, and which answer an address or an entry gets.
Does not own: tries, locks and first openings (verification.reveals), the words (scratch_words).

A code that comes with the link (`?inner=`) is only shown, with a button: previews, prefetches and
a curious look at the address must not use up the first opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import npgettext, pgettext

from suyuan.verification import reveals
from suyuan.verification.facts import ProductFacts
from suyuan.verification.reveals import Opening
from suyuan.verification.values import SeenBy, Verification
from suyuan.web.consumer.scratch_words import SCRATCH, Standing
from suyuan.web.consumer.words import VerdictWords

FIELD = "inner"
_ENDS = frozenset({Opening.FIRST, Opening.AGAIN, Opening.LOCKED})


@dataclass(frozen=True, slots=True)
class Scratch:
    """What a page says about a hidden code, and what it asks."""

    kind: Standing | Opening
    at: datetime | None = None  # of the first opening
    region: str = ""
    left: str = ""  # how many tries are left, in words
    asks: bool = False  # the form is shown
    code: str = ""  # brought along by the link, to be confirmed
    typed: str = ""
    fault: str = ""
    hint: str = ""  # where the code is
    seen: str = ""  # how often the outer code was looked up

    @property
    def words(self) -> VerdictWords:
        """How it is said."""
        return SCRATCH[self.kind]

    @property
    def grouped(self) -> str:
        """The code that came along, in groups that an eye can follow."""
        return f"{self.code[:4]} {self.code[4:]}"


def standing(
    *, facts: ProductFacts, found: Verification, seen_by: SeenBy, brought: str
) -> Scratch | None:
    """Return what an outer scan shows of the hidden code; None where there is none to ask for.

    Args:
        facts: The product.
        found: The verdict on the outer code.
        seen_by: Who asks.
        brought: The code that the link brings along, if it does.
    """
    if not reveals.asks_for_code(facts, found) or found.key is None:
        return None
    known = reveals.state(found.organisation_id, found.key, seen_by)
    if known.own:
        return Scratch(Opening.FIRST, known.opened_at, known.opened_region)
    if known.locked:
        return Scratch(Opening.LOCKED)
    code = reveals.read_code(brought)
    hint = _hint(facts, seen_by.language)
    if code:
        return Scratch(Standing.CONFIRM, asks=True, code=code, hint=hint)
    kind = Standing.OPENED if known.opened_at else Standing.ASK
    return Scratch(
        kind,
        known.opened_at,
        known.opened_region,
        left=_left(known.left) if known.tries else "",
        asks=True,
        hint=hint,
        seen="" if known.opened_at else _seen(found),
    )


def entered(
    *, facts: ProductFacts, found: Verification, seen_by: SeenBy, typed: str
) -> Scratch | None:
    """Take an entry and return what to show; None where there is no hidden code to ask for.

    Raises:
        TooManyAsked: see `reveals.open_code`.
    """
    if not reveals.asks_for_code(facts, found):
        return None
    opened = reveals.open_code(found=found, text=typed, seen_by=seen_by)
    if opened.opening in _ENDS:
        return Scratch(opened.opening, opened.at, opened.region)
    malformed = opened.opening is Opening.MALFORMED
    fault = pgettext("scratch", "The code has 8 letters and digits. Look at the label once more.")
    return Scratch(
        Standing.ASK if malformed else Opening.WRONG,
        left=_left(opened.left) if not malformed or opened.left < reveals.MOST_TRIES else "",
        asks=True,
        typed=typed[:40],
        fault=fault if malformed else "",
        hint=_hint(facts, seen_by.language),
    )


def _hint(facts: ProductFacts, language: str) -> str:
    return facts.product.inner_hint(language) or pgettext(
        "scratch", "Under the silver or grey layer on the label."
    )


def _left(number: int) -> str:
    said = npgettext("scratch", "%(left)s try is left.", "%(left)s tries are left.", number)
    return said % {"left": number}


def _seen(found: Verification) -> str:
    """Say how often the outer code was looked up, when this is not the first time."""
    if found.seen is None or found.seen.own_first or found.seen.scans < 2:
        return ""
    said = npgettext(
        "scratch",
        "The code on the outside has been looked up %(count)s time.",
        "The code on the outside has been looked up %(count)s times.",
        found.seen.scans,
    )
    return said % {"count": found.seen.scans}
