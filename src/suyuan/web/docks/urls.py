"""Addresses of docks' pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.docks import live, readers

app_name = "docks"

_DOCKS = "app/<slug:org>/docks/"
_READER = f"{_DOCKS}readers/<str:code>/"

urlpatterns: list[URLPattern] = [
    path(_DOCKS, live.index, name="readers"),
    path(f"{_DOCKS}live", live.index_part, name="live"),
    path(f"{_DOCKS}new/", readers.new, name="new"),
    path(_READER, live.detail, name="reader"),
    path(f"{_READER}live", live.detail_part, name="reader_live"),
    path(f"{_READER}stays/", live.stays, name="stays"),
    path(f"{_READER}edit/", readers.edit, name="edit"),
    path(f"{_READER}try", live.attempt, name="try"),
]
