"""The words about hidden codes: what the outer code alone says, and what an entry came to.

Invariant: before the hidden code was entered, no word says that the goods are genuine; only that
the code on the outside is one of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.utils.translation import pgettext_lazy

from suyuan.verification.reveals import Opening
from suyuan.web.consumer.words import VerdictWords


class Standing(StrEnum):
    """What is said before anything was entered."""

    ASK = "inner_ask"  # nobody has opened it
    CONFIRM = "inner_confirm"  # a link brought the code along: one button is left
    OPENED = "inner_opened"  # somebody else opened it before


_LAYER = pgettext_lazy(
    "scratch",
    "What is printed on the outside can be photographed and copied. The code under the layer"
    " cannot be seen until somebody scratches it open, and the first time that it is entered is"
    " kept for ever. So a copied label, or a package that was filled again, is found out.",
)

SCRATCH: Final[Mapping[Standing | Opening, VerdictWords]] = {
    Standing.ASK: VerdictWords(
        "ask",
        "scratch",
        pgettext_lazy("verdict title", "Our code. Scratch to be sure"),
        pgettext_lazy(
            "scratch",
            "%(brand)s issued the code on the outside. A second one lies under the layer, and it"
            " decides.",
        ),
        pgettext_lazy("scratch", "Scratch the layer off and enter the code below."),
        _LAYER,
    ),
    Standing.CONFIRM: VerdictWords(
        "ask",
        "scratch",
        pgettext_lazy("verdict title", "One step left"),
        pgettext_lazy(
            "scratch", "You scanned the code under the layer. It has not been checked yet."
        ),
        pgettext_lazy(
            "scratch",
            "The first check is kept with its time: press the button when the goods are in your"
            " hands.",
        ),
        _LAYER,
    ),
    Standing.OPENED: VerdictWords(
        "note",
        "eye",
        pgettext_lazy("verdict title", "Our code, scratched open before"),
        pgettext_lazy("scratch", "The code under this item’s layer has been entered before."),
        pgettext_lazy(
            "scratch",
            "Was it you, or somebody at home? Then all is well. If the layer on your package is"
            " still whole, scratch it and enter its code: your label may be a copy.",
        ),
        _LAYER,
    ),
    Opening.FIRST: VerdictWords(
        "good",
        "check",
        pgettext_lazy("verdict title", "Genuine, first opened now"),
        pgettext_lazy(
            "scratch", "Both codes are right, and nobody entered the hidden one before you."
        ),
        pgettext_lazy(
            "scratch",
            "Everything is in order. Enjoy it. Whoever looks from now on learns that it was"
            " opened today.",
        ),
        _LAYER,
    ),
    Opening.AGAIN: VerdictWords(
        "note",
        "eye",
        pgettext_lazy("verdict title", "Right code, opened before"),
        pgettext_lazy("scratch", "Both codes are right, but you are not the first to enter them."),
        pgettext_lazy(
            "scratch",
            "Was it you, or somebody at home? Then all is well. If the layer was whole before you"
            " scratched it, something is wrong with these goods: tell us below.",
        ),
        _LAYER,
    ),
    Opening.WRONG: VerdictWords(
        "warn",
        "cross",
        pgettext_lazy("verdict title", "This is not the code"),
        pgettext_lazy("scratch", "The code you entered does not belong to this item."),
        pgettext_lazy(
            "scratch",
            "Compare it sign by sign: it has no I, L, O or U. If the label really says so, it is"
            " probably a forgery: do not use the goods, and tell us below.",
        ),
        _LAYER,
    ),
    Opening.LOCKED: VerdictWords(
        "warn",
        "pause",
        pgettext_lazy("verdict title", "Locked after five wrong codes"),
        pgettext_lazy(
            "scratch",
            "Wrong codes were entered for this item five times, so it takes no more for now.",
        ),
        pgettext_lazy(
            "scratch",
            "Tell us below where you bought it and how to reach you. We look at it and open it"
            " again.",
        ),
        _LAYER,
    ),
}
