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
    # carriers
    "carrier_kind": _("There is no such kind of carrier: “%(given)s”."),
    "carrier_taken": _("This value leads to %(unit)s already. Release it there first."),
    "carrier_is_unit": _("This is itself the code of another unit: %(unit)s."),
    "carrier_own_code": _("This is the unit’s own printed code; it leads there without a binding."),
    "carrier_twice": _("Row %(first)s binds the same value to another unit."),
    "carrier_same": _("The new carrier has the same value as the old one."),
    "carrier_unknown": _("Nothing is bound to this value."),
    "tag_malformed": _(
        "“%(given)s” is no EPC or TID: 8 to 128 hexadecimal digits, two for each byte."
    ),
    "chip_malformed": _("“%(given)s” is no UID of a chip: 8, 14 or 20 hexadecimal digits."),
    "unit_unknown": _("“%(given)s” names no item and no logistic unit of yours."),
    "reason": _("Choose one of the reasons."),
    "bindings_refused": _("%(count)s rows have faults, so nothing was bound."),
    # nfc
    "nfc_link_to": _("Choose where the link leads."),
    "nfc_key_hex": _("A key has 32 hexadecimal digits."),
    "nfc_key_published": _(
        "This key is published or a factory’s: anybody can make chips with it. Mark the profile as"
        " for tests, or enter another key."
    ),
    "nfc_system": _("A system identifier has 1 to %(most)s bytes, two hexadecimal digits each."),
    "nfc_too_many_versions": _(
        "There are %(most)s versions of keys in use. Revoke those that no chip has any more."
    ),
    "nfc_profile_name_taken": _("Another profile is called “%(name)s”."),
    "nfc_version_revoked": _("The keys of version %(version)s are revoked."),
    "nfc_changed_meanwhile": _("Somebody else has just set new keys. Look at them first."),
    "nfc_no_rows": _("There are no chips in it."),
    "nfc_chip_twice": _("This chip stands in row %(first)s already."),
    "nfc_chip_other_profile": _("The chip %(uid)s belongs to another key profile."),
    "nfc_passphrase_short": _("Use at least %(least)s characters."),
    "nfc_uid_line": _("Line %(line)s is no UID of 14 hexadecimal digits: “%(given)s”."),
    "nfc_link_unread": _("This is no link with parameters."),
    "nfc_range": _("The order has no such items: check the first number and how many."),
    "nfc_plain_chip": _("Choose one of the chips."),
    "slot_number": _("A chip has the slots 0 to 4."),
    "slots_alike": _("The master key needs a slot of its own."),
    "layout_name": _(
        "A parameter’s name has 1 to 16 letters, digits or underscores; lang, linkType and code are"
        " taken."
    ),
    "layout_names_alike": _("Two parameters have the same name."),
    "layout_file_bytes": _("The chip has room for 16, 32, 48 or 64 characters."),
    "layout_file_uncovered": _("The signature must cover the file data."),
    "layout_no_file": _("There is no file data to begin at."),
    "layout_seal_no_file": _("There is no file data to hold the state of the seal."),
    "layout_seal_uncovered": _("The signature must cover the state of the seal."),
    "layout_bulk": _("Only encrypted data can stand in one parameter."),
    "link_not_web": _("Chips are written with links of the web."),
    "link_characters": _("The link has characters that a chip cannot bear."),
    "link_too_long": _("The link needs %(bytes)s bytes; the chip has %(most)s."),
    "content_too_long": _("The file data has room for %(most)s characters."),
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
    "no_inner_codes": _("Labels of this product have no hidden code."),
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
    "allotment_range": _("This order has %(order_count)s codes. Choose a range within them."),
    "already_allotted": _(
        "%(count)s codes from position %(first)s on are on labels already (%(reference)s)."
    ),
    "position_range": _("This order has %(order_count)s codes. Choose a range within them."),
    "positions_empty": _("Choose at least one code."),
    "codes_active": _(
        "%(count)s of these codes are active on goods, so they cannot be withdrawn: %(serials)s."
    ),
    "codes_withdrawn": _("All of these codes were withdrawn before."),
    "nothing_to_plan": _(
        "So many neighbouring codes of order %(order)s are not free; the most are %(longest)s."
    ),
    "set_items_active": _(
        "Items of case %(sscc)s are active without it: %(serial)s is one of %(count)s."
    ),
    "set_active_otherwise": _("It is active already, of lot %(lot)s at %(location)s."),
    "set_in_use": _("Sets %(number)s have labels, or a part is active; they stay."),
    "set_cancelled": _("Sets %(number)s were cancelled."),
    "unit_count": _("At most %(limit)s cases and pallets can be numbered at once."),
    "sscc_exhausted": _("The company prefix %(prefix)s has no number of a case left."),
    "time_zone_required": _("The time needs a time zone."),
    "material_lot_unknown": _("There is no material lot %(lot)s."),
    "too_many_inputs": _("Name at most %(limit)s material lots."),
    "input_twice": _("Material lot %(lot)s is there twice. Add the quantities."),
    "quantity_range": _("A quantity is more than 0."),
    "qr_options": _("The size or the level of the QR code is not valid."),
    # codes
    "symbol_text": _(
        "This is empty, longer than %(longest)s characters, or has signs that readers misread."
    ),
    "symbol_too_small": _("So small it cannot be printed here: the least is %(smallest_mm)s mm."),
    "symbol_too_large": _("So large a picture is not made. Choose a smaller size or resolution."),
    "symbol_options": _(
        "Choose one of the options, and a size between %(smallest)s and %(largest)s mm."
    ),
    "no_element_string": _("This has no GS1 element string. Choose a QR code or a DataMatrix."),
    "no_digital_link": _("This has no GS1 Digital Link."),
    "reading_empty": _("The file is empty."),
    "reading_bytes": _("The file is larger than %(limit_mb)s MB. Send a smaller one."),
    "reading_type": _(
        "This is no PNG, JPEG, WebP, GIF, TIFF, BMP, AVIF or PDF, whatever its name says."
    ),
    "reading_damaged": _("The file is damaged or cut short. Save or export it once more."),
    "reading_pixels": _("The picture has more than %(limit_megapixels)s million pixels."),
    "reading_password": _("This PDF is locked by a password. Save it without one."),
    "reading_page": _("There is no such page: the file has %(pages)s."),
    "reading_busy": _("Other pictures are being read. Try again in a moment."),
    # printing
    "already_printed": _(
        "Codes no. %(from_number)s to %(to_number)s of order %(order)s are on labels already:"
        " %(reference)s, %(by)s, %(at)s. To print them again, say why."
    ),
    "labels_to_come": _(
        "Job %(job)s is still going to print some of these labels. Let it finish, or cancel it."
    ),
    "labels_refused": _("%(count)s codes stand in the way, so nothing was changed."),
    "code_unreadable": _("This is no code, or a part of it is missing. Scan it again."),
    "code_of_other_product": _("It belongs to another product."),
    "code_of_other_order": _("It belongs to another code order."),
    "code_never_issued": _("No code order has issued it."),
    "unit_of_other_order": _("This case or pallet does not belong to this order."),
    "label_not_printed": _("No label of it was printed here."),
    "label_void_already": _("Its label is void already."),
    "label_not_standing": _("It has no valid label: it was never printed, or is void already."),
    "unit_not_withdrawable": _("A case or pallet has no code to withdraw. Print it again instead."),
    "codes_required": _("Enter at least one code, or a range of code numbers."),
    "codes_at_once": _("Enter at most %(limit)s codes at a time."),
    "too_many_stretches": _(
        "These codes lie too far apart: at most %(limit)s groups of neighbours at a time."
    ),
    "print_job_not_open": _("Job %(number)s is finished or cancelled."),
    "print_job_running": _("Job %(number)s is being printed. Pause it first."),
    "print_labels_in_doubt": _(
        "Say how many of the %(count)s labels from no. %(first)s on came out well."
    ),
    "print_job_changed_meanwhile": _("Job %(number)s went on at the same moment. Try again."),
    "came_out_range": _("Enter a number from 0 to %(most)s."),
    "nothing_to_reprint": _("No void label of job %(number)s waits to be printed again."),
    "print_range": _("The order has %(order_count)s codes. Choose a range within them."),
    "print_nothing_left": _(
        "Every code of order %(order)s is on a label already. To print again, enter a range and"
        " say why."
    ),
    "print_nothing": _("There is no label to print: all these codes were withdrawn."),
    "print_too_many": _(
        "%(given)s labels are too many for one job of this kind (at most %(limit)s). Print them in"
        " several ranges."
    ),
    "print_tier": _("Choose items, cases or pallets."),
    "print_form": _("There is no such kind of file."),
    "print_dpi": _("Choose one of the resolutions."),
    "sheet_offset": _("At most %(most)s labels can be used up on the first sheet."),
    "template_content": _(
        "The label shows something that these goods do not have (%(content)s). Choose another"
        " label."
    ),
    "tags_incomplete": _(
        "%(count)s of these items have no RFID tag number yet. Assign them first."
    ),
    "paper_rfid": _("A printer writes one tag at a time: choose a roll with one label across."),
    "several_plans": _("These cases belong to several packings. Print them one packing at a time."),
    "reason_required": _("Say why."),
    "print_file_missing": _("The file is not finished, or is no longer there."),
    "print_file_failed": _(
        "The file could not be written; the disk may be full. What was finished is kept."
    ),
    "print_interrupted": _("The server was interrupted while it sent labels to the printer."),
    "print_unexpected": _("Something unexpected went wrong. The server's log has the details."),
    "printer_code_taken": _("Another printer has the code %(printer)s."),
    "printer_inactive": _("The printer %(printer)s is put away."),
    "printer_host": _("Enter an IP address or a name without http:// and without spaces."),
    "printer_port": _("A port is a number from 1 to 65535."),
    "printer_address_refused": _(
        "%(host)s is outside the networks in which printers are allowed. Ask the operator."
    ),
    "printer_unknown_host": _("Nobody in the network knows the name %(host)s."),
    "printer_refused": _(
        "The printer %(printer)s (%(host)s:%(port)s) refuses connections. Is it switched on, and is"
        " the port right?"
    ),
    "printer_timeout": _("The printer %(printer)s (%(host)s:%(port)s) did not react in time."),
    "printer_unreachable": _(
        "The printer %(printer)s (%(host)s:%(port)s) cannot be reached. Is it in the network?"
    ),
    "printer_closed": _("The printer %(printer)s hung up in the middle."),
    "printer_no_answer": _(
        "The printer %(printer)s does not say how it is. If it never does, switch the question off"
        " in its settings."
    ),
    "printer_paper_out": _("The printer has no paper. Put some in."),
    "printer_ribbon_out": _("The printer has no ribbon. Put one in."),
    "printer_head_open": _("The printer's head is open. Close it."),
    "printer_paper_jam": _("The paper is jammed in the printer."),
    "printer_paused": _("The printer was paused at the device. Let it go on."),
    "printer_too_hot": _("The printer's head is too hot. It goes on by itself."),
    "printer_too_cold": _("The printer's head is too cold."),
    "printer_buffer_full": _("The printer's memory is full."),
    "printer_trouble": _("The printer reports a fault. Look at its display."),
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
    "inner_needs_items": _(
        "A hidden code needs items with serials of their own: choose “each item” first."
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
    # labels
    "label_changed_meanwhile": _(
        "Version %(latest)s of this label was saved meanwhile; you began with version %(base)s."
    ),
    "label_archived": _("Label %(number)s is put away. Take it out again to change it."),
    "too_many_label_templates": _("There are %(most)s labels already. Put some away first."),
    "too_many_logos": _("There are %(most)s logos already. Remove some first."),
    "logo_in_use": _("The label %(name)s (%(number)s) shows this logo, so it stays."),
    "label_picture_unknown": _("Choose one of your logos."),
    "design_malformed": _("This is no label that can be read. %(reason)s"),
    "design_too_large": _("The label's description is longer than %(most)s bytes."),
    "design_measure": _("Enter a number from %(least)s to %(most)s."),
    "too_many_elements": _("A label has at most %(most)s elements."),
    "too_many_codes": _("A label has at most %(most)s codes."),
    "outside_label": _("It reaches beyond the label's edge."),
    "code_too_small": _("A code of this kind needs at least %(least)s mm."),
    "code_content": _("This kind of code cannot bear that."),
    "text_too_long": _("At most %(most)s characters; this text has %(length)s."),
    "text_control": _("The text has a sign without a picture (%(character)s). Type it again."),
    "placeholder_unknown": _("There is no value called “%(given)s”. Choose one from the list."),
    "placeholder_malformed": _(
        "A brace stands alone. For a brace on the label itself write it twice: {{ or }}."
    ),
    "picture_digest": _("Choose a logo."),
    "paper_measure": _("Enter a number from %(least)s to %(most)s."),
    "paper_overflow": _(
        "The labels need %(needed)s mm, the sheet has %(there)s mm. Take fewer or smaller gaps."
    ),
    "paper_start": _("The sheet has %(most)s places before its last one."),
    "label_values": _("These values of a label cannot be read: %(reason)s"),
    "label_value_missing": _("The label asks for a value that is not there: %(value)s."),
    "label_code_text": _("What the code is to bear does not fit into this kind of code."),
    "label_code_too_small": _("A code on the label is too small: it needs %(least)s mm."),
    "picture_missing": _("A logo of the label is not there any more."),
    "font_missing": _("The server has no Chinese font. Ask the operator for %(packages)s."),
    "font_unusable": _("The font of the installation cannot be used. Ask the operator."),
    # packages for print houses
    "party_not_printer": _("%(party)s is no print house. Change its kind first."),
    "package_password_short": _("A password has at least %(shortest)s characters."),
    "package_password_missing": _("No password is agreed with this print house yet."),
    "roll_size_range": _("A roll has between 1 and %(limit)s labels."),
    "first_roll_range": _("The first roll has a number between 0 and %(limit)s."),
    "too_many_rolls": _("A package has at most %(limit)s rolls. Put more labels on each."),
    "package_too_large": _("The file would be over %(limit_gb)s GB. Take fewer codes."),
    "nothing_to_package": _("Every code of %(order)s is on a label already, or withdrawn."),
    "package_state": _("Package %(number)s is not at the point where this can be done."),
    "return_columns": _(
        "No heading names codes, sequences or rolls: %(given)s. See what a list may look like."
    ),
    "return_nothing": _("The list says nothing of the codes in package %(number)s."),
    "return_outdated": _("Another list was applied since this one was read. Read it again."),
    # docks
    "reader_code_taken": _("Another reader is called “%(code)s” already."),
    "reader_off": _("Reader %(reader)s is switched off and takes no reports."),
    "reader_code": _("Use letters, digits and the signs - _ . only."),
    "reader_purpose": _("Choose what the reader is for."),
    "reader_window": _("Between 1 and %(limit)s seconds."),
    "reader_reads": _("Between 1 and %(limit)s reads."),
    "reader_rssi": _("A strength lies between -120 and 0 dBm."),
    "reader_antennas": _(
        "A passage needs the numbers of its inner antennas, from 1 to 65535; no other reader does."
    ),
    "report_malformed": _("This is no JSON: %(detail)s."),
    "report_shape": _(
        "These are no reads that we know: neither a plain list nor Impinj's or Zebra's reports."
    ),
    "report_empty": _("There is nothing in this report."),
    "reads_too_many": _("A report holds at most %(most)s reads. Send it in parts."),
    "read_epc": _("“%(given)s” is no EPC: up to 128 hexadecimal digits are."),
    "read_time_zone": _("A time needs its zone, such as 2026-03-02T08:00:00+08:00 or …Z."),
    "read_time_unset": _("The time %(given)s cannot be right: the reader's clock was never set."),
    "reads_in_future": _(
        "%(count)s reads are more than 15 minutes in the future. Set the reader's clock."
    ),
    # rfid
    "tag_scheme_unknown": _("There is no such kind of tag: “%(given)s”."),
    "tag_filter": _("The filter value %(given)s has no meaning on such a tag."),
    "tag_positions": _("This order has %(order_count)s codes. Choose a range within them."),
    "tag_prefix_length": _("A company prefix on a tag has 6 to 12 digits."),
    "tag_prefix_unknown": _(
        "Nobody has recorded the company prefix in %(number)s. Record it in the organisation's "
        "settings, or say its length here."
    ),
    "tags_overlap": _("Codes %(first)s to %(last)s have tags already, by range %(number)s."),
    "nothing_to_tag": _("Every item of order %(order)s has its tag."),
    "tag_range_ended": _("Tag range %(number)s was ended."),
    "tag_serials_exhausted": _("So many tag numbers are not left for the product %(gtin)s."),
    "hex_malformed": _("This is no EPC: 2 to 128 hexadecimal digits are expected."),
    "hex_unknown_header": _(
        "No kind of tag begins with %(given)s. A number that begins with E2 is a chip's TID."
    ),
    "tag_truncated": _("The EPC is cut short."),
    "tag_trailing_bits": _("After the EPC there is something that does not belong there."),
    "tag_partition": _("The EPC is divided in a way that does not exist."),
    "tag_range": _("A number in the EPC has more digits than its place allows."),
    "tag_text": _("The EPC has bits that stand for no sign."),
    "tag_encoding": _("The EPC's serial is written in a way that does not exist."),
    "tag_date": _("The tag's date is none."),
    "tag_scheme": _("%(scheme)s is for something else."),
    "tag_prefix_missing": _(
        "The length of the company prefix is not known; record the prefix in the organisation's "
        "settings."
    ),
    "company_prefix_length": _("The company prefix cannot have %(given)s digits here."),
    "tag_serial_missing": _("A tag is for one single thing; this names a whole kind."),
    "tag_not_numeric": _("%(scheme)s holds numbers only; %(given)s has letters."),
    "tag_leading_zero": _("%(scheme)s holds numbers; %(given)s would lose its zero in front."),
    "tag_too_large": _("%(scheme)s holds numbers up to %(most)s; %(given)s is larger."),
    "tag_urn_malformed": _("This EPC tag URI cannot be read."),
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
