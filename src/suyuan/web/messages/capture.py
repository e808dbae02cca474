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
    "columns_incomplete": _(
        "The columns of events are incomplete. If they are being made anew, try again in some "
        "minutes; else run “suyuan rebuild columns”."
    ),
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
    "json_encoding": _("JSON is written in UTF-8; this is another encoding."),
    "json_duplicate_name": _("The name “%(field)s” stands twice in one object."),
    "too_many_events": _("The document has more than %(most)s events."),
    "too_much_master_data": _("The header tells of more than %(most)s things."),
    "field_order": _("The element “%(field)s” stands in the wrong place; the order is fixed."),
    "text_unexpected": _("There is text where only elements may stand."),
    "value_repeated": _("“%(given)s” stands in the list twice."),
    "instance_expected": _(
        "“%(given)s” names a product or a lot; here one unit of it must be named."
    ),
    "class_expected": _("“%(given)s” names one unit; here a product or a lot must be named."),
    "quantity_missing": _("There is a unit of measure without a quantity."),
    "quantity_not_whole": _(
        "“%(given)s” is no whole number: a quantity without a unit of measure counts pieces."
    ),
    "number_range": _("“%(given)s” is no finite number."),
    "uom_malformed": _("“%(given)s” is no unit of UN/CEFACT Recommendation 20."),
    "hex_value_malformed": _("“%(given)s” is no hexadecimal number."),
    "time_order": _("The end lies before the beginning."),
    "unknown_transaction_type": _("The vocabulary has no type of transaction “%(given)s”."),
    "unknown_party_type": _("The vocabulary has no type of source or destination “%(given)s”."),
    "unknown_reason": _("The vocabulary has no reason “%(given)s”."),
    "unknown_measurement": _("The vocabulary has no measurement “%(given)s”."),
    "unknown_alarm": _("The vocabulary has no alarm “%(given)s”."),
    "unknown_component": _("The vocabulary has no component “%(given)s”."),
}
