"""An identity and the three text forms that it is written in.

Owns: the value and its writers. Does not own: the readers (``urn``, ``digital_link``,
``element_string``), which refuse what is malformed; a writer trusts what a reader made.
"""

from typing import Final

from msgspec import Struct

from suyuan.core.identifiers.charset import is_digits, link_encode, urn_encode
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.schemes import FOREIGN_RULE_OF, RULE_OF, Rule, Scheme, Shape

URN_PREFIX_LENGTHS: Final = range(6, 13)  # TDS §6.3; shorter prefixes have no URN form


class Identity(Struct, frozen=True):
    """What something is, apart from how it was written.

    The constructor checks nothing: it is for readers, and for callers that hold checked parts.

    Attributes:
        scheme: By which rules to read the rest.
        primary: The key with its check digit: GTIN as 14 digits, GRAI, GDTI, GCN, GLN as 13, ITIP
            as GTIN, piece and total (18), SSCC as 18; GIAI, GINC, CPI and URIs whole; of GID and
            ADI all fields but the last, joined by a dot.
        secondary: Serial, lot or extension, unescaped; empty for a class of things, and for an
            SGLN without extension.
    """

    scheme: Scheme
    primary: str
    secondary: str = ""

    def digital_link(self, base: str = "https://id.gs1.org") -> str:
        """Return the GS1 Digital Link, or a URI as it is.

        Args:
            base: Scheme, host and any path prefix.

        Raises:
            IdentifierError: ``no_digital_link`` for a scheme without a GS1 key.
        """
        if self.scheme is Scheme.URI:
            return self.primary
        parts = [base.rstrip("/")]
        for ai, value in self._values("no_digital_link"):
            parts += (ai, link_encode(value))
        return "/".join(parts)

    def element_string(self) -> str:
        r"""Return the bracketed element string, ``(01)...(21)...``.

        An opening bracket inside a value is written ``\(``, so that the text can be read back.

        Raises:
            IdentifierError: ``no_element_string`` for a scheme without a GS1 key.
        """
        values = self._values("no_element_string")
        return "".join(f"({ai}){value.replace('(', r'\(')}" for ai, value in values)

    def urn(self, company_prefix_length: int) -> str:
        """Return the EPC URN, or a URI as it is.

        Args:
            company_prefix_length: Digits of the GS1 company prefix, 6 to 12; the key alone does
                not tell. Schemes without a company prefix do not read it.

        Raises:
            IdentifierError: ``company_prefix_length``, or ``no_urn`` for a secondary value that
                the scheme's URN demands and this identity lacks.
        """
        if self.scheme is Scheme.URI:
            return self.primary
        foreign = FOREIGN_RULE_OF.get(self.scheme)
        if foreign is not None:
            fields = [*self.primary.split("."), *([self.secondary] if self.secondary else [])]
            return f"urn:epc:{foreign.urn}:{'.'.join(map(urn_encode, fields))}"
        rule = RULE_OF[self.scheme]
        head, tail = _urn_ends(rule, self.secondary)
        key = split_key(rule, self.primary, company_prefix_length)
        fields = [*map(urn_encode, key), *tail]
        return f"urn:epc:{head}:{'.'.join(fields)}"

    def _values(self, refusal: str) -> list[tuple[str, str]]:
        rule = RULE_OF.get(self.scheme)
        if rule is None:
            raise IdentifierError(refusal, {"scheme": self.scheme})
        if rule.secondary and not rule.qualifier:
            return [(rule.ai, rule.filler + self.primary + self.secondary)]
        values = [(rule.ai, self.primary)]
        if self.secondary:
            values.append((rule.qualifier, self.secondary))
        return values


def _urn_ends(rule: Rule, secondary: str) -> tuple[str, list[str]]:
    """Return what stands before the key, and the fields after it."""
    if secondary:
        return rule.urn, [urn_encode(secondary)]
    if rule.pattern:
        return rule.pattern, ["*"]
    if rule.scheme is Scheme.SGLN:
        return rule.urn, ["0"]  # CBV 2.0 §8.2.3: extension 0 means no extension
    if rule.secondary:
        raise IdentifierError("no_urn", {"scheme": rule.scheme})
    return rule.urn, []


def split_key(rule: Rule, primary: str, length: int) -> list[str]:
    """Split a primary key into company prefix, reference and what belongs to them.

    The fields are those of an EPC URN, unescaped; ``urn.join_key`` joins them.

    Raises:
        IdentifierError: ``company_prefix_length``.
    """
    if length not in URN_PREFIX_LENGTHS:
        raise IdentifierError("company_prefix_length", {"given": str(length)})
    if rule.shape is Shape.WHOLE:
        if not is_digits(primary[:length]) or len(primary) <= length:
            raise IdentifierError("company_prefix_length", {"given": str(length)})
        return [primary[:length], primary[length:]]
    body = primary[: rule.body]
    if rule.shape is Shape.STRAIGHT:
        return [body[:length], body[length:]]
    fields = [body[1 : length + 1], body[0] + body[length + 1 :]]
    return [*fields, primary[-4:-2], primary[-2:]] if rule.shape is Shape.PIECE else fields
