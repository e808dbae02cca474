"""What each method of each address does, in words.

Owns: the texts of the document, and what each operation takes and answers. Which addresses and
methods there are is the router's to say (`document` compares).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

_JSON: Final = ("application/json", "application/ld+json")
_XML: Final = "application/xml"

# Kind of body → media type → schema; XML has its own schemas, which the standard publishes.
ANSWERS: Final[dict[str, dict[str, str]]] = {
    "document": {**dict.fromkeys(_JSON, "EPCISDocument"), _XML: "", "text/xml": ""},
    "events": {"application/json": "EPCISQueryDocument", _XML: ""},
    "event": dict.fromkeys(_JSON, "Event"),
    "captured": {"application/json": "Event"},
    "job": {"application/json": "CaptureJob", _XML: ""},
    "header": {"application/json": "EPCISDocument"},
    "jobs": {"application/json": "CaptureJobs"},
    "collection": {"application/json": "Collection"},
    "query": dict.fromkeys(_JSON, "NamedQuery"),
    "queries": {"application/json": "NamedQueries"},
    "subscription": dict.fromkeys(_JSON, "Subscription"),
    "subscriptions": {"application/json": "Subscriptions"},
}
_NEXT: Final = ("Link", "GS1-Next-Page-Token-Expires")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an address.

    Attributes:
        name: as the standard calls it.
        description: what it is.
    """

    name: str
    description: str

    def parameter(self) -> dict[str, Any]:
        """Return it as OpenAPI describes it."""
        return {
            "name": self.name,
            "in": "path",
            "required": True,
            "description": self.description,
            "schema": {"type": "string", "minLength": 1},
        }


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    Attributes:
        tag: the group it is shown in.
        summary: one line.
        details: more, where the line does not say it.
        parameters: groups of parameters (`parameters.GROUPS`).
        body: kind of the request's body, None without one.
        status: of success.
        content: kind of the answer's body, None without one.
        answer: what the answer says, where the status does not.
        headers: of the answer, beside the versions.
        refusals: statuses of problems, beside those that every operation has.
        others: statuses without a body of their own, with what they mean.
    """

    tag: str
    summary: str
    details: str = ""
    parameters: tuple[str, ...] = ()
    body: str | None = None
    status: int = 200
    content: str | None = None
    answer: str = ""
    headers: tuple[str, ...] = ()
    refusals: tuple[int, ...] = ()
    others: tuple[tuple[int, str], ...] = field(default=())


PARTS: Final[dict[str, Part]] = {
    "job_id": Part("captureID", "Of the job, as `Location` tells it after a capture."),
    "event_id": Part("eventID", "Of the event."),
    "event_type": Part("eventType", "A type of events."),
    "epc": Part("epc", "An EPC, as URN or Digital Link, escaped as a part of an address."),
    "biz_step": Part("bizStep", "A bare word of the CBV, or a URI."),
    "biz_location": Part("bizLocation", "The identifier of a business location."),
    "read_point": Part("readPoint", "The identifier of a read point."),
    "disposition": Part("disposition", "A bare word of the CBV, or a URI."),
    "name": Part("queryName", "The name under which a query was stored."),
    "identifier": Part("subscriptionID", "Of the subscription."),
    "token": Part("token", "A `nextPageToken`."),
}


def OPTIONS(tag: str) -> Operation:  # noqa: N802 - the method's name
    """Return what OPTIONS does, which is the same everywhere."""
    return Operation(
        tag,
        "Tell the methods, the versions and the limits",
        status=204,
        headers=("Allow",),
    )


def _events(summary: str, tag: str = "Events") -> Operation:
    """Return an operation that answers with a page of events."""
    return Operation(
        tag,
        summary,
        parameters=("pages", "answer", "query"),
        content="events",
        headers=_NEXT,
        refusals=(400, 413, 414),
    )


def _collection(word: str, one: str) -> dict[str, dict[str, Operation]]:
    """Return the operations of a top-level resource."""
    tag = "Top level"
    return {
        word: {
            "GET": Operation(
                tag,
                f"List the {word} of the events",
                parameters=("pages", "form"),
                content="collection",
                headers=_NEXT,
                refusals=(400,),
            )
        },
        one: {
            "GET": Operation(tag, f"Tell what there is of one of the {word}", content="collection")
        },
        f"{one}_events": {"GET": _events(f"Query the events of one of the {word}", tag)},
    }


_CAPTURE: Final[dict[str, dict[str, Operation]]] = {
    "root": {"GET": Operation("Top level", "List the resources", content="collection")},
    "capture": {
        "GET": Operation(
            "Capture",
            "List the jobs, the latest first",
            parameters=("pages",),
            content="jobs",
            headers=_NEXT,
            refusals=(400,),
        ),
        "POST": Operation(
            "Capture",
            "Capture a document of events",
            "The events are on disk when the answer comes. The same event again changes nothing.",
            parameters=("capture",),
            body="document",
            status=202,
            answer="Taken; the job tells what became of it",
            headers=("Location",),
            refusals=(409,),
        ),
    },
    "job": {"GET": Operation("Capture", "Tell what became of a document", content="job")},
    "job_header": {
        "GET": Operation(
            "Capture",
            "Tell what a document said in its header",
            "A document without events; its header is the captured one's, master data above all. "
            "An extension of the standard.",
            content="header",
        )
    },
    "events": {
        "GET": _events("Query events"),
        "POST": Operation(
            "Events",
            "Capture one event",
            body="event",
            status=201,
            answer="Captured",
            content="captured",
            headers=("Location",),
            refusals=(409,),
        ),
    },
    "event": {
        "GET": Operation(
            "Events",
            "Get the events of an ID",
            "One event, or several where one declares another's error.",
            parameters=("answer",),
            content="events",
            refusals=(400,),
        ),
    },
}
_QUERIES: Final[dict[str, dict[str, Operation]]] = {
    "queries": {
        "GET": Operation(
            "Queries",
            "List the stored queries",
            parameters=("pages",),
            content="queries",
            headers=_NEXT,
            refusals=(400,),
        ),
        "POST": Operation(
            "Queries",
            "Store a query under a name",
            "A stored query never changes.",
            body="query",
            status=201,
            content="query",
            headers=("Location",),
            refusals=(409,),
        ),
    },
    "query": {
        "GET": Operation("Queries", "Tell a stored query", content="query"),
        "DELETE": Operation(
            "Queries", "Remove a stored query and end its subscriptions", status=204
        ),
    },
    "query_events": {
        "GET": Operation(
            "Queries",
            "Run a stored query",
            "With `Upgrade: websocket`, and `stream` or a schedule, what it finds among new events "
            "is told by a websocket.",
            parameters=("pages", "answer", "upgrade"),
            content="events",
            headers=_NEXT,
            refusals=(400, 413, 414),
            others=((101, "A websocket"),),
        )
    },
    "subscriptions": {
        "GET": Operation(
            "Subscriptions",
            "List the subscriptions to a query",
            parameters=("pages",),
            content="subscriptions",
            headers=_NEXT,
            refusals=(400,),
        ),
        "POST": Operation(
            "Subscriptions",
            "Tell a receiver what the query finds among new events",
            "Either `stream: true` or a schedule. Messages are signed where a `signatureToken` is "
            "given; what cannot be delivered is tried again, and then kept.",
            parameters=("form",),
            body="subscription",
            status=201,
            content="subscription",
            headers=("Location",),
            refusals=(409,),
        ),
    },
    "subscription": {
        "GET": Operation("Subscriptions", "Tell a subscription", content="subscription"),
        "DELETE": Operation("Subscriptions", "End a subscription", status=204),
    },
    "next_page_token": {
        "DELETE": Operation("Top level", "Give the token of a page back", status=204),
    },
}

TABLE: Final[dict[str, dict[str, Operation]]] = {
    **_CAPTURE,
    **_collection("eventTypes", "eventType"),
    **_collection("epcs", "epc"),
    **_collection("bizSteps", "bizStep"),
    **_collection("bizLocations", "bizLocation"),
    **_collection("readPoints", "readPoint"),
    **_collection("dispositions", "disposition"),
    **_QUERIES,
}
"""By the address's name in the router, and the method."""
