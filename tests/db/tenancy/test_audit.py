"""The audit trail: complete, append-only, searchable."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import suyuan
from suyuan.kernel import clock
from suyuan.tenancy import selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.audit import difference
from suyuan.tenancy.models import AuditEntry, AuditIsAppendOnlyError
from suyuan.tenancy.selectors import AuditFilter

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SERVICES = Path(suyuan.__file__).parent / "tenancy" / "services"
# What changes nothing that an organisation must answer for.
UNRECORDED = {"authenticate_token", "update_profile", "set_grants_table"}


def test_an_entry_can_be_neither_changed_nor_removed(actor: Actor) -> None:
    actor.audit("thing.done", kind="thing", object_id="1")
    entry = AuditEntry.objects.get()
    entry.actor = "somebody else"
    for act in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(actor="somebody else"),
        lambda: AuditEntry.objects.bulk_update([entry], ["actor"]),
    ):
        with pytest.raises(AuditIsAppendOnlyError):
            act()
    assert AuditEntry.objects.get().actor == "system"


@pytest.mark.parametrize("name", sorted(set(services.__all__) - UNRECORDED))
def test_every_service_writes_an_audit_entry(name: str) -> None:
    functions = {
        node.name: node
        for path in SERVICES.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    calls: set[str] = set()
    reached = [name]
    for one in reached:  # what it leaves to functions beside it counts too
        called = [node.func for node in ast.walk(functions[one]) if isinstance(node, ast.Call)]
        calls |= {call.attr for call in called if isinstance(call, ast.Attribute)}
        names = {call.id for call in called if isinstance(call, ast.Name)}
        reached += sorted((names & functions.keys()) - set(reached))
    assert "audit" in calls


@pytest.fixture
def trail(actor: Actor, other_actor: Actor) -> int:
    ann = Actor(organisation=actor.organisation, name="user:ann@example.com", rights=actor.rights)
    for hour, who in enumerate((actor, ann, ann)):
        with clock.held_at(NOON + timedelta(hours=hour)):
            who.audit(f"act.{hour}", kind="lot" if hour else "product", object_id=f"L-{hour}")
    other_actor.audit("act.0", kind="product", object_id="L-0")
    return actor.organisation_id


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, ["act.2", "act.1", "act.0"]),
        (AuditFilter(actor="ANN@"), ["act.2", "act.1"]),
        (AuditFilter(action="act.1"), ["act.1"]),
        (AuditFilter(kind="product"), ["act.0"]),
        (AuditFilter(object_id="l-2"), ["act.2"]),
        (AuditFilter(since=NOON + timedelta(hours=1)), ["act.2", "act.1"]),
        (AuditFilter(until=NOON + timedelta(hours=1)), ["act.0"]),
        (AuditFilter(actor="ann", kind="product"), []),
    ],
)
def test_entries_are_found_by_person_object_and_date(
    trail: int, wanted: AuditFilter | None, found: list[str]
) -> None:
    assert [entry.action for entry in selectors.audit_entries(trail, wanted)] == found


def test_the_vocabulary_is_the_organisations_own(trail: int, other_actor: Actor) -> None:
    assert selectors.audit_vocabulary(trail) == (["act.0", "act.1", "act.2"], ["lot", "product"])
    assert selectors.audit_vocabulary(other_actor.organisation_id) == (["act.0"], ["product"])


def test_a_difference_names_what_changed_only() -> None:
    assert difference({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 5, "d": 4}) == {
        "b": [2, 5],
        "c": [3, None],
        "d": [None, 4],
    }
    assert difference({"a": 1}, {"a": 1}) == {}


def test_an_entry_saved_by_itself_is_added_once(actor: Actor) -> None:
    entry = AuditEntry(
        organisation=actor.organisation,
        at=NOON,
        actor="system",
        action="thing.done",
        object_kind="thing",
        object_id="2",
    )
    entry.save()
    with pytest.raises(AuditIsAppendOnlyError):
        entry.save()
    assert AuditEntry.objects.filter(object_id="2").count() == 1
