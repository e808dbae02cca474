"""Stored queries, subscriptions and their receivers.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "query_unknown": _("There is no stored query of that name."),
    "query_name_taken": _("Another query is called “%(given)s” already."),
    "query_large": _("The query is too long: at most %(limit)s bytes."),
    "query_too_large": _("More events fit than the query allows (maxEventCount)."),
    "query_too_complex": _("The query takes more work than one look may do. Narrow it."),
    "name_slash": _("A name here has no slash, and is more than a dot."),
    "subscription_unknown": _("There is no such subscription."),
    "subscription_name_taken": _("Another subscription is called “%(given)s” already."),
    "delivery_unknown": _("There is no such message."),
    "delivery_not_dead": _("Only a message that was given up can be sent again or removed."),
    "too_many": _("There are %(limit)s already, which is all there can be. Remove one first."),
    "stream_or_schedule": _("Choose one: tell at once, or by a schedule."),
    "schedule_empty": _("A schedule needs at least one field."),
    "schedule_field": _("A schedule has no field “%(given)s”."),
    "schedule_value": _(
        "“%(given)s” does not fit here: numbers from %(low)s to %(high)s, lists such as 1,3 and"
        " ranges such as [8-18]."
    ),
    "schedule_never": _("No day fits this schedule."),
    "control_value": _("“%(given)s” does not fit here."),
    "control_unknown": _("A subscription has no member “%(given)s”."),
    "upgrade_needed": _("This is for websockets alone."),
    "signature_token": _("A signature token has at most %(limit)s characters."),
    "dest_url": _("This is no address that messages can be posted to; it begins with https://."),
    "dest_user": _("The address holds a user's name or password. Leave it out."),
    "dest_plain": _(
        "Messages go over https:// only. Whoever runs the installation can allow plain HTTP to a"
        " receiver (SUYUAN_WEBHOOK_ALLOW)."
    ),
    "dest_private": _(
        "This address lies in a private network. Whoever runs the installation can allow it"
        " (SUYUAN_WEBHOOK_ALLOW)."
    ),
    "query_parameter": _("The query language has no parameter “%(given)s”."),
    "query_exclusive": _("This parameter and %(other)s cannot stand together."),
    "query_needs_order": _("This parameter needs orderBy beside it."),
    "query_too_many_values": _("A query has at most %(most)s values."),
    "query_value_missing": _("This parameter needs a value."),
    "query_value_repeated": _("This parameter takes one value."),
    "query_value_text": _("“%(given)s” is no text that fits here."),
    "query_value_time": _("“%(given)s” is no time with its zone."),
    "query_value_number": _("“%(given)s” is no number."),
    "query_value_boolean": _("“%(given)s” is neither true nor false."),
    "query_count": _("“%(given)s” is no count."),
    "query_direction": _("The direction is ASC or DESC, not “%(given)s”."),
    "query_order": _("Events cannot be ordered by “%(given)s”."),
    "query_event_type": _("There is no event type “%(given)s”."),
    "query_action": _("There is no action “%(given)s”."),
    "query_word": _("The vocabulary has no word “%(given)s”."),
}
