"""What tests of chips need: profiles, and chips that can be tapped.

Owns: fixtures that several folders import into their `conftest.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from suyuan.carriers.services import bind
from suyuan.core.nfc.layout import Layout
from suyuan.core.nfc.sun import SunKeys, written
from suyuan.nfc.keys import layout_of, unsealed
from suyuan.nfc.models import KeyProfile
from suyuan.nfc.selectors import get_version
from suyuan.nfc.services import Settings, create_profile
from suyuan.tenancy.actor import Actor
from suyuan.verification.facts import product_facts
from suyuan.verification.taps import DoorTap, verify_door_tap, verify_item_tap
from suyuan.verification.values import SeenBy, Verification
from tests.scan_world import ANN, Goods

ZERO_KEY = "00" * 16
_UIDS = itertools.count(0x04A1B2C3D40000)


@dataclass
class SoftChip:
    """A chip in software: it counts its taps and signs them."""

    uid: bytes
    layout: Layout
    keys: SunKeys
    counter: int = 0
    content: bytes = b"x" * 64
    status: str = "CC"
    made: list[dict[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.uid.hex().upper()

    def tap(self, counter: int | None = None) -> dict[str, str]:
        self.counter = self.counter + 1 if counter is None else counter
        message = written(
            self.layout,
            self.keys,
            uid=self.uid,
            counter=self.counter,
            random=b"\x5a" * 13,
            content=self.content[: self.layout.file_bytes],
            status=self.status,
        )
        self.made.append(message)
        return message


@dataclass
class Chips:
    """A profile of the goods' organisation, and the means to make its chips."""

    goods: Goods
    actor: Actor
    profile: KeyProfile

    def make(self, *, version: int | None = None, uid: bytes = b"") -> SoftChip:
        """Return a chip as an encoder leaves it, that nobody has reported."""
        row = get_version(
            self.actor.organisation_id, self.profile.public_id, version or self.profile.version
        )
        keys = unsealed(row.keys)
        return SoftChip(
            uid or next(_UIDS).to_bytes(7),
            layout_of(row.layout),
            SunKeys(keys.meta, keys.file, bytes.fromhex(row.system)),
        )

    def on_item(self, position: int = 0) -> SoftChip:
        """Return a chip that is bound to an item."""
        chip = self.make()
        self.bind(chip, position)
        return chip

    def bind(self, chip: SoftChip, position: int = 0) -> None:
        unit = self.goods.link(position)
        bind(actor=self.actor, kind="nfc", value=chip.name, unit=unit)

    def path(self, message: Mapping[str, str], position: int = 0) -> str:
        return f"{self.goods.path(position)}?{urlencode(message)}"

    def door(self, message: Mapping[str, str]) -> str:
        return f"/n/{self.profile.public_id}?{urlencode(message)}"

    def ask(
        self, message: Mapping[str, str], position: int = 0, *, seen_by: SeenBy = ANN
    ) -> Verification:
        facts = product_facts(self.goods.gtin)
        assert facts is not None
        serial = self.goods.serials[position]
        return verify_item_tap(facts=facts, serial=serial, parameters=message, seen_by=seen_by)

    def at_door(self, message: Mapping[str, str], *, seen_by: SeenBy = ANN) -> DoorTap:
        found = verify_door_tap(
            public_id=self.profile.public_id, parameters=message, seen_by=seen_by
        )
        assert found is not None
        return found


def profile_of(actor: Actor, name: str = "龙井酒标", **settings: object) -> KeyProfile:
    """Make a profile; `settings` are those of its layout."""
    layout = Layout(**settings)  # type: ignore[arg-type]
    return create_profile(actor=actor, name=name, settings=Settings(layout=layout))


def vector_profile(actor: Actor, entry: Mapping[str, str], layout: Layout) -> KeyProfile:
    """Make a test profile with a published vector's keys."""
    keys = {"key_meta": entry.get("k_meta", ZERO_KEY), "key_file": entry["k_file"]}
    return create_profile(
        actor=actor,
        name="NXP",
        settings=Settings(layout=layout, diversified=False, keys=keys),
        test=True,
    )


@pytest.fixture
def chips(goods: Goods) -> Chips:
    """Return a profile with generated keys, diversified for each chip."""
    return Chips(goods, goods.actor, profile_of(goods.actor))
