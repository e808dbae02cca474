"""Addresses of quality's pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.quality.views import common_factors, complaints, files, reports

app_name = "quality"

_REPORTS = "app/<slug:org>/quality/reports/"
_COMPLAINTS = "app/<slug:org>/quality/complaints/"

urlpatterns: list[URLPattern] = [
    path(_REPORTS, reports.index, name="reports"),
    path(f"{_REPORTS}new/", reports.new, name="new_report"),
    path(f"{_REPORTS}<slug:number>/", reports.detail, name="report"),
    path(f"{_REPORTS}<slug:number>/file", files.of_report, name="report_file"),
    path(
        f"{_REPORTS}<slug:number>/files/<int:position>",
        files.more_of_report,
        name="report_more_file",
    ),
    path(f"{_REPORTS}<slug:number>/show", reports.show, name="show_report"),
    path(f"{_REPORTS}<slug:number>/revoke", reports.revoke, name="revoke_report"),
    path(_COMPLAINTS, complaints.index, name="complaints"),
    path(f"{_COMPLAINTS}new/", complaints.new, name="new_complaint"),
    path(f"{_COMPLAINTS}common/", common_factors.common, name="common"),
    path(f"{_COMPLAINTS}<slug:number>/", complaints.detail, name="complaint"),
    path(f"{_COMPLAINTS}<slug:number>/write", complaints.write, name="write_complaint"),
    path(f"{_COMPLAINTS}<slug:number>/erase", complaints.erase, name="erase_reporter"),
    path(
        f"{_COMPLAINTS}<slug:number>/pictures/<int:position>",
        files.picture,
        name="complaint_picture",
    ),
    path(
        f"{_COMPLAINTS}<slug:number>/sisters/<slug:word>/", common_factors.sisters, name="sisters"
    ),
    path("media/r/<slug:sha256>", files.public_report, name="public_report"),
]
