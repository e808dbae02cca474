"""The Core Business Vocabulary 2.0 as tables.

Owns: the standard words, their numbers in the event store, their older spellings.
Invariant: a word's number never changes; new words go to the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Final


class EventType(IntEnum):
    """The five event types."""

    ObjectEvent = 1
    AggregationEvent = 2
    TransactionEvent = 3
    TransformationEvent = 4
    AssociationEvent = 5


class Action(IntEnum):
    """What an event does to the state of its objects."""

    NONE = 0
    ADD = 1
    OBSERVE = 2
    DELETE = 3


STEPS: Final = (
    "accepting arriving assembling collecting commissioning consigning creating_class_instance "
    "cycle_counting decommissioning departing destroying disassembling dispensing encoding "
    "entering_exiting holding inspecting installing killing loading other packing picking "
    "receiving removing repackaging repairing replacing reserving retail_selling shipping "
    "staging_outbound stock_taking stocking storing transporting unloading unpacking "
    "void_shipping sensor_reporting sampling"
).split()
DISPOSITIONS: Final = (
    "active container_closed damaged destroyed dispensed disposed encoded expired in_progress "
    "in_transit inactive no_pedigree_match non_sellable_other partially_dispensed recalled "
    "reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unknown "
    "available completeness_verified completeness_inferred conformant container_open "
    "mismatch_instance mismatch_class mismatch_quantity needs_replacement non_conformant "
    "unavailable"
).split()
TRANSACTION_TYPES: Final = frozenset(
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt".split()
)
PARTY_TYPES: Final = frozenset({"owning_party", "possessing_party", "location"})
ERROR_REASONS: Final = frozenset({"did_not_occur", "incorrect_data"})

STEP_NUMBERS: Final[Mapping[str, int]] = {word: i for i, word in enumerate(STEPS, 1)}
DISPOSITION_NUMBERS: Final[Mapping[str, int]] = {w: i for i, w in enumerate(DISPOSITIONS, 1)}

# CBV 1.x wrote a URN, CBV 2.0 writes a Web URI; JSON-LD writes the bare word for both.
_PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "bizstep": (
        "urn:epcglobal:cbv:bizstep:",
        "https://ref.gs1.org/cbv/BizStep-",
        "https://ns.gs1.org/cbv/BizStep-",
        "cbv:BizStep-",
    ),
    "disp": (
        "urn:epcglobal:cbv:disp:",
        "https://ref.gs1.org/cbv/Disp-",
        "https://ns.gs1.org/cbv/Disp-",
        "cbv:Disp-",
    ),
    "btt": (
        "urn:epcglobal:cbv:btt:",
        "https://ref.gs1.org/cbv/BTT-",
        "https://ns.gs1.org/cbv/BTT-",
        "cbv:BTT-",
    ),
    "sdt": (
        "urn:epcglobal:cbv:sdt:",
        "https://ref.gs1.org/cbv/SDT-",
        "https://ns.gs1.org/cbv/SDT-",
        "cbv:SDT-",
    ),
    "er": (
        "urn:epcglobal:cbv:er:",
        "https://ref.gs1.org/cbv/ER-",
        "https://ns.gs1.org/cbv/ER-",
        "cbv:ER-",
    ),
}


@lru_cache(4096)
def bare_word(vocabulary: str, text: str) -> str:
    """Return the bare word of a standard value in any spelling, or `text` as it is."""
    for prefix in _PREFIXES[vocabulary]:
        if text.startswith(prefix):
            return text[len(prefix) :]
    return text
