"""Addresses of process's pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.process import views

app_name = "process"

urlpatterns: list[URLPattern] = [
    path("app/<slug:org>/collect/", views.index, name="collect_home"),
    path("app/<slug:org>/collect/<slug:step>/", views.collect, name="collect"),
]
