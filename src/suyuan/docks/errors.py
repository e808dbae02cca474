"""What docks refuse."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict


class ReaderCodeTaken(Conflict):
    """Another reader has the code."""

    code = "reader_code_taken"


class ReaderOff(Conflict):
    """The reader was switched off: what it sends is not taken."""

    code = "reader_off"
