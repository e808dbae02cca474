"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.recalls.models import AnswerKind
from suyuan.recalls.notices.announcing import MOST_FORGET_DAYS, MOST_REMIND_DAYS
from suyuan.recalls.notices.lists import ANSWERED, UNANSWERED
from suyuan.recalls.notices.templates import LONGEST_BODY, LONGEST_SUBJECT
from suyuan.web.notices import words

_ANY = ("", _("All"))


def _choices(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(code, word.label) for code, word in table.items() if code]


class NoticeFilter(forms.Form):
    """Which notices to list."""

    q = forms.CharField(label=_("Order, waybill or partner"), required=False)
    kind = forms.ChoiceField(
        label=_("Recipients"), required=False, choices=[_ANY, *_choices(words.KINDS)]
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("notice", "State"),
        required=False,
        choices=[
            _ANY,
            *_choices(words.STATES),
            (ANSWERED, words.ANSWERED.label),
            (UNANSWERED, words.UNANSWERED.label),
        ],
    )


class ContactsForm(forms.Form):
    """A contact list."""

    file = forms.FileField(
        label=_("Contact list (CSV or Excel)"),
        help_text=_(
            "One row per order: order number or waybill, e-mail, telephone, name, language. The"
            " headings of the usual shop exports are understood."
        ),
    )


class RemindForm(forms.Form):
    """Who is reminded."""

    after_days = forms.IntegerField(
        label=_("Told at least so many days ago"),
        min_value=0,
        max_value=365,
        initial=3,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )


class AnnouncementForm(forms.Form):
    """What the notices and the public page add."""

    hotline = forms.CharField(
        label=_("Contact shown to recipients"),
        max_length=120,
        required=False,
        help_text=_("A telephone number with its hours, or an address that is read every day."),
    )
    advice_zh = forms.CharField(
        label=_("What to do, in Chinese"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Empty: the usual advice."),
    )
    advice_en = forms.CharField(
        label=_("What to do, in English"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    remind_after_days = forms.IntegerField(
        label=_("Remind by itself after so many days"),
        min_value=1,
        max_value=MOST_REMIND_DAYS,
        required=False,
        help_text=_("Who has not answered is written to again, three times at most."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    forget_after_days = forms.IntegerField(
        label=_("Erase contacts so many days after the recall has ended"),
        min_value=1,
        max_value=MOST_FORGET_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class ContactForm(forms.Form):
    """How one recipient can be reached."""

    name = forms.CharField(label=pgettext_lazy("contact", "Name"), max_length=80, required=False)
    email = forms.EmailField(label=pgettext_lazy("contact", "E-mail"), required=False)
    phone = forms.RegexField(
        r"^\+?[0-9][0-9 ()/-]{4,24}[0-9]$",
        label=pgettext_lazy("contact", "Telephone"),
        max_length=32,
        required=False,
    )
    language = forms.ChoiceField(
        label=pgettext_lazy("contact", "Language"), choices=[*words.LANGUAGES.items()]
    )


class AnswerForm(forms.Form):
    """How many items became what: one number for each answer, or one answer for all."""

    def __init__(self, data: Any = None, *, partner: bool = False, items: int = 0) -> None:
        """Name the answers as the recipient would."""
        super().__init__(data)
        self.items = items
        for kind in AnswerKind:
            label: Any = words.PARTNER_ANSWERS[kind] if partner else words.ANSWERS[kind].label
            self.fields[kind.value] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=10**9,
                required=False,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 10}
                ),
            )

    def counts(self) -> dict[str, int]:
        """Return the numbers that were given; `all` is the answer for every item."""
        given = {kind.value: self.cleaned_data.get(kind.value) or 0 for kind in AnswerKind}
        whole = self.data.get("all", "")
        if not any(given.values()) and whole in given:
            given[whole] = max(1, self.items)
        return given


class ReturnForm(forms.Form):
    """What was scanned at the counter, and where the counter is."""

    code = forms.CharField(
        label=_("Scan what came back"),
        max_length=200_000,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "autofocus": True,
                "enterkeyhint": "go",
            }
        ),
    )
    location = forms.ChoiceField(label=_("Returns counter at"))

    def __init__(self, data: Any = None, *, locations: list[tuple[str, str]], **more: Any) -> None:
        """Offer the organisation's places."""
        super().__init__(data, **more)
        self.fields["location"] = forms.ChoiceField(
            label=_("Returns counter at"), choices=locations
        )


class ManyForm(ReturnForm):
    """A pasted list."""

    code = forms.CharField(
        label=_("One code on each line"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )


class TemplateForm(forms.Form):
    """The words of one template."""

    subject = forms.CharField(
        label=pgettext_lazy("template", "Subject"), max_length=LONGEST_SUBJECT, required=False
    )
    body = forms.CharField(
        label=pgettext_lazy("template", "Text"),
        max_length=2 * LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        help_text=_("Empty: the words that came with the product."),
    )


class DoorForm(forms.Form):
    """Where a channel's messages go."""

    channel = forms.CharField(widget=forms.HiddenInput)
    url = forms.CharField(
        label=_("Address that takes the messages"),
        max_length=2000,
        required=False,
        help_text=_("Empty: none; the messages are taken as a file instead."),
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
