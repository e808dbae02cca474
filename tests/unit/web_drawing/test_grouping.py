"""A graph of thousands of nodes stays readable, and hides nothing that matters."""

from __future__ import annotations

import re
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.web.drawing.graphs import genealogy_graph
from suyuan.web.drawing.grouping import GraphEdge, GraphNode, Opening, grouped

SVG = "{http://www.w3.org/2000/svg}"
START = GraphNode(1, 0, "L-1", "龙井")


def _href(opened: frozenset[str]) -> str:
    return "?" + "&".join(f"open={name}" for name in sorted(opened))


def _lots(count: int, *, products: int = 4, recalled: int = -1) -> list[GraphNode]:
    return [
        GraphNode(
            100 + i,
            1,
            f"P{i:04d}",
            group=f"g{i % products}",
            group_label=f"产品 {i % products}",
            recalled=i == recalled,
        )
        for i in range(count)
    ]


def _shown(
    nodes: list[GraphNode], *opened: str, per_layer: int = 8, focus: int | None = 1
) -> tuple[list[GraphNode], list[GraphEdge]]:
    edges = [GraphEdge(1, node.key, "1 kg") for node in nodes if node.depth == 1]
    return grouped(
        nodes,
        edges,
        focus=focus,
        per_layer=per_layer,
        opening=Opening(frozenset(opened), _href),
        more_href="#all",
    )


def test_lots_of_one_product_are_a_stack_that_tells_how_many_it_is() -> None:
    nodes, edges = _shown([START, *_lots(1000)])
    assert [(node.label, node.stack) for node in nodes[1:]] == [
        (f"产品 {i}", 250) for i in range(4)
    ]
    assert [edge.label for edge in edges] == ["×250"] * 4


def test_a_layer_that_fits_has_no_stacks() -> None:
    nodes, edges = _shown([START, *_lots(8)])
    assert len(nodes) == 9
    assert {edge.label for edge in edges} == {"1 kg"}


def test_the_link_of_a_stack_opens_it_and_the_others_stay_as_they_are() -> None:
    nodes, _ = _shown([START, *_lots(40)], "1:g2")
    stacks = {node.label: parse_qs(node.href[1:])["open"] for node in nodes if node.stack}
    assert stacks == {f"产品 {i}": sorted(["1:g2", f"1:g{i}"]) for i in (0, 1, 3)}
    members = [node for node in nodes if node.group == "g2"]
    assert len(members) == 10


def test_an_open_stack_has_a_node_that_shuts_it() -> None:
    nodes, _ = _shown([START, *_lots(40)], "1:g2")
    (shut,) = [node for node in nodes if node.kind == "less"]
    assert (shut.href, shut.sub) == ("?", "产品 2")


def test_an_open_stack_of_thousands_shows_some_and_counts_the_rest() -> None:
    nodes, edges = _shown([START, *_lots(1000, products=1)], "1:g0")
    members = [node for node in nodes if node.group == "g0"]
    (more,) = [node for node in nodes if node.kind == "more"]
    assert len(members) == 14
    assert "986" in more.label
    assert [edge.label for edge in edges if edge.target == more.key] == ["×986"]


def test_the_node_that_was_asked_for_is_in_no_stack() -> None:
    nodes, _ = _shown([START, *_lots(1000)], focus=617)
    assert "P0517" in [node.label for node in nodes]
    assert sorted(node.stack for node in nodes if node.stack) == [249, 250, 250, 250]


def test_a_stack_tells_that_some_of_it_is_recalled() -> None:
    nodes, _ = _shown([START, *_lots(1000, recalled=6)])
    assert [node.label for node in nodes if node.recalled] == ["产品 2"]


def test_more_products_than_a_layer_holds_leave_the_largest_stacks() -> None:
    lots = [*_lots(900, products=3), *(GraphNode(5000 + i, 1, f"x{i}") for i in range(60))]
    nodes, _ = _shown([START, *lots], per_layer=6)
    assert [node.stack for node in nodes if node.stack] == [300, 300, 300]
    (more,) = [node for node in nodes if node.kind == "more"]
    assert "58" in more.label
    assert len(nodes) == 7


def test_names_of_stacks_that_do_not_exist_open_nothing() -> None:
    nodes, _ = _shown([START, *_lots(1000)], "9:g2", "1:", "<script>")
    assert all(node.kind != "less" for node in nodes)


def test_a_thousand_nodes_draw_a_page_that_is_small() -> None:
    lots = _lots(1000, products=12)
    svg = genealogy_graph(
        [START, *lots],
        [GraphEdge(1, lot.key) for lot in lots],
        focus=1,
        opening=Opening(frozenset(), _href),
    )
    links = list(ET.fromstring(svg).iter(f"{SVG}a"))  # noqa: S314 - our own drawing
    assert len(links) <= 9
    assert len(svg) < 12_000


@given(
    nodes=st.lists(
        st.tuples(st.integers(-3, 3), st.sampled_from(["", "a", "b", "c"]), st.booleans()),
        max_size=60,
    ),
    pairs=st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=80),
    opened=st.sets(st.sampled_from([f"{d}:{g}" for d in range(-3, 4) for g in "abc"])),
    per_layer=st.integers(2, 9),
)
@pytest.mark.filterwarnings("error")
def test_every_edge_ends_at_a_node_that_is_shown_and_every_node_is_counted_once(
    nodes: list[tuple[int, str, bool]],
    pairs: list[tuple[int, int]],
    opened: set[str],
    per_layer: int,
) -> None:
    given_nodes = [
        GraphNode(i, depth, str(i), group=group, recalled=recalled)
        for i, (depth, group, recalled) in enumerate(nodes)
    ]
    edges = [GraphEdge(a, b) for a, b in pairs if a < len(nodes) and b < len(nodes)]
    shown, moved = grouped(
        given_nodes,
        edges,
        focus=0,
        per_layer=per_layer,
        opening=Opening(frozenset(opened), _href),
        more_href="#all",
    )
    keys = {node.key for node in shown}
    assert len(keys) == len(shown)
    assert {end for edge in moved for end in (edge.source, edge.target)} <= keys
    real = sum(node.key >= 0 for node in shown)
    stacked = sum(node.stack for node in shown)
    rest = sum(int(re.sub(r"\D", "", node.label)) for node in shown if node.kind == "more")
    assert real + stacked + rest == len(nodes)
    assert not nodes or 0 in keys
