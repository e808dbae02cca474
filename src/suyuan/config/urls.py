"""Every address of the installation."""

from __future__ import annotations

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from suyuan.api.mount import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("epcis/v1/", include("suyuan.api.epcis.soap.urls")),
    path("epcis/v2/", include("suyuan.api.epcis.urls")),
    path("", include("suyuan.web.tenancy.person_urls")),
    path("", include("suyuan.web.tenancy.urls")),
    path("", include("suyuan.web.masterdata.urls")),
    path("", include("suyuan.web.consumer.urls")),
    path("", include("suyuan.web.verification.urls")),
    path("", include("suyuan.web.quality.urls")),
    # Before recalls: `recalls/messages/` would else be the number of a case.
    path("", include("suyuan.web.notices.urls")),
    path("", include("suyuan.web.recalls.urls")),
    path("", include("suyuan.web.monitoring.urls")),
    path("", include("suyuan.web.codes.urls")),
    path("", include("suyuan.web.issuing.urls")),
    path("", include("suyuan.web.labels.urls")),
    path("", include("suyuan.web.printing.urls")),
    path("", include("suyuan.web.printhouse.urls")),
    path("", include("suyuan.web.carriers.urls")),
    path("", include("suyuan.web.rfid.urls")),
    path("", include("suyuan.web.nfc.urls")),
    path("", include("suyuan.web.docks.urls")),
    path("", include("suyuan.web.subscriptions.urls")),
    path("", include("suyuan.web.process.urls")),
    path("", include("suyuan.web.trace.urls")),
    path("", include("suyuan.web.partners.urls")),
    # Last: `app/<org>/` would else take the addresses of `app/new/` and the like.
    path("", include("suyuan.web.shell.urls")),
]

handler400 = "suyuan.web.errors.bad_request"
handler403 = "suyuan.web.errors.forbidden"
handler404 = "suyuan.web.errors.not_found"
handler500 = "suyuan.web.errors.server_error"
