"""Notices of recalls, answers, returns.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "notices_not_approved": _(
        "Recall %(number)s is not being carried out: nothing is sent before it is approved, or"
        " after it has ended."
    ),
    "nothing_to_send": _("There is no notice that could be sent now."),
    "notice_unknown": _("There is no such notice in this recall."),
    "answer_link_unknown": _(
        "This link is not complete, or not ours. Open it again from the message you were sent."
    ),
    "answers_over": _("This recall has ended; its links no longer take answers."),
    "notice_moved": _("This notice is in another state by now; look at it again."),
    "contacts_columns": _(
        "The first row must name a column for order number or waybill, and one for e-mail or"
        " telephone."
    ),
    "contact_key": _("This row has neither an order number nor a waybill, or one too long."),
    "contact_email": _("“%(given)s” is no e-mail address."),
    "contact_phone": _("“%(given)s” is no telephone number."),
    "contact_name": _("This name is too long, or has signs that cannot be printed."),
    "contact_language": _("“%(given)s” is no language we write in: zh or en."),
    "contact_missing": _("Enter an e-mail address or a telephone number."),
    "template_required": _("Write something here."),
    "template_too_long": _("%(length)s characters are too many (at most %(limit)s)."),
    "notice_placeholder_unknown": _(
        "Line %(line)s, column %(column)s: there is no placeholder {%(given)s}. Below you see"
        " those that there are."
    ),
    "brace_alone": _(
        "Line %(line)s, column %(column)s: a brace stands alone. Write {{ or }} for a brace itself."
    ),
    "link_missing": _("The text needs {link}: without it nobody can answer."),
    "channel_unknown": _("There is no such way to send messages: %(given)s."),
    "remind_days": _("Enter a number of days from 1 to %(limit)s."),
    "forget_days": _("Enter a number of days from 1 to %(limit)s."),
    "answer_unknown": _("This answer is none that can be given here."),
    "answer_negative": _("Enter numbers from 0 up."),
    "answer_missing": _("Tell of at least one item."),
    "answer_too_many": _("You told of %(given)s items, but there are only %(limit)s."),
    "scan_missing": _("Scan or enter a code."),
    "too_many_scans": _("Enter at most %(limit)s codes at a time."),
    "no_address": _("There is no e-mail address any more."),
    "mail_server_away": _("The mail server could not be reached; it is tried again."),
    "mail_refused": _("The mail server refused it."),
    "address_malformed": _("The address is none that a mail server takes."),
    "cut_off": _("The connection broke while it was being sent; it may have arrived."),
    "came_back": _("Someone noted that it came back."),
    "webhook_refused": _("The service refused it."),
    "webhook_redirect": _("The service sends on to another address; enter that one."),
    "webhook_timeout": _("The service did not answer in time."),
    "webhook_unreachable": _("The service could not be reached."),
    "webhook_broken": _("The connection to the service broke."),
    "webhook_tls": _("The service's certificate is not valid."),
    "webhook_host_unknown": _("The service's name is not known."),
    "webhook_address_refused": _("The service's address is not one that messages may go to."),
}
