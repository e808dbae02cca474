"""The query interface of EPCIS 1.2 as SOAP messages.

Owns: the operations, exceptions and messages of the standard's WSDL; safe reading of requests,
writing of answers and faults, the WSDL with its schema.
Does not own: what the operations do (api.epcis.soap), how events look in XML (core.epcis.xml).

Sources: EPCIS 1.2 §8.2 (the interface) and §11.2 (its SOAP binding), SOAP 1.1, SOAP 1.2.
"""
