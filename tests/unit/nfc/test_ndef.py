"""NDEF records, and how they lie in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.nfc import ndef
from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.ndef import Record, Text


def test_a_link_is_the_record_of_the_application_note() -> None:
    # NXP AN12196 §5.8.3, but for what the chip fills in.
    message = ndef.encode([ndef.uri_record("https://choose.url.com/ntag424")])
    assert message.hex().upper() == "D1011755" + "04" + b"choose.url.com/ntag424".hex().upper()


def test_a_link_on_a_plain_chip_has_length_and_end_mark() -> None:
    memory = ndef.to_memory(ndef.encode([ndef.uri_record("https://www.a.cn")]))
    assert memory.hex().upper() == "0309D101055502612E636EFE"
    assert list(ndef.records_in(ndef.from_memory(memory))) == ["https://www.a.cn"]


def test_null_and_lock_blocks_before_the_message_are_passed_over() -> None:
    message = ndef.encode([ndef.uri_record("tel:+86571")])
    memory = bytes.fromhex("000103A00C34") + ndef.to_memory(message)
    assert ndef.from_memory(memory + b"\0" * 9) == message


@given(st.text(min_size=1, max_size=400))
def test_every_uri_comes_back(uri: str) -> None:
    record = ndef.uri_record(uri)
    assert ndef.read_uri(record) == uri
    assert ndef.read_text(record) is None


@given(st.text(max_size=400), st.sampled_from(["zh", "en", "zh-Hans-CN"]))
def test_every_text_comes_back(text: str, language: str) -> None:
    record = ndef.text_record(text, language)
    assert ndef.read_text(record) == Text(text, language)
    assert ndef.read_uri(record) is None


_PLACES = {ndef.to_memory: ndef.from_memory, ndef.to_file: ndef.from_file}
_RECORDS = st.builds(
    Record,
    kind=st.binary(max_size=20),
    payload=st.binary(max_size=600),
    name_format=st.sampled_from([0, 1, 2, 3, 4, 5]),
    id=st.binary(max_size=20),
)


@given(st.lists(_RECORDS, min_size=1, max_size=5))
def test_every_message_comes_back(records: list[Record]) -> None:
    message = ndef.encode(records)
    assert ndef.decode(message) == records
    assert ndef.from_memory(ndef.to_memory(message)) == message
    if len(message) < 65_536:
        assert ndef.from_file(ndef.to_file(message)) == message


@given(st.lists(_RECORDS, min_size=1, max_size=3), st.data())
def test_a_message_that_was_cut_is_refused(records: list[Record], data: st.DataObject) -> None:
    message = ndef.encode(records)
    cut = data.draw(st.integers(1, len(message) - 1))
    with pytest.raises(NfcError) as caught:
        ndef.decode(message[:cut])
    assert caught.value.code == "message_malformed"


_MESSAGES = st.lists(_RECORDS, min_size=1, max_size=3).map(ndef.encode)


def _read[Found](read: Callable[[bytes], Found], data: bytes) -> Found | None:
    try:
        return read(data)
    except NfcError:
        return None


@given(st.one_of(st.binary(max_size=80), _MESSAGES, *(_MESSAGES.map(put) for put in _PLACES)))
def test_what_is_read_of_any_bytes_comes_back_and_the_rest_is_refused(data: bytes) -> None:
    records = _read(ndef.decode, data)
    assert records is None or ndef.decode(ndef.encode(records)) == records
    for put, read in _PLACES.items():
        message = _read(read, data)
        assert message is None or read(put(message)) == message


@pytest.mark.parametrize(
    ("record", "read"),
    [
        (Record(b"U", b""), ndef.read_uri),
        (Record(b"U", b"\x24x"), ndef.read_uri),
        (Record(b"U", b"\x00\xff"), ndef.read_uri),
        (Record(b"T", b""), ndef.read_text),
        (Record(b"T", b"\x05en"), ndef.read_text),
        (Record(b"T", b"\x02\xff\xffx"), ndef.read_text),
    ],
)
def test_a_malformed_record_is_refused(record: Record, read: object) -> None:
    with pytest.raises(NfcError) as caught:
        read(record)  # type: ignore[operator]
    assert caught.value.code == "record_malformed"


@pytest.mark.parametrize("mark", ["", "fffe", "feff"])
def test_text_in_utf_16_is_read(mark: str) -> None:
    coding = "utf-16-le" if mark == "fffe" else "utf-16-be"
    payload = b"\x82zh" + bytes.fromhex(mark) + "龙井".encode(coding)
    assert ndef.read_text(Record(b"T", payload)) == Text("龙井", "zh")


def test_chunks_are_refused_by_name() -> None:
    with pytest.raises(NfcError) as caught:
        ndef.decode(bytes.fromhex("B101015500"))
    assert caught.value.code == "record_chunked"


@pytest.mark.parametrize(
    "make",
    [
        lambda: ndef.encode([]),
        lambda: ndef.decode(b""),
        lambda: ndef.uri_record(""),
        lambda: ndef.text_record("x", ""),
        lambda: ndef.text_record("x", "中"),
        lambda: ndef.encode([Record(bytes(256), b"")]),
        lambda: ndef.from_file(b"\0\0"),
    ],
)
def test_nothing_is_made_of_nothing(make: object) -> None:
    with pytest.raises(NfcError):
        make()  # type: ignore[operator]


@pytest.mark.parametrize("message", ["5101015500", "D10101550000", "91010155009101015500"])
def test_a_message_whose_first_or_last_record_is_marked_wrongly_is_refused(message: str) -> None:
    with pytest.raises(NfcError) as caught:
        ndef.decode(bytes.fromhex(message))
    assert caught.value.code == "message_malformed"


def test_a_long_message_has_a_long_length_in_memory() -> None:
    message = ndef.encode([ndef.text_record("龙" * 200)])
    memory = ndef.to_memory(message)
    assert memory[1] == 0xFF
    assert ndef.from_memory(memory) == message


def test_memory_that_ends_before_a_message_holds_none() -> None:
    for memory in (b"", b"\xfe", b"\0\0\xfe\x03\x01x"):
        with pytest.raises(NfcError) as caught:
            ndef.from_memory(memory)
        assert caught.value.code == "message_empty"


def test_records_of_other_kinds_are_left_out() -> None:
    other = Record(b"example.com:x", b"\x01", name_format=4)
    message = ndef.encode([other, ndef.text_record("龙井"), ndef.uri_record("https://a.cn")])
    assert list(ndef.records_in(message)) == [Text("龙井", "zh"), "https://a.cn"]
