"""Addresses of issuing's pages."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.issuing import batches, downloads, keys, orders, sets

app_name = "issuing"

_CODES = "app/<slug:org>/codes/"
_ORDER = f"{_CODES}orders/<slug:number>/"
_SET = f"{_CODES}sets/<slug:number>/"
_UNIT = f"{_CODES}units/<slug:sscc>/"
_PRODUCT = f"{_CODES}products/<slug:gtin>/"

urlpatterns: list[URLPattern] = [
    path(_CODES, orders.index, name="orders"),
    path(f"{_CODES}new/", orders.new, name="new_order"),
    path(f"{_CODES}batches/new/", batches.new, name="open_lot"),
    path(f"{_CODES}batches/", batches.detail, name="lot"),
    path(f"{_CODES}qr.svg", downloads.qr_svg, name="qr_svg"),
    path(_ORDER, orders.detail, name="order"),
    path(f"{_ORDER}commission", orders.commission_order, name="commission"),
    path(f"{_ORDER}pack", orders.pack, name="pack"),
    path(f"{_ORDER}download/<slug:form>", downloads.codes, name="download"),
    path(f"{_ORDER}withdraw", orders.withdraw, name="withdraw"),
    path(f"{_CODES}sets/", sets.index, name="sets"),
    path(f"{_CODES}sets/new/", sets.new, name="new_set"),
    path(_SET, sets.detail, name="set"),
    path(f"{_SET}activate", sets.activate_all, name="activate_sets"),
    path(f"{_SET}progress", sets.progress, name="set_progress"),
    path(f"{_SET}cancel", sets.cancel, name="cancel_sets"),
    path(f"{_SET}labels.csv", sets.labels, name="set_labels"),
    path(_UNIT, sets.unit, name="set_unit"),
    path(f"{_UNIT}activate", sets.activate_unit, name="activate_unit"),
    path(_PRODUCT, keys.detail, name="keys"),
    path(f"{_PRODUCT}rotate", keys.rotate, name="rotate"),
]
