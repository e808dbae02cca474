"""What verification refuses: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import SuyuanError


class TooManyAsked(SuyuanError):
    """A network has asked for too many codes that do not exist, or for too much at all.

    `data["seconds"]`: after how long to ask again.
    """

    code = "too_many_asked"
    status = 429
