"""What each operation of the query interface does.

Owns: the table of operations, and how much one answer may hold: the interface knows no pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Final

from django.utils import translation

from suyuan.capture.documents import Wanted, results_element, translator
from suyuan.capture.queries import run_query
from suyuan.capture.selectors import StoredDocument
from suyuan.core.epcis import DocumentError
from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.query import EventQuery, QueryError, read_query
from suyuan.core.epcis.soap.names import EVENT_QUERY, MASTERDATA_QUERY, EpcisException, SoapFault
from suyuan.core.epcis.soap.read import Call, Value
from suyuan.core.epcis.soap.read import Controls as SoapControls
from suyuan.core.epcis.soap.write import list_answer, text_answer, vocabulary_answer, void_answer
from suyuan.core.epcis.vocabulary_query import read_vocabulary_query
from suyuan.core.epcis.xml import XmlVersion
from suyuan.masterdata.vocabularies import vocabulary_elements
from suyuan.partners.selectors import view_of
from suyuan.subscriptions.controls import Controls, read_controls
from suyuan.subscriptions.selectors import named_queries, named_query, subscriptions
from suyuan.subscriptions.services import subscribe, unsubscribe
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

MOST_EVENTS: Final = 10_000
"""Events in one answer; who asks for more is told that the query is too large."""

_PAGE: Final = 1_000
_MOST_PAGES: Final = 50  # a page may end early, when it has looked at as much as it may
_TOLD: Final = Wanted("xml", XmlVersion.V1_2, EpcFormat.URN, web_uris=False)


def perform(actor: Actor, call: Call) -> str:
    """Return the element that answers a call.

    Raises:
        SoapFault: the standard's own refusals.
        SuyuanError: those of services and selectors.
        DocumentError: likewise.
    """
    return _OPERATIONS[call.operation.element](actor, call)


def _query_names(actor: Actor, call: Call) -> str:
    own = [EVENT_QUERY]
    if actor.may(Right.MASTERDATA_VIEW):
        own.append(MASTERDATA_QUERY)
    stored = named_queries(actor).values_list("name", flat=True)
    return list_answer(call.operation, [*own, *stored])


def _standard_version(_actor: Actor, call: Call) -> str:
    return text_answer(call.operation, "1.2")


def _vendor_version(_actor: Actor, call: Call) -> str:
    """Name our version: answers hold more than 1.2 has, in the namespace of 2.0."""
    return text_answer(call.operation, f"urn:suyuan:version:{version('suyuan')}")


def _poll(actor: Actor, call: Call) -> str:
    name = call.texts["queryName"]
    if name == MASTERDATA_QUERY:
        return _master_data(actor, call)
    found = _events(actor, _query(actor, name, call), name)
    return results_element(actor.organisation_id, found, query=name)


def _query(actor: Actor, name: str, call: Call) -> EventQuery:
    if name == EVENT_QUERY:
        return read_query(_pairs(call))
    stored = named_query(actor, name).query
    if call.params:
        reason = f"query_parameter: {name} was stored with its parameters and takes no others"
        raise SoapFault(EpcisException.QUERY_PARAMETER, reason)
    return read_query(stored.items())


def _pairs(call: Call) -> list[tuple[str, object]]:
    return [(name, _value(value)) for name, value in call.params]


def _value(value: Value) -> object:
    """Return a value as `read_query` takes it, which reads a bar in a text as a separator."""
    return [value] if isinstance(value, str) and "|" in value else value


def _events(actor: Actor, query: EventQuery, name: str) -> list[StoredDocument]:
    """Return all events of a query, or refuse it as too large."""
    view = view_of(actor)
    found: list[StoredDocument] = []
    after = None
    for _ in range(_MOST_PAGES):
        page = run_query(actor.organisation_id, query, view=view, after=after, limit=_PAGE)
        found += page.documents
        after = page.next
        if after is None or len(found) > MOST_EVENTS:
            break
    if after is not None or len(found) > MOST_EVENTS:
        reason = f"query_too_large (most: {MOST_EVENTS}): narrow it, or give an eventCountLimit"
        raise SoapFault(EpcisException.QUERY_TOO_LARGE, reason, query=name)
    return found


def _master_data(actor: Actor, call: Call) -> str:
    actor.require(Right.MASTERDATA_VIEW)
    try:
        query = read_vocabulary_query(call.params)
    except DocumentError as error:
        raise QueryError(error.faults) from None
    language = translation.get_language() or "zh-hans"
    found = vocabulary_elements(actor.organisation_id, query, language=language)
    writer = translator(actor.organisation_id, EpcFormat.URN)
    told = (
        replace(one, id=writer.text(one.id), children=tuple(map(writer.text, one.children)))
        for one in found
    )
    return vocabulary_answer(MASTERDATA_QUERY, told)


def _subscribe(actor: Actor, call: Call) -> str:
    name, identifier = call.texts["queryName"], call.texts["subscriptionID"]
    assert call.controls is not None  # noqa: S101 - a field of this operation
    controls = _controls(call.controls)
    if name == MASTERDATA_QUERY:
        reason = f"subscribe_not_permitted: {MASTERDATA_QUERY} is answered when it is asked"
        raise SoapFault(EpcisException.SUBSCRIBE_NOT_PERMITTED, reason)
    query = dict(_pairs(call)) if name == EVENT_QUERY else None
    if query is None and call.params:
        _query(actor, name, call)  # refuses parameters
    subscribe(
        actor=actor,
        query_name=name,
        query=query,
        dest=call.texts["dest"],
        name=identifier,
        schedule=controls.schedule,
        report_if_empty=controls.report_if_empty,
        initial_record_time=controls.initial_record_time,
        how=_TOLD,
    )
    return void_answer(call.operation)


def _controls(given: SoapControls) -> Controls:
    """Return when to tell what; there is no trigger here that could stand for a schedule."""
    if given.trigger:
        reason = "subscription_controls: a schedule is needed, and no trigger is known here"
        raise SoapFault(EpcisException.SUBSCRIPTION_CONTROLS, reason)
    told: dict[str, object] = {
        "reportIfEmpty": given.report_if_empty,
        "initialRecordTime": given.initial_record_time,
    }
    if given.schedule is not None:
        told["schedule"] = dict(given.schedule)
    return read_controls(told.items())


def _unsubscribe(actor: Actor, call: Call) -> str:
    unsubscribe(actor=actor, name=call.texts["subscriptionID"])
    return void_answer(call.operation)


def _subscription_ids(actor: Actor, call: Call) -> str:
    name = call.texts["queryName"]
    if name not in {EVENT_QUERY, MASTERDATA_QUERY}:
        named_query(actor, name)
    return list_answer(call.operation, subscriptions(actor, name).values_list("name", flat=True))


_OPERATIONS: Final[Mapping[str, Callable[[Actor, Call], str]]] = {
    "GetQueryNames": _query_names,
    "GetStandardVersion": _standard_version,
    "GetVendorVersion": _vendor_version,
    "Poll": _poll,
    "Subscribe": _subscribe,
    "Unsubscribe": _unsubscribe,
    "GetSubscriptionIDs": _subscription_ids,
}
