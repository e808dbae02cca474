"""Every act on organisations, people, roles and tokens.

Each is one transaction, checks the actor's right first, and writes its own audit entry.
"""

from suyuan.tenancy.services.grants import set_grants, set_grants_table
from suyuan.tenancy.services.organisations import (
    add_company_prefix,
    create_organisation,
    remove_company_prefix,
    rename_organisation,
    sandbox_for,
)
from suyuan.tenancy.services.people import (
    accept_invitation,
    change_role,
    invite,
    invite_for_partner,
    remove_for_partner,
    remove_member,
    update_profile,
    withdraw_invitation,
)
from suyuan.tenancy.services.tokens import (
    authenticate_token,
    issue_partner_token,
    issue_token,
    revoke_token,
)

__all__ = [
    "accept_invitation",
    "add_company_prefix",
    "authenticate_token",
    "change_role",
    "create_organisation",
    "invite",
    "invite_for_partner",
    "issue_partner_token",
    "issue_token",
    "remove_company_prefix",
    "remove_for_partner",
    "remove_member",
    "rename_organisation",
    "revoke_token",
    "sandbox_for",
    "set_grants",
    "set_grants_table",
    "update_profile",
    "withdraw_invitation",
]
