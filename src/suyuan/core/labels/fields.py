"""What a label's texts can say: placeholders, and the values that fill them.

Owns: the table of placeholders, reading `{name}` in texts, the values of a label and of a job.
Does not own: where values come from (issuing, masterdata), how texts are set (fill).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import msgspec

from suyuan.core.codespace import INNER_LENGTH, SERIAL_LENGTH, inner_link
from suyuan.core.identifiers import Gtin


class JobData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Values that all labels of a job share; every text as it is to be printed.

    Attributes:
        gtin: 14 digits; printed without the zeros in front.
        produced: a date as it is to be printed, such as `2026-05-01`.
        expires: likewise; written as in this example it stands in element strings, too.
        count: how many labels the job has.
    """

    product: str = ""
    product_en: str = ""
    brand: str = ""
    brand_en: str = ""
    gtin: str = ""
    net_content: str = ""
    origin: str = ""
    storage: str = ""
    organisation: str = ""
    order: str = ""
    lot: str = ""
    produced: str = ""
    expires: str = ""
    note: str = ""
    count: int = 0


class LabelData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Values of one label.

    Attributes:
        link: the Digital Link of what the label is for (an item or a logistic unit).
        inner: the scratch-off code.
        inner_link: the link that brings the scratch-off code along.
        sscc: 18 digits.
        epc: hexadecimal, upper case: what a printer-encoder writes into the tag.
        gtin: 14 digits, where it is not the job's.
        lot: where it is not the job's.
        sequence: the label's number in its job, from 1; 0 for none.
        roll: the physical roll's number.
        copy: 0 for the first print, 1 and up for reprints.
    """

    link: str = ""
    serial: str = ""
    inner: str = ""
    inner_link: str = ""
    sscc: str = ""
    epc: str = ""
    gtin: str = ""
    lot: str = ""
    sequence: int = 0
    roll: str = ""
    copy: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A placeholder.

    Attributes:
        per_label: whether it can differ from label to label within a job.
        example: what a preview shows.
    """

    per_label: bool
    example: str


FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "product": Field(per_label=False, example="明前龙井茶 特级"),
        "product_en": Field(per_label=False, example="Longjing tea, first grade"),
        "brand": Field(per_label=False, example="溯源茶园"),
        "brand_en": Field(per_label=False, example="Suyuan Tea"),
        "gtin": Field(per_label=True, example="6901234567892"),
        "net_content": Field(per_label=False, example="250 g"),
        "origin": Field(per_label=False, example="浙江杭州"),
        "storage": Field(per_label=False, example="密封、避光、阴凉干燥处保存"),
        "organisation": Field(per_label=False, example="溯源茶业有限公司"),
        "order": Field(per_label=False, example="CO-0001"),
        "lot": Field(per_label=True, example="L20260501A"),
        "produced": Field(per_label=False, example="2026-05-01"),
        "expires": Field(per_label=False, example="2027-10-31"),
        "note": Field(per_label=False, example="样品"),
        "count": Field(per_label=False, example="10000"),
        "serial": Field(per_label=True, example="7K3M9QW2XT5VBN"),
        "serial_grouped": Field(per_label=True, example="7K3M9 QW2XT 5VBN"),
        "inner": Field(per_label=True, example="4HT2 9WPC"),
        "sscc": Field(per_label=True, example="069012340000000016"),
        "sscc_grouped": Field(per_label=True, example="0 6901234 000000001 6"),
        "epc": Field(per_label=True, example="3034F4A1B2C3D4E5F6071829"),
        "link": Field(
            per_label=True, example="https://example.com/01/06901234567892/21/7K3M9QW2XT5VBN"
        ),
        "sequence": Field(per_label=True, example="1"),
        "roll": Field(per_label=True, example="R001"),
        "copy": Field(per_label=True, example=""),
    }
)

