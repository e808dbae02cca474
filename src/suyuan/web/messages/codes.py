"""Symbols drawn, and pictures of codes read back.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
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
}
