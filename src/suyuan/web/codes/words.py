"""The words for what was read: whose it is, its state, its kind of symbol, its quality."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.core.carriers.sizing import Grade, Reader
from suyuan.core.identifiers import Scheme
from suyuan.verification.readback import CodeState, Whose
from suyuan.web.vocabulary import Word

STATES: Final[Mapping[CodeState, Word]] = MappingProxyType(
    {
        CodeState.ACTIVE: Word(pgettext_lazy("code read", "Active"), "good", "circle-check"),
        CodeState.ISSUED: Word(
            pgettext_lazy("code read", "Issued, not active"), "warn", "circle-dashed"
        ),
        CodeState.WITHDRAWN: Word(pgettext_lazy("code read", "Withdrawn"), "bad", "ban"),
        CodeState.NEVER_ISSUED: Word(pgettext_lazy("code read", "Never issued"), "bad", "shield-x"),
        CodeState.RECALLED: Word(pgettext_lazy("code read", "Recalled"), "bad", "alert-triangle"),
        CodeState.SEEN: Word(
            pgettext_lazy("code read", "Known from events"), "good", "timeline-event"
        ),
        CodeState.PLANNED: Word(
            pgettext_lazy("code read", "Planned, not active"), "warn", "circle-dashed"
        ),
        CodeState.KEPT: Word(pgettext_lazy("code read", "In your records"), "good", "check"),
        CodeState.NOT_SEEN: Word(
            pgettext_lazy("code read", "Not seen yet"), "quiet", "help-circle"
        ),
        CodeState.UNKNOWN: Word(
            pgettext_lazy("code read", "Not known here"), "quiet", "help-circle"
        ),
        CodeState.NO_IDENTITY: Word(pgettext_lazy("code read", "No identity"), "quiet", "minus"),
    }
)

WHOSE: Final[Mapping[Whose, Promise]] = MappingProxyType(
    {
        Whose.OWN: _("Yours"),
        Whose.PARTNER: _("A partner’s, known from your records"),
        Whose.UNKNOWN: _("Not yours: nothing here knows it"),
        Whose.NONE: _("No GS1 identity"),
    }
)

SCHEMES: Final[Mapping[Scheme, Promise]] = MappingProxyType(
    {
        Scheme.SGTIN: pgettext_lazy("code read", "Item"),
        Scheme.LGTIN: pgettext_lazy("code read", "Lot"),
        Scheme.GTIN: pgettext_lazy("code read", "Product"),
        Scheme.SSCC: pgettext_lazy("code read", "Case or pallet"),
        Scheme.SGLN: pgettext_lazy("code read", "Location"),
        Scheme.PGLN: pgettext_lazy("code read", "Party"),
        Scheme.URI: pgettext_lazy("code read", "Address or reference"),
    }
)

SYMBOLOGIES: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "qr": pgettext_lazy("code read", "QR code"),
        "micro_qr": "Micro QR",
        "rmqr": "rMQR",
        "datamatrix": "DataMatrix",
        "gs1_datamatrix": "GS1 DataMatrix",
        "gs1_128": "GS1-128",
        "aztec": "Aztec",
        "pdf417": "PDF417",
        "code_128": "Code 128",
        "ean_13": "EAN-13",
        "ean_8": "EAN-8",
        "upc_a": "UPC-A",
        "upc_e": "UPC-E",
        "itf_14": "ITF-14",
        "databar": "GS1 DataBar",
        "other": _("Another kind of code"),
    }
)
_GS1_NAMES: Final = MappingProxyType({"datamatrix": "gs1_datamatrix", "code_128": "gs1_128"})

TONES: Final[Mapping[Grade, tuple[str, str]]] = MappingProxyType(
    {
        Grade.GOOD: ("good", "circle-check"),
        Grade.FAIR: ("warn", "alert-triangle"),
        Grade.POOR: ("bad", "alert-circle"),
    }
)

GRADES: Final[Mapping[tuple[Grade, Reader], Promise]] = MappingProxyType(
    {
        (Grade.GOOD, "phone"): _("Phones read this size well."),
        (Grade.FAIR, "phone"): _("Small: good phones read it when held still; others may not."),
        (Grade.POOR, "phone"): _("Too small: many phones cannot read it."),
        (Grade.GOOD, "imager"): _("Hand-held imagers read this size well."),
        (Grade.FAIR, "imager"): _("Small: only readers made for small codes read it."),
        (Grade.POOR, "imager"): _("Too small for usual readers; test it with those on the line."),
        (Grade.GOOD, "bars"): _("Warehouse scanners read this size well."),
        (Grade.FAIR, "bars"): _("Narrower than GS1 allows on cases: scanned from close by only."),
        (Grade.POOR, "bars"): _("Too narrow: many scanners cannot read it."),
    }
)

FAULTS: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "page_damaged": _("Page %(page)s is damaged and was left out."),
        "pages_left_out": _("The pages from %(page)s on were left out: 20 are read at a time."),
        "codes_left_out": _(
            "Page %(page)s has more codes than are read at once; some are missing."
        ),
        "time_over": _("Reading took too long; the pages from %(page)s on were left out."),
    }
)


def symbology_name(symbology: str, *, is_gs1: bool) -> str | Promise:
    """Return what people call a kind of symbol; with FNC1 it is GS1's kind."""
    name = _GS1_NAMES.get(symbology, symbology) if is_gs1 else symbology
    return SYMBOLOGIES.get(name, name)
