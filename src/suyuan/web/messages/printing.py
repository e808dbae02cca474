"""Printing jobs, labels and printers.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
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
}
