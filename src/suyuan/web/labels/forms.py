"""Forms of the designer: what a browser sent, as a design's document. The rules are the core's.

Owns: one form for each kind of element, the label's own and the paper's; the plain rows that work
without a script and the panel of properties are made of the same fields.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.core.labels.design import LEAST_SIDE, LONGEST_TEXT
from suyuan.web.labels import words

type Text = str | Promise
type Choices = list[tuple[str, Text]]

NAME_LENGTH: Final = 80


def _choices(table: words.Words) -> Choices:
    return list(table.items())


def _number(label: Text, *, step: float = 0.1, least: float | None = 0.0) -> forms.FloatField:
    """Return a field for a length or a size."""
    attributes: dict[str, object] = {"step": step, "inputmode": "decimal"}
    if least is not None:
        attributes["min"] = least
    # Only the browser is told of step and least; what is too small the core says, with its place.
    return forms.FloatField(label=label, widget=forms.NumberInput(attrs=attributes))  # type: ignore[arg-type]


def _count(label: Text) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"})
    return forms.IntegerField(label=label, widget=widget)  # type: ignore[arg-type]


class HeadForm(forms.Form):
    """What a template is called, what was changed, how large the label is."""

    name = forms.CharField(label=pgettext_lazy("label template", "Name"), max_length=NAME_LENGTH)
    note = forms.CharField(
        label=_("What you changed"),
        max_length=200,
        required=False,
        help_text=_("Stands in the history, for colleagues."),
    )
    width_mm = _number(_("Width, mm"), least=LEAST_SIDE)
    height_mm = _number(_("Height, mm"), least=LEAST_SIDE)

    def size(self) -> dict[str, Any]:
        """Return the label's size."""
        return {name: self.cleaned_data[name] for name in ("width_mm", "height_mm")}


class PaperForm(forms.Form):
    """What the label is printed on."""

    kind = forms.ChoiceField(label=_("Print on"), choices=_choices(words.PAPER_NAMES))
    page = forms.ChoiceField(
        label=_("Sheet size"), choices=_choices(words.PAGE_NAMES), required=False
    )
    page_width_mm = _number(_("Sheet width, mm"))
    page_height_mm = _number(_("Sheet height, mm"))
    columns = _count(_("Columns"))
    rows = _count(pgettext_lazy("of labels", "Rows"))
    margin_left_mm = _number(_("Left margin, mm"))
    margin_top_mm = _number(_("Top margin, mm"))
    gap_x_mm = _number(_("Gap between columns, mm"))
    gap_y_mm = _number(_("Gap between rows, mm"))
    cut_marks = forms.BooleanField(label=_("Cut marks"), required=False)
    across = _count(_("Labels side by side"))
    gap_mm = _number(_("Gap between labels, mm"))
    margin_right_mm = _number(_("Right margin, mm"))
    media = forms.ChoiceField(  # type: ignore[assignment]  # Django keeps fields apart
        label=_("Between labels"), choices=_choices(words.MEDIA_NAMES), required=False
    )

    SHEET: ClassVar = ("page", "page_width_mm", "page_height_mm", "columns", "rows",
                       "margin_top_mm", "gap_y_mm", "cut_marks")  # fmt: skip
    ROLL: ClassVar = ("across", "gap_mm", "margin_right_mm", "media")
    BOTH: ClassVar = ("margin_left_mm", "gap_x_mm")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for nothing that belongs to the other kind of paper."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name == "kind"

    @property
    def groups(self) -> list[tuple[str, Text, list[forms.BoundField]]]:
        """Return the fields by the kind of paper that has them, for the page."""
        named = (("sheet", _("Of a sheet"), self.SHEET), ("roll", _("Of a roll"), self.ROLL),
                 ("both", _("Of both kinds"), self.BOTH))  # fmt: skip
        return [(code, name, [self[field] for field in fields]) for code, name, fields in named]

    def document(self) -> dict[str, Any]:
        """Return the paper as the core reads it; what was left empty takes its default."""
        kind = self.cleaned_data["kind"]
        names = (self.SHEET if kind == "sheet" else self.ROLL) + self.BOTH
        values = {name: self.cleaned_data[name] for name in names}
        given = {name: value for name, value in values.items() if value not in {None, ""}}
        if kind == "sheet":
            given = {"columns": 1, "rows": 1, **given}
        return {"kind": kind, **given}


