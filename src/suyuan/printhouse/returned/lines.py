"""The lines of a returned list: what each says of which codes.

Owns: headings and words that print houses use, in Chinese and in English.
Does not own: whether the codes are the package's (matching).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from suyuan.kernel.errors import Invalid
from suyuan.kernel.spreadsheets import Table
from suyuan.printhouse.returned.findings import Finding

type Status = Literal["used", "spoiled"]

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_GIVEN: Final = 60  # characters of a line that a finding repeats

_HEADINGS: Final[Mapping[str, frozenset[str]]] = {
    "code": frozenset(
        "编码 码 序列号 链接 二维码 防伪码 code serial link url serialnumber".split()
    ),
    "status": frozenset("状态 结果 处理 使用情况 status state result".split()),
    "from": frozenset("起始序号 起始 起 序号 from first start sequence".split()),
    "to": frozenset("结束序号 结束 止 to last end".split()),
    "roll": frozenset("卷号 卷 roll rollno rollnumber".split()),
    "used": frozenset("使用数 使用数量 已用数 已用数量 used usedcount good".split()),
    "spoiled": frozenset(
        "作废数 作废数量 损耗数 损耗数量 报废数 报废数量 spoiled spoiledcount waste".split()
    ),
}
_STATUSES: Final[Mapping[str, Status]] = {
    **dict.fromkeys("使用 已使用 已用 用 正常 良品 合格 used ok good printed u".split(), "used"),
    **dict.fromkeys(
        "作废 已作废 报废 废 废品 损坏 损耗 印坏 spoiled waste void damaged bad s".split(),
        "spoiled",
    ),
}


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code, by its serial or link."""

    line: int
    text: str
    status: Status


@dataclass(frozen=True, slots=True)
class SpanLine:
    """Sequences of the package, from 1, both included."""

    line: int
    first: int
    last: int
    status: Status


@dataclass(frozen=True, slots=True)
class RollLine:
    """A whole roll of one status."""

    line: int
    roll: int
    status: Status


@dataclass(frozen=True, slots=True)
class CountLine:
    """How many of a roll's codes were used and how many spoiled."""

    line: int
    roll: int
    used: int
    spoiled: int


type Line = CodeLine | SpanLine | RollLine | CountLine


class _Refused(Exception):
    def __init__(self, code: str, given: str) -> None:
        super().__init__(code, given)
        self.code = code
        self.given = given


def read(table: Table, *, default: Status | None = None) -> Iterator[Line | Finding]:
    """Yield what the lines of a list say; a finding for one that says nothing.

    Args:
        table: The file's first sheet.
        default: What a line without a status means; None refuses it.

    Raises:
        Invalid: `return_columns`: no heading names codes, sequences or rolls.
    """
    columns = _columns(table.headings)
    if not columns.keys() & {"code", "from", "roll"}:
        raise Invalid(
            "return_columns", place="row 1", given=", ".join(table.headings)[: 2 * _GIVEN]
        )
    for number, cells in table.rows:
        texts = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        try:
            yield _line(number, texts, default)
        except _Refused as refusal:
            yield Finding(number, refusal.code, refusal.given[:_GIVEN], {})


def _columns(headings: tuple[str, ...]) -> dict[str, int]:
    """Return where each known column is; others, such as a date or a machine, are passed over."""
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        word = _folded(heading)
        for name, known in _HEADINGS.items():
            if word in known:
                found.setdefault(name, at)
    return found


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def _line(number: int, texts: dict[str, str], default: Status | None) -> Line:
    if code := texts.get("code", ""):
        return CodeLine(number, code, _status(texts, default))
    if texts.get("from", ""):
        first = _number(texts["from"])
        last = _number(texts["to"]) if texts.get("to", "") else first
        return SpanLine(number, first, last, _status(texts, default))
    if texts.get("roll", ""):
        roll = _number(texts["roll"])
        used, spoiled = texts.get("used", ""), texts.get("spoiled", "")
        if used or spoiled:
            return CountLine(number, roll, _number(used or "0"), _number(spoiled or "0"))
        return RollLine(number, roll, _status(texts, default))
    raise _Refused("line_empty", " ".join(filter(None, texts.values())))


def _status(texts: dict[str, str], default: Status | None) -> Status:
    given = texts.get("status", "")
    if not given:
        if default is None:
            raise _Refused("status_missing", texts.get("code") or texts.get("from") or "")
        return default
    status = _known_status(given)
    if status is None:
        raise _Refused("status_unknown", given)
    return status


@lru_cache(maxsize=256)  # a list says the same few words on every line
def _known_status(text: str) -> Status | None:
    return _STATUSES.get(_folded(text))


def _number(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not _NUMBER.fullmatch(plain):
        raise _Refused("count_malformed", text)
    return int(plain)
