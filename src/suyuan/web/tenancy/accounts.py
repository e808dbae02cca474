"""What we ask of django-allauth beyond its settings.

Owns: the language a person reads after signing in; the second factor's secret encrypted at rest.
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from suyuan.kernel.secretbox import seal, unseal
from suyuan.tenancy.models import User

_YEAR = 365 * 24 * 3600


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Make the browser ask for `language` from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in as Suyuan wants it."""

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponseBase:
        """Greet a person in the language of their profile."""
        response = cast("HttpResponseBase", super().post_login(request, user, **details))
        if user.language:
            remember_language(response, user.language)
        return response


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The second factor as Suyuan keeps it."""

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return seal("second factor", text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret."""
        return unseal("second factor", encrypted_text.encode()).decode()
