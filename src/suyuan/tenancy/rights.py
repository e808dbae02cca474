"""Rights and roles, as tables.

A right is a stable word that a gate asks for; a role is a default set of them, which each
organisation can change (`tenancy.models.RoleGrant`).
"""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What a person or a token may do."""

    MASTERDATA_VIEW = "masterdata.view"
    MASTERDATA_EDIT = "masterdata.edit"
    CODES_VIEW = "codes.view"
    CODES_ORDER = "codes.order"
    CODES_DOWNLOAD = "codes.download"
    CODES_ROTATE_KEY = "codes.rotate_key"
    LABELS_DESIGN = "labels.design"
    LABELS_PRINT = "labels.print"
    CARRIERS_VIEW = "carriers.view"
    CARRIERS_BIND = "carriers.bind"
    CARRIERS_KEYS = "carriers.keys"
    READERS_EDIT = "readers.edit"
    EVENTS_VIEW = "events.view"
    EVENTS_CAPTURE = "events.capture"
    EVENTS_DELIVER = "events.deliver"
    EVENTS_SHARED = "events.shared"
    PARTNERS_VIEW = "partners.view"
    PARTNERS_EDIT = "partners.edit"
    SUBSCRIPTIONS_EDIT = "subscriptions.edit"
    TRACE_VIEW = "trace.view"
    QUALITY_VIEW = "quality.view"
    QUALITY_EDIT = "quality.edit"
    RECALL_VIEW = "recall.view"
    RECALL_ACT = "recall.act"
    SCANS_VIEW = "scans.view"
    PEOPLE_MANAGE = "people.manage"
    TOKENS_MANAGE = "tokens.manage"
    ORGANISATION_EDIT = "organisation.edit"
    AUDIT_VIEW = "audit.view"


class Role(StrEnum):
    """What a member of an organisation is."""

    OWNER = "owner"
    PLANNER = "planner"
    PRODUCTION = "production"
    WAREHOUSE = "warehouse"
    QUALITY = "quality"
    CUSTOMER_SERVICE = "customer_service"
    MARKETING = "marketing"
    AUDITOR = "auditor"
    PARTNER = "partner"


_SEE = frozenset({Right.MASTERDATA_VIEW, Right.EVENTS_VIEW, Right.TRACE_VIEW, Right.QUALITY_VIEW})
_SEE_ALL = frozenset(right for right in Right if right.endswith(".view"))

DEFAULT_GRANTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.PLANNER: _SEE
    | {
        Right.MASTERDATA_EDIT,
        Right.CODES_VIEW,
        Right.CODES_ORDER,
        Right.CODES_DOWNLOAD,
        Right.LABELS_DESIGN,
        Right.LABELS_PRINT,
        Right.CARRIERS_VIEW,
        Right.CARRIERS_BIND,
        Right.READERS_EDIT,
        Right.PARTNERS_VIEW,
        Right.PARTNERS_EDIT,
        Right.SUBSCRIPTIONS_EDIT,
        Right.RECALL_VIEW,
        Right.SCANS_VIEW,
    },
    Role.PRODUCTION: _SEE
    | {
        Right.CODES_VIEW,
        Right.CODES_DOWNLOAD,
        Right.LABELS_PRINT,
        Right.CARRIERS_VIEW,
        Right.CARRIERS_BIND,
        Right.EVENTS_CAPTURE,
    },
    Role.WAREHOUSE: _SEE
    | {Right.LABELS_PRINT, Right.CARRIERS_VIEW, Right.CARRIERS_BIND, Right.EVENTS_CAPTURE},
    Role.QUALITY: _SEE
    | {Right.QUALITY_EDIT, Right.RECALL_VIEW, Right.RECALL_ACT, Right.SCANS_VIEW},
    Role.CUSTOMER_SERVICE: _SEE
    | {Right.QUALITY_EDIT, Right.CARRIERS_VIEW, Right.SCANS_VIEW, Right.RECALL_VIEW},
    Role.MARKETING: frozenset({Right.MASTERDATA_VIEW, Right.SCANS_VIEW}),
    Role.AUDITOR: _SEE_ALL,
    Role.PARTNER: frozenset({Right.EVENTS_CAPTURE, Right.EVENTS_DELIVER, Right.EVENTS_SHARED}),
}

# All that anybody may do who acts for a partner (`Actor.holder`), whatever was granted.
PARTNER_RIGHTS: frozenset[Right] = frozenset({Right.EVENTS_DELIVER, Right.EVENTS_SHARED})

# All that a brand's own members may do in its sandbox, whatever their role grants: look.
SANDBOX_RIGHTS: frozenset[Right] = frozenset(
    {
        Right.MASTERDATA_VIEW,
        Right.EVENTS_VIEW,
        Right.TRACE_VIEW,
        Right.PARTNERS_VIEW,
    }
)
