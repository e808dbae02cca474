"""EPCIS 2.0 over HTTP, at /epcis/v2/, and 1.2 by SOAP, at /epcis/v1/.

Owns: headers, status codes and documents of the standard's bindings.
Does not own: capture and its rules (capture, core.epcis), what a query finds (capture.queries).

Identifiers come back as Digital Links, unless `GS1-EPC-Format` asks for another form.
"""
