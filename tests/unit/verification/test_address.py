"""Reading the addresses that codes carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.kernel.errors import Invalid
from suyuan.web.consumer.address import Asked, corrected, read_address

GTIN = "09521234000013"


@pytest.mark.parametrize("gtin", ["09521234000013", "9521234000013"])
def test_shorter_gtins_are_padded(gtin: str) -> None:
    assert read_address(f"/01/{gtin}/21/7K3M") == Asked(gtin=GTIN, serial="7K3M")


def test_all_forms_are_read() -> None:
    assert read_address(f"/01/{GTIN}") == read_address(f"/01/{GTIN}/") == Asked(gtin=GTIN)
    assert read_address(f"/01/{GTIN}/10/L-1") == Asked(gtin=GTIN, lot="L-1")
    both = Asked(gtin=GTIN, lot="L-1", serial="7")
    assert read_address(f"/01/{GTIN}/10/L-1/21/7") == both
    assert read_address(f"/01/{GTIN}/22/V2/10/L-1/21/7") == both
    assert read_address("/01/96385074").gtin == "00000096385074"
    assert read_address("/00/395212340000000014").sscc == "395212340000000014"


def test_a_slash_in_a_serial_is_part_of_it() -> None:
    asked = read_address(f"/01/{GTIN}/21/A/B")
    assert asked.serial == "A/B"
    assert asked.path == f"/01/{GTIN}/21/A%2FB"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/01/", "gtin_length"),
        ("/01/09521234000014", "gtin_check_digit"),
        ("/01/0952123400001x", "not_digits"),
        ("/01/０9521234000013", "not_digits"),
        (f"/01/{GTIN}/21/" + "A" * 21, "serial_malformed"),
        (f"/01/{GTIN}/21/" + "A" * 10_000, "link_malformed"),
        (f"/01/{GTIN}/21/A\0B", "serial_malformed"),
        (f"/01/{GTIN}/21/序列", "serial_malformed"),
        (f"/01/{GTIN}/10/批次", "lot_malformed"),
        (f"/01/{GTIN}/99/x", "link_malformed"),
        ("/00/1", "sscc_length"),
        ("/00/395212340000000015", "sscc_check_digit"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(path: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_address(path)
    assert caught.value.code == code


@given(st.text(max_size=300))
def test_no_text_brings_the_reader_down(text: str) -> None:
    for path in (f"/01/{text}", f"/01/{GTIN}/21/{text}", f"/01/{GTIN}/10/{text}", f"/00/{text}"):
        try:
            asked = read_address(path)
        except Invalid:
            continue
        assert asked.path.startswith(("/01/", "/00/"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7k3m-9x2p-4q8r-ab", "7K3M9X2P4Q8RAB"),
        ("7K3M9X2P4Q8RAO", "7K3M9X2P4Q8RA0"),
        ("7K3M9X2P4Q8RAB", ""),
        ("SHORT", ""),
        ("a" * 20, ""),
    ],
)
def test_a_mistyped_serial_is_corrected(typed: str, meant: str) -> None:
    assert corrected(typed) == meant
