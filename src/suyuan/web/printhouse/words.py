"""The words for lines of a returned list that do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from suyuan.printhouse.returned.findings import Finding

# Code → what it is called in a summary, and its sentence for one line.
FINDINGS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "code_unknown": (_("Unknown codes"), _("No order has issued this code.")),
    "code_other_order": (
        _("Codes of another order"),
        _("This code is of order %(order)s."),
    ),
    "code_other_product": (
        _("Codes of another product"),
        _("This link is of another product (GTIN %(gtin)s)."),
    ),
    "code_other_package": (
        _("Codes of another package"),
        _("This code of the order is not in this package: %(reference)s."),
    ),
    "line_twice": (_("Said twice"), _("Line %(first)s says so already.")),
    "line_contradicts": (
        _("Contradictory lines"),
        _("Line %(first)s says otherwise; neither counts."),
    ),
    "line_empty": (_("Lines that name nothing"), _("This names no code, sequence or roll.")),
    "status_missing": (
        _("Lines without a status"),
        _("It does not say whether the code was used or spoiled."),
    ),
    "status_unknown": (_("Unknown status"), _("This is neither used nor spoiled.")),
    "sequence_range": (
        _("Sequences outside the package"),
        _("The package has the sequences 1 to %(lines)s."),
    ),
    "roll_unknown": (
        _("Rolls of another package"),
        _("The package has the rolls %(first)s to %(last)s."),
    ),
    "roll_counts": (
        _("Counts that do not add up"),
        _(
            "It counts %(used)s used and %(spoiled)s spoiled of %(codes)s codes; named are"
            " %(named_used)s and %(named_spoiled)s."
        ),
    ),
    "count_malformed": (_("Numbers that are none"), _("This is no whole number.")),
    "code_active": (
        _("Spoiled, but active"),
        _("This code is active on goods, so that it cannot be spoiled."),
    ),
    "code_withdrawn": (
        _("Used, but withdrawn"),
        _("This code was withdrawn, so that it must not be used."),
    ),
    "returned_before": (_("Reported before"), _("A list that was applied says so already.")),
    "returned_otherwise": (
        _("Reported otherwise before"),
        _("A list that was applied says otherwise."),
    ),
}


class _Known(dict[str, Any]):
    """Data of which a part may be missing."""

    def __missing__(self, name: str) -> str:
        return "—"


def name_of(code: str) -> str:
    """Return what faults of a kind are called."""
    return str(FINDINGS[code][0]) if code in FINDINGS else code


def said(finding: Finding) -> str:
    """Return the sentence for one line."""
    if finding.code not in FINDINGS:
        return finding.code
    if finding.code == "code_other_package" and not finding.data.get("reference"):
        return gettext("This code of the order is not in this package.")
    if finding.code == "line_contradicts" and not finding.data.get("first"):
        return gettext("Other lines say otherwise; none of them counts.")
    return str(FINDINGS[finding.code][1]) % _Known(finding.data)
