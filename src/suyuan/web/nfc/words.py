"""The words for what chips and profiles are told by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.core.nfc.layout import MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.seal import Seal
from suyuan.nfc.models import KeySource, LinkTo

LINKS: Final[Mapping[str, Promise]] = {
    LinkTo.ITEM: _("The item’s own address (each chip has a link of its own)"),
    LinkTo.DOOR: _("One address for all chips (the chip tells which item it is on)"),
}
MODES: Final[Mapping[str, Promise]] = {
    Mode.AES: pgettext_lazy("chip mode", "AES"),
    Mode.LRP: pgettext_lazy("chip mode", "LRP (cannot be undone on a chip)"),
}
MIRRORS: Final[Mapping[str, Promise]] = {
    Mirror.ENCRYPTED: _("Encrypted (nobody can follow a chip by its UID)"),
    Mirror.PLAIN: _("Readable in the link"),
}
SEALS_AT: Final[Mapping[str, Promise]] = {
    SealAt.NONE: _("The chip has no tamper loop"),
    SealAt.FILE: _("Encrypted, in the file data"),
    SealAt.PLAIN: _("Readable in the link, covered by the signature"),
}
MAC_INPUTS: Final[Mapping[str, Promise]] = {
    MacInput.EMPTY: _("Nothing but UID and counter"),
    MacInput.FILE: _("From the file data on"),
    MacInput.PICC: _("From the first parameter on"),
}
SOURCES: Final[Mapping[str, Promise]] = {
    KeySource.GENERATED: pgettext_lazy("chip keys", "Made here"),
    KeySource.IMPORTED: pgettext_lazy("chip keys", "Entered by hand"),
}
KEY_NAMES: Final[Mapping[str, Promise]] = {
    "meta": _("Key of the PICC data"),
    "file": _("Key of the signature"),
    "app": _("Application master key"),
}
SEAL_STATES: Final[Mapping[str, tuple[Promise, str, str]]] = {
    Seal.INTACT: (pgettext_lazy("chip seal", "Never opened"), "good", "lock"),
    Seal.OPEN: (pgettext_lazy("chip seal", "Open"), "bad", "lock-open"),
    Seal.OPENED: (pgettext_lazy("chip seal", "Opened before"), "bad", "lock-open"),
    Seal.UNKNOWN: (pgettext_lazy("chip seal", "Not measured"), "quiet", "help-circle"),
}
CHIP_STATES: Final[Mapping[str, Promise]] = {
    "tapped": pgettext_lazy("chip state", "Tapped"),
    "untapped": pgettext_lazy("chip state", "Never tapped"),
    "opened": pgettext_lazy("chip state", "Seal found open"),
    "unregistered": pgettext_lazy("chip state", "Not reported by an encoder"),
}
STEPS: Final[Mapping[str, Promise]] = {
    "read_uid": _("Read the UID of the chip (7 bytes)."),
    "authenticate": _("Authenticate with the factory key of the master slot."),
    "switch_to_lrp": _("Switch the chip to LRP mode. It stays so for good."),
    "write_ndef": _("Write the column ndef_file into file 2."),
    "file_settings": _("Send ChangeFileSettings for file 2 with the column file_settings."),
    "change_keys": _(
        "Change the keys: PICC data and signature first, the master key last; give each the key"
        " version."
    ),
    "check_tap": _("Tap the chip once and look at the link."),
    "report": _("Send back a table with the columns uid and serial, and upload it here."),
}
TRIES: Final[Mapping[str, Promise]] = {
    "": _("Genuine under this key"),
    "tap_parameter_missing": _("The link lacks a parameter of this profile"),
    "tap_length": _("A parameter has another length"),
    "tap_not_hex": _("A parameter is not hexadecimal"),
    "tap_status": _("The seal’s state cannot be read"),
    "picc_tag": _("The PICC data was not encrypted under this key"),
    "tap_mac_wrong": _("The signature is wrong"),
    "nfc_version_revoked": _("The signature is right, but these keys are revoked"),
}
