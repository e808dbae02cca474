"""The description of the EPCIS 2.0 interface as OpenAPI, served with a page that shows it.

Owns: texts, schemas and examples; the document is made of them and of the router's own table, so
that it names each address, each method and each right as they are.

    GET /epcis/v2/openapi.json   the document
    GET /epcis/v2/docs           the page
"""
