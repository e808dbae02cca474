"""The sentences for error codes: the one place where a code becomes words.

Owns: `MESSAGES`, the table code → sentence; `sentence`.
Invariant: every code that a service can raise has a row; `%(name)s` takes the error's data.

Each domain adds its rows under its own heading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy.rights import Right
from suyuan.web.rights import RIGHT_SENTENCES

MESSAGES: dict[str, Promise] = {
    # kernel
    "invalid": _("This value is not valid."),
    "not_found": _("This does not exist, or you do not have access to it."),
    "forbidden": _("Your role does not have the right “%(right)s”."),
    "conflict": _("This does not fit the present state. Reload the page and try again."),
    # tenancy
    "slug_taken": _("The address “%(slug)s” is taken. Choose another."),
    "slug_malformed": _(
        "An address has 2 to 40 lower-case letters, digits and single hyphens between them."
    ),
    "slug_reserved": _("The address “%(slug)s” is reserved. Choose another."),
    "name_required": _("Enter a name."),
    "name_too_long": _("Use at most %(limit)s characters."),
    "name_malformed": _("Use letters, digits and punctuation only, on one line."),
    "email_malformed": _("Enter an e-mail address such as ann@example.com."),
    "role_unknown": _("There is no such role."),
    "right_unknown": _("There is no such right."),
    "invitation_unknown": _(
        "This invitation does not exist, or it was sent to another e-mail address."
    ),
    "invitation_expired": _("This invitation has expired. Ask for a new one."),
    "invitation_used": _("This invitation has been accepted already."),
    "already_member": _("%(email)s is a member already."),
    "last_owner": _("An organisation needs at least one owner. Make somebody else an owner first."),
    "owner_must_manage": _(
        "Owners keep the right to manage people; otherwise nobody could give rights any more."
    ),
    "beyond_rights": _("You cannot give rights that you do not have: %(rights)s."),
    "language_unknown": _("Choose one of the languages."),
    "organisation_required": _("Say which organisation is meant."),
    "scopes_required": _("Choose at least one right."),
    "expiry_in_past": _("Choose a time in the future."),
    "prefix_malformed": _("A GS1 company prefix has 4 to 12 digits."),
    "prefix_restricted": _(
        "Numbers that begin with %(prefix)s are for restricted circulation; "
        "GS1 gives them to no firm."
    ),
    "series_exhausted": _("No number of this series is left."),
    "prefix_claimed": _("Another organisation holds the company prefix %(prefix)s."),
    # verification
    "too_many_asked": _("Too many requests. Try again in %(seconds)s seconds."),
    "scan_period": _("The period must end after it begins."),
    # quality
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than %(limit_mb)s MB."),
    "file_type": _("This is not a PDF, PNG or JPEG file, whatever its name says."),
    "file_damaged": _(
        "The file is cut short, or something else is attached to it. Export it once more."
    ),
    "file_active": _(
        "This PDF contains a program or an attachment. Print it to a plain PDF and add that."
    ),
    "report_revoked": _("Report %(number)s was withdrawn, and stays so."),
    "complaint_closed": _("Complaint %(number)s is closed."),
    "time_in_future": _("This time has not come yet."),
    "dates_reversed": _("The last day is before the first."),
    "seal_broken": _(
        "This was encrypted under another secret of the installation. Ask the operator."
    ),
    # recalls
    "starts_required": _("Enter at least one lot, item or logistic unit."),
    "too_many_starts": _("Enter at most %(limit)s codes at a time."),
    "identity_unknown": _("Nothing that has happened names this code. Look for a mistyped sign."),
    "not_goods": _("This names a place or a party. Enter a lot, an item or a logistic unit."),
    "nothing_affected": _("No item and no lot follows from this; there is nothing to recall."),
    "scope_changed": _(
        "You confirmed %(expected)s items, but %(found)s are affected. Nothing was opened."
    ),
    "request_key_reused": _("This request has opened recall %(number)s already."),
    "recall_closed": _("Recall %(number)s is closed."),
    "too_many_for_workbook": _(
        "%(rows)s rows are too many for Excel here (at most %(limit)s). Take the CSV file."
    ),
    # issuing
    "order_count": _("Order between 1 and 10,000,000 codes at a time."),
    "code_space_exhausted": _("So many codes are not left for this product."),
    "product_inactive": _("This product is no longer made. Make it active again first."),
    "lot_required": _("Choose the lot of the goods."),
    "commission_range": _("This order has %(order_count)s codes. Choose a range within them."),
    "order_lot_differs": _("Order %(order)s was made for another lot."),
    "already_commissioned": _(
        "%(count)s codes from position %(first)s on are active already. Choose other ones."
    ),
    "nothing_to_commission": _("All codes of order %(order)s are active already."),
    "nothing_to_pack": _("Order %(order)s has no active code that is not packed."),
    "order_changed_meanwhile": _(
        "A colleague changed order %(order)s at the same moment. Look at it and send it again."
    ),
    "per_case_range": _("A case holds between 1 and %(limit)s items."),
    "per_pallet_range": _("A pallet holds at most %(limit)s cases."),
    "item_count_range": _("Pack at least one item."),
    "unit_count": _("At most %(limit)s cases and pallets can be numbered at once."),
    "sscc_exhausted": _("The company prefix %(prefix)s has no number of a case left."),
    "time_zone_required": _("The time needs a time zone."),
    "material_lot_unknown": _("There is no material lot %(lot)s."),
    "too_many_inputs": _("Name at most %(limit)s material lots."),
    "input_twice": _("Material lot %(lot)s is there twice. Add the quantities."),
    "quantity_range": _("A quantity is more than 0."),
    "qr_text": _("This is too long for a QR code, or has signs that it cannot hold."),
    "qr_options": _("The size or the level of the QR code is not valid."),
    # process
    "units_missing": _("Enter at least one code, or choose a code order."),
    "too_many_units": _("Record at most %(limit)s codes at a time."),
    "unit_twice": _("This code is there twice."),
    "not_a_unit": _("This names a product, a lot or a place, not one item, case or parcel."),
    "parcel_unknown": _(
        "No parcel with this waybill has been packed. Check the number, or enter the codes."
    ),
    "unit_in_itself": _("A case cannot be packed into itself."),
    "serial_never_issued": _("No code order has issued this serial. Scan it again."),
    "transaction_type": _("There is no such kind of business paper."),
    "region_unknown": _("There is no such region."),
    # masterdata
    "required": _("Please fill this in."),
    "wrong_type": _("This is not the kind of value that belongs here."),
    "unknown_field": _("There is no such field."),
    "text_control_character": _(
        "This contains an invisible control character (%(character)s). Type the text anew."
    ),
    "too_long": _("Use at most %(longest)s characters; these are %(length)s."),
    "code_charset": _(
        "Use letters, digits, dot, hyphen and underscore, and begin with a letter or digit."
    ),
    "lot_code": _("A lot code has 1 to 20 letters, digits and usual signs, without spaces."),
    "not_an_option": _("“%(given)s” is not one of the options."),
    "not_yes_or_no": _("Write 1 or 0, yes or no; “%(given)s” is neither."),
    "not_a_number": _("“%(given)s” is not a number."),
    "not_a_day": _("“%(given)s” is not a date. Write it as 2026-03-01."),
    "out_of_range": _("Use a value from %(low)s to %(high)s."),
    "too_many_decimals": _("Use at most %(most)s decimals."),
    "gtin_length": _("A GTIN has 8, 12, 13 or 14 digits; these are %(length)s."),
    "gtin_check_digit": _("The last digit does not fit: it should be %(expected)s."),
    "gln_length": _("A GLN has 13 digits; these are %(length)s."),
    "gln_check_digit": _("The last digit does not fit: it should be %(expected)s."),
    "not_digits": _("Use the digits 0 to 9 only."),
    "gtin_taken": _("A product or material with the GTIN %(gtin)s is there already."),
    "gtin_claimed": _("Another organisation here answers for the GTIN %(gtin)s in public."),
    "gtin_never_changes": _("The GTIN of an existing row cannot change."),
    "gln_taken": _("The GLN %(gln)s is in use already."),
    "code_taken": _("The code “%(given)s” is in use already."),
    "restricted_numbers_exhausted": _(
        "No restricted-circulation number is left. Enter a GTIN of your own company prefix."
    ),
    "codes_issued": _("Codes of this product are out in the world, so this can no longer change."),
    "not_serialised": _("This product is traded goods or followed by batch: items get no codes."),
    "key_changed_meanwhile": _(
        "Somebody else changed the numbering key at the same time. Reload the page."
    ),
    "serial_keys_unreadable": _(
        "The numbering keys were encrypted under another secret of the installation. "
        "Ask the operator."
    ),
    "too_many_pictures": _("A product shows at most %(most)s pictures. Remove one first."),
    "picture_too_large": _(
        "The picture is over %(limit_mb)s MB or %(most_megapixels)s megapixels. Make it smaller."
    ),
    "picture_unreadable": _("This is no picture that can be read. Use JPEG, PNG, WebP or GIF."),
    "party_unknown": _("There is no party “%(given)s”."),
    "location_unknown": _("There is no location “%(given)s”."),
    "product_unknown": _("There is no product “%(given)s”."),
    "material_unknown": _("There is no material “%(given)s”."),
    "half_a_position": _("Give both latitude and longitude, or neither."),
    "expires_before_production": _("It cannot expire (%(expires_on)s) before %(produced_on)s."),
    # exchange
    "import_kind_unknown": _("This kind of sheet cannot be imported."),
    "encoding_unknown": _("The file's encoding is unknown. Save it as UTF-8 or as XLSX."),
    "csv_malformed": _("The CSV file is damaged here: a quotation mark may be missing."),
    "xlsx_malformed": _("The XLSX file is damaged. Open it, save it again, and retry."),
    "xlsx_unpacks_too_large": _("The XLSX file unpacks to more than %(limit_mb)s MB. Split it."),
    "too_many_rows": _("Use at most %(most)s rows a file. Split it."),
    "too_many_columns": _("Use at most %(most)s columns."),
    "cell_too_long": _("A cell has more than %(most)s characters."),
    "cell_formula": _("This cell has a formula. Copy it and paste it as a value."),
    "cell_error": _("This cell has an error in it."),
    "column_unknown": _("The heading “%(given)s” is not known. The template has all headings."),
    "column_twice": _("The heading “%(given)s” is there twice."),
    "column_missing": _("The column “%(given)s” is missing."),
    "row_twice": _("The same row stands in row %(first)s."),
    "product_ambiguous": _("Several products are named “%(given)s”. Enter the GTIN."),
    "preview_outdated": _(
        "Your data has changed since the preview, so nothing was imported. Preview it again."
    ),
    "import_has_errors": _("%(faults)s rows were refused, so nothing was imported."),
    # identifiers, as scanned or typed
    "empty": _("Enter a code."),
    "sscc_check_digit": _("The last digit is wrong: it should be %(expected)s. Type it again."),
    "sscc_length": _("An SSCC has 18 digits."),
    "uri_malformed": _("This is no code that can be read: no link, no element string, no SSCC."),
    "link_malformed": _("This link has a part without its value."),
    "link_unknown_key": _("This link has a part (%(given)s) that does not belong there."),
    "element_malformed": _("This element string cannot be read."),
    "element_unknown_ai": _("This element string has an identifier that is not known."),
    "element_no_key": _("This element string names no item, lot or unit."),
    "urn_malformed": _("This EPC cannot be read."),
    "urn_charset": _("This EPC has a sign that it cannot have."),
    "urn_unknown_scheme": _("This EPC is of a kind that is not known."),
    "percent_escape": _("This link has a broken escape (%% and two digits)."),
    "serial_charset": _("A serial has letters, digits and a few signs; this has another one."),
    "serial_length": _("A serial has at most 20 characters."),
    # capture: what documents are refused for
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

# What is added to a sentence whose code has no row: the code itself, which support can look up.
_GENERIC = _("Something is not right (%(code)s).")


def _spoken(value: object) -> object:
    """Show rights by their names; everything else as it is."""
    if isinstance(value, str) and value in Right:
        return RIGHT_SENTENCES[Right(value)]
    if isinstance(value, list | tuple | set | frozenset):
        return gettext(", ").join(str(_spoken(item)) for item in value)
    return value


class _Data(dict[str, Any]):
    """An error's data; what a sentence asks for and the error does not bring shows as a dash."""

    def __missing__(self, name: str) -> str:
        return "—"


def message(code: str, data: Mapping[str, object]) -> str:
    """Return the sentence for `code` in the reader's language."""
    row = MESSAGES.get(code)
    spoken = _Data({name: _spoken(value) for name, value in data.items()})
    if row is None:
        return str(_GENERIC) % {"code": code}
    return str(row) % spoken


def sentence(error: SuyuanError) -> str:
    """Return what `error` says in the reader's language."""
    return message(error.code, error.data)
