"""The genealogy graph, bars, sparklines, timelines."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.web.drawing import layered
from suyuan.web.drawing.charts import Bar, bars, sparkline
from suyuan.web.drawing.graphs import genealogy_graph
from suyuan.web.drawing.grouping import GraphEdge, GraphNode
from suyuan.web.drawing.svg import clipped, element, short, text_width
from suyuan.web.drawing.timeline import TimelineEntry, by_day

SVG = "{http://www.w3.org/2000/svg}"
LEAF = GraphNode(1, -1, "鲜叶 L0301", "狮峰", "material", "/leaf")
TEA = GraphNode(2, 0, "A1B2", "龙井", "product", "/tea")


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def test_a_node_is_a_link_that_says_what_it_is() -> None:
    links = list(parsed(genealogy_graph([LEAF, TEA], [GraphEdge(1, 2, "10 KGM")])).iter(f"{SVG}a"))
    assert [link.get("href") for link in links] == ["/leaf", "/tea"]
    assert links[0].get("aria-label") == "鲜叶 L0301 狮峰"


def test_materials_stand_to_the_left_of_what_they_became() -> None:
    boxes = [
        float(box.get("x") or 0)
        for box in parsed(genealogy_graph([TEA, LEAF], [GraphEdge(1, 2)])).iter(f"{SVG}rect")
        if box.get("class") == "box"
    ]
    assert boxes == sorted(boxes)
    assert len(set(boxes)) == 2


def test_quantities_are_written_on_the_edges() -> None:
    assert "10 KGM" in genealogy_graph([LEAF, TEA], [GraphEdge(1, 2, "10 KGM")])


def test_leaves_beyond_the_limit_become_one_node() -> None:
    cases = [GraphNode(100 + i, 1, f"case {i}", kind="unit") for i in range(40)]
    edges = [GraphEdge(2, case.key, "24") for case in cases]
    svg = genealogy_graph([TEA, *cases], edges, per_layer=8, language="en", more_href="/all")
    assert "+33 more" in svg
    assert svg.count('class="box"') == 1 + 7 + 1
    assert svg.count("/all") == 1


def test_what_is_recalled_or_asked_for_is_never_folded_away() -> None:
    cases = [GraphNode(100 + i, 1, f"case {i}", kind="unit", recalled=i == 39) for i in range(40)]
    edges = [GraphEdge(2, case.key) for case in cases]
    svg = genealogy_graph([TEA, *cases], edges, focus=130, per_layer=4)
    assert "case 39" in svg
    assert "case 30" in svg


def test_the_focus_is_marked() -> None:
    assert "is-focus" in genealogy_graph([LEAF, TEA], [GraphEdge(1, 2)], focus=2)


def test_edges_to_nodes_that_are_not_given_are_left_out() -> None:
    assert 'class="edge"' not in genealogy_graph([TEA], [GraphEdge(2, 99)])


def test_a_graph_of_nothing_is_an_empty_picture() -> None:
    assert list(parsed(genealogy_graph([], [])).iter(f"{SVG}rect")) == []


def test_crossings_are_undone_by_ordering() -> None:
    layers = layered.order({1: 0, 2: 0, 3: 1, 4: 1}, [(1, 4), (2, 3)])
    first, second = layers
    assert (first.index(1) < first.index(2)) == (second.index(4) < second.index(3))


@given(
    st.dictionaries(st.integers(0, 40), st.integers(-3, 3), max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=80),
)
def test_no_two_nodes_of_a_layer_share_a_row(
    depths: dict[int, int], edges: list[tuple[int, int]]
) -> None:
    known = [(a, b) for a, b in edges if a in depths and b in depths and depths[a] < depths[b]]
    layers = layered.order(depths, known)
    rows = layered.rows(layers, known)
    assert sorted(key for layer in layers for key in layer) == sorted(depths)
    for layer in layers:
        places = [rows[key] for key in layer]
        assert all(low + 0.999 <= high for low, high in pairwise(places))
        assert all(place >= -0.001 for place in places)


def test_bars_are_to_scale_and_links() -> None:
    root = parsed(bars([Bar("A", 10), Bar("B", 5, "5 h", "warn", "/b")], title="Hours"))
    widths = {
        rect.get("class"): float(rect.get("width") or 0)
        for rect in root.iter(f"{SVG}rect")
        if (rect.get("class") or "").startswith("bar")
    }
    assert widths["bar"] == pytest.approx(2 * widths["bar bar-warn"])
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == ["/b"]


def test_bars_of_nothing_but_zeros_have_no_length() -> None:
    assert 'class="bar" x="0" y="21" height="9" rx="3" width="0"' in bars(
        [Bar("A", 0)], title="Hours"
    )


@pytest.mark.parametrize("values", [[], [3], [0, 0], [1, 5, 2]])
def test_a_sparkline_is_named_and_well_formed(values: list[float]) -> None:
    assert parsed(sparkline(values, title="Scans")).get("aria-label") == "Scans"


def test_days_are_those_of_the_installations_zone() -> None:
    late = TimelineEntry(datetime(2026, 3, 1, 17, 0, tzinfo=UTC), "packing")  # 01:00 on the 2nd
    early = TimelineEntry(datetime(2026, 3, 1, 1, 0, tzinfo=UTC), "commissioning")
    days = by_day([late, early])
    assert [day.date.isoformat() for day in days] == ["2026-03-01", "2026-03-02"]
    assert by_day([early, late], newest_first=True)[0].entries == [late]


def test_attributes_and_children_are_escaped() -> None:
    assert element("a", {"href": '"<&', "title": None}, ["<b>"]) == (
        '<a href="&quot;&lt;&amp;">&lt;b&gt;</a>'
    )


def test_a_coordinate_is_short() -> None:
    assert [short(1.0), short(1.26), short(-0.01), short(-0.5)] == ["1", "1.3", "0", "-0.5"]


def test_a_long_text_is_clipped_to_its_room() -> None:
    text = clipped("明前龙井特级礼盒装", 12, 60)
    assert text.endswith("…")
    assert text_width(text, 12) <= 60
    assert clipped("tea", 12, 60) == "tea"
