"""Keep a graph of thousands of nodes readable: what is alike within a layer stands as one node.

Owns: which nodes are shown, which stand for others, and how edges follow them.
Does not own: where they are drawn (layered), how (graphs).

A layer that fits stays as it is. In a longer one, nodes of one group become a stack that opens and
shuts by its link; what is still too much becomes one node that leads to the list. The node that was
asked for is never hidden, and a stack tells how many of its nodes are recalled.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext, ngettext

_FEWEST: Final = 3  # so many nodes make a stack
_MOST_OPEN: Final = 14  # of an open stack


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A lot, an item or a unit.

    Attributes:
        key: Names the node in edges; never shown.
        depth: Its layer: 0 the start, negative towards materials, positive towards products.
        label: First line. sub: second line.
        kind: `material`, `product`, `item` or `unit`.
        href: Where a click leads. recalled: Shown as such.
        group: Which nodes of its layer are alike; "" is like no other. group_label: their name.
        stack: How many nodes it stands for; 0: itself.
    """

    key: int
    depth: int
    label: str
    sub: str = ""
    kind: str = "product"
    href: str = ""
    recalled: bool = False
    group: str = ""
    group_label: str = ""
    stack: int = 0


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """`source` went into `target`; `label` tells how much."""

    source: int
    target: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """Which stacks are open, and the address that opens others.

    Attributes:
        opened: names of stacks, as `href` was given them.
        href: returns the address of the page with these stacks open.
    """

    opened: frozenset[str] = frozenset()
    href: Callable[[frozenset[str]], str] | None = None


def grouped(
    nodes: Sequence[GraphNode],
    edges: Sequence[GraphEdge],
    *,
    focus: int | None,
    per_layer: int,
    opening: Opening,
    more_href: str,
) -> tuple[list[GraphNode], list[GraphEdge]]:
    """Return the nodes and edges to draw; beyond open stacks, at most `per_layer` of a layer."""
    degree = Counter(edge.source for edge in edges) + Counter(edge.target for edge in edges)
    folding = _Folding(focus, per_layer, opening, more_href, degree)
    layers: dict[int, list[GraphNode]] = defaultdict(list)
    for node in nodes:
        layers[node.depth].append(node)
    shown = [node for depth in sorted(layers) for node in folding.layer(layers[depth])]
    return shown, _moved(edges, folding.stands_for)


def _moved(edges: Sequence[GraphEdge], stands_for: dict[int, int]) -> list[GraphEdge]:
    """Let edges end at what stands for their nodes; of several that became one, tell how many."""
    bundles: dict[tuple[int, int], list[GraphEdge]] = defaultdict(list)
    for edge in edges:
        source = stands_for.get(edge.source, edge.source)
        target = stands_for.get(edge.target, edge.target)
        if source != target:
            bundles[source, target].append(edge)
    return [
        replace(
            some[0],
            source=source,
            target=target,
            label=some[0].label if len(some) == 1 else f"×{len(some)}",
        )
        for (source, target), some in bundles.items()
    ]


