"""The one error of this package: a stable code and data, no text for people."""

from __future__ import annotations


class NfcError(ValueError):
    """A chip's message, a record or a key was refused.

    Attributes:
        code: Stable and machine-readable, such as ``tap_mac_wrong``.
        data: What was given and what was expected. Never a key, nor a MAC that would be right.
    """

    code: str
    data: dict[str, object]

    def __init__(self, code: str, **data: object) -> None:
        """Keep ``code`` and ``data``; both are ``args`` too, so that the error can be pickled."""
        self.code = code
        self.data = data
        super().__init__(code, data)
