"""Products, lots, parties, locations, their fields and pictures.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
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
}
