"""Many tags at once agree with one at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.codespace import CodeSpace
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, check_digit
from suyuan.core.identifiers.binary import (
    TagScheme,
    decode,
    decode_sgtin96,
    encode,
    encode_sgtin96,
    hex_lines,
    read_hex,
    read_own,
    sgtin96_range,
    write_own,
)

GTIN = "09521234000013"
bodies = st.text("0123456789", min_size=13, max_size=13)
tags_of_any_bits = st.lists(st.binary(min_size=11, max_size=11), min_size=1, max_size=20)


@given(tags_of_any_bits)
def test_arrays_accept_and_read_what_the_scalar_decoder_does(tails: list[bytes]) -> None:
    raw = [b"\x30" + tail for tail in tails]
    found = decode_sgtin96(np.frombuffer(b"".join(raw), dtype=np.uint8).reshape(-1, 12))
    for at, tag in enumerate(raw):
        try:
            one = decode(tag.hex())
        except IdentifierError:
            assert not found.valid[at]
            continue
        assert found.valid[at]
        said = f"{found.gtin[at]:014}", str(found.serial[at])
        assert said == (one.identity.primary, one.identity.secondary)
        assert (found.filter[at], 12 - found.partition[at]) == (one.filter, one.prefix_length)


@given(
    st.lists(st.tuples(bodies, st.integers(0, 2**38 - 1)), min_size=1, max_size=20),
    st.integers(0, 7),
    st.integers(6, 12),
)
def test_arrays_write_what_the_scalar_encoder_does(
    items: list[tuple[str, int]], filter_value: int, prefix: int
) -> None:
    gtins = [body + check_digit(body) for body, _ in items]
    tags = encode_sgtin96(
        np.array([int(gtin) for gtin in gtins], dtype=np.int64),
        np.array([serial for _, serial in items], dtype=np.int64),
        filter_value=filter_value,
        prefix=prefix,
    )
    alone = [
        encode(
            Identity(Scheme.SGTIN, gtin, str(serial)),
            scheme=TagScheme.SGTIN_96,
            filter=filter_value,
            prefix_length=prefix,
        ).hex
        for gtin, (_, serial) in zip(gtins, items, strict=True)
    ]
    assert hex_lines(tags).decode().split("\r\n")[:-1] == alone
    read = decode_sgtin96(tags)
    assert read.valid.all()
    assert [f"{gtin:014}" for gtin in read.gtin.tolist()] == gtins


def test_other_headers_are_not_valid() -> None:
    tags, ok = read_hex(["311BA1B300CE0A6A83000000", "3074257BF7194E4000001A85"])
    assert ok.all()
    assert decode_sgtin96(tags).valid.tolist() == [False, True]


def test_arrays_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="12"):
        decode_sgtin96(np.zeros((2, 11), dtype=np.uint8))


@pytest.mark.parametrize("serial", [-1, 2**38])
def test_a_serial_beyond_the_tag_is_refused_in_an_array(serial: int) -> None:
    with pytest.raises(IdentifierError) as caught:
        encode_sgtin96(np.array([int(GTIN)]), np.array([0, serial]), filter_value=1, prefix=7)
    assert caught.value.code == "tag_too_large"
    assert caught.value.data["given"] == str(serial)


def test_a_range_beyond_the_tag_is_refused() -> None:
    assert len(sgtin96_range(GTIN, 2**38 - 2, 2, filter_value=1, prefix=7)) == 2
    with pytest.raises(IdentifierError):
        sgtin96_range(GTIN, 2**38 - 2, 3, filter_value=1, prefix=7)


@pytest.mark.parametrize(("filter_value", "prefix"), [(8, 7), (1, 5)])
def test_arrays_refuse_what_the_scalar_encoder_refuses(filter_value: int, prefix: int) -> None:
    with pytest.raises(IdentifierError):
        sgtin96_range(GTIN, 1, 1, filter_value=filter_value, prefix=prefix)


def test_a_long_array_is_read_batch_by_batch() -> None:
    tags = sgtin96_range(GTIN, 5, 70_000, filter_value=1, prefix=7)
    assert decode_sgtin96(tags).serial.tolist() == list(range(5, 70_005))


@given(
    st.lists(
        st.one_of(
            st.text("0123456789abcdefABCDEF", min_size=24, max_size=24),
            st.text(" 0aG\n٣é", min_size=22, max_size=26),
        ),
        max_size=12,
    )
)
def test_hexadecimal_texts_are_told_from_others(texts: list[str]) -> None:
    tags, ok = read_hex(texts)
    good = [
        len(text) == 24 and all(sign in "0123456789abcdefABCDEF" for sign in text) for text in texts
    ]
    assert ok.tolist() == good
    shown = hex_lines(tags, ending=b"").decode() if texts else ""
    for at, text in enumerate(texts):
        assert shown[24 * at : 24 * at + 24] == (text.upper() if good[at] else "0" * 24)


SPACE = CodeSpace(key=bytes(16), gtin=GTIN, version=1)


@pytest.mark.parametrize("scheme", [TagScheme.SGTIN_PLUS, TagScheme.SGTIN_198])
def test_own_serials_are_written_and_read_as_the_scalar_codec_does(scheme: TagScheme) -> None:
    serials = SPACE.serial_range(0, 300)
    # What another method holds in fewer bits.
    serials = np.concatenate((serials, np.array([b"12345678901234", b"ABCDEF01234567"])))
    found = write_own(serials, gtin=GTIN, scheme=scheme, filter_value=3, prefix=7)
    alone = [
        encode(
            Identity(Scheme.SGTIN, GTIN, serial.decode()),
            scheme=scheme,
            filter=3,
            prefix_length=7,
        ).memory
        for serial in serials.tolist()
    ]
    assert found == alone
    read = read_own([text.lower() for text in found])
    assert read.valid[:300].all()
    assert read.serial[read.valid].tolist() == serials[read.valid].tolist()
    assert set(read.gtin[read.valid].tolist()) == {int(GTIN)}


def test_no_serials_give_no_tags() -> None:
    none = np.zeros(0, dtype="S14")
    assert (
        write_own(none, gtin=GTIN, scheme=TagScheme.SGTIN_PLUS, filter_value=1, prefix=None) == []
    )
    with pytest.raises(ValueError, match="14"):
        write_own(
            np.zeros(1, dtype="S13"),
            gtin=GTIN,
            scheme=TagScheme.SGTIN_PLUS,
            filter_value=1,
            prefix=None,
        )


@given(st.sampled_from([TagScheme.SGTIN_PLUS, TagScheme.SGTIN_198]), st.integers(0, 39), st.data())
def test_a_changed_digit_is_never_read_as_something_else(
    scheme: TagScheme, at: int, data: st.DataObject
) -> None:
    serial = SPACE.serial(data.draw(st.integers(0, 10**6)))
    item = Identity(Scheme.SGTIN, GTIN, serial)
    memory = encode(item, scheme=scheme, filter=1, prefix_length=7).memory
    changed = memory[:at] + data.draw(st.sampled_from("0123456789ABCDEFG ")) + memory[at + 1 :]
    read = read_own([changed])
    if read.valid[0]:
        one = decode(changed).identity
        assert (f"{read.gtin[0]:014}", read.serial[0].decode()) == (one.primary, one.secondary)
