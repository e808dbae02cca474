"""Fill a design with values: what each text says and each code bears.

Owns: which parts of a design stay the same through a job, element strings of codes.
Does not own: where values come from, drawing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from suyuan.core.labels.design import CodeElement, Content, Design, Element, TextElement, box_of
from suyuan.core.labels.faults import LabelFault
from suyuan.core.labels.fields import (
    LABEL_VALUES,
    JobData,
    LabelData,
    job_values,
    read_template,
)
from suyuan.core.labels.fonts import Typeface
from suyuan.core.labels.setting import Setting, clean, set_text

# Texts that mean one thing and would mean another if their end were missing.
_WHOLE: Final = frozenset(
    {"serial", "serial_grouped", "inner", "sscc", "sscc_grouped", "epc", "gtin", "lot", "link"}
)
_ISO_DATE = re.compile(r"[0-9]{2}([0-9]{2})-([0-9]{2})-([0-9]{2})")
_MOST_REMEMBERED: Final = 256

type _Value = Callable[[LabelData, JobData], str]


class Filler:
    """Fills one design in one job; remembers how texts that come again are set."""

    def __init__(self, design: Design, job: JobData, typeface: Typeface) -> None:
        """Work out once what is the same on every label."""
        self.design, self.job, self.typeface = design, job, typeface
        self._shared = {name: clean(value) for name, value in job_values(job).items()}
        self._compiled: dict[str, tuple[list[str], list[_Value]]] = {}
        self._remembered: dict[tuple[int, str], Setting] = {}
        self._whole: dict[str, bool] = {}

    def text(self, element: TextElement, label: LabelData) -> str:
        """Return what a text says on one label."""
        found = self._compiled.get(element.text)
        if found is None:
            found = self._compiled[element.text] = self._compile(element.text)
        texts, values = found
        if not values:
            return texts[0]
        job = self.job
        parts = [texts[0]]
        for value, after in zip(values, texts[1:], strict=True):
            parts.append(clean(value(label, job)))
            parts.append(after)
        return "".join(parts)

    def _compile(self, source: str) -> tuple[list[str], list[_Value]]:
        """Return what stands between the values that labels differ in, and these values."""
        texts, values = [""], []
        for position, part in enumerate(read_template(source).parts):
            if not position & 1:
                texts[-1] += part
            elif part in self._shared:
                texts[-1] += self._shared[part]
            else:
                values.append(LABEL_VALUES[part])
                texts.append("")
        return texts, values

    def setting(self, element: TextElement, text: str) -> Setting:
        """Return how a text of this element stands on the label."""
        key = (id(element), text)
        found = self._remembered.get(key)
        if found is None:
            whole = self._whole.get(element.text)
            if whole is None:
                whole = not _WHOLE.isdisjoint(read_template(element.text).names)
                self._whole[element.text] = whole
            found = set_text(element, text, self.typeface, whole=whole)
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[key] = found
        return found

    def code(self, element: CodeElement, label: LabelData) -> str:
        """Return what a code bears on one label.

        Raises:
            LabelFault: `label_value_missing`, with the value's name.
        """
        return _CODE_TEXTS[element.content](label, self.job)


@dataclass(frozen=True, slots=True)
class Layer:
    """Neighbouring elements that are all the same on every label, or all not."""

    shared: bool
    elements: tuple[Element, ...]


def layers(design: Design) -> list[Layer]:
    """Return the elements in layers to draw one after the other.

    What is the same on every label moves into the first layer, unless it lies over something that
    is not: then the order of the design is kept.
    """
    first: list[Element] = []
    rest: list[Layer] = []
    for element in design.elements:
        if per_label(element):
            _append(rest, element, shared=False)
        elif any(_touch(element, one) for layer in rest for one in layer.elements):
            _append(rest, element, shared=True)
        else:
            first.append(element)
    return [Layer(shared=True, elements=tuple(first)), *rest] if first else rest


def per_label(element: Element) -> bool:
    """Tell whether an element can differ from label to label."""
    if isinstance(element, TextElement):
        return read_template(element.text).per_label
    return isinstance(element, CodeElement)


def _append(found: list[Layer], element: Element, *, shared: bool) -> None:
    if found and found[-1].shared is shared:
        found[-1] = Layer(shared, (*found[-1].elements, element))
    else:
        found.append(Layer(shared, (element,)))


def _touch(one: Element, other: Element) -> bool:
    left, top, width, height = box_of(one)
    left_b, top_b, width_b, height_b = box_of(other)
    return (
        left < left_b + width_b
        and left_b < left + width
        and top < top_b + height_b
        and top_b < top + height
    )


def _wanted(name: str) -> _Value:
    def text(label: LabelData, _: JobData) -> str:
        value: str = getattr(label, name)
        if not value:
            raise LabelFault("label_value_missing", value=name)
        return value

    return text


def _sscc(label: LabelData, _: JobData) -> str:
    if not label.sscc:
        raise LabelFault("label_value_missing", value="sscc")
    return f"(00){label.sscc}"


def _elements(label: LabelData, job: JobData) -> str:
    """Return GTIN, expiry, lot and serial: those of fixed length first, as scanners like it."""
    return "".join(f"({ai}){value.replace('(', r'\(')}" for ai, value in _pairs(label, job))


def _pairs(label: LabelData, job: JobData) -> Iterator[tuple[str, str]]:
    gtin, lot = label.gtin or job.gtin, label.lot or job.lot
    if not gtin:
        raise LabelFault("label_value_missing", value="gtin")
    if not (label.serial or lot):
        raise LabelFault("label_value_missing", value="serial")
    yield "01", gtin
    date = _ISO_DATE.fullmatch(job.expires)
    if date:
        yield "17", "".join(date.groups())
    if lot:
        yield "10", lot
    if label.serial:
        yield "21", label.serial


_CODE_TEXTS: Final[Mapping[Content, _Value]] = MappingProxyType(
    {
        "link": _wanted("link"),
        "inner": _wanted("inner"),
        "inner_link": _wanted("inner_link"),
        "epc": _wanted("epc"),
        "sscc": _sscc,
        "elements": _elements,
    }
)
