"""GS1 keys with a check digit, as values that cannot be wrong once parsed."""

from dataclasses import dataclass
from typing import Final, Self

from suyuan.core.identifiers.charset import is_digits
from suyuan.core.identifiers.errors import IdentifierError

_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
_RESTRICTED_PREFIXES: Final = frozenset({"02", "04", *(str(prefix) for prefix in range(20, 30))})
_SSCC_BODY: Final = 17
_PREFIX_LENGTHS: Final = range(4, 13)


def check_digit(digits: str) -> str:
    """Return the GS1 modulo-10 check digit of a body of any length.

    Args:
        digits: The body without its check digit, one or more ASCII digits.

    Raises:
        IdentifierError: ``not_digits``.
    """
    if not is_digits(digits):
        raise IdentifierError("not_digits", {"given": digits})
    # Weight 3 falls on the body's last digit and every second one before it (GenSpecs §7.9).
    # ASCII digits are 48 + value: sums of codes minus 48 for each are cheaper than int() on each.
    codes = digits.encode()
    heavy, light = codes[-1::-2], codes[-2::-2]
    total = 3 * (sum(heavy) - 48 * len(heavy)) + sum(light) - 48 * len(light)
    return str(-total % 10)


def checked(digits: str, family: str, lengths: frozenset[int]) -> str:
    """Return ``digits`` when its length and its last digit are right.

    Args:
        digits: A key with its check digit.
        family: Names the key in error codes: ``gtin`` gives ``gtin_length``.
        lengths: Allowed lengths, check digit included.

    Raises:
        IdentifierError: ``<family>_length``, ``not_digits`` or ``<family>_check_digit`` (with the
            expected digit).
    """
    if len(digits) not in lengths:
        raise IdentifierError(f"{family}_length", {"given": digits, "length": str(len(digits))})
    if not is_digits(digits):
        raise IdentifierError("not_digits", {"given": digits})
    expected = check_digit(digits[:-1])
    if digits[-1] != expected:
        raise IdentifierError(f"{family}_check_digit", {"given": digits, "expected": expected})
    return digits


@dataclass(frozen=True, slots=True)
class Gtin:
    """A trade item number.

    Attributes:
        value: Always 14 digits; make it with ``parse`` or ``restricted``.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a GTIN-8, -12, -13 or -14: digits only, no spaces or hyphens.

        Raises:
            IdentifierError: ``gtin_length``, ``not_digits`` or ``gtin_check_digit``.
        """
        return cls(checked(text, "gtin", _GTIN_LENGTHS).zfill(14))

    @classmethod
    def restricted(cls, company: int, item: int) -> Self:
        """Build a 13-digit number for restricted circulation: 2, company, item, check digit.

        Prefixes 20 to 29 are free for use inside one company or one market (GenSpecs §1.4.3), so
        a brand without a GS1 prefix can start with them. They are unique here, not in the world.

        Args:
            company: 0 to 9,999, local to this installation.
            item: 0 to 9,999,999.

        Raises:
            IdentifierError: ``gtin_restricted_range``.
        """
        if not (0 <= company < 10**4 and 0 <= item < 10**7):
            data = {"company": str(company), "item": str(item)}
            raise IdentifierError("gtin_restricted_range", data)
        body = f"2{company:04}{item:07}"
        return cls(f"0{body}{check_digit(body)}")

    @property
    def display(self) -> str:
        """The shortest conventional form: 8, 12, 13 or 14 digits."""
        for zeros in (6, 2, 1):
            if self.value.startswith("0" * zeros):
                return self.value[zeros:]
        return self.value

    @property
    def is_restricted(self) -> bool:
        """Whether the number, or the item inside the case, is for restricted circulation.

        GTIN-13 prefixes 02, 04 and 20 to 29 (02 and 04 are GTIN-12 prefixes 2 and 4), and GTIN-8
        prefixes 0 and 2.
        """
        if self.value.startswith("000000"):
            return self.value[6] in "02"
        return self.value[1:3] in _RESTRICTED_PREFIXES

    def __str__(self) -> str:
        """Return the 14 digits."""
        return self.value


@dataclass(frozen=True, slots=True)
class Gln:
    """A location or party number.

    Attributes:
        value: 13 digits; make it with ``parse``.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 13 digits.

        Raises:
            IdentifierError: ``gln_length``, ``not_digits`` or ``gln_check_digit``.
        """
        return cls(checked(text, "gln", frozenset({13})))

    def __str__(self) -> str:
        """Return the 13 digits."""
        return self.value


@dataclass(frozen=True, slots=True)
class Sscc:
    """A logistic unit's number.

    Attributes:
        value: 18 digits; make it with ``parse`` or ``build``.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 18 digits.

        Raises:
            IdentifierError: ``sscc_length``, ``not_digits`` or ``sscc_check_digit``.
        """
        return cls(checked(text, "sscc", frozenset({18})))

    @classmethod
    def build(cls, company_prefix: str, extension: int, serial: int) -> Self:
        """Build an SSCC: extension, company prefix, serial reference, check digit.

        Args:
            company_prefix: 4 to 12 digits.
            extension: 0 to 9.
            serial: Fills what the prefix leaves of 16 digits.

        Raises:
            IdentifierError: ``company_prefix`` or ``sscc_range``.
        """
        if len(company_prefix) not in _PREFIX_LENGTHS or not is_digits(company_prefix):
            raise IdentifierError("company_prefix", {"given": company_prefix})
        room = _SSCC_BODY - 1 - len(company_prefix)
        if not (0 <= extension <= 9 and 0 <= serial < 10**room):
            raise IdentifierError("sscc_range", {"extension": str(extension), "room": str(room)})
        body = f"{extension}{company_prefix}{serial:0{room}}"
        return cls(body + check_digit(body))

    def __str__(self) -> str:
        """Return the 18 digits."""
        return self.value
