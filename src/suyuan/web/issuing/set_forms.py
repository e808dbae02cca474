"""Forms of sets: planning them, activating a case, a pallet or all of them."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.values import CASE_LIMIT, ORDER_LIMIT
from suyuan.web.choices import offer
from suyuan.web.issuing.forms import location_choices, lot_choices, moment_field

_ORDERS = 200
_WHOLE = {"inputmode": "numeric"}


class SetFilter(forms.Form):
    """Which sets to list."""

    q = forms.CharField(label=_("Set, order or product"), required=False)


class PlanForm(forms.Form):
    """New sets."""

    order_number = forms.ChoiceField(label=pgettext_lazy("sets", "Code order"))
    per_case = forms.IntegerField(
        label=_("Items in a case"),
        min_value=1,
        max_value=CASE_LIMIT,
        initial=24,
        widget=forms.NumberInput(attrs=_WHOLE),
    )
    per_pallet = forms.IntegerField(
        label=_("Cases on a pallet"),
        min_value=0,
        max_value=CASE_LIMIT,
        required=False,
        help_text=_("Leave it empty for cases without pallets."),
        widget=forms.NumberInput(attrs=_WHOLE),
    )
    count = forms.IntegerField(
        label=pgettext_lazy("sets", "How many items"),
        min_value=1,
        max_value=ORDER_LIMIT,
        required=False,
        help_text=_("Leave it empty for all neighbouring codes that have no labels yet."),
        widget=forms.NumberInput(attrs=_WHOLE),
    )
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)

    def __init__(self, organisation_id: int, *args: object, **kwargs: object) -> None:
        """Offer the latest orders that have codes waiting."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        rows = selectors.orders(organisation_id, status="issued")[:_ORDERS]
        language = get_language() or ""
        orders = [
            (row.number, f"{row.number} · {row.product.name(language)} · {row.count:,}")
            for row in rows
        ]
        self.has_orders = bool(orders)
        offer(self, "order_number", [("", "—"), *orders])


class ActivateForm(forms.Form):
    """Say that a case, a pallet or all of the sets are filled."""

    lot_code = forms.ChoiceField(label=_("Lot of the goods"))
    location_code = forms.ChoiceField(label=_("Where it was packed"))
    time = moment_field(_("When"))

    def __init__(self, order: CodeOrder, *args: object, **kwargs: object) -> None:
        """Offer the order's lot, or its product's, and the locations."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer(self, "lot_code", lot_choices(order))
        offer(self, "location_code", location_choices(order.organisation_id))


class WithdrawForm(forms.Form):
    """Codes of an order that will never be on goods."""

    first = forms.IntegerField(label=_("From code no."), min_value=1)
    count = forms.IntegerField(label=_("How many codes"), min_value=1, initial=1)
    reason = forms.CharField(
        label=_("Why they are withdrawn"),
        max_length=200,
        help_text=_("Such as: labels smeared, roll lost."),
    )
