"""Change bytes as broken and hostile senders do.

Owns: the changes. Deterministic for a given generator of random numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

LONGEST: Final = 200_000

# What stands where parsers decide.
_TOKENS: Final = [
    token.encode()
    for token in (
        '{ } [ ] " , : null true -0 1e309 -1e-400 9223372036854775808 NaN Infinity \\ud800 '
        '"type":"ObjectEvent" "epcList":[] "@context" "eventTime" "+14:01" "2026-02-30T25:61:61Z" '
        "< > </ /> <!-- --> <![CDATA[ ]]> <?x?> &amp; &lol; &#0; &#x110000; xmlns= xmlns:a= "
        "xsi:type= "
        '<!DOCTYPE <!ENTITY <extension> <EPCList/> <epc> <action>ADD</action> encoding="utf-16" '
        "urn:epc:id:sgtin: urn:epc:idpat:sgtin:*.*.* urn:epc:class:lgtin: https://id.gs1.org/01/ "
        "/21/ /10/ (01) (21) %00 %25 %2F .. * ? # \x00 \x1d \ufeff \ufffe \u202e \U0001f600 批次"
    ).split()
] + [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xff\xfe", b"\x1f\x8b", b" " * 4_000, b"\n"]

_VALUES: Final[list[Any]] = [
    None,
    True,
    0,
    -1,
    2**63,
    1e308,
    "",
    " ",
    "x" * 5_000,
    "\x00",
    "urn:epc:id:sgtin:0614141.107346.2017",
    "https://id.gs1.org/01/00614141073467/21/1",
    [],
    {},
    [[]],
    [None],
    {"a": {}},
    ["a", "a"],
]

type Change = Callable[[bytearray, Random, Sequence[bytes]], None]


def _flip(data: bytearray, random: Random, _seeds: Sequence[bytes]) -> None:
    for _ in range(random.randint(1, 8)):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _cut(data: bytearray, random: Random, _seeds: Sequence[bytes]) -> None:
    start = random.randrange(len(data))
    del data[start : start + random.choice((1, 4, 32, len(data)))]


def _insert(data: bytearray, random: Random, _seeds: Sequence[bytes]) -> None:
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice(_TOKENS)


def _replace(data: bytearray, random: Random, _seeds: Sequence[bytes]) -> None:
    at = random.randrange(len(data))
    token = random.choice(_TOKENS)
    data[at : at + len(token)] = token


def _repeat(data: bytearray, random: Random, _seeds: Sequence[bytes]) -> None:
    start = random.randrange(len(data))
    piece = bytes(data[start : start + random.choice((1, 8, 64, 512))])
    data[start:start] = piece * random.choice((1, 2, 50, 400))


def _splice(data: bytearray, random: Random, seeds: Sequence[bytes]) -> None:
    other = random.choice(seeds)
    start = random.randrange(len(other) or 1)
    at = random.randrange(len(data))
    length = random.choice((8, 64, 1_000))
    data[at : at + length] = other[start : start + length]


def _nest(data: bytearray, random: Random, _seeds: Sequence[bytes]) -> None:
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>")))
    depth = random.choice((2, 100, 3_000))
    at = random.randrange(len(data) + 1)
    data[at:at] = opening * depth + b"1" + closing * depth


def _numbers(data: bytearray, random: Random, _seeds: Sequence[bytes]) -> None:
    digits = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
    if digits:
        at = random.choice(digits)
        data[at : at + 1] = random.choice((b"0" * 30, b"9" * 400, b"-", b".", b"e", b"007"))


_CHANGES: Final[tuple[Change, ...]] = (
    _flip,
    _cut,
    _insert,
    _replace,
    _repeat,
    _splice,
    _nest,
    _numbers,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) of a JSON value."""
    found: list[tuple[Any, Any]] = []
    rest = [value]
    while rest:
        one = rest.pop()
        members = one.items() if isinstance(one, dict) else enumerate(one)
        for key, inner in list(members):
            found.append((one, key))
            if isinstance(inner, dict | list):
                rest.append(inner)
    return found


def _restructured(seed: bytes, random: Random) -> bytes:
    """Change a JSON document that stays JSON; other bytes come back as they are."""
    try:
        value = json.loads(seed)
    except (ValueError, RecursionError):
        return seed
    places = _places(value) if isinstance(value, dict | list) else []
    for _ in range(random.randint(1, 3) if places else 0):
        container, key = random.choice(places)
        act = random.randrange(4)
        try:
            if act == 0:
                del container[key]
            elif act == 1:
                container[key] = random.choice(_VALUES)
            elif act == 2:
                other, name = random.choice(places)
                container[key] = json.loads(json.dumps(other[name]))
            elif isinstance(container, dict):
                container[random.choice(("ext:a", "epcList", "@context", "", "ilmd"))] = container[
                    key
                ]
        except (KeyError, IndexError):
            continue  # an earlier change took the place away
    return json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")


def mutate(seeds: Sequence[bytes], random: Random) -> bytes:
    """Return a seed with some changes, at most `LONGEST` bytes."""
    seed = random.choice(seeds)
    if random.random() < 0.5:
        seed = _restructured(seed, random)
    data = bytearray(seed)
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        if data:
            random.choice(_CHANGES)(data, random, seeds)
    return bytes(data[:LONGEST])
