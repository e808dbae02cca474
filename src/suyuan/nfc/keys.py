"""The keys of profiles: made, sealed, opened, remembered while a process runs.

Owns: what is sealed, check values, which keys are refused, the cache of opened versions.
Does not own: the encryption at rest (kernel.secretbox); diversification (core.nfc).
Invariant: no function returns or logs the text of a key but those of `personalisation`, which ask
for the right and write the audit trail.

Cache rule: a version's row never changes but for its revocation, which `open_versions` asks of the
database each time; so what is cached by the row's id never has to be invalidated.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from suyuan.core.nfc.aes import KEY_BYTES, ZERO, block
from suyuan.core.nfc.layout import Layout, MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.sun import SunKeys
from suyuan.core.nfc.template import Slots
from suyuan.kernel.errors import Invalid
from suyuan.kernel.lists import select
from suyuan.kernel.secretbox import seal, unseal
from suyuan.nfc.models import ProfileVersion

_SEALED_FOR: Final = "nfc-keys"
_CACHED: Final = 1024
MOST_VERSIONS: Final = 50
"""Unrevoked versions of an organisation: a tap at an item's own address may try them all."""

_PUBLISHED: Final = frozenset(
    bytes.fromhex(text)
    for text in (
        "00112233445566778899AABBCCDDEEFF",
        "000102030405060708090A0B0C0D0E0F",
        "5ACE7E50AB65D5D51FD5BF5A16B8205B",
        "42AFF114F2CB3B6141BE6DC95DFC5416",
        "B62A9BAF092439BD43C62AEE96B970C5",
    )
)


@dataclass(frozen=True, slots=True)
class ChipKeys:
    """The three keys of a profile's version. `app` is empty where an importer keeps it back."""

    meta: bytes
    file: bytes
    app: bytes = b""

    def __repr__(self) -> str:
        """Say nothing: values get into logs."""
        return "ChipKeys(…)"

    @property
    def published(self) -> bool:
        """Whether one of them stands in a data sheet, or is a factory's key."""
        given = [key for key in (self.meta, self.file, self.app) if key]
        return any(key in _PUBLISHED or len(set(key)) == 1 for key in given)

    @property
    def checks(self) -> dict[str, str]:
        """Check values: the first three bytes of a block of zeros encrypted with each key."""
        named = {"app": self.app, "meta": self.meta, "file": self.file}
        return {name: block(key, ZERO)[:3].hex().upper() for name, key in named.items() if key}


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """A version with its keys, ready to verify."""

    profile_id: int
    version: int
    layout: Layout
    keys: SunKeys


def fresh_keys() -> ChipKeys:
    """Return new random keys."""
    return ChipKeys(*(secrets.token_bytes(KEY_BYTES) for _ in range(3)))


def read_keys(given: Mapping[str, str], layout: Layout) -> ChipKeys:
    """Return keys that were typed as hex.

    Raises:
        Invalid: `required` or `nfc_key_hex`, at the key's field.
    """
    needed = {"key_file", *(("key_meta",) if layout.mirror is Mirror.ENCRYPTED else ())}
    read: dict[str, bytes] = {}
    for name in ("key_meta", "key_file", "key_app"):
        text = "".join(given.get(name, "").split())
        if not text and name in needed:
            raise Invalid("required", place=name)
        read[name] = _key(text, name) if text else b""
    return ChipKeys(read["key_meta"], read["key_file"], read["key_app"])


def _key(text: str, place: str) -> bytes:
    # Never in the error's data: it would be shown and logged.
    try:
        key = bytes.fromhex(text) if text.isascii() else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Invalid("nfc_key_hex", place=place)
    return key


def sealed(keys: ChipKeys) -> bytes:
    """Return keys as they are stored."""
    # A key that is not there is sealed as nothing, so that lengths tell them apart.
    parts = (keys.meta, keys.file, keys.app)
    return seal(_SEALED_FOR, b"".join(bytes([len(part)]) + part for part in parts))


