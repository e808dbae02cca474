"""Addresses below /epcis/v1/."""

from __future__ import annotations

from django.urls import path

from suyuan.api.epcis.soap import views

app_name = "epcis1"
urlpatterns = [
    path("query", views.query, name="query"),
    path("capture", views.capture, name="capture"),
]
