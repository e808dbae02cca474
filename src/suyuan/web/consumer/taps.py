"""The tap of a chip, as an address: its parameters, and the ways in that are not a check.

Owns: which requests use a tap up, and which parameters a page keeps in its own links.
Does not own: verdicts on taps (verification.taps), their words (tap_words).

A tap is good for one check. So whoever fetches a page that nobody is looking at yet (a prefetch, a
preview of a link, HEAD) gets 503, which makes a browser ask again when somebody does look. A form
that is sent from a page carries the tap along without using it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from suyuan.kernel.errors import Invalid, NotFound, SuyuanError
from suyuan.verification.values import SeenBy

DOOR: Final = "/n/"
_MOST_KEPT: Final = 12
_LONGEST_KEPT: Final = 600


class SeenAhead(SuyuanError):
    """Nobody is looking at the page yet: the tap is not used up."""

    code = "tap_ahead"
    status = 503


class DoorUnknown(NotFound):
    """No profile has this tap address."""

    code = "tap_address_unknown"


def public_id_of(path: str) -> str:
    """Return the profile's public id in a tap address."""
    return path.removeprefix(DOOR).rstrip("/")


def refuse_ahead(request: HttpRequest, asker: SeenBy) -> None:
    """Refuse a look that does not count, unless it sends a form.

    Raises:
        SeenAhead: see above.
    """
    if not asker.counts and request.method != "POST":
        raise SeenAhead


def needs_message(parameters: QueryDict) -> None:
    """Refuse an address without any parameters: nobody has tapped.

    Raises:
        Invalid: `tap_missing`.
    """
    if not any(name != "lang" for name in parameters):
        raise Invalid("tap_missing")


def kept(parameters: QueryDict) -> str:
    """Return the parameters of a tap for the page's own links, ready to stand in front of `lang`.

    In another language the page is the same tap, checked already, rather than a mere scan.
    """
    pairs = [(name, value) for name, value in parameters.items() if name != "lang"]
    text = urlencode([(name, str(value)) for name, value in pairs[:_MOST_KEPT]])
    return f"{text}&" if text and len(text) <= _LONGEST_KEPT else ""
