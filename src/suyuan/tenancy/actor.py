"""Who acts: the value that every service and gate is given.

Owns: `Actor`, its rights, and the audit row written in the act's own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden
from suyuan.tenancy.models import AuditEntry, Organisation
from suyuan.tenancy.rights import Right

_BATCH: Final = 500  # audit rows in one statement


class Entry(NamedTuple):
    """An object that an act changed: {field: [before, after]}."""

    object_id: str
    changes: dict[str, object]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token or the system itself, within one organisation."""

    organisation: Organisation
    name: str  # "user:ann@example.com", "token:line 3", "system"
    rights: frozenset[Right]
    user_id: int | None = None
    role: str = ""  # a member's role; empty for a token and for the system
    holder: int | None = None  # the partner that the actor speaks for; None: the organisation
    token_of: int | None = None  # of a token: the person who made it, and holds it perhaps

    @property
    def behind(self) -> int | None:
        """The person who acts, be it by a token; None: nobody is known."""
        return self.token_of if self.user_id is None else self.user_id

    @property
    def organisation_id(self) -> int:
        """The organisation's id, for selectors."""
        return self.organisation.pk

    def may(self, right: Right) -> bool:
        """Tell whether the actor has `right`."""
        return right in self.rights

    def require(self, *rights: Right) -> None:
        """Raise `Forbidden` unless the actor has one of `rights`."""
        if self.rights.isdisjoint(rights):
            raise Forbidden(right=rights[0].value)

    def audit(
        self, action: str, *, kind: str, object_id: str, changes: dict[str, object] | None = None
    ) -> None:
        """Record the act; call it inside the act's own transaction.

        `changes` maps a field to [before, after]: `tenancy.audit.difference` makes it.
        """
        self.audit_all(action, kind, [Entry(object_id, changes or {})])

    def audit_all(self, action: str, kind: str, entries: Iterable[Entry]) -> None:
        """Record the same act on several objects of a kind, as `audit` does on one."""
        at = clock.now()
        AuditEntry.objects.bulk_create(
            [
                AuditEntry(
                    organisation=self.organisation,
                    at=at,
                    actor=self.name,
                    action=action,
                    object_kind=kind,
                    object_id=entry.object_id,
                    changes=entry.changes,
                )
                for entry in entries
            ],
            batch_size=_BATCH,
        )


def system_actor(organisation: Organisation) -> Actor:
    """Return the installation itself, acting for `organisation` (demonstration, commands)."""
    return Actor(organisation=organisation, name="system", rights=frozenset(Right))
