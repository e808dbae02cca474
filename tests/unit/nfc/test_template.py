"""What is written into a chip: the example of the application note, and the data sheet's rules."""

from __future__ import annotations

import pytest

from suyuan.core.nfc import ndef
from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.layout import Layout, MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.sun import SunKeys, read_message, verify, written
from suyuan.core.nfc.template import Slots, Template, template

_ITEM = "https://t.example.com/01/09506000134352/21/0123456789ABCD"
_LAYOUTS = [
    Layout(),
    Layout(mac_input=MacInput.PICC),
    Layout(file_bytes=16, mac_input=MacInput.FILE),
    Layout(file_bytes=16, mac_input=MacInput.PICC, bulk=True, picc_name="e"),
    Layout(file_bytes=16, mac_input=MacInput.FILE, seal=SealAt.FILE),
    Layout(mac_input=MacInput.PICC, seal=SealAt.PLAIN),
    Layout(mirror=Mirror.PLAIN, mac_input=MacInput.PICC, seal=SealAt.PLAIN),
    Layout(mode=Mode.LRP, file_bytes=16, mac_input=MacInput.FILE, seal=SealAt.FILE),
]


def test_file_and_settings_are_those_of_the_application_note() -> None:
    # NXP AN12196 §5.8.3 and §5.9: meta key 2, file key 1. Its counter may be asked for with key 1,
    # here by nobody: the last nibble of the access rights.
    made = template(
        Layout(picc_name="e", mac_name="c"),
        "https://choose.url.com/ntag424",
        slots=Slots(meta=2, file=1),
    )
    zeros = "30" * 32
    assert made.file.hex().upper() == (
        f"0051D1014D550463686F6F73652E75726C2E636F6D2F6E7461673432343F653D{zeros}26633D{'30' * 16}"
    )
    assert made.settings.hex().upper() == "4000E0C1FF21200000430000430000"
    assert made.offsets == {"PICCDataOffset": 0x20, "SDMMACInputOffset": 0x43, "SDMMACOffset": 0x43}


def _mirrored(made: Template, layout: Layout, parameters: dict[str, str]) -> str:
    """Fill a file as the chip does, by offsets alone, and return the link it then bears."""
    file = bytearray(made.file)
    at = made.offsets

    def put(offset: int, text: str) -> None:
        file[offset : offset + len(text)] = text.encode()

    if layout.bulk:
        value = parameters[layout.picc_name]
        size = 2 * layout.picc_bytes
        put(at["PICCDataOffset"], value[:size])
        put(at["SDMENCOffset"], value[size:-16])
        put(at["SDMMACOffset"], value[-16:])
    else:
        places = {
            layout.picc_name: "PICCDataOffset",
            layout.uid_name: "UIDOffset",
            layout.counter_name: "SDMReadCtrOffset",
            layout.file_name: "SDMENCOffset",
            layout.seal_name: "TTStatusOffset",
            layout.mac_name: "SDMMACOffset",
        }
        for name, value in parameters.items():
            put(at[places[name]], value)
    (uri,) = ndef.records_in(ndef.from_file(bytes(file)))
    assert isinstance(uri, str)
    return uri


@pytest.mark.parametrize("layout", _LAYOUTS)
@pytest.mark.parametrize("base", [_ITEM, f"{_ITEM}?v=1", "https://www.example.com/n/abc"])
def test_a_chip_that_fills_in_by_the_offsets_makes_a_genuine_link(
    layout: Layout, base: str
) -> None:
    keys = SunKeys(bytes(range(16)), bytes(range(16, 32)), b"suyuan")
    made = template(layout, base, slots=Slots(), content=b"0123456789ABCD"[: layout.file_bytes])
    assert len(made.file) <= 256
    parameters = written(
        layout,
        keys,
        uid=bytes.fromhex("04A1B2C3D4E5F6"),
        counter=7,
        random=bytes(13),
        content=b"CC0123456789ABCD"[: layout.file_bytes],
        status="" if layout.seal is SealAt.NONE else "CC",
    )
    link = _mirrored(made, layout, parameters)
    assert link.startswith(base)
    query = dict(pair.split("=") for pair in link.partition("?")[2].split("&"))
    assert verify(layout, keys, read_message(layout, query)).counter == 7
    # What the MAC covers is the text between the two offsets that the chip was told.
    start, end = made.offsets["SDMMACInputOffset"], made.offsets["SDMMACOffset"]
    file = ndef.to_file(ndef.encode([ndef.uri_record(link)]))
    assert file[start:end] == read_message(layout, query).covered


def test_the_seal_lies_in_the_half_of_the_file_data_that_is_encrypted() -> None:
    layout = Layout(file_bytes=16, mac_input=MacInput.FILE, seal=SealAt.FILE)
    made = template(layout, _ITEM, slots=Slots(), content=b"0123456789ABCD")
    at = made.offsets
    assert at["TTStatusOffset"] == at["SDMENCOffset"]
    assert at["SDMENCLength"] == 32
    start = at["SDMENCOffset"]
    assert made.file[start : start + 16] == b"000123456789ABCD"
    assert made.settings[3] == 0x80 | 0x40 | 0x10 | 0x08 | 0x01


@pytest.mark.parametrize(
    ("base", "layout", "slots", "content", "code"),
    [
        ("tel:+86571", Layout(), Slots(), b"", "link_not_web"),
        ("https://", Layout(), Slots(), b"", "link_not_web"),
        ("https://a.cn/龙井", Layout(), Slots(), b"", "link_characters"),
        ("https://a.cn/#x", Layout(), Slots(), b"", "link_characters"),
        ("https://a.cn/" + "x" * 240, Layout(), Slots(), b"", "link_too_long"),
        ("https://a.cn", Layout(), Slots(), b"x", "content_too_long"),
        ("https://a.cn", Layout(), Slots(meta=5), b"", "slot_number"),
        ("https://a.cn", Layout(), Slots(app=1), b"", "slots_alike"),
        ("https://a.cn", Layout(seal=SealAt.PLAIN), Slots(), b"", "layout_seal_uncovered"),
    ],
)
def test_what_no_chip_can_be_told_is_refused(
    base: str, layout: Layout, slots: Slots, content: bytes, code: str
) -> None:
    with pytest.raises(NfcError) as caught:
        template(layout, base, slots=slots, content=content)
    assert caught.value.code == code
