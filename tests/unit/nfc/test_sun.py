"""Messages of NTAG 424 DNA: NXP's vectors, and everything that must be refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.nfc import aes
from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.layout import Layout, MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.seal import Seal, read_seal
from suyuan.core.nfc.sun import (
    HIGHEST_COUNTER,
    Reading,
    SunKeys,
    examine,
    read_message,
    session_vectors,
    verify,
    written,
)
from tests.unit.nfc import vectors

_FILE = Layout(file_bytes=16, mac_input=MacInput.FILE)
_BULK = Layout(file_bytes=16, mac_input=MacInput.FILE, bulk=True, picc_name="e")
_KEYS = SunKeys(bytes(range(16)), bytes(range(16, 32)), b"suyuan")
_UID = bytes.fromhex("04A1B2C3D4E5F6")


def _keys(entry: dict[str, Any]) -> SunKeys:
    return SunKeys(bytes.fromhex(entry.get("k_meta", "00" * 16)), bytes.fromhex(entry["k_file"]))


def _read(layout: Layout, entry: dict[str, Any], **parameters: str) -> Reading:
    layout.check()
    return verify(layout, _keys(entry), read_message(layout, parameters))


def _matches(reading: Reading, entry: dict[str, Any]) -> bool:
    told = (reading.uid.hex().upper(), reading.counter)
    return reading.genuine and told == (entry["uid"], entry["counter"])


def test_encrypted_picc_data_with_an_empty_mac_input_is_read() -> None:
    entry = vectors.PICC
    reading = _read(Layout(), entry, picc_data=entry["picc_data"], cmac=entry["mac"])
    assert _matches(reading, entry)
    assert reading.picc.hex().upper() == entry["picc_plain"]


def test_encrypted_file_data_is_read_when_the_mac_covers_it_and_the_parameter_name() -> None:
    entry = vectors.FILE
    fields = {"picc_data": entry["picc_data"], "enc": entry["enc"]}
    reading = _read(_FILE, entry, **fields, cmac=entry["mac"])
    assert _matches(reading, entry)
    assert reading.file.decode() == entry["file_plain"]


def test_the_wrong_mac_of_the_vectors_is_refused() -> None:
    entry = vectors.FILE
    fields = {"picc_data": entry["picc_data"], "enc": entry["enc"]}
    with pytest.raises(NfcError) as caught:
        _read(_FILE, entry, **fields, cmac=vectors.WRONG_MAC)
    assert caught.value.code == "tap_mac_wrong"


def test_one_parameter_may_hold_everything() -> None:
    entry = vectors.BULK
    reading = _read(_BULK, entry, e=entry["picc_data"] + entry["enc"] + entry["mac"])
    assert _matches(reading, entry)
    assert reading.file.decode() == entry["file_plain"]


def test_a_plain_mirror_has_its_counter_most_significant_byte_first() -> None:
    entry = vectors.PLAIN
    layout = Layout(mirror=Mirror.PLAIN)
    reading = _read(layout, entry, uid=entry["uid"], ctr=entry["url_counter"], cmac=entry["mac"])
    assert (reading.uid.hex().upper(), reading.counter) == (entry["uid"], 6)


def test_lrp_mode_is_read() -> None:
    entry = vectors.LRP
    layout = Layout(mode=Mode.LRP)
    reading = _read(layout, entry, picc_data=entry["picc_data"], cmac=entry["mac"])
    assert _matches(reading, entry)


def test_lrp_mode_is_read_where_the_mac_covers_the_picc_data() -> None:
    # AN12321's style of link: <picc data>x<mac>, all under the factory key.
    layout = Layout(mode=Mode.LRP)
    message = read_message(
        layout,
        {
            "picc_data": "AAE1508939ECF6FF26BCE407959AB1A5EC022819A35CD293",
            "cmac": "5E3DB82C19E3865F",
        },
    )
    covered = b"AAE1508939ECF6FF26BCE407959AB1A5EC022819A35CD293x"
    zero = SunKeys(aes.ZERO, aes.ZERO)
    reading = verify(layout, zero, type(message)(message.mac, covered, message.picc))
    assert reading.picc.hex() == "c7042e1d222a63806a000016e2ca89d1"
    assert reading.counter == 0x6A


def test_lrp_mode_decrypts_file_data() -> None:
    layout = Layout(mode=Mode.LRP, file_bytes=16, mac_input=MacInput.FILE)
    message = read_message(
        layout,
        {
            "picc_data": "65628ED36888CF9C84797E43ECACF114C6ED9A5E101EB592",
            "enc": "4ADE304B5AB9474CB40AFFCAB0607A85",
            "cmac": "87E287E8135BFC06",
        },
    )
    covered = (
        b"any.domain/?m=65628ED36888CF9C84797E43ECACF114C6ED9A5E101EB592"
        b"x4ADE304B5AB9474CB40AFFCAB0607A85x"
    )
    whole = type(message)(message.mac, covered, message.picc, file=message.file)
    reading = verify(layout, SunKeys(aes.ZERO, aes.ZERO), whole)
    assert reading.file == b"0102030400000000"


def test_session_keys_are_those_of_the_application_note() -> None:
    entry = vectors.SESSION
    one, two = session_vectors(bytes.fromhex(entry["uid"]), 1)
    assert (one.hex().upper(), two.hex().upper()) == (entry["sv1"], entry["sv2"])
    key = bytes.fromhex(entry["key"])
    assert aes.cmac(key, one).hex().upper() == entry["k_enc"]
    assert aes.cmac(key, two).hex().upper() == entry["k_mac"]


def test_hex_is_read_in_either_case_and_covered_in_upper_case() -> None:
    entry = vectors.FILE
    fields = {name: entry[name].lower() for name in ("picc_data", "enc")}
    assert _read(_FILE, entry, **fields, cmac=entry["mac"].lower()).genuine


@pytest.mark.parametrize("bit", range(64))
def test_a_mac_that_is_off_by_any_bit_is_refused(bit: int) -> None:
    entry = vectors.PICC
    wrong = int(entry["mac"], 16) ^ 1 << bit
    with pytest.raises(NfcError) as caught:
        _read(Layout(), entry, picc_data=entry["picc_data"], cmac=f"{wrong:016X}")
    assert caught.value.code == "tap_mac_wrong"


@pytest.mark.parametrize("name", ["picc_data", "enc"])
@given(st.integers(0, 127))
def test_any_changed_bit_of_the_data_is_refused(name: str, bit: int) -> None:
    entry = vectors.FILE
    fields = {"picc_data": entry["picc_data"], "enc": entry["enc"], "cmac": entry["mac"]}
    fields[name] = f"{int(fields[name], 16) ^ 1 << bit:032X}"
    with pytest.raises(NfcError) as caught:
        _read(_FILE, entry, **fields)
    assert caught.value.code in {"picc_tag", "tap_mac_wrong"}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "tap_parameter_missing"),
        ({"picc_data": ""}, "tap_parameter_missing"),
        ({"picc_data": "EF963FF7828658A599F3041510671E88"}, "tap_parameter_missing"),
        (
            {"picc_data": "EF963FF7828658A599F3041510671E8", "cmac": "94EED9EE65337086"},
            "tap_length",
        ),
        ({"picc_data": "EF" * 24, "cmac": "94EED9EE65337086"}, "tap_length"),
        ({"picc_data": "EF" * 100_000, "cmac": "94EED9EE65337086"}, "tap_length"),
        ({"picc_data": "ZZ" * 16, "cmac": "94EED9EE65337086"}, "tap_not_hex"),
        ({"picc_data": "EF 963FF7828658A599F3041510671E8", "cmac": "9" * 16}, "tap_not_hex"),
        ({"picc_data": "１" * 32, "cmac": "94EED9EE65337086"}, "tap_not_hex"),
        ({"picc_data": "EF963FF7828658A599F3041510671E88", "cmac": "94EED9"}, "tap_length"),
        ({"picc_data": "00" * 16, "cmac": "94EED9EE65337086"}, "picc_tag"),
    ],
)
def test_what_is_no_message_is_refused_by_name(parameters: dict[str, str], code: str) -> None:
    with pytest.raises(NfcError) as caught:
        _read(Layout(), vectors.PICC, **parameters)
    assert caught.value.code == code


@pytest.mark.parametrize("tag", [0x00, 0x47, 0x87, 0xC4, 0xC8, 0xE7, 0xFF])
def test_a_tag_byte_without_uid_and_counter_is_refused(tag: int) -> None:
    plain = bytes([tag]) + bytes(15)
    secret = aes.cbc(aes.ZERO, plain).hex()
    with pytest.raises(NfcError) as caught:
        _read(Layout(), vectors.PICC, picc_data=secret, cmac="00" * 8)
    assert (caught.value.code, caught.value.data) == ("picc_tag", {"tag": tag})


def test_a_message_that_is_not_genuine_tells_nothing_of_its_file() -> None:
    entry = vectors.FILE
    fields = {"picc_data": entry["picc_data"], "enc": entry["enc"], "cmac": vectors.WRONG_MAC}
    reading = examine(_FILE, _keys(entry), read_message(_FILE, fields))
    assert not reading.genuine
    assert (reading.file, reading.seal) == (b"", None)


_LAYOUTS = [
    Layout(),
    Layout(mac_input=MacInput.PICC),
    _FILE,
    _BULK,
    Layout(file_bytes=32, mac_input=MacInput.PICC, bulk=True, picc_name="e"),
    Layout(file_bytes=32, mac_input=MacInput.FILE, seal=SealAt.FILE),
    Layout(mac_input=MacInput.PICC, seal=SealAt.PLAIN),
    Layout(mirror=Mirror.PLAIN, file_bytes=16, mac_input=MacInput.FILE, seal=SealAt.PLAIN),
    Layout(mirror=Mirror.PLAIN, mac_input=MacInput.PICC),
    Layout(mode=Mode.LRP, file_bytes=32, mac_input=MacInput.FILE, seal=SealAt.FILE),
    Layout(mode=Mode.LRP, mirror=Mirror.PLAIN),
]


@pytest.mark.parametrize("layout", _LAYOUTS)
@given(
    uid=st.binary(min_size=7, max_size=7),
    counter=st.integers(0, HIGHEST_COUNTER),
    random=st.binary(min_size=13, max_size=13),
)
def test_what_a_chip_writes_is_read_back_in_every_layout(
    layout: Layout, uid: bytes, counter: int, random: bytes
) -> None:
    layout.check()
    content = bytes(range(65, 65 + layout.file_bytes)) if layout.file_bytes else b""
    status = "" if layout.seal is SealAt.NONE else "OC"
    made = written(
        layout, _KEYS, uid=uid, counter=counter, random=random, content=content, status=status
    )
    assert tuple(made) == layout.names
    reading = verify(layout, _KEYS, read_message(layout, made))
    assert (reading.uid, reading.counter) == (uid, counter)
    assert reading.seal is (None if layout.seal is SealAt.NONE else Seal.OPENED)
    if layout.file_bytes and layout.seal is not SealAt.FILE:
        assert reading.file == content


def test_a_plain_seal_that_was_changed_on_the_way_is_refused() -> None:
    layout = Layout(mac_input=MacInput.PICC, seal=SealAt.PLAIN)
    made = written(layout, _KEYS, uid=_UID, counter=1, random=bytes(13), status="OO")
    assert verify(layout, _KEYS, read_message(layout, made)).seal is Seal.OPEN
    with pytest.raises(NfcError):
        verify(layout, _KEYS, read_message(layout, made | {"tt": "CC"}))
    with pytest.raises(NfcError) as caught:
        read_message(layout, made | {"tt": "C&"})
    assert caught.value.code == "tap_status"


def test_another_chips_key_does_not_verify() -> None:
    made = written(Layout(), _KEYS, uid=_UID, counter=1, random=bytes(13))
    other = SunKeys(_KEYS.meta, _KEYS.file, b"someone else")
    with pytest.raises(NfcError):
        verify(Layout(), other, read_message(Layout(), made))


@pytest.mark.parametrize(
    ("status", "seal"),
    [
        ("CC", Seal.INTACT),
        ("OO", Seal.OPEN),
        ("OC", Seal.OPENED),
        ("CO", Seal.OPEN),
        ("II", Seal.UNKNOWN),
        ("??", Seal.UNKNOWN),
        ("", Seal.UNKNOWN),
    ],
)
def test_the_seals_status_is_read(status: str, seal: Seal) -> None:
    assert read_seal(status) is seal
    assert seal.broken is (status in {"OO", "OC", "CO"})


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (Layout(mac_name="a b"), "layout_name"),
        (Layout(mac_name="lang"), "layout_name"),
        (Layout(mac_name="picc_data"), "layout_names_alike"),
        (Layout(file_bytes=10, mac_input=MacInput.FILE), "layout_file_bytes"),
        (Layout(file_bytes=80, mac_input=MacInput.FILE), "layout_file_bytes"),
        (Layout(file_bytes=16), "layout_file_uncovered"),
        (Layout(mac_input=MacInput.FILE), "layout_no_file"),
        (Layout(mac_input=MacInput.PICC, seal=SealAt.FILE), "layout_seal_no_file"),
        (Layout(seal=SealAt.PLAIN), "layout_seal_uncovered"),
        (Layout(bulk=True, mirror=Mirror.PLAIN), "layout_bulk"),
    ],
)
def test_a_layout_that_no_chip_writes_or_that_proves_nothing_is_refused(
    layout: Layout, code: str
) -> None:
    with pytest.raises(NfcError) as caught:
        layout.check()
    assert caught.value.code == code
    assert "field" in caught.value.data


def test_keys_do_not_show_in_what_is_printed() -> None:
    assert _KEYS.file.hex() not in repr(_KEYS)
    assert repr(_KEYS) == "SunKeys(diversified=True)"
