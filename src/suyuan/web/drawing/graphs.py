"""The genealogy of a lot as a graph: materials to the left, products and parcels to the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, override

from suyuan.web.drawing import layered
from suyuan.web.drawing.grouping import GraphEdge, GraphNode, Opening, grouped
from suyuan.web.drawing.svg import clipped, element, linked, short, text_width

_BOX_WIDTH, _BOX_HEIGHT = 182, 50
_COLUMN, _ROW = 284, 62
_MARGIN = 16
_TEXT_LEFT = 40

# One small figure for each kind, in a square of 18.
_GLYPHS: Final = {
    "material": "M3 15C3 7 8 3 15 3C15 10 11 15 3 15M3 15L10 8",
    "product": "M9 2L16 5.500L9 9L2 5.500ZM2 9.500L9 13L16 9.500M2 13L9 16.500L16 13",
    "item": "M3 3H7V7H3ZM11 3H15V7H11ZM3 11H7V15H3ZM11 11H13M15 11V13M11 15H15",
    "unit": "M9 2L15.500 5.500V12.500L9 16L2.500 12.500V5.500ZM2.500 5.500L9 9L15.500 5.500M9 9V16",
    "more": "M4 9H4.100M9 9H9.100M14 9H14.100",
    "less": "M4 7L9 3L14 7M4 11L9 15L14 11",
}
CLOSED: Final = Opening()


def genealogy_graph(
    nodes: Sequence[GraphNode],
    edges: Sequence[GraphEdge],
    *,
    focus: int | None = None,
    per_layer: int = 8,
    opening: Opening = CLOSED,
    more_href: str = "",
    language: str = "zh-hans",
    name: str = "genealogy",
) -> SafeString:
    """Draw the graph; in a layer with more than `per_layer` nodes, what is alike becomes a stack.

    What is still too much becomes one node; `more_href` is where that leads (the whole list). Put
    the picture into a scroller.
    """
    with override(language):
        title = gettext("Genealogy graph")
        described = _description(nodes, edges)
        nodes, edges = grouped(
            nodes,
            edges,
            focus=focus,
            per_layer=per_layer,
            opening=opening,
            more_href=more_href,
        )
    known = {node.key for node in nodes}
    edges = [edge for edge in edges if edge.source in known and edge.target in known]
    pairs = [(edge.source, edge.target) for edge in edges]
    layers = layered.order({node.key: node.depth for node in nodes}, pairs)
    rows = layered.rows(layers, pairs)
    places = {
        key: (float(_MARGIN + column * _COLUMN), _MARGIN + rows[key] * _ROW)
        for column, layer in enumerate(layers)
        for key in layer
    }
    width = 2 * _MARGIN + max(0, len(layers) - 1) * _COLUMN + _BOX_WIDTH
    height = 2 * _MARGIN + (max(rows.values(), default=0)) * _ROW + _BOX_HEIGHT
    drawn_edges = [part for edge in edges for part in _edge(edge, places, focus)]
    outgoing = Counter(edge.source for edge in edges)
    incoming = Counter(edge.target for edge in edges)
    labels = [
        part
        for edge in edges
        for part in _edge_label(
            edge, places, near_target=outgoing[edge.source] > incoming[edge.target]
        )
    ]
    drawn_nodes = [_node(node, places[node.key], focus) for node in _in_order(nodes, layers)]
    attributes = {
        "class": "sy-graph",
        "viewBox": f"0 0 {width} {short(height)}",
        "width": width,
        "height": short(height),
        "preserveAspectRatio": "xMinYMin meet",
        "role": "group",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-desc",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    titles = (
        element("title", {"id": f"{name}-title"}, [title]),
        element("desc", {"id": f"{name}-desc"}, [described]),
    )
    return element("svg", attributes, [*titles, *drawn_edges, *drawn_nodes, *labels])


def _description(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]) -> str:
    count = ngettext("%(count)s node", "%(count)s nodes", len(nodes)) % {"count": len(nodes)}
    links = ngettext("%(count)s link", "%(count)s links", len(edges)) % {"count": len(edges)}
    return f"{count}, {links}"


def _in_order(nodes: Sequence[GraphNode], layers: Sequence[Sequence[int]]) -> Iterator[GraphNode]:
    """Yield nodes as the eye reads them, so that the Tab key goes the same way."""
    by_key = {node.key: node for node in nodes}
    for layer in layers:
        for key in layer:
            yield by_key[key]


def _node(node: GraphNode, at: tuple[float, float], focus: int | None) -> SafeString:
    x, y = at
    room = _BOX_WIDTH - _TEXT_LEFT - 10
    css = f"kind-{node.kind}" if node.kind in _GLYPHS else "kind-product"
    css += " is-focus" if node.key == focus else ""
    css += " is-recalled" if node.recalled else ""
    css += " is-more" if node.kind in {"more", "less"} else ""
    css += " is-stack" if node.stack else ""
    box = {"class": "box", "x": x, "y": y, "width": _BOX_WIDTH, "height": _BOX_HEIGHT, "rx": 7}
    stripe_size = {"width": 4, "height": _BOX_HEIGHT - 18, "rx": 2}
    stripe = {"class": "stripe", "x": x, "y": y + 9, **stripe_size}
    glyph = {
        "class": "glyph",
        "d": _GLYPHS.get(node.kind, _GLYPHS["product"]),
        "transform": f"translate({short(x + 13)} {short(y + 16)})",
    }
    first = y + (21 if node.sub else 29)
    under = (6, 3) if node.stack else ()  # a stack shows the edges of what lies beneath
    parts = [
        element("title", {}, [f"{node.label} {node.sub}".strip()]),
        *(element("rect", {**box, "class": "under", "x": x + d, "y": y + d}) for d in under),
        element("rect", box),
        element("rect", stripe),
        element("path", glyph),
        element(
            "text",
            {"class": "main", "x": x + _TEXT_LEFT, "y": first},
            [clipped(node.label, 12.5, room)],
        ),
    ]
    if node.sub:
        line = {"class": "sub", "x": x + _TEXT_LEFT, "y": y + 38}
        parts.append(element("text", line, [clipped(node.sub, 11, room)]))
    return linked(node.href, f"{node.label} {node.sub}".strip(), parts, css)


def _ends(
    edge: GraphEdge, places: dict[int, tuple[float, float]]
) -> tuple[float, float, float, float]:
    (x0, y0), (x1, y1) = places[edge.source], places[edge.target]
    return x0 + _BOX_WIDTH, y0 + _BOX_HEIGHT / 2, x1 - 7, y1 + _BOX_HEIGHT / 2


def _edge(
    edge: GraphEdge, places: dict[int, tuple[float, float]], focus: int | None
) -> Iterator[SafeString]:
    x0, y0, x1, y1 = _ends(edge, places)
    reach = max(40.0, (x1 - x0) / 2)
    suffix = "-focus" if focus is not None and focus in {edge.source, edge.target} else ""
    curve = (
        f"M{short(x0)} {short(y0)}C{short(x0 + reach)} {short(y0)} "
        f"{short(x1 - reach)} {short(y1)} {short(x1)} {short(y1)}"
    )
    yield element("path", {"class": f"edge edge{suffix}" if suffix else "edge", "d": curve})
    turn = f"translate({short(x1)} {short(y1)})"
    head = {"class": f"arrow{suffix}", "d": "M-2 -4.500L7 0L-2 4.500Z", "transform": turn}
    yield element("path", head)


def _edge_label(
    edge: GraphEdge, places: dict[int, tuple[float, float]], *, near_target: bool
) -> Iterator[SafeString]:
    """Write the quantity at the end where the edges of a bundle lie apart."""
    if not edge.label:
        return
    x0, y0, x1, y1 = _ends(edge, places)
    t = 0.7 if near_target else 0.3
    label = clipped(edge.label, 11, _COLUMN - _BOX_WIDTH - 4)
    half = text_width(label, 11) / 2
    x = min(max(x0 + (x1 - x0) * t, x0 + half + 2), x1 - half)
    y = y0 + (y1 - y0) * (3 * t * t - 2 * t**3)
    yield element("text", {"class": "edge-text", "x": x, "y": y + 4}, [label])
