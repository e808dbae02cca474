"""Read EPC URNs: pure identities, lots, and classes of things (TDS §6, EPCIS 2.0 §6.4)."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from suyuan.core.identifiers.charset import is_digits, urn_decode
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import URN_PREFIX_LENGTHS, Identity
from suyuan.core.identifiers.keys import check_digit
from suyuan.core.identifiers.schemes import FOREIGN_RULES, RULES, ForeignRule, Rule, Shape
from suyuan.core.identifiers.values import check_piece, check_secondary, identity, whole_key

URN: Final = "urn:epc:"
_RULE_OF_URN: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.urn: rule for rule in RULES if rule.urn}
)
_RULE_OF_PATTERN: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.pattern: rule for rule in RULES if rule.pattern}
)
_FOREIGN_OF_URN: Final[Mapping[str, ForeignRule]] = MappingProxyType(
    {rule.urn: rule for rule in FOREIGN_RULES}
)
_COMPANY = re.compile(r"urn:epc:([a-z]+:[a-z]+):([0-9]+)\.")


def parse_urn(text: str) -> Identity:
    """Read a URN that begins with ``urn:epc:``.

    Raises:
        IdentifierError: ``urn_unknown_scheme``, ``urn_malformed`` (with the scheme), or what is
            wrong with a part.
    """
    # A colon may stand inside a serial: the head is the first two words.
    kind, _, rest = text.removeprefix(URN).partition(":")
    name, _, rest = rest.partition(":")
    head = f"{kind}:{name}"
    if head in _RULE_OF_URN:
        return _identity(_RULE_OF_URN[head], rest)
    if head in _RULE_OF_PATTERN:
        return _class(_RULE_OF_PATTERN[head], rest)
    if head in _FOREIGN_OF_URN:
        return _foreign(_FOREIGN_OF_URN[head], rest)
    raise IdentifierError("urn_unknown_scheme", {"given": text})


def company_prefix_length(urn_text: str) -> int | None:
    """Return the number of digits of the company prefix that a URN shows, None without one."""
    found = _COMPANY.match(urn_text)
    if found is None or (found[1] not in _RULE_OF_URN and found[1] not in _RULE_OF_PATTERN):
        return None
    return len(found[2]) if len(found[2]) in URN_PREFIX_LENGTHS else None


def _identity(rule: Rule, rest: str) -> Identity:
    if not rule.secondary:
        # At most one split: an asset's reference may have dots of its own.
        return Identity(rule.scheme, _key(rule, rest.split(".", 1)))
    # Dots may stand inside the serial: split off only what comes before it.
    *fields, raw = rest.split(".", 4 if rule.shape is Shape.PIECE else 2)
    secondary = urn_decode(raw)
    check_secondary(rule, secondary)
    return identity(rule, _key(rule, fields), secondary)


def _class(rule: Rule, rest: str) -> Identity:
    *fields, star = rest.split(".")
    if star != "*":
        raise IdentifierError("urn_malformed", {"scheme": rule.scheme, "given": rest})
    return Identity(rule.scheme, _key(rule, fields))


def _key(rule: Rule, fields: list[str]) -> str:
    if len(fields) != (4 if rule.shape is Shape.PIECE else 2):
        data = {"scheme": rule.scheme, "given": ".".join(fields)}
        raise IdentifierError("urn_malformed", data)
    if rule.shape is Shape.WHOLE:
        fields = [fields[0], urn_decode(fields[1])]
    return join_key(rule, fields)


def join_key(rule: Rule, fields: list[str]) -> str:
    """Join the fields before the serial, unescaped, to a primary key with its check digit.

    Args:
        rule: Of which scheme.
        fields: Company prefix and reference; piece and total after them where the shape has them.

    Raises:
        IdentifierError: ``company_prefix``, ``<family>_length``, ``itip_piece``, or what is wrong
            with a reference that is no number.
    """
    company, reference = fields[:2]
    if len(company) not in URN_PREFIX_LENGTHS or not is_digits(company):
        raise IdentifierError("company_prefix", {"given": company})
    if rule.shape is Shape.WHOLE:
        if not reference:
            raise IdentifierError(f"{rule.family}_length", {"given": company})
        return whole_key(rule, company + reference)
    if len(company) + len(reference) != rule.body:
        raise IdentifierError(f"{rule.family}_length", {"given": f"{company}.{reference}"})
    if rule.shape is Shape.STRAIGHT:
        body = company + reference
        return body + check_digit(body)
    body = reference[:1] + company + reference[1:]
    if rule.shape is Shape.PIECE:
        check_piece(*fields[2:])
    return "".join((body, check_digit(body), *fields[2:]))


def _foreign(rule: ForeignRule, rest: str) -> Identity:
    fields = [urn_decode(field) for field in rest.split(".")]
    if len(fields) != len(rule.fields) or not all(
        re.fullmatch(pattern, field) and (limit is None or int(field) < limit)
        for pattern, limit, field in zip(rule.fields, rule.limits, fields, strict=True)
    ):
        raise IdentifierError("urn_malformed", {"scheme": rule.scheme, "given": rest})
    if len(fields) == 1:
        return Identity(rule.scheme, fields[0])
    return Identity(rule.scheme, ".".join(fields[:-1]), fields[-1])
