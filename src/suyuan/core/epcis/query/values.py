"""A query as a value that cannot be wrong: tests, of which an event must pass every one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from suyuan.core.epcis.event import Role
from suyuan.core.identifiers import Identity
from suyuan.core.identifiers.schemes import RULE_OF, Scheme, Shape


class Op(StrEnum):
    """How what an event has is compared with what is asked for."""

    EQ = "EQ"
    GT = "GT"
    GE = "GE"
    LT = "LT"
    LE = "LE"
    EXISTS = "EXISTS"


class Subject(StrEnum):
    """What of an event a test looks at."""

    TYPE = "type"
    ACTION = "action"
    STEP = "bizStep"
    DISPOSITION = "disposition"
    SET = "persistentDisposition.set"
    UNSET = "persistentDisposition.unset"
    EVENT_TIME = "eventTime"
    RECORD_TIME = "recordTime"
    EVENT_ID = "eventID"
    READ_POINT = "readPoint"
    LOCATION = "bizLocation"
    OBJECTS = "objects"  # identities in the roles that the test names
    TRANSACTION = "bizTransaction"
    SOURCE = "source"
    DESTINATION = "destination"
    QUANTITY = "quantity"
    DECLARATION = "errorDeclaration"
    DECLARED_AT = "errorDeclaration.declarationTime"
    REASON = "errorDeclaration.reason"
    CORRECTIVE = "errorDeclaration.correctiveEventIDs"
    SENSORS = "sensorElementList"
    SENSOR = "sensor"  # a field of metadata or reports, by name
    MEASURE = "measure"  # a number of a report, in a unit
    FIELD = "field"  # an extension
    MASTER_DATA = "masterData"


class Place(StrEnum):
    """Which part of an event an extension field stands in."""

    EVENT = "event"
    ILMD = "ilmd"
    DECLARATION = "errorDeclaration"
    READ_POINT = "readPoint"
    LOCATION = "bizLocation"
    SENSOR_ELEMENT = "sensorElement"
    SENSOR_METADATA = "sensorMetadata"
    SENSOR_REPORT = "sensorReport"


class Pattern(Struct, frozen=True):
    """Identities that share their first parts (TDS §8): those of a product, or of a company.

    Attributes:
        scheme: of the identities that it fits.
        company: the company prefix; "" for any.
        primary: the whole primary key, when it is given.
    """

    scheme: Scheme
    company: str = ""
    primary: str = ""

    def fits(self, identity: Identity) -> bool:
        """Tell whether an identity is one of those meant."""
        if identity.scheme is not self.scheme:
            return False
        if self.primary:
            return identity.primary == self.primary
        rule = RULE_OF.get(self.scheme)
        shifted = rule is not None and rule.shape in {Shape.INDICATOR, Shape.PIECE}
        return identity.primary.startswith(self.company, 1 if shifted else 0)


class Literal(Struct, frozen=True):
    """A value of an extension field: its text, and the number or the time that it tells."""

    text: str
    number: float | None = None
    time: int | None = None


class Field(Struct, frozen=True):
    """An extension field.

    Attributes:
        place: the part of the event that it stands in.
        namespace: what the prefix means, without the mark at its end; the prefix and a colon
            where nobody says what it means.
        name: its local name.
        inner: at any depth inside another extension of that part, not at its top.
    """

    place: Place
    namespace: str
    name: str
    inner: bool = False


class Criterion(Struct, frozen=True):
    """One condition on an event.

    Attributes:
        parameter: its name as given.
        values: what is compared with; one of them must fit. Words are bare, times microseconds
            since 1970, identifiers identities.
        roles: of the identities meant (OBJECTS).
        patterns: identities meant beside those in `values` (OBJECTS).
        argument: the type of a transaction or party, the unit of a quantity, a sensor's field.
        unit: of a measure.
        field: the extension field (FIELD).
        descendants: what lies within the places meant counts too.
        attribute: the attribute of master data (MASTER_DATA).
    """

    parameter: str
    subject: Subject
    op: Op = Op.EQ
    values: frozenset[Any] = frozenset()
    roles: tuple[Role, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    argument: str = ""
    unit: str = ""
    field: Field | None = None
    descendants: bool = False
    attribute: str = ""


BY_EVENT_TIME: Final = "eventTime"
BY_RECORD_TIME: Final = "recordTime"


class EventQuery(Struct, frozen=True):
    """A query.

    Attributes:
        tests: an event must pass every one.
        order_by: "eventTime", "recordTime", "field", or "" where the order does not matter.
        order_field: the extension field to order by.
        descending: the direction of the order.
        first: only so many, in the order (`eventCountLimit`).
        most: more than so many are refused (`maxEventCount`).
    """

    tests: tuple[Criterion, ...] = ()
    order_by: str = ""
    order_field: Field | None = None
    descending: bool = True
    first: int | None = None
    most: int | None = None
