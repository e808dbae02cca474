"""What tags cannot say, and what is no EPC: each refused with its code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc_hex
from suyuan.core.identifiers.binary import (
    TAGS_OF,
    FilterMeaning,
    TagDate,
    TagScheme,
    decode,
    encode,
    filter_meaning,
    filters_of,
    parse_tag,
)
from tests.unit.rfid.refusing import refusal

ITEM = Identity(Scheme.SGTIN, "09521234000013", "6789")


@pytest.mark.parametrize(
    ("serial", "code"),
    [
        ("00123", "tag_leading_zero"),
        (str(2**38), "tag_too_large"),
        ("7K3M", "tag_not_numeric"),
        ("", "tag_serial_missing"),
        ("x" * 21, "serial_length"),
        ("é", "serial_charset"),
    ],
)
def test_a_serial_that_does_not_fit_is_refused(serial: str, code: str) -> None:
    item = Identity(Scheme.SGTIN, "09521234000013", serial)
    assert refusal(lambda: encode(item, scheme=TagScheme.SGTIN_96, prefix_length=7)) == code


def test_the_largest_serial_fits() -> None:
    item = Identity(Scheme.SGTIN, "09521234000013", str(2**38 - 1))
    assert decode(encode(item, scheme=TagScheme.SGTIN_96, prefix_length=7).hex).identity == item


@pytest.mark.parametrize(
    ("identity", "options", "code"),
    [
        (ITEM, {"scheme": TagScheme.SGTIN_96}, "tag_prefix_missing"),
        (ITEM, {"scheme": TagScheme.SGTIN_96, "prefix_length": 5}, "company_prefix_length"),
        (ITEM, {"scheme": TagScheme.SGTIN_96, "prefix_length": 13}, "company_prefix_length"),
        (ITEM, {"scheme": TagScheme.SGTIN_PLUS, "filter": 8}, "tag_filter"),
        (ITEM, {"scheme": TagScheme.SSCC_PLUS}, "tag_scheme"),
        (ITEM, {"scheme": TagScheme.DSGTIN_PLUS}, "tag_date"),
        (ITEM, {"scheme": TagScheme.SGTIN_PLUS, "date": TagDate("17", "260101")}, "tag_date"),
        (ITEM, {"scheme": TagScheme.DSGTIN_PLUS, "date": TagDate("12", "260101")}, "tag_date"),
        (ITEM, {"scheme": TagScheme.DSGTIN_PLUS, "date": TagDate("17", "260231")}, "tag_date"),
        (ITEM, {"scheme": TagScheme.DSGTIN_PLUS, "date": TagDate("17", "2602")}, "tag_date"),
        (
            Identity(Scheme.SGTIN, "09521234000012", "1"),
            {"scheme": TagScheme.SGTIN_PLUS},
            "gtin_check_digit",
        ),
        (
            Identity(Scheme.GRAI, "9521141123454"),
            {"scheme": TagScheme.GRAI_PLUS},
            "tag_serial_missing",
        ),
        (
            Identity(Scheme.GID, "1.2", "3"),
            {"scheme": TagScheme.GID_96, "filter": 1},
            "tag_filter",
        ),
        (
            Identity(Scheme.GIAI, "952114107"),
            {"scheme": TagScheme.GIAI_96, "prefix_length": 7},
            "tag_leading_zero",
        ),
        (
            Identity(Scheme.GIAI, "9521141" + "7" * 23),
            {"scheme": TagScheme.GIAI_96, "prefix_length": 7},
            "tag_too_large",
        ),
        (
            Identity(Scheme.GIAI, "952114" + "A" * 24),
            {"scheme": TagScheme.GIAI_202, "prefix_length": 12},
            "company_prefix_length",
        ),
        (
            Identity(Scheme.GIAI, "9521141"),
            {"scheme": TagScheme.GIAI_202, "prefix_length": 7},
            "company_prefix_length",
        ),
    ],
)
def test_what_a_tag_cannot_say_is_refused(
    identity: Identity, options: dict[str, object], code: str
) -> None:
    assert refusal(lambda: encode(identity, **options)) == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("digits", "code"),
    [
        ("", "hex_malformed"),
        ("3", "hex_malformed"),
        ("30G4257BF7194E4000001A85", "hex_malformed"),
        ("30" * 65, "hex_malformed"),
        ("00" * 12, "hex_unknown_header"),
        ("E28011700000020000000000", "hex_unknown_header"),  # a TID, no EPC
        ("FD3795211411234538566CB0AFC5", "hex_unknown_header"),  # SGTIN++ is not read
        ("3074257BF7194E4000001A8", "tag_truncated"),
        ("F738061414112345", "tag_truncated"),
        ("3666C4409047E159B2C2BF10", "tag_truncated"),
        ("3074257BF7194E4000001A850001", "tag_trailing_bits"),
        ("F90095201234567891235001", "tag_trailing_bits"),
        ("310000000000000000000001", "tag_trailing_bits"),
        ("301FFFFFFFFFFFFFFFFFFFFF", "tag_partition"),
        ("3017FFFFFFFFFFFFFFFFFFFF", "tag_range"),
        ("3003FFFFFFFFFFFFFFFFFFFF", "tag_range"),
        ("F7380614141123459046A14", "gtin_check_digit"),
        ("F73806141411234A8046A14", "tag_text"),
        ("F738061414112345800000000000", "tag_encoding"),  # no character
        ("F7380614141123458C46A1400000", "tag_encoding"),  # indicator 6
        ("F73806141411234581F6A14000000000000000", "tag_encoding"),  # 31 digits
        ("F738061414112345804FFFC", "tag_text"),  # 16383 has more than four digits
        ("F7306901234567892A30000000000000", "tag_text"),  # no group of URN Code 40
        ("F7306901234567892A1FFFF", "tag_text"),
        ("F7306901234567892A30641", "tag_text"),  # a pad within the text
        ("F13195211411234548566CB0AFC4", "grai_filler"),
        ("FAF", "tag_truncated"),
        ("FA3C", "tag_text"),
        ("FA3" + "1" * 31 + "F", "tag_text"),
        ("3F76451FD612640000000000", "tag_text"),  # the mark before the digits is missing
        ("3F76451FD612640000000001", "tag_text"),
        ("3666C4409047E140000000000000000000000000000000000000", "tag_text"),
        ("3666C4409047E159B2C2BF100400000000000000000000000000", "tag_text"),
        ("FB3F2CDE795211411234538566CB0AFC4", "tag_date"),
        ("FB34FCDE795211411234538566CB0AFC4", "tag_date"),
    ],
)
def test_what_breaks_the_standards_rules_is_refused(digits: str, code: str) -> None:
    assert refusal(lambda: decode(digits)) == code


def test_a_part_number_that_never_ends_is_refused() -> None:
    assert refusal(lambda: decode("3D76451FD7" + "54" * 30)) in {"tag_text", "tag_truncated"}


@given(st.binary(min_size=1, max_size=64), st.sampled_from(sorted(TagScheme)))
def test_any_bytes_are_read_or_refused_with_a_code(raw: bytes, tag: TagScheme) -> None:
    headers = {"3": 0x30, "F": 0xF7}
    for head in headers.values():
        try:
            read = decode(f"{head:02X}{raw.hex()}"[:128])
        except IdentifierError as error:
            assert error.code  # noqa: PT017 either outcome is right, a crash is not
        else:
            assert read.identity.primary


def test_other_data_after_an_epc_are_kept_unread() -> None:
    epc = encode(ITEM, scheme=TagScheme.SGTIN_PLUS, filter=1, aidc=True)
    assert epc.bits == 90  # two bits of the last digit are free for what follows
    read = decode(epc.hex[:-1] + f"{int(epc.hex[-1], 16) | 1:X}" + "7ABC")
    assert read.identity == ITEM
    assert read.aidc
    assert read.rest == "5EAF0"


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize(
    ("given_text", "code"),
    [
        ("urn:epc:tag:sgtin-97:3.0614141.812345.6789", "tag_urn_malformed"),
        ("urn:epc:tag:sgtin-96", "tag_urn_malformed"),
        ("urn:epc:tag:sgtin-96:8.0614141.812345.6789", "tag_filter"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.06789", "tag_leading_zero"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345", "urn_malformed"),
        ("urn:epc:raw:95.x3074257BF7194E4000001A85", "tag_urn_malformed"),
        ("urn:epc:raw:96.3074257", "tag_urn_malformed"),
    ],
)
def test_malformed_tag_texts_are_refused(given_text: str, code: str) -> None:
    assert refusal(lambda: parse_tag(given_text)) == code


@pytest.mark.parametrize(
    "same",
    [
        " 3074257bf7194e4000001a85 ",
        "urn:epc:raw:96.x3074257BF7194E4000001A85",
        "urn:epc:raw:[umi=1]:96.x3074257BF7194E4000001A85",
        "urn:epc:tag:[att=x01][umi=1]:sgtin-96:3.0614141.812345.6789",
    ],
)
def test_the_texts_of_readers_say_the_same(same: str) -> None:
    assert parse_tag(same) == decode("3074257BF7194E4000001A85")


def test_schemes_of_release_two_have_no_tag_urn() -> None:
    read = decode("F7380614141123458046A14")
    assert refusal(read.tag_urn) == "no_tag_urn"
    assert refusal(read.urn) == "tag_prefix_missing"
    assert read.identity.urn(7) == "urn:epc:id:sgtin:0614141.812345.6789"


def test_a_location_without_extension_reads_back_without() -> None:
    place = Identity(Scheme.SGLN, "9521141123454")
    for scheme in TAGS_OF[Scheme.SGLN]:
        assert decode(encode(place, scheme=scheme, prefix_length=7).hex).identity == place


def test_the_epc_of_a_tag_is_its_identity() -> None:
    assert (
        parse_epc_hex("3074257bf7194e4000001a85").urn(7) == "urn:epc:id:sgtin:0614141.812345.6789"
    )


def test_filter_values_have_their_meanings() -> None:
    assert filters_of(Scheme.SGTIN) == (0, 1, 2, 4, 6, 7)
    assert filters_of(Scheme.SSCC) == (0, 2, 6)
    assert filters_of(Scheme.GRAI) == (0,)
    assert filter_meaning(Scheme.SGTIN, 1) is FilterMeaning.ITEM
    assert filter_meaning(Scheme.SSCC, 1) is FilterMeaning.RESERVED


def test_schemes_are_named_as_the_standard_names_them() -> None:
    assert [tag.label for tag in TAGS_OF[Scheme.SGTIN]] == [
        "SGTIN-96",
        "SGTIN-198",
        "SGTIN+",
        "DSGTIN+",
    ]
    assert TagScheme.CPI_VAR.label == "CPI-var"
