"""Example programs, as a page shows them.

Owns: which languages there are, the address put in place of the example's.
Does not own: the programs (`examples/`), which tests run as they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "examples"
_ADDRESS: Final = "https://suyuan.example"


@dataclass(frozen=True, slots=True)
class Program:
    """An example program.

    Attributes:
        name: as addresses say it.
        label: the language's own name.
        file: what to save it as.
        needs: what it runs on, without any package.
    """

    name: str
    label: str
    file: str
    needs: str


PROGRAMS: Final = (
    Program("curl", "curl", "capture.sh", "curl 7.84+"),
    Program("python", "Python", "capture.py", "Python 3.8+"),
    Program("java", "Java", "Capture.java", "Java 11+"),
    Program("javascript", "JavaScript", "capture.mjs", "Node.js 18+"),
)


def program(name: str) -> Program:
    """Return a program; an unknown name gets the first."""
    return next((one for one in PROGRAMS if one.name == name), PROGRAMS[0])


def source(one: Program, address: str) -> str:
    """Return a program's text for an installation at `address`."""
    return _text(one.file).replace(_ADDRESS, address)


@cache
def _text(file: str) -> str:
    return (_FOLDER / file).read_text(encoding="utf-8")
