"""GS1 keys, check digits, character sets and errors."""

import pickle
from collections.abc import Callable

import biip.checksums
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.identifiers import (
    SERIAL_CHARSET,
    Gln,
    Gtin,
    IdentifierError,
    Sscc,
    check_digit,
    link_encode,
    percent_decode,
    urn_decode,
    urn_encode,
    valid_serial,
)

DIGITS = "0123456789"


def refused(parse: Callable[[str], object], text: str) -> IdentifierError:
    with pytest.raises(IdentifierError) as caught:
        parse(text)
    return caught.value


@given(st.text(DIGITS, min_size=1, max_size=40))
def test_check_digit_agrees_with_biip(body: str) -> None:
    assert check_digit(body) == str(biip.checksums.gs1_standard_check_digit(body))


@pytest.mark.parametrize("body", ["", "12a", "１２", "٣", "-1", "1\n"])
def test_check_digit_refuses_all_but_ascii_digits(body: str) -> None:
    assert refused(check_digit, body).code == "not_digits"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("96385074", "00000096385074"),
        ("614141123452", "00614141123452"),
        ("9506000134352", "09506000134352"),
        ("70614141123451", "70614141123451"),
    ],
)
def test_gtin_is_kept_as_14_digits_and_shown_as_given(text: str, value: str) -> None:
    gtin = Gtin.parse(text)
    assert (gtin.value, str(gtin), gtin.display) == (value, value, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gtin_length"),
        ("123456789", "gtin_length"),
        ("950600013435٢", "not_digits"),
        ("950 600013435", "not_digits"),
        ("9506000134352\n", "not_digits"),
        ("950600013435\x00", "not_digits"),
        ("1" * 1_000_000, "gtin_length"),
    ],
)
def test_malformed_gtin_is_refused(text: str, code: str) -> None:
    assert refused(Gtin.parse, text).code == code


def test_wrong_check_digit_names_the_expected_one() -> None:
    error = refused(Gtin.parse, "9506000134353")
    assert error.code == "gtin_check_digit"
    assert error.data == {"given": "9506000134353", "expected": "2"}


@given(st.integers(0, 9999), st.integers(0, 9_999_999))
def test_restricted_gtin_parses_and_is_restricted(company: int, item: int) -> None:
    gtin = Gtin.restricted(company, item)
    assert Gtin.parse(gtin.display) == gtin
    assert gtin.is_restricted
    assert gtin.display[:12] == f"2{company:04}{item:07}"


@pytest.mark.parametrize(("company", "item"), [(-1, 0), (10_000, 0), (0, -1), (0, 10_000_000)])
def test_restricted_gtin_refuses_numbers_out_of_range(company: int, item: int) -> None:
    with pytest.raises(IdentifierError, match="gtin_restricted_range"):
        Gtin.restricted(company, item)


@pytest.mark.parametrize(
    ("body", "restricted"),
    [
        ("690123456789", False),
        ("021234567890", True),
        ("041234567890", True),
        ("031234567890", False),
        ("291234567890", True),
        ("301234567890", False),
        ("21234567890", True),  # GTIN-12
        ("0123456", True),  # GTIN-8
        ("2123456", True),
        ("9638507", False),
        ("1201234567890", True),  # a case of restricted items
    ],
)
def test_restricted_circulation_follows_the_prefix(body: str, restricted: bool) -> None:
    assert Gtin.parse(body + check_digit(body)).is_restricted is restricted


def test_gln_and_sscc_keep_their_digits() -> None:
    assert str(Gln.parse("4012345000054")) == "4012345000054"
    assert str(Sscc.parse("106141412345678908")) == "106141412345678908"


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (Gln.parse, "401234500005", "gln_length"),
        (Gln.parse, "4012345000055", "gln_check_digit"),
        (Sscc.parse, "10614141234567890", "sscc_length"),
        (Sscc.parse, "106141412345678907", "sscc_check_digit"),
    ],
)
def test_malformed_gln_and_sscc_are_refused(
    parse: Callable[[str], object], text: str, code: str
) -> None:
    assert refused(parse, text).code == code


def test_sscc_is_built_from_its_parts() -> None:
    assert Sscc.build("0614141", 1, 234567890).value == "106141412345678908"


@given(st.text(DIGITS, min_size=4, max_size=12), st.integers(0, 9), st.integers(0, 9999))
def test_built_sscc_parses(prefix: str, extension: int, serial: int) -> None:
    sscc = Sscc.build(prefix, extension, serial)
    assert Sscc.parse(sscc.value) == sscc


@pytest.mark.parametrize(
    ("prefix", "extension", "serial", "code"),
    [
        ("061", 0, 0, "company_prefix"),
        ("0614141000000", 0, 0, "company_prefix"),
        ("06141a1", 0, 0, "company_prefix"),
        ("0614141", 10, 0, "sscc_range"),
        ("0614141", -1, 0, "sscc_range"),
        ("0614141", 0, 10**9, "sscc_range"),
        ("0614141", 0, -1, "sscc_range"),
    ],
)
def test_sscc_parts_out_of_range_are_refused(
    prefix: str, extension: int, serial: int, code: str
) -> None:
    with pytest.raises(IdentifierError, match=code):
        Sscc.build(prefix, extension, serial)


def test_serial_charset_has_82_characters() -> None:
    assert len(SERIAL_CHARSET) == 82
    assert all(map(valid_serial, SERIAL_CHARSET))


@given(st.text(max_size=25))
def test_valid_serial_is_1_to_20_characters_of_the_set(text: str) -> None:
    assert valid_serial(text) == (0 < len(text) <= 20 and set(text) <= SERIAL_CHARSET)


@pytest.mark.parametrize("text", ["", "a" * 21, "a b", "a\n", "a\x00", "１", "#", "a" * 1_000_000])
def test_bad_serials_are_not_valid(text: str) -> None:
    assert not valid_serial(text)


@given(st.text(sorted(SERIAL_CHARSET)))
def test_escaping_and_unescaping_return_the_value(text: str) -> None:
    assert percent_decode(link_encode(text)) == text
    assert urn_decode(urn_encode(text)) == text


@pytest.mark.parametrize("text", ["%", "a%2", "%G0", "%%20", "% 1", "%+1"])
def test_broken_escapes_are_refused(text: str) -> None:
    assert refused(percent_decode, text).code == "percent_escape"
    assert refused(urn_decode, text).code == "percent_escape"


@pytest.mark.parametrize("text", ["a/b", 'a"b', "a&b", "a<b", "a>b", "a?b", "a b", "a\x00b", "é"])
def test_urn_field_with_an_unescaped_character_is_refused(text: str) -> None:
    assert refused(urn_decode, text).code == "urn_charset"


def test_error_cuts_hostile_data_escapes_it_and_survives_pickling() -> None:
    error = IdentifierError("not_digits", {"given": "\x00" + "x" * 1_000_000})
    assert len(error.data["given"]) == 80
    assert str(error).startswith("not_digits given='\\x00xxx")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 our own bytes
    assert (copy.code, copy.data) == (error.code, error.data)
