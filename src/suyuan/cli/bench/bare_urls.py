"""The one address of the baseline server."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse  # noqa: TID251 - a baseline is a view and nothing else
from django.urls import re_path


def ok(_request: Any) -> HttpResponse:
    """Answer two letters."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [re_path("", ok)]
