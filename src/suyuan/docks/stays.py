"""A tag's stays in a reader's field, and which of them a visit belongs to.

Owns: when a stay goes on, ends, or begins. Pure: no database.
Invariant: reads that come in the order of time make the same stays, however they are cut into
reports. A read belongs to a stay when no gap longer than the window parts them; one that belongs
to a stay that was taken to have ended makes that stay longer, and makes no event.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from suyuan.docks.models import Outcome
from suyuan.docks.sightings import Visit


@dataclass(slots=True)
class Stay:
    """A tag in a field, from its first read to its last; times in microseconds since 1970.

    Attributes:
        key: capture key; -1 leads to nothing of ours.
        announced: its appearance made an event.
        ended: it was taken to have ended before this report.
        new: it has no row yet.
        changed: its row is no longer what it was.
        ending: it ends with this report.
    """

    id: int
    epc: str
    key: int
    reason: str
    first_at: int
    last_at: int
    count: int
    first_antenna: int
    last_antenna: int
    best_antenna: int
    best_rssi: float | None
    event_seq: int | None = None
    announced: bool = False
    outcome: Outcome = Outcome.PRESENT
    ended: bool = False
    new: bool = False
    changed: bool = False
    ending: bool = False

    def holds(self, visit: Visit, window: int) -> bool:
        """Tell whether no gap longer than `window` parts the visit from this stay."""
        return visit.first_at <= self.last_at + window and visit.last_at >= self.first_at - window

    def add(self, visit: Visit) -> None:
        """Make the stay as long as the visit."""
        if visit.first_at < self.first_at:
            self.first_at, self.first_antenna = visit.first_at, visit.first_antenna
        if visit.last_at >= self.last_at:
            self.last_at, self.last_antenna = visit.last_at, visit.last_antenna
        self.count += visit.count
        if visit.best_rssi is not None and (
            self.best_rssi is None or visit.best_rssi > self.best_rssi
        ):
            self.best_rssi, self.best_antenna = visit.best_rssi, visit.best_antenna
        self.changed = True


@dataclass(slots=True)
class Stays:
    """The stays of a report's tags.

    Attributes:
        of: by EPC, in the order of time.
        late: how many visits belong to stays that had ended.
    """

    window: int
    of: dict[str, list[Stay]] = field(default_factory=dict)
    late: int = 0

    def know(self, stay: Stay) -> None:
        """Add a stay that has a row."""
        self.of.setdefault(stay.epc, []).append(stay)

    def meet(self, visits: Iterable[Visit]) -> None:
        """Put each visit into its stay, or begin one."""
        for visit in visits:
            stays = self.of.setdefault(visit.epc, [])
            # The one that lasts before those that ended, the latest first.
            held = [stay for stay in stays if stay.holds(visit, self.window)]
            stay = max(held, key=lambda one: (not one.ended, one.last_at), default=None)
            if stay is None:
                stays.append(_begun(visit))
                continue
            self.late += stay.ended
            stay.add(visit)

    def end(self, watermark: int) -> None:
        """End what was seen last more than a window before the reader's latest read."""
        for stay in self.all():
            stay.ending = not stay.ended and stay.last_at < watermark - self.window

    def all(self) -> Iterable[Stay]:
        """Yield the stays, known and begun."""
        for stays in self.of.values():
            yield from stays


def _begun(visit: Visit) -> Stay:
    return Stay(
        id=0,
        epc=visit.epc,
        key=-1,
        reason="",
        first_at=visit.first_at,
        last_at=visit.last_at,
        count=visit.count,
        first_antenna=visit.first_antenna,
        last_antenna=visit.last_antenna,
        best_antenna=visit.best_antenna,
        best_rssi=visit.best_rssi,
        new=True,
    )
