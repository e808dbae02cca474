"""Bars with whiskers."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

from suyuan.web.drawing.whiskers import Whisker, whiskers

_SVG = "{http://www.w3.org/2000/svg}"


def _draw(*rows: Whisker, mark: float | None = None) -> ET.Element:
    return ET.fromstring(whiskers(rows, title="Rates", mark=mark))  # noqa: S314 - our own drawing


def _row(value: float, low: float, high: float, **more: str) -> Whisker:
    return Whisker("A & B", value, low, high, f"{value:g}", **more)


def test_bar_interval_and_mark_share_one_scale() -> None:
    drawing = _draw(_row(10, 5, 20), mark=10)

    bar = next(r for r in drawing.iter(f"{_SVG}rect") if r.get("class") == "bar")
    marks = [p for p in drawing.iter(f"{_SVG}path") if p.get("class") == "mark"]
    assert float(bar.get("width", "0")) == 180
    assert marks[0].get("d", "").startswith("M180.0 ")


def test_words_are_escaped_and_link_is_named_by_them() -> None:
    drawing = _draw(_row(1, 0, 2, href="/x?a=1&b=2"))

    link = next(drawing.iter(f"{_SVG}a"))
    assert link.get("href") == "/x?a=1&b=2"
    assert "".join(link.itertext()).split() == ["A", "&", "B", "1"]


def test_interval_beyond_the_edge_ends_in_an_arrow() -> None:
    drawing = _draw(_row(1, 0.1, math.inf), _row(2, 1, 3))

    tips = [p.get("d", "") for p in drawing.iter(f"{_SVG}path") if "l-5 5" in p.get("d", "")]
    assert len(tips) == 1


def test_rates_of_nought_are_scaled_by_their_intervals() -> None:
    drawing = _draw(_row(0, 0, 3.7), _row(0, 0, 1.8))

    widths = [r.get("width") for r in drawing.iter(f"{_SVG}rect") if r.get("class") == "bar"]
    assert widths == ["0", "0"]
    ends = [p.get("d", "") for p in drawing.iter(f"{_SVG}path") if "H" in p.get("d", "")]
    assert ends[0].endswith("H342.9")


def test_no_rows_draw_nothing_and_do_not_fail() -> None:
    assert _draw().get("viewBox") == "0 0 360 4"
