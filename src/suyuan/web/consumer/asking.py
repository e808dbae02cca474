"""Read from a request who asks, and in which language to answer.

Owns: which headers are believed. A proxy's headers are believed only when the operator says that
there is one (`SUYUAN_TRUSTED_PROXY`), and a region only from the header named in
`SUYUAN_REGION_HEADER`.
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from suyuan.verification.places import region_code
from suyuan.verification.values import SeenBy

DEFAULT_LANGUAGE: Final = "zh-hans"
_BY_QUERY: Final = {"zh": "zh-hans", "zh-hans": "zh-hans", "zh-cn": "zh-hans", "en": "en"}

# Whoever fetches a page that no person is looking at (yet): the announcements of browsers, and
# the agents that draw previews of links or index pages.
_AHEAD_HEADERS: Final = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
_AHEAD: Final = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
_PREVIEWER: Final = re.compile(
    r"(?<!cu)bot\b|spider|crawler|preview|facebookexternalhit|whatsapp/|skypeuripreview|embedly|"
    r"linkexpanding|curl/|wget/|python-requests|go-http-client",
    re.IGNORECASE,
)


def language_of(request: HttpRequest) -> str:
    """Return the language to answer in: the address's `lang`, else what the browser prefers."""
    wanted = request.GET.get("lang", "").lower()
    if wanted in _BY_QUERY:
        return _BY_QUERY[wanted]
    for code, _quality in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        # Traditional Chinese readers read simplified more easily than English.
        if code.startswith("zh"):
            return DEFAULT_LANGUAGE
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return DEFAULT_LANGUAGE


def address_of(request: HttpRequest) -> str:
    """Return the client's address.

    Behind a trusted proxy, the last entry of `X-Forwarded-For` is what the proxy itself saw;
    whatever stands before it was written by the client.
    """
    if settings.ENVIRONMENT.trusted_proxy:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        last: str = forwarded.rpartition(",")[2].strip()
        if last:
            return last
    address: str = request.META.get("REMOTE_ADDR", "")
    return address


def seen_by(request: HttpRequest, language: str) -> SeenBy:
    """Return who asks, as verification wants it."""
    meta = request.META
    agent: str = meta.get("HTTP_USER_AGENT", "")
    header = settings.ENVIRONMENT.region_header
    region = region_code(request.headers.get(header, "")) if header else ""
    ahead = any(_AHEAD.search(meta[name]) for name in _AHEAD_HEADERS if name in meta)
    return SeenBy(
        address=address_of(request),
        agent=agent,
        region=region,
        language=language,
        counts=request.method == "GET" and not ahead and _PREVIEWER.search(agent) is None,
    )
