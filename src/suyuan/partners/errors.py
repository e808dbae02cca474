"""What partners are refused: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, Forbidden, Invalid


class AlreadyPartner(Conflict):
    """The party is connected already."""

    code = "already_partner"


class PartnerEnded(Conflict):
    """The partner is not connected any more."""

    code = "partner_ended"


class SharesEverything(Invalid):
    """A rule without any limit needs the explicit word that everything is meant."""

    def __init__(self) -> None:
        """Name the field that says it."""
        super().__init__("shares_everything", place="everything")


class DeliveryRefused(Forbidden):
    """Whoever acts speaks for no partner that may deliver."""

    code = "delivery_refused"


class InsideSandbox(Conflict):
    """A sandbox has no sandbox, and its partners are those of its brand."""

    code = "inside_sandbox"
