"""Bottles that bear more than a printed code: a chip in the cap, a tag, a code under a layer.

Owns: which bottles of the third lot do, what their buyers did with them, and what a visitor can
still do: tap a chip, enter a hidden code.

The chips' keys are the published ones of NXP's examples, so the profile is marked as a test: a tap
can be made in software here, which is just what real keys prevent.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from suyuan.capture.identities import find_keys
from suyuan.carriers.judging import Wanted
from suyuan.carriers.models import CarrierKind, Reason
from suyuan.carriers.services import bind_all, replace
from suyuan.cli.demo import brand
from suyuan.cli.demo.world import World
from suyuan.core.identifiers import Identity, parse_identity
from suyuan.core.nfc.layout import Layout, MacInput, SealAt
from suyuan.core.nfc.sun import written
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.nfc import selectors as nfc
from suyuan.nfc.keys import opened
from suyuan.nfc.models import Chip
from suyuan.nfc.services import ChipRow, Settings, create_profile, import_chips
from suyuan.tenancy.rights import Role
from suyuan.verification import reveals
from suyuan.verification.facts import ProductFacts, product_facts
from suyuan.verification.models import Reveal, ScanTally
from suyuan.verification.services import verify_item
from suyuan.verification.taps import verify_item_tap
from suyuan.verification.values import SeenBy

CHIPPED: Final = 12
_LOT: Final = 2  # of the liquor, from 0: sold weeks ago, on the day of the load
_FROM: Final = 60  # past the cases that dealers take
_ENCODED, _TAPPED, _GUESSED = 66.5, 110.6, 111.4
_PUBLISHED_KEY: Final = "00" * 16
_LAYOUT: Final = Layout(mac_input=MacInput.PICC, seal=SealAt.PLAIN)
_RANDOM: Final = bytes(5)  # only to make messages differ, which their counters do
_INTACT: Final = "CC"
_WRONG: Final = ("7Q4M2K9D", "7Q4M2K9P", "704M2K9D")
_BUYER: Final = SeenBy(
    address="36.112.4.9",
    agent="Mozilla/5.0 (Linux; Android 15) Mobile MicroMessenger/8.0",
    region="110000",
    language="zh-hans",
)
_DOUBTER: Final = SeenBy(
    address="113.90.22.7",
    agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile MicroMessenger/8.0",
    region="440300",
    language="zh-hans",
)


def plan(world: World) -> None:
    """Have chips and tags put on bottles, a chip tapped, and a hidden code guessed at."""
    world.time.at(_ENCODED, lambda: _put_chips(world))
    world.time.at(_ENCODED + 0.02, lambda: _put_tags(world))
    world.time.at(_ENCODED + 0.04, lambda: _replace_tag(world))
    world.time.at(_TAPPED, lambda: _tap(world))
    world.time.at(_GUESSED, lambda: _guess(world))


# ── chips and tags ─────────────────────────────────────────────────────────────────────────


def _put_chips(world: World) -> None:
    profile = create_profile(
        actor=world.people[Role.OWNER],
        name="塬上二十年 瓶盖封签（公开密钥）",
        settings=Settings(
            layout=_LAYOUT, keys={"key_meta": _PUBLISHED_KEY, "key_file": _PUBLISHED_KEY}
        ),
        test=True,
    )
    rows = [
        ChipRow(row, f"04951A2C3D{row:02X}80", item)
        for row, item in enumerate(_chipped(_order(world.id)), 1)
    ]
    production = world.people[Role.PRODUCTION]
    import_chips(actor=production, public_id=profile.public_id, rows=rows)


def _put_tags(world: World) -> None:
    items = _chipped(_order(world.id))
    rows = [
        Wanted(CarrierKind.RFID, _tag(number), item, note="瓶底标签 TID", row=number)
        for number, item in enumerate(items, 1)
    ]
    bind_all(actor=world.people[Role.PRODUCTION], rows=rows)


def _replace_tag(world: World) -> None:
    replace(
        actor=world.people[Role.PRODUCTION],
        kind=CarrierKind.RFID,
        value=_tag(1),
        new_value=_tag(CHIPPED + 1),
        reason=Reason.DAMAGED,
        note="出库门读不出，天线压裂，换新标签",
    )


def _tag(number: int) -> str:
    return f"E2801191A503006295{number:06X}"


def _order(organisation_id: int) -> CodeOrder:
    rows = issuing.orders(organisation_id, gtin=brand.LIQUOR.gtin)
    return rows.order_by("created_at", "id")[_LOT]


def _first_chip(order: CodeOrder) -> int:
    return max(0, min(_FROM, order.count - CHIPPED))


def _chipped(order: CodeOrder) -> list[str]:
    return issuing.links(order, first=_first_chip(order), count=CHIPPED)


# ── what buyers did ────────────────────────────────────────────────────────────────────────


def _tap(world: World) -> None:
    _path, message = _next_message(world.id)
    item = parse_identity(_chipped(_order(world.id))[0])
    verify_item_tap(facts=_facts(), serial=item.secondary, parameters=message, seen_by=_BUYER)


def _guess(world: World) -> None:
    """Have somebody enter three wrong codes for one bottle."""
    order = _order(world.id)
    (position,) = _unscratched(world.id, 1)
    serial = issuing.serials(order, first=position)[0]
    found = verify_item(facts=_facts(), serial=serial, seen_by=_DOUBTER)
    for code in _WRONG:
        reveals.open_code(found=found, text=code, seen_by=_DOUBTER)


def scratch_open(item: str, buyer: SeenBy) -> None:
    """Have a bottle's buyer look its code up, and enter the one under its layer."""
    serial = parse_identity(item).secondary
    facts = _facts()
    found = verify_item(facts=facts, serial=serial, seen_by=buyer)
    here = facts.organisation.pk
    order = issuing.issued_order(organisation_id=here, gtin=brand.LIQUOR.gtin, serial=serial)
    assert order is not None  # noqa: S101 - it was sold
    position = int(issuing.positions_of(order, [serial])[0])
    code = issuing.inner_codes(order, position)[0]
    reveals.open_code(found=found, text=code, seen_by=buyer)


