"""The leakage resilient primitive: vectors of NXP AN12304."""

from __future__ import annotations

import pytest

from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.lrp import Lrp


@pytest.mark.parametrize(
    ("key", "updated", "value", "final", "result"),
    [
        (
            "567826B8DA8E768432A9548DBE4AA3A0",
            2,
            "1359",
            True,
            "1BA2C0C578996BC497DD181C6885A9DD",
        ),
        (
            "88B95581002057A93E421EFE4076338B",
            2,
            "77299D",
            True,
            "E9C04556A214AC3297B83E4BDF46F142",
        ),
        (
            "9AFF3EF56FFEC3153B1CADB48B445409",
            3,
            "4B073B247CD48F7E0A",
            False,
            "909415E5C8BE77563050F2227E17C0E4",
        ),
    ],
)
def test_an_evaluation_is_that_of_the_application_note(
    key: str, updated: int, value: str, final: bool, result: str
) -> None:
    found = Lrp(bytes.fromhex(key), updated).evaluate(bytes.fromhex(value), final=final)
    assert found.hex().upper() == result


@pytest.mark.parametrize(
    ("key", "message", "mac"),
    [
        ("63A0169B4D9FE42C72B2784C806EAC21", "", "0E07C601970814A4176FDA633C6FC3DE"),
        ("8195088CE6C393708EBBE6C7914ECB0B", "BBD5B85772C7", "AD8595E0B49C5C0DB18E77355F5AAFF6"),
        (
            "5AA9F6C6DE5138113DF5D6B6C77D5D52",
            "A4434D740C2CB665FE5396959189383F",
            "8B43ADF767E46B692E8F24E837CB5EFC",
        ),
        (
            "651312D289F4DE957C208D35827C07E4",
            "D39E4B336C46FCDCFDF803A49EB3A603851CFCFA72B3A5F843768EBDEDEB9398"
            "91059275C79F1DADE2B97E288A91E3",
            "9B1530F1AD35213EB8903D5610BFD7C4",
        ),
    ],
)
def test_a_mac_is_that_of_the_application_note(key: str, message: str, mac: str) -> None:
    assert Lrp(bytes.fromhex(key)).cmac(bytes.fromhex(message)).hex().upper() == mac


def test_blocks_are_encrypted_as_in_the_application_note() -> None:
    lrp = Lrp(bytes.fromhex("E0C4935FF0C254CD2CEF8FDDC32460CF"))
    counter = bytes.fromhex("C3315DBF")
    plain = bytes.fromhex("012D7F1653CAF6503C6AB0C1010E8CB0") + b"\x80".ljust(16, b"\0")
    secret = lrp.encrypt(plain, counter)
    assert secret.hex().upper() == (
        "FCBBACAA4F29182464F99DE41085266F480E863E487BAAF687B43ED1ECE0D623"
    )
    assert lrp.decrypt(secret, counter) == plain


def test_a_full_counter_goes_on_from_zero() -> None:
    lrp = Lrp(bytes(16))
    both = lrp.encrypt(bytes(32), b"\xff")
    assert both[16:] == lrp.encrypt(bytes(16), b"\x00")


@pytest.mark.parametrize("length", [0, 1, 17])
def test_incomplete_blocks_are_refused(length: int) -> None:
    with pytest.raises(NfcError) as caught:
        Lrp(bytes(16)).decrypt(bytes(length), bytes(4))
    assert caught.value.code == "blocks_incomplete"
