"""The management API and EPCIS 2.0 over HTTP."""
