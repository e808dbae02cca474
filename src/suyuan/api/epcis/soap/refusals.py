"""Refusals as the standard's exceptions.

Owns: the table from our errors to `EpcisException`. The first row that fits is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from suyuan.capture.queries import QueryTooComplex, QueryTooLarge
from suyuan.core.epcis import DocumentError, Fault
from suyuan.core.epcis.query import QueryError
from suyuan.core.epcis.soap.names import EpcisException, SoapFault
from suyuan.core.identifiers import IdentifierError
from suyuan.kernel.errors import Forbidden, SuyuanError
from suyuan.kernel.posting.destinations import DestinationRefused
from suyuan.masterdata.vocabularies import VocabularyTooLarge
from suyuan.subscriptions import errors
from suyuan.subscriptions.services.queries import TooMany

_MOST_TOLD: Final = 20  # faults in one reason
_EXCEPTIONS: Final[tuple[tuple[type[Exception], EpcisException], ...]] = (
    (QueryTooLarge, EpcisException.QUERY_TOO_LARGE),
    (VocabularyTooLarge, EpcisException.QUERY_TOO_LARGE),
    (QueryTooComplex, EpcisException.QUERY_TOO_COMPLEX),
    (QueryError, EpcisException.QUERY_PARAMETER),
    (IdentifierError, EpcisException.QUERY_PARAMETER),
    (errors.QueryNotFound, EpcisException.NO_SUCH_NAME),
    (errors.QueryNameTaken, EpcisException.DUPLICATE_NAME),
    (errors.SubscriptionNotFound, EpcisException.NO_SUCH_SUBSCRIPTION),
    (errors.SubscriptionNameTaken, EpcisException.DUPLICATE_SUBSCRIPTION),
    (DestinationRefused, EpcisException.INVALID_URI),
    (errors.SubscriptionControls, EpcisException.SUBSCRIPTION_CONTROLS),
    (TooMany, EpcisException.SUBSCRIBE_NOT_PERMITTED),
    (Forbidden, EpcisException.SECURITY),
)
REFUSALS: Final = (SuyuanError, DocumentError, IdentifierError)
"""What `as_fault` takes."""


def as_fault(error: SuyuanError | DocumentError | IdentifierError, *, query: str = "") -> SoapFault:
    """Return a refusal as the standard says it; other refusals are of what was sent."""
    exception = next(
        (found for kind, found in _EXCEPTIONS if isinstance(error, kind)),
        EpcisException.VALIDATION,
    )
    return SoapFault(exception, _reason(error), query=query)


def _reason(error: SuyuanError | DocumentError | IdentifierError) -> str:
    if isinstance(error, DocumentError):
        told = "; ".join(map(_fault, error.faults[:_MOST_TOLD]))
        more = error.total - min(len(error.faults), _MOST_TOLD)
        return f"{told}; and {more} more" if more > 0 else told
    place = error.place if isinstance(error, SuyuanError) else ""
    return _told(error.code, place, error.data)


def _fault(fault: Fault) -> str:
    return _told(fault.code, fault.place, fault.data)


def _told(code: str, place: str, data: Mapping[str, object]) -> str:
    """Return a code with its place and what else is known: `query_value at query:x (given: y)`."""
    where = f" at {place}" if place else ""
    known = ", ".join(f"{name}: {value}" for name, value in data.items())
    return f"{code}{where}{f' ({known})' if known else ''}"
