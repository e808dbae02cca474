"""Addresses of the screens of codes."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.codes import pictures, reading

app_name = "codes"

urlpatterns: list[URLPattern] = [
    path("app/<slug:org>/codes/read/", reading.read, name="read"),
    path("app/<slug:org>/codes/picture/", pictures.picture, name="picture"),
    path("app/<slug:org>/codes/picture.<slug:form>", pictures.picture_file, name="picture_file"),
]
