"""Rows of the store as queries look at them.

Owns: which columns are read, and what is unpacked of them, once and only when asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final

from suyuan.core.epcis.body import FORMS, unpack_body
from suyuan.core.keyset import KeySet
from suyuan.kernel.lists import select, within

_COLUMNS: Final = (
    "seq, time, record_time, type, action, step, disposition, read_point, location, parent, "
    "declares_error, job, content_digest, epcs, outputs, body"
)
type Condition = tuple[str, tuple[Any, ...]]
"""A piece of SQL from code, and its parameters."""


class Row:
    """One stored event: its columns, and the rest on demand.

    `step` and `disposition` are numbers of CBV words or keys of URIs, 0 for none; `read_point`,
    `location` and `parent` keys; times microseconds since 1970.
    """

    def __init__(self, columns: tuple[Any, ...]) -> None:
        """Name the columns."""
        (
            self.seq,
            self.time,
            self.record_time,
            self.type,
            self.action,
            self.step,
            self.disposition,
            self.read_point,
            self.location,
            self.parent,
            self.declares_error,
            self.job,
            self.digest,
            self._epcs,
            self._outputs,
            self._body,
        ) = columns

    @cached_property
    def body(self) -> dict[str, Any]:
        """The document as it came, without the EPC lists that keys tell."""
        found = unpack_body(bytes(self._body))
        self.forms: dict[str, dict[str, str]] = found.pop(FORMS, {})
        return found

    @cached_property
    def epcs(self) -> KeySet:
        """Keys of the EPC list, the children or the inputs."""
        return KeySet.from_bytes(bytes(self._epcs))

    @cached_property
    def outputs(self) -> KeySet:
        """Keys of the outputs."""
        return KeySet.from_bytes(bytes(self._outputs))


def rows_of(
    organisation_id: int, seqs: Collection[int], conditions: Sequence[Condition] = ()
) -> dict[int, Row]:
    """Return those of the events that meet conditions on columns, by number."""
    if not seqs:
        return {}
    text, numbers = within("seq", seqs)
    clause = "".join(f" AND {one}" for one, _ in conditions)
    parameters = [value for _, some in conditions for value in some]
    found = select(
        f"SELECT {_COLUMNS} FROM capture_storedevent "  # noqa: S608 - parts come from code
        f"WHERE organisation_id = %s AND {text}{clause}",
        [organisation_id, numbers, *parameters],
    )
    return {columns[0]: Row(columns) for columns in found}


def rows_in(
    organisation_id: int, reach: tuple[int, int], conditions: Sequence[Condition]
) -> list[Row]:
    """Return the events of a range of numbers that meet conditions on columns, in order."""
    clause = "".join(f" AND {one}" for one, _ in conditions)
    found = select(
        f"SELECT {_COLUMNS} FROM capture_storedevent "  # noqa: S608 - parts come from code
        f"WHERE organisation_id = %s AND seq >= %s AND seq < %s{clause} ORDER BY seq",
        [organisation_id, *reach, *(value for _, some in conditions for value in some)],
    )
    return list(map(Row, found))