class _Folding:
    """Folds one layer after the other, and remembers what stands for what."""

    def __init__(
        self,
        focus: int | None,
        per_layer: int,
        opening: Opening,
        more_href: str,
        degree: Counter[int],
    ) -> None:
        self.stands_for: dict[int, int] = {}
        self._focus, self._per_layer = focus, per_layer
        self._opening, self._more_href = opening, more_href
        self._degree = degree
        self._made = 0

    def layer(self, layer: Sequence[GraphNode]) -> list[GraphNode]:
        """Return what is shown of a layer."""
        if len(layer) <= self._per_layer:
            return list(layer)
        groups: dict[str, list[GraphNode]] = defaultdict(list)
        for node in layer:
            alone = node.key == self._focus or not node.group or self._opening.href is None
            groups[f"={node.key}" if alone else node.group].append(node)
        single: list[GraphNode] = []
        open_ones: list[GraphNode] = []
        for group, members in groups.items():
            name = f"{layer[0].depth}:{group}"
            if len(members) < _FEWEST:
                single += members
            elif name in self._opening.opened:
                open_ones += self._open(name, members)
            else:
                single.append(self._stack(name, members))
        return self._cut(single) + open_ones

    def _cut(self, layer: Sequence[GraphNode]) -> list[GraphNode]:
        """Make one node of what a layer has beyond `per_layer`: plain leaves first."""
        if len(layer) <= self._per_layer:
            return list(layer)
        kept, hidden = self._split(layer, self._per_layer - 1)
        return [*kept, self._more(hidden)]

    def _open(self, name: str, members: Sequence[GraphNode]) -> list[GraphNode]:
        """Return the members of an open stack, under a node that shuts it."""
        kept, hidden = self._split(members, _MOST_OPEN)
        shut = replace(
            self._stack_of(members),
            label=gettext("Show as one"),
            sub=members[0].group_label,
            kind="less",
            recalled=False,
            href=self._href(self._opening.opened - {name}),
            stack=0,
        )
        return [shut, *kept, *([self._more(hidden)] if hidden else [])]

    def _split(
        self, layer: Sequence[GraphNode], cut: int
    ) -> tuple[list[GraphNode], list[GraphNode]]:
        """Return the `cut` nodes that matter most, in the layer's order, and the others."""
        ranked = sorted(layer, key=self._rank)
        first = {node.key for node in ranked[:cut]}
        return [node for node in layer if node.key in first], ranked[cut:]

    def _rank(self, node: GraphNode) -> tuple[bool, bool, int, int]:
        return node.key != self._focus, not node.recalled, -node.stack, -self._degree[node.key]

    def _stack(self, name: str, members: Sequence[GraphNode]) -> GraphNode:
        stack = replace(
            self._stack_of(members), href=self._href(self._opening.opened | {name}), group=""
        )
        self._stand(members, stack.key)
        # Whatever leads to many is as important as all of them.
        self._degree[stack.key] = sum(self._degree[node.key] for node in members)
        return stack

    def _stack_of(self, members: Sequence[GraphNode]) -> GraphNode:
        """Return a node that tells of all `members`."""
        first = members[0]
        self._made += 1
        count = {"count": f"{len(members):,}"}
        sub = (
            ngettext("%(count)s item", "%(count)s items", len(members))
            if first.kind == "item"
            else ngettext("%(count)s lot", "%(count)s lots", len(members))
        ) % count
        recalled = sum(node.recalled for node in members)
        if recalled:
            sub += " · " + gettext("%(count)s recalled") % {"count": recalled}
        return GraphNode(
            key=-1_000_003 - self._made,
            depth=first.depth,
            label=first.group_label or first.label,
            sub=sub,
            kind=first.kind,
            recalled=bool(recalled),
            stack=len(members),
        )

    def _more(self, hidden: Sequence[GraphNode]) -> GraphNode:
        count = sum(node.stack or 1 for node in hidden)
        recalled = sum(node.recalled for node in hidden)
        self._made += 1
        more = GraphNode(
            key=-1_000_003 - self._made,
            depth=hidden[0].depth,
            label=gettext("+%(count)s more") % {"count": count},
            sub=gettext("%(count)s of them recalled") % {"count": recalled} if recalled else "",
            kind="more",
            href=self._more_href,
            recalled=bool(recalled),
        )
        self._stand(hidden, more.key)
        return more

    def _stand(self, hidden: Sequence[GraphNode], key: int) -> None:
        """Let `key` stand for nodes, and for all that they stood for."""
        gone = {node.key for node in hidden}
        for inner, outer in self.stands_for.items():
            if outer in gone:
                self.stands_for[inner] = key
        self.stands_for.update(dict.fromkeys(gone, key))

    def _href(self, opened: frozenset[str]) -> str:
        return self._opening.href(opened) if self._opening.href else ""
