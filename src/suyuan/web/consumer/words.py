"""The words of the consumer's page: one table for verdicts, one for steps, one for faults.

Invariant: a verdict is told by colour, by icon and by words; never by one of them alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from suyuan.verification.journey import PublicStep
from suyuan.verification.values import Verdict


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """How a verdict is said. Sentences may use %(brand)s, %(count)s, %(time)s and %(lot)s."""

    tone: str  # good, note, warn, bad
    icon: str  # a template of consumer/icons/
    title: Promise
    lead: Promise
    advice: Promise
    meaning: Promise


VERDICTS: Final[Mapping[Verdict, VerdictWords]] = {
    Verdict.GENUINE_FIRST: VerdictWords(
        "good",
        "check",
        pgettext_lazy("verdict title", "Genuine, first check"),
        pgettext_lazy(
            "consumer", "This code was issued by %(brand)s, and nobody checked it before you."
        ),
        pgettext_lazy("consumer", "Everything is in order. Enjoy it."),
        pgettext_lazy(
            "consumer",
            "Every item has a code of its own that cannot be guessed. Yours is one that the brand"
            " issued and put on goods, and this is the first time that anybody looks it up. If you"
            " open the page again within ten minutes, it still counts as the first time.",
        ),
    ),
    Verdict.GENUINE_SEEN: VerdictWords(
        "note",
        "eye",
        pgettext_lazy("verdict title", "Genuine code, checked before"),
        pgettext_lazy(
            "consumer", "This code was issued by %(brand)s. It has been checked %(count)s times."
        ),
        pgettext_lazy(
            "consumer",
            "Was it you, or somebody at home? Then all is well. If the package was sealed and"
            " nobody you know has checked it, the code may have been copied: tell us below.",
        ),
        pgettext_lazy(
            "consumer",
            "A code can be copied, but a copy is found out: it has been checked before. Checks from"
            " places where you have never been are a sign of that.",
        ),
    ),
    Verdict.NOT_ACTIVATED: VerdictWords(
        "warn",
        "pause",
        pgettext_lazy("verdict title", "Not activated"),
        pgettext_lazy(
            "consumer", "%(brand)s issued this code, but no goods have been reported with it."
        ),
        pgettext_lazy("consumer", "Please do not use the product before you have asked us."),
        pgettext_lazy(
            "consumer",
            "A code is activated when it is put on an item at the factory. One that is not may come"
            " from a report that is still on its way, or from labels that were taken.",
        ),
    ),
    Verdict.WITHDRAWN: VerdictWords(
        "bad",
        "stop",
        pgettext_lazy("verdict title", "Withdrawn label"),
        pgettext_lazy(
            "consumer",
            "%(brand)s withdrew this code before it was put on any goods: its label was spoiled or"
            " lost.",
        ),
        pgettext_lazy(
            "consumer",
            "Whatever bears it is not from us. Please do not use it, keep the package, and tell us"
            " below where you got it.",
        ),
        pgettext_lazy(
            "consumer",
            "Labels get spoiled in printing, or go missing. Their codes are withdrawn and never"
            " activated, so that nobody can pass off other goods with them.",
        ),
    ),
    Verdict.NEVER_ISSUED: VerdictWords(
        "bad",
        "cross",
        pgettext_lazy("verdict title", "No such code"),
        pgettext_lazy("consumer", "%(brand)s has never issued this code."),
        pgettext_lazy(
            "consumer",
            "If you typed it, compare it with the package once more. If the package really says so,"
            " it is probably a counterfeit: do not use it, and tell us below.",
        ),
        pgettext_lazy(
            "consumer",
            "Codes of the brand cannot be made up: of a million million invented ones, not one"
            " would be found here.",
        ),
    ),
    Verdict.RECALLED: VerdictWords(
        "bad",
        "stop",
        pgettext_lazy("verdict title", "Recalled: do not use"),
        pgettext_lazy("consumer", "%(brand)s is calling this item back."),
        pgettext_lazy(
            "consumer", "Stop using it, keep it, and contact the seller or us: see below."
        ),
        pgettext_lazy(
            "consumer",
            "The brand has found, or cannot exclude, a fault in these goods, and takes them back."
            " The code itself is genuine.",
        ),
    ),
    Verdict.LOT_GENUINE: VerdictWords(
        "good",
        "check",
        pgettext_lazy("verdict title", "Batch on record"),
        pgettext_lazy("consumer", "%(brand)s made batch %(lot)s."),
        pgettext_lazy("consumer", "It is not being recalled."),
        pgettext_lazy(
            "consumer",
            "A batch number is the same on all goods of a batch and can be copied. It tells where"
            " the goods come from, but not whether this one is genuine.",
        ),
    ),
    Verdict.LOT_RECALLED: VerdictWords(
        "bad",
        "stop",
        pgettext_lazy("verdict title", "Batch recalled: do not use"),
        pgettext_lazy("consumer", "%(brand)s is calling back batch %(lot)s."),
        pgettext_lazy(
            "consumer", "Stop using it, keep it, and contact the seller or us: see below."
        ),
        pgettext_lazy(
            "consumer",
            "The brand has found, or cannot exclude, a fault in these goods, and takes them back.",
        ),
    ),
    Verdict.LOT_UNKNOWN: VerdictWords(
        "bad",
        "cross",
        pgettext_lazy("verdict title", "No such batch"),
        pgettext_lazy("consumer", "%(brand)s has no batch %(lot)s on record."),
        pgettext_lazy(
            "consumer",
            "If you typed it, compare it with the package once more. If the package really says so,"
            " ask us before you use it.",
        ),
        pgettext_lazy(
            "consumer", "Batches are recorded when they are made, before goods leave the factory."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class StepWords:
    """How a step of the journey is said."""

    label: Promise
    tone: str = ""


STEPS: Final[Mapping[PublicStep, StepWords]] = {
    PublicStep.MADE: StepWords(pgettext_lazy("public step", "Made")),
    PublicStep.CODED: StepWords(pgettext_lazy("public step", "Given its code")),
    PublicStep.INSPECTED: StepWords(pgettext_lazy("public step", "Inspected")),
    PublicStep.LEFT: StepWords(pgettext_lazy("public step", "On its way")),
    PublicStep.ARRIVED: StepWords(pgettext_lazy("public step", "Arrived")),
    PublicStep.SOLD: StepWords(pgettext_lazy("public step", "Sold")),
    PublicStep.DELIVERED: StepWords(pgettext_lazy("public step", "Delivered")),
    PublicStep.RETURNED: StepWords(pgettext_lazy("public step", "Returned")),
    PublicStep.RECALLED: StepWords(pgettext_lazy("public step", "Recalled"), "bad"),
    PublicStep.DESTROYED: StepWords(pgettext_lazy("public step", "Destroyed"), "bad"),
}


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What a page says that has nothing to show."""

    title: Promise
    text: Promise


