"""How long the company prefix is, which a number alone does not tell.

Owns: the rule by which a GTIN's or SSCC's partition is chosen.

An own GS1 company prefix says it. One of four or five digits counts as one of six (TDS §7.1). A
number for restricted circulation has no company prefix in the world: its tag is divided after six
digits, the 2, the company's number here and one more, as its logistic units are numbered. A number
that GS1 gave out singly counts as a prefix of twelve (TDS §7.2); nobody but its holder knows, so
that has to be said.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from suyuan.core.identifiers import Gtin, Identity, Scheme
from suyuan.core.identifiers.binary import PREFIX_BITS
from suyuan.rfid.errors import TagPrefixUnknown
from suyuan.tenancy.selectors import company_prefix_length

_SHORTEST: Final = min(PREFIX_BITS)
_RESTRICTED_SSCC: Final = "2"


class PrefixSource(StrEnum):
    """Why a length was chosen."""

    OWN = "own"  # a GS1 company prefix of the organisation
    RESTRICTED = "restricted"  # a number for use inside this installation
    GIVEN = "given"  # somebody said it


class PrefixLength(NamedTuple):
    """Digits of the company prefix, 6 to 12, and why."""

    digits: int
    source: PrefixSource

    @property
    def partition(self) -> int:
        """The partition value of the tag."""
        return max(PREFIX_BITS) - self.digits


def prefix_length(organisation_id: int, identity: Identity) -> PrefixLength | None:
    """Return how the tag of an item or a logistic unit is divided, None where it is not known."""
    own = company_prefix_length(organisation_id, identity.primary[1:])
    if own is not None:
        return PrefixLength(max(own, _SHORTEST), PrefixSource.OWN)
    if identity.scheme is Scheme.SSCC:
        restricted = identity.primary[1:].startswith(_RESTRICTED_SSCC)
    else:
        restricted = Gtin(identity.primary).is_restricted
    return PrefixLength(_SHORTEST, PrefixSource.RESTRICTED) if restricted else None


def required_prefix_length(
    organisation_id: int, identity: Identity, given: int | None = None
) -> PrefixLength:
    """Return the length that tags are written with; `given` counts where ours is not known.

    Raises:
        TagPrefixUnknown: it is not known, and none is given.
    """
    known = prefix_length(organisation_id, identity)
    if known is not None:
        return known
    if given is None:
        raise TagPrefixUnknown(place="prefix_length", number=identity.primary)
    return PrefixLength(given, PrefixSource.GIVEN)
