"""Identities and patterns of identities in a query (EPCIS 2.0 §8.2.7.1.1, TDS §8).

`urn:epc:idpat:sgtin:0614141.107346.*` means all items of a product, `…:0614141.*.*` all items of
a company, `…:*.*.*` all items. A class of things, in whatever form, means its members too.
"""

from __future__ import annotations

import re
from typing import Final

from suyuan.core.epcis.query.values import Pattern
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc
from suyuan.core.identifiers.schemes import RULES

_PATTERN: Final = re.compile(r"urn:epc:(?:idpat|classpat):([a-z]+):(.+)")
_COMPANY: Final = re.compile(r"[0-9]{6,12}")
_BY_NAME: Final = {
    (rule.urn or rule.pattern).partition(":")[2]: rule
    for rule in reversed(RULES)
    if rule.urn or rule.pattern
}
# Whose primary key alone is a class: of each, the scheme of its members.
_MEMBERS: Final = {
    Scheme.GTIN: Scheme.SGTIN,
    Scheme.GCN: Scheme.SGCN,
    Scheme.ITIP: Scheme.ITIP,
    Scheme.GRAI: Scheme.GRAI,
    Scheme.GDTI: Scheme.GDTI,
    Scheme.CPI: Scheme.CPI,
}


def read_epc(text: str) -> tuple[Identity | None, Pattern | None]:
    """Read what is matched with instances. Raises `IdentifierError`."""
    pattern = _pattern(text)
    if pattern is not None:
        return None, pattern
    identity = parse_epc(text)
    members = _MEMBERS.get(identity.scheme) if not identity.secondary else None
    return identity, Pattern(members, primary=identity.primary) if members else None


def read_class(text: str) -> tuple[Identity | None, Pattern | None]:
    """Read what is matched with classes. Raises `IdentifierError`."""
    pattern = _pattern(text)
    return (None, pattern) if pattern is not None else (parse_epc(text), None)


def _pattern(text: str) -> Pattern | None:
    """Return the pattern that `text` is, None for a pure identity or a class."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None
    rule = _BY_NAME.get(found[1])
    if rule is None:
        raise IdentifierError("urn_unknown_scheme", {"given": text})
    fields = found[2].split(".")
    stars = len(fields)
    while stars and fields[stars - 1] == "*":
        stars -= 1
    if stars == 0:
        return Pattern(rule.scheme)
    if stars == 1 and len(fields) > 1:
        if _COMPANY.fullmatch(fields[0]) is None:
            raise IdentifierError("company_prefix", {"given": fields[0]})
        return Pattern(rule.scheme, company=fields[0])
    if rule.scheme is Scheme.LGTIN and len(fields) == 3 and stars == 2:
        product = parse_epc(f"urn:epc:idpat:sgtin:{found[2]}")
        return Pattern(Scheme.LGTIN, primary=product.primary)
    return None
