"""Addresses of recalls' pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.recalls.views import cases, items, opening

app_name = "recalls"

_BASE = "app/<slug:org>/recalls/"

urlpatterns: list[URLPattern] = [
    path(_BASE, cases.index, name="cases"),
    path(f"{_BASE}new/", opening.new, name="new"),
    path(f"{_BASE}new/items/", opening.preview_items, name="preview_items"),
    path(f"{_BASE}new/open", opening.open_case, name="open"),
    path(f"{_BASE}<slug:number>/", cases.detail, name="case"),
    path(f"{_BASE}<slug:number>/items/", items.index, name="items"),
    path(f"{_BASE}<slug:number>/items.csv", items.as_csv, name="items_csv"),
    path(f"{_BASE}<slug:number>/items.xlsx", items.as_workbook, name="items_xlsx"),
    path(f"{_BASE}<slug:number>/close", cases.close, name="close"),
]
