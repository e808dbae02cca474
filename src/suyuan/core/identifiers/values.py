"""Check the parts of an identity against the table, whatever form they came in."""

import re
from collections.abc import Mapping
from typing import Final

from suyuan.core.identifiers.charset import is_digits, valid_serial, valid_value
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.keys import Gtin, checked
from suyuan.core.identifiers.schemes import RULES_OF_AI, Rule, Scheme, Shape

_WHOLE_LONGEST: Final = 30
_COMPANY_FIRST = re.compile(r"[0-9]{4}")
_CSET_39 = re.compile(r"[#\-/0-9A-Z]+")
_GTIN_DIGITS: Final = 14
_PIECE_DIGITS: Final = 18


def identity_of(values: Mapping[str, str], ai: str) -> Identity:
    """Make the identity that a set of AI values stands for.

    Args:
        values: AI to unescaped value; must have ``ai``.
        ai: The primary key among them, one of ``RULES_OF_AI``.

    Raises:
        IdentifierError: A part is malformed, or its check digit is wrong.
    """
    rule, secondary = _choose(RULES_OF_AI[ai], values)
    if not rule.secondary or rule.qualifier:
        return identity(rule, key(rule, values[ai]), secondary)
    # Key and serial share one AI: the key's length is fixed.
    start = len(rule.filler)
    end = start + rule.body + 1
    if not values[ai].startswith(rule.filler):
        raise IdentifierError(f"{rule.family}_filler", {"given": values[ai]})
    return identity(rule, key(rule, values[ai][start:end]), values[ai][end:])


def _choose(rules: tuple[Rule, ...], values: Mapping[str, str]) -> tuple[Rule, str]:
    """Return the first rule whose secondary value is present, else the class of things."""
    for rule in rules:
        if rule.qualifier and rule.qualifier in values:
            return rule, values[rule.qualifier]
        if not rule.qualifier and rule.secondary and len(values[rule.ai]) > rule.body + 1:
            return rule, ""
    return rules[-1], ""


def identity(rule: Rule, primary: str, secondary: str) -> Identity:
    """Join a checked key with a secondary value, which is checked here.

    Raises:
        IdentifierError: ``serial_charset`` or ``serial_length``.
    """
    if secondary:
        check_secondary(rule, secondary)
        if rule.scheme is Scheme.SGLN and secondary == "0":
            secondary = ""
    return Identity(rule.scheme, primary, secondary)


def check_secondary(rule: Rule, secondary: str) -> None:
    """Refuse a serial, lot or extension that the scheme cannot have.

    Raises:
        IdentifierError: ``serial_length`` or ``serial_charset``.
    """
    if not 0 < len(secondary) <= rule.secondary:
        data = {"given": secondary, "longest": str(rule.secondary)}
        raise IdentifierError("serial_length", data)
    if not (is_digits(secondary) if rule.numeric else valid_value(secondary, rule.secondary)):
        raise IdentifierError("serial_charset", {"given": secondary})
    # GenSpecs §3.9.11: a part's serial has no leading zero.
    if rule.scheme is Scheme.CPI and secondary[0] == "0" and secondary != "0":
        raise IdentifierError("serial_charset", {"given": secondary})


def check_context(value: str) -> None:
    """Refuse a qualifier that no identity reads but that could not stand in a code.

    Raises:
        IdentifierError: ``serial_charset``.
    """
    if not valid_serial(value):
        raise IdentifierError("serial_charset", {"given": value})


def key(rule: Rule, text: str) -> str:
    """Check a primary key that has its check digit.

    Raises:
        IdentifierError: ``<family>_length``, ``<family>_check_digit``, ``<family>_charset``,
            ``not_digits``, ``company_prefix`` or ``itip_piece``.
    """
    if rule.shape is Shape.WHOLE:
        return whole_key(rule, text)
    if rule.shape is Shape.PIECE:
        return _piece_key(text)
    if rule.family == "gtin":
        return Gtin.parse(text).value
    return checked(text, rule.family, frozenset({rule.body + 1}))


def whole_key(rule: Rule, text: str) -> str:
    """Check a key that is company prefix and reference without a check digit.

    Raises:
        IdentifierError: ``<family>_length``, ``<family>_charset`` or ``company_prefix``.
    """
    if not 0 < len(text) <= _WHOLE_LONGEST:
        raise IdentifierError(f"{rule.family}_length", {"given": text})
    cpi = rule.scheme is Scheme.CPI
    if not (_CSET_39.fullmatch(text) if cpi else valid_value(text, _WHOLE_LONGEST)):
        raise IdentifierError(f"{rule.family}_charset", {"given": text})
    if _COMPANY_FIRST.match(text) is None:
        raise IdentifierError("company_prefix", {"given": text})
    return text


def _piece_key(text: str) -> str:
    if len(text) != _PIECE_DIGITS:
        raise IdentifierError("itip_length", {"given": text})
    gtin = Gtin.parse(text[:_GTIN_DIGITS]).value
    check_piece(text[-4:-2], text[-2:])
    return gtin + text[_GTIN_DIGITS:]


def check_piece(piece: str, total: str) -> None:
    """Refuse what is not piece n of a total, two digits each.

    Raises:
        IdentifierError: ``itip_piece``.
    """
    shape = len(piece) == len(total) == 2 and is_digits(piece + total)
    if not shape or not "00" < piece <= total:
        raise IdentifierError("itip_piece", {"piece": piece, "total": total})
