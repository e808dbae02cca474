"""The parameters of requests: of queries, made from the table that the reader goes by; headers.

Owns: how a parameter of the query language is described.
"""

from __future__ import annotations

import re
from typing import Any, Final

from suyuan.api.epcis.negotiation import CBV_FORMATS
from suyuan.api.epcis.paging import DEFAULT_PAGE, MOST_PER_PAGE
from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.query.parameters import FAMILIES, PARAMETERS, Parameter, Takes
from suyuan.core.epcis.vocabulary import EventType
from suyuan.subscriptions.schedule import FIELDS

_TEXT: Final[dict[str, Any]] = {"type": "string"}
_ITEMS: Final[dict[Takes, dict[str, Any]]] = {
    Takes.TIME: {"type": "string", "format": "date-time"},
    Takes.TYPES: {"type": "string", "examples": [one.name for one in EventType]},
    Takes.ACTIONS: {"type": "string", "enum": ["ADD", "OBSERVE", "DELETE"]},
    Takes.NUMBER: {"type": "number"},
    Takes.NUMBERS: {"type": "number"},
    Takes.FLAG: {"type": "boolean"},
    Takes.BOOLEAN: {"type": "boolean"},
}
_SINGLE: Final = frozenset({Takes.TIME, Takes.NUMBER, Takes.FLAG, Takes.BOOLEAN, Takes.LITERAL})
_KINDS: Final[dict[Takes, str]] = {
    Takes.EPCS: "EPCs or patterns of them, as URNs or Digital Links",
    Takes.CLASSES: "classes or patterns of them, as URNs or Digital Links",
    Takes.IDENTITIES: "identifiers, as URNs or Digital Links",
    Takes.STEPS: "bare words of the CBV, or URIs",
    Takes.DISPOSITIONS: "bare words of the CBV, or URIs",
    Takes.REASONS: "bare words of the CBV, or URIs",
}


def _query_parameter(name: str, row: Parameter) -> dict[str, Any]:
    schema = _ITEMS.get(row.takes, _TEXT)
    told = f"{row.op.value} `{row.argument or row.subject.value}`"
    if kind := _KINDS.get(row.takes):
        told += f": {kind}"
    found: dict[str, Any] = {"name": name, "in": "query", "description": told}
    if row.takes in _SINGLE:
        return {**found, "schema": schema}
    return {
        **found,
        "description": f"{told}. Several are joined by `|`; one of them must fit.",
        "style": "pipeDelimited",
        "explode": False,
        "schema": {"type": "array", "items": schema, "minItems": 1},
    }


def _families() -> dict[str, Any]:
    """Describe the parameters whose names hold a field's name, a type or a unit."""
    patterns = {
        f"^{re.sub(r'[(][?]P<[a-z]+>', '(', family.pattern.pattern)}$": _TEXT for family in FAMILIES
    }
    return {
        "name": "parametersWithNames",
        "in": "query",
        "description": (
            "Parameters whose names hold the name of a field, a type or a unit: "
            "`EQ_bizTransaction_po`, `GE_value_CEL`, `EQ_example:colour`. What a prefix means is "
            "told in `GS1-Extensions: example=https://ns.example.com/`."
        ),
        "style": "form",
        "explode": True,
        "schema": {
            "type": "object",
            "patternProperties": patterns,
            "additionalProperties": False,
        },
    }


def _plain(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "schema": {"type": "string", **schema},
    }


_PAGES: Final = (
    _plain(
        "perPage",
        "The most that a page holds.",
        type="integer",
        minimum=1,
        maximum=MOST_PER_PAGE,
        default=DEFAULT_PAGE,
    ),
    _plain(
        "nextPageToken",
        "Where the last page ended, from its `Link`. It is good for the same request alone.",
        type="string",
    ),
)
_CONTROLS: Final = (
    _plain("orderBy", "`eventTime`, `recordTime` or a field of an extension.", type="string"),
    _plain("orderDirection", "Descending if not given.", type="string", enum=["ASC", "DESC"]),
    _plain("eventCountLimit", "Only so many, in the order.", type="integer", minimum=1),
    _plain("maxEventCount", "More than so many are refused.", type="integer", minimum=1),
)
_VERSION: Final = _header(
    "GS1-EPCIS-Version", "Of the answer. 1.2 answers in XML.", enum=["1.2", "1.2.0", "2.0", "2.0.0"]
)
_FORMS: Final = (
    _header(
        "GS1-EPC-Format",
        "The form of identifiers in the answer; Digital Links if not given.",
        enum=[one.value for one in EpcFormat],
    ),
    _header(
        "GS1-CBV-XML-Format",
        "The form of the standard's words in XML 2.0.",
        enum=sorted(CBV_FORMATS),
    ),
)

_UPGRADE: Final = (
    _plain("stream", "Of a websocket: tell each event at once.", type="boolean"),
    _plain("reportIfEmpty", "Of a websocket: tell that a run found nothing.", type="boolean"),
    _plain(
        "initialRecordTime",
        "Of a websocket: events recorded before it are not told.",
        type="string",
        format="date-time",
    ),
    *(_plain(name, "Of a websocket: of its schedule.", type="string") for name in FIELDS),
)

COMPONENTS: Final[dict[str, dict[str, Any]]] = {
    **{name: _query_parameter(name, row) for name, row in PARAMETERS.items()},
    "parametersWithNames": _families(),
    **{one["name"]: one for one in (*_PAGES, *_CONTROLS, *_UPGRADE, _VERSION, *_FORMS)},
    "GS1-Extensions": _header(
        "GS1-Extensions", "What prefixes mean: `example=https://ns.example.com/, …`."
    ),
    "GS1-Capture-Error-Behaviour": _header(
        "GS1-Capture-Error-Behaviour",
        "Whether the good events of a document with faults are kept.",
        enum=["rollback", "proceed"],
        default="rollback",
    ),
    "Suyuan-Event-ID": _header(
        "Suyuan-Event-ID",
        "`hash` gives events without an ID their event hash (CBV 2.0 §8.9) as ID.",
        enum=["hash"],
    ),
}

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "answer": ("GS1-EPCIS-Version", *(one["name"] for one in _FORMS)),
    "form": ("GS1-EPC-Format",),
    "upgrade": tuple(one["name"] for one in _UPGRADE),
    "pages": tuple(one["name"] for one in _PAGES),
    "query": (
        *PARAMETERS,
        "parametersWithNames",
        *(one["name"] for one in _CONTROLS),
        "GS1-Extensions",
    ),
    "capture": ("GS1-Capture-Error-Behaviour", "Suyuan-Event-ID"),
}
"""Parameters that come together."""
