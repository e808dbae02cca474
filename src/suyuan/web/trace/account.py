"""One event as people read it: what, when, where, why, with which goods.

Owns: which fields of the standard are told, in which words and in which order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from suyuan.capture.browse import EventDetail
from suyuan.core.epcis.event import LOT_FIELDS
from suyuan.core.epcis.vocabulary import bare_word
from suyuan.core.identifiers import IdentifierError, Identity, parse_epc
from suyuan.lineage.values import Transaction
from suyuan.tenancy.actor import Actor
from suyuan.web import vocabulary
from suyuan.web.trace.addresses import address_of, address_of_text
from suyuan.web.trace.journey import event_address, unit_name
from suyuan.web.trace.lines import goods_name, step_of
from suyuan.web.trace.names import Names, PlaceName
from suyuan.web.trace.papers import Paper, papers

_ACTIONS: Final[dict[tuple[str, str], Promise]] = {
    ("ObjectEvent", "ADD"): pgettext_lazy("action", "These units came to be"),
    ("ObjectEvent", "OBSERVE"): pgettext_lazy("action", "These units were seen"),
    ("ObjectEvent", "DELETE"): pgettext_lazy("action", "These units ceased to be"),
    ("AggregationEvent", "ADD"): pgettext_lazy("action", "These units were put into the container"),
    ("AggregationEvent", "OBSERVE"): pgettext_lazy(
        "action", "These units were seen in the container"
    ),
    ("AggregationEvent", "DELETE"): pgettext_lazy(
        "action", "These units were taken out of the container"
    ),
    ("AssociationEvent", "ADD"): pgettext_lazy("action", "These things were fixed to it"),
    ("AssociationEvent", "OBSERVE"): pgettext_lazy("action", "These things were seen fixed to it"),
    ("AssociationEvent", "DELETE"): pgettext_lazy("action", "These things were taken off it"),
    ("TransactionEvent", "ADD"): pgettext_lazy(
        "action", "These units became part of the transaction"
    ),
    ("TransactionEvent", "OBSERVE"): pgettext_lazy("action", "These units were confirmed in it"),
    ("TransactionEvent", "DELETE"): pgettext_lazy("action", "These units left the transaction"),
    ("TransformationEvent", ""): pgettext_lazy("action", "The inputs were made into the outputs"),
}
_PARTY_NAMES: Final[dict[str, Promise]] = {
    "owning_party": pgettext_lazy("source", "Owner"),
    "possessing_party": pgettext_lazy("source", "Holder"),
    "location": pgettext_lazy("source", "Place"),
}
_ILMD_NAMES: Final[dict[str, Promise]] = {
    **dict.fromkeys(LOT_FIELDS, pgettext_lazy("ilmd", "Lot")),
    "cbvmda:itemExpirationDate": pgettext_lazy("ilmd", "Use by"),
    "cbvmda:productionDate": pgettext_lazy("ilmd", "Produced on"),
    "cbvmda:bestBeforeDate": pgettext_lazy("ilmd", "Best before"),
    "cbvmda:countryOfOrigin": pgettext_lazy("ilmd", "Origin"),
}
_QUANTITIES: Final[dict[str, Promise]] = {
    "quantityList": pgettext_lazy("quantity", "Quantity"),
    "childQuantityList": pgettext_lazy("quantity", "In the container"),
    "inputQuantityList": pgettext_lazy("quantity", "Went in"),
    "outputQuantityList": pgettext_lazy("quantity", "Came out"),
}
_SHOWN_ELSEWHERE: Final = frozenset({"ilmd", "@context", "type"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a lot or product."""

    side: str
    name: str
    code: str
    amount: str
    href: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the template shows of an event."""

    step: str
    sentence: str
    read_point: PlaceName | None
    location: PlaceName | None
    parent: tuple[str, str] | None
    papers: list[Paper]
    sources: list[tuple[str, PlaceName]]
    destinations: list[tuple[str, PlaceName]]
    amounts: list[Amount]
    birth: list[tuple[str, str]]
    readings: list[tuple[str, str, str]]
    extras: list[tuple[str, str]]
    corrected_by: list[tuple[int, str]]
    corrects: list[tuple[int, str]]


def account(actor: Actor, event: EventDetail, names: Names) -> Account:
    """Return an event in words."""
    row, body = event.row, event.body
    return Account(
        step=step_of(row),
        sentence=str(_ACTIONS.get((row.type, row.action), "")),
        read_point=_place(row.read_point, names),
        location=_place(row.location, names),
        parent=(unit_name(row.parent), address_of(names.org, row.parent) or "")
        if row.parent
        else None,
        papers=papers(_transactions(body), names.org),
        sources=_ends(body.get("sourceList", ()), "source", names),
        destinations=_ends(body.get("destinationList", ()), "destination", names),
        amounts=_amounts(body, names),
        birth=[
            (str(_ILMD_NAMES.get(name, name)), _plain(value))
            for name, value in (body.get("ilmd") or {}).items()
        ],
        readings=list(_readings(body.get("sensorElementList", ()))),
        extras=list(_extras(body)),
        corrected_by=[(seq, event_address(actor, seq)) for seq in event.voided_by],
        corrects=[(seq, event_address(actor, seq)) for seq in event.voids],
    )


def _place(identity: Identity | None, names: Names) -> PlaceName | None:
    return names.place(identity.digital_link()) if identity else None


def _transactions(body: Mapping[str, Any]) -> Iterator[Transaction]:
    for one in body.get("bizTransactionList", ()):
        yield Transaction(bare_word("btt", one.get("type", "")), one["bizTransaction"])


def _ends(
    parties: Iterable[Mapping[str, str]], field: str, names: Names
) -> list[tuple[str, PlaceName]]:
    found = []
    for one in parties:
        word = bare_word("sdt", one["type"])
        found.append((str(_PARTY_NAMES.get(word, word)), names.place(one[field])))
    return found


def _amounts(body: Mapping[str, Any], names: Names) -> list[Amount]:
    found = []
    for field, side in _QUANTITIES.items():
        for element in body.get(field, ()):
            text = element["epcClass"]
            count = element.get("quantity")
            unit = element.get("uom", "")
            shown = "" if count is None else vocabulary.amount(f"{count:,} {unit}")
            found.append(
                Amount(
                    side=str(side),
                    name=_class_name(text, names),
                    code=text,
                    amount=shown,
                    href=address_of_text(names.org, text) or "",
                )
            )
    return found


def _class_name(text: str, names: Names) -> str:
    try:
        return goods_name(parse_epc(text), names)
    except IdentifierError:
        return text


def _readings(elements: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield what sensors said: (what, value, when)."""
    for element in elements:
        metadata = element.get("sensorMetadata") or {}
        for report in element.get("sensorReport", ()):
            kind = str(report.get("type", "")).rsplit("-", 1)[-1].rsplit(":", 1)[-1]
            values = [
                f"{label}{report[name]:,}"
                for name, label in (("value", ""), ("minValue", "≥ "), ("maxValue", "≤ "))
                if isinstance(report.get(name), int | float)
            ]
            time = str(report.get("time") or metadata.get("time") or "")
            yield kind or _("Reading"), f"{', '.join(values)} {report.get('uom', '')}".strip(), time


def _extras(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what has no place of its own: extensions, certificates, lasting dispositions."""
    for name, value in body.items():
        if ":" in name and name not in _SHOWN_ELSEWHERE:
            yield name, _plain(value)
    if certificates := body.get("certificationInfo"):
        yield _("Certification"), _plain(certificates)
    lasting = body.get("persistentDisposition") or {}
    for field, label in (("set", _("State set")), ("unset", _("State cleared"))):
        words = [str(vocabulary.status(bare_word("disp", w)).label) for w in lasting.get(field, ())]
        if words:
            yield label, ", ".join(words)


def _plain(value: object) -> str:
    """Return a value of any shape in one line."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return str(value)
