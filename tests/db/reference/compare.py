"""Where the engine and the model must say the same.

Owns: the comparison of history, present and contents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from suyuan.lineage.fold import CODES
from suyuan.lineage.history import history
from suyuan.lineage.present import present
from suyuan.lineage.selectors import contents
from suyuan.lineage.values import Whereabouts
from tests.db.reference.goods import Ledger
from tests.reference import containment, journeys
from tests.reference.beginnings import Start
from tests.reference.events import NEVER, Log, microseconds


def same_histories(ledger: Ledger, _starts: Sequence[Start] = ()) -> None:
    """Compare what one unit after another has lived through."""
    log = ledger.log
    for text, key in ledger.keys(log.units).items():
        one = history(organisation_id=ledger.organisation_id, key=key)
        lived = {
            (step.happening.seq, step.via_identity.digital_link() if step.via_identity else "")
            for step in one.steps
            if not step.happening.voided
        }
        expected = {(step.event.number, step.via) for step in journeys.steps(log, text)}
        assert lived == expected, text
        windows = [
            (
                window.parent_identity.digital_link(),
                microseconds(window.start),
                microseconds(window.end) if window.end else NEVER[0],
            )
            for window in one.containments
        ]
        assert windows == [
            (window.holder, window.start[0], window.end[0])
            for window in containment.windows(log, text)
        ], text
        assert _state(one) == _expected(log, text), text


def _state(one: Any) -> tuple[Any, ...]:
    state = one.state
    inner = state.containers[0].digital_link() if state.containers else ""
    return str(state.whereabouts), state.location, state.recalled, inner


def _expected(log: Log, text: str) -> tuple[Any, ...]:
    now = journeys.standing(log, text)
    inner = containment.container(log, text)
    return now.whereabouts, now.place, journeys.recalled(log, text), inner


def same_present(ledger: Ledger, _starts: Sequence[Start] = ()) -> None:
    """Compare where all units are now, asked for at once."""
    log = ledger.log
    keys = ledger.keys(log.units)
    texts = {key: text for text, key in keys.items()}
    now = present(ledger.organisation_id, np.array(sorted(texts), dtype=np.int64))
    wanted = {int(key) for key in (*now.locations, *now.parents) if key >= 0}
    names = ledger.texts(wanted)
    for at, key in enumerate(now.items.tolist()):
        said = (
            str(CODES[int(now.codes[at])] or Whereabouts.NOT_SEEN),
            names.get(int(now.locations[at]), ""),
            bool(now.recalled[at]),
            names.get(int(now.parents[at]), ""),
        )
        assert said == _expected(log, texts[key]), texts[key]
        last = journeys.standing(log, texts[key]).event
        assert int(now.seqs[at]) == (last.number if last else -1), texts[key]


def same_contents(ledger: Ledger, _starts: Sequence[Start] = ()) -> None:
    """Compare what each container holds now."""
    log = ledger.log
    for text, key in ledger.keys(log.containers).items():
        inside = contents(organisation_id=ledger.organisation_id, key=key)
        assert set(ledger.texts(inside).values()) == containment.contents(log, text), text
