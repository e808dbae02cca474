"""What a client wants to be answered in: syntax, version, and the form of identifiers.

Owns: the reading of `Accept`, `Content-Type` and the `GS1-…` headers. A client that sends none of
them is served: JSON-LD, identifiers as Digital Links (EPCIS 2.0 §12.7.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest

from suyuan.capture.documents import Wanted
from suyuan.core.epcis import Media
from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.xml import XmlVersion
from suyuan.kernel.errors import Invalid, SuyuanError

_JSON: Final = frozenset({"application/json", "application/ld+json"})
_XML: Final = frozenset({"application/xml", "text/xml"})
_PROBLEMS: Final[Mapping[str, Media]] = {
    "application/problem+json": "json",
    "application/problem+xml": "xml",
}
# JSON is UTF-8 (RFC 8259 §8.1); XML says its encoding itself.
_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})
_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}")
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


def require_json(request: HttpRequest) -> None:
    """Raise `NotAcceptable` for who takes XML alone, of what the standard has in JSON only."""
    if wanted(request).media != "json":
        raise NotAcceptable(given=request.headers.get("Accept", "")[:80])


def body_media(request: HttpRequest) -> Media:
    """Return the syntax of a request's body.

    Raises:
        MediaType: neither JSON nor XML.
    """
    kind = (request.content_type or "").lower()
    if kind in _JSON:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.strip('" ').lower() not in _UTF_8:
            raise MediaType(given=charset[:80])
        return "json"
    if kind in _XML:
        return "xml"
    raise MediaType(given=kind[:80])


def accepts_xml(request: HttpRequest) -> bool:
    """Tell whether a client would rather read a problem in XML."""
    try:
        return _media(request.headers.get("Accept", "")) == "xml"
    except NotAcceptable:
        return False


def _version(request: HttpRequest) -> XmlVersion:
    """Return the version to answer in: the one asked for, or the latest within the limits."""
    _check_vocabulary(request)
    low = _number(request, "GS1-EPCIS-Min", "0")
    high = _number(request, "GS1-EPCIS-Max", "9999")
    if given := request.headers.get("GS1-EPCIS-Version") or _asked_in_accept(request):
        version = _VERSIONS.get(given)
        if version is None:
            raise NotAcceptable(place="header:GS1-EPCIS-Version", given=given[:80])
        return version
    for version in (XmlVersion.V2_0, XmlVersion.V1_2):
        if low[:2] <= _parts(version.value) <= high:
            return version
    given = request.headers.get("GS1-EPCIS-Min") or request.headers.get("GS1-EPCIS-Max", "")
    raise NotAcceptable(place="header:GS1-EPCIS-Min", given=given[:80])


def _check_vocabulary(request: HttpRequest) -> None:
    """The vocabulary is CBV 2.0, of which 1.2 is a part."""
    limits = (("GS1-CBV-Version", "2.0"), ("GS1-CBV-Min", "0"))
    for name, usual in limits:
        if _number(request, name, usual)[:2] > (2, 0):
            raise NotAcceptable(place=f"header:{name}", given=request.headers[name][:80])
    if _number(request, "GS1-CBV-Max", "2.0")[:2] < (1, 2):
        raise NotAcceptable(place="header:GS1-CBV-Max", given=request.headers["GS1-CBV-Max"][:80])


def _number(request: HttpRequest, name: str, usual: str) -> tuple[int, ...]:
    given = request.headers.get(name, usual)
    if _NUMBER.fullmatch(given) is None:
        raise NotAcceptable(place=f"header:{name}", given=given[:80])
    return _parts(given)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _asked_in_accept(request: HttpRequest) -> str:
    """Return the version of `Accept: application/xml; version=1.2`."""
    found = _VERSION_IN_ACCEPT.search(request.headers.get("Accept", ""))
    return found[1] if found else ""


_VERSION_IN_ACCEPT: Final = re.compile(r"/xml\s*;[^,]*\bversion=\"?([0-9.]{1,10})")


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
    # Who names a syntax of problems alone is served in the plain one.
    for quality, _order, kind in ranked:
        if quality > 0 and kind in _PROBLEMS:
            return _PROBLEMS[kind]
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
