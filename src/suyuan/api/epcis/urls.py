"""Addresses below /epcis/v2/."""

from __future__ import annotations

from django.urls import path

from suyuan.api.epcis import views

app_name = "epcis"
urlpatterns = [
    path("capture", views.capture, name="capture"),
    path("capture/<str:job_id>", views.job, name="job"),
    path("events", views.events, name="events"),
    path("events/<path:event_id>", views.event, name="event"),
]
