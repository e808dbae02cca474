"""Characters in bits: the encoding methods of the standard for serials and references.

Source: TDS 2.3, §14.3 and §14.4 for 7-bit and 6-bit strings, §14.5.5 and §14.5.6 with tables E, B,
14-7 and 14-8 for the variable-length methods of release 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from suyuan.core.identifiers.binary.bits import BitReader, BitWriter
from suyuan.core.identifiers.charset import is_digits
from suyuan.core.identifiers.errors import IdentifierError

INDICATOR_BITS: Final = 3
LENGTH_BITS: Final = 5  # of the length indicator of texts up to 30 characters
NUMERIC_LENGTH_BITS: Final = 4  # of digits without an encoding indicator, up to 12
_SEVEN: Final = 7
_SIX: Final = 6
_NIBBLE: Final = 4
_DELIMITER, _TERMINATOR = 0xE, 0xF
CODE_40: Final = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789"  # the place is the value
CODE_40_GROUP: Final = 3
CODE_40_BITS: Final = 16
BASE_64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def digit_bits(digits: int) -> int:
    """Return the bits that hold any number of so many decimal digits."""
    return int(10**digits - 1).bit_length()


def _unreadable(method: str) -> IdentifierError:
    return IdentifierError("tag_text", {"method": method})


def put_seven(writer: BitWriter, text: str, bits: int) -> None:
    """Write ASCII characters in 7 bits each, zeros after the last; the caller knows they fit."""
    start = writer.length
    for character in text:
        writer.put(ord(character), _SEVEN)
    writer.put(0, bits - (writer.length - start))


def take_seven(reader: BitReader, bits: int) -> str:
    """Read what `put_seven` wrote.

    Raises:
        IdentifierError: ``tag_text`` for a character after the end.
    """
    codes = [reader.take(_SEVEN) for _ in range(bits // _SEVEN)]
    spare = reader.take(bits % _SEVEN)
    end = codes.index(0) if 0 in codes else len(codes)
    if spare or any(codes[end:]):
        raise _unreadable("7-bit")
    return bytes(codes[:end]).decode("ascii")


def put_six(writer: BitWriter, text: str) -> None:
    """Write characters of a part number in 6 bits each, and a zero after them."""
    for character in text:
        writer.put(ord(character) & 0x3F, _SIX)
    writer.put(0, _SIX)


def take_six(reader: BitReader, longest: int) -> str:
    """Read what `put_six` wrote: at most `longest` characters.

    Raises:
        IdentifierError: ``tag_text`` or ``tag_truncated``.
    """
    found: list[str] = []
    while code := reader.take(_SIX):
        if len(found) == longest:
            raise _unreadable("6-bit")
        found.append(chr(code if code & 0x20 else code | 0x40))
    return "".join(found)


def put_digits(writer: BitWriter, digits: str) -> None:
    """Write digits in four bits each."""
    for digit in digits:
        writer.put(ord(digit) - 48, _NIBBLE)


def take_digits(reader: BitReader, count: int) -> str:
    """Read `count` digits of four bits each.

    Raises:
        IdentifierError: ``tag_text`` or ``tag_truncated``.
    """
    text = f"{reader.take(_NIBBLE * count):0{count}X}"
    if not is_digits(text):
        raise _unreadable("digits")
    return text


def put_number(writer: BitWriter, digits: str, length_bits: int) -> None:
    """Write how many digits there are, and their number."""
    writer.put(len(digits), length_bits)
    writer.put(int(digits), digit_bits(len(digits)))


def take_number(reader: BitReader, length_bits: int, longest: int) -> str:
    """Read what `put_number` wrote.

    Raises:
        IdentifierError: ``tag_encoding``, ``tag_text`` or ``tag_truncated``.
    """
    length = _length(reader, length_bits, longest)
    return _integer(reader, length)


def _length(reader: BitReader, bits: int, longest: int) -> int:
    length = reader.take(bits)
    if not 0 < length <= longest:
        raise IdentifierError("tag_encoding", {"length": str(length), "longest": str(longest)})
    return length


def put_delimited(writer: BitWriter, text: str) -> None:
    """Write the digits that `text` begins with, and the rest by the shortest method."""
    end = next((i for i, character in enumerate(text) if not is_digits(character)), len(text))
    put_digits(writer, text[:end])
    if end == len(text):
        writer.put(_TERMINATOR, _NIBBLE)
    else:
        writer.put(_DELIMITER, _NIBBLE)
        put_text(writer, text[end:])


def take_delimited(reader: BitReader, longest: int) -> str:
    """Read what `put_delimited` wrote.

    Raises:
        IdentifierError: ``tag_encoding``, ``tag_text`` or ``tag_truncated``.
    """
    digits = ""
    while (code := reader.take(_NIBBLE)) < 10:
        digits += str(code)
        if len(digits) > longest:
            raise _unreadable("delimited")
    if code == _TERMINATOR:
        return digits
    if code != _DELIMITER or len(digits) == longest:
        raise _unreadable("delimited")
    return digits + take_text(reader, longest - len(digits))


# ---------------------------------------------------------------- the methods of table E


@dataclass(frozen=True, slots=True)
class Method:
    """A row of table E.

    Attributes:
        indicator: Its number.
        fits: Which texts it can hold.
        bits: How many bits a text of a length takes.
        put: Writes a text that fits.
        take: Reads so many characters; raises ``tag_text``.
    """

    indicator: int
    fits: re.Pattern[str]
    bits: Callable[[int], int]
    put: Callable[[BitWriter, str], None]
    take: Callable[[BitReader, int], str]


def _integer(reader: BitReader, length: int) -> str:
    text = f"{reader.take(digit_bits(length)):0{length}}"
    if len(text) > length:
        raise _unreadable("numeric")
    return text


def _put_integer(writer: BitWriter, text: str) -> None:
    writer.put(int(text), digit_bits(len(text)))


def _put_hex(writer: BitWriter, text: str) -> None:
    writer.put(int(text, 16), _NIBBLE * len(text))


def _upper_hex(reader: BitReader, length: int) -> str:
    return f"{reader.take(_NIBBLE * length):0{length}X}"


def _lower_hex(reader: BitReader, length: int) -> str:
    return f"{reader.take(_NIBBLE * length):0{length}x}"


def _put_base_64(writer: BitWriter, text: str) -> None:
    for character in text:
        writer.put(BASE_64.index(character), _SIX)


def _base_64(reader: BitReader, length: int) -> str:
    return "".join(BASE_64[reader.take(_SIX)] for _ in range(length))


def _put_ascii(writer: BitWriter, text: str) -> None:
    put_seven(writer, text, _SEVEN * len(text))


def _ascii(reader: BitReader, length: int) -> str:
    return bytes(reader.take(_SEVEN) for _ in range(length)).decode("ascii")


def _put_code_40(writer: BitWriter, text: str) -> None:
    for at in range(0, len(text), CODE_40_GROUP):
        first, second, third = (
            CODE_40.index(character) for character in text[at : at + CODE_40_GROUP].ljust(3, "\0")
        )
        writer.put(1600 * first + 40 * second + third + 1, CODE_40_BITS)


def _code_40(reader: BitReader, length: int) -> str:
    text = ""
    for _ in range(-(-length // CODE_40_GROUP)):
        pair, third = divmod(reader.take(CODE_40_BITS) - 1, 40)
        first, second = divmod(pair, 40)
        if not 0 <= first < len(CODE_40):
            raise _unreadable("URN Code 40")
        text += CODE_40[first] + CODE_40[second] + CODE_40[third]
    if text[:length].find("\0") >= 0 or text[length:].strip("\0"):
        raise _unreadable("URN Code 40")
    return text[:length]


METHODS: Final = (
    Method(0, re.compile(r"[0-9]+"), digit_bits, _put_integer, _integer),
    Method(1, re.compile(r"[0-9A-F]+"), lambda n: 4 * n, _put_hex, _upper_hex),
    Method(2, re.compile(r"[0-9a-f]+"), lambda n: 4 * n, _put_hex, _lower_hex),
    Method(3, re.compile(r"[0-9A-Za-z_\-]+"), lambda n: 6 * n, _put_base_64, _base_64),
    Method(4, re.compile(r"[!-~]+"), lambda n: 7 * n, _put_ascii, _ascii),
    Method(5, re.compile(r"[0-9A-Z.:\-]+"), lambda n: -(-n // 3) * 16, _put_code_40, _code_40),
)


def shortest(text: str) -> Method:
    """Return the method that takes the fewest bits, the first of them in table E."""
    able = (method for method in METHODS if method.fits.fullmatch(text))
    return min(able, key=lambda method: method.bits(len(text)))


def put_text(writer: BitWriter, text: str) -> None:
    """Write encoding indicator, length and characters, by the shortest method."""
    method = shortest(text)
    writer.put(method.indicator, INDICATOR_BITS)
    writer.put(len(text), LENGTH_BITS)
    method.put(writer, text)


def take_text(reader: BitReader, longest: int) -> str:
    """Read what `put_text`, or another writer by any of the methods, wrote.

    Raises:
        IdentifierError: ``tag_encoding``, ``tag_text`` or ``tag_truncated``.
    """
    indicator = reader.take(INDICATOR_BITS)
    if indicator >= len(METHODS):
        raise IdentifierError("tag_encoding", {"indicator": str(indicator)})
    return METHODS[indicator].take(reader, _length(reader, LENGTH_BITS, longest))