def _facts() -> ProductFacts:
    facts = product_facts(brand.LIQUOR.gtin)
    assert facts is not None  # noqa: S101 - the brand's own product
    return facts


# ── what a visitor can do ──────────────────────────────────────────────────────────────────


def next_tap(organisation_id: int) -> tuple[str, str]:
    """Return an item's path, and that path as its chip would write it at its next tap.

    Nobody has used the counter, so the link is genuine once; asked again, it is the same link until
    it was used.
    """
    path, message = _next_message(organisation_id)
    return path, f"{path}?{urlencode(message)}"


def _next_message(organisation_id: int) -> tuple[str, dict[str, str]]:
    chip = Chip.objects.filter(organisation_id=organisation_id).order_by("uid")[0]
    bound = nfc.unit_of_uid(organisation_id, chip.uid)
    assert bound is not None  # noqa: S101 - the story binds every chip
    version = next(
        row
        for row in nfc.versions(organisation_id)
        if (row.profile_id, row.version) == (chip.profile_id, chip.key_version)
    )
    message = written(
        _LAYOUT,
        opened(version).keys,
        uid=bytes.fromhex(chip.uid),
        counter=chip.counter + 1,
        random=_RANDOM,
        status=_INTACT,
    )
    return _path(bound[1]), message


def next_scratch(organisation_id: int) -> tuple[str, str]:
    """Return the path of a bottle whose hidden code nobody has entered yet, and that code."""
    order = _order(organisation_id)
    (position,) = _unscratched(organisation_id, 1)
    link = issuing.links(order, first=position)[0]
    return link.removeprefix(issuing.EPC_BASE), issuing.inner_codes(order, position)[0]


def _unscratched(organisation_id: int, count: int) -> list[int]:
    """Return positions of bottles without chips that nobody has scratched, unseen ones first."""
    order = _order(organisation_id)
    first = _first_chip(order)
    after = range(first + CHIPPED, min(order.count, first + CHIPPED + 100))
    positions = [*after, *range(first)]
    items = {at: parse_identity(issuing.links(order, first=at)[0]) for at in positions}
    keys = find_keys(organisation_id, items.values())
    known = set(keys.values())
    tried = _among(Reveal, organisation_id, known)
    seen = _among(ScanTally, organisation_id, known)
    free = [at for at in positions if keys.get(items[at]) not in tried]
    free.sort(key=lambda at: keys.get(items[at]) in seen)
    return free[:count]


def _among(model: type[Reveal | ScanTally], organisation_id: int, keys: set[int]) -> set[int]:
    rows = model.objects.filter(organisation_id=organisation_id, id__in=keys)
    return set(rows.values_list("id", flat=True))


def _path(item: Identity) -> str:
    return item.digital_link().removeprefix(issuing.EPC_BASE)
