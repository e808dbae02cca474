"""Facts about reading help, inner codes and the measurement of issuing."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.cli.bench import issue
from suyuan.core.codespace import (
    ALPHABET,
    INNER_LENGTH,
    CodeSpace,
    inner_code,
    inner_codes,
    normalise,
)

KEY = b"another key, never the numbering"
GTIN = "09506000134352"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("abcdefghjkmnpqrstvwxyz", "ABCDEFGHJKMNPQRSTVWXYZ"),
        ("oO0iI1lL", "00011111"),
        ("7zq4-m2 8k", "7ZQ4M28K"),
        (" - - ", ""),
        ("", ""),
        ("u", "U"),
        ("ı ſ １溯\0_", "ıſ１溯\0_"),
    ],
)
def test_typed_text_is_read_as_crockford_says(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(text=st.text())
def test_reading_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(index=st.integers(0, 2**40 - 1), gap=st.integers(1, 13))
def test_serial_typed_in_lower_case_with_a_hyphen_is_read(index: int, gap: int) -> None:
    space = CodeSpace(key=bytes(16), gtin=GTIN, version=0)
    serial = space.serial(index).lower()
    assert space.index(normalise(f"{serial[:gap]}-{serial[gap:]}")) == index


@given(serial=st.text(ALPHABET.decode(), min_size=1, max_size=20))
def test_inner_code_is_the_first_forty_bits_of_the_hmac(serial: str) -> None:
    digest = hmac.new(KEY, (GTIN + serial).encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:5])
    expected = "".join(chr(ALPHABET[number >> shift & 31]) for shift in range(35, -1, -5))
    assert inner_code(key=KEY, gtin=GTIN, serial=serial) == expected
    assert len(expected) == INNER_LENGTH


def test_inner_code_differs_with_key_gtin_and_serial() -> None:
    codes = {
        inner_code(key=KEY, gtin=GTIN, serial="A"),
        inner_code(key=KEY, gtin=GTIN, serial="B"),
        inner_code(key=KEY, gtin="19506000134359", serial="A"),
        inner_code(key=KEY[::-1], gtin=GTIN, serial="A"),
    }
    assert len(codes) == 4


def test_inner_key_of_fifteen_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        inner_code(key=bytes(15), gtin=GTIN, serial="A")


@pytest.mark.parametrize("gtin", ["", "9506000134352", "٠" * 14])
def test_inner_code_of_malformed_gtin_is_refused(gtin: str) -> None:
    with pytest.raises(ValueError, match="14 digits"):
        inner_code(key=KEY, gtin=gtin, serial="A")


def test_inner_code_of_empty_serial_is_refused() -> None:
    with pytest.raises(ValueError, match="not empty"):
        inner_code(key=KEY, gtin=GTIN, serial="")


def test_issue_measurement_names_its_baseline_and_reports_progress() -> None:
    seen: list[tuple[int, int]] = []
    figure = issue.run(count=20_000, progress=lambda done, total: seen.append((done, total)))
    assert figure["figure"] == "issue"
    assert figure["rows_per_code"] == 0
    assert figure["ratio"] == float(figure["rate"]) / float(figure["baseline_rate"])
    assert seen[-1] == (80_000, 80_000)


def test_issue_measurement_needs_no_progress() -> None:
    assert float(issue.run(count=1)["rate"]) > 0


def test_issue_measurement_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        issue.run(count=0)


def test_issue_measurement_stops_when_serials_read_back_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CodeSpace, "indexes", lambda _self, serials: [-1] * len(serials))
    with pytest.raises(AssertionError, match="other indexes"):
        issue.run(count=10)


@given(
    key=st.binary(min_size=16, max_size=100),
    serials=st.lists(st.text(min_size=1, max_size=80), max_size=20),
)
def test_inner_codes_of_many_items_are_those_of_each(key: bytes, serials: list[str]) -> None:
    many = inner_codes(key=key, gtin=GTIN, serials=[text.encode() for text in serials])
    assert many.astype("U").tolist() == [
        inner_code(key=key, gtin=GTIN, serial=text) for text in serials
    ]


@pytest.mark.parametrize(
    ("key", "gtin", "serials"),
    [(bytes(15), GTIN, [b"A"]), (KEY, "1", [b"A"]), (KEY, GTIN, [b"A", b""])],
)
def test_inner_codes_refuse_what_one_inner_code_refuses(
    key: bytes, gtin: str, serials: list[bytes]
) -> None:
    with pytest.raises(ValueError, match=r"key|GTIN|serial"):
        inner_codes(key=key, gtin=gtin, serials=serials)
