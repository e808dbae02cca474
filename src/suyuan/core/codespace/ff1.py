"""Reference FF1 for any radix, length and key size.

Owns: FF1 as NIST SP 800-38G writes it, one number string at a time, for reading and for proof.
Does not own: speed (space), alphabets: numbers go in and come out, most significant digit first.
Invariant: `decrypt` undoes `encrypt` for the same key, radix and tweak.

Names follow the standard: `u` and `v` are the halves' lengths, `b` the bytes that hold a half's
number, `d` the bytes of keystream a round uses, `P` and `Q` the blocks fed to the PRF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ROUNDS = 10
_BLOCK = 16
_MIN_DOMAIN = 1_000_000  # radix**length may not be smaller: SP 800-38G Rev. 1, §5.1
_MIN_RADIX = 2
_MAX_RADIX = 1 << 16
_MIN_LENGTH = 2
_MAX_LENGTH = (1 << 32) - 1  # the length is written in four bytes of P


@dataclass(frozen=True, slots=True, kw_only=True)
class FF1:
    """FF1 under one AES key and one radix.

    Attributes:
        key: AES key of 16, 24 or 32 bytes; not kept as an attribute.
        radix: number of digits, 2 to 65,536.

    Raises:
        ValueError: the key's length or the radix is outside these bounds.

    Source: NIST SP 800-38G, algorithms 7 (encryption) and 8 (decryption).
    """

    key: InitVar[bytes]
    radix: int
    _aes: algorithms.AES = field(init=False, repr=False, compare=False)

    def __post_init__(self, key: bytes) -> None:
        if not _MIN_RADIX <= self.radix <= _MAX_RADIX:
            message = f"radix {self.radix} is not between {_MIN_RADIX} and {_MAX_RADIX}"
            raise ValueError(message)
        object.__setattr__(self, "_aes", algorithms.AES(key))

    def encrypt(self, digits: Sequence[int], *, tweak: bytes = b"") -> list[int]:
        """Encrypt a string of digits.

        Args:
            digits: values below `radix`, most significant first.
            tweak: public bytes that select the permutation; any length.

        Returns:
            As many digits as were given.

        Raises:
            ValueError: a digit is out of range, or radix**length is below one million.
        """
        u, v = self._split(digits)
        a, b = self._num(digits[:u]), self._num(digits[u:])
        for i in range(ROUNDS):
            m = u if i % 2 == 0 else v
            a, b = b, (a + self._round(i, b, length=u + v, tweak=tweak)) % self.radix**m
        return self._str(a, u) + self._str(b, v)

    def decrypt(self, digits: Sequence[int], *, tweak: bytes = b"") -> list[int]:
        """Decrypt a string of digits; arguments, result and errors as for `encrypt`."""
        u, v = self._split(digits)
        a, b = self._num(digits[:u]), self._num(digits[u:])
        for i in reversed(range(ROUNDS)):
            m = u if i % 2 == 0 else v
            a, b = (b - self._round(i, a, length=u + v, tweak=tweak)) % self.radix**m, a
        return self._str(a, u) + self._str(b, v)

    def _split(self, digits: Sequence[int]) -> tuple[int, int]:
        length = len(digits)
        # Twenty digits suffice for any radix: 2**20 is above the bound.
        domain = self.radix ** min(length, 20)
        if not _MIN_LENGTH <= length <= _MAX_LENGTH or domain < _MIN_DOMAIN:
            message = f"{length} digits of radix {self.radix} are no FF1 domain"
            raise ValueError(message)
        if not all(0 <= digit < self.radix for digit in digits):
            message = f"a digit is not below the radix {self.radix}"
            raise ValueError(message)
        return length // 2, length - length // 2

    def _round(self, i: int, half: int, *, length: int, tweak: bytes) -> int:
        """Return y of round `i`: the round function of one half, as an integer."""
        u, v = length // 2, length - length // 2
        b = ((self.radix**v - 1).bit_length() + 7) // 8
        d = 4 * -(-b // 4) + 4
        p = (
            bytes((1, 2, 1))
            + self.radix.to_bytes(3)
            + bytes((ROUNDS, u % 256))
            + length.to_bytes(4)
            + len(tweak).to_bytes(4)
        )
        q = tweak + bytes((-len(tweak) - b - 1) % _BLOCK) + bytes((i,)) + half.to_bytes(b)
        return int.from_bytes(self._keystream(p + q, d))

    def _keystream(self, message: bytes, size: int) -> bytes:
        """Return the first `size` bytes of R || AES(R ^ 1) || AES(R ^ 2) ..., R = PRF(message)."""
        r = self._prf(message)
        seed = int.from_bytes(r)
        more = (self._prf((seed ^ j).to_bytes(_BLOCK)) for j in range(1, -(-size // _BLOCK)))
        return b"".join((r, *more))[:size]

    def _prf(self, message: bytes) -> bytes:
        """Return the last block of AES-CBC with a zero vector (SP 800-38G, algorithm 6)."""
        encryptor = Cipher(self._aes, modes.CBC(bytes(_BLOCK))).encryptor()
        return encryptor.update(message)[-_BLOCK:]

    def _num(self, digits: Sequence[int]) -> int:
        number = 0
        for digit in digits:
            number = number * self.radix + digit
        return number

    def _str(self, number: int, length: int) -> list[int]:
        digits = [0] * length
        for position in reversed(range(length)):
            number, digits[position] = divmod(number, self.radix)
        return digits
