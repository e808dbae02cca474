"""The document and its page, for everyone: they tell nothing of anybody's data."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from suyuan.api.epcis.gate import json_response
from suyuan.api.epcis.openapi.document import document


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """Answer with the OpenAPI document."""
    base = settings.ENVIRONMENT.public_url + reverse("epcis:openapi")
    return json_response(document(base.rpartition("/")[0]))


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the document, with the scripts that show the management API's."""
    shown = {
        "layout": "BaseLayout",
        "deepLinking": True,
        "persistAuthorization": False,
        "url": reverse("epcis:openapi"),
    }
    context = {
        "api": {"title": "Suyuan EPCIS 2.0"},
        "swagger_settings": json.dumps(shown, indent=1),
    }
    return render(request, "ninja/swagger.html", context)
