"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.tenancy.rights import Right, Role
from suyuan.tenancy.selectors import AuditFilter
from suyuan.web.choices import offer
from suyuan.web.messages import sentence
from suyuan.web.rights import RIGHT_SENTENCES, ROLE_NAMES


def refuse(form: forms.Form, error: SuyuanError) -> None:
    """Show a service's refusal at the field it is about, or above the form."""
    field = form.fields.get(error.place)
    shown = field is not None and not field.widget.is_hidden
    form.add_error(error.place if shown else None, sentence(error))


class OrganisationForm(forms.Form):
    """The two names."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)


class NewOrganisationForm(OrganisationForm):
    """A new organisation."""

    slug = forms.CharField(
        label=_("Address"),
        max_length=40,
        help_text=_("Lower-case letters, digits and hyphens, for example green-hill-tea."),
    )


class PrefixForm(forms.Form):
    """A GS1 company prefix."""

    company_prefix = forms.CharField(
        label=_("GS1 company prefix"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _role_choices() -> list[tuple[str, Any]]:
    return [(role.value, ROLE_NAMES[role]) for role in Role]


class InvitationForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=_role_choices, initial=Role.PLANNER.value)


class RoleForm(forms.Form):
    """A member's role."""

    email = forms.EmailField(widget=forms.HiddenInput)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=_role_choices,
        widget=forms.Select(attrs={"class": "form-select w-auto"}),
    )


class RemovalForm(forms.Form):
    """A member who goes."""

    email = forms.EmailField(widget=forms.HiddenInput)
    revoke_tokens = forms.BooleanField(
        label=_("Revoke the API tokens this person made"), required=False, initial=True
    )


_LIVES = {
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("1 year"),
    "": _("Does not expire"),
}


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("Token name"), max_length=80, help_text=_("Where it is used, such as “Line 3”.")
    )
    life = forms.ChoiceField(
        label=_("Valid for"), choices=list(_LIVES.items()), initial="90", required=False
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the token may do"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, rights: Iterable[Right], **kwargs: Any) -> None:
        """Offer only the rights of the one who issues it."""
        super().__init__(*args, **kwargs)
        held = set(rights)
        named = [(right.value, RIGHT_SENTENCES[right]) for right in Right if right in held]
        offer(self, "scopes", named)

    def expires_at(self) -> datetime | None:
        """Return the end of the chosen life."""
        days = self.cleaned_data["life"]
        return clock.now() + timedelta(days=int(days)) if days else None


class AuditForm(forms.Form):
    """What to look for in the audit trail."""

    person = forms.CharField(label=_("Person or token"), required=False, max_length=260)
    action = forms.ChoiceField(label=_("Act"), required=False)
    kind = forms.ChoiceField(label=_("Kind of object"), required=False)
    object = forms.CharField(label=_("Object"), required=False, max_length=260)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, actions: list[str], kinds: list[str], **kwargs: Any) -> None:
        """Offer the acts and kinds that occur."""
        super().__init__(*args, **kwargs)
        for name, words in (("action", actions), ("kind", kinds)):
            offer(self, name, [("", _("All")), *((word, word) for word in words)])

    def wanted(self) -> AuditFilter:
        """Return the filter; a field that could not be read does not narrow."""
        self.is_valid()
        values = self.cleaned_data
        since, until = values.get("since"), values.get("until")
        zone = timezone.get_default_timezone()
        midnight = datetime.min.time()
        return AuditFilter(
            actor=values.get("person", ""),
            action=values.get("action", ""),
            kind=values.get("kind", ""),
            object_id=values.get("object", ""),
            since=datetime.combine(since, midnight, zone) if since else None,
            until=datetime.combine(until + timedelta(days=1), midnight, zone) if until else None,
        )


class ProfileForm(forms.Form):
    """A person's own name and language."""

    name = forms.CharField(label=_("Your name"), max_length=80, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
