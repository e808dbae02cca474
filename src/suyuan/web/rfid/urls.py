"""Addresses of RFID's pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.rfid import ranges, tags

app_name = "rfid"

_RFID = "app/<slug:org>/rfid/"
_RANGE = f"{_RFID}ranges/<slug:number>/"

urlpatterns: list[URLPattern] = [
    path(_RFID, ranges.index, name="ranges"),
    path(f"{_RFID}new/", ranges.new, name="new"),
    path(f"{_RFID}read/", tags.read, name="read"),
    path(f"{_RFID}write/", tags.write, name="write"),
    path(_RANGE, ranges.detail, name="range"),
    path(f"{_RANGE}end", ranges.end, name="end"),
    path(f"{_RANGE}tags.csv", ranges.download, name="download"),
]
