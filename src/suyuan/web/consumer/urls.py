"""Addresses of consumers' pages; `lane` answers them before they are looked up here."""

from __future__ import annotations

from django.urls import path, re_path

from suyuan.web.consumer.views import page

app_name = "consumer"
urlpatterns = [
    re_path(r"^01/(?P<gtin>[0-9]{8,14})/21/(?P<serial>.+)$", page, name="item"),
    re_path(r"^01/(?P<gtin>[0-9]{8,14})/10/(?P<lot>.+)$", page, name="lot"),
    re_path(r"^01/(?P<gtin>[^/]*)$", page, name="product"),
    re_path(r"^00/(?P<sscc>.*)$", page, name="unit"),
    re_path(r"^n/(?P<public_id>[^/]*)$", page, name="tap"),
    path(".well-known/gs1resolver", page, name="resolver"),
]
