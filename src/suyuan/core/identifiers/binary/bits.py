"""Strings of bits, written and read field by field, the most significant bit first."""

from __future__ import annotations

from suyuan.core.identifiers.errors import IdentifierError


class BitWriter:
    """Bits, growing at the end."""

    __slots__ = ("length", "value")

    def __init__(self) -> None:
        """Begin with none."""
        self.value = 0
        self.length = 0

    def put(self, value: int, bits: int) -> None:
        """Append `value`, 0 to 2**bits - 1, in `bits` bits."""
        self.value = self.value << bits | value
        self.length += bits


class BitReader:
    """Bits, read from the beginning."""

    __slots__ = ("_value", "left")

    def __init__(self, value: int, length: int) -> None:
        """Read the `length` low bits of `value`."""
        self._value = value
        self.left = length

    def take(self, bits: int) -> int:
        """Return the next `bits` bits as a number.

        Raises:
            IdentifierError: ``tag_truncated``.
        """
        if bits > self.left:
            raise IdentifierError("tag_truncated", {"missing": str(bits - self.left)})
        self.left -= bits
        return self._value >> self.left & ((1 << bits) - 1)

    def rest(self) -> int:
        """Return all that is left as a number, without taking it."""
        return self._value & ((1 << self.left) - 1)
