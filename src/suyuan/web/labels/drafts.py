"""A label as it is being changed: the forms of its parts, and the documents that they make.

Owns: the way from what a browser sent (rows of fields, or the designer's JSON) to documents, and
back to forms with each fault beside its field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.http import QueryDict

from suyuan.core.labels.decoding import builtins, decode
from suyuan.core.labels.design import (
    MOST_ELEMENTS,
    Design,
    DesignFault,
    Fault,
    Paper,
    Roll,
    Sheet,
)
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.labels.documents import design_of, sheet_of
from suyuan.labels.models import LabelTemplateVersion
from suyuan.web.labels.fitting import fill
from suyuan.web.labels.forms import ELEMENT_FORMS, ElementForm, HeadForm, PaperForm
from suyuan.web.messages import message

type Documents = tuple[dict[str, Any], dict[str, Any]]
type Row = dict[str, Any]

_PAPER: Final = "paper"
# What a new row begins with; the designer's script has its own, in the middle of the label.
_NEW_ROWS: Final[Mapping[str, Row]] = {
    "text": {"x": 1, "y": 1, "width_mm": 20, "text": "{product}", "size_pt": 8, "lines": 1,
             "align": "left"},
    "code": {"x": 1, "y": 1, "size_mm": 15, "symbology": "qr", "content": "link", "level": "M",
             "height_mm": 10},
    "picture": {"x": 1, "y": 1, "width_mm": 15, "height_mm": 10, "picture": ""},
    "line": {"x": 1, "y": 1, "length_mm": 15, "thickness_mm": 0.25},
    "box": {"x": 1, "y": 1, "width_mm": 15, "height_mm": 10, "thickness_mm": 0.25},
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A label being changed.

    Attributes:
        base: the version that it was begun from.
        head, paper, rows: bound forms.
        faults: sentences about what belongs to no field.
    """

    base: int
    head: HeadForm
    paper: PaperForm
    rows: list[ElementForm]
    faults: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether every field holds what it can hold at all; calling it fills the forms' faults."""
        forms = [self.head, self.paper, *self.rows]
        return all([form.is_valid() for form in forms]) and not self.faults  # noqa: C419 - each says its faults

    def documents(self) -> Documents:
        """Return design and sheet as the core reads them; only of a valid draft."""
        elements = [row.document() for row in self.rows]
        return {**self.head.size(), "elements": elements}, self.paper.document()

    def shape(self) -> tuple[Design, Paper] | None:
        """Return what it looks like so far, good or not; None where a field cannot be read."""
        self.head.is_valid()
        readable = all(form.is_valid() for form in (self.paper, *self.rows))
        if not readable or {"width_mm", "height_mm"} - self.head.cleaned_data.keys():
            return None
        design, sheet = self.documents()
        try:
            return decode(design, Design), _paper(sheet)
        except DesignFault:
            return None

    def refuse(self, error: SuyuanError) -> None:
        """Show a refusal beside its field, or above the form."""
        faults = error.data.get("faults")
        if not isinstance(faults, list):
            self._show(error.place, message(error.code, error.data))
            return
        for fault in faults:
            self._show(fault["place"], message(fault["code"], fault["data"]))

    def _show(self, place: str, text: str) -> None:
        form, name = self._field(place.strip("/").split("/"))
        if form is not None and name in form.fields:
            form.add_error(name, text)
        else:
            self.faults.append(text)

    def _field(self, parts: list[str]) -> tuple[HeadForm | PaperForm | ElementForm | None, str]:
        match parts:
            case ["name" | "note" as name] | ["design", "width_mm" | "height_mm" as name]:
                return self.head, name
            case ["sheet", name]:
                return self.paper, name
            case ["design", "elements", number, name] if int(number) < len(self.rows):
                return self.rows[int(number)], name
        return None, ""


def of_version(version: LabelTemplateVersion) -> Draft:
    """Return the draft that a version begins."""
    head = {"name": version.template.name, "note": ""}
    return _bound(version.version, head, version.design, version.sheet)


