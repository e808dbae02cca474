"""The table: how each identification scheme is written in each form.

Sources: EPC Tag Data Standard (TDS) §6 for URNs, GS1 General Specifications §3 for application
identifiers (AIs), GS1 Digital Link URI syntax §4 for keys and qualifiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scheme(StrEnum):
    """What an identity identifies, and by which rules."""

    __hash__ = str.__hash__  # an enumeration's own is Python code, and identities are hashed a lot

    SGTIN = "sgtin"
    LGTIN = "lgtin"
    GTIN = "gtin"
    SSCC = "sscc"
    SGLN = "sgln"
    PGLN = "pgln"
    GRAI = "grai"
    GIAI = "giai"
    GDTI = "gdti"
    GSRN = "gsrn"
    GSRNP = "gsrnp"
    CPI = "cpi"
    SGCN = "sgcn"
    GCN = "gcn"
    ITIP = "itip"
    UPUI = "upui"
    GINC = "ginc"
    GSIN = "gsin"
    IMOVN = "imovn"
    BIC = "bic"
    ADI = "adi"
    USDOD = "usdod"
    GID = "gid"
    URI = "uri"


class Shape(StrEnum):
    """How a URN's company prefix and reference make up the primary key."""

    STRAIGHT = "straight"  # prefix, reference, check digit
    INDICATOR = "indicator"  # the reference's first digit goes to the front
    PIECE = "piece"  # as INDICATOR, then piece and total, two digits each
    WHOLE = "whole"  # prefix and reference as they are, no check digit


@dataclass(frozen=True, slots=True)
class Rule:
    """One GS1 scheme.

    Attributes:
        scheme: What the row is about.
        family: Names the key in error codes.
        ai: Application identifier of the primary key.
        shape: How prefix and reference make up the key.
        body: Digits without the check digit; 0 where there is none.
        urn: What follows ``urn:epc:`` when there is a secondary value, or none is foreseen.
        pattern: What follows ``urn:epc:`` when the secondary value is ``*``: a class of things.
        qualifier: AI of the secondary value; empty where it shares the primary key's AI.
        secondary: Longest secondary value; 0 where there is none.
        numeric: The secondary value is a number without leading zeros, or just digits.
        filler: What the AI has before the key.
    """

    scheme: Scheme
    family: str
    ai: str
    shape: Shape
    body: int
    urn: str = ""
    pattern: str = ""
    qualifier: str = ""
    secondary: int = 0
    numeric: bool = False
    filler: str = ""


_S, _I, _P, _W = Shape.STRAIGHT, Shape.INDICATOR, Shape.PIECE, Shape.WHOLE

# Where rows share an AI, the first whose secondary value is present wins.
RULES: Final = (
    Rule(Scheme.SSCC, "sscc", "00", _I, 17, "id:sscc"),
    Rule(Scheme.SGTIN, "gtin", "01", _I, 13, "id:sgtin", qualifier="21", secondary=20),
    Rule(Scheme.UPUI, "gtin", "01", _I, 13, "id:upui", qualifier="235", secondary=28),
    Rule(Scheme.LGTIN, "gtin", "01", _I, 13, "class:lgtin", qualifier="10", secondary=20),
    Rule(Scheme.GTIN, "gtin", "01", _I, 13, pattern="idpat:sgtin"),
    Rule(Scheme.ITIP, "gtin", "8006", _P, 13, "id:itip", "idpat:itip", "21", 20),
    Rule(Scheme.GRAI, "grai", "8003", _S, 12, "id:grai", "idpat:grai", "", 16, filler="0"),
    Rule(Scheme.GIAI, "giai", "8004", _W, 0, "id:giai"),
    Rule(Scheme.GDTI, "gdti", "253", _S, 12, "id:gdti", "idpat:gdti", "", 17),
    Rule(Scheme.SGCN, "gcn", "255", _S, 12, "id:sgcn", secondary=12, numeric=True),
    Rule(Scheme.GCN, "gcn", "255", _S, 12, pattern="idpat:sgcn"),
    Rule(Scheme.GSRN, "gsrn", "8018", _S, 17, "id:gsrn"),
    Rule(Scheme.GSRNP, "gsrn", "8017", _S, 17, "id:gsrnp"),
    Rule(Scheme.CPI, "cpi", "8010", _W, 0, "id:cpi", "idpat:cpi", "8011", 12, numeric=True),
    Rule(Scheme.GINC, "ginc", "401", _W, 0, "id:ginc"),
    Rule(Scheme.GSIN, "gsin", "402", _S, 16, "id:gsin"),
    Rule(Scheme.SGLN, "gln", "414", _S, 12, "id:sgln", qualifier="254", secondary=20),
    Rule(Scheme.PGLN, "gln", "417", _S, 12, "id:pgln"),
)


@dataclass(frozen=True, slots=True)
class ForeignRule:
    """A scheme that has a URN but no GS1 key: no check digit of ours, no AI, no link.

    Attributes:
        scheme: What the row is about.
        urn: What follows ``urn:epc:``.
        fields: One pattern for each dot-separated field, after unescaping; the last field is the
            secondary value where there are several.
        limits: Exclusive upper bound of each numeric field, None where there is none.
    """

    scheme: Scheme
    urn: str
    fields: tuple[str, ...]
    limits: tuple[int | None, ...]


_CAGE = r"[0-9A-HJ-NP-Z]{5,6}"
_NUMBER = r"0|[1-9][0-9]{0,11}"
FOREIGN_RULES: Final = (
    ForeignRule(Scheme.IMOVN, "id:imovn", (r"[0-9]{7}",), (None,)),
    ForeignRule(Scheme.BIC, "id:bic", (r"[A-Z]{3}[JUZ][0-9]{7}",), (None,)),
    ForeignRule(
        Scheme.ADI,
        "id:adi",
        (_CAGE, r"[A-Z0-9/\-]{0,32}", r"#?[A-Z0-9/\-]{1,30}"),
        (None, None, None),
    ),
    ForeignRule(Scheme.USDOD, "id:usdod", (_CAGE, _NUMBER), (None, 2**36)),
    ForeignRule(Scheme.GID, "id:gid", (_NUMBER, _NUMBER, _NUMBER), (2**28, 2**24, 2**36)),
)

RULE_OF: Final[Mapping[Scheme, Rule]] = MappingProxyType({rule.scheme: rule for rule in RULES})
FOREIGN_RULE_OF: Final[Mapping[Scheme, ForeignRule]] = MappingProxyType(
    {rule.scheme: rule for rule in FOREIGN_RULES}
)
RULES_OF_AI: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {key.ai: tuple(rule for rule in RULES if rule.ai == key.ai) for key in RULES}
)

# Qualifiers that a Digital Link may have after each key; those that no rule reads (variant 22,
# extension 7040, service 8019) narrow the key without naming another thing.
QUALIFIERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {ai: frozenset[str]() for ai in RULES_OF_AI}
    | {
        "01": frozenset({"22", "10", "21", "235"}),
        "8006": frozenset({"22", "10", "21"}),
        "414": frozenset({"254", "7040"}),
        "417": frozenset({"7040"}),
        "8004": frozenset({"7040"}),
        "8010": frozenset({"8011"}),
        "8017": frozenset({"8019"}),
        "8018": frozenset({"8019"}),
    }
)
