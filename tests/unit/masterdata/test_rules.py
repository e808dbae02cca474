"""Facts about the rules of masterdata's fields, and about its tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.kernel.errors import Invalid
from suyuan.masterdata.categories import CATEGORIES
from suyuan.masterdata.regions import PROVINCES, REGIONS
from suyuan.masterdata.rules import Code, Day, Degrees, Flag, Quantity, Text, Whole, clean

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
kept = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"))


@given(text=st.text(kept, max_size=50))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean("".join(sign for sign in text if sign not in DIRECTIONS), "x")
    assert clean(once, "x") == once


@given(day=st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_day_is_read_as_written(day: date) -> None:
    assert Day().read(Day().write(day), "x") == day


@given(value=st.one_of(st.none(), st.integers(1, 36_500)))
def test_whole_number_is_read_as_written(value: int | None) -> None:
    rule = Whole(1, 36_500)
    assert rule.read(rule.write(value), "x") == value


@given(value=st.floats(-180, 180, allow_nan=False))
def test_coordinate_is_read_as_written(value: float) -> None:
    rule = Degrees(180.0)
    stored = rule.check(value, "x")
    assert rule.read(rule.write(stored), "x") == stored


@given(value=st.decimals(0, 10**9, places=3))
def test_quantity_is_read_as_written(value: Decimal) -> None:
    rule = Quantity()
    stored = rule.check(value, "x")
    assert rule.read(rule.write(stored), "x") == stored


@pytest.mark.parametrize("value", [True, False])
def test_flag_is_read_as_written(value: bool) -> None:
    assert Flag(empty=True).read(Flag(empty=True).write(value), "x") is value


@pytest.mark.parametrize("text", ["2026-3-1", "2026/03/01", "2026.3.1", "2026年3月1日"])
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert Day().read(text, "x") == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("rule", "text", "code"),
    [
        (Day(), "2026-02-30", "not_a_day"),
        (Day(), "1/3/2026", "not_a_day"),
        (Day(), "1900-01-01", "out_of_range"),
        (Day(required=True), "", "required"),
        (Whole(1, 9), "10", "out_of_range"),
        (Whole(1, 9), "1.5", "not_a_number"),
        (Whole(1, 9), "٣", "not_a_number"),
        (Degrees(90.0), "nan", "not_a_number"),
        (Degrees(90.0), "1e400", "not_a_number"),
        (Quantity(), "1e999999999", "not_a_number"),
        (Quantity(), "1.0001", "too_many_decimals"),
        (Quantity(), "-1", "out_of_range"),
        (Flag(empty=True), "perhaps", "not_yes_or_no"),
        (Code(), "a b", "code_charset"),
        (Text(3), "四个字符", "too_long"),
        (Text(9), "a\u202eb", "text_control_character"),
        (Text(9), "a\u2028b", "text_control_character"),
        (Text(9), "a\0b", "text_control_character"),
    ],
)
def test_malformed_text_is_refused_with_its_code(rule: Text, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        rule.read(text, "field")
    assert (caught.value.code, caught.value.place) == (code, "field")


def test_lines_end_in_one_way() -> None:
    assert Text(20, lines=True).read("a\r\nb\rc", "x") == "a\nb\nc"


def test_every_region_lies_in_a_province_and_in_the_bounds_of_china() -> None:
    assert len(PROVINCES) == 34
    assert len(REGIONS) - len(PROVINCES) >= 60
    for code, region in REGIONS.items():
        assert region.code == code
        assert region.province.is_province
        assert 18 < region.latitude < 54
        assert 73 < region.longitude < 136


def test_every_category_has_both_names_and_a_granularity() -> None:
    for code, category in CATEGORIES.items():
        assert category.code == code
        assert category.name("zh-hans")
        assert category.name("en").isascii()
        assert category.granularity in {"item", "batch"}
