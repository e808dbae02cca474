"""The short way through the server for consumers' pages.

Owns: which addresses take it, and the headers that every answer of theirs has.

It stands first among the middleware and answers by itself: sessions, sign-in, messages and CSRF
tokens cost more time than the page, and none of them is wanted here. So these answers set no
cookie, and what the other middleware would have said (content policy, transport security, framing,
referrer) is said here.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from suyuan.web.consumer.asking import language_of
from suyuan.web.consumer.views import answer

_PREFIXES: Final = ("/01/", "/00/", "/n/", "/.well-known/gs1resolver")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Vary": "Accept-Language, Accept, Accept-Encoding",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # A resolver is asked by scripts of other sites too (GS1-Conformant Resolver Standard: CORS);
    # there is nothing here that depends on who asks.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link",
}
_WORTH_COMPRESSING: Final = 600
# Level 6 makes the page 3 % smaller and takes twice as long.
_LEVEL: Final = 3


class ConsumerLane:
    """Middleware: answer consumers' pages, hand everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the rest of the server."""
        self._get_response = get_response
        seconds = settings.SECURE_HSTS_SECONDS
        self._transport = f"max-age={seconds}" if seconds else ""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or hand on."""
        if not request.path_info.startswith(_PREFIXES):
            return self._get_response(request)
        language = language_of(request)
        with translation.override(language):
            response = answer(request, language)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Language"] = "en" if language == "en" else "zh-Hans"
        if self._transport and request.is_secure():
            response.headers["Strict-Transport-Security"] = self._transport
        _compress(request, response)
        return response


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    """Compress for whoever can read it.

    Safe here (BREACH needs a secret in the answer): no answer has a cookie, a token or anything
    else that belongs to the one who asks.
    """
    body = response.content
    if len(body) < _WORTH_COMPRESSING or "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        response.headers["Content-Length"] = str(len(body))
        return
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    response.content = packer.compress(body) + packer.flush()
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
