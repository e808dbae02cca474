"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.core.identifiers import Scheme
from suyuan.core.identifiers.binary import PREFIX_BITS, TagScheme, filters_of
from suyuan.issuing import selectors as issuing
from suyuan.rfid.values import ITEM_SCHEMES
from suyuan.web.choices import offer
from suyuan.web.rfid.words import SCHEMES, filter_choices

MOST_READS: Final = 500
_MOST_ORDERS: Final = 200
_LONGEST_LINE: Final = 2048
_STATES: Final = (
    ("", _("All")),
    ("live", pgettext_lazy("tag range", "Valid")),
    ("ended", pgettext_lazy("tag range", "Ended")),
)


class RangeFilter(forms.Form):
    """Which ranges to list."""

    q = forms.CharField(label=_("Number, order, product or note"), required=False)
    scheme = forms.ChoiceField(
        label=_("Kind of tag"),
        required=False,
        choices=[("", _("All")), *((one.value, one.label) for one in ITEM_SCHEMES)],
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("tag range", "State"), required=False, choices=_STATES
    )


def _prefix_choices() -> list[tuple[str, object]]:
    lengths = sorted(PREFIX_BITS, reverse=True)
    single = (str(lengths[0]), _("12 digits: GS1 gave out this one number"))
    return [
        ("", _("As recorded for your organisation")),
        single,
        *((str(one), _("%(digits)s digits") % {"digits": one}) for one in lengths[1:]),
    ]


class RangeForm(forms.Form):
    """Tags for a part of a code order."""

    order_number = forms.ChoiceField(label=_("Code order"))
    scheme = forms.ChoiceField(
        label=_("Kind of tag"),
        choices=[(one.value, SCHEMES[one]) for one in ITEM_SCHEMES],
        initial=TagScheme.SGTIN_96.value,
    )
    filter = forms.TypedChoiceField(
        label=_("What readers may look for"),
        coerce=int,
        initial="1",
        help_text=_("The filter value: readers can be told to hear only cases, or only items."),
    )
    first = forms.IntegerField(
        label=_("From code no."),
        min_value=1,
        required=False,
        help_text=_("Empty: from the first code without a tag."),
    )
    count = forms.IntegerField(
        label=_("How many tags"),
        min_value=1,
        required=False,
        help_text=_("Empty: all that follow without a tag."),
    )
    prefix_length = forms.TypedChoiceField(
        label=_("Length of the company prefix"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Only for a number whose prefix your organisation has not recorded."),
    )
    note = forms.CharField(label=_("Note for colleagues"), max_length=500, required=False)
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)

    def __init__(self, organisation_id: int, *args: object, **kwargs: object) -> None:
        """Offer the latest orders, and the filter values of items in the reader's language."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        language = get_language() or ""
        orders = [
            (row.number, f"{row.number} · {row.product.name(language)} · {row.count:,}")
            for row in issuing.orders(organisation_id)[:_MOST_ORDERS]
        ]
        self.has_orders = bool(orders)
        offer(self, "order_number", [("", "—"), *orders])
        offer(self, "filter", filter_choices(Scheme.SGTIN, filters_of(Scheme.SGTIN)))
        offer(self, "prefix_length", _prefix_choices())

    def clean_first(self) -> int | None:
        """Return the position from 0."""
        first: int | None = self.cleaned_data["first"]
        return None if first is None else first - 1


class EndForm(forms.Form):
    """Say why a range's tags lead nowhere any more."""

    reason = forms.CharField(label=_("Why"), max_length=500)


class ReadForm(forms.Form):
    """EPCs, one a line."""

    texts = forms.CharField(
        label=_("EPCs, one a line"),
        max_length=MOST_READS * 160,
        widget=forms.Textarea(
            attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "off", "class": "sy-code"}
        ),
        help_text=_(
            "Hexadecimal as readers report it, or EPC URIs (urn:epc:…). At most 500 at a time."
        ),
    )

    def clean_texts(self) -> list[str]:
        """Return the lines that are not empty, each once."""
        lines = (line.strip() for line in str(self.cleaned_data["texts"]).splitlines())
        texts = list(dict.fromkeys(line for line in lines if line))
        if len(texts) > MOST_READS:
            message = _("These are %(given)s lines; read at most %(most)s at a time.")
            raise forms.ValidationError(message, params={"given": len(texts), "most": MOST_READS})
        if any(len(text) > _LONGEST_LINE for text in texts):
            raise forms.ValidationError(_("A line is too long for an EPC."))
        return texts


class WriteForm(forms.Form):
    """What to write on a tag."""

    code = forms.CharField(
        label=_("Item or logistic unit"),
        max_length=500,
        help_text=_("A serial, a link, an SSCC: any form of its code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    filter = forms.TypedChoiceField(
        label=_("What readers may look for"),
        coerce=int,
        initial="1",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the filter values in the reader's language."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer(self, "filter", filter_choices(Scheme.SGTIN, filters_of(Scheme.SGTIN)))
