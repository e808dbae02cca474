"""Numbering keys: made, encrypted at rest, handed out as code spaces.

Owns: `SerialKey` rows, the cache of decrypted code spaces, the keys of hidden (inner) codes.
Does not own: which indexes were issued (issuing); the numbering (core.codespace); the encryption
(kernel.secretbox).

Cache rule: every call reads the product's `serial_key_id`, one indexed row, and the cache goes by
that id. A key's id is never used twice, not even after a rollback, and rotation sets a new one in
the rotating transaction; so what the cache answers is what the database says, however many
processes rotate, and nothing has to be invalidated. The cache is bounded; the oldest falls out.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from django.db import transaction

from suyuan.core.codespace import CodeSpace
from suyuan.kernel import clock
from suyuan.kernel.errors import NotFound
from suyuan.kernel.ids import new_id
from suyuan.kernel.lists import select
from suyuan.kernel.secretbox import SealBroken, seal, unseal
from suyuan.masterdata.errors import KeyChangedMeanwhile, KeysUnreadable, NotSerialised
from suyuan.masterdata.models import Granularity, Product, SerialKey

_KEY_BYTES: Final = 32
_SEALED_FOR: Final = "serial-keys"
_INNER_SEALED_FOR: Final = "inner-keys"
_CACHED_PRODUCTS: Final = 4096
_BATCH: Final = 500  # keys in one statement

_cache: OrderedDict[int, tuple[CodeSpace, ...]] = OrderedDict()
_lock = threading.Lock()


def _fresh_key(purpose: str = _SEALED_FOR) -> bytes:
    """Return a new random key as it is stored."""
    return seal(purpose, secrets.token_bytes(_KEY_BYTES))


def is_serialised(product: Product) -> bool:
    """Tell whether the product's items get serials from this installation."""
    return product.own and product.granularity == Granularity.ITEM


def first_keys(products: Iterable[Product]) -> list[SerialKey]:
    """Name numbering key 1 on each product that needs keys and has none; return those keys.

    The caller writes the products, which it holds locked or has just made, then `store`s the keys.
    """
    now = clock.now()
    keys: list[SerialKey] = []
    for product in products:
        if is_serialised(product) and product.serial_key_id is None:
            product.serial_key_id = new_id()
            keys.append(
                SerialKey(
                    organisation_id=product.organisation_id,
                    id=product.serial_key_id,
                    product_id=product.id,
                    version=1,
                    key=_fresh_key(),
                    created_at=now,
                )
            )
    return keys


def store(keys: Sequence[SerialKey]) -> None:
    """Insert the keys that `first_keys` returned."""
    SerialKey.objects.bulk_create(keys, batch_size=_BATCH)


def new_key_version(*, organisation_id: int, product_id: int) -> int:
    """Give the product a new numbering key, retire the one before, and return the new version.

    Call it inside a service that has checked rights and audits. Versions count from 1.

    Raises:
        NotFound: no such product in the organisation.
        NotSerialised: its items get no serials here.
        KeyChangedMeanwhile: another transaction rotated it between the read and the write.
    """
    products = Product.objects.filter(organisation_id=organisation_id, id=product_id)
    keys = SerialKey.objects.filter(organisation_id=organisation_id, product_id=product_id)
    with transaction.atomic():
        product = products.first()
        if product is None:
            raise NotFound(kind="product")
        if not is_serialised(product):
            raise NotSerialised(gtin=product.gtin)
        key_id = new_id()
        # Taken first: the row's lock keeps a second rotation out until this one is decided.
        taken = products.filter(serial_key_id=product.serial_key_id).update(serial_key_id=key_id)
        if not taken:
            raise KeyChangedMeanwhile(gtin=product.gtin)
        version = (keys.order_by("-version").values_list("version", flat=True).first() or 0) + 1
        now = clock.now()
        keys.filter(retired_at=None).update(retired_at=now)
        SerialKey.objects.create(
            organisation_id=organisation_id,
            id=key_id,
            product_id=product_id,
            version=version,
            key=_fresh_key(),
            created_at=now,
        )
    return version


def code_spaces(organisation_id: int, gtin: str) -> tuple[CodeSpace, ...]:
    """Return the product's code spaces, newest first; none when its items get no serials here.

    One query when cached, two when not. Retired keys are among them: old codes stay readable.

    Args:
        organisation_id: Whose product.
        gtin: 14 digits.
    """
    return code_spaces_by_gtin(organisation_id, (gtin,)).get(gtin, ())


