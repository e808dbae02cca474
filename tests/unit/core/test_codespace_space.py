"""Facts about code spaces: the fast FF1, its arrays, its text and its limits."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.core.codespace import (
    ALPHABET,
    INDEX_LIMIT,
    SERIAL_LENGTH,
    CodeSpace,
    IndexOutOfSpace,
)
from suyuan.core.codespace.ff1 import FF1

KEY = bytes(range(16))
GTIN = "09506000134352"
SPACE = CodeSpace(key=KEY, gtin=GTIN, version=1)

keys = st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
gtins = st.integers(0, 10**14 - 1).map(lambda number: f"{number:014d}")
versions = st.integers(0, 2**24 - 1)
indexes = st.integers(0, INDEX_LIMIT - 1)
spaces = st.builds(CodeSpace, key=keys, gtin=gtins, version=versions)


def reference_serial(key: bytes, gtin: str, version: int, number: int) -> str:
    digits = [number >> shift & 31 for shift in range(65, -1, -5)]
    tweak = int(gtin).to_bytes(7) + version.to_bytes(3)
    return bytes(ALPHABET[d] for d in FF1(key=key, radix=32).encrypt(digits, tweak=tweak)).decode()


def unsigned(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(values, dtype=np.uint64)


def beyond_limit() -> str:
    """Return a serial of well-formed characters whose index is 2**40."""
    return reference_serial(KEY, GTIN, 1, INDEX_LIMIT)


# The proof: fast equals reference, there and back.


@given(key=keys, gtin=gtins, version=versions, index=indexes)
def test_scalar_equals_reference_ff1(key: bytes, gtin: str, version: int, index: int) -> None:
    space = CodeSpace(key=key, gtin=gtin, version=version)
    expected = reference_serial(key, gtin, version, index)
    assert space.serial(index) == expected
    assert space.index(expected) == index


@settings(deadline=None)
@given(key=keys, gtin=gtins, version=versions, chosen=st.lists(indexes, max_size=8))
def test_array_equals_reference_ff1(key: bytes, gtin: str, version: int, chosen: list[int]) -> None:
    space = CodeSpace(key=key, gtin=gtin, version=version)
    serials = space.serials(unsigned(*chosen))
    expected = [reference_serial(key, gtin, version, index).encode() for index in chosen]
    assert serials.tolist() == expected
    assert space.indexes(serials).tolist() == chosen


def test_serials_never_change_once_issued() -> None:
    # Printed on packages: a change of the tweak's layout or of the alphabet breaks them.
    assert [SPACE.serial(index) for index in (0, 1, INDEX_LIMIT - 1)] == [
        "7PB17AF7TAQNVJ",
        "90K54QY3JSZJ8C",
        "RGQ1ZB23TCN784",
    ]


@given(space=spaces, start=st.integers(0, INDEX_LIMIT - 50), count=st.integers(0, 50))
def test_range_is_the_serials_of_its_indexes(space: CodeSpace, start: int, count: int) -> None:
    expected = [space.serial(index) for index in range(start, start + count)]
    assert np.char.decode(space.serial_range(start, count)).tolist() == expected


def test_a_hundred_thousand_serials_are_distinct_and_read_back() -> None:
    serials = SPACE.serial_range(0, 100_000)
    assert serials.dtype == np.dtype("S14")
    assert len(np.unique(serials)) == 100_000
    assert np.array_equal(SPACE.indexes(serials), np.arange(100_000))


def test_indexes_in_any_order_and_more_than_a_batch_read_back() -> None:
    chosen = np.random.default_rng(7).integers(0, INDEX_LIMIT, 40_000, dtype=np.uint64)
    assert np.array_equal(SPACE.indexes(SPACE.serials(chosen)), chosen)


def test_arguments_are_left_as_they_were() -> None:
    chosen = np.arange(1_000, dtype=np.uint64)
    serials = SPACE.serials(chosen)
    before = serials.copy()
    SPACE.indexes(serials)
    assert np.array_equal(chosen, np.arange(1_000))
    assert np.array_equal(serials, before)


@pytest.mark.parametrize("dtype", ["u1", "i4", "i8", ">u8", ">i4"])
def test_indexes_of_any_integer_type_are_taken(dtype: str) -> None:
    chosen = np.arange(100, dtype=dtype)
    assert np.array_equal(SPACE.serials(chosen), SPACE.serial_range(0, 100))


def test_strided_arrays_are_taken() -> None:
    chosen = np.arange(1_000, dtype=np.uint64)
    serials = SPACE.serials(chosen[::-3])
    assert np.array_equal(serials, SPACE.serials(chosen)[::-3])
    assert np.array_equal(SPACE.indexes(SPACE.serials(chosen)[::-3]), chosen[::-3])


# Spaces differ.


@pytest.mark.parametrize(
    "other",
    [
        CodeSpace(key=KEY, gtin=GTIN, version=2),
        CodeSpace(key=KEY, gtin=GTIN, version=1 + 2**16),
        CodeSpace(key=KEY, gtin="19506000134359", version=1),
        CodeSpace(key=bytes(16), gtin=GTIN, version=1),
        CodeSpace(key=KEY + bytes(16), gtin=GTIN, version=1),
    ],
)
def test_another_key_gtin_or_version_gives_other_serials(other: CodeSpace) -> None:
    assert other != SPACE
    assert not np.isin(other.serial_range(0, 10_000), SPACE.serial_range(0, 10_000)).any()
    # A foreign serial decrypts to a random 70-bit number: below 2**40 once in 2**30.
    assert (other.indexes(SPACE.serial_range(0, 10_000)) == -1).all()


def test_same_key_gtin_and_version_is_the_same_value() -> None:
    same = CodeSpace(key=KEY, gtin=GTIN, version=1)
    assert same == SPACE
    assert hash(same) == hash(SPACE)


def test_space_is_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        SPACE.version = 2  # type: ignore[misc]


def test_representation_shows_no_key() -> None:
    space = CodeSpace(key=b"secretsecretsecr", gtin=GTIN, version=3)
    assert repr(space) == "CodeSpace(gtin='09506000134352', version=3)"


@pytest.mark.parametrize(
    "gtin", ["", "9506000134352", "095060001343520", "0950600013435X", "٠" * 14]
)
def test_gtin_of_other_than_fourteen_ascii_digits_is_refused(gtin: str) -> None:
    with pytest.raises(ValueError, match="14 digits"):
        CodeSpace(key=KEY, gtin=gtin, version=1)


@pytest.mark.parametrize("version", [-1, 2**24])
def test_version_that_does_not_fit_the_tweak_is_refused(version: int) -> None:
    with pytest.raises(ValueError, match="version"):
        CodeSpace(key=KEY, gtin=GTIN, version=version)


@pytest.mark.parametrize("size", [0, 15, 31, 33])
def test_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="key size"):
        CodeSpace(key=bytes(size), gtin=GTIN, version=1)


# Indexes out of the space.


@pytest.mark.parametrize("index", [-1, INDEX_LIMIT, 2**70])
def test_scalar_index_out_of_space_is_refused(index: int) -> None:
    with pytest.raises(IndexOutOfSpace) as caught:
        SPACE.serial(index)
    assert caught.value.code == "index_out_of_space"
    assert caught.value.index == index


@pytest.mark.parametrize("index", [INDEX_LIMIT, 2**63, 2**64 - 1])
def test_one_large_index_refuses_the_array(index: int) -> None:
    with pytest.raises(IndexOutOfSpace) as caught:
        SPACE.serials(unsigned(1, index, 2))
    assert caught.value.index == index


def test_negative_index_refuses_the_array_and_is_named() -> None:
    with pytest.raises(IndexOutOfSpace) as caught:
        SPACE.serials(np.array([3, -5]))
    assert caught.value.index == -5


@pytest.mark.parametrize(
    ("start", "count", "index"),
    [(-1, 1, -1), (INDEX_LIMIT, 1, INDEX_LIMIT), (INDEX_LIMIT - 1, 2, INDEX_LIMIT)],
)
def test_range_that_leaves_the_space_is_refused(start: int, count: int, index: int) -> None:
    with pytest.raises(IndexOutOfSpace) as caught:
        SPACE.serial_range(start, count)
    assert caught.value.index == index
    with pytest.raises(IndexOutOfSpace):
        SPACE.text_block(start, count)


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        SPACE.serial_range(5, -1)


def test_last_index_of_the_space_is_usable() -> None:
    serial = SPACE.serial(INDEX_LIMIT - 1)
    assert SPACE.serial_range(INDEX_LIMIT - 1, 1).tolist() == [serial.encode()]
    assert SPACE.index(serial) == INDEX_LIMIT - 1


@pytest.mark.parametrize("values", [np.array([0.5]), np.array([True]), np.array(["1"])])
def test_indexes_that_are_no_integers_are_refused(values: np.ndarray) -> None:
    with pytest.raises(TypeError, match="integers"):
        SPACE.serials(values)


@pytest.mark.parametrize("shape", [(), (2, 2)])
def test_arrays_of_other_than_one_dimension_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one dimension"):
        SPACE.serials(np.zeros(shape, dtype=np.uint64))
    with pytest.raises(ValueError, match="one dimension"):
        SPACE.indexes(np.zeros(shape, dtype="S14"))


# Texts that are no serial.

GOOD = SPACE.serial(12_345)
MALFORMED = [
    "",
    GOOD[:-1],
    GOOD + "0",
    GOOD + "\0",
    GOOD[:-1] + "\0",
    "\0" + GOOD[1:],
    "\0" * SERIAL_LENGTH,
    GOOD[:-1] + "é",
    GOOD[:-1] + "１",
    "溯" * SERIAL_LENGTH,
    "\ud800" * SERIAL_LENGTH,
    GOOD[:-1] + " ",
    GOOD[:-1] + "_",
    GOOD[:-1] + "a",
    *(GOOD[:-1] + letter for letter in "ILOU"),
    "*" * 100_000,
]


@pytest.mark.parametrize("text", [*MALFORMED, beyond_limit(), "Z" * SERIAL_LENGTH])
def test_malformed_text_is_no_serial(text: str) -> None:
    assert SPACE.index(text) is None
    assert SPACE.indexes([GOOD, text, GOOD]).tolist() == [12_345, -1, 12_345]


def test_lower_case_is_no_serial_until_normalised() -> None:
    lower = SPACE.serial_range(0, 100).astype(str)
    shouted = [text.lower() for text in lower.tolist() if text.lower() != text]
    assert (SPACE.indexes(shouted) == -1).all()
    assert SPACE.index(shouted[0]) is None


@given(text=st.one_of(st.text(max_size=20), st.text(ALPHABET.decode(), min_size=14, max_size=14)))
def test_scalar_and_array_agree_on_any_text(text: str) -> None:
    found = SPACE.index(text)
    assert SPACE.indexes([text]).tolist() == [-1 if found is None else found]


@given(text=st.binary(min_size=14, max_size=14))
def test_any_fourteen_bytes_are_read_without_error(text: bytes) -> None:
    index = int(SPACE.indexes(np.array([text], dtype="S14"))[0])
    assert index == -1 or SPACE.serial(index).encode() == text


@pytest.mark.parametrize("position", range(SERIAL_LENGTH))
def test_each_position_refuses_every_byte_outside_the_alphabet(position: int) -> None:
    good = GOOD.encode()
    foreign = [bytes((byte,)) for byte in range(256) if byte not in ALPHABET]
    texts = np.array([good[:position] + byte + good[position + 1 :] for byte in foreign], "S14")
    assert (SPACE.indexes(texts) == -1).all()


@pytest.mark.parametrize("dtype", ["S15", "S40", "U14", "U40"])
def test_longer_text_types_are_read_and_never_cut(dtype: str) -> None:
    texts = np.array([GOOD, GOOD + "0", GOOD[:-1], ""], dtype=dtype)
    extra = 12_345 if dtype == "U14" else -1
    assert SPACE.indexes(texts).tolist() == [12_345, extra, -1, -1]


def test_shorter_byte_type_holds_no_serial() -> None:
    assert SPACE.indexes(np.array([b"ABC", b""], dtype="S3")).tolist() == [-1, -1]


def test_junk_among_a_million_texts_costs_only_itself() -> None:
    count = 1_000_000
    texts = np.tile(SPACE.serial_range(0, 10_000), count // 10_000)
    texts[::1_000] = b"?"
    texts[1::1_000] = beyond_limit().encode()
    texts[2::1_000] = b"\0\xff" * 7
    expected = np.tile(np.arange(10_000), count // 10_000)
    for offset in range(3):
        expected[offset::1_000] = -1
    assert np.array_equal(SPACE.indexes(texts), expected)


def test_junk_among_a_million_strings_costs_only_itself() -> None:
    strings = [GOOD, "溯源", "", GOOD.lower() + "x", "\0" * 14] * 200_000
    assert np.array_equal(SPACE.indexes(strings), np.tile([12_345, -1, -1, -1, -1], 200_000))


@pytest.mark.parametrize("empty", [[], (), np.array([], dtype="S14"), np.array([], dtype=str)])
def test_nothing_in_gives_nothing_out(empty: list[str]) -> None:
    assert SPACE.indexes(empty).tolist() == []


def test_no_indexes_give_no_serials() -> None:
    assert SPACE.serials(unsigned()).shape == (0,)
    assert SPACE.serial_range(INDEX_LIMIT, 0).shape == (0,)


@pytest.mark.parametrize("texts", [GOOD, np.array([1, 2])])
def test_what_is_no_list_of_texts_is_refused(texts: str) -> None:
    with pytest.raises(TypeError):
        SPACE.indexes(texts)


# Lines for downloads.


@given(
    prefix=st.binary(max_size=20),
    suffix=st.binary(max_size=5),
    start=st.integers(0, INDEX_LIMIT - 20),
    count=st.integers(0, 20),
)
def test_text_block_is_prefix_serial_suffix(
    prefix: bytes, suffix: bytes, start: int, count: int
) -> None:
    lines = [
        prefix + SPACE.serial(index).encode() + suffix for index in range(start, start + count)
    ]
    assert SPACE.text_block(start, count, prefix=prefix, suffix=suffix) == b"".join(lines)


def test_text_block_of_several_batches_has_one_serial_a_line() -> None:
    block = SPACE.text_block(7, 50_000, prefix=b"https://h/01/09506000134352/21/")
    lines = block.decode().splitlines()
    assert len(lines) == 50_000
    serials = [line.rpartition("/")[2] for line in lines]
    assert np.array_equal(SPACE.indexes(serials), np.arange(7, 50_007))


# Threads. An AES context refuses, or garbles, two callers at a time.


def test_each_thread_has_an_aes_context_of_its_own() -> None:
    def context() -> object:
        return SPACE._local.update.__self__  # type: ignore[attr-defined]

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(context).result() is not context()
    assert context() is context()


def test_scalar_calls_of_two_threads_do_not_disturb_each_other() -> None:
    expected = SPACE.serial_range(0, 3_000).tolist()
    together = Barrier(2)

    def work(_: int) -> bool:
        together.wait()
        serials = [SPACE.serial(index) for index in range(3_000)]
        read = [SPACE.index(serial) for serial in serials]
        return [serial.encode() for serial in serials] == expected and read == list(range(3_000))

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(work, range(2)))


def test_array_calls_of_two_threads_do_not_disturb_each_other() -> None:
    expected = SPACE.serial_range(0, 200_000)
    together = Barrier(2)

    def work(_: int) -> bool:
        together.wait()
        serials = SPACE.serial_range(0, 200_000)
        read = SPACE.indexes(serials)
        return np.array_equal(serials, expected) and np.array_equal(read, np.arange(200_000))

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(work, range(2)))