def sent(data: QueryDict, current: LabelTemplateVersion) -> Draft:
    """Return what a browser sent: the designer's JSON where there is one, else rows of fields.

    JSON that is no design is refused whole, above what was saved last.
    """
    base = _whole(data.get("base", ""))
    if not data.get("design"):
        return _of_rows(base, data, _rows_of(data))
    head = {"name": data.get("name", ""), "note": data.get("note", "")}
    try:
        design = _design(data.get("design", ""))
        draft = _bound(base, head, design, _paper(data.get("sheet", "")))
    except DesignFault as error:
        draft = of_version(current)
        draft.faults.append(message(error.code, error.data))
    return draft


def acted(draft_data: QueryDict, act: str) -> Draft:
    """Return the rows after a button of the plain form: add, remove, up, down, fill, preview.

    Nothing is saved by them. An act that is not known changes nothing.
    """
    data = draft_data.copy()
    rows = _rows_of(data)
    verb, _colon, what = act.partition(":")
    if verb == "add" and what in ELEMENT_FORMS and len(rows) < MOST_ELEMENTS:
        rows.append({"kind": what, **_NEW_ROWS[what]})
    at = _whole(what) if what else -1
    if verb == "remove" and 0 <= at < len(rows):
        del rows[at]
    if verb in {"up", "down"} and 0 <= at < len(rows):
        to = min(max(at + (1 if verb == "down" else -1), 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
    draft = _of_rows(_whole(data.get("base", "")), data, rows)
    if verb == "fill" and draft.is_valid:
        _fill(draft, data)
    return draft


def _fill(draft: Draft, data: QueryDict) -> None:
    """Let the paper's form say how many labels the sheet takes."""
    try:
        design, sheet = draft.documents()
        paper = fill(sheet_of(sheet), design_of(design))
    except Invalid as error:
        draft.refuse(error)
        return
    draft.paper = PaperForm({**data.dict(), **_fields(_PAPER, builtins(paper))}, prefix=_PAPER)


def _bound(base: int, head: Mapping[str, Any], design: Design, paper: Paper) -> Draft:
    size = {"width_mm": _plain(design.width_mm), "height_mm": _plain(design.height_mm)}
    # Empty fields of the other kind of paper are filled, should one change to it.
    sheet = {**builtins(Roll()), **builtins(Sheet(columns=1, rows=1)), **builtins(paper)}
    rows = builtins(design)["elements"]
    values = {**head, **size, **_fields(_PAPER, sheet)}
    return _forms(base, values, rows)


def _of_rows(base: int, data: QueryDict, rows: list[Row]) -> Draft:
    values = {name: data[name] for name in data if not name.startswith("e")}
    return _forms(base, values, rows)


def _forms(base: int, values: Mapping[str, Any], rows: list[Row]) -> Draft:
    forms = []
    for position, row in enumerate(rows):
        prefix = f"e{position}"
        forms.append(ELEMENT_FORMS[row["kind"]](_fields(prefix, row), prefix=prefix))
    return Draft(base, HeadForm(dict(values)), PaperForm(dict(values), prefix=_PAPER), forms)


def _design(given: str) -> Design:
    design: Design = decode(given, Design)
    if len(design.elements) > MOST_ELEMENTS:  # before a form is made for each
        raise DesignFault([Fault("too_many_elements", "/elements", {"most": MOST_ELEMENTS})])
    return design


def _paper(given: str | dict[str, Any]) -> Paper:
    return cast("Paper", decode(given, Sheet | Roll))


def _fields(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}-{name}": _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """Return 18.0 as 18, and a flag that is off as nothing, as browsers send it."""
    if value is False:
        return ""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _rows_of(data: QueryDict) -> list[Row]:
    """Return the rows of fields that a plain form sent, in their order."""
    count = min(_whole(data.get("rows", "")), MOST_ELEMENTS)
    rows = []
    for position in range(count):
        kind = data.get(f"e{position}-kind", "")
        if kind in ELEMENT_FORMS:
            names = ELEMENT_FORMS[kind]().fields
            row = {name: data[key] for name in names if (key := f"e{position}-{name}") in data}
            rows.append({"kind": kind, **row})
    return rows


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
