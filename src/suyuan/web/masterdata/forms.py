"""Forms made from the table of masterdata's fields: what a browser sent, as typed values.

The rules are masterdata's; a form shows them as labels, controls and faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from suyuan.kernel.errors import SuyuanError
from suyuan.masterdata import fields, rules, selectors
from suyuan.masterdata.categories import CATEGORIES
from suyuan.masterdata.regions import REGIONS
from suyuan.masterdata.rules import Rule
from suyuan.tenancy.actor import Actor
from suyuan.web.choices import offer
from suyuan.web.masterdata.words import (
    FIELDS,
    GRANULARITIES,
    HELPS,
    INNER_CODES,
    LOCATION_KINDS,
    PARTY_KINDS,
    Text,
)
from suyuan.web.messages import sentence

_ANY: tuple[str, Text] = ("", _("All"))
_NONE: tuple[str, Text] = ("", "—")
_GTIN = rules.Text(14)


class _DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RuleField(forms.CharField):
    """A text field whose value the rule reads."""

    def __init__(self, rule: Rule, name: str, **kwargs: Any) -> None:
        """Keep the rule; the longest text stands in the control."""
        self.rule = rule
        self.name = name
        super().__init__(required=rule.required, strip=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the typed value; a refusal becomes the field's fault in words."""
        try:
            return self.rule.read(value or "", self.name)
        except SuyuanError as error:
            raise forms.ValidationError(sentence(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored value as the rule writes it, and a sent one as it came."""
        return value if isinstance(value, str) else self.rule.write(value)


def _control(rule: Rule, name: str) -> forms.Field:
    """Return the form field for a rule."""
    words: dict[str, Any] = {"label": FIELDS[name], "help_text": HELPS.get(name, "")}
    if isinstance(rule, rules.Flag):
        return forms.BooleanField(required=False, initial=rule.empty, **words)
    attributes: dict[str, Any] = {"autocomplete": "off"}
    widget: forms.Widget = forms.TextInput(attrs=attributes)
    if isinstance(rule, rules.Text):
        attributes["maxlength"] = rule.longest
        widget = forms.TextInput(attrs=attributes)
        if rule.lines:
            widget = forms.Textarea(attrs={**attributes, "rows": 4})
    elif isinstance(rule, rules.Day):
        widget = _DateInput()
    elif isinstance(rule, rules.Whole | rules.Degrees | rules.Quantity):
        widget = forms.TextInput(attrs={**attributes, "inputmode": "decimal"})
    return RuleField(rule, name, widget=widget, initial=rule.empty, **words)


class RowForm(forms.Form):
    """A form for one kind of row: key fields in a creation, then the fields of the table."""

    rules: ClassVar[Mapping[str, Rule]] = {}
    keys: ClassVar[Mapping[str, Rule]] = {}
    groups: ClassVar[tuple[tuple[Text, tuple[str, ...]], ...]] = ()
    unexplained: ClassVar[frozenset[str]] = frozenset()  # fields whose help means another kind
    optional_keys: ClassVar[frozenset[str]] = frozenset({"gtin"})

    def __init__(self, actor: Actor, *args: Any, creating: bool, **kwargs: Any) -> None:
        """Build the fields; relations are offered from the actor's organisation."""
        super().__init__(*args, **kwargs)
        shown = {**self.keys, **self.rules} if creating else dict(self.rules)
        for name, rule in shown.items():
            self.fields[name] = _control(rule, name)
            if name in self.unexplained:
                self.fields[name].help_text = ""
            if name in self.optional_keys:
                self.fields[name].required = False
        for name, options in self.choices(actor).items():
            if name in self.fields:
                self._offer(name, options)

    def _offer(self, name: str, options: Iterable[tuple[str, Text]]) -> None:
        field = self.fields[name]
        rule = field.rule if isinstance(field, RuleField) else None
        rows: list[tuple[str, Text]] = list(options)
        if rule is not None and not rule.required:
            rows.insert(0, _NONE)
        field.widget = forms.Select(choices=rows)

    def choices(self, actor: Actor) -> dict[str, Iterable[tuple[str, Text]]]:  # noqa: ARG002
        """Return the options of the fields that have some, of the actor's organisation."""
        return {}

    def grouped(self) -> list[tuple[Text, list[forms.BoundField]]]:
        """Return the fields in groups, those that are not shown left out."""
        if not self.groups:
            return [("", list(self))]
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.groups
        ]

    def place(self, error: SuyuanError) -> None:
        """Show a service's refusal at its field, or above the form."""
        self.add_error(error.place if error.place in self.fields else None, sentence(error))


def _language() -> str:
    return get_language() or ""


def _parties(actor: Actor) -> list[tuple[str, Text]]:
    rows = selectors.list_parties(actor.organisation_id)
    return [(row.code, f"{row.name(_language())} ({row.code})") for row in rows]


class ProductForm(RowForm):
    """A product."""

    rules = fields.PRODUCT
    keys: ClassVar[Mapping[str, Rule]] = {"gtin": _GTIN}
    groups: ClassVar[tuple[tuple[Text, tuple[str, ...]], ...]] = (
        (_("Identity"), ("gtin", "category", "name_zh", "name_en", "own", "active")),
        (_("How finely it is followed"), ("granularity", "shelf_life_days", "net_content")),
        (_("Hidden code on the label"), ("inner_code", "inner_hint_zh", "inner_hint_en")),
        (
            _("Words for consumers, Chinese and English"),
            (
                *("brand_zh", "brand_en", "origin_zh", "origin_en"),
                *("storage_zh", "storage_en", "description_zh", "description_en"),
            ),
        ),
    )

    def choices(self, actor: Actor) -> dict[str, Iterable[tuple[str, Text]]]:  # noqa: ARG002
        """Offer categories and granularities."""
        language = _language()
        return {
            "category": [(row.code, row.name(language)) for row in CATEGORIES.values()],
            "granularity": list(GRANULARITIES.items()),
            "inner_code": list(INNER_CODES.items()),
        }


class MaterialForm(RowForm):
    """A material."""

    rules = fields.MATERIAL
    keys: ClassVar[Mapping[str, Rule]] = {"code": fields.CODE, "gtin": _GTIN}

    def choices(self, actor: Actor) -> dict[str, Iterable[tuple[str, Text]]]:
        """Offer parties as suppliers."""
        return {"supplier": _parties(actor)}


class PartyForm(RowForm):
    """A party."""

    rules = fields.PARTY
    keys: ClassVar[Mapping[str, Rule]] = {"code": fields.CODE}

    def choices(self, actor: Actor) -> dict[str, Iterable[tuple[str, Text]]]:  # noqa: ARG002
        """Offer kinds of party."""
        return {"kind": list(PARTY_KINDS.items())}


class LocationForm(RowForm):
    """A location."""

    rules = fields.LOCATION
    keys: ClassVar[Mapping[str, Rule]] = {"code": fields.CODE}
    groups: ClassVar[tuple[tuple[Text, tuple[str, ...]], ...]] = (
        (_("Identity"), ("code", "name_zh", "name_en", "kind", "party", "gln")),
        (_("Where it is"), ("region", "latitude", "longitude")),
    )

    def choices(self, actor: Actor) -> dict[str, Iterable[tuple[str, Text]]]:
        """Offer parties, kinds of location and regions."""
        return {
            "party": _parties(actor),
            "kind": list(LOCATION_KINDS.items()),
            "region": region_options(),
        }


class LotForm(RowForm):
    """A product's lot; opening one is issuing's, so there are no keys."""

    rules = fields.LOT

    def choices(self, actor: Actor) -> dict[str, Iterable[tuple[str, Text]]]:
        """Offer locations."""
        rows = selectors.list_locations(actor.organisation_id)
        options = [(row.code, f"{row.name(_language())} ({row.code})") for row in rows]
        return {"location": options}


class MaterialLotForm(RowForm):
    """A material's lot."""

    rules = fields.MATERIAL_LOT
    unexplained = frozenset({"expires_on"})
    keys: ClassVar[Mapping[str, Rule]] = {"material": fields.CODE, "code": fields.LOT_CODE}

    def choices(self, actor: Actor) -> dict[str, Iterable[tuple[str, Text]]]:
        """Offer materials and suppliers."""
        rows = selectors.list_materials(actor.organisation_id)
        materials = [(row.code, f"{row.name(_language())} ({row.code})") for row in rows]
        return {"supplier": _parties(actor), "material": materials}


def region_options() -> list[tuple[str, Text]]:
    """Return provinces and cities in the order of their codes."""
    language = _language()
    rows = sorted(REGIONS.values(), key=lambda row: row.code)
    return [
        (row.code, row.name(language) if row.is_province else f"  {row.name(language)}")
        for row in rows
    ]


# Filters of the lists


class TextFilter(forms.Form):
    """A search text; the other lists add to it."""

    text = forms.CharField(label=_("Code, number or name"), required=False, max_length=120)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Return the selector's arguments; what is malformed is left out."""
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "sort" and value not in ("", None)
        }


