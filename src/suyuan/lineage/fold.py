"""What an event says of where goods are and in what state: the rules, as tables.

Owns: step and disposition → whereabouts; what marks and unmarks a recall.
Invariant: the fold of one identity (history) and of many (present) read the same tables.

A disposition speaks before a step: goods received with disposition `returned` are returned. An
event that names neither a step nor a disposition of these tables moves nothing by itself; one that
names a business location puts the goods there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import DISPOSITION_NUMBERS, STEP_NUMBERS
from suyuan.lineage.values import Whereabouts

# The order gives each its number in arrays; 0 says nothing.
CODES: Final = (
    None,
    Whereabouts.IN_HOUSE,
    Whereabouts.IN_TRANSIT,
    Whereabouts.SOLD,
    Whereabouts.RETURNED,
    Whereabouts.DESTROYED,
)
CODE_OF: Final = {where: code for code, where in enumerate(CODES) if where is not None}

_BY_DISPOSITION: Final = {
    "in_transit": Whereabouts.IN_TRANSIT,
    "retail_sold": Whereabouts.SOLD,
    "dispensed": Whereabouts.SOLD,
    "returned": Whereabouts.RETURNED,
    "destroyed": Whereabouts.DESTROYED,
    "disposed": Whereabouts.DESTROYED,
}
_BY_STEP: Final = {
    "shipping": Whereabouts.IN_TRANSIT,
    "departing": Whereabouts.IN_TRANSIT,
    "transporting": Whereabouts.IN_TRANSIT,
    "retail_selling": Whereabouts.SOLD,
    "dispensing": Whereabouts.SOLD,
    "destroying": Whereabouts.DESTROYED,
    "decommissioning": Whereabouts.DESTROYED,
    "receiving": Whereabouts.IN_HOUSE,
    "arriving": Whereabouts.IN_HOUSE,
    "accepting": Whereabouts.IN_HOUSE,
    "storing": Whereabouts.IN_HOUSE,
    "stocking": Whereabouts.IN_HOUSE,
}
RECALL_MARK: Final = "recalled"
RECALL_CLEARED: Final = frozenset({"conformant", "destroyed", "disposed"})

# In these roles an identity, or what holds it, is what the event is about.
OWN_ROLES: Final = frozenset(
    {
        Role.EPC,
        Role.CHILD,
        Role.OUTPUT,
        Role.INPUT,
        Role.PARENT,
        Role.QUANTITY,
        Role.CHILD_QUANTITY,
        Role.INPUT_QUANTITY,
        Role.OUTPUT_QUANTITY,
    }
)
HOLDER_ROLES: Final = frozenset({Role.EPC, Role.CHILD})


def whereabouts(step: str, disposition: str, *, at_location: bool) -> Whereabouts | None:
    """Return where an event leaves its goods, None if it does not say."""
    return (
        _BY_DISPOSITION.get(disposition)
        or _BY_STEP.get(step)
        or (Whereabouts.IN_HOUSE if at_location else None)
    )


def _table(words: Mapping[str, int], rules: Mapping[str, Whereabouts]) -> NDArray[np.int64]:
    table = np.zeros(max(words.values()) + 1, dtype=np.int64)
    for word, where in rules.items():
        table[words[word]] = CODE_OF[where]
    return table


_STEP_CODES: Final = _table(STEP_NUMBERS, _BY_STEP)
_DISPOSITION_CODES: Final = _table(DISPOSITION_NUMBERS, _BY_DISPOSITION)
RECALL_NUMBER: Final = DISPOSITION_NUMBERS[RECALL_MARK]
CLEARED_NUMBERS: Final = sorted(DISPOSITION_NUMBERS[word] for word in RECALL_CLEARED)


def whereabouts_codes(
    steps: NDArray[np.int64], dispositions: NDArray[np.int64], at_location: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the number in `CODES` for each event; arrays of shape (n,).

    `steps` and `dispositions` are as stored: numbers of CBV words, or keys of URIs, which say
    nothing.
    """
    by_step = _STEP_CODES[np.where(steps < _STEP_CODES.size, steps, 0)]
    by_disposition = _DISPOSITION_CODES[
        np.where(dispositions < _DISPOSITION_CODES.size, dispositions, 0)
    ]
    house = np.where(at_location, CODE_OF[Whereabouts.IN_HOUSE], 0)
    codes: NDArray[np.int64] = np.where(
        by_disposition > 0, by_disposition, np.where(by_step > 0, by_step, house)
    )
    return codes
