"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.labels import selectors as labels
from suyuan.masterdata import selectors as masterdata
from suyuan.printing import codes, selectors
from suyuan.printing.models import After, Form, JobState, VoidReason
from suyuan.printing.values import (
    DEFAULT_PORT,
    DPIS,
    CodesOrRange,
    ListedCodes,
    OrderRange,
    Output,
    PackingLabels,
    SetLabels,
    Wanted,
)
from suyuan.web.choices import offer
from suyuan.web.printing.words import AFTER, FORMS, KINDS, REASONS, STATES, TIERS

_ANY: Final = ("", _("All"))
_MOST: Final = 200
_DPI_CHOICES: Final = [(str(dpi), f"{dpi} dpi") for dpi in DPIS]
_SCANNED: Final = {"spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}


class JobFilter(forms.Form):
    """Which jobs to list."""

    q = forms.CharField(label=_("Job, order, product, label or person"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("print job", "State"),
        required=False,
        choices=[_ANY, *((state.value, STATES[state]) for state in JobState)],
    )
    printer = forms.CharField(required=False, widget=forms.HiddenInput)


class OutputForm(forms.Form):
    """Where labels go."""

    to = forms.ChoiceField(label=_("Where to"))
    offset = forms.IntegerField(
        label=_("Labels used up on the first sheet"),
        min_value=0,
        required=False,
        help_text=_("For a sheet that was begun: printing starts at the next free place."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    dpi = forms.ChoiceField(
        label=_("Resolution of the printer, for ZPL and TSPL files"),
        choices=_DPI_CHOICES,
        required=False,
    )

    def offer_outputs(self, organisation_id: int) -> None:
        """Offer the printers that are in use, and files."""
        machines = [
            (f"printer:{row.code}", f"{row.name} · {row.kind.upper()} {row.dpi} dpi")
            for row in selectors.printers(organisation_id, active=True)[:_MOST]
        ]
        files = [(form.value, FORMS[form]) for form in Form]
        groups = ((_now("Files"), files), (_now("Printers"), machines))
        offer(self, "to", [(title, rows) for title, rows in groups if rows])

    def output(self) -> Output:
        """Return where to, as the service takes it."""
        given = self.cleaned_data
        kind, _colon, printer = given["to"].partition(":")
        dpi = int(given.get("dpi") or DPIS[0])
        if printer:
            return Output(printer=printer, offset=given.get("offset") or 0)
        offset = given.get("offset") or 0
        return Output(kind, offset=offset if kind == Form.PDF else 0, dpi=dpi)


class PrintForm(OutputForm):
    """A new job for the labels of one order."""

    template = forms.ChoiceField(label=_("Label"))
    what = forms.ChoiceField(label=_("Which labels"))
    first = forms.IntegerField(
        label=_("From code no."),
        min_value=1,
        required=False,
        help_text=_("Counted within the order. Empty: the first codes without labels."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    count = forms.IntegerField(
        label=_("How many labels"),
        min_value=1,
        required=False,
        help_text=_("Empty: all that follow."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    codes = forms.CharField(
        label=_("Listed codes"),
        max_length=2_000_000,
        required=False,
        help_text=_("One on each line, as scanned; or the first and the last with .. between."),
        widget=forms.Textarea(attrs={"rows": 3, **_SCANNED}),
    )
    note = forms.CharField(
        label=_("Text for the field “note” on the labels"), max_length=200, required=False
    )
    again = forms.CharField(
        label=_("Why labels are printed again"),
        max_length=200,
        required=False,
        help_text=_("Only for codes that are on labels already: those labels become void."),
    )
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)

    field_order = ("template", "what", "first", "count", "codes", "to", "offset", "dpi", "note")

    def __init__(self, order: CodeOrder, *args: Any, **kwargs: Any) -> None:
        """Offer the organisation's templates and printers, and what the order has labels for."""
        super().__init__(*args, **kwargs)
        here = order.organisation_id
        rows = labels.templates(here)[:_MOST]
        self.has_templates = bool(rows)
        offer(self, "template", [(row.number, f"{row.template.name} · {row}") for row in rows])
        offer(self, "what", list(_sources(order)))
        self.offer_outputs(here)

    def wanted(self) -> Wanted:
        """Return which labels, as the service takes it."""
        given = self.cleaned_data
        kind, *rest = given["what"].split(":")
        if kind == "set":
            return SetLabels(rest[0], rest[1])
        if kind == "packing":
            return PackingLabels(int(rest[0]), rest[1])
        if kind == "listed":
            return ListedCodes(tuple(codes.split(given["codes"])))
        first = given["first"]
        return OrderRange(None if first is None else first - 1, given["count"])


def _sources(order: CodeOrder) -> list[tuple[str, Any]]:
    """Return what labels an order can have."""
    found: list[tuple[str, Any]] = [("order", _("Codes of the order, by number"))]
    for plan in issuing.set_plans(order):
        for tier, words in TIERS.items():
            if tier != "pallets" or plan.pallets:
                name = _now("Sets %(number)s: %(tier)s") % {"number": plan.number, "tier": words}
                found.append((f"set:{plan.number}:{tier}", name))
    for packing in issuing.packings(order):
        span = {"first": f"{packing.first + 1:,}", "last": f"{packing.end:,}"}
        for tier in ("cases", "pallets") if packing.pallets else ("cases",):
            named = {**span, "tier": TIERS[tier]}
            name = _now("Packed codes %(first)s–%(last)s: %(tier)s") % named
            found.append((f"packing:{packing.first}:{tier}", name))
    found.append(("listed", _("Listed codes, printed again")))
    return found


class OrderChoice(forms.Form):
    """Whose labels a new job prints."""

    order = forms.ChoiceField(label=_("Code order"))

    def __init__(self, organisation_id: int, *args: Any, **kwargs: Any) -> None:
        """Offer the latest orders."""
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        orders = [
            (row.number, f"{row.number} · {row.product.name(language)} · {row.count:,}")
            for row in issuing.orders(organisation_id)[:_MOST]
        ]
        self.has_orders = bool(orders)
        offer(self, "order", orders)


class ResumeForm(forms.Form):
    """How many of the labels in doubt came out."""

    came_out = forms.IntegerField(
        label=_("How many of them came out well"),
        min_value=0,
        required=False,
        help_text=_("Counted from the first. The others are printed again."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class VoidForm(forms.Form):
    """Labels that no longer count."""

    codes = forms.CharField(
        label=_("Codes on the labels"),
        max_length=2_000_000,
        required=False,
        help_text=_(
            "Scan or paste them, one on each line; or the first and the last with .. between."
        ),
        widget=forms.Textarea(attrs={"rows": 4, **_SCANNED}),
    )
    first = forms.IntegerField(
        label=_("Or from code no."),
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    last = forms.IntegerField(
        label=_("to code no."),
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.ChoiceField(
        label=_("Why they are void"),
        choices=[(reason.value, REASONS[reason]) for reason in VoidReason],
    )
    note = forms.CharField(
        label=pgettext_lazy("void labels", "Note for colleagues"), max_length=200, required=False
    )
    after = forms.ChoiceField(
        label=_("What follows"),
        choices=[(after.value, AFTER[after]) for after in After],
        widget=forms.RadioSelect,
        initial=After.REPRINT.value,
    )
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)

    def named(self) -> CodesOrRange:
        """Return what was named: texts, and first and count of a range from 0."""
        given = self.cleaned_data
        first, last = given["first"], given["last"]
        texts = tuple(codes.split(given["codes"]))
        if first is None:
            return CodesOrRange(texts)
        return CodesOrRange(texts, first - 1, (last or first) - first + 1)


class ReprintForm(OutputForm):
    """Where void labels are printed again."""

    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput, required=False)

    def __init__(self, organisation_id: int, *args: Any, **kwargs: Any) -> None:
        """Offer files and printers."""
        super().__init__(*args, **kwargs)
        self.offer_outputs(organisation_id)


class PrinterForm(forms.Form):
    """A printer."""

    code = forms.CharField(
        label=pgettext_lazy("printer", "Short code"),
        max_length=40,
        help_text=_("Letters, digits and hyphens, such as ZEBRA-1; it cannot be changed."),
        widget=forms.TextInput(attrs=_SCANNED),
    )
    name = forms.CharField(label=pgettext_lazy("printer", "Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Language it reads"), choices=list(KINDS.items()))
    host = forms.CharField(
        label=_("Address in the local network"),
        max_length=253,
        help_text=_("An IP address or a name, such as 192.168.1.60."),
        widget=forms.TextInput(attrs=_SCANNED),
    )
    port = forms.IntegerField(
        label=pgettext_lazy("network", "Port"),
        min_value=1,
        max_value=65_535,
        initial=DEFAULT_PORT,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    dpi = forms.TypedChoiceField(label=_("Resolution"), choices=_DPI_CHOICES, coerce=int)
    reports = forms.BooleanField(
        label=_("It answers when asked for its status"),
        required=False,
        help_text=_(
            "Then a label counts as printed when the printer says so, and missing paper is named."
            " Try the printer to find out."
        ),
    )
    rfid = forms.BooleanField(label=_("It writes RFID tags while it prints"), required=False)
    location_code = forms.ChoiceField(label=_("Where it stands"), required=False)
    active = forms.BooleanField(
        label=pgettext_lazy("printer", "In use"), required=False, initial=True
    )

    def __init__(
        self, organisation_id: int, *args: Any, known: bool = False, **kwargs: Any
    ) -> None:
        """Offer the locations; a printer that is known keeps its code."""
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        rows = masterdata.list_locations(organisation_id)[:_MOST]
        named = [(row.code, f"{row.name(language)} · {row.code}") for row in rows]
        offer(self, "location_code", [("", "—"), *named])
        del self.fields["code" if known else "active"]
