"""What proxies call the provinces."""

from __future__ import annotations

import pytest

from suyuan.verification.places import region_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("330100", "330100"),
        ("330106", "330100"),
        ("339999", "330000"),
        ("ZJ", "330000"),
        ("CN-ZJ", "330000"),
        ("浙江", "330000"),
        ("浙江省", "330000"),
        ("%E6%B5%99%E6%B1%9F", "330000"),
        ("杭州", "330100"),
        ("hangzhou", "330100"),
        ("Xi'an", "610100"),
        ("广西", "450000"),
        ("内蒙古自治区", "150000"),
        ("SN", "610000"),
        ("吉林", "220000"),
        ("", ""),
        ("Atlantis", ""),
        ("999999", ""),
        ("x" * 500, ""),
        ("\0", ""),
    ],
)
def test_a_region_is_read_in_any_spelling(text: str, code: str) -> None:
    assert region_code(text) == code
