"""The doors: read any text form into an identity, and split hot ones into stem and tail."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from suyuan.core.identifiers.charset import PLAIN, percent_decode
from suyuan.core.identifiers.digital_link import parse_link
from suyuan.core.identifiers.element_string import looks_like_elements, parse_elements
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.keys import check_digit
from suyuan.core.identifiers.schemes import Scheme
from suyuan.core.identifiers.urn import URN, company_prefix_length, parse_urn

LONGEST: Final = 2048
_STEMS_KEPT: Final = 4096

# RFC 3986: a scheme, then only characters that a URI may have.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_WEB = re.compile(r"https?:", re.IGNORECASE)
# Only tails that are their own value: nothing escaped, nothing for a reader to refuse.
_SPLIT = re.compile(
    rf"(urn:epc:id:sgtin:[0-9]+\.[0-9]+\.)([{PLAIN}]{{1,20}})"
    rf"|(https?://[A-Za-z0-9\-._~:@!$'()*+,;=\[\]/]+/01/[0-9]{{14}}/21/)([{PLAIN}]{{1,20}})"
    r"|(urn:epc:id:sscc:[0-9]+\.)([0-9]+)"
)
_SERIALS = re.compile(rf"(?:[{PLAIN}]{{1,20}}\n)+")
_NUMBERS = re.compile(r"(?:[0-9]+\n)+")
_SSCC_STEM = re.compile(r"urn:epc:id:sscc:([0-9]{6,12})\.")
_SSCC_BODY: Final = 17


@dataclass(frozen=True, slots=True)
class StemForm:
    """What the first part of an EPC says about all EPCs that begin with it.

    Attributes:
        scheme: SGTIN or SSCC.
        primary: The GTIN as 14 digits, or the company prefix of an SSCC.
        company_prefix_length: Digits of the company prefix; None for a link, which does not tell.
        is_link: Whether it is the stem of a Digital Link.
    """

    scheme: Scheme
    primary: str
    company_prefix_length: int | None
    is_link: bool

    def identity(self, tail: str) -> Identity:
        """Join the stem with a tail that ``split_epc`` returned.

        Raises:
            IdentifierError: ``sscc_length`` or ``not_digits``; an SGTIN's tail needs no check.
        """
        if self.scheme is Scheme.SGTIN:
            return Identity(Scheme.SGTIN, self.primary, tail)
        if len(self.primary) + len(tail) != _SSCC_BODY:
            raise IdentifierError("sscc_length", {"given": f"{self.primary}.{tail}"})
        body = tail[0] + self.primary + tail[1:]
        return Identity(Scheme.SSCC, body + check_digit(body))


def parse_identity(text: str) -> Identity:
    """Read any text form: what ``parse_epc`` reads, and element strings.

    Raises:
        IdentifierError: With the code of what is wrong.
    """
    _check_length(text)
    return parse_elements(text) if looks_like_elements(text) else parse_epc(text)


def parse_epc(text: str) -> Identity:
    """Read what EPCIS allows as an EPC: an EPC URN, a Digital Link, any other absolute URI.

    Raises:
        IdentifierError: ``empty``, ``too_long`` (over 2,048 characters), ``uri_malformed`` (not
            an absolute URI of ASCII characters), ``percent_escape``, ``urn_malformed``, or the
            code of what is wrong with a part. A malformed EPC URN or Digital Link is refused,
            never kept as some other URI.
    """
    stem, tail = split_epc(text)
    return parse_stem(stem).identity(tail) if tail else _parse(text)


def is_uri(text: str) -> bool:
    """Tell whether `text` is an absolute URI, whatever it names."""
    return len(text) <= LONGEST and _URI.fullmatch(text) is not None


def split_epc(text: str) -> tuple[str, str]:
    """Split an SGTIN URN, SGTIN link or SSCC URN into a stem that many share, and a tail.

    The tail of an SGTIN is its serial exactly: a text whose serial has escapes, like any other
    text, is returned whole with an empty tail, and ``parse_epc`` reads it. The stem is not yet
    checked: ``parse_stem`` does that once.
    """
    found = _SPLIT.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return text, ""
    last = found.lastindex or 0
    return found[last - 1], found[last]


def split_alike(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    """Split EPCs that share one stem, as those of one event mostly do; None where they do not.

    Gives what `split_epc` would give for each, at a fraction of its cost.
    """
    stem, tail = split_epc(texts[0])
    if len(texts) == 1:
        return (stem, [tail]) if tail else None
    tails = [text[len(stem) :] for text in texts if text.startswith(stem)]
    pattern = _NUMBERS if stem.startswith(f"{URN}id:sscc:") else _SERIALS
    lines = "\n".join(tails) + "\n"
    # As many lines as tails, each in the set: one match on all is a match on each.
    alike = len(tails) == len(texts) == lines.count("\n") and pattern.fullmatch(lines)
    return (stem, tails) if alike else None


@lru_cache(_STEMS_KEPT)
def parse_stem(stem: str) -> StemForm:
    """Check a stem in full. Stems that were right are remembered: thousands of EPCs share one.

    Raises:
        IdentifierError: ``stem_malformed`` for what ``split_epc`` does not return as a stem, or
            the code of what is wrong with the stem.
    """
    sscc = _SSCC_STEM.fullmatch(stem)
    if sscc is not None:
        return StemForm(Scheme.SSCC, sscc[1], len(sscc[1]), is_link=False)
    if stem.startswith(f"{URN}id:sscc:"):
        raise IdentifierError("company_prefix", {"given": stem})
    if split_epc(f"{stem}0") != (stem, "0"):
        raise IdentifierError("stem_malformed", {"given": stem})
    identity = _parse(f"{stem}0")
    is_link = not stem.startswith(URN)
    return StemForm(identity.scheme, identity.primary, company_prefix_length(stem), is_link)


def _parse(text: str) -> Identity:
    _check_length(text)
    if text.startswith(URN):
        return parse_urn(text)
    if _URI.fullmatch(text) is None:
        raise IdentifierError("uri_malformed", {"given": text})
    if text[: len(URN)].lower() == URN:  # TDS §6: lower case; one thing has one name
        raise IdentifierError("urn_malformed", {"given": text})
    percent_decode(text)
    link = parse_link(text) if _WEB.match(text) else None
    return link or Identity(Scheme.URI, text)


def _check_length(text: str) -> None:
    if not text:
        raise IdentifierError("empty")
    if len(text) > LONGEST:
        raise IdentifierError("too_long", {"given": text, "longest": str(LONGEST)})
