"""Readers and their reports.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
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
}
