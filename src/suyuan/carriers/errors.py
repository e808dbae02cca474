"""What carriers refuse: codes and data, no text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.kernel.errors import Conflict, NotFound, SuyuanError


class CarrierTaken(Conflict):
    """The value leads to another unit: `unit` names it."""

    code = "carrier_taken"


class CarrierIsUnit(Conflict):
    """The value is itself the identity of another unit of ours: `unit` names it."""

    code = "carrier_is_unit"


class CarrierUnknown(NotFound):
    """No such carrier is bound, or it is another organisation's."""

    code = "carrier_unknown"


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row of many; `row` is the number that the caller gave it."""

    row: int
    error: SuyuanError

    @property
    def told(self) -> dict[str, object]:
        """The fault as data."""
        error = self.error
        return {"row": self.row, "code": error.code, "place": error.place, "data": error.data}


class BindingsRefused(SuyuanError):
    """Rows of a bulk are faulty, so none was bound."""

    code = "bindings_refused"

    def __init__(self, rows: Sequence[RowFault]) -> None:
        """Keep every fault, in the order of rows."""
        super().__init__(count=len(rows), faults=[row.told for row in rows])
        self.rows = tuple(rows)
