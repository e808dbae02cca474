"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from suyuan.web.shell import operations, search_view, views

app_name = "shell"

urlpatterns = [
    path("", views.start, name="start"),
    path("health", operations.health, name="health"),
    path("metrics", operations.metrics, name="metrics"),
    path("app/<slug:org>/", views.home, name="home"),
    path("app/<slug:org>/step/<slug:name>/", views.step, name="step"),
    path("app/<slug:org>/search/", search_view.search, name="search"),
]
