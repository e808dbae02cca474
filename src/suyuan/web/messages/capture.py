"""EPCIS documents and events: what they are refused for.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
    "xml_malformed": _("This is no well-formed XML (line %(line)s): %(detail)s"),
    "xml_doctype": _("The XML declares a document type. Hand it in without one."),
    "xml_root": _("This is no EPCIS document: it begins with “%(given)s”."),
    "field_repeated": _("This field stands in the event twice: “%(field)s”."),
    "key_space_full": _("The organisation has used up its numbers for products and lots."),
    "capture_limit": _("This is more than the installation takes at once."),
    "event_not_found": _("There is no such event."),
    "job_not_found": _("There is no such capture job."),
    "event_id_conflict": _(
        "Another event with the ID %(given)s and other content is there already."
    ),
    "json_malformed": _("This is not JSON: %(detail)s"),
    "json_depth": _("The document is nested too deeply."),
    "not_a_document": _("This is no EPCIS document."),
    "document_type": _("A document of the type “%(given)s” cannot be read."),
    "no_event_list": _("The document has no list of events."),
    "no_events": _("The list of events is empty."),
    "schema_version": _("Only version 2.0 of EPCIS is read, not “%(given)s”."),
    "context_malformed": _("The context is not a link or a list of links."),
    "time_malformed": _("“%(given)s” is no time."),
    "time_without_zone": _("The time “%(given)s” lacks its time zone."),
    "event_not_object": _("This is no event."),
    "event_type": _("There is no event type “%(given)s”."),
    "field_missing": _("The field “%(field)s” is missing."),
    "field_unknown": _("The standard has no field “%(field)s”; extensions need a prefix."),
    "field_type": _("This field has another type: %(detail)s"),
    "unknown_step": _("The vocabulary has no business step “%(given)s”."),
    "unknown_disposition": _("The vocabulary has no state “%(given)s”."),
    "too_many_epcs": _("The document names more than %(most)s units."),
    "lot_malformed": _("“%(given)s” can be no lot number."),
    "objects_missing": _("The event names no unit and no quantity."),
    "ilmd_without_add": _("Master data of a lot belong to the event of its birth."),
    "parent_missing": _("The container is missing."),
    "parent_is_child": _("The container cannot be in itself."),
    "children_missing": _("The event says of no unit that it is in the container."),
    "transactions_missing": _("The event names no business transaction."),
    "inputs_missing": _("The event names nothing that went in."),
    "outputs_missing": _("The event names nothing that came out."),
}