def unsealed(token: bytes | memoryview[int]) -> ChipKeys:
    """Return what `sealed` was given.

    Raises:
        SealBroken: sealed under a secret that this installation no longer has.
    """
    rest = unseal(_SEALED_FOR, bytes(token))
    parts: list[bytes] = []
    while rest:
        size = rest[0]
        parts.append(rest[1 : 1 + size])
        rest = rest[1 + size :]
    return ChipKeys(*parts)


def layout_of(stored: Mapping[str, Any]) -> Layout:
    """Return a layout as a version stores it."""
    words = {
        "mode": Mode(stored["mode"]),
        "mirror": Mirror(stored["mirror"]),
        "mac_input": MacInput(stored["mac_input"]),
        "seal": SealAt(stored["seal"]),
    }
    return Layout(**{**stored, **words})


def stored_layout(layout: Layout) -> dict[str, Any]:
    """Return what `layout_of` reads."""
    return asdict(layout)


def slots_of(stored: Mapping[str, int]) -> Slots:
    """Return slots as a version stores them."""
    return Slots(**stored)


_cache: OrderedDict[int, OpenVersion] = OrderedDict()
_signed: OrderedDict[int, str] = OrderedDict()  # the parameter with the MAC, by version
_lock = threading.Lock()


def signature_names(organisation_id: int) -> set[str]:
    """Return the parameters that hold a MAC in links of the organisation's chips.

    Those of revoked versions are among them: a link under revoked keys stays a tap, or it would
    pass for an ordinary scan of a genuine code. One query when cached, two when not.
    """
    ids = [
        row[0]
        for row in select(
            "SELECT id FROM nfc_profileversion WHERE organisation_id = %s", [organisation_id]
        )
    ]
    with _lock:
        found = {one: _signed[one] for one in ids if one in _signed}
    if missing := [one for one in ids if one not in found]:
        rows = ProfileVersion.objects.filter(organisation_id=organisation_id, id__in=missing)
        loaded = {
            one: layout_of(stored).names[-1] for one, stored in rows.values_list("id", "layout")
        }
        found |= loaded
        _keep(_signed, loaded)
    return set(found.values())


def _keep[Value](cache: OrderedDict[int, Value], loaded: dict[int, Value]) -> None:
    """File what was loaded; the oldest fall out."""
    with _lock:
        cache.update(loaded)
        while len(cache) > _CACHED:
            cache.popitem(last=False)


def open_versions(organisation_id: int, profile_id: int | None = None) -> list[OpenVersion]:
    """Return versions that are not revoked, the newest first: of one profile, or of all.

    One query when cached, two when not.
    """
    where, parameters = "", [organisation_id]
    if profile_id is not None:
        where, parameters = " AND profile_id = %s", [organisation_id, profile_id]
    ids = [
        row[0]
        for row in select(
            "SELECT id FROM nfc_profileversion "  # noqa: S608 - from code
            f"WHERE organisation_id = %s AND revoked_at IS NULL{where} ORDER BY id DESC",
            parameters,
        )
    ]
    with _lock:
        found = {one: _cache[one] for one in ids if one in _cache}
    if missing := [one for one in ids if one not in found]:
        found |= _load(organisation_id, missing)
    return [found[one] for one in ids if one in found]


def opened(row: ProfileVersion) -> OpenVersion:
    """Return a stored version with its keys."""
    keys = unsealed(row.keys)
    system = bytes.fromhex(row.system)
    return OpenVersion(
        row.profile_id,
        row.version,
        layout_of(row.layout),
        SunKeys(meta=keys.meta, file=keys.file, system=system),
    )


def _load(organisation_id: int, ids: list[int]) -> dict[int, OpenVersion]:
    rows = ProfileVersion.objects.filter(organisation_id=organisation_id, id__in=ids)
    loaded = {row.id: opened(row) for row in rows}
    _keep(_cache, loaded)
    return loaded


def forget() -> None:
    """Empty the caches, for tests that count queries."""
    with _lock:
        _cache.clear()
        _signed.clear()
