"""Every act on partners: connect and end, share and unshare, tokens and people, the sandbox.

Each is one transaction, checks the actor's right first, and writes its own audit entry.
"""

from suyuan.partners.services.access import (
    invite_person,
    issue_partner_token,
    remove_person,
    revoke_partner_token,
    withdraw_invitation,
)
from suyuan.partners.services.connecting import connect_partner, end_partner, update_partner
from suyuan.partners.services.sandbox import open_sandbox, reset_sandbox
from suyuan.partners.services.sharing import share, unshare

__all__ = [
    "connect_partner",
    "end_partner",
    "invite_person",
    "issue_partner_token",
    "open_sandbox",
    "remove_person",
    "reset_sandbox",
    "revoke_partner_token",
    "share",
    "unshare",
    "update_partner",
    "withdraw_invitation",
]
