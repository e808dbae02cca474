"""What the domain of chips refuses: codes and data, no text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from suyuan.core.nfc.errors import NfcError
from suyuan.kernel.errors import Conflict, Invalid, SuyuanError


class TapRefused(SuyuanError):
    """A link is of no chip with keys of ours; `code` says why, for those who may know.

    Consumers are told no more than that it is not genuine.
    """

    code = "tap_mac_wrong"

    def __init__(self, code: str, data: Mapping[str, object] | None = None) -> None:
        """Take the code as the instance's own."""
        super().__init__()
        self.data = dict(data or {})
        self.code = code  # type: ignore[misc]  # an instance may narrow its class's code


class ProfileNameTaken(Conflict):
    """Another profile of the organisation has the name."""

    code = "nfc_profile_name_taken"


class VersionRevoked(Conflict):
    """The version's keys were revoked: no chip is to be written with them."""

    code = "nfc_version_revoked"


class ChangedMeanwhile(Conflict):
    """Somebody else gave the profile new keys at the same time."""

    code = "nfc_changed_meanwhile"


@contextmanager
def as_input(**places: str) -> Iterator[None]:
    """Turn an `NfcError` into `Invalid`; `places` names a code's field where the error does not."""
    try:
        yield
    except NfcError as error:
        data: dict[str, Any] = dict(error.data)
        place = str(data.pop("field", "") or places.get(error.code, ""))
        raise Invalid(error.code, place=place, **data) from error
