"""Addresses of the scans, below the organisation's."""

from __future__ import annotations

from django.urls import path

from suyuan.web.verification import views

app_name = "verification"
urlpatterns = [
    path("app/<slug:org>/scans/", views.scans, name="scans"),
    path("app/<slug:org>/scans/export.csv", views.scans_csv, name="scans_csv"),
]