class ProductFilter(TextFilter):
    """Filters of the list of products."""

    category = forms.ChoiceField(label=FIELDS["category"], required=False)
    granularity = forms.ChoiceField(
        label=FIELDS["granularity"], required=False, choices=[_ANY, *GRANULARITIES.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the categories in the reader's language."""
        super().__init__(*args, **kwargs)
        rows = [(row.code, row.name(_language())) for row in CATEGORIES.values()]
        offer(self, "category", [_ANY, *rows])


class PartyFilter(TextFilter):
    """Filters of the list of parties."""

    kind = forms.ChoiceField(
        label=FIELDS["kind"], required=False, choices=[_ANY, *PARTY_KINDS.items()]
    )


class LocationFilter(TextFilter):
    """Filters of the list of locations."""

    kind = forms.ChoiceField(
        label=FIELDS["kind"], required=False, choices=[_ANY, *LOCATION_KINDS.items()]
    )
    region = forms.ChoiceField(label=FIELDS["region"], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the regions in the reader's language."""
        super().__init__(*args, **kwargs)
        offer(self, "region", [_ANY, *region_options()])


class UploadForm(forms.Form):
    """A spreadsheet to import."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or XLSX, at most 20 MB and 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class PictureForm(forms.Form):
    """A picture of a product."""

    picture = forms.FileField(
        label=FIELDS["picture"],
        help_text=_("JPEG, PNG, WebP or GIF, at most 8 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
