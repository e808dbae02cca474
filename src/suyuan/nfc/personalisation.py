"""What an encoder needs to write chips of a profile for the items of an order.

Owns: the manifest (layout, slots, how keys are diversified, in which order to write), and the table
with each item's NDEF file and file settings, block by block.
Does not own: keys; they go another way (`services.archives`).
Invariant: nothing in here is secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from suyuan.core.nfc import ndef
from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.layout import Layout, Mode, SealAt
from suyuan.core.nfc.seal import STATUS_BYTES
from suyuan.core.nfc.template import Template, template
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.errors import Invalid
from suyuan.kernel.tabular import csv_lines
from suyuan.nfc.errors import VersionRevoked, as_input
from suyuan.nfc.keys import layout_of, slots_of
from suyuan.nfc.models import KeyProfile, LinkTo, ProfileVersion

MOST_ITEMS: Final = 100_000
_BLOCK: Final = 1_000
_CHANGE_SETTINGS: Final = "905F0000"
_NDEF_FILE: Final = 2

PLAIN_CHIPS: Final = ("ntag213", "ntag215", "ntag216")
"""Chips without keys, on which a link is written as it is."""


def tap_address(base: str, profile: KeyProfile) -> str:
    """Return a profile's public tap address."""
    return f"{base.rstrip('/')}/n/{profile.public_id}"


def sample(version: ProfileVersion, *, base: str, link: str = "") -> Template:
    """Return what a chip is written with: for an item's `link`, or as an example.

    Raises:
        Invalid: the link is too long for the layout, or what `core.nfc.template` refuses.
    """
    profile = version.profile
    layout = layout_of(version.layout)
    if profile.link_to == LinkTo.DOOR:
        target, serial = tap_address(base, profile), link.rpartition("/")[2]
    else:
        target = link or f"{base.rstrip('/')}/01/09506000134352/21/{'0' * 14}"
        serial = target.rpartition("/")[2]
    with as_input(link_too_long="link_to"):
        return template(
            layout, target, slots=slots_of(version.slots), content=_content(layout, serial)
        )


def _content(layout: Layout, serial: str) -> bytes:
    """Return the file data: the item's serial, so that it is told even where the link is not."""
    room = layout.file_bytes - (STATUS_BYTES if layout.seal is SealAt.FILE else 0)
    return serial.encode() if serial.isascii() and len(serial) <= room else b""


