"""What a package's archive holds: codes, units of sets, the two READMEs, the manifest.

Owns: the archive's members, in order, from a package's row alone.
Invariant: the same row gives the same bytes, today and in a year; what a file says of products and
people is what was true when the package was made (`Package.facts`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from suyuan.core import sealed_zip
from suyuan.core.sealed_zip import Member, Seal
from suyuan.issuing import positions
from suyuan.issuing.selectors import space_of
from suyuan.kernel.secretbox import seal as seal_value
from suyuan.kernel.secretbox import unseal
from suyuan.masterdata import numbering
from suyuan.printhouse import lines, readme
from suyuan.printhouse.lines import Block, Layout, Summed
from suyuan.printhouse.models import Package

FORMAT: Final = "suyuan-print-package/1"
CODES: Final = "codes.csv"
UNITS: Final = "units.csv"
MANIFEST: Final = "manifest.json"
READMES: Final = ("README.zh.txt", "README.en.txt")
_SEALED_FOR: Final = "print-packages"
_ZONE: Final = ZoneInfo(settings.TIME_ZONE)


def layout_of(package: Package) -> Layout:
    """Return what the package's lines are made from.

    Raises:
        NotFound: the numbering key is not there.
    """
    order = package.order
    inner = b""
    if package.has_inner:
        gtin = package.facts["gtin"]
        inner = numbering.inner_key(package.organisation_id, gtin, order.key_version)
    return Layout(
        space=space_of(order),
        start=order.start,
        positions=positions.read(package.positions),
        roll_size=package.roll_size,
        first_roll=package.first_roll,
        stem=f"{_base(package)}/01/{package.facts['gtin']}/21/" if package.has_links else "",
        inner_key=inner,
        plan=package.set_plan,
    )


def _base(package: Package) -> str:
    return str(package.facts["base_url"]).rstrip("/")


def names_of(package: Package) -> list[str]:
    """Return the archive's files, in order."""
    units = [UNITS] if package.set_plan_id is not None else []
    return [*READMES, CODES, *units, MANIFEST]


def new_seals(password: str, package: Package) -> bytes:
    """Return the keys of the package's files under a password, each of its own salt, sealed."""
    made = {name: sealed_zip.seal(password) for name in names_of(package)}
    text = {name: [seal.salt.hex(), seal.keys.hex()] for name, seal in made.items()}
    return seal_value(_SEALED_FOR, json.dumps(text).encode())


def _seals(package: Package) -> dict[str, Seal]:
    text = json.loads(unseal(_SEALED_FOR, bytes(package.seals)))
    return {
        name: Seal(bytes.fromhex(salt), bytes.fromhex(keys)) for name, (salt, keys) in text.items()
    }


def archive(package: Package) -> Iterator[bytes | memoryview]:
    """Yield the package's file, piece by piece; a piece is valid until the next is asked for.

    Raises:
        SealBroken: it was made under a secret that this installation no longer has.
        NotFound: the numbering key is not there.
    """
    seals = _seals(package)
    members = ((member, seals[member.name]) for member in _members(package))
    return sealed_zip.write(members, modified=_local(package.created_at).replace(tzinfo=None))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_ZONE)


def _members(package: Package) -> Iterator[Member]:
    """Yield the members; the manifest, which has the sums of all others, comes last."""
    layout = layout_of(package)
    sums: dict[str, Summed] = {}

    def member(name: str, size: int, content: Iterator[bytes | Block]) -> Member:
        sums[name] = Summed(content)
        return Member(name, size, sums[name])

    for name in READMES:
        text = readme.text(package, lines.columns(layout), name)
        yield member(name, len(text), iter((text,)))
    yield member(CODES, lines.size(layout), lines.blocks(layout))
    if (plan := package.set_plan) is not None:
        stem = f"{_base(package)}/00/"
        size = lines.unit_size(plan, layout.positions, stem)
        yield member(UNITS, size, lines.unit_blocks(plan, layout.positions, stem))
    manifest = _manifest(package, layout, {name: one.hexdigest for name, one in sums.items()})
    yield Member(MANIFEST, len(manifest), (manifest,))


def _manifest(package: Package, layout: Layout, sums: dict[str, str]) -> bytes:
    facts = package.facts
    told: dict[str, Any] = {
        "format": FORMAT,
        "package": package.number,
        "made_at": _local(package.created_at).isoformat(timespec="seconds"),
        "made_by": facts["made_by"],
        "organisation": facts["organisation"],
        "print_house": facts["print_house"],
        "order": facts["order"],
        "product": {name: facts[name] for name in ("gtin", "name_zh", "name_en")},
        "lot": facts["lot"],
        "counts": {"codes": package.lines, "rolls": package.rolls, "roll_size": package.roll_size},
        "columns": [column.name for column in lines.columns(layout)],
        "files": [{"name": name, "sha256": digest} for name, digest in sums.items()],
        "rolls": _rolls(layout),
    }
    if (plan := package.set_plan) is not None:
        told["sets"] = {
            "number": plan.number,
            "per_case": plan.per_case,
            "per_pallet": plan.per_pallet,
        }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _rolls(layout: Layout) -> list[dict[str, Any]]:
    """Return each roll with its first and last sequence and serial."""
    firsts = np.arange(0, layout.lines, layout.roll_size)
    lasts = np.minimum(firsts + layout.roll_size, layout.lines) - 1
    ends = [
        layout.space.serials((_places(layout, at) + layout.start).astype(np.uint64)).astype("U")
        for at in (firsts, lasts)
    ]
    return [
        {"roll": layout.first_roll + n, "first": first + 1, "last": last + 1, "serials": [a, b]}
        for n, (first, last, a, b) in enumerate(
            zip(firsts.tolist(), lasts.tolist(), *(end.tolist() for end in ends), strict=True)
        )
    ]


def _places(layout: Layout, ordinals: lines.Ordinals) -> lines.Ordinals:
    start = layout.positions.min()
    if layout.positions.max() - start + 1 == layout.lines:
        return ordinals + start
    return np.array([layout.positions[int(at)] for at in ordinals], dtype=np.int64)
