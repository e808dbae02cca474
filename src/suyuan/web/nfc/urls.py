"""Addresses of the pages of chips."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.nfc.views import chips, files, profiles

app_name = "nfc"

_NFC = "app/<slug:org>/nfc/"
_PROFILE = f"{_NFC}profiles/<slug:public_id>/"

urlpatterns: list[URLPattern] = [
    path(_NFC, chips.index, name="chips"),
    path(f"{_NFC}chips/<slug:uid>/", chips.detail, name="chip"),
    path(f"{_NFC}test/", chips.test, name="test"),
    path(f"{_NFC}plain/", files.plain, name="plain"),
    path(f"{_NFC}profiles/", profiles.index, name="profiles"),
    path(f"{_NFC}profiles/new/", profiles.new, name="new_profile"),
    path(_PROFILE, profiles.detail, name="profile"),
    path(f"{_PROFILE}rename", profiles.rename, name="rename"),
    path(f"{_PROFILE}keys/", profiles.keys, name="keys"),
    path(f"{_PROFILE}keys/<int:version>/revoke", profiles.revoke, name="revoke"),
    path(f"{_PROFILE}report/", chips.report, name="report"),
    path(f"{_PROFILE}archive/", files.archive, name="archive"),
    path(f"{_PROFILE}settings.json", files.manifest, name="manifest"),
    path(f"{_PROFILE}table.csv", files.table, name="table"),
]
