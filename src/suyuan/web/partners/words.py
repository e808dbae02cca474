"""How a rehearsal speaks: what an event does to its goods, and what helps against a fault.

Owns: the sentence of each change, the advice for each fault that people make often.
Does not own: the sentences of the codes themselves (web.messages).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from suyuan.core.epcis import Fault
from suyuan.core.epcis.vocabulary import DISPOSITIONS, STEPS, EventType, bare_word

# By `capture.rehearsal.CHANGES`.
CHANGES: Final[Mapping[str, Promise]] = {
    "born": pgettext_lazy("change", "%(goods)s come to be"),
    "observed": pgettext_lazy("change", "%(goods)s are seen"),
    "ended": pgettext_lazy("change", "%(goods)s cease to be"),
    "packed": pgettext_lazy("change", "%(goods)s are put into %(parent)s"),
    "observed_packed": pgettext_lazy("change", "%(goods)s are seen in %(parent)s"),
    "unpacked": pgettext_lazy("change", "%(goods)s are taken out of %(parent)s"),
    "joined": pgettext_lazy("change", "%(goods)s are fixed to %(parent)s"),
    "observed_joined": pgettext_lazy("change", "%(goods)s are seen fixed to %(parent)s"),
    "parted": pgettext_lazy("change", "%(goods)s are taken off %(parent)s"),
    "referred": pgettext_lazy("change", "%(goods)s belong to a business document"),
    "unreferred": pgettext_lazy("change", "%(goods)s no longer belong to a business document"),
    "transformed": pgettext_lazy("change", "%(inputs)s are made into %(goods)s"),
    "voided": pgettext_lazy("change", "An event told earlier is declared an error"),
}
ALL_OF_IT: Final = pgettext_lazy("change", "Everything")

OUTCOMES: Final[Mapping[str, tuple[Promise, str, str]]] = {
    "new": (pgettext_lazy("outcome", "New"), "good", "plus"),
    "duplicate": (pgettext_lazy("outcome", "There already"), "quiet", "copy"),
    "refused": (pgettext_lazy("outcome", "To correct"), "bad", "x"),
}

ROLES: Final[Mapping[str, Promise]] = {
    "read_point": pgettext_lazy("place of an event", "Where it happens"),
    "location": pgettext_lazy("place of an event", "Where the goods are afterwards"),
    "source": pgettext_lazy("place of an event", "From"),
    "destination": pgettext_lazy("place of an event", "To"),
}

_ZONE: Final = pgettext_lazy("advice", "Write the zone after the time: 2026-03-01T08:30:00+08:00.")
_LINK: Final = pgettext_lazy("advice", "For example https://id.gs1.org/01/09521234000013/21/A7K9")
ADVICE: Final[Mapping[str, Promise]] = {
    "json_quotes": pgettext_lazy(
        "advice", 'Names and texts stand in straight double quotes: "type".'
    ),
    "json_trailing_comma": pgettext_lazy("advice", "Remove the comma before the closing bracket."),
    "json_comma_expected": pgettext_lazy(
        "advice", "Put a comma between this and what stands before it."
    ),
    "json_colon_expected": pgettext_lazy("advice", 'After a name comes a colon: "action": "ADD".'),
    "json_ends_early": pgettext_lazy("advice", "Copy the file again, to its last bracket."),
    "json_extra_data": pgettext_lazy(
        "advice", "One document at a time: remove what follows the last one."
    ),
    "json_string_open": pgettext_lazy("advice", "Close the text with a double quote."),
    "looks_like_zip": pgettext_lazy(
        "advice",
        "An Excel sheet holds no events. Let your system export EPCIS, or begin with an example.",
    ),
    "looks_like_text": pgettext_lazy(
        "advice",
        "A document begins with { or <. Let your system export EPCIS, or begin with an example.",
    ),
    "looks_like_empty": pgettext_lazy(
        "advice", "Paste a document, drop a file, or begin with an example."
    ),
    "time_without_zone": _ZONE,
    "time_malformed": _ZONE,
    "time_in_future": pgettext_lazy("advice", "Check the clock of the machine, and its time zone."),
    "uri_malformed": _LINK,
    "link_malformed": _LINK,
    "urn_malformed": pgettext_lazy("advice", "For example urn:epc:id:sgtin:9521234.000001.A7K9"),
    "objects_missing": pgettext_lazy("advice", "Fill “epcList” or “quantityList”."),
    "event_id_conflict": pgettext_lazy(
        "advice", "Give the event an ID of its own, or declare the earlier one an error."
    ),
    "field_unknown": pgettext_lazy(
        "advice", "Check the spelling; small and capital letters differ."
    ),
    "schema_version": pgettext_lazy("advice", 'Write "schemaVersion": "2.0"; in XML, 2.0 or 1.2.'),
    "delivery_place": pgettext_lazy(
        "advice", "Use the identifiers of your own places; they are listed here."
    ),
}
# Faults that are the same mistake wherever the same value stands.
BY_VALUE: Final = frozenset(
    {"unknown_step", "unknown_disposition", "event_type", "delivery_place", "delivery_step"}
)
# Fields whose value is always written alike.
_VALUES: Final[Mapping[str, str]] = {
    "eventTimeZoneOffset": '"eventTimeZoneOffset": "+08:00"',
    "eventTime": '"eventTime": "2026-03-01T08:30:00+08:00"',
    "action": '"action": "OBSERVE"',
    "type": '"type": "ObjectEvent"',
}
_SURE: Final = 0.85  # likeness, of 1: a letter or two are wrong
_LIKELY: Final = 0.6
_WORDS: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "unknown_step": ("bizstep", STEPS),
    "unknown_disposition": ("disp", DISPOSITIONS),
    "event_type": ("bizstep", [kind.name for kind in EventType]),
}


def advice(fault: Fault) -> str:
    """Return what helps against a fault, "" where nothing more can be said."""
    given = fault.data.get("given", "")
    if fault.code in _WORDS and given:
        vocabulary, words = _WORDS[fault.code]
        word = bare_word(vocabulary, given).rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        near = difflib.get_close_matches(word, words, n=1, cutoff=_SURE)
        near = near or difflib.get_close_matches(word, words, n=2, cutoff=_LIKELY)
        if near:
            return _("Did you mean %(words)s?") % {"words": _(" or ").join(near)}
    if fault.code == "field_missing" and (value := _VALUES.get(fault.data.get("field", ""))):
        return _("Add, for example: %(value)s") % {"value": value}
    found = ADVICE.get(fault.code)
    return str(found) if found else ""
