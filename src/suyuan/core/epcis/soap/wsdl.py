"""The service's description, and the schema of its messages.

Owns: the WSDL 1.1 text, made from the table of operations. Names, namespaces and messages are
those of GS1's own WSDL, so that clients made from that one work here; events are described as
any elements, for which GS1's schema of EPCIS 1.2 has the types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from suyuan.core.epcis.soap import names
from suyuan.core.epcis.soap.names import ALWAYS, OPERATIONS, EpcisException, Operation
from suyuan.core.epcis.xml.names import NAMESPACE_1, QUERY_1, XSD
from suyuan.core.epcis.xml.values import quoted

_FIELD_TYPES: Final = {
    "params": "epcisq:QueryParams",
    "dest": "xsd:anyURI",
    "controls": "epcisq:SubscriptionControls",
}
_ANSWER_TYPES: Final = {
    "GetQueryNamesResult": "epcisq:ArrayOfString",
    "GetSubscriptionIDsResult": "epcisq:ArrayOfString",
    "SubscribeResult": "epcisq:VoidHolder",
    "UnsubscribeResult": "epcisq:VoidHolder",
    "QueryResults": "epcisq:QueryResults",
    "GetStandardVersionResult": "xsd:string",
    "GetVendorVersionResult": "xsd:string",
}
# More than a reason in the detail (EPCIS 1.2 §11.1).
_DETAILS: Final = {
    EpcisException.QUERY_TOO_LARGE: (
        '<xsd:element name="queryName" type="xsd:string" minOccurs="0"/>'
        '<xsd:element name="subscriptionID" type="xsd:string" minOccurs="0"/>'
    ),
    EpcisException.IMPLEMENTATION: (
        '<xsd:element name="severity" type="xsd:NCName"/>'
        '<xsd:element name="queryName" type="xsd:string" minOccurs="0"/>'
        '<xsd:element name="subscriptionID" type="xsd:string" minOccurs="0"/>'
    ),
}
_OTHERS: Final = (
    '<xsd:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
)

_EVENTS_SCHEMA: Final = f"""\
<xsd:schema targetNamespace="{NAMESPACE_1}" xmlns:epcis="{NAMESPACE_1}"
 elementFormDefault="unqualified">
