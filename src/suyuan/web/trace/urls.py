"""Addresses of the trace screens.

A serial, a lot or a waybill may hold a slash, so it is the last part of its address.
"""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.trace.views import events, items, jobs, lookup, lots, units

app_name = "trace"

_APP = "app/<slug:org>/"

urlpatterns: list[URLPattern] = [
    path(f"{_APP}items/<str:gtin>/<path:serial>/", items.item, name="item"),
    path(f"{_APP}units/<str:sscc>/", units.unit, name="unit"),
    path(f"{_APP}parcels/<path:waybill>/", units.parcel, name="parcel"),
    path(f"{_APP}lots/<str:gtin>/<path:lot>/", lots.lot, name="lot"),
    path(f"{_APP}events/", events.index, name="events"),
    path(f"{_APP}events/<int:seq>/", events.detail, name="event"),
    path(f"{_APP}events/<int:seq>/document.json", events.document, name="event_document"),
    path(f"{_APP}jobs/", jobs.index, name="jobs"),
    path(f"{_APP}jobs/<int:job_id>/", jobs.detail, name="job"),
    path(f"{_APP}jobs/<int:job_id>/faults.csv", jobs.faults, name="job_faults"),
    path(f"{_APP}trace/", lookup.home, name="home"),
    path(f"{_APP}trace/<path:identifier>", lookup.resolve, name="resolve"),
]
