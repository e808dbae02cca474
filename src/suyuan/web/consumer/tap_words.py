"""The words of a tap: its verdicts, and what the chip says of itself and of the seal.

Owns: which words a tap gets, by verdict and by what the chip says beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from suyuan.core.nfc.seal import Seal
from suyuan.verification.values import Tap, Verdict, Verification
from suyuan.web.consumer.words import VERDICTS, VerdictWords

OPENED: Final = "opened"  # the seal is or was open
AGAIN: Final = "again"  # the same device loads the page again

_ONCE = pgettext_lazy(
    "consumer",
    "The chip keeps a key that nobody can read out. At each tap it signs a new number with it, and"
    " we take each number only once. So neither a copied label nor a copied link leads to"
    " “genuine” a second time.",
)
_TAP_AGAIN = pgettext_lazy(
    "consumer",
    "Hold your phone to the chip once more. If the answer stays the same, it is probably a"
    " counterfeit: do not use it, keep the package, and tell us.",
)

TAP_VERDICTS: Final[Mapping[tuple[Verdict, str], VerdictWords]] = {
    (Verdict.TAP_GENUINE, ""): VerdictWords(
        "good",
        "check",
        pgettext_lazy("verdict title", "Genuine: the chip proves it"),
        pgettext_lazy(
            "consumer",
            "The chip that you have just tapped is one that %(brand)s put on these very goods.",
        ),
        pgettext_lazy("consumer", "Everything is in order. Enjoy it."),
        _ONCE,
    ),
    (Verdict.TAP_GENUINE, OPENED): VerdictWords(
        "warn",
        "eye",
        pgettext_lazy("verdict title", "Genuine chip, opened seal"),
        pgettext_lazy(
            "consumer",
            "The chip is one that %(brand)s put on these goods, but the seal that it watches has"
            " been opened.",
        ),
        pgettext_lazy(
            "consumer",
            "Did you open it yourself? Then all is well. If you have just bought it as sealed, what"
            " is inside may have been exchanged: do not use it, and tell us.",
        ),
        pgettext_lazy(
            "consumer",
            "A thin wire runs from the chip through the seal. Once it is torn, the chip says so for"
            " ever, even if the seal is mended.",
        ),
    ),
    (Verdict.TAP_REPLAYED, ""): VerdictWords(
        "warn",
        "eye",
        pgettext_lazy("verdict title", "Used link: tap again"),
        pgettext_lazy(
            "consumer",
            "Every tap makes a link that is good for one check. This one was used before, so it"
            " proves nothing now.",
        ),
        pgettext_lazy(
            "consumer",
            "Hold your phone to the chip itself. If the answer stays the same, or if you have"
            " this link from a picture, a QR code or a message, the goods may be counterfeit: tell"
            " us.",
        ),
        _ONCE,
    ),
    (Verdict.TAP_REPLAYED, AGAIN): VerdictWords(
        "note",
        "eye",
        pgettext_lazy("verdict title", "You have checked this tap already"),
        pgettext_lazy(
            "consumer",
            "This phone checked this tap at %(time)s. Loading the page again is no new check.",
        ),
        pgettext_lazy("consumer", "For a new check, hold your phone to the chip once more."),
        _ONCE,
    ),
    (Verdict.TAP_INVALID, ""): VerdictWords(
        "bad",
        "cross",
        pgettext_lazy("verdict title", "Chip not genuine"),
        pgettext_lazy("consumer", "No chip of %(brand)s has signed this link."),
        _TAP_AGAIN,
        pgettext_lazy(
            "consumer",
            "A genuine chip signs each link with a key that nobody can read out. Where a signature"
            " is wrong or missing, the link is not from such a chip, or was changed on its way.",
        ),
    ),
    (Verdict.TAP_UNKNOWN, ""): VerdictWords(
        "warn",
        "pause",
        pgettext_lazy("verdict title", "Chip not in use"),
        pgettext_lazy(
            "consumer",
            "The chip is one of %(brand)s, but it is not reported as being on any goods.",
        ),
        pgettext_lazy("consumer", "Please do not use the product before you have asked us."),
        pgettext_lazy(
            "consumer",
            "Each chip is entered for the goods that it is put on. One that is not may come from a"
            " report that is still on its way, or from chips that were taken.",
        ),
    ),
    (Verdict.TAP_MISMATCH, ""): VerdictWords(
        "bad",
        "cross",
        pgettext_lazy("verdict title", "Chip of other goods"),
        pgettext_lazy(
            "consumer",
            "The chip is one of %(brand)s, but it belongs to other goods than this address names.",
        ),
        pgettext_lazy(
            "consumer",
            "Somebody may have moved the chip. Do not use the product, keep the package, and tell"
            " us.",
        ),
        pgettext_lazy(
            "consumer",
            "Each chip is entered for one item. Here the chip and the address name two different"
            " ones, which never happens on goods as they left the factory.",
        ),
    ),
}

TAP_WORDS: Final[Mapping[str, VerdictWords]] = {
    f"{verdict}_{variant}" if variant else verdict.value: words
    for (verdict, variant), words in TAP_VERDICTS.items()
}
"""The same by name, as `name_of` makes it."""

CHECKS: Final[Mapping[Verdict, Promise]] = {
    Verdict.TAP_GENUINE: pgettext_lazy("chip check", "Genuine, a new signature"),
    Verdict.TAP_REPLAYED: pgettext_lazy("chip check", "Signature used before"),
    Verdict.TAP_INVALID: pgettext_lazy("chip check", "No genuine signature"),
    Verdict.TAP_UNKNOWN: pgettext_lazy("chip check", "Genuine, but on no goods"),
    Verdict.TAP_MISMATCH: pgettext_lazy("chip check", "Genuine, but of other goods"),
}

SEALS: Final[Mapping[Seal, Promise]] = {
    Seal.INTACT: pgettext_lazy("seal", "Never opened"),
    Seal.OPEN: pgettext_lazy("seal", "Open now"),
    Seal.OPENED: pgettext_lazy("seal", "Opened before, closed again"),
    Seal.UNKNOWN: pgettext_lazy("seal", "Not measured"),
}


# Of a chip that is elsewhere, the seal says nothing about what the reader holds.
_ON_THESE_GOODS: Final = frozenset({Verdict.TAP_GENUINE, Verdict.TAP_REPLAYED})


@dataclass(frozen=True, slots=True)
class ChipWords:
    """What a page says about the chip beside the verdict; empty parts are left out."""

    check: str = ""
    seal: str = ""
    opened: str = ""  # when a tap first told of an open seal
    broken: bool = False


def variant_of(tap: Tap | None, verdict: Verdict) -> str:
    """Return which words of a verdict fit."""
    if tap is None:
        return ""
    if verdict is Verdict.TAP_GENUINE and tap.broken:
        return OPENED
    if verdict is Verdict.TAP_REPLAYED and tap.checked_at is not None:
        return AGAIN
    return ""


def name_of(found: Verification) -> str:
    """Return the name of the words of an answer: its verdict's, or a variant of it."""
    variant = variant_of(found.tap, found.verdict)
    return f"{found.verdict}_{variant}" if variant else found.verdict.value


def words_of(found: Verification) -> VerdictWords:
    """Return the words of an answer."""
    return TAP_WORDS.get(name_of(found)) or VERDICTS[found.verdict]


def chip_words(found: Verification, moment: Callable[[datetime], str]) -> ChipWords | None:
    """Return what is said about the chip; None where there is nothing to add to the verdict.

    `moment` writes a time.
    """
    tap = found.tap
    if tap is None:
        return None
    check = "" if found.verdict is tap.verdict else str(CHECKS[tap.verdict])
    if tap.verdict not in _ON_THESE_GOODS:
        return ChipWords(check) if check else None
    seal = str(SEALS[tap.seal]) if tap.seal is not None else ""
    if tap.seal is Seal.INTACT and tap.opened_at is not None:
        # What a tap once told of an open seal stays true, whatever comes later.
        seal = str(SEALS[Seal.OPENED])
    opened = moment(tap.opened_at) if tap.opened_at is not None else ""
    return ChipWords(check, seal, opened, tap.broken) if check or seal or opened else None
