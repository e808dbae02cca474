"""The organisation's rows as values by column: what an export writes and an import compares with.

Relations are natural keys, as in the columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import batched
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from suyuan.exchange.columns import SHEETS
from suyuan.masterdata import selectors
from suyuan.masterdata.models import Product

type Values = dict[str, Any]
type Key = tuple[str, ...]

_BATCH: Final = 500  # keys in one query
_PAGE: Final = 2_000  # rows in one fetch

_LISTS: Final[Mapping[str, Callable[[int], QuerySet[Any]]]] = MappingProxyType(
    {
        "products": selectors.list_products,
        "materials": selectors.list_materials,
        "parties": selectors.list_parties,
        "locations": selectors.list_locations,
        "lots": selectors.list_lots,
        "material_lots": selectors.list_material_lots,
    }
)
# Columns that are not fields of the row itself: the way to their text.
_PATHS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "products": {},
        "materials": {"supplier": "supplier.code"},
        "parties": {},
        "locations": {"party": "party.code"},
        "lots": {"gtin": "product.gtin", "location": "location.code"},
        "material_lots": {"material": "material.code", "supplier": "supplier.code"},
    }
)


def _followed(row: Any, path: str) -> Any:
    for name in path.split("."):
        if row is None:
            return ""
        row = getattr(row, name)
    return row


def values_of(kind: str, row: Model) -> Values:
    """Return a row's values by column."""
    paths = _PATHS[kind]
    return {
        column.name: _followed(row, paths.get(column.name, column.name))
        for column in SHEETS[kind].columns
    }


def key_of(kind: str, values: Mapping[str, Any]) -> Key:
    """Return the texts of the key columns."""
    return tuple(str(values[column.name]) for column in SHEETS[kind].keys)


def every(organisation_id: int, kind: str) -> Iterator[Values]:
    """Yield all rows of a kind, in the order of its list, without holding them in memory."""
    for row in _LISTS[kind](organisation_id).iterator(chunk_size=_PAGE):
        yield values_of(kind, row)


def existing(
    organisation_id: int, kind: str, keys: Iterable[Key], *, lock: bool
) -> dict[Key, tuple[Model, Values]]:
    """Return those of the rows with `keys` that there are, locked where asked."""
    names = [_PATHS[kind].get(column.name, column.name) for column in SHEETS[kind].keys]
    found: dict[Key, tuple[Model, Values]] = {}
    for batch in batched(sorted(set(keys)), _BATCH):
        wanted = Q()
        for place, name in enumerate(names):
            wanted &= Q(**{f"{name.replace('.', '__')}__in": {key[place] for key in batch}})
        rows = _LISTS[kind](organisation_id).filter(wanted)
        if lock:
            rows = rows.order_by("id").select_for_update(of=("self",))
        for row in rows:
            values = values_of(kind, row)
            found[key_of(kind, values)] = (row, values)
    return found


def unnumbered(organisation_id: int, names: Iterable[str]) -> dict[str, list[str]]:
    """Return the restricted-circulation GTINs of products with these Chinese names.

    A row without a GTIN means such a product, so that a file imported twice changes nothing.
    """
    found: dict[str, list[str]] = {}
    for batch in batched(sorted(set(names)), _BATCH):
        rows = Product.objects.filter(organisation_id=organisation_id, name_zh__in=batch)
        for row in rows:
            if row.is_restricted:
                found.setdefault(row.name_zh, []).append(row.gtin)
    return found
