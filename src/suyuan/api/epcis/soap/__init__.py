"""EPCIS 1.2 over HTTP, at /epcis/v1/: the SOAP query interface, and capture of XML.

Owns: which service or selector each operation asks, and how refusals become the standard's
exceptions.
Does not own: messages and their schema (core.epcis.soap).

    POST /epcis/v1/query         the operations of EPCIS 1.2 §8.2.5
    GET  /epcis/v1/query?wsdl    the service's description, for everyone
    POST /epcis/v1/capture       documents of EPCIS 1.2 (2.0 is taken too)

A token is sent as `Authorization: Bearer syn_…`, or as the password of `Basic`, which is all that
many SOAP clients can send; the user's name does not matter then.
"""
