"""The words of carriers' screens: kinds, reasons, icons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from suyuan.carriers.models import CarrierKind, Reason
from suyuan.issuing.models import AllotmentKind

KINDS: Final[Mapping[str, Promise]] = {
    CarrierKind.QR.value: pgettext_lazy("carrier", "QR code"),
    CarrierKind.DATAMATRIX.value: pgettext_lazy("carrier", "DataMatrix"),
    CarrierKind.RFID.value: pgettext_lazy("carrier", "RFID tag"),
    CarrierKind.NFC.value: pgettext_lazy("carrier", "NFC chip"),
    CarrierKind.OTHER.value: pgettext_lazy("carrier", "Other carrier"),
}
ICONS: Final[Mapping[str, str]] = {
    CarrierKind.QR.value: "qrcode",
    CarrierKind.DATAMATRIX.value: "grid-dots",
    CarrierKind.RFID.value: "cpu",
    CarrierKind.NFC.value: "nfc",
    CarrierKind.OTHER.value: "link",
}
REASONS: Final[Mapping[str, Promise]] = {
    Reason.DAMAGED.value: pgettext_lazy("carrier", "Damaged"),
    Reason.LOST.value: pgettext_lazy("carrier", "Lost"),
    Reason.RELABELLED.value: pgettext_lazy("carrier", "Relabelled"),
    Reason.WRONG.value: pgettext_lazy("carrier", "Bound by mistake"),
    Reason.OTHER.value: pgettext_lazy("carrier", "Another reason"),
}
PRINTED: Final[Mapping[str, Promise]] = {
    AllotmentKind.PRINT.value: pgettext_lazy("carrier", "Label printed"),
    AllotmentKind.PACKAGE.value: pgettext_lazy("carrier", "Sent to a print house"),
    AllotmentKind.SET.value: pgettext_lazy("carrier", "Part of pre-linked packaging"),
}