def code_spaces_by_gtin(
    organisation_id: int, gtins: Collection[str]
) -> dict[str, tuple[CodeSpace, ...]]:
    """Return the code spaces of several products by GTIN; GTINs without any are left out.

    One query for those cached, and one more for all that are not.
    """
    if not gtins:
        return {}
    # Plain SQL: every scan and every trace asks this.
    places = ", ".join(["%s"] * len(gtins))
    found = {
        gtin: (key_id, product_id)
        for gtin, key_id, product_id in select(
            "SELECT gtin, serial_key_id, id FROM masterdata_product "  # noqa: S608 - from code
            f"WHERE organisation_id = %s AND gtin IN ({places}) AND serial_key_id IS NOT NULL",
            (organisation_id, *gtins),
        )
    }
    spaces: dict[str, tuple[CodeSpace, ...]] = {}
    missing: dict[int, tuple[str, int]] = {}
    with _lock:
        for gtin, (key_id, product_id) in found.items():
            if (cached := _cache.get(key_id)) is not None:
                _cache.move_to_end(key_id)
                spaces[gtin] = cached
            else:
                missing[product_id] = (gtin, key_id)
    if missing:
        loaded = _load(organisation_id, {key: gtin for key, (gtin, _) in missing.items()})
        spaces |= {gtin: loaded[key] for key, (gtin, _) in missing.items() if key in loaded}
    return spaces


def inner_key(organisation_id: int, gtin: str, version: int) -> bytes:
    """Return the key of the hidden codes that go with a version of a product's numbering key.

    It is drawn apart from the numbering key, so that who knows one learns nothing of the other;
    made when it is first asked for, and the same ever after: codes in print follow from it.

    Args:
        organisation_id: Whose product.
        gtin: 14 digits.
        version: Of the numbering key.

    Raises:
        NotFound: the product has no such numbering key.
        KeysUnreadable: it was sealed under a secret that this installation no longer has.
    """
    rows = SerialKey.objects.filter(
        organisation_id=organisation_id, product__gtin=gtin, version=version
    )
    found = rows.values_list("id", "inner_key").first()
    if found is None:
        raise NotFound(kind="serial_key")
    key_id, token = found
    if token is None:
        row = SerialKey.objects.filter(organisation_id=organisation_id, id=key_id)
        # Whoever writes first decides, and everybody reads what is stored.
        row.filter(inner_key=None).update(inner_key=_fresh_key(_INNER_SEALED_FOR))
        token = row.values_list("inner_key", flat=True).get()
    try:
        return unseal(_INNER_SEALED_FOR, bytes(token or b""))
    except SealBroken as error:
        raise KeysUnreadable(gtin=gtin) from error


def _load(organisation_id: int, gtins: dict[int, str]) -> dict[int, tuple[CodeSpace, ...]]:
    """Decrypt the keys of products (id → GTIN) and keep their spaces; return them by product id."""
    rows: dict[int, list[tuple[int, int, CodeSpace]]] = {}
    for key_id, product_id, version, token in SerialKey.objects.filter(
        organisation_id=organisation_id, product_id__in=gtins
    ).values_list("id", "product_id", "version", "key"):
        gtin = gtins[product_id]
        try:
            key = unseal(_SEALED_FOR, bytes(token))
        except SealBroken as error:
            raise KeysUnreadable(gtin=gtin) from error
        space = CodeSpace(key=key, gtin=gtin, version=version)
        rows.setdefault(product_id, []).append((version, key_id, space))
    loaded: dict[int, tuple[CodeSpace, ...]] = {}
    with _lock:
        for product_id, versions in rows.items():
            versions.sort(key=lambda row: row[0], reverse=True)
            loaded[product_id] = tuple(space for _, _, space in versions)
            # Filed under the newest key that was really read, which a rotation between the two
            # queries may have made: an older list never stands under a newer id.
            _cache[versions[0][1]] = loaded[product_id]
        while len(_cache) > _CACHED_PRODUCTS:
            _cache.popitem(last=False)
    return loaded


def forget() -> None:
    """Empty the cache, for tests that count queries."""
    with _lock:
        _cache.clear()
