"""What a recall begins with: texts that people type, scan or arrive with, as keys.

Owns: `Start`, `read_starts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.capture import identities
from suyuan.core.identifiers import Scheme
from suyuan.kernel.errors import Invalid
from suyuan.quality.targets import resolve_spoken

MOST_STARTS = 1_000
_NO_GOODS = {Scheme.SGLN, Scheme.PGLN}
_OWN_NAMES = "urn:suyuan:"  # places and parties without a GLN


@dataclass(frozen=True, slots=True)
class Start:
    """One thing that is known to be bad."""

    key: int
    text: str  # canonical


def read_starts(*, organisation_id: int, texts: Sequence[str]) -> list[Start]:
    """Return the starts behind `texts`, each once, in their order.

    Raises:
        Invalid: ``starts_required``, ``too_many_starts``, or ``identity_unknown`` with the place
            of the first text that is malformed or names nothing this organisation has seen;
            ``not_goods`` for a place or a party.
    """
    given = [" ".join(text.split()) for text in texts]
    if not any(given):
        raise Invalid("starts_required", place="/starts")
    if len(given) > MOST_STARTS:
        raise Invalid("too_many_starts", place="/starts", limit=MOST_STARTS)
    keys = {
        _key(organisation_id, text, f"/starts/{position}"): text
        for position, text in enumerate(given)
        if text
    }
    known = identities.identities_of(organisation_id, keys)
    for position, identity in enumerate(known[key] for key in keys):
        if identity.scheme in _NO_GOODS or identity.primary.startswith(_OWN_NAMES):
            raise Invalid("not_goods", place=f"/starts/{position}")
    return [Start(key, known[key].digital_link()) for key in keys]


def _key(organisation_id: int, text: str, place: str) -> int:
    key = resolve_spoken(organisation_id=organisation_id, text=text)
    if key is None:
        raise Invalid("identity_unknown", place=place, given=text[:80])
    return key
