"""What capture refuses of an event that a service built, as a problem of the call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from suyuan.core.epcis import DocumentError
from suyuan.kernel.errors import Invalid


@contextmanager
def refusals_of_capture() -> Iterator[None]:
    """Turn a document's first fault into `Invalid`; the built event's own places say nothing."""
    try:
        yield
    except DocumentError as error:
        fault = error.faults[0]
        raise Invalid(fault.code, **fault.data) from error
