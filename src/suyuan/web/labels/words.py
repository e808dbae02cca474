"""The words of the designer: starts, kinds of elements, codes and their contents, placeholders.

Owns: tables code → lazy word for `labels` and `core.labels`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

type Words = Mapping[str, str | Promise]

START_NAMES: Final[Words] = {
    "sheet": _("Sheet of 60 labels, 38 × 21 mm"),
    "bottle": _("Bottle label with a scratch-off code"),
    "case": _("Case label, 100 × 150 mm"),
    "jewellery": _("Jewellery tag"),
    "rfid": _("RFID label"),
    "empty": _("Empty label"),
}
START_NOTES: Final[Words] = {
    "sheet": _("A4, office printer. A QR code that any phone opens, product, lot and dates."),
    "bottle": _("50 × 70 mm. A code to look up, and one under a scratch-off layer to be sure."),
    "case": _("The SSCC as GS1-128 for warehouses, a QR code for phones, large type."),
    "jewellery": _("72 × 15 mm with two wings and a tail. Print it at 300 dpi or more."),
    "rfid": _("70 × 40 mm for printers that write tags, with the tag's number in print."),
    "empty": _("60 × 40 mm with one code. Everything else is up to you."),
}
LABEL_LANGUAGES: Final[Words] = {"zh": _("Label in Chinese"), "en": _("Label in English")}

KIND_NAMES: Final[Words] = {
    "text": pgettext_lazy("label element", "Text"),
    "code": pgettext_lazy("label element", "Code"),
    "picture": pgettext_lazy("label element", "Logo"),
    "line": pgettext_lazy("label element", "Line"),
    "box": pgettext_lazy("label element", "Box"),
}
KIND_ICONS: Final[Mapping[str, str]] = {
    "text": "typography",
    "code": "qrcode",
    "picture": "photo",
    "line": "line",
    "box": "square",
}
SYMBOLOGY_NAMES: Final[Words] = {
    "qr": _("QR code"),
    "datamatrix": _("DataMatrix"),
    "gs1_datamatrix": _("GS1 DataMatrix"),
    "gs1_128": _("GS1-128 (bars)"),
}
CONTENT_NAMES: Final[Words] = {
    "link": _("Link of the item (phones open it)"),
    "inner_link": _("Link with the scratch-off code"),
    "inner": _("Scratch-off code alone"),
    "elements": _("GTIN, lot, expiry and serial (GS1)"),
    "sscc": _("SSCC of the case or pallet"),
    "epc": _("EPC of the RFID tag"),
}
LEVEL_NAMES: Final[Words] = {
    "L": _("Low, 7 %: the smallest code"),
    "M": _("Medium, 15 %: usual"),
    "Q": _("High, 25 %"),
    "H": _("Highest, 30 %: for rough surfaces"),
}
ALIGN_NAMES: Final[Words] = {
    "left": pgettext_lazy("text", "Left"),
    "center": pgettext_lazy("text", "Centred"),
    "right": pgettext_lazy("text", "Right"),
}
FIELD_NAMES: Final[Words] = {
    "product": _("Product name"),
    "product_en": _("Product name in English"),
    "brand": _("Brand"),
    "brand_en": _("Brand in English"),
    "gtin": _("GTIN"),
    "net_content": _("Net content"),
    "origin": _("Origin"),
    "storage": _("Storage advice"),
    "organisation": _("Your organisation's name"),
    "order": _("Number of the code order"),
    "lot": _("Lot"),
    "produced": _("Production date"),
    "expires": _("Expiry date"),
    "note": _("Note of the printing job"),
    "count": _("Labels in the job"),
    "serial": _("Serial"),
    "serial_grouped": _("Serial in groups, easy to read"),
    "inner": _("Scratch-off code"),
    "sscc": _("SSCC"),
    "sscc_grouped": _("SSCC in groups, easy to read"),
    "epc": _("EPC of the tag"),
    "link": _("Link"),
    "sequence": _("Number of the label in its job"),
    "roll": _("Number of the roll"),
    "copy": _("Number of the copy, when printed again"),
}
PAGE_NAMES: Final[Words] = {
    "a4": _("A4 (210 × 297 mm)"),
    "letter": _("Letter (216 × 279 mm)"),
    "custom": _("Other size"),
}
PAPER_NAMES: Final[Words] = {
    "sheet": _("Cut sheets (office printer)"),
    "roll": _("Roll (label printer)"),
}
MEDIA_NAMES: Final[Words] = {
    "gap": _("A gap between labels"),
    "mark": _("A black mark on the back"),
    "continuous": _("Nothing: an endless strip"),
}
HINTS: Final[Words] = {
    "no_code": _("The label has no code, so nobody can scan it."),
    "code_fair": _(
        "At %(dpi)s dpi its dots are %(module)s mm wide. Good phones read it held still; from"
        " %(advised)s mm on everyone does."
    ),
    "code_poor": _(
        "Too small: at %(dpi)s dpi its dots are %(module)s mm wide, and many phones will not read"
        " it. Make it %(advised)s mm wide."
    ),
    "code_does_not_fit": _("It cannot be printed at %(dpi)s dpi: it needs at least %(least)s mm."),
    "code_overlap": _(
        "A code has to stand alone, but elements %(with)s and %(number)s lie over each other."
    ),
    "overlap": _("Elements %(with)s and %(number)s lie over each other."),
    "value_missing": _("It has no value with this example (%(value)s), so its frame stays empty."),
    "label_code_text": _("What it is to bear does not fit into this kind of code."),
    "text_small": _("The letters are %(size)s pt high; under %(least)s pt few people can read."),
    "text_shrunk": _("The text is too long: it is set in %(size)s pt instead of %(wished)s pt."),
    "text_cut": _("The text is too long: its end is cut off, though it is set in %(size)s pt."),
    "glyph_missing": _("The font lacks these characters: %(characters)s"),
    "font_missing": _(
        "No Chinese font is installed on the server, so the positions of letters are rough."
    ),
    "picture_missing": _("Its logo is not there any more."),
}
