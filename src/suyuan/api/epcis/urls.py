"""Addresses below /epcis/v2/."""

from __future__ import annotations

from django.urls import path, re_path

from suyuan.api.epcis.gate import nowhere
from suyuan.api.epcis.openapi import views as openapi
from suyuan.api.epcis.views import capture, events, queries, top_level

app_name = "epcis"
urlpatterns = [
    path("openapi.json", openapi.openapi, name="openapi"),
    path("docs", openapi.docs, name="docs"),
    path("capture", capture.capture, name="capture"),
    path("capture/<str:job_id>", capture.job, name="job"),
    path("capture/<str:job_id>/header", capture.job_header, name="job_header"),
    path("events", events.events, name="events"),
    path("events/<path:event_id>", events.event, name="event"),
    *top_level.urlpatterns,
    path("queries", queries.queries, name="queries"),
    path("queries/<str:name>", queries.query, name="query"),
    path("queries/<str:name>/events", queries.query_events, name="query_events"),
    path("queries/<str:name>/subscriptions", queries.subscriptions, name="subscriptions"),
    path(
        "queries/<str:name>/subscriptions/<str:identifier>",
        queries.subscription,
        name="subscription",
    ),
    # Last: with names that hold line breaks, which no part of an address above matches.
    re_path(r"[\s\S]*", nowhere, name="nowhere"),
]