_DIGITS = FaultWords(
    pgettext_lazy("fault", "This number cannot be right"),
    pgettext_lazy(
        "fault",
        "A digit of the product number is missing or wrong. Scan the code again, or compare the"
        " address with the one on the package.",
    ),
)
_CODE = FaultWords(
    pgettext_lazy("fault", "This code cannot be right"),
    pgettext_lazy(
        "fault",
        "It is too long, or has characters that no code has. Scan it again, or compare the address"
        " with the one on the package.",
    ),
)
FAULTS: Final[Mapping[str, FaultWords]] = {
    "gtin_length": _DIGITS,
    "gtin_check_digit": _DIGITS,
    "not_digits": _DIGITS,
    "sscc_length": _DIGITS,
    "sscc_check_digit": _DIGITS,
    "lot_malformed": _CODE,
    "serial_malformed": _CODE,
    "link_malformed": FaultWords(
        pgettext_lazy("fault", "This address cannot be read"),
        pgettext_lazy(
            "fault", "Scan the code on the package again: a part of the address is missing."
        ),
    ),
    "product_unknown": FaultWords(
        pgettext_lazy("fault", "We do not know this product"),
        pgettext_lazy(
            "fault",
            "No brand here answers for this product number. If the package brought you here,"
            " ask its seller, and be careful: brands print only addresses that work.",
        ),
    ),
    "unit_unknown": FaultWords(
        pgettext_lazy("fault", "We do not know this parcel number"),
        pgettext_lazy("fault", "It is not from a brand here. Scan the code on the product itself."),
    ),
    "link_type_unknown": FaultWords(
        pgettext_lazy("fault", "There is nothing of this kind here"),
        pgettext_lazy(
            "fault", "Scan the code on the package again to see everything we know about it."
        ),
    ),
    "too_many_asked": FaultWords(
        pgettext_lazy("fault", "One moment, please"),
        pgettext_lazy(
            "fault",
            "Very many codes that do not exist have been asked for from your network. Codes on real"
            " goods still work: scan yours again in a minute.",
        ),
    ),
    "complaint_too_large": FaultWords(
        pgettext_lazy("fault", "That is too much to send at once"),
        pgettext_lazy(
            "fault",
            "Send at most three pictures of 8 MB each. Go back, choose fewer or smaller ones, and"
            " send your words again.",
        ),
    ),
    "tap_address_unknown": FaultWords(
        pgettext_lazy("fault", "We do not know this address"),
        pgettext_lazy(
            "fault",
            "No chips of a brand here lead to it. If you tapped a chip on goods, ask their seller,"
            " and be careful.",
        ),
    ),
    "tap_missing": FaultWords(
        pgettext_lazy("fault", "Please tap the chip"),
        pgettext_lazy(
            "fault",
            "This address alone says nothing. Hold your phone to the chip on the package, and"
            " open the link that appears.",
        ),
    ),
    "tap_ahead": FaultWords(
        pgettext_lazy("fault", "Open this page to check the chip"),
        pgettext_lazy("fault", "Each tap is good for one check, which is not spent on a preview."),
    ),
    "method": FaultWords(
        pgettext_lazy("fault", "This address can only be read"),
        pgettext_lazy("fault", "Scan the code on the package again."),
    ),
}


def fault(code: str) -> FaultWords:
    """Return the words for a fault; an unknown code is an address that cannot be read."""
    return FAULTS.get(code) or FAULTS["link_malformed"]