<xsd:complexType name="EventListType"><xsd:sequence>
<xsd:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
</xsd:sequence></xsd:complexType>
<xsd:complexType name="VocabularyListType"><xsd:sequence>
<xsd:element name="Vocabulary" type="epcis:VocabularyType" minOccurs="0" maxOccurs="unbounded"/>
</xsd:sequence></xsd:complexType>
<xsd:complexType name="VocabularyType"><xsd:sequence>
<xsd:element name="VocabularyElementList" type="epcis:VocabularyElementListType" minOccurs="0"/>
</xsd:sequence><xsd:attribute name="type" type="xsd:anyURI" use="required"/></xsd:complexType>
<xsd:complexType name="VocabularyElementListType"><xsd:sequence>
<xsd:element name="VocabularyElement" type="epcis:VocabularyElementType" maxOccurs="unbounded"/>
</xsd:sequence></xsd:complexType>
<xsd:complexType name="VocabularyElementType"><xsd:sequence>
<xsd:element name="attribute" type="epcis:AttributeType" minOccurs="0" maxOccurs="unbounded"/>
<xsd:element name="children" type="epcis:IDListType" minOccurs="0"/>
</xsd:sequence><xsd:attribute name="id" type="xsd:anyURI" use="required"/></xsd:complexType>
<xsd:complexType name="AttributeType"><xsd:simpleContent><xsd:extension base="xsd:string">
<xsd:attribute name="id" type="xsd:anyURI" use="required"/>
</xsd:extension></xsd:simpleContent></xsd:complexType>
<xsd:complexType name="IDListType"><xsd:sequence>
<xsd:element name="id" type="xsd:anyURI" minOccurs="0" maxOccurs="unbounded"/>
</xsd:sequence></xsd:complexType>
</xsd:schema>"""

_SHARED_TYPES: Final = f"""\
<xsd:complexType name="EmptyParms"/>
<xsd:complexType name="VoidHolder"><xsd:sequence/></xsd:complexType>
<xsd:element name="VoidHolder" type="epcisq:VoidHolder"/>
<xsd:complexType name="ArrayOfString"><xsd:sequence>
<xsd:element name="string" type="xsd:string" minOccurs="0" maxOccurs="unbounded"/>
</xsd:sequence></xsd:complexType>
<xsd:complexType name="QueryParams"><xsd:sequence>
<xsd:element name="param" type="epcisq:QueryParam" minOccurs="0" maxOccurs="unbounded"/>
</xsd:sequence></xsd:complexType>
<xsd:complexType name="QueryParam"><xsd:sequence>
<xsd:element name="name" type="xsd:string"/><xsd:element name="value" type="xsd:anyType"/>
</xsd:sequence></xsd:complexType>
<xsd:complexType name="SubscriptionControls"><xsd:sequence>
<xsd:element name="schedule" type="epcisq:QuerySchedule" minOccurs="0"/>
<xsd:element name="trigger" type="xsd:anyURI" minOccurs="0"/>
<xsd:element name="initialRecordTime" type="xsd:dateTime" minOccurs="0"/>
<xsd:element name="reportIfEmpty" type="xsd:boolean"/>{_OTHERS}
</xsd:sequence></xsd:complexType>
<xsd:complexType name="QuerySchedule"><xsd:sequence>
{
    "".join(
        f'<xsd:element name="{name}" type="xsd:string" minOccurs="0"/>'
        for name in names.SCHEDULE_FIELDS
    )
}{_OTHERS}
</xsd:sequence></xsd:complexType>
<xsd:complexType name="QueryResults"><xsd:sequence>
<xsd:element name="queryName" type="xsd:string"/>
<xsd:element name="subscriptionID" type="xsd:string" minOccurs="0"/>
<xsd:element name="resultsBody" type="epcisq:QueryResultsBody"/>{_OTHERS}
</xsd:sequence></xsd:complexType>
<xsd:complexType name="QueryResultsBody"><xsd:choice>
<xsd:element name="EventList" type="epcis:EventListType"/>
<xsd:element name="VocabularyList" type="epcis:VocabularyListType"/>
</xsd:choice></xsd:complexType>
<xsd:complexType name="EPCISException"><xsd:sequence>
<xsd:element name="reason" type="xsd:string"/>
</xsd:sequence></xsd:complexType>"""


def wsdl(address: str) -> bytes:
    """Return the WSDL of the service at an address."""
    return "\n".join(_definitions(address)).encode()


def _definitions(address: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<wsdl:definitions name="EPCISService" targetNamespace="{names.SERVICE}"'
        f' xmlns:impl="{names.SERVICE}" xmlns:epcisq="{QUERY_1}" xmlns:wsdl="{names.WSDL}"'
        f' xmlns:wsdlsoap="{names.WSDL_SOAP}" xmlns:xsd="{XSD}">'
    )
    yield f"<wsdl:types>{_EVENTS_SCHEMA}"
    yield from _query_schema()
    yield "</wsdl:types>"
    for operation in OPERATIONS.values():
        yield _message(f"{operation.name}Request", "parms", operation.element)
        yield _message(f"{operation.name}Response", f"{operation.name}Return", operation.answer)
    for exception in EpcisException:
        yield _message(f"{exception.value}Response", "fault", exception.value)
    yield '<wsdl:portType name="EPCISServicePortType">'
    yield from (_port_operation(one) for one in OPERATIONS.values())
    yield '</wsdl:portType><wsdl:binding name="EPCISServiceBinding"'
    yield ' type="impl:EPCISServicePortType">'
    yield f'<wsdlsoap:binding style="document" transport="{names.HTTP_TRANSPORT}"/>'
    yield from (_bound_operation(one) for one in OPERATIONS.values())
    yield '</wsdl:binding><wsdl:service name="EPCglobalEPCISService">'
    yield '<wsdl:port name="EPCglobalEPCISServicePort" binding="impl:EPCISServiceBinding">'
    yield f"<wsdlsoap:address location={quoted(address)}/>"
    yield "</wsdl:port></wsdl:service></wsdl:definitions>"


def _query_schema() -> Iterator[str]:
    yield (
        f'<xsd:schema targetNamespace="{QUERY_1}" xmlns:epcis="{NAMESPACE_1}"'
        ' elementFormDefault="unqualified">'
    )
    yield f'<xsd:import namespace="{NAMESPACE_1}"/>'
    yield _SHARED_TYPES
    for operation in OPERATIONS.values():
        kind = f"epcisq:{operation.element}" if operation.fields else "epcisq:EmptyParms"
        yield f'<xsd:element name="{operation.element}" type="{kind}"/>'
        if operation.fields:
            parts = "".join(
                f'<xsd:element name="{name}" type="{_FIELD_TYPES.get(name, "xsd:string")}"/>'
                for name in operation.fields
            )
            yield _complex(operation.element, parts)
        yield f'<xsd:element name="{operation.answer}" type="{_ANSWER_TYPES[operation.answer]}"/>'
    for exception in EpcisException:
        name = exception.value
        yield f'<xsd:element name="{name}" type="epcisq:{name}"/>'
        yield (
            f'<xsd:complexType name="{name}"><xsd:complexContent>'
            '<xsd:extension base="epcisq:EPCISException">'
            f"<xsd:sequence>{_DETAILS.get(exception, '')}</xsd:sequence>"
            "</xsd:extension></xsd:complexContent></xsd:complexType>"
        )
    yield "</xsd:schema>"


def _complex(name: str, parts: str) -> str:
    return f'<xsd:complexType name="{name}"><xsd:sequence>{parts}</xsd:sequence></xsd:complexType>'


def _message(name: str, part: str, element: str) -> str:
    return (
        f'<wsdl:message name="{name}"><wsdl:part name="{part}" element="epcisq:{element}"/>'
        "</wsdl:message>"
    )


def _exceptions(operation: Operation) -> tuple[str, ...]:
    return tuple(one.value for one in (*operation.exceptions, *ALWAYS))


def _port_operation(operation: Operation) -> str:
    name = operation.name
    faults = "".join(
        f'<wsdl:fault message="impl:{one}Response" name="{one}Fault"/>'
        for one in _exceptions(operation)
    )
    return (
        f'<wsdl:operation name="{name}">'
        f'<wsdl:input message="impl:{name}Request" name="{name}Request"/>'
        f'<wsdl:output message="impl:{name}Response" name="{name}Response"/>'
        f"{faults}</wsdl:operation>"
    )


def _bound_operation(operation: Operation) -> str:
    name = operation.name
    body = '<wsdlsoap:body use="literal"/>'
    faults = "".join(
        f'<wsdl:fault name="{one}Fault"><wsdlsoap:fault name="{one}Fault" use="literal"/>'
        "</wsdl:fault>"
        for one in _exceptions(operation)
    )
    return (
        f'<wsdl:operation name="{name}"><wsdlsoap:operation soapAction=""/>'
        f'<wsdl:input name="{name}Request">{body}</wsdl:input>'
        f'<wsdl:output name="{name}Response">{body}</wsdl:output>{faults}</wsdl:operation>'
    )
