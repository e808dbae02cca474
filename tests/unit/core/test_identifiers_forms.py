"""Reading and writing identities in each text form."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import biip
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.identifiers import (
    SERIAL_CHARSET,
    IdentifierError,
    Identity,
    Scheme,
    StemForm,
    check_digit,
    company_prefix_length,
    parse_epc,
    parse_epc_hex,
    parse_identity,
    parse_stem,
    split_alike,
    split_epc,
)

Strategy = st.SearchStrategy[str]
SHARED = Path(__file__).parents[4] / "shared"
SGTIN = Identity(Scheme.SGTIN, "10614141073464", "2018")
U = "urn:epc:id:"
L = "https://x.example"
KEYED = [
    scheme for scheme in Scheme if scheme not in {"imovn", "bic", "adi", "usdod", "gid", "uri"}
]


def refusal(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(IdentifierError) as caught:
        parse(text)
    return caught.value.code


def digits(length: int) -> Strategy:
    return st.text("0123456789", min_size=length, max_size=length)


def key(length: int) -> Strategy:
    return digits(length).map(lambda body: body + check_digit(body))


def text(longest: int, shortest: int = 1) -> Strategy:
    return st.text(sorted(SERIAL_CHARSET), min_size=shortest, max_size=longest)


def whole(reference: Strategy) -> Strategy:
    return st.builds(str.__add__, digits(12), reference)


PIECES = st.sampled_from(["0101", "0102", "0202", "9999"])
NUMBER = digits(12)
EXTENSION = text(20, 0).filter(lambda value: value != "0")
PARTS = {
    Scheme.SGTIN: (key(13), text(20)),
    Scheme.LGTIN: (key(13), text(20)),
    Scheme.GTIN: (key(13), st.just("")),
    Scheme.UPUI: (key(13), text(28)),
    Scheme.ITIP: (st.builds(str.__add__, key(13), PIECES), text(20, 0)),
    Scheme.SSCC: (key(17), st.just("")),
    Scheme.SGLN: (key(12), EXTENSION),
    Scheme.PGLN: (key(12), st.just("")),
    Scheme.GRAI: (key(12), text(16, 0)),
    Scheme.GDTI: (key(12), text(17, 0)),
    Scheme.SGCN: (key(12), NUMBER),
    Scheme.GCN: (key(12), st.just("")),
    Scheme.GSRN: (key(17), st.just("")),
    Scheme.GSRNP: (key(17), st.just("")),
    Scheme.GSIN: (key(16), st.just("")),
    Scheme.GIAI: (whole(text(18)), st.just("")),
    Scheme.GINC: (whole(text(18)), st.just("")),
    Scheme.CPI: (
        whole(st.text("#-/0123456789ABCXYZ", min_size=1, max_size=18)),
        st.integers(0, 10**12 - 1).map(str) | st.just(""),
    ),
}


@st.composite
def keyed_identities(draw: st.DrawFn) -> Identity:
    scheme = draw(st.sampled_from(KEYED))
    primary, secondary = PARTS[scheme]
    return Identity(scheme, draw(primary), draw(secondary))


CAGE = st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=5, max_size=6)
PART = st.text("0123456789ABC/-", max_size=32)
ADI_SERIAL = st.builds(
    str.__add__, st.sampled_from(["", "#"]), PART.filter(lambda t: 0 < len(t) < 31)
)
FOREIGN = st.one_of(
    st.builds(Identity, st.just(Scheme.IMOVN), digits(7)),
    st.builds(Identity, st.just(Scheme.BIC), digits(7).map(lambda number: f"CSQU{number}")),
    st.builds(Identity, st.just(Scheme.ADI), st.builds("{}.{}".format, CAGE, PART), ADI_SERIAL),
    st.builds(Identity, st.just(Scheme.USDOD), CAGE, st.integers(0, 2**36 - 1).map(str)),
    st.builds(
        Identity,
        st.just(Scheme.GID),
        st.builds("{}.{}".format, st.integers(0, 2**28 - 1), st.integers(0, 2**24 - 1)),
        st.integers(0, 2**36 - 1).map(str),
    ),
)


@given(keyed_identities(), st.integers(6, 12))
def test_urn_reads_back_as_the_identity_it_was_written_from(
    identity: Identity, length: int
) -> None:
    urn = identity.urn(length)
    assert parse_epc(urn) == identity
    assert parse_identity(urn) == identity
    assert company_prefix_length(urn) == length


@pytest.mark.parametrize(
    ("urn", "link", "elements"),
    [
        (
            "id:sgtin:0614141.107346.a%2Fb",
            "01/10614141073464/21/a%2Fb",
            "(01)10614141073464(21)a/b",
        ),
        ("class:lgtin:0614141.107346.L", "01/10614141073464/10/L", "(01)10614141073464(10)L"),
        ("idpat:sgtin:0614141.107346.*", "01/10614141073464", "(01)10614141073464"),
        ("id:upui:0614141.107346.T", "01/10614141073464/235/T", "(01)10614141073464(235)T"),
        (
            "id:itip:0614141.107346.01.02.S",
            "8006/106141410734640102/21/S",
            "(8006)106141410734640102(21)S",
        ),
        (
            "idpat:itip:0614141.107346.01.02.*",
            "8006/106141410734640102",
            "(8006)106141410734640102",
        ),
        ("id:sgln:0614141.00777.0", "414/0614141007776", "(414)0614141007776"),
        ("id:sgln:0614141.00777.7", "414/0614141007776/254/7", "(414)0614141007776(254)7"),
        ("id:pgln:0614141.00777", "417/0614141007776", "(417)0614141007776"),
        ("id:grai:4012345.00077.8", "8003/040123450007718", "(8003)040123450007718"),
        ("idpat:grai:4012345.00077.*", "8003/04012345000771", "(8003)04012345000771"),
        ("id:sgcn:4012345.00077.008", "255/4012345000771008", "(255)4012345000771008"),
        ("idpat:sgcn:4012345.00077.*", "255/4012345000771", "(255)4012345000771"),
        ("id:giai:4000001.a.%2F", "8004/4000001a.%2F", "(8004)4000001a./"),
        ("id:cpi:0614141.P%237.0", "8010/0614141P%237/8011/0", "(8010)0614141P#7(8011)0"),
    ],
)
def test_one_identity_has_three_forms(urn: str, link: str, elements: str) -> None:
    identity = parse_epc(f"urn:epc:{urn}")
    assert parse_epc(f"{L}/{link}") == parse_identity(elements) == identity
    assert identity.urn(7) == f"urn:epc:{urn}"
    assert identity.digital_link(L) == f"{L}/{link}"
    assert identity.element_string() == elements


@given(FOREIGN)
def test_urn_without_company_prefix_reads_back(identity: Identity) -> None:
    urn = identity.urn(7)
    assert parse_epc(urn) == identity
    assert company_prefix_length(urn) is None
    assert refusal(lambda _: identity.digital_link(), "") == "no_digital_link"
    assert refusal(lambda _: identity.element_string(), "") == "no_element_string"


BASES = st.sampled_from(
    ["https://id.gs1.org", "http://b.example:8080/x/", "HTTPS://B.EXAMPLE/01/2"]
)


@given(keyed_identities(), BASES, st.sampled_from(["", "?a=/01/1", "#10/x", "/"]))
def test_digital_link_reads_back_on_any_host_and_path(
    identity: Identity, base: str, end: str
) -> None:
    assert parse_epc(identity.digital_link(base) + end) == identity


@given(keyed_identities())
def test_element_string_reads_back(identity: Identity) -> None:
    assert parse_identity(identity.element_string()) == identity


@given(key(13), text(20))
def test_written_links_and_elements_agree_with_biip(gtin: str, serial: str) -> None:
    identity = Identity(Scheme.SGTIN, gtin, serial)
    message = biip.parse(f"]d201{gtin}21{serial}").gs1_message
    assert message is not None
    assert [element.value for element in message.element_strings] == [gtin, serial]
    assert parse_identity(f"]d201{gtin}21{serial}") == identity


@given(key(13), st.text("ABCxyz0123/%+", min_size=1, max_size=20))
def test_biip_reads_the_same_link(gtin: str, serial: str) -> None:
    link = biip.parse(Identity(Scheme.SGTIN, gtin, serial).digital_link()).gs1_digital_link_uri
    assert link is not None
    assert [element.value for element in link.element_strings] == [gtin, serial]


@pytest.mark.parametrize(
    ("given_text", "identity"),
    [
        ("urn:epc:id:sgtin:0614141.107346.2018", SGTIN),
        ("urn:epc:id:sgtin:0614141.107346.0007", Identity(Scheme.SGTIN, "10614141073464", "0007")),
        (
            "urn:epc:id:sgtin:0614141.107346.a.b:c",
            Identity(Scheme.SGTIN, "10614141073464", "a.b:c"),
        ),
        ("urn:epc:id:sgtin:0614141.107346.a%2Fb", Identity(Scheme.SGTIN, "10614141073464", "a/b")),
        ("urn:epc:id:sgtin:0614141.107346.%41", Identity(Scheme.SGTIN, "10614141073464", "A")),
        ("urn:epc:idpat:sgtin:0614141.107346.*", Identity(Scheme.GTIN, "10614141073464")),
        ("urn:epc:class:lgtin:0614141.107346.L1", Identity(Scheme.LGTIN, "10614141073464", "L1")),
        ("urn:epc:id:sgln:0614141.00777.0", Identity(Scheme.SGLN, "0614141007776")),
        ("https://x.example/414/0614141007776/254/0", Identity(Scheme.SGLN, "0614141007776")),
        ("urn:epc:id:imovn:9176187", Identity(Scheme.IMOVN, "9176187")),
        ("urn:epc:id:adi:35962..%23A1", Identity(Scheme.ADI, "35962.", "#A1")),
        ("urn:uuid:1234", Identity(Scheme.URI, "urn:uuid:1234")),
        ("urn:epcglobal:cbv:bt:1:2", Identity(Scheme.URI, "urn:epcglobal:cbv:bt:1:2")),
        ("https://x.example", Identity(Scheme.URI, "https://x.example")),
        ("https://x.example/2024/01/15", Identity(Scheme.URI, "https://x.example/2024/01/15")),
        ("https://x.example/a/b/", Identity(Scheme.URI, "https://x.example/a/b/")),
        ("https://x.example/01/96385074", Identity(Scheme.GTIN, "00000096385074")),
        (
            "https://x.example/01/614141123452/22/V/10/L/21/S?17=1#f",
            Identity(Scheme.SGTIN, "00614141123452", "S"),
        ),
        (
            "https://id.example.com/8003/040123450007718765",
            Identity(Scheme.GRAI, "4012345000771", "8765"),
        ),
    ],
)
def test_known_text_reads_as(given_text: str, identity: Identity) -> None:
    assert parse_epc(given_text) == identity


@pytest.mark.parametrize("urn", ["imovn:9176187", "adi:35962..%23A1", "gid:1.2.3"])
def test_foreign_urn_is_written_as_it_was_read(urn: str) -> None:
    assert parse_epc(U + urn).urn(7) == U + urn


def test_a_uri_is_written_as_it_is() -> None:
    uri = Identity(Scheme.URI, "urn:uuid:1234")
    assert uri.urn(7) == uri.digital_link() == "urn:uuid:1234"


@pytest.mark.parametrize(
    ("given_text", "code"),
    [
        ("", "empty"),
        ("x", "uri_malformed"),
        (" urn:epc:id:sgtin:0614141.107346.1", "uri_malformed"),
        ("urn:epc:id:sgtin:0614141.107346.1\n", "urn_charset"),
        ("urn:epc:id:sgtin:0614141.107346.1\x00", "urn_charset"),
        ("urn:epc:id:sgtin:0614141.107346.１", "urn_charset"),
        ("urn:epc:id:sgtin:٠614141.107346.1", "company_prefix"),
        ("urn:epc:id:sgtin:0614141.10734٦.1", "not_digits"),
        ("urn:epc:id:sgtin:0614141.107346.%2", "percent_escape"),
        ("urn:epc:id:sgtin:0614141.107346.%00", "serial_charset"),
        ("urn:epc:id:sgtin:0614141.107346.%E4%BD", "serial_charset"),
        ("urn:epc:id:sgtin:0614141.107346." + "1" * 21, "serial_length"),
        ("urn:epc:id:sgtin:0614141.107346.", "serial_length"),
        ("urn:epc:id:sgtin:0614141.107346", "urn_malformed"),
        ("urn:epc:id:sgtin:0614141.1073467.1", "gtin_length"),
        ("urn:epc:id:sgtin:06141.41107346.1", "company_prefix"),
        ("urn:epc:id:sgtin:0614141107346..1", "company_prefix"),
        ("urn:epc:idpat:sgtin:0614141.107346.1", "urn_malformed"),
        ("urn:epc:idpat:sgtin:0614141.*.*", "gtin_length"),
        ("urn:epc:idpat:sgtin:*.*", "urn_malformed"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.6789", "urn_unknown_scheme"),
        ("urn:epc:", "urn_unknown_scheme"),
        ("URN:EPC:id:sgtin:0614141.107346.1", "urn_malformed"),
        (U + "sscc:0614141.123456789", "sscc_length"),
        (U + "sscc:06141.123456789012", "company_prefix"),
        (U + "sscc:0614141.12345678a0", "not_digits"),
        (U + "sgcn:4012345.67890.A", "serial_charset"),
        (U + "cpi:0614141.PQ7.007", "serial_charset"),
        (U + "cpi:0614141.pq7.7", "cpi_charset"),
        (U + "pgln:4012345.00225.0", "gln_length"),
        (U + "giai:0614141.", "giai_length"),
        (U + "giai:0614141." + "1" * 24, "giai_length"),
        (U + "giai:0614141.a#b", "urn_charset"),
        (U + "itip:4012345.012345.03.02.1", "itip_piece"),
        (U + "itip:4012345.012345.00.02.1", "itip_piece"),
        (U + "itip:4012345.012345.1.2.1", "itip_piece"),
        (U + "gid:268435456.1.1", "urn_malformed"),
        (U + "gid:01.1.1", "urn_malformed"),
        (U + "imovn:917618", "urn_malformed"),
        (U + "bic:CSQX3054383", "urn_malformed"),
        (L + "/01/10614141073465/21/1", "gtin_check_digit"),
        (L + "/00/106141412345678907", "sscc_check_digit"),
        (L + "/01/1061414107346/21/1", "gtin_check_digit"),
        (L + "/01/123456789/21/1", "gtin_length"),
        (L + "/01/950/21/1", "gtin_length"),
        (L + "/01/10614141073464/21", "link_malformed"),
        (L + "/01/10614141073464/21/1/x", "link_malformed"),
        (L + "/01/10614141073464/21//", "link_malformed"),
        (L + "/01/10614141073464/21/1/21/2", "link_malformed"),
        (L + "/01/10614141073464/99/1", "link_unknown_key"),
        (L + "/01/10614141073464/21/a%20b", "serial_charset"),
        (L + "/01/10614141073464/21/a%2", "percent_escape"),
        (L + "/01/10614141073464/21/%00", "serial_charset"),
        (L + "/01/10614141073464/21/" + "1" * 21, "serial_length"),
        (L + "/01/10614141073464/10/a%00/21/1", "serial_charset"),
        (L + "/01/10614141073464/21/１", "uri_malformed"),
        (L + "/8003/140123450007718765", "grai_filler"),
        (L + "/8004/1234" + "a" * 27, "giai_length"),
        (L + "/8004/12345a%20", "giai_charset"),
        (L + "/8010/AB/8011/1", "company_prefix"),
        (L + "/8006/10614141073464010", "itip_length"),
        ("https:///01/10614141073464/21/1", "uri_malformed"),
        ("https:x", "uri_malformed"),
        ("x:" + "a" * 2047, "too_long"),
        ("urn:epc:id:sgtin:0614141.107346." + "1" * 1_000_000, "too_long"),
        ("(01)" * 250_000, "too_long"),
        ("x:%zz", "percent_escape"),
    ],
)
def test_malformed_text_is_refused(given_text: str, code: str) -> None:
    assert refusal(parse_identity, given_text) == code


@pytest.mark.parametrize(
    "given_text", ["(01)10614141073464(21)1", "0110614141073464", "10614141073464"]
)
def test_parse_epc_refuses_element_strings(given_text: str) -> None:
    assert refusal(parse_epc, given_text) == "uri_malformed"


@pytest.mark.parametrize(
    "raw",
    [
        "0110614141073464212018",
        "]d20110614141073464212018\x1d10L",
        "]C10110614141073464172501012118\x1d",
        "]Q3\x1d011061414107346410L1\x1d212018",
        "\x1d0110614141073464\x1d212018",
    ],
)
def test_raw_element_string_finds_the_trade_item(raw: str) -> None:
    assert parse_identity(raw).primary == "10614141073464"
    assert parse_identity(raw).scheme is Scheme.SGTIN


def test_logistic_unit_goes_before_its_content() -> None:
    both = "(01)10614141073464(21)1(00)106141412345678908"
    assert parse_identity(both) == Identity(Scheme.SSCC, "106141412345678908")


def test_brackets_inside_a_serial_are_escaped() -> None:
    identity = Identity(Scheme.SGTIN, "10614141073464", "a(10)b")
    assert identity.element_string() == r"(01)10614141073464(21)a\(10)b"


@pytest.mark.parametrize(
    ("given_text", "code"),
    [
        ("(", "element_malformed"),
        ("(01)", "element_malformed"),
        ("(01)10614141073464(x)1", "element_malformed"),
        ("(01)10614141073464(21)a b", "element_malformed"),
        ("(01)10614141073464(21)1(21)2", "element_malformed"),
        ("(10)L", "element_no_key"),
        ("(01)10614141073465", "gtin_check_digit"),
        ("]E09506000134352", "element_symbology"),
        ("]d2", "element_no_key"),
        ("]d2011061", "element_malformed"),
        ("0110614\x1d141073464", "element_malformed"),
        ("8800", "element_unknown_ai"),
        ("0", "element_unknown_ai"),
        ("23", "element_malformed"),
        ("٠١10614141073464", "element_unknown_ai"),
        ("0110614141073464\x1d\x1d211", "element_unknown_ai"),
    ],
)
def test_malformed_element_string_is_refused(given_text: str, code: str) -> None:
    assert refusal(parse_identity, given_text) == code


@pytest.mark.parametrize(
    ("identity", "length", "code"),
    [
        (SGTIN, 5, "company_prefix_length"),
        (SGTIN, 13, "company_prefix_length"),
        (Identity(Scheme.GIAI, "06141415678"), 11, "company_prefix_length"),
        (Identity(Scheme.GIAI, "06141AB1415678"), 7, "company_prefix_length"),
        (Identity(Scheme.SGTIN, "10614141073464"), 7, "no_urn"),
    ],
)
def test_urn_that_cannot_be_written_is_refused(identity: Identity, length: int, code: str) -> None:
    assert refusal(lambda _: identity.urn(length), "") == code


@pytest.mark.parametrize(
    "given_text",
    ["urn:epc:id:nope:0614141.1", "urn:epc:id:sscc:06141.1", L, "urn:epc:id:gid:1.2.3"],
)
def test_text_without_company_prefix_has_no_length(given_text: str) -> None:
    assert company_prefix_length(given_text) is None


@pytest.mark.parametrize(
    ("given_text", "stem", "tail", "form"),
    [
        (
            "urn:epc:id:sgtin:0614141.107346.2018",
            "urn:epc:id:sgtin:0614141.107346.",
            "2018",
            StemForm(Scheme.SGTIN, "10614141073464", 7, is_link=False),
        ),
        (
            "https://h/x/01/10614141073464/21/2018",
            "https://h/x/01/10614141073464/21/",
            "2018",
            StemForm(Scheme.SGTIN, "10614141073464", None, is_link=True),
        ),
        (
            "urn:epc:id:sscc:0614141.1234567890",
            "urn:epc:id:sscc:0614141.",
            "1234567890",
            StemForm(Scheme.SSCC, "0614141", 7, is_link=False),
        ),
    ],
)
def test_hot_forms_split_into_stem_and_tail(
    given_text: str, stem: str, tail: str, form: StemForm
) -> None:
    assert split_epc(given_text) == (stem, tail)
    assert parse_stem(stem) == form
    assert form.identity(tail) == parse_epc(given_text)


@given(keyed_identities(), BASES)
def test_stem_and_tail_say_the_same_as_the_whole(identity: Identity, base: str) -> None:
    for written in (identity.digital_link(base), identity.urn(7)):
        stem, tail = split_epc(written)
        assert stem + tail == written
        if tail:
            assert parse_stem(stem).identity(tail) == identity


@pytest.mark.parametrize(
    "given_text",
    [
        "",
        "x",
        "https://h/01/10614141073464/21/a%2Fb",
        "https://h/01/10614141073464/21/a?b",
        "https://h/01/10614141073464/21/a\n",
        "urn:epc:id:sgtin:0614141.107346." + "1" * 21,
        "https://h/01/10614141073464/21/" + "1" * 1_000_000,
    ],
)
def test_other_text_is_not_split(given_text: str) -> None:
    assert split_epc(given_text) == (given_text, "")


@pytest.mark.parametrize(
    ("stem", "code"),
    [
        ("", "stem_malformed"),
        ("urn:epc:id:sgtin:0614141.107346.1.", "stem_malformed"),
        ("urn:epc:id:sscc:06141.", "company_prefix"),
        ("urn:epc:id:sgtin:0614141.10734.", "gtin_length"),
        ("https://h/01/10614141073465/21/", "gtin_check_digit"),
    ],
)
def test_malformed_stem_is_refused(stem: str, code: str) -> None:
    assert refusal(parse_stem, stem) == code


def test_sgtin_96_tag_reads_as_its_item() -> None:
    assert parse_epc_hex("3074257BF7194E4000001A85") == Identity(
        Scheme.SGTIN, "80614141123458", "6789"
    )
    assert (
        parse_epc_hex("3074257bf7194e4000001a85").urn(7) == "urn:epc:id:sgtin:0614141.812345.6789"
    )


PREFIX_BITS = {12: 40, 11: 37, 10: 34, 9: 30, 8: 27, 7: 24, 6: 20}


def test_sscc_96_tag_of_a_twelve_digit_prefix_reads() -> None:
    tag = (0x31 << 6 | 0) << 58 | 401234512345 << 18 | 10007
    assert parse_epc_hex(f"{tag << 24:024X}") == parse_epc("urn:epc:id:sscc:401234512345.10007")


def test_sgtin_96_tag_of_a_twelve_digit_prefix_reads() -> None:
    tag = ((0x30 << 6 | 0) << 44 | 401234512345 << 4 | 9) << 38 | 5
    assert parse_epc_hex(f"{tag:024X}") == parse_epc("urn:epc:id:sgtin:401234512345.9.5")


def test_sscc_tail_of_a_wrong_length_is_refused() -> None:
    assert refusal(parse_stem("urn:epc:id:sscc:0614141.").identity, "1") == "sscc_length"


@given(st.sampled_from([(0x30, 13, 44, 38), (0x31, 17, 58, 24)]), st.integers(6, 12), st.data())
def test_tag_reads_back_for_every_partition(
    layout: tuple[int, int, int, int], length: int, data: st.DataObject
) -> None:
    header, body_digits, bits, tail_bits = layout
    company = int(data.draw(digits(length)))
    reference = int(data.draw(digits(body_digits - length)))
    tail = data.draw(st.integers(0, 2**38 - 1)) if header == 0x30 else 0
    both = company << (bits - PREFIX_BITS[length]) | reference
    tag = ((header << 6 | 12 - length) << bits | both) << tail_bits | tail
    fields = [f"{company:0{length}}", f"{reference:0{body_digits - length}}"]
    urn = f"sgtin:{'.'.join(fields)}.{tail}" if header == 0x30 else f"sscc:{'.'.join(fields)}"
    assert parse_epc_hex(f"{tag:024X}") == parse_epc(f"urn:epc:id:{urn}")


@pytest.mark.parametrize(
    ("given_text", "code"),
    [
        ("", "hex_malformed"),
        ("3074257BF7194E4000001A8", "tag_truncated"),
        ("3074257BF7194E4000001A8G", "hex_malformed"),
        ("3074257BF7194E4000001A85\n", "hex_malformed"),
        ("٣074257BF7194E4000001A85", "hex_malformed"),
        ("E28011700000020000000000", "hex_unknown_header"),
        ("301FFFFFFFFFFFFFFFFFFFFF", "tag_partition"),
        ("3017FFFFFFFFFFFFFFFFFFFF", "tag_range"),
        ("310000000000000000000001", "tag_trailing_bits"),
        ("3003FFFFFFFFFFFFFFFFFFFF", "tag_range"),
    ],
)
def test_other_tags_are_refused(given_text: str, code: str) -> None:
    assert refusal(parse_epc_hex, given_text) == code


@given(st.text() | st.text("(0)1]d2\x1d%/:.urnepcidsgt*"))
def test_any_text_is_read_or_refused_with_a_code(hostile: str) -> None:
    for parse in (parse_identity, parse_epc, parse_epc_hex, parse_stem):
        try:
            parse(hostile)
        except IdentifierError as error:
            assert error.code  # noqa: PT017 either outcome is right, a crash is not


EPC_FIELDS = {"epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID", "epcClass"}


def published_epcs(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from published_epcs(child)
    elif isinstance(node, dict):
        for name, child in node.items():
            if name in EPC_FIELDS:
                yield from [child] if isinstance(child, str) else child
            else:
                yield from published_epcs(child)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published examples are not here")
def test_every_published_example_epc_reads() -> None:
    files = sorted((SHARED / "gs1-epcis" / "json").rglob("*.jsonld"))
    epcs = {epc for file in files for epc in published_epcs(json.loads(file.read_text("utf-8")))}
    assert len(epcs) > 50
    refused = {}
    for epc in epcs:
        try:
            parse_epc(epc)
        except IdentifierError as error:
            refused[epc] = str(error)
    assert not refused


@pytest.mark.parametrize(
    "texts",
    [
        ["urn:epc:id:sgtin:0614141.107346.2018", "urn:epc:id:sgtin:0614141.107346.A-1"],
        ["https://id.gs1.org/01/09521234000013/21/a", "https://id.gs1.org/01/09521234000013/21/b"],
        ["urn:epc:id:sscc:0614141.1234567890", "urn:epc:id:sscc:0614141.1234567891"],
    ],
)
def test_epcs_that_share_a_stem_are_split_as_each_would_be(texts: list[str]) -> None:
    stem, tails = split_alike(texts) or ("", [])
    assert [(stem, tail) for tail in tails] == [split_epc(text) for text in texts]


@pytest.mark.parametrize(
    "texts",
    [
        ["urn:epc:id:sgtin:0614141.107346.1", "urn:epc:id:sgtin:0614141.107347.1"],
        ["urn:epc:id:sgtin:0614141.107346.1", "urn:epc:id:sgtin:0614141.107346."],
        ["urn:epc:id:sgtin:0614141.107346.1", "urn:epc:id:sgtin:0614141.107346.1\n2"],
        ["urn:epc:id:sgtin:0614141.107346.1", "urn:epc:id:sgtin:0614141.107346.%2F"],
        ["urn:epc:id:sscc:0614141.1234567890", "urn:epc:id:sscc:0614141.12345X7890"],
        ["https://acme.example/thing"],
    ],
)
def test_epcs_that_do_not_share_a_stem_are_not_split_together(texts: list[str]) -> None:
    assert split_alike(texts) is None
