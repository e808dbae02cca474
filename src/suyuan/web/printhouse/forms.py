"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.issuing import selectors as issuing
from suyuan.issuing.values import ORDER_LIMIT
from suyuan.printhouse import selectors
from suyuan.printhouse.models import PackageState
from suyuan.printhouse.values import FIRST_ROLL_LIMIT, ROLL_LIMIT, Wanted
from suyuan.web.choices import offer

_ORDERS: Final = 200
_WHOLE: Final = {"inputmode": "numeric"}
_SET: Final = "set:"
ONCE: Final = "once"
AGREED: Final = "agreed"

STATES: Final = {
    PackageState.PREPARING: pgettext_lazy("package", "Being prepared"),
    PackageState.PREPARED: pgettext_lazy("package", "Prepared"),
    PackageState.SENT: pgettext_lazy("package", "Sent"),
    PackageState.RETURNED: pgettext_lazy("package", "List returned"),
    PackageState.RECONCILED: pgettext_lazy("package", "Reconciled"),
    PackageState.CANCELLED: pgettext_lazy("package", "Cancelled"),
}


class PackageFilter(forms.Form):
    """Which packages to list."""

    q = forms.CharField(label=_("Number, order, print house or product"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("package", "State"),
        required=False,
        choices=[("", _("All")), *STATES.items()],
    )


class PackageForm(forms.Form):
    """A new package."""

    source = forms.ChoiceField(label=_("Codes of"))
    party_code = forms.ChoiceField(label=pgettext_lazy("package", "Print house"))
    count = forms.IntegerField(
        label=_("How many codes"),
        min_value=1,
        max_value=ORDER_LIMIT,
        required=False,
        help_text=_("Leave it empty for all that are on no label yet."),
        widget=forms.NumberInput(attrs=_WHOLE),
    )
    roll_size = forms.IntegerField(
        label=_("Labels on a roll"),
        min_value=1,
        max_value=ROLL_LIMIT,
        initial=2_000,
        widget=forms.NumberInput(attrs=_WHOLE),
    )
    first_roll = forms.IntegerField(
        label=_("Number of the first roll"),
        min_value=0,
        max_value=FIRST_ROLL_LIMIT,
        initial=1,
        widget=forms.NumberInput(attrs=_WHOLE),
    )
    links = forms.BooleanField(
        label=_("The link of each code, for its QR code"), required=False, initial=True
    )
    inner = forms.BooleanField(
        label=_("The hidden code of each item"),
        required=False,
        help_text=_("Only for products whose labels have a scratch-off layer."),
    )
    password = forms.ChoiceField(
        label=_("Locked with"),
        choices=[
            (ONCE, _("A password of its own, shown once")),
            (AGREED, _("The password agreed with the print house")),
        ],
        initial=ONCE,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note for colleagues"), max_length=500, required=False)
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)

    def __init__(self, organisation_id: int, *args: object, **kwargs: object) -> None:
        """Offer orders, sets and print houses."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        language = get_language() or ""
        orders = issuing.orders(organisation_id)[:_ORDERS]
        plans = issuing.sets(organisation_id).filter(cancelled_at=None)[:_ORDERS]
        groups: list[tuple[object, object]] = [("", "—")]
        if of_orders := [
            (row.number, f"{row.number} · {row.product.name(language)} · {row.count:,}")
            for row in orders
        ]:
            groups.append((_("Code orders"), of_orders))
        if of_sets := [
            (
                f"{_SET}{row.number}",
                f"{row.number} · {row.order.product.name(language)} · {row.count:,}",
            )
            for row in plans
        ]:
            groups.append((pgettext_lazy("packaging", "Sets"), of_sets))
        offer(self, "source", groups)
        houses = selectors.print_houses(organisation_id)
        named = [(row.code, f"{row.name(language)} · {row.code}") for row in houses]
        offer(self, "party_code", [("", "—"), *named] if len(named) != 1 else named)
        self.has_houses = bool(named)
        self.has_sources = bool(of_orders)

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        values = self.cleaned_data
        source = values["source"]
        of_set = source.startswith(_SET)
        return Wanted(
            order_number="" if of_set else source,
            set_number=source.removeprefix(_SET) if of_set else "",
            party_code=values["party_code"],
            roll_size=values["roll_size"],
            first_roll=values["first_roll"],
            count=values["count"],
            links=values["links"],
            inner=values["inner"],
            agreed_password=values["password"] == AGREED,
            note=values["note"],
            request_key=values["request_key"],
        )


class ReasonForm(forms.Form):
    """Why something is done that cannot be taken back."""

    reason = forms.CharField(label=pgettext_lazy("package", "Why"), max_length=200)


class CloseForm(forms.Form):
    """Close a package."""

    withdraw_missing = forms.BooleanField(
        label=_("Withdraw the codes that are missing"),
        required=False,
        initial=True,
        help_text=_("Then nobody can put them on other goods. Codes that are active stay."),
    )


class ReturnForm(forms.Form):
    """A list that came back."""

    file = forms.FileField(
        label=_("List of used and spoiled codes"),
        help_text=_("CSV of at most 500,000 lines, or XLSX of at most 100,000; 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )
    default = forms.ChoiceField(
        label=_("Lines without a status are"),
        required=False,
        choices=[
            ("", _("refused")),
            ("used", pgettext_lazy("label", "used")),
            ("spoiled", pgettext_lazy("label", "spoiled")),
        ],
    )


class AgreeForm(forms.Form):
    """A password agreed with a print house."""

    password = forms.CharField(
        label=_("Password agreed by telephone"),
        max_length=100,
        required=False,
        help_text=_("At least 16 characters. Leave it empty to have one drawn."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