class ElementForm(forms.Form):
    """An element of a label; its place first."""

    KIND: ClassVar[str]
    WIDE: ClassVar = frozenset({"text", "symbology", "content", "level", "picture"})
    x = _number(_("From the left, mm"))
    y = _number(_("From the top, mm"))

    def document(self) -> dict[str, Any]:
        """Return the element as the core reads it."""
        return {"kind": self.KIND, **self.cleaned_data}

    @property
    def laid_out(self) -> list[tuple[forms.BoundField, bool]]:
        """Return the fields and whether each takes a line: own ones, the place, flags."""

        def rank(name: str) -> int:
            if isinstance(self.fields[name], forms.BooleanField):
                return 2
            return 1 if name in {"x", "y"} else 0

        return [(self[name], name in self.WIDE) for name in sorted(self.fields, key=rank)]

    @property
    def summary(self) -> str:
        """Say in a few words which one it is."""
        return ""

    def name_properties(self) -> None:
        """Tell the designer's script which property each field holds."""
        for name, field in self.fields.items():
            field.widget.attrs["data-prop"] = name

    @property
    def kind_name(self) -> Text:
        """What people call this kind."""
        return words.KIND_NAMES[self.KIND]

    @property
    def kind_icon(self) -> str:
        """The icon of this kind."""
        return words.KIND_ICONS[self.KIND]


class TextForm(ElementForm):
    """A text with placeholders."""

    KIND = "text"
    text = forms.CharField(
        label=pgettext_lazy("text", "What it says"),
        max_length=LONGEST_TEXT,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Words in braces are replaced on each label: {product}, {lot}, {serial}."),
    )
    size_pt = _number(_("Type size, pt"), step=0.5)
    lines = _count(_("Lines at most"))
    width_mm = _number(_("Width, mm"))
    align = forms.ChoiceField(
        label=pgettext_lazy("text", "Alignment"), choices=_choices(words.ALIGN_NAMES)
    )
    bold = forms.BooleanField(label=pgettext_lazy("text", "Bold"), required=False)

    @property
    def summary(self) -> str:
        """Return what it says, in one line."""
        return str(self["text"].value() or "").replace("\n", " ")[:60]


class CodeForm(ElementForm):
    """A code that scanners read."""

    KIND = "code"
    symbology = forms.ChoiceField(label=_("Kind of code"), choices=_choices(words.SYMBOLOGY_NAMES))
    content = forms.ChoiceField(label=_("What it bears"), choices=_choices(words.CONTENT_NAMES))
    size_mm = _number(_("Width with its margin, mm"), step=0.5)
    height_mm = _number(_("Height of the bars, mm"), step=0.5)
    level = forms.ChoiceField(
        label=_("Error correction"), choices=_choices(words.LEVEL_NAMES), required=False
    )

    @property
    def summary(self) -> str:
        """Return its kind."""
        return str(words.SYMBOLOGY_NAMES.get(self["symbology"].value(), ""))

    def document(self) -> dict[str, Any]:
        """Leave out what the kind of code does not have."""
        found = super().document()
        return {name: value for name, value in found.items() if value not in {None, ""}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The height is the bars' alone."""
        super().__init__(*args, **kwargs)
        self.fields["height_mm"].required = False


class PictureForm(ElementForm):
    """A logo."""

    KIND = "picture"
    picture = forms.ChoiceField(label=pgettext_lazy("label element", "Logo"))
    width_mm = _number(_("Width, mm"), step=0.5)
    height_mm = _number(_("Height, mm"), step=0.5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take any digest: whether it is one of the organisation's, the service says."""
        super().__init__(*args, **kwargs)
        self.fields["picture"] = forms.CharField(
            label=pgettext_lazy("label element", "Logo"),
            max_length=64,
            widget=forms.Select(choices=[("", "—")]),
        )

    def offer(self, logos: Collection[tuple[str, str]]) -> None:
        """Offer logos as (digest, name)."""
        widget = self.fields["picture"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - for the type checker
        widget.choices = [("", "—"), *logos]


class LineForm(ElementForm):
    """A straight line."""

    KIND = "line"
    length_mm = _number(_("Length, mm"), step=0.5)
    thickness_mm = _number(_("Thickness, mm"), step=0.05)
    vertical = forms.BooleanField(label=_("Upright"), required=False)


class BoxForm(ElementForm):
    """A rectangle."""

    KIND = "box"
    width_mm = _number(_("Width, mm"), step=0.5)
    height_mm = _number(_("Height, mm"), step=0.5)
    thickness_mm = _number(_("Thickness, mm"), step=0.05)
    filled = forms.BooleanField(label=_("Filled"), required=False)


ELEMENT_FORMS: Final[Mapping[str, type[ElementForm]]] = {
    form.KIND: form for form in (TextForm, CodeForm, PictureForm, LineForm, BoxForm)
}


class NewForm(forms.Form):
    """A new template, from a ready-made start."""

    start = forms.ChoiceField(choices=_choices(words.START_NAMES), widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=_choices(words.LABEL_LANGUAGES), widget=forms.HiddenInput)


class CopyForm(forms.Form):
    """A copy's name."""

    name = forms.CharField(label=_("Name of the copy"), max_length=NAME_LENGTH, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TemplateFilter(forms.Form):
    """Which templates to list."""

    q = forms.CharField(label=_("Name or number"), required=False)
    archived = forms.BooleanField(label=_("Show those put away"), required=False)


class LogoForm(forms.Form):
    """A logo from one's own disk."""

    picture = forms.FileField(
        label=_("Logo file"),
        help_text=_("PNG, JPEG, WebP or GIF, up to 8 MB. Black on white prints best."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
