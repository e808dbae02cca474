"""Partners: connecting, sharing, delivering, and what a rehearsal says of a document.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "already_partner": _("This party is connected already."),
    "partner_ended": _("This partner is not connected any more."),
    "shares_everything": _("Nothing is limited. Limit it, or say that every event is meant."),
    "delivery_refused": _("You may not deliver events here. Ask the brand."),
    "delivery_kind_unknown": _("“%(given)s” is no word for what may be delivered."),
    "not_for_partners": _("This is the brand's own; partners have pages of their own."),
    "inside_sandbox": _("This is the sandbox; do it in the brand itself."),
    "too_many_values": _("The list is too long; at most %(most)s."),
    "period_empty": _("The period ends before it begins."),
    "delivery_place": _("“%(given)s” is none of your places."),
    "delivery_step": _("You may not deliver the step “%(given)s”."),
    "delivery_unplaced": _(
        "The event names none of your places, and you neither send nor receive."
    ),
    "speaks_for_partner": _(
        "This person speaks for a partner and has no role of the organisation."
    ),
    "looks_like_zip": _("This is an Excel sheet or an archive, not an EPCIS document."),
    "looks_like_text": _("This is neither JSON nor XML."),
    "looks_like_empty": _("There is nothing in it."),
    "json_quotes": _("Another quotation mark stands where JSON takes straight double ones."),
    "json_trailing_comma": _("There is a comma too many."),
    "json_comma_expected": _("A comma is missing here."),
    "json_colon_expected": _("A colon is missing here."),
    "json_name_expected": _("A name in double quotes is missing here."),
    "json_value_expected": _("A value is missing here, or is no JSON."),
    "json_string_open": _("A text begins here and does not end."),
    "json_control_character": _("A text breaks its line here; write \\n instead."),
    "json_escape": _("After a backslash stands a sign that cannot stand there."),
    "json_ends_early": _("The document ends in the middle."),
    "json_extra_data": _("Something follows the end of the document."),
    "sample_is_not_real": _("An example can be sent to the sandbox only."),
    "document_missing": _("Paste a document, or choose a file."),
}
