"""What masterdata refuses: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, SuyuanError


class CodeTaken(Conflict):
    """Another row of the organisation has this code."""

    code = "code_taken"


class GlnTaken(Conflict):
    """Another party, or another location, of the organisation has this GLN."""

    code = "gln_taken"


class GtinTaken(Conflict):
    """Another product or material of the organisation has this GTIN."""

    code = "gtin_taken"


class GtinClaimed(Conflict):
    """Another organisation of the installation answers for this GTIN in public."""

    code = "gtin_claimed"


class NumbersExhausted(Conflict):
    """The organisation has no restricted-circulation number left."""

    code = "restricted_numbers_exhausted"


class CodesIssued(Conflict):
    """Codes of the product are out in the world, so this can no longer change."""

    code = "codes_issued"


class NotSerialised(Conflict):
    """The product has no numbering key: it is traded goods, or followed by batch."""

    code = "not_serialised"


class KeyChangedMeanwhile(Conflict):
    """Someone else gave the product a new numbering key at the same time."""

    code = "key_changed_meanwhile"


class KeysUnreadable(SuyuanError):
    """The numbering keys were encrypted under another `SUYUAN_SECRET_KEY`."""

    code = "serial_keys_unreadable"
    status = 500


class TooManyPictures(Conflict):
    """The product has as many pictures as a page shows."""

    code = "too_many_pictures"
