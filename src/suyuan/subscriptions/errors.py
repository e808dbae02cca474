"""What can be wrong with queries and subscriptions."""

from __future__ import annotations

from typing import Final

from suyuan.kernel.errors import Conflict, Invalid, NotFound

CONTROL_CODES: Final = (
    "stream_or_schedule",
    "schedule_empty",
    "schedule_field",
    "schedule_value",
    "schedule_never",
    "control_value",
    "control_unknown",
    "upgrade_needed",
    "signature_token",
    "dest_url",
    "dest_user",
    "dest_plain",
    "dest_private",
)
"""What makes a subscription impossible: the standard's SubscriptionControlsException."""


class QueryNotFound(NotFound):
    """No stored query of that name."""

    code = "query_unknown"


class QueryNameTaken(Conflict):
    """Another query bears the name."""

    code = "query_name_taken"


class SubscriptionNotFound(NotFound):
    """No subscription of that name."""

    code = "subscription_unknown"


class SubscriptionNameTaken(Conflict):
    """Another subscription bears the name."""

    code = "subscription_name_taken"


class DeliveryNotFound(NotFound):
    """No such message."""

    code = "delivery_unknown"


class SubscriptionControls(Invalid):
    """The schedule, the stream or the first time are not what a subscription can have."""
