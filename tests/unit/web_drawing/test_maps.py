"""Maps without borders: what is drawn, where, and that nothing given can break out of it."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.web.drawing.maps import Point, graticule_map
from suyuan.web.drawing.projection import Conic, fit, graticule

HANGZHOU = Point(30.24, 120.15, "杭州", order=1, note="03-01 08:30")
XIAN = Point(34.34, 108.94, "西安", order=2, href="/app/x/?a=1&b=2")
SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter(f"{SVG}text")]


def test_a_journey_names_its_stops_in_order_and_numbers_them() -> None:
    svg = graticule_map([HANGZHOU, XIAN], [[0, 1]], language="en")
    assert "杭州 → 西安" in svg
    assert {"1", "2", "杭州", "西安", "03-01 08:30"} <= set(texts(svg))


def test_a_way_between_two_stops_is_drawn_once() -> None:
    root = parsed(graticule_map([HANGZHOU, XIAN], [[0, 1]]))
    assert len([e for e in root.iter(f"{SVG}path") if e.get("class") == "route"]) == 1


def test_text_that_looks_like_markup_is_shown_as_text() -> None:
    evil = Point(30, 120, "<script>alert(1)</script>", note='"><b>', href='javascript:"x"', order=1)
    svg = graticule_map([evil])
    assert "<script" not in svg
    assert "<script>alert(1)</script>" in texts(svg)


def test_nothing_carries_a_style_attribute() -> None:
    assert not re.search(r"\sstyle=", graticule_map([HANGZHOU, XIAN], [[0, 1]]))


def test_stops_at_one_place_share_a_mark() -> None:
    again = Point(HANGZHOU.lat, HANGZHOU.lon, "杭州", order=3)
    svg = graticule_map([HANGZHOU, XIAN, again], [[0, 1, 2]])
    assert "1,3" in texts(svg)


def test_circles_grow_with_their_count() -> None:
    many = Point(31.2, 121.5, "上海", kind="sold", count=10_000)
    few = Point(45.8, 126.5, "哈尔滨", kind="in_transit", count=10)
    circles = {
        element.get("class"): float(element.get("r") or 0)
        for element in parsed(graticule_map([many, few])).iter(f"{SVG}circle")
    }
    assert circles["bubble sy-kind-sold"] > circles["bubble sy-kind-in_transit"]


def test_a_map_of_no_places_is_an_empty_picture() -> None:
    assert list(parsed(graticule_map([])).iter(f"{SVG}circle")) == []


def test_one_place_alone_has_lines_around_it() -> None:
    svg = graticule_map([HANGZHOU])
    assert svg.count('class="grid"') >= 4


def test_labels_of_near_places_do_not_cover_each_other() -> None:
    points = [Point(30 + i * 0.3, 120 + i * 0.2, f"仓库 {i}", order=i + 1) for i in range(8)]
    root = parsed(graticule_map(points, [list(range(8))]))
    names = [e for e in root.iter(f"{SVG}text") if e.get("class") == "halo name"]
    rows = {(round(float(e.get("y") or 0)), e.get("text-anchor"), e.get("x")) for e in names}
    assert len(rows) == len(names) == 8


def test_places_on_both_sides_of_the_globe_fit_one_picture() -> None:
    svg = graticule_map([Point(31, 121, "上海", order=1), Point(-34, -58, "Rosario", order=2)])
    for circle in parsed(svg).iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx") or -1) <= 880


@given(
    st.lists(
        st.tuples(st.floats(-85, 85), st.floats(-180, 180), st.text(max_size=30)),
        min_size=1,
        max_size=12,
    )
)
def test_any_places_make_a_well_formed_picture(places: list[tuple[float, float, str]]) -> None:
    points = [
        Point(lat, lon, "".join(c for c in name if c.isprintable()), order=index + 1)
        for index, (lat, lon, name) in enumerate(places)
    ]
    root = parsed(graticule_map(points, [list(range(len(points)))]))
    assert "nan" not in ET.tostring(root, encoding="unicode").split("<desc")[0]


@given(st.floats(5, 60), st.floats(75, 140))
def test_the_projection_is_undone_by_its_inverse(latitude: float, longitude: float) -> None:
    cone = Conic()
    back = cone.inverse(*cone.forward(latitude, longitude))
    assert back == pytest.approx((latitude, longitude), abs=1e-6)


def test_north_is_up() -> None:
    frame = fit([(30, 110), (40, 110)], width=800, height=400, margin=(80, 40))
    assert frame.pixels(40, 110)[1] < frame.pixels(30, 110)[1]
    assert all(math.isfinite(x) for line in graticule(frame) for x, _y in line.points)
