"""Addresses of the label designer."""

from __future__ import annotations

from django.urls import path, re_path
from django.urls.resolvers import URLPattern

from suyuan.web.labels import designer, files, live, views

app_name = "labels"

_LABELS = "app/<slug:org>/labels/"
_TEMPLATE = f"{_LABELS}<slug:number>/"

urlpatterns: list[URLPattern] = [
    path(_LABELS, views.index, name="index"),
    path(f"{_LABELS}new/", views.new, name="new"),
    path(f"{_LABELS}preview", live.preview_json, name="preview"),
    path(f"{_LABELS}starts/<slug:start>.<slug:language>.svg", files.start_svg, name="start"),
    path(f"{_LABELS}logos/", files.logos, name="logos"),
    path(f"{_LABELS}logos/<slug:digest>.png", files.logo, name="logo"),
    path(f"{_LABELS}logos/<slug:digest>/remove", files.remove_logo, name="remove_logo"),
    path(_TEMPLATE, designer.designer, name="designer"),
    path(f"{_TEMPLATE}history/", views.history, name="history"),
    path(f"{_TEMPLATE}<int:version>.svg", files.version_svg, name="picture"),
    path(f"{_TEMPLATE}<int:version>/restore", views.restore, name="restore"),
    re_path(
        r"^app/(?P<org>[-a-zA-Z0-9_]+)/labels/(?P<number>[-a-zA-Z0-9_]+)/proof\.(?P<form>pdf|png)$",
        files.proof,
        name="proof",
    ),
    path(f"{_TEMPLATE}duplicate", views.duplicate, name="duplicate"),
    path(f"{_TEMPLATE}archive", views.archive, name="archive"),
    path(f"{_TEMPLATE}reopen", views.reopen, name="reopen"),
]
