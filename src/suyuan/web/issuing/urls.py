"""Addresses of issuing's pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.issuing import batches, downloads, keys, orders

app_name = "issuing"

_CODES = "app/<slug:org>/codes/"
_ORDER = f"{_CODES}orders/<slug:number>/"
_PRODUCT = f"{_CODES}products/<slug:gtin>/"

urlpatterns: list[URLPattern] = [
    path(_CODES, orders.index, name="orders"),
    path(f"{_CODES}new/", orders.new, name="new_order"),
    path(f"{_CODES}batches/new/", batches.new, name="open_lot"),
    path(f"{_CODES}batches/", batches.detail, name="lot"),
    path(f"{_CODES}qr.svg", downloads.qr_svg, name="qr_svg"),
    path(f"{_CODES}qr.png", downloads.qr_png, name="qr_png"),
    path(_ORDER, orders.detail, name="order"),
    path(f"{_ORDER}commission", orders.commission_order, name="commission"),
    path(f"{_ORDER}pack", orders.pack, name="pack"),
    path(f"{_ORDER}download/<slug:form>", downloads.codes, name="download"),
    path(_PRODUCT, keys.detail, name="keys"),
    path(f"{_PRODUCT}rotate", keys.rotate, name="rotate"),
]
