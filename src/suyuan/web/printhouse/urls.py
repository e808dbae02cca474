"""Addresses of the pages of packages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.printhouse import houses, packages, returns

app_name = "printhouse"

_PACKAGES = "app/<slug:org>/packages/"
_PACKAGE = f"{_PACKAGES}<slug:number>/"
_RETURN = f"{_PACKAGE}returns/<int:ordinal>/"
_HOUSES = f"{_PACKAGES}print-houses/"

urlpatterns: list[URLPattern] = [
    path(_PACKAGES, packages.index, name="packages"),
    path(f"{_PACKAGES}new/", packages.new, name="new"),
    path(_HOUSES, houses.index, name="houses"),
    path(f"{_HOUSES}<str:code>/agree", houses.agree, name="agree"),
    path(f"{_HOUSES}<str:code>/tell", houses.tell, name="tell"),
    path(_PACKAGE, packages.detail, name="package"),
    path(f"{_PACKAGE}state", packages.state, name="state"),
    path(f"{_PACKAGE}file", packages.file, name="file"),
    path(f"{_PACKAGE}sum-up", packages.sum_up, name="sum_up"),
    path(f"{_PACKAGE}send", packages.send, name="send"),
    path(f"{_PACKAGE}cancel", packages.cancel, name="cancel"),
    path(f"{_PACKAGE}close", packages.close, name="close"),
    path(f"{_PACKAGE}rolls/<int:roll>/withdraw", packages.withdraw_roll, name="withdraw_roll"),
    path(f"{_PACKAGE}returns/", returns.upload, name="upload"),
    path(_RETURN, returns.detail, name="return"),
    path(f"{_RETURN}apply", returns.apply, name="apply"),
    path(f"{_RETURN}report.csv", returns.report, name="report"),
]
