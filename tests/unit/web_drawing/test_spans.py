"""Pictures of times: nothing leaves the frame, everything is escaped."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from suyuan.web.drawing.spans import Column, Point, Span, course, histogram, spans

_SVG = "{http://www.w3.org/2000/svg}"


def _root(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def _numbers(svg: str, name: str) -> list[float]:
    return [float(one) for one in re.findall(rf'\b{name}="(-?[0-9.]+)"', svg)]


@given(
    st.lists(
        st.lists(st.floats(0, 1e10), min_size=4, max_size=4).map(sorted), min_size=0, max_size=5
    )
)
def test_spans_stay_within_the_frame(rows: list[list[float]]) -> None:
    svg = spans([Span("x", row[0], row[1], row[2], row[3]) for row in rows], title="t")
    for name in ("x", "x1", "x2"):
        assert all(-1 <= value <= 721 for value in _numbers(svg, name))
    assert all(value > 0 for value in _numbers(svg, "width"))


def test_span_is_a_link_that_says_what_it_shows() -> None:
    svg = spans([Span("<a> & b", 60, 120, 3600, 7200, shown="2 min", href="/g")], title="t")
    assert _root(svg).findtext(f"{_SVG}a/{_SVG}title") == "<a> & b: 2 min"


def test_longer_span_reaches_further_on_one_scale() -> None:
    svg = spans([Span("a", 60, 60, 60, 60), Span("b", 60, 3600, 86400, 604800)], title="t")
    boxes = [
        float(one.get("width") or 0)
        for one in _root(svg).iter(f"{_SVG}rect")
        if (one.get("class") or "").startswith("box")
    ]
    assert boxes[0] < boxes[1]


def test_histogram_links_bars_that_have_items_alone() -> None:
    svg = histogram([Column("<1 h", 0, "0", "/none"), Column("≥1 h", 7, "7", "/some")], title="t")
    links = [one.get("href") for one in _root(svg).iter(f"{_SVG}a")]
    assert links == ["/some"]


def test_empty_pictures_are_pictures() -> None:
    for svg in (spans([], title="t"), histogram([], title="t"), course([], title="t")):
        assert _root(svg).tag == f"{_SVG}svg"


def test_course_marks_every_week() -> None:
    points = [Point(f"W{n}", float(n), f"{n} s") for n in range(30)]
    root = _root(course(points, title="t"))
    assert len(list(root.iter(f"{_SVG}circle"))) == 30
    assert len(list(root.iter(f"{_SVG}text"))) == 20  # a label and a value for every third
