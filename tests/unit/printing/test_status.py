"""What printers answer when they are asked how they are."""

from __future__ import annotations

import pytest

from suyuan.printing.outlets.status import (
    StatusMalformedError,
    complete_zpl,
    read_tspl,
    read_zpl,
)


def host_status(**flags: str) -> bytes:
    """Write the answer to ~HS, all well but for what is named."""
    at = {"paper": "0", "pause": "0", "formats": "000", "full": "0", "ram": "0"}
    at |= {"cold": "0", "hot": "0", "head": "0", "ribbon": "0", "left": "00000000"} | flags
    return (
        f"\x02030,{at['paper']},{at['pause']},0260,{at['formats']},{at['full']},0,0,000,"
        f"{at['ram']},{at['cold']},{at['hot']}\x03\r\n"
        f"\x02001,0,{at['head']},{at['ribbon']},1,2,6,0,{at['left']},1,000\x03\r\n"
        "\x021234,0\x03\r\n"
    ).encode()


def test_a_printer_with_nothing_to_do_is_idle() -> None:
    assert read_zpl(host_status()).idle


def test_formats_and_labels_that_are_left_are_counted() -> None:
    status = read_zpl(host_status(formats="003", left="00000012"))
    assert (status.fault, status.waiting, status.idle) == ("", 15, False)


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        ("paper", "printer_paper_out"),
        ("head", "printer_head_open"),
        ("ribbon", "printer_ribbon_out"),
        ("hot", "printer_too_hot"),
        ("cold", "printer_too_cold"),
        ("ram", "printer_trouble"),
        ("full", "printer_buffer_full"),
        ("pause", "printer_paused"),
    ],
)
def test_each_trouble_is_named(flag: str, code: str) -> None:
    assert read_zpl(host_status(**{flag: "1"})).fault == code


def test_an_answer_is_complete_with_its_third_string() -> None:
    whole = host_status()
    assert complete_zpl(whole)
    assert not complete_zpl(whole[:-12])


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x021,2\x03", host_status()[:-12], host_status(formats="x12"), b"HTTP/1.1 400\r\n"],
)
def test_what_is_no_status_is_refused(answer: bytes) -> None:
    with pytest.raises(StatusMalformedError):
        read_zpl(answer)


@pytest.mark.parametrize(
    ("answer", "fault", "waiting"),
    [
        (b"\x00", "", 0),
        (b"\x20", "", 1),
        (b"\x01", "printer_head_open", 0),
        (b"\x02", "printer_paper_jam", 0),
        (b"\x04", "printer_paper_out", 0),
        (b"\x05", "printer_head_open", 0),
        (b"\x08", "printer_ribbon_out", 0),
        (b"\x10", "printer_paused", 0),
        (b"\x80", "printer_trouble", 0),
    ],
)
def test_tspl_says_it_in_one_byte(answer: bytes, fault: str, waiting: int) -> None:
    status = read_tspl(answer)
    assert (status.fault, status.waiting) == (fault, waiting)


def test_no_byte_is_no_status() -> None:
    with pytest.raises(StatusMalformedError):
        read_tspl(b"")
