"""Addresses of the screens over the whole chain; each subject has its own list."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from suyuan.web.monitoring.dwell import views as dwell
from suyuan.web.monitoring.stock import views as stock
from suyuan.web.monitoring.suppliers import views as suppliers

app_name = "monitoring"

_STOCK = "app/<slug:org>/stock/"
_DWELL = "app/<slug:org>/dwell/"
_SUPPLIERS = "app/<slug:org>/suppliers/"

urlpatterns: list[URLPattern] = [
    path(_STOCK, stock.index, name="stock"),
    path(f"{_STOCK}stock.csv", stock.as_csv, name="stock_csv"),
    path(f"{_STOCK}items/", stock.cell, name="stock_cell"),
    path(f"{_STOCK}items.csv", stock.cell_csv, name="stock_cell_csv"),
    path(_SUPPLIERS, suppliers.index, name="suppliers"),
    path(f"{_SUPPLIERS}<str:code>/", suppliers.supplier, name="supplier"),
    path(_DWELL, dwell.index, name="dwell"),
    path(f"{_DWELL}dwell.csv", dwell.as_csv, name="dwell_csv"),
    path(f"{_DWELL}group/", dwell.group, name="dwell_group"),
]
