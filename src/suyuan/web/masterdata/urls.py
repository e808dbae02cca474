"""Addresses of masterdata's screens.

Codes begin with a letter or a digit, so `_new` is never a row. A lot's code may hold slashes.
"""

from __future__ import annotations

from django.urls import path, re_path

from suyuan.web.masterdata.views import exchange, pictures
from suyuan.web.masterdata.views.rows import create_view, edit_view, list_view, page_view

app_name = "masterdata"

_APP = "app/<slug:org>/"
_GTIN = f"{_APP}products/<str:gtin>/"
_LOT = f"{_APP}batches/<str:gtin>/<path:code>/"
_MATERIAL_LOT = f"{_APP}material-lots/<str:material>/<path:code>/"

urlpatterns = [
    path(f"{_APP}products/", list_view("products"), name="products"),
    path(f"{_APP}products/_new/", create_view("products"), name="product_new"),
    path(_GTIN, pictures.product, name="product"),
    path(f"{_GTIN}edit/", edit_view("products"), name="product_edit"),
    path(f"{_GTIN}pictures/", pictures.add, name="picture_add"),
    path(f"{_GTIN}pictures/<str:digest>/remove/", pictures.remove, name="picture_remove"),
    path(f"{_GTIN}pictures/<str:digest>/first/", pictures.first, name="picture_first"),
    path(f"{_APP}pictures/<str:digest>.webp", pictures.own_file, name="picture"),
    path(f"{_APP}materials/", list_view("materials"), name="materials"),
    path(f"{_APP}materials/_new/", create_view("materials"), name="material_new"),
    path(f"{_APP}materials/<str:code>/", page_view("materials"), name="material"),
    path(f"{_APP}materials/<str:code>/edit/", edit_view("materials"), name="material_edit"),
    path(f"{_APP}parties/", list_view("parties"), name="parties"),
    path(f"{_APP}parties/_new/", create_view("parties"), name="party_new"),
    path(f"{_APP}parties/<str:code>/", page_view("parties"), name="party"),
    path(f"{_APP}parties/<str:code>/edit/", edit_view("parties"), name="party_edit"),
    path(f"{_APP}locations/", list_view("locations"), name="locations"),
    path(f"{_APP}locations/_new/", create_view("locations"), name="location_new"),
    path(f"{_APP}locations/<str:code>/", page_view("locations"), name="location"),
    path(f"{_APP}locations/<str:code>/edit/", edit_view("locations"), name="location_edit"),
    path(f"{_APP}batches/", list_view("lots"), name="lots"),
    path(f"{_LOT}edit/", edit_view("lots"), name="lot_edit"),
    path(_LOT, page_view("lots"), name="lot"),
    path(f"{_APP}material-lots/", list_view("material_lots"), name="material_lots"),
    path(f"{_APP}material-lots/_new/", create_view("material_lots"), name="material_lot_new"),
    path(f"{_MATERIAL_LOT}edit/", edit_view("material_lots"), name="material_lot_edit"),
    path(_MATERIAL_LOT, page_view("material_lots"), name="material_lot"),
    path(f"{_APP}imports/_new/<str:kind>/", exchange.upload, name="import_new"),
    path(f"{_APP}imports/<str:reference>/", exchange.run, name="import"),
    path(f"{_APP}imports/<str:reference>/apply/", exchange.apply, name="import_apply"),
    path(f"{_APP}imports/<str:reference>/faults.csv", exchange.faults, name="import_faults"),
    path(f"{_APP}exports/<str:kind>-template.csv", exchange.template, name="import_template"),
    re_path(
        r"^app/(?P<org>[-a-zA-Z0-9_]+)/exports/(?P<kind>[a-z_]+)\.(?P<form>csv|xlsx)$",
        exchange.export,
        name="export",
    ),
    path("media/p/<str:digest>.webp", pictures.public_file, name="media"),
]
