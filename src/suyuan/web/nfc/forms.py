"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.core.nfc.layout import Layout, MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.template import Slots
from suyuan.issuing import selectors as issuing
from suyuan.nfc.models import KeySource, LinkTo, ProfileVersion
from suyuan.nfc.personalisation import MOST_ITEMS, PLAIN_CHIPS
from suyuan.nfc.selectors import list_profiles
from suyuan.nfc.services import Settings
from suyuan.web.carriers.sheets import SheetField
from suyuan.web.choices import offer
from suyuan.web.nfc.words import CHIP_STATES, LINKS, MAC_INPUTS, MIRRORS, MODES, SEALS_AT, SOURCES

_ANY = ("", _("All"))
_MOST_ORDERS = 200
_NAMES = ("picc_name", "uid_name", "counter_name", "file_name", "seal_name", "mac_name")


def _secret(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a field whose value is never sent back, not even with a fault beside it."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=80,
        widget=forms.PasswordInput(
            render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}
        ),
    )


def _parameter(label: Any, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=initial,
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _slot(label: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, min_value=0, max_value=4)


class ChipFilter(forms.Form):
    """Which chips to list."""

    q = forms.CharField(label=_("UID or item"), required=False)
    profile = forms.ChoiceField(label=_("Key profile"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("chip", "State"), required=False, choices=[_ANY, *CHIP_STATES.items()]
    )

    def __init__(self, organisation_id: int, *args: Any, **kwargs: Any) -> None:
        """Offer the organisation's profiles."""
        super().__init__(*args, **kwargs)
        profiles = [(profile.public_id, profile.name) for profile in list_profiles(organisation_id)]
        offer(self, "profile", [_ANY, *profiles])


class VersionForm(forms.Form):
    """How chips write, and their keys."""

    mode = forms.ChoiceField(label=_("Encryption of the chip"), choices=[*MODES.items()])
    seal = forms.ChoiceField(label=_("State of the seal"), choices=[*SEALS_AT.items()])
    mirror = forms.ChoiceField(label=_("UID and counter"), choices=[*MIRRORS.items()])
    file_bytes = forms.TypedChoiceField(
        label=_("Encrypted file data"),
        coerce=int,
        choices=[
            (0, pgettext_lazy("file data", "none")),
            *((size, _("%(size)s characters") % {"size": size}) for size in (16, 32, 48)),
        ],
        help_text=_("Holds the item’s serial number and the state of the seal."),
    )
    mac_input = forms.ChoiceField(
        label=_("What the signature covers"),
        required=False,
        choices=[("", _("As little as the rest allows")), *MAC_INPUTS.items()],
    )
    bulk = forms.BooleanField(label=_("Everything in one parameter"), required=False)
    picc_name = _parameter(_("Parameter of the PICC data"), "picc_data")
    uid_name = _parameter(_("Parameter of the UID"), "uid")
    counter_name = _parameter(_("Parameter of the counter"), "ctr")
    file_name = _parameter(_("Parameter of the file data"), "enc")
    seal_name = _parameter(_("Parameter of the seal"), "tt")
    mac_name = _parameter(_("Parameter of the signature"), "cmac")
    source = forms.ChoiceField(
        label=_("Where the keys come from"), choices=[*SOURCES.items()], initial=KeySource.GENERATED
    )
    key_meta = _secret(_("Key of the PICC data"), _("32 hexadecimal digits."))
    key_file = _secret(
        _("Key of the signature"), _("32 hexadecimal digits; the master key, if diversified.")
    )
    key_app = _secret(
        _("Application master key"),
        _("32 hexadecimal digits; may stay with the encoder, then leave it empty."),
    )
    diversified = forms.BooleanField(
        label=_("Each chip has keys of its own (AN10922)"), required=False, initial=True
    )
    system = forms.CharField(
        label=_("System identifier"),
        required=False,
        max_length=60,
        help_text=_("Hexadecimal, 1 to 24 bytes; left empty, it is the profile’s public id."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    slot_app = _slot(_("Slot of the master key"), 0)
    slot_meta = _slot(_("Slot of the PICC data key"), 1)
    slot_file = _slot(_("Slot of the signature key"), 2)

    def settings(self) -> Settings:
        """Return what was sent; what the layout needs and nobody chose follows from the rest."""
        given = self.cleaned_data
        seal, size = SealAt(given["seal"]), given["file_bytes"]
        if seal is SealAt.FILE and not size:
            size = 16
        mac_input = given["mac_input"]
        if not mac_input:
            least = MacInput.PICC if seal is SealAt.PLAIN else MacInput.EMPTY
            mac_input = MacInput.FILE if size else least
        layout = Layout(
            mode=Mode(given["mode"]),
            mirror=Mirror(given["mirror"]),
            mac_input=MacInput(mac_input),
            file_bytes=size,
            seal=seal,
            bulk=given["bulk"],
            **{name: given[name] for name in _NAMES},
        )
        imported = given["source"] == KeySource.IMPORTED
        names = ("key_meta", "key_file", "key_app")
        return Settings(
            layout=layout,
            slots=Slots(given["slot_app"], given["slot_meta"], given["slot_file"]),
            diversified=given["diversified"],
            system=given["system"],
            keys={name: given[name] for name in names} if imported else {},
        )

    def clean(self) -> dict[str, Any]:
        """Ask for keys where they are to be entered."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("source") == KeySource.IMPORTED and not given.get("key_file"):
            self.add_error("key_file", _("Enter the key."))
        return given


class ProfileForm(VersionForm):
    """A new profile."""

    field_order = ("name", "link_to")
    name = forms.CharField(label=pgettext_lazy("key profile", "Name"), max_length=60)
    link_to = forms.ChoiceField(
        label=_("Where the link leads"), choices=[*LINKS.items()], initial=LinkTo.ITEM
    )
    test = forms.BooleanField(
        label=_("For tests: published keys are taken, nothing is proven"), required=False
    )


class RenameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label=pgettext_lazy("key profile", "Name"), max_length=60)


class RangeForm(forms.Form):
    """Which items of an order; positions count from 1."""

    order = forms.ChoiceField(label=_("Code order"))
    first = forms.IntegerField(label=_("From item no."), min_value=1, initial=1)
    count = forms.IntegerField(
        label=_("How many items"), min_value=1, max_value=MOST_ITEMS, initial=100
    )

    def __init__(self, organisation_id: int, *args: Any, **kwargs: Any) -> None:
        """Offer the latest orders."""
        super().__init__(*args, **kwargs)
        orders = [
            (order.number, f"{order.number} · {order.product.name_zh} · {order.count:,}")
            for order in issuing.orders(organisation_id)[:_MOST_ORDERS]
        ]
        self.has_orders = bool(orders)
        offer(self, "order", orders)


class PlainForm(RangeForm):
    """The same, for chips without keys."""

    field_order = ("chip",)
    chip = forms.ChoiceField(
        label=pgettext_lazy("plain chip", "Chip"),
        choices=[(chip, chip.upper().replace("G2", "G 2")) for chip in PLAIN_CHIPS],
    )


class ReportForm(forms.Form):
    """What an encoder reports."""

    file = SheetField(label=_("File of the encoder"))


class ArchiveForm(forms.Form):
    """For which chips, and under which passphrase."""

    uids = forms.CharField(
        label=_("UIDs of the chips"),
        max_length=300_000,
        help_text=_("One a line, at most 10,000."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    passphrase = forms.CharField(
        label=_("Passphrase of the archive"),
        max_length=200,
        strip=False,
        help_text=_("At least 12 characters. It is not stored: send it another way than the file."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TryForm(forms.Form):
    """A link that a chip made."""

    link = forms.CharField(
        label=_("Link of a tap"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Tap the chip, copy the whole address and paste it here."),
    )


def values_of(version: ProfileVersion) -> dict[str, Any]:
    """Return a version as the initial values of the next one's form; never its keys."""
    slots = {f"slot_{name}": number for name, number in version.slots.items()}
    return {
        **version.layout,
        **slots,
        "diversified": bool(version.system),
        "system": version.system,
        "source": version.source,
    }
