"""What RFID refuses: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class TagsOverlap(Conflict):
    """Some of these items have tags by another range: `number` names it."""

    code = "tags_overlap"


class NothingToTag(Conflict):
    """Every item of the order has its tag."""

    code = "nothing_to_tag"


class TagRangeEnded(Conflict):
    """The range was ended before."""

    code = "tag_range_ended"


class TagSerialsExhausted(Conflict):
    """The product has fewer tag serials left than items were named."""

    code = "tag_serials_exhausted"


class TagPrefixUnknown(Conflict):
    """The length of the company prefix in a number is not known here."""

    code = "tag_prefix_unknown"
