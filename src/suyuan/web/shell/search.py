"""The search box: one text, taken for anything that it can be.

Owns: the values of a search, `find` and `the_one`.
Does not own: what a text may name (`resolvers`), how each domain looks its things up.
Invariant: a resolver is asked only when the actor has its right, and answers only from the
actor's organisation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.shell import navigation

type Text = str | Promise

LIMIT = 8  # of one kind; whoever wants more narrows the text or opens the list


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the text may name; `exact` when it can be nothing else of its kind."""

    label: str
    href: str
    note: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The text that was entered, and by whom."""

    actor: Actor
    text: str

    @property
    def organisation_id(self) -> int:
        """The organisation's id, for selectors."""
        return self.actor.organisation_id

    def href(self, url_name: str, **arguments: str) -> str:
        """Return the address of a page of the organisation; "" while there is none."""
        return navigation.href(url_name, self.actor, **arguments)


@dataclass(frozen=True, slots=True)
class Resolver:
    """One kind of thing that a text may name."""

    label: Text
    icon: str
    right: Right
    find: Callable[[Question], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    label: Text
    icon: str
    hits: Sequence[Hit]
    more: bool


def find(actor: Actor, text: str, resolvers: Iterable[Resolver]) -> list[Group]:
    """Return what `text` may name, by kind; hits without an address are left out."""
    question = Question(actor=actor, text=text)
    groups = []
    shown: set[str] = set()  # two resolvers may lead to one page: the first keeps it
    for resolver in resolvers:
        if not actor.may(resolver.right):
            continue
        hits = [hit for hit in resolver.find(question) if hit.href and hit.href not in shown]
        shown.update(hit.href for hit in hits)
        if hits:
            more = len(hits) > LIMIT
            groups.append(Group(resolver.label, resolver.icon, hits[:LIMIT], more))
    return groups


def the_one(groups: Sequence[Group]) -> Hit | None:
    """Return the hit to lead to at once: the only exact one, or the only one of all."""
    hits = [hit for group in groups for hit in group.hits]
    exact = [hit for hit in hits if hit.exact]
    if len(exact) == 1:
        return exact[0]
    return hits[0] if len(hits) == 1 else None
