"""The tables of the SOAP binding: operations with their fields and exceptions.

Owns: names only. The WSDL, the reader and the writer all go by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SERVICE: Final = "urn:epcglobal:epcis:wsdl:1"
WSDL: Final = "http://schemas.xmlsoap.org/wsdl/"
WSDL_SOAP: Final = "http://schemas.xmlsoap.org/wsdl/soap/"
HTTP_TRANSPORT: Final = "http://schemas.xmlsoap.org/soap/http"

EVENT_QUERY: Final = "SimpleEventQuery"
MASTERDATA_QUERY: Final = "SimpleMasterDataQuery"


class SoapVersion(StrEnum):
    """The namespace of an envelope. The standard binds to 1.1; some clients speak 1.2 alone."""

    V1_1 = "http://schemas.xmlsoap.org/soap/envelope/"
    V1_2 = "http://www.w3.org/2003/05/soap-envelope"

    @property
    def media(self) -> str:
        """The media type of messages."""
        return "text/xml" if self is SoapVersion.V1_1 else "application/soap+xml"


class EpcisException(StrEnum):
    """The standard's exceptions (EPCIS 1.2 §8.2.6)."""

    DUPLICATE_NAME = "DuplicateNameException"
    INVALID_URI = "InvalidURIException"
    NO_SUCH_NAME = "NoSuchNameException"
    NO_SUCH_SUBSCRIPTION = "NoSuchSubscriptionException"
    DUPLICATE_SUBSCRIPTION = "DuplicateSubscriptionException"
    QUERY_PARAMETER = "QueryParameterException"
    QUERY_TOO_LARGE = "QueryTooLargeException"
    QUERY_TOO_COMPLEX = "QueryTooComplexException"
    SUBSCRIPTION_CONTROLS = "SubscriptionControlsException"
    SUBSCRIBE_NOT_PERMITTED = "SubscribeNotPermittedException"
    SECURITY = "SecurityException"
    VALIDATION = "ValidationException"
    IMPLEMENTATION = "ImplementationException"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the interface.

    Attributes:
        name: in the WSDL.
        element: of the request.
        answer: the answer's element.
        fields: the request's parts, in order; all are required.
        exceptions: beside those that every operation may raise.
    """

    name: str
    element: str
    answer: str
    fields: tuple[str, ...] = ()
    exceptions: tuple[EpcisException, ...] = ()


# What every operation may raise.
ALWAYS: Final = (
    EpcisException.SECURITY,
    EpcisException.VALIDATION,
    EpcisException.IMPLEMENTATION,
)

_OPERATIONS: Final = (
    Operation("getQueryNames", "GetQueryNames", "GetQueryNamesResult"),
    Operation(
        "subscribe",
        "Subscribe",
        "SubscribeResult",
        ("queryName", "params", "dest", "controls", "subscriptionID"),
        (
            EpcisException.NO_SUCH_NAME,
            EpcisException.INVALID_URI,
            EpcisException.DUPLICATE_SUBSCRIPTION,
            EpcisException.QUERY_PARAMETER,
            EpcisException.QUERY_TOO_COMPLEX,
            EpcisException.SUBSCRIPTION_CONTROLS,
            EpcisException.SUBSCRIBE_NOT_PERMITTED,
        ),
    ),
    Operation(
        "unsubscribe",
        "Unsubscribe",
        "UnsubscribeResult",
        ("subscriptionID",),
        (EpcisException.NO_SUCH_SUBSCRIPTION,),
    ),
    Operation(
        "getSubscriptionIDs",
        "GetSubscriptionIDs",
        "GetSubscriptionIDsResult",
        ("queryName",),
        (EpcisException.NO_SUCH_NAME,),
    ),
    Operation(
        "poll",
        "Poll",
        "QueryResults",
        ("queryName", "params"),
        (
            EpcisException.QUERY_PARAMETER,
            EpcisException.QUERY_TOO_LARGE,
            EpcisException.QUERY_TOO_COMPLEX,
            EpcisException.NO_SUCH_NAME,
        ),
    ),
    Operation("getStandardVersion", "GetStandardVersion", "GetStandardVersionResult"),
    Operation("getVendorVersion", "GetVendorVersion", "GetVendorVersionResult"),
)
OPERATIONS: Final[Mapping[str, Operation]] = {one.element: one for one in _OPERATIONS}
"""By the element of the request."""

SCHEDULE_FIELDS: Final = ("second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek")
CONTROL_FIELDS: Final = ("schedule", "trigger", "initialRecordTime", "reportIfEmpty")


class SoapFault(Exception):
    """A request that cannot be served, as the standard says it.

    Attributes:
        exception: which of the standard's.
        reason: for people.
        query: the query's name, where the exception tells it.
        subscription: the subscription's ID, likewise.
        header: that a header must be understood and is not; SOAP has a code of its own for that.
    """

    def __init__(
        self,
        exception: EpcisException,
        reason: str,
        *,
        query: str = "",
        subscription: str = "",
        header: bool = False,
    ) -> None:
        """Keep what the fault's detail tells."""
        super().__init__(exception, reason)
        self.exception = exception
        self.reason = reason
        self.query = query
        self.subscription = subscription
        self.header = header