def manifest(version: ProfileVersion, *, base: str) -> bytes:
    """Return the settings of a version as JSON, for an encoder's program and its operator.

    Raises:
        VersionRevoked: no chip is to be written with its keys.
        Invalid: as `sample`.
    """
    if version.revoked_at is not None:
        raise VersionRevoked(version=version.version)
    made = sample(version, base=base)
    profile, layout = version.profile, layout_of(version.layout)
    data = bytes([_NDEF_FILE]) + made.settings
    document = {
        "profile": profile.public_id,
        "name": profile.name,
        "key_version": version.version,
        "chip": "NTAG 424 DNA TagTamper" if layout.seal is not SealAt.NONE else "NTAG 424 DNA",
        "mode": layout.mode.value,
        "tap_address": tap_address(base, profile),
        "layout": version.layout,
        "slots": version.slots,
        "key_check_values": version.checks,
        "diversification": _diversification(version),
        "example": {
            "url": made.url,
            "ndef_file": made.file.hex().upper(),
            "offsets": made.offsets,
            "file_settings": made.settings.hex().upper(),
            "change_file_settings": f"{_CHANGE_SETTINGS}{len(data):02X}{data.hex().upper()}00",
        },
        "steps": steps(version),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _diversification(version: ProfileVersion) -> dict[str, object]:
    if not version.system:
        return {"method": "none"}
    return {
        "method": "NXP AN10922, AES-128",
        "input": "UID (7 bytes) | system_identifier",
        "system_identifier": version.system,
        "of": ["app", "file"],
    }


def steps(version: ProfileVersion) -> list[dict[str, Any]]:
    """Return what an encoder does, in this order, by name; a screen has the words."""
    slots, lrp = version.slots, version.layout["mode"] == Mode.LRP
    change = {"command": "ChangeKey", "version": f"{version.version % 256:02X}"}
    return [
        {"step": "read_uid"},
        {"step": "authenticate", "command": "AuthenticateEV2First", "slot": slots["app"]},
        *([{"step": "switch_to_lrp", "command": "SetConfiguration", "for_good": True}] * lrp),
        {"step": "write_ndef", "command": "WriteData", "file": _NDEF_FILE},
        {"step": "file_settings", "command": "ChangeFileSettings", "file": _NDEF_FILE},
        # The master key last: it is what the others are changed under.
        {"step": "change_keys", "slots": [slots["meta"], slots["file"], slots["app"]], **change},
        {"step": "check_tap"},
        {"step": "report", "columns": ["uid", "serial"]},
    ]


def table(
    version: ProfileVersion, order: CodeOrder, *, first: int, count: int, base: str
) -> Iterator[bytes]:
    """Return a CSV with what each item's chip is written with, as a stream.

    Args:
        version: Of the profile.
        order: Whose items, with its product.
        first: Position within the order, from 0.
        count: At most 100,000.
        base: Scheme and host of links.

    Raises:
        VersionRevoked, Invalid: as `manifest`; `nfc_range` for a range beyond the order.
    """
    if version.revoked_at is not None:
        raise VersionRevoked(version=version.version)
    _checked(order, first, count)
    link = issuing.links(order, first=first, base=base)[0]
    sample(version, base=base, link=link)  # what is wrong shows before the first byte is sent
    return csv_lines(_rows(version, order, first, count, base))


def _rows(
    version: ProfileVersion, order: CodeOrder, first: int, count: int, base: str
) -> Iterator[tuple[object, ...]]:
    yield (
        "position", "gtin", "serial", "url", "ndef_file", "file_settings",
        "picc_data_offset", "mac_input_offset", "enc_offset", "enc_length", "mac_offset",
        "uid_offset", "counter_offset", "tamper_offset",
    )  # fmt: skip
    names = (
        "PICCDataOffset", "SDMMACInputOffset", "SDMENCOffset", "SDMENCLength", "SDMMACOffset",
        "UIDOffset", "SDMReadCtrOffset", "TTStatusOffset",
    )  # fmt: skip
    for at in range(first, first + count, _BLOCK):
        size = min(_BLOCK, first + count - at)
        for position, link in enumerate(
            issuing.links(order, first=at, count=size, base=base), start=at + 1
        ):
            made = sample(version, base=base, link=link)
            yield (
                position,
                order.product.gtin,
                link.rpartition("/")[2],
                made.url,
                made.file.hex().upper(),
                made.settings.hex().upper(),
                *(made.offsets.get(name, "") for name in names),
            )


def plain_table(
    order: CodeOrder, chip: str, *, first: int, count: int, base: str
) -> Iterator[bytes]:
    """Return a CSV with the NDEF bytes of each item's link for chips without keys, as a stream.

    Args:
        order: Whose items, with its product.
        chip: One of `PLAIN_CHIPS`.
        first: Position within the order, from 0.
        count: At most 100,000.
        base: Scheme and host of links.

    Raises:
        Invalid: `nfc_range`, `nfc_plain_chip`, or `link_too_long` for the chip's memory.
    """
    _checked(order, first, count)
    plain_memory(issuing.links(order, first=first, base=base)[0], chip)

    def rows() -> Iterator[tuple[object, ...]]:
        yield ("position", "gtin", "serial", "url", "ndef_message", "memory")
        for at in range(first, first + count, _BLOCK):
            size = min(_BLOCK, first + count - at)
            for position, link in enumerate(
                issuing.links(order, first=at, count=size, base=base), start=at + 1
            ):
                message = ndef.encode([ndef.uri_record(link)])
                yield (
                    position,
                    order.product.gtin,
                    link.rpartition("/")[2],
                    link,
                    message.hex().upper(),
                    plain_memory(link, chip).hex().upper(),
                )

    return csv_lines(rows())


def plain_memory(link: str, chip: str) -> bytes:
    """Return the user memory, from page 4 on, of a chip without keys that bears a link.

    Raises:
        Invalid: `nfc_plain_chip` or `link_too_long`.
    """
    if chip not in PLAIN_CHIPS:
        raise Invalid("nfc_plain_chip", place="chip", given=chip[:20])
    with as_input():
        memory = ndef.to_memory(ndef.encode([ndef.uri_record(link)]))
        most = ndef.CAPACITY[chip]
        if len(memory) > most:
            raise NfcError("link_too_long", bytes=len(memory), most=most)
    return memory


def _checked(order: CodeOrder, first: int, count: int) -> None:
    if count > MOST_ITEMS:
        raise Invalid("too_many_rows", place="count", most=MOST_ITEMS)
    if first < 0 or count < 1 or first + count > order.count:
        raise Invalid("nfc_range", place="count", order_count=order.count)
