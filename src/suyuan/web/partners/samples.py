"""Example documents, made of the asker's own places and products.

Owns: what the examples say, in the three forms of a document.
Invariant: every serial and lot of an example begins with `MARK`, so that a page can keep examples
out of real data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from suyuan.core.epcis import build
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.core.epcis.xml.write import XmlVersion, write_xml
from suyuan.core.identifiers import check_digit
from suyuan.kernel import clock

MARK: Final = "SAMPLE"
_BASE: Final = "https://id.gs1.org"
_BEIJING: Final = timezone(timedelta(hours=8))
_PER_CASE: Final = 3


@dataclass(frozen=True, slots=True)
class Ground:
    """What an example is made of: identifiers of a product, the own place, and where goods go."""

    gtin: str = "09521234000013"
    here: str = f"{_BASE}/414/9521234000006"
    there: str = f"{_BASE}/414/9521234000105"


SAMPLES: Final[dict[str, tuple[Promise, Promise]]] = {
    "make": (
        pgettext_lazy("sample", "Make and pack"),
        pgettext_lazy(
            "sample", "A lot is produced, three items get their codes and go into a case."
        ),
    ),
    "ship": (
        pgettext_lazy("sample", "Ship"),
        pgettext_lazy("sample", "The case leaves your place for another."),
    ),
    "receive": (
        pgettext_lazy("sample", "Receive"),
        pgettext_lazy("sample", "A case arrives at your place and is unpacked."),
    ),
    "mistakes": (
        pgettext_lazy("sample", "With mistakes"),
        pgettext_lazy("sample", "Four usual mistakes, to see how they are told."),
    ),
}
FORMS: Final = ("json", "xml", "xml1")


def sample(name: str, form: str, ground: Ground) -> str:
    """Return an example document; `name` is of `SAMPLES`, `form` of `FORMS`."""
    now = clock.now().astimezone(_BEIJING).replace(microsecond=0)
    events = _EVENTS[name](ground, now)
    if form == "json":
        return _json(events, now)
    version = XmlVersion.V1_2 if form == "xml1" else XmlVersion.V2_0
    prefixes = {"cbvmda": "urn:epcglobal:cbv:mda"}
    body = write_xml(
        [(event, prefixes) for event in events], version=version, created=now.isoformat()
    )
    return _indented(body.decode())


def _json(events: Sequence[dict[str, Any]], now: datetime) -> str:
    document = {
        "@context": [CONTEXT, {"cbvmda": "urn:epcglobal:cbv:mda:"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": now.isoformat(),
        "epcisBody": {"eventList": list(events)},
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _indented(xml: str) -> str:
    """Return our own XML with a line for each element, so that faults have lines."""
    lines, depth = [], 0
    for part in xml.replace("><", ">\n<").split("\n"):
        closing = part.startswith("</")
        depth -= closing
        lines.append("  " * depth + part)
        opens = part.startswith("<") and not closing and not part.startswith("<?")
        depth += opens and "</" not in part and not part.endswith("/>")
    return "\n".join(lines)


def _items(ground: Ground) -> list[str]:
    return [f"{_BASE}/01/{ground.gtin}/21/{MARK}{n:03}" for n in range(1, _PER_CASE + 1)]


def _case(ground: Ground) -> str:
    body = f"0{ground.gtin[1:8]}000000001"[:17].ljust(17, "0")
    return f"{_BASE}/00/{body}{check_digit(body)}"


def _make(ground: Ground, now: datetime) -> list[dict[str, Any]]:
    lot = f"{MARK}-{now:%y%m%d}"
    return [
        build.object_event(
            time=now - timedelta(hours=2),
            action="ADD",
            epcs=_items(ground),
            step="commissioning",
            disposition="active",
            read_point=ground.here,
            location=ground.here,
            ilmd={"cbvmda:lotNumber": lot},
        ),
        build.aggregation_event(
            time=now - timedelta(hours=1),
            action="ADD",
            parent=_case(ground),
            children=_items(ground),
            step="packing",
            disposition="container_closed",
            read_point=ground.here,
            location=ground.here,
        ),
    ]


def _ship(ground: Ground, now: datetime) -> list[dict[str, Any]]:
    return [
        build.object_event(
            time=now - timedelta(minutes=30),
            action="OBSERVE",
            epcs=[_case(ground)],
            step="shipping",
            disposition="in_transit",
            read_point=ground.here,
            transactions=[("desadv", f"urn:epcglobal:cbv:bt:{ground.gtin[1:]}:{MARK}-1001")],
            sources=[("location", ground.here)],
            destinations=[("location", ground.there)],
        )
    ]


def _receive(ground: Ground, now: datetime) -> list[dict[str, Any]]:
    return [
        build.object_event(
            time=now - timedelta(minutes=30),
            action="OBSERVE",
            epcs=[_case(ground)],
            step="receiving",
            disposition="in_progress",
            read_point=ground.here,
            location=ground.here,
        ),
        build.aggregation_event(
            time=now - timedelta(minutes=20),
            action="DELETE",
            parent=_case(ground),
            children=_items(ground),
            step="unpacking",
            disposition="in_progress",
            read_point=ground.here,
            location=ground.here,
        ),
    ]


def _mistakes(ground: Ground, now: datetime) -> list[dict[str, Any]]:
    """Each event has one of the mistakes that beginners make."""
    misspelt, _ = _make(ground, now)
    misspelt["bizStep"] = "comissioning"
    (no_zone,) = _ship(ground, now)
    no_zone["eventTime"] = no_zone["eventTime"][:19]
    received, unpacked = _receive(ground, now)
    del received["eventTimeZoneOffset"]
    unpacked["parentID"] = unpacked["parentID"][:-1] + str((int(unpacked["parentID"][-1]) + 1) % 10)
    return [misspelt, no_zone, received, unpacked]


_EVENTS: Final = {"make": _make, "ship": _ship, "receive": _receive, "mistakes": _mistakes}
