"""Forms: the file to read, and the picture that is wanted."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.core.carriers import LEVELS
from suyuan.core.carriers.opening import MOST_BYTES
from suyuan.core.carriers.sizing import RESOLUTIONS
from suyuan.core.carriers.symbols import BAR_MM, KINDS
from suyuan.issuing.services.pictures import LARGEST_MM, SMALLEST_MM, Wanted
from suyuan.web.codes.words import SYMBOLOGIES
from suyuan.web.messages import message

ACCEPTED: Final = "image/png,image/jpeg,image/webp,image/gif,image/tiff,image/bmp,application/pdf"
_MOST_MB: Final = MOST_BYTES // 2**20
_LEVEL_NAMES: Final = {
    "L": _("L: 7 % may be damaged"),
    "M": _("M: 15 % may be damaged"),
    "Q": _("Q: 25 % may be damaged"),
    "H": _("H: 30 % may be damaged"),
}


class ReadForm(forms.Form):
    """A picture, a photo or a PDF; the first file that is not empty counts."""

    picture = forms.FileField(
        label=_("Picture, photo or PDF"),
        required=False,
        allow_empty_file=True,
        help_text=_("PNG, JPEG, WebP, GIF, TIFF, BMP or PDF, up to 20 MB. It is not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    photo = forms.FileField(
        label=_("Or take a photo"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    first_page = forms.IntegerField(
        label=pgettext_lazy("code read", "From page"),
        required=False,
        min_value=1,
        max_value=100_000,
        initial=1,
        help_text=_("Of a PDF or a scan; 20 pages are read at a time."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one file of a size that is read."""
        data = super().clean() or {}
        upload = data.get("picture") or data.get("photo")
        if upload is None:
            self.add_error("picture", _("Choose a picture, a photo or a PDF."))
        elif (upload.size or 0) > MOST_BYTES:
            self.add_error("picture", message("reading_bytes", {"limit_mb": _MOST_MB}))
        data["upload"] = upload
        return data


class PictureForm(forms.Form):
    """Which code, as what, how large, for which printer."""

    code = forms.CharField(
        label=pgettext_lazy("code read", "Code"),
        max_length=2_048,
        help_text=_("An item, lot, case or product, in any form: a link, (01)…(21)…, 18 digits."),
    )
    symbology = forms.ChoiceField(
        label=pgettext_lazy("code read", "Kind of code"),
        required=False,
        choices=[("", _("What it usually bears")), *((name, SYMBOLOGIES[name]) for name in KINDS)],
    )
    size_mm = forms.FloatField(
        label=_("Largest width, mm"),
        required=False,
        min_value=SMALLEST_MM,
        max_value=LARGEST_MM,
        help_text=_("With the light margin. Rounded down to whole dots for each module."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    dpi = forms.TypedChoiceField(
        label=_("Printer, dpi"),
        required=False,
        coerce=int,
        empty_value="300",
        initial=300,
        choices=[(dpi, f"{dpi} dpi") for dpi in RESOLUTIONS],
    )
    level = forms.ChoiceField(
        label=pgettext_lazy("of a QR code", "Error correction"),
        required=False,
        initial="M",
        choices=[(name, _LEVEL_NAMES[name]) for name in LEVELS],
    )
    bar_mm = forms.FloatField(
        label=_("Height of bars, mm"),
        required=False,
        min_value=SMALLEST_MM,
        max_value=LARGEST_MM,
        help_text=_("Of GS1-128 only; GS1 asks for 31.75 mm on cases."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )

    def wanted(self) -> Wanted:
        """Return what is asked for; call it when the form is valid."""
        data = self.cleaned_data
        return Wanted(
            code=data["code"],
            symbology=data["symbology"],
            level=data["level"] or "M",
            size_mm=data["size_mm"] or 0,
            dpi=int(data["dpi"]),
            bar_mm=data["bar_mm"] or BAR_MM,
        )
