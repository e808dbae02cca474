"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.issuing.models import CodeOrder, OrderStatus
from suyuan.issuing.values import ORDER_LIMIT
from suyuan.kernel import clock
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Granularity, Location, Product
from suyuan.web.choices import offer

MOMENT: Final = "%Y-%m-%dT%H:%M"
ANY: Final = ("", _("All"))
STATUS_NAMES: Final = {
    OrderStatus.ISSUED: pgettext_lazy("code order", "Not all active"),
    OrderStatus.COMMISSIONED: pgettext_lazy("code order", "All active"),
    OrderStatus.WITHDRAWN: pgettext_lazy("code order", "All withdrawn"),
}
_MOST_OPTIONS: Final = 500  # a longer list is no list to choose from


def moment_field(label: object) -> forms.DateTimeField:
    """Return a field for a time, which begins as now."""
    return forms.DateTimeField(
        label=label,  # type: ignore[arg-type]  # a lazy sentence
        initial=lambda: timezone.localtime(clock.now()).strftime(MOMENT),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )


def day_field(label: object, *, required: bool = True, help_text: object = "") -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,  # type: ignore[arg-type]  # a lazy sentence
        required=required,
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def location_choices(organisation_id: int) -> list[tuple[str, str]]:
    """Return locations to choose from, by name."""
    return [("", "—"), *_named(masterdata.list_locations(organisation_id)[:_MOST_OPTIONS])]


def lot_choices(order: CodeOrder) -> list[tuple[str, str]]:
    """Return the lots that an order's items may be of: its own, or else its product's."""
    if order.lot:
        return [(order.lot.code, order.lot.code)]
    rows = masterdata.list_lots(order.organisation_id, gtin=order.product.gtin)[:_MOST_OPTIONS]
    return [("", "—"), *((row.code, row.code) for row in rows)]


def party_choices(organisation_id: int) -> list[tuple[str, str]]:
    """Return parties to choose from, by name."""
    rows = masterdata.list_parties(organisation_id)[:_MOST_OPTIONS]
    return [("", "—"), *((row.code, f"{row.name(_language())} · {row.code}") for row in rows)]


def _named(rows: Iterable[Location]) -> list[tuple[str, str]]:
    return [(row.code, f"{row.name(_language())} · {row.code}") for row in rows]


def _language() -> str:
    return get_language() or ""


def product_label(product: Product) -> str:
    """Name a product, and say what cannot be ordered for it or what its number is worth."""
    text = f"{product.name(_language())} · {product.gtin_display}"
    if product.is_restricted:
        return f"{text} ({_('number for use inside this installation only')})"
    return text


class OrderFilter(forms.Form):
    """Which orders to list."""

    q = forms.CharField(label=_("Number, product, lot or note"), required=False)
    status = forms.ChoiceField(
        label=pgettext_lazy("code order", "Status"),
        required=False,
        choices=[ANY, *STATUS_NAMES.items()],
    )
    gtin = forms.CharField(required=False, widget=forms.HiddenInput)


