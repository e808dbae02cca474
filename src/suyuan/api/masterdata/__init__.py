"""Masterdata over the API: products, materials, parties, locations, lots."""

from ninja import Router

from suyuan.api.masterdata import lots, places, products

router = Router()
for _part in (products, places, lots):
    router.add_router("", _part.router)
