"""EPCIS 2.0 over HTTP, at /epcis/v2/.

Owns: headers, status codes and documents of the standard's REST binding.
Does not own: capture and its rules (capture, core.epcis).

Served here: capture with its jobs, events by ID and by page. EPCs come back in the form in which
they were captured (`GS1-EPC-Format: Never_Translates`), which every answer says.
"""
