"""A lot's genealogy as a graph and as a list.

Owns: how nodes of lineage become nodes of a drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from suyuan.core.identifiers import Identity, Scheme
from suyuan.lineage.present import present
from suyuan.lineage.values import Genealogy, Node
from suyuan.tenancy.actor import Actor
from suyuan.web.drawing.graphs import genealogy_graph
from suyuan.web.drawing.grouping import GraphEdge, GraphNode, Opening
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.names import Names, short_text
from suyuan.web.vocabulary import amount

_MOST_ASKED: Final = 2_000  # nodes whose recall mark is looked up: all that a genealogy has
_MOST_OPEN: Final = 20  # stacks that are open at a time


@dataclass(frozen=True, slots=True)
class Relative:
    """A lot upstream (`depth` below 0) or downstream of the one that is shown."""

    identity: Identity
    depth: int
    name: str
    code: str
    items: int
    href: str
    recalled: bool


@dataclass(frozen=True, slots=True)
class Descent:
    """What the template shows of a genealogy."""

    graph: SafeString | None
    sources: Sequence[Relative]
    products: Sequence[Relative]
    truncated: bool


def opening(request: HttpRequest) -> Opening:
    """Return which stacks of the graph the address opens, and how it opens others."""
    opened = frozenset(request.GET.getlist("open")[:_MOST_OPEN])

    def href(names: frozenset[str]) -> str:
        return f"?{urlencode([('open', name) for name in sorted(names)])}#descent"

    return Opening(opened, href)


def descent(actor: Actor, found: Genealogy, names: Names, opened: Opening) -> Descent:
    """Return a genealogy as people look at it."""
    names.learn(node.identity.primary for node in found.nodes.values() if _is_good(node.identity))
    recalled = _recalled(actor.organisation_id, list(found.nodes))
    relatives = {
        key: _relative(actor, node, names, recalled=key in recalled)
        for key, node in found.nodes.items()
    }
    others = [relative for key, relative in relatives.items() if key != found.start]
    return Descent(
        graph=_graph(found, relatives, names, opened) if found.edges else None,
        sources=sorted((r for r in others if r.depth < 0), key=lambda r: (-r.depth, r.code)),
        products=sorted((r for r in others if r.depth > 0), key=lambda r: (r.depth, r.code)),
        truncated=found.truncated,
    )


def _is_good(identity: Identity) -> bool:
    return identity.scheme in {Scheme.LGTIN, Scheme.SGTIN, Scheme.GTIN}


def _recalled(organisation_id: int, keys: Sequence[int]) -> set[int]:
    some = np.array(sorted(keys[:_MOST_ASKED]), dtype=np.int64)
    now = present(organisation_id, some)
    return set(now.items[now.recalled].tolist())


def _relative(actor: Actor, node: Node, names: Names, *, recalled: bool) -> Relative:
    one = node.identity
    good = _is_good(one)
    return Relative(
        identity=one,
        depth=node.depth,
        name=names.good(one.primary).name if good else short_text(one.digital_link()),
        code=one.secondary if good else "",
        items=node.items,
        href=address_of(actor.organisation.slug, one) or "",
        recalled=recalled,
    )


def _graph(
    found: Genealogy, relatives: dict[int, Relative], names: Names, opened: Opening
) -> SafeString:
    nodes = [
        GraphNode(
            key=key,
            depth=relative.depth,
            label=relative.code or relative.name,
            sub=_sub(relative),
            kind=_kind(relative, names),
            href=relative.href if key != found.start else "",
            recalled=relative.recalled,
            group=relative.identity.primary if _is_good(relative.identity) else "",
            group_label=relative.name,
        )
        for key, relative in relatives.items()
    ]
    edges = [GraphEdge(edge.source, edge.target, amount(edge.quantity)) for edge in found.edges]
    return genealogy_graph(
        nodes,
        edges,
        focus=found.start,
        opening=opened,
        more_href="#relatives",
        language=names.language,
    )


def _sub(relative: Relative) -> str:
    if not relative.code:
        return ""
    if not relative.items:
        return relative.name
    count = ngettext("%(count)s item", "%(count)s items", relative.items) % {
        "count": f"{relative.items:,}"
    }
    return _("%(name)s · %(count)s") % {"name": relative.name, "count": count}


def _kind(relative: Relative, names: Names) -> str:
    if relative.identity.scheme is Scheme.SGTIN:
        return "item"
    if relative.identity.scheme is Scheme.SSCC:
        return "unit"
    kind = names.good(relative.identity.primary).kind if _is_good(relative.identity) else ""
    return kind or ("material" if relative.depth < 0 else "product")
