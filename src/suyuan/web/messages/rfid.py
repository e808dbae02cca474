"""RFID tags: their numbers, and how they are written and read.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
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
}