class OrderForm(forms.Form):
    """A new code order."""

    gtin = forms.ChoiceField(label=_("Product"))
    count = forms.IntegerField(
        label=_("How many codes"),
        min_value=1,
        max_value=ORDER_LIMIT,
        help_text=_("From 1 to 10,000,000. Each item gets a code of its own."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    lot_code = forms.CharField(
        label=_("For the lot"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty if the lot is not known yet; you name it when activating."),
        widget=forms.TextInput(attrs={"list": "lots", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Note for colleagues"), max_length=500, required=False)
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)

    def __init__(self, organisation_id: int, *args: object, **kwargs: object) -> None:
        """Offer the products whose items have serials."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        products = masterdata.list_products(
            organisation_id, granularity=Granularity.ITEM.value, own=True, active=True
        )[:_MOST_OPTIONS]
        offered = [(row.gtin, product_label(row)) for row in products]
        self.has_products = bool(offered)
        offer(self, "gtin", [("", "—"), *offered])


class CommissionForm(forms.Form):
    """Say that an order's codes are on goods."""

    lot_code = forms.ChoiceField(label=_("Lot of the goods"))
    location_code = forms.ChoiceField(label=_("Where the codes were put on"))
    time = moment_field(_("When"))
    first = forms.IntegerField(
        label=_("From code no."), min_value=1, help_text=_("Counted within this order.")
    )
    count = forms.IntegerField(label=_("How many codes"), min_value=1)

    def __init__(
        self, order: CodeOrder, waiting: tuple[int, int], *args: object, **kwargs: object
    ) -> None:
        """Offer the order's lot, or its product's; begin with the first codes not active."""
        kwargs["initial"] = {
            "first": waiting[0] + 1,
            "count": waiting[1] - waiting[0],
            "lot_code": order.lot.code if order.lot else "",
        }
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer(self, "lot_code", lot_choices(order))
        offer(self, "location_code", location_choices(order.organisation_id))


class PackForm(forms.Form):
    """Pack an order's active codes by plan."""

    per_case = forms.IntegerField(label=_("Items in a case"), min_value=1, initial=24)
    per_pallet = forms.IntegerField(
        label=_("Cases on a pallet"),
        min_value=0,
        required=False,
        help_text=_("Leave it empty for cases without pallets."),
    )
    count = forms.IntegerField(
        label=_("Items to pack"),
        min_value=1,
        required=False,
        help_text=_("Leave it empty for all that are active and not packed."),
    )
    location_code = forms.ChoiceField(label=_("Where it was packed"))
    time = moment_field(_("When"))

    def __init__(self, order: CodeOrder, *args: object, **kwargs: object) -> None:
        """Offer the locations."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer(self, "location_code", location_choices(order.organisation_id))


class LotForm(forms.Form):
    """A new batch; its materials are a formset of `UseForm`."""

    gtin = forms.ChoiceField(label=_("Product"))
    code = forms.CharField(label=_("Lot code"), max_length=20)
    produced_on = day_field(_("Produced on"))
    expires_on = day_field(
        _("Expires on"),
        required=False,
        help_text=_("Leave it empty to count from the product's shelf life."),
    )
    line = forms.CharField(label=_("Production line"), max_length=60, required=False)
    team = forms.CharField(label=pgettext_lazy("shift", "Team"), max_length=60, required=False)
    location_code = forms.ChoiceField(label=_("Where it was made"), required=False)
    quantity = forms.DecimalField(
        label=_("How much was made"),
        required=False,
        max_digits=15,
        decimal_places=3,
        help_text=_("A count of items, if it is known already."),
    )
    time = moment_field(_("Time of the record"))

    def __init__(self, organisation_id: int, *args: object, **kwargs: object) -> None:
        """Offer products and locations."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        products = masterdata.list_products(organisation_id, active=True)[:_MOST_OPTIONS]
        offer(self, "gtin", [("", "—"), *((row.gtin, product_label(row)) for row in products)])
        offer(self, "location_code", location_choices(organisation_id))


class UseForm(forms.Form):
    """A material lot that went into a batch."""

    material_lot = forms.ChoiceField(label=_("Material lot"), required=False)
    quantity = forms.DecimalField(
        label=_("Quantity used"), required=False, max_digits=15, decimal_places=3
    )
    uom = forms.CharField(
        label=pgettext_lazy("of measure", "Unit"),
        max_length=3,
        required=False,
        widget=forms.TextInput(attrs={"list": "units", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: object, choices: list[tuple[str, str]], **kwargs: object) -> None:
        """Offer the material lots."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer(self, "material_lot", choices)

    def clean_uom(self) -> str:
        """Write units as the code list does."""
        return str(self.cleaned_data["uom"]).strip().upper()


def at(value: datetime) -> datetime:
    """Return a form's time with the display's zone, which events then carry."""
    return timezone.localtime(value)
