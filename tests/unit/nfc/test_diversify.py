"""Key diversification by NXP AN10922."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.nfc import aes
from suyuan.core.nfc.diversify import chip_input, diversify
from suyuan.core.nfc.errors import NfcError
from tests.unit.nfc import vectors


def test_the_key_of_the_application_note_comes_out() -> None:
    entry = vectors.DIVERSIFIED
    key = diversify(bytes.fromhex(entry["master"]), bytes.fromhex(entry["m"]))
    assert key.hex().upper() == entry["key"]


@given(st.binary(min_size=1, max_size=15))
def test_a_short_input_is_padded_to_two_blocks(message: bytes) -> None:
    # Written out from AN10922 §2.2: two blocks, the second of padding, under the second subkey.
    master = bytes(range(16))
    padded = (b"\x01" + message + b"\x80").ljust(32, b"\0")
    second = aes.doubled(aes.doubled(aes.block(master, aes.ZERO)))
    by_hand = aes.cbc(master, padded[:16] + aes.xor(padded[16:], second))[16:]
    assert diversify(master, message) == by_hand
    if len(message) < 15:
        assert diversify(master, message) != aes.cmac(master, b"\x01" + message)


@given(st.binary(min_size=7, max_size=7), st.binary(min_size=7, max_size=7))
def test_two_chips_have_two_keys(one: bytes, other: bytes) -> None:
    keys = {diversify(bytes(16), chip_input(uid, b"suyuan")) for uid in (one, other)}
    assert len(keys) == len({one, other})


@pytest.mark.parametrize(
    ("master", "message", "code"),
    [
        (bytes(15), b"x", "key_length"),
        (bytes(16), b"", "diversification_input"),
        (bytes(16), bytes(32), "diversification_input"),
    ],
)
def test_what_does_not_fit_is_refused(master: bytes, message: bytes, code: str) -> None:
    with pytest.raises(NfcError) as caught:
        diversify(master, message)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("uid", "system", "code"),
    [
        (bytes(4), b"x", "uid_length"),
        (bytes(7), b"", "system_identifier"),
        (bytes(7), bytes(25), "system_identifier"),
    ],
)
def test_a_chips_input_has_a_uid_of_seven_bytes_and_a_system(
    uid: bytes, system: bytes, code: str
) -> None:
    with pytest.raises(NfcError) as caught:
        chip_input(uid, system)
    assert caught.value.code == code
