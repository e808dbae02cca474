"""Addresses of carriers' pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.carriers import views

app_name = "carriers"

_CARRIERS = "app/<slug:org>/carriers/"

urlpatterns: list[URLPattern] = [
    path(_CARRIERS, views.index, name="index"),
    path(f"{_CARRIERS}bind/", views.bind, name="bind"),
    path(f"{_CARRIERS}upload/", views.upload, name="upload"),
    path(f"{_CARRIERS}one/", views.one, name="one"),
    path(f"{_CARRIERS}one/replace", views.replace, name="replace"),
    path(f"{_CARRIERS}one/release", views.release, name="release"),
    path(f"{_CARRIERS}hidden/unlock", views.unlock, name="unlock"),
]
