"""Write SOAP answers and faults.

Owns: the envelopes of both versions around the elements of the standard's schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from suyuan.core.epcis.soap.names import EpcisException, Operation, SoapFault, SoapVersion
from suyuan.core.epcis.xml.names import QUERY_1
from suyuan.core.epcis.xml.values import quoted, text
from suyuan.core.epcis.xml.vocabularies import VocabularyElement, write_vocabularies

_QUERY: Final = f'xmlns:epcisq="{QUERY_1}"'
# Faults of the server; all others are the sender's.
_SERVER: Final = frozenset({EpcisException.IMPLEMENTATION})
_NAMED: Final = frozenset({EpcisException.QUERY_TOO_LARGE, EpcisException.IMPLEMENTATION})


def envelope(version: SoapVersion, content: str) -> bytes:
    """Return a message that holds one element."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soap:Envelope xmlns:soap="{version.value}"><soap:Body>{content}</soap:Body>'
        "</soap:Envelope>"
    ).encode()


def text_answer(operation: Operation, value: str) -> str:
    """Return an answer that is one text."""
    return f"<epcisq:{operation.answer} {_QUERY}>{text(value)}</epcisq:{operation.answer}>"


def list_answer(operation: Operation, values: Iterable[str]) -> str:
    """Return an answer that is a list of texts."""
    inner = "".join(f"<string>{text(value)}</string>" for value in values)
    return f"<epcisq:{operation.answer} {_QUERY}>{inner}</epcisq:{operation.answer}>"


def void_answer(operation: Operation) -> str:
    """Return an answer that says only that it is done."""
    return f"<epcisq:{operation.answer} {_QUERY}/>"


def vocabulary_answer(query: str, elements: Iterable[VocabularyElement]) -> str:
    """Return the results of a query of master data."""
    return (
        f"<epcisq:QueryResults {_QUERY}><queryName>{text(query)}</queryName>"
        f"<resultsBody>{write_vocabularies(elements)}</resultsBody></epcisq:QueryResults>"
    )


def exception_element(fault: SoapFault) -> str:
    """Return the standard's element of an exception."""
    parts = [f"<reason>{text(fault.reason)}</reason>"]
    if fault.exception is EpcisException.IMPLEMENTATION:
        parts.append("<severity>ERROR</severity>")
    if fault.exception in _NAMED:
        parts += [
            f"<{name}>{text(value)}</{name}>"
            for name, value in (("queryName", fault.query), ("subscriptionID", fault.subscription))
            if value
        ]
    name = fault.exception.value
    return f"<epcisq:{name} {_QUERY}>{''.join(parts)}</epcisq:{name}>"


def fault_message(version: SoapVersion, fault: SoapFault) -> bytes:
    """Return the message that tells a fault."""
    detail = exception_element(fault)
    told = f"{fault.exception.value}: {fault.reason}"
    if version is SoapVersion.V1_1:
        content = (
            f"<soap:Fault><faultcode>soap:{_code(fault, 'Client', 'Server')}</faultcode>"
            f"<faultstring>{text(told)}</faultstring><detail>{detail}</detail></soap:Fault>"
        )
    else:
        content = (
            f"<soap:Fault><soap:Code><soap:Value>soap:{_code(fault, 'Sender', 'Receiver')}"
            f"</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang={quoted('en')}>"
            f"{text(told)}</soap:Text></soap:Reason><soap:Detail>{detail}</soap:Detail>"
            "</soap:Fault>"
        )
    return envelope(version, content)


def _code(fault: SoapFault, sender: str, server: str) -> str:
    if fault.header:
        return "MustUnderstand"
    return server if fault.exception in _SERVER else sender
