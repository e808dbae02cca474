"""Write a PDF file front to back, keeping only where its objects begin.

Owns: objects, streams, the tree of pages, the cross-reference table.
Does not own: what stands on a page.
Invariant: memory grows by eight bytes an object and four a page, whatever pages hold.
Source: ISO 32000-1 §7.5 (file structure), §7.7.3 (page tree).
"""

from __future__ import annotations

import zlib
from array import array
from functools import lru_cache
from typing import Final, Protocol

PAGES_A_NODE: Final = 512
_PLACES: Final = 4_096  # rows of the table written at once
_LEVEL: Final = 6


class Sink(Protocol):
    """What bytes are written to: any binary file object, or an HTTP response."""

    def write(self, data: bytes, /) -> object:
        """Take the bytes."""
        ...


class PdfFile:
    """A PDF that is being written; its pages share one size and one set of resources.

    Attributes:
        pages: how many are written.
        resources: number of the object that names fonts, forms and pictures; written last.
    """

    def __init__(self, out: Sink, width: float, height: float) -> None:
        """Begin the file.

        Args:
            out: where it goes.
            width: of each page, in points.
            height: of each page, in points.
        """
        self._out = out
        self._at = 0
        self._starts = array("Q")
        self._nodes = array("I")
        self._kids = array("I")
        self._node = 0
        self.pages = 0
        self._put(b"%PDF-1.5\n%\xe6\xba\xaf\xe6\xba\x90\n")
        self._catalog, self._root, self.resources = (self.reserve() for _ in range(3))
        self._box = f"[0 0 {number(width)} {number(height)}]"

    def reserve(self) -> int:
        """Return the number of an object that is written later."""
        self._starts.append(0)
        return len(self._starts)

    def add(self, body: str, at: int = 0) -> int:
        """Write an object and return its number."""
        return self._write(body.encode("latin-1"), at)

    def stream(self, data: bytes, entries: str = "", *, at: int = 0) -> int:
        """Write a compressed stream with more entries in its dictionary; return its number."""
        packed = zlib.compress(data, _LEVEL)
        head = f"<<{entries}/Filter/FlateDecode/Length {len(packed)}>>stream\n"
        return self._write(b"".join((head.encode("latin-1"), packed, b"\nendstream")), at)

    def page(self, content: bytes) -> None:
        """Write a page that shows `content`."""
        shown = self.stream(content)
        if not self._kids:
            self._node = self.reserve()
        self._kids.append(self.add(f"<</Type/Page/Parent {self._node} 0 R/Contents {shown} 0 R>>"))
        self.pages += 1
        if len(self._kids) == PAGES_A_NODE:
            self._close_node()

    def finish(self, resources: str, title: str) -> None:
        """Write what pages share, the tree, and the table; the file is then whole.

        Args:
            resources: the inside of the pages' resource dictionary.
            title: as readers show it.
        """
        if self._kids:
            self._close_node()
        nodes = " ".join(f"{node} 0 R" for node in self._nodes)
        self.add(f"<<{resources}>>", self.resources)
        self.add(
            f"<</Type/Pages/Count {self.pages}/Kids[{nodes}]/MediaBox{self._box}"
            f"/Resources {self.resources} 0 R>>",
            self._root,
        )
        self.add(
            f"<</Type/Catalog/Pages {self._root} 0 R/Lang(zh-CN)"
            "/ViewerPreferences<</PrintScaling/None/DisplayDocTitle true>>>>",
            self._catalog,
        )
        info = self.add(f"<</Title {text_string(title)}/Producer(Suyuan)>>")
        self._table(info)

    def _close_node(self) -> None:
        kids = " ".join(f"{kid} 0 R" for kid in self._kids)
        self.add(
            f"<</Type/Pages/Parent {self._root} 0 R/Count {len(self._kids)}/Kids[{kids}]>>",
            self._node,
        )
        self._nodes.append(self._node)
        del self._kids[:]

    def _write(self, body: bytes, at: int) -> int:
        at = at or self.reserve()
        self._starts[at - 1] = self._at
        self._put(b"%d 0 obj\n%b\nendobj\n" % (at, body))
        return at

    def _table(self, info: int) -> None:
        start, size = self._at, len(self._starts) + 1
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for first in range(0, len(self._starts), _PLACES):
            rows = self._starts[first : first + _PLACES]
            self._put(b"".join([b"%010d 00000 n \n" % place for place in rows]))
        trailer = f"trailer\n<</Size {size}/Root {self._catalog} 0 R/Info {info} 0 R>>"
        self._put(f"{trailer}\nstartxref\n{start}\n%%EOF\n".encode())

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


@lru_cache(maxsize=8_192)  # a sheet repeats its few hundred positions
def number(value: float) -> str:
    """Write a number to a thousandth of a point, without needless zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def text_string(text: str) -> str:
    """Write a text that is no part of a page, such as a title."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
