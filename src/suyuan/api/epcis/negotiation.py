"""What a client wants to be answered in: syntax, version, and the form of identifiers.

Owns: the reading of `Accept`, `Content-Type` and the `GS1-…` headers. A client that sends none of
them is served: JSON-LD, identifiers as Digital Links (EPCIS 2.0 §12.7.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from suyuan.core.epcis import Media
from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.xml import XmlVersion
from suyuan.kernel.errors import Invalid, SuyuanError

_JSON: Final = frozenset({"application/json", "application/ld+json", "application/problem+json"})
_XML: Final = frozenset({"application/xml", "text/xml", "application/problem+xml"})
_ANY: Final = frozenset({"*/*", "application/*"})
_VERSIONS: Final = {
    "1.2": XmlVersion.V1_2,
    "1.2.0": XmlVersion.V1_2,
    "2.0": XmlVersion.V2_0,
    "2.0.0": XmlVersion.V2_0,
}
CBV_FORMATS: Final = frozenset(
    {"No_Preference", "Always_Web_URI", "Always_URN", "Never_Translates"}
)
XML_TYPE: Final = "application/xml"


class NotAcceptable(SuyuanError):
    """No syntax that is spoken here is asked for."""

    code = "not_acceptable"
    status = 406


class MediaType(SuyuanError):
    """The body is in no syntax that is read here."""

    code = "media_type"
    status = 415


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to answer.

    Attributes:
        media: JSON-LD or XML.
        version: of XML.
        epcs: the form of identifiers; `header` is what the answer says of it.
        web_uris: standard words as Web URIs, in XML 2.0.
    """

    media: Media
    version: XmlVersion
    epcs: EpcFormat
    web_uris: bool


def wanted(request: HttpRequest) -> Wanted:
    """Return how the client wants to be answered.

    Raises:
        NotAcceptable: another syntax, or another version of EPCIS.
        Invalid: `epc_format`, `cbv_format`.
    """
    media = _media(request.headers.get("Accept", ""))
    version = _version(request)
    if version is XmlVersion.V1_2 and media == "json":
        # EPCIS 1.2 has no JSON: who asks for it and says nothing of a syntax means XML.
        media = "xml"
    # EPCIS 1.2 knows no Digital Links.
    usual = EpcFormat.URN if version is XmlVersion.V1_2 else EpcFormat.LINK
    given = request.headers.get("GS1-EPC-Format", usual.value)
    if given not in EpcFormat:
        raise Invalid("epc_format", place="header:GS1-EPC-Format", given=given[:80])
    words = request.headers.get("GS1-CBV-XML-Format", "No_Preference")
    if words not in CBV_FORMATS:
        raise Invalid("cbv_format", place="header:GS1-CBV-XML-Format", given=words[:80])
    form = usual if given == EpcFormat.NO_PREFERENCE else EpcFormat(given)
    return Wanted(media, version, form, web_uris=words == "Always_Web_URI")


def body_media(request: HttpRequest) -> Media:
    """Return the syntax of a request's body.

    Raises:
        MediaType: neither JSON nor XML.
    """
    kind = (request.content_type or "").lower()
    if kind in _JSON:
        return "json"
    if kind in _XML:
        return "xml"
    raise MediaType(given=kind[:80])


def _version(request: HttpRequest) -> XmlVersion:
    given = request.headers.get("GS1-EPCIS-Version", "2.0")
    version = _VERSIONS.get(given)
    if version is None:
        raise NotAcceptable(place="header:GS1-EPCIS-Version", given=given[:80])
    return version


def _media(accept: str) -> Media:
    """Return the syntax that `Accept` ranks first; JSON where it does not say."""
    ranked = sorted((_ranked(part) for part in (accept or "*/*").split(",")), reverse=True)
    for quality, _order, kind in ranked:
        if quality <= 0:
            continue
        if kind in _JSON or kind in _ANY:
            return "json"
        if kind in _XML:
            return "xml"
    raise NotAcceptable(given=accept[:80])


def _ranked(part: str) -> tuple[float, int, str]:
    """Return (quality, how exact, media type) of one part of `Accept` (RFC 9110 §12.5.1)."""
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
    return quality, 0 if "*" in kind else 1, kind
