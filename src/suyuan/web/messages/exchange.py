"""Sheets brought in and taken out.

Owns: `ROWS`, these codes' sentences.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS: dict[str, Promise] = {
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
}
