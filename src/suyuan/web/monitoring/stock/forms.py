"""What of the stock is shown."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.lineage.values import Whereabouts
from suyuan.monitoring.stock import ON_HAND, Cell
from suyuan.web import vocabulary
from suyuan.web.choices import offer

_STATES: Final = (
    *(Whereabouts.IN_HOUSE, Whereabouts.IN_TRANSIT, Whereabouts.RETURNED),
    *(Whereabouts.SOLD, Whereabouts.DESTROYED, Whereabouts.NOT_SEEN),
)


class StockFilter(forms.Form):
    """Product and state; what is on hand when nothing is said."""

    product = forms.ChoiceField(label=_("Product"), required=False)
    state = forms.ChoiceField(label=_("Where it is now"), required=False)

    def __init__(self, data: Any, *, products: list[tuple[str, str]]) -> None:
        """Offer the organisation's products."""
        super().__init__(data)
        states = [(one.value, vocabulary.status(one.value).label) for one in _STATES]
        on_hand = pgettext_lazy("stock", "On hand: in house, in transit, returned")
        offer(self, "product", [("", _("All products")), *products])
        offer(self, "state", [("", on_hand), *states])

    def wanted(self) -> tuple[str, tuple[Whereabouts, ...]]:
        """Return the product, "" for all, and the states."""
        data = self.cleaned_data if self.is_valid() else {}
        state = data.get("state", "")
        return data.get("product", ""), (Whereabouts(state),) if state else ON_HAND


class CellForm(forms.Form):
    """One cell of the table, as its address says it."""

    product = forms.CharField(required=False, max_length=14)
    state = forms.ChoiceField(
        required=False, choices=[(one.value, one.value) for one in Whereabouts]
    )
    place = forms.CharField(required=False, max_length=500)
    recalled = forms.BooleanField(required=False)

    def cell(self) -> Cell | None:
        """Return the cell, None if the address makes no sense."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Cell(
            gtin=data["product"],
            whereabouts=Whereabouts(data["state"]) if data["state"] else None,
            place=data["place"] if "place" in self.data else None,
            recalled=True if data["recalled"] else None,
        )
