"""Errors that carry a stable code and data; text is written where it is shown.

Owns: the base classes that the edges (web, api, cli) know how to show.
"""

from __future__ import annotations

from typing import ClassVar


class SuyuanError(Exception):
    """Something a user can be told about.

    `code` is stable and is documented; `data` holds what the message needs (no personal data, no
    secrets); `place` points at the fault in the input (a JSON pointer, a row, a field), if any.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, *, place: str = "", **data: object) -> None:
        """Keep the place and the data for the edge that writes the sentence."""
        super().__init__(self.code, place, data)
        self.place = place
        self.data = data


class NotFound(SuyuanError):
    """Unknown, or another organisation's: the two look alike on purpose."""

    code = "not_found"
    status = 404


class Forbidden(SuyuanError):
    """The caller's own organisation, but not within the caller's rights."""

    code = "forbidden"
    status = 403


class Conflict(SuyuanError):
    """The act does not fit the present state."""

    code = "conflict"
    status = 409


class Invalid(SuyuanError):
    """The input is not what it must be.

    `code` may be given an instance, so that one class serves a table of faults.
    """

    code = "invalid"

    def __init__(self, code: str = "invalid", *, place: str = "", **data: object) -> None:
        """Set the instance's own stable code."""
        super().__init__(place=place, **data)
        self.code = code  # type: ignore[misc]  # an instance may narrow its class's code
        self.args = (code, place, data)
