"""Addresses of printing's pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.printing import creating, jobs, printers, voids

app_name = "printing"

_PRINT = "app/<slug:org>/print/"
_JOB = f"{_PRINT}jobs/<slug:number>/"
_PRINTER = f"{_PRINT}printers/<str:code>/"

urlpatterns: list[URLPattern] = [
    path(_PRINT, jobs.index, name="jobs"),
    path(f"{_PRINT}new/", creating.new, name="new"),
    path(f"{_PRINT}new/preview", creating.preview, name="preview"),
    path(_JOB, jobs.detail, name="job"),
    path(f"{_JOB}progress", jobs.progress, name="progress"),
    path(f"{_JOB}pause", jobs.pause, name="pause"),
    path(f"{_JOB}resume", jobs.resume, name="resume"),
    path(f"{_JOB}cancel", jobs.cancel, name="cancel"),
    path(f"{_JOB}void", voids.void, name="void"),
    path(f"{_JOB}reprint", voids.reprint, name="reprint"),
    path(f"{_JOB}files/<int:part>", jobs.download, name="file"),
    path(f"{_PRINT}printers/", printers.index, name="printers"),
    path(f"{_PRINT}printers/new/", printers.new, name="new_printer"),
    path(_PRINTER, printers.detail, name="printer"),
    path(f"{_PRINTER}try", printers.attempt, name="try_printer"),
]
