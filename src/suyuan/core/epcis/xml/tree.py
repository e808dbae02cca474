"""A small XML document as a tree, read safely.

Owns: what is refused before anything else looks at it. Documents of events are streams and have
their own reader (`read`); this is for envelopes and the like.
Invariant: nothing outside the document is opened, there is no document type, so no entity either;
depth (256) and the length of a text (10 MB) are bounded by the parser, size by the caller.
"""

from __future__ import annotations

import io
from typing import Final

from lxml import etree

from suyuan.core.epcis.errors import DocumentError, Fault, shown

MOST_BYTES: Final = 2_000_000


def read_tree(body: bytes, *, most: int = MOST_BYTES) -> etree._Element:
    """Return the root of an XML document.

    Raises:
        DocumentError: `xml_too_large`, `xml_doctype` or `xml_malformed`.
    """
    if len(body) > most:
        raise DocumentError([Fault("xml_too_large", "", {"most": str(most)})])
    context = etree.iterparse(
        io.BytesIO(body),
        events=("start",),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = None
    try:
        for _, element in context:
            if root is None:  # a document type stands before the root
                root = element
                if root.getroottree().docinfo.internalDTD is not None:
                    raise DocumentError([Fault("xml_doctype", "")])
    except etree.XMLSyntaxError as error:
        line, column = error.position
        data = {"detail": shown(error.msg), "line": str(line), "column": str(column)}
        raise DocumentError([Fault("xml_malformed", f"line {line}", data)]) from None
    assert root is not None  # noqa: S101 - a document without a root is malformed
    return root
