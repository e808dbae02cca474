"""The names of rights and roles in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.tenancy.rights import Right, Role

RIGHT_SENTENCES: dict[Right, Promise] = {
    Right.MASTERDATA_VIEW: _("See products, materials, partners and locations"),
    Right.MASTERDATA_EDIT: _("Change products, materials, partners and locations"),
    Right.CODES_VIEW: _("See code orders"),
    Right.CODES_ORDER: _("Order codes"),
    Right.CODES_DOWNLOAD: _("Download codes and labels"),
    Right.CODES_ROTATE_KEY: _("Change a product's numbering key"),
    Right.LABELS_DESIGN: _("Design labels"),
    Right.LABELS_PRINT: _("Print labels, void and reprint them"),
    Right.CARRIERS_VIEW: _("See tags and chips"),
    Right.CARRIERS_BIND: _("Bind and replace tags and chips"),
    Right.CARRIERS_KEYS: _("Manage the keys of NFC chips"),
    Right.READERS_EDIT: _("Set up RFID readers"),
    Right.EVENTS_VIEW: _("See events"),
    Right.EVENTS_CAPTURE: _("Record events"),
    Right.EVENTS_DELIVER: _("Deliver EPCIS documents for a partner"),
    Right.EVENTS_SHARED: _("See the events shared with a partner"),
    Right.PARTNERS_VIEW: _("See who is connected and what is shared with them"),
    Right.PARTNERS_EDIT: _("Connect partners and share events with them"),
    Right.SUBSCRIPTIONS_EDIT: _("Manage stored queries and subscriptions"),
    Right.TRACE_VIEW: _("Trace items and batches"),
    Right.QUALITY_VIEW: _("See inspection reports and complaints"),
    Right.QUALITY_EDIT: _("Change inspection reports and complaints"),
    Right.RECALL_VIEW: _("See recalls"),
    Right.RECALL_ACT: _("Open and close recalls"),
    Right.SCANS_VIEW: _("See consumers' scans"),
    Right.PEOPLE_MANAGE: _("Manage people, roles and rights"),
    Right.TOKENS_MANAGE: _("Manage API tokens"),
    Right.ORGANISATION_EDIT: _("Change the organisation's details"),
    Right.AUDIT_VIEW: _("See the audit trail"),
}

ROLE_NAMES: dict[Role, Promise] = {
    Role.OWNER: pgettext_lazy("role", "Owner"),
    Role.PLANNER: pgettext_lazy("role", "Planner"),
    Role.PRODUCTION: pgettext_lazy("role", "Production"),
    Role.WAREHOUSE: pgettext_lazy("role", "Warehouse"),
    Role.QUALITY: pgettext_lazy("role", "Quality"),
    Role.CUSTOMER_SERVICE: pgettext_lazy("role", "Customer service"),
    Role.MARKETING: pgettext_lazy("role", "Marketing"),
    Role.AUDITOR: pgettext_lazy("role", "Auditor"),
    Role.PARTNER: pgettext_lazy("role", "Partner"),
}


def role_name(role: str) -> str:
    """Return a role's name in the reader's language; an unknown word as it is."""
    return str(ROLE_NAMES[Role(role)]) if role in Role else role
