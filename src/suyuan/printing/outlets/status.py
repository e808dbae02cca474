"""What a printer says of itself when asked.

Owns: the questions (`~HS` of ZPL, `ESC ! ?` of TSPL) and reading their answers.
Source: Zebra, ZPL II Programming Guide, ~HS Host Status Return; TSC, TSPL/TSPL2, <ESC>!?.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ZPL_QUESTION: Final = b"~HS\r\n"
TSPL_QUESTION: Final = b"\x1b!?"
_STRING: Final = re.compile(rb"\x02([^\x02\x03]*)\x03")
_STRINGS: Final = 3
_FIELDS: Final = (12, 11, 2)  # of each of the three strings

# TSPL: one byte; a printer may set several bits at once. The first that is set is told.
_TSPL_BITS: Final = (
    (0x01, "printer_head_open"),
    (0x02, "printer_paper_jam"),
    (0x04, "printer_paper_out"),
    (0x08, "printer_ribbon_out"),
    (0x10, "printer_paused"),
    (0x80, "printer_trouble"),
)
_TSPL_PRINTING: Final = 0x20


class StatusMalformedError(ValueError):
    """What came back is no status."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a printer is.

    Attributes:
        fault: what keeps it from printing, as a code; "" for nothing.
        waiting: labels it has taken in and not printed, as far as it tells.
    """

    fault: str
    waiting: int

    @property
    def idle(self) -> bool:
        """Whether everything that it took in is printed."""
        return not self.fault and not self.waiting


def complete_zpl(answer: bytes) -> bool:
    """Tell whether all three strings of an answer to `~HS` are there."""
    return len(_STRING.findall(answer)) >= _STRINGS


def read_zpl(answer: bytes) -> Status:
    """Read the answer to `~HS`: three strings between STX and ETX.

    Raises:
        StatusMalformedError: it is none.
    """
    strings = _STRING.findall(answer)[:_STRINGS]
    fields = [string.decode("latin-1").split(",") for string in strings]
    if len(fields) < _STRINGS or any(
        len(row) < need for row, need in zip(fields, _FIELDS, strict=True)
    ):
        raise StatusMalformedError
    first, second, _third = fields
    flags = (
        (first[1], "printer_paper_out"),
        (second[2], "printer_head_open"),
        (second[3], "printer_ribbon_out"),
        (first[11], "printer_too_hot"),
        (first[10], "printer_too_cold"),
        (first[9], "printer_trouble"),  # its memory lost its settings
        (first[5], "printer_buffer_full"),
        (first[2], "printer_paused"),
    )
    fault = next((code for flag, code in flags if flag.strip() == "1"), "")
    # Formats in the receive buffer, and labels left of the one in print.
    return Status(fault, _number(first[4]) + _number(second[8]))


def _number(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        raise StatusMalformedError
    return int(text)


def read_tspl(answer: bytes) -> Status:
    """Read the answer to `ESC ! ?`: one byte.

    Raises:
        StatusMalformedError: it is empty.
    """
    if not answer:
        raise StatusMalformedError
    fault = next((code for bit, code in _TSPL_BITS if answer[-1] & bit), "")
    return Status(fault, 1 if answer[-1] & _TSPL_PRINTING else 0)
