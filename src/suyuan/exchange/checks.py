"""What a row of a file refers to and competes with, read at once for all rows.

Owns: the faults that no single cell shows: unknown relations, numbers and GLNs that are taken,
days in the wrong order. The services refuse the same; here each row learns of it in the preview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import batched
from types import MappingProxyType
from typing import Any, Final

from suyuan.exchange.columns import Sheet
from suyuan.exchange.sheets import Key, Values
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.errors import CodesIssued, GlnTaken, GtinClaimed, GtinTaken
from suyuan.masterdata.models import (
    Granularity,
    InnerCode,
    Location,
    Material,
    Party,
    Product,
    Publication,
)

_BATCH: Final = 500


class World:
    """What the organisation has, as far as the rows of one file ask."""

    def __init__(self, organisation_id: int, sheet: Sheet, rows: Iterable[Values]) -> None:
        """Read what the rows name: one query for each 500 names of a kind."""
        self.organisation_id = organisation_id
        self.kind = sheet.kind
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for name in ("supplier", "party", "location", "material", "gtin", "gln"):
                if value := row.get(name):
                    wanted.setdefault(name, set()).add(str(value))
        parties = wanted.get("supplier", set()) | wanted.get("party", set())
        self.parties = self._codes(Party, "code", parties)
        self.locations = self._codes(Location, "code", wanted.get("location", set()))
        self.materials = self._codes(Material, "code", wanted.get("material", set()))
        gtins = wanted.get("gtin", set())
        self.product_gtins = self._codes(Product, "gtin", gtins)
        self.material_gtins = self._codes(Material, "gtin", gtins)
        self.claimed = {
            gtin
            for batch in batched(sorted(gtins), _BATCH)
            for gtin in Publication.objects.filter(gtin__in=batch)
            .exclude(organisation_id=organisation_id)
            .values_list("gtin", flat=True)
        }
        holder = {"parties": Party, "locations": Location}.get(self.kind)
        self.glns = self._holders(holder, wanted.get("gln", set())) if holder else {}
        self.material_codes = self._gtin_holders(gtins) if self.kind == "materials" else {}

    def _codes(self, model: Any, column: str, values: set[str]) -> set[str]:
        return {
            value
            for batch in batched(sorted(values), _BATCH)
            for value in model.objects.filter(
                organisation_id=self.organisation_id, **{f"{column}__in": batch}
            ).values_list(column, flat=True)
        }

    def _holders(self, model: Any, glns: set[str]) -> dict[str, str]:
        return {
            gln: code
            for batch in batched(sorted(glns), _BATCH)
            for gln, code in model.objects.filter(
                organisation_id=self.organisation_id, gln__in=batch
            ).values_list("gln", "code")
        }

    def _gtin_holders(self, gtins: set[str]) -> dict[str, str]:
        return {
            gtin: code
            for batch in batched(sorted(gtins), _BATCH)
            for gtin, code in Material.objects.filter(
                organisation_id=self.organisation_id, gtin__in=batch
            ).values_list("gtin", "code")
        }

    def check(self, key: Key, merged: Values, before: Any | None) -> None:
        """Refuse a row that the services would refuse.

        Args:
            key: The row's key.
            merged: The row's values over the stored ones.
            before: The stored row, None for a creation.

        Raises:
            SuyuanError: what is wrong.
        """
        _CHECKS[self.kind](self, key, merged, before)

    def require(self, known: set[str], value: object, code: str, place: str) -> None:
        """Refuse a relation to what is not there.

        Raises:
            Invalid: `code`.
        """
        if value and value not in known:
            raise Invalid(code, place=place, given=str(value)[:40])

    def claim_gln(self, key: Key, gln: object) -> None:
        """Refuse a GLN that another row has, stored or earlier in the file.

        Raises:
            GlnTaken: it has.
        """
        if gln and self.glns.setdefault(str(gln), key[0]) != key[0]:
            raise GlnTaken(place="gln", gln=str(gln))


def _product(world: World, key: Key, merged: Values, before: Any | None) -> None:
    if before is None and key[0] in world.material_gtins:
        raise GtinTaken(place="gtin", gtin=key[0])
    if merged["own"] and key[0] in world.claimed:
        raise GtinClaimed(place="gtin", gtin=key[0])
    serialised = merged["own"] and merged["granularity"] == Granularity.ITEM
    if before is not None and before.codes_issued and before.serial_key_id and not serialised:
        raise CodesIssued(place="granularity" if merged["own"] else "own", gtin=key[0])
    if merged["inner_code"] != InnerCode.NONE and not serialised:
        raise Invalid("inner_needs_items", place="inner_code", gtin=key[0])


def _material(world: World, key: Key, merged: Values, before: Any | None) -> None:
    world.require(world.parties, merged["supplier"], "party_unknown", "supplier")
    gtin = merged["gtin"]
    if before is not None and gtin != before.gtin:
        raise Invalid("gtin_never_changes", place="gtin", given=gtin)
    if before is None and gtin:
        holder = world.material_codes.setdefault(gtin, key[0])
        if gtin in world.product_gtins or holder != key[0]:
            raise GtinTaken(place="gtin", gtin=gtin)


def _party(world: World, key: Key, merged: Values, _before: Any | None) -> None:
    world.claim_gln(key, merged["gln"])


def _location(world: World, key: Key, merged: Values, _before: Any | None) -> None:
    world.require(world.parties, merged["party"], "party_unknown", "party")
    world.claim_gln(key, merged["gln"])
    if (merged["latitude"] is None) != (merged["longitude"] is None):
        place = "latitude" if merged["latitude"] is None else "longitude"
        raise Invalid("half_a_position", place=place)


def _lot(world: World, key: Key, merged: Values, _before: Any | None) -> None:
    world.require(world.product_gtins, key[0], "product_unknown", "gtin")
    world.require(world.locations, merged["location"], "location_unknown", "location")
    _require_order(merged)


def _material_lot(world: World, key: Key, merged: Values, _before: Any | None) -> None:
    world.require(world.materials, key[0], "material_unknown", "material")
    world.require(world.parties, merged["supplier"], "party_unknown", "supplier")
    _require_order(merged)


def _require_order(merged: Values) -> None:
    produced, expires = merged["produced_on"], merged["expires_on"]
    if produced and expires and expires < produced:
        raise Invalid(
            "expires_before_production",
            place="expires_on",
            produced_on=produced.isoformat(),
            expires_on=expires.isoformat(),
        )


_CHECKS: Final[Mapping[str, Callable[[World, Key, Values, Any | None], None]]] = MappingProxyType(
    {
        "products": _product,
        "materials": _material,
        "parties": _party,
        "locations": _location,
        "lots": _lot,
        "material_lots": _material_lot,
    }
)
