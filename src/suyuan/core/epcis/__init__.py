"""EPCIS 2.0 and CBV 2.0: events as values, read from JSON-LD or XML and written back.

Owns: the standard's words, shapes and rules; the compact form of a stored event.
Does not own: which events there are (capture), what follows from them (lineage).
"""

from suyuan.core.epcis.errors import DocumentError, Fault
from suyuan.core.epcis.event import Document, Event, Role
from suyuan.core.epcis.read import Media, read_document, read_event
from suyuan.core.epcis.vocabulary import Action, EventType

__all__ = [
    "Action",
    "Document",
    "DocumentError",
    "Event",
    "EventType",
    "Fault",
    "Media",
    "Role",
    "read_document",
    "read_event",
]