EXAMPLE_JOB: Final = JobData(
    **{
        name: field.example
        for name, field in FIELDS.items()
        if name in JobData.__struct_fields__ and name not in {"gtin", "count"}
    },
    gtin="06901234567892",
    count=10_000,
)
EXAMPLE_LABEL: Final = LabelData(
    link=FIELDS["link"].example,
    serial=FIELDS["serial"].example,
    inner="4HT29WPC",
    inner_link=inner_link(FIELDS["link"].example, "4HT29WPC"),
    sscc=FIELDS["sscc"].example,
    epc=FIELDS["epc"].example,
    sequence=1,
    roll="R001",
)

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|([{}])")


class PlaceholderError(ValueError):
    """A text's braces cannot be read.

    Attributes:
        code: `placeholder_unknown` or `placeholder_malformed`.
        given: the name, or the brace that stands alone.
    """

    def __init__(self, code: str, given: str) -> None:
        """Keep both."""
        super().__init__(code, given)
        self.code, self.given = code, given


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders, read.

    Attributes:
        parts: text and names in turn: text at even positions, names at odd ones.
    """

    parts: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(self.parts[1::2])

    @property
    def per_label(self) -> bool:
        """Whether labels of one job can differ in it."""
        return any(FIELDS[name].per_label for name in self.names)

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text; `values` holds at least `names`."""
        return "".join(
            [values[part] if position & 1 else part for position, part in enumerate(self.parts)]
        )


@lru_cache(maxsize=1024)
def read_template(text: str) -> Template:
    """Read a text: `{name}` is a placeholder, `{{` and `}}` are braces.

    Raises:
        PlaceholderError: an unknown name, or a brace that stands alone.
    """
    parts = [""]
    position = 0
    for found in _PART.finditer(text):
        parts[-1] += text[position : found.start()]
        position = found.end()
        if found[2] is not None:
            raise PlaceholderError("placeholder_malformed", found[2])
        if found[1] is None:
            parts[-1] += found[0][0]
        elif found[1] in FIELDS:
            parts += [found[1], ""]
        else:
            raise PlaceholderError("placeholder_unknown", found[1])
    parts[-1] += text[position:]
    return Template(tuple(parts))


def job_values(job: JobData) -> dict[str, str]:
    """Return the values that all labels share, by placeholder."""
    values = {name: getattr(job, name) for name in _JOB_TEXTS}
    values["count"] = str(job.count) if job.count else ""
    return values


def grouped_serial(serial: str) -> str:
    """Return a serial of ours in groups that an eye can follow; any other as it is."""
    if len(serial) != SERIAL_LENGTH:
        return serial
    return f"{serial[:5]} {serial[5:10]} {serial[10:]}"


def grouped_inner(inner: str) -> str:
    """Return a scratch-off code in two halves."""
    half = INNER_LENGTH // 2
    return f"{inner[:half]} {inner[half:]}" if len(inner) == INNER_LENGTH else inner


def grouped_sscc(sscc: str) -> str:
    """Return an SSCC as extension digit, the body in two parts, and check digit."""
    return f"{sscc[0]} {sscc[1:8]} {sscc[8:17]} {sscc[17:]}" if len(sscc) == _SSCC else sscc


def _gtin(label: LabelData, job: JobData) -> str:
    gtin = label.gtin or job.gtin
    return Gtin(gtin).display if gtin else ""


_SSCC: Final = 18
_JOB_TEXTS: Final = tuple(
    name for name, field in FIELDS.items() if not field.per_label and name != "count"
)
LABEL_VALUES: Final[Mapping[str, Callable[[LabelData, JobData], str]]] = MappingProxyType(
    {
        "gtin": _gtin,
        "lot": lambda label, job: label.lot or job.lot,
        "serial": lambda label, _: label.serial,
        "serial_grouped": lambda label, _: grouped_serial(label.serial),
        "inner": lambda label, _: grouped_inner(label.inner),
        "sscc": lambda label, _: label.sscc,
        "sscc_grouped": lambda label, _: grouped_sscc(label.sscc),
        "epc": lambda label, _: label.epc,
        "link": lambda label, _: label.link,
        "sequence": lambda label, _: str(label.sequence) if label.sequence else "",
        "roll": lambda label, _: label.roll,
        "copy": lambda label, _: str(label.copy) if label.copy else "",
    }
)
"""The value of each placeholder that can differ from label to label."""
