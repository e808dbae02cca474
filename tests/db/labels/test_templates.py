"""Label templates and their versions."""

from __future__ import annotations

from typing import Any

import pytest

from suyuan.core.labels.design import Roll, Sheet
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.labels import selectors, services
from suyuan.labels.errors import TemplateArchived, TemplateChangedMeanwhile, TooManyTemplates
from suyuan.labels.models import LabelTemplateVersion
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from tests.labels_world import DESIGN, ROLL, SHEET, wider


@pytest.fixture
def template(actor: Actor) -> LabelTemplateVersion:
    return services.create_template(actor=actor, name="瓶标", design=DESIGN, sheet=SHEET)


def save(actor: Actor, base: LabelTemplateVersion, **changed: Any) -> LabelTemplateVersion:
    values = {"name": base.template.name, "design": base.design_json, "sheet": base.sheet_json}
    return services.save_template(
        actor=actor, number=base.number, base=base.version, **{**values, **changed}
    )


def test_a_new_template_is_read_back_as_it_was_given(
    actor: Actor, template: LabelTemplateVersion
) -> None:
    found = selectors.get_template(actor.organisation_id, template.number)
    assert (found.number, found.version, found.template.name) == ("LB-0001", 1, "瓶标")
    assert found.design.width_mm == 38
    assert found.design.placeholders == {"product"}
    assert found.sheet == Sheet(columns=3, rows=12)


def test_each_save_makes_a_version_and_old_ones_stay(
    actor: Actor, template: LabelTemplateVersion
) -> None:
    second = save(actor, template, design=wider(40), note="wider")
    third = save(actor, second, sheet=ROLL)
    assert third.version == 3
    organisation_id, number = actor.organisation_id, template.number
    widths = [selectors.get_template(organisation_id, number, n).design.width_mm for n in (1, 2, 3)]
    assert widths == [38, 40, 40]
    assert selectors.get_template(organisation_id, number).sheet == Roll()
    assert [row.version for row in selectors.versions(third.template)] == [3, 2, 1]


def test_what_has_not_changed_makes_no_version(
    actor: Actor, template: LabelTemplateVersion
) -> None:
    before = AuditEntry.objects.count()
    assert save(actor, template).version == 1
    assert AuditEntry.objects.count() == before


def test_a_new_name_alone_makes_no_version(actor: Actor, template: LabelTemplateVersion) -> None:
    renamed = save(actor, template, name="大瓶标")
    assert renamed.version == 1
    assert renamed.template.name == "大瓶标"


def test_a_save_over_a_version_that_is_not_the_newest_is_refused(
    actor: Actor, template: LabelTemplateVersion
) -> None:
    save(actor, template, design=wider(40))
    with pytest.raises(TemplateChangedMeanwhile) as caught:
        save(actor, template, design=wider(41))
    assert caught.value.data["latest"] == 2
    assert selectors.get_template(actor.organisation_id, template.number).design.width_mm == 40


def test_an_old_version_comes_back_as_a_new_one(
    actor: Actor, template: LabelTemplateVersion
) -> None:
    save(actor, template, design=wider(40))
    back = services.restore_version(actor=actor, number=template.number, version=1, base=2)
    assert (back.version, back.restored_from, back.design.width_mm) == (3, 1, 38)
    again = services.restore_version(actor=actor, number=template.number, version=1, base=3)
    assert again.version == 3, "it looks like that already"


def test_a_copy_goes_its_own_way(actor: Actor, template: LabelTemplateVersion) -> None:
    copy = services.duplicate_template(actor=actor, number=template.number, name="另一张")
    assert (copy.number, copy.version) == ("LB-0002", 1)
    save(actor, copy, design=wider(50))
    assert selectors.get_template(actor.organisation_id, template.number).design.width_mm == 38


def test_an_archived_template_leaves_the_list_and_keeps_its_versions(
    actor: Actor, template: LabelTemplateVersion
) -> None:
    services.archive_template(actor=actor, number=template.number)
    assert not selectors.templates(actor.organisation_id)
    assert selectors.templates(actor.organisation_id, archived=True).get() == template
    assert selectors.get_template(actor.organisation_id, template.number).version == 1
    with pytest.raises(TemplateArchived):
        save(actor, template, design=wider(40))
    services.reopen_template(actor=actor, number=template.number)
    assert save(actor, template, design=wider(40)).version == 2


@pytest.mark.parametrize("number", ["LB-0002", "LB-1", "", "LB-0001\0", "lb-0001", "٣"])
def test_what_does_not_exist_is_not_found(
    actor: Actor, template: LabelTemplateVersion, number: str
) -> None:
    with pytest.raises(NotFound):
        selectors.get_template(actor.organisation_id, number)


@pytest.mark.parametrize("version", [0, -1, 2, 2**31, 2**70])
def test_a_version_that_was_never_saved_is_not_found(
    actor: Actor, template: LabelTemplateVersion, version: int
) -> None:
    with pytest.raises(NotFound):
        selectors.get_template(actor.organisation_id, template.number, version)


def test_another_organisations_template_looks_like_none(
    other_actor: Actor, template: LabelTemplateVersion
) -> None:
    number = template.number
    with pytest.raises(NotFound):
        selectors.get_template(other_actor.organisation_id, number)
    for act in (
        lambda: save(other_actor, template, design=wider(40)),
        lambda: services.restore_version(actor=other_actor, number=number, version=1, base=1),
        lambda: services.duplicate_template(actor=other_actor, number=number, name="x"),
        lambda: services.archive_template(actor=other_actor, number=number),
        lambda: services.reopen_template(actor=other_actor, number=number),
    ):
        with pytest.raises(NotFound):
            act()


def test_each_verb_needs_the_right_to_design(
    organisation: Any, template: LabelTemplateVersion
) -> None:
    nobody = Actor(organisation=organisation, name="user:x", rights=frozenset())
    number = template.number
    for act in (
        lambda: services.create_template(actor=nobody, name="x", design=DESIGN, sheet=SHEET),
        lambda: save(nobody, template, design=wider(40)),
        lambda: services.restore_version(actor=nobody, number=number, version=1, base=1),
        lambda: services.duplicate_template(actor=nobody, number=number, name="x"),
        lambda: services.archive_template(actor=nobody, number=number),
        lambda: services.add_logo(actor=nobody, name="x", content=b""),
        lambda: services.remove_logo(actor=nobody, digest="0" * 64),
    ):
        with pytest.raises(Forbidden):
            act()


def test_each_change_is_in_the_audit_trail(actor: Actor, template: LabelTemplateVersion) -> None:
    second = save(actor, template, design=wider(40))
    services.restore_version(actor=actor, number=second.number, version=1, base=2)
    services.duplicate_template(actor=actor, number=second.number, name="x")
    services.archive_template(actor=actor, number=second.number)
    services.archive_template(actor=actor, number=second.number)
    services.reopen_template(actor=actor, number=second.number)
    actions = AuditEntry.objects.filter(object_kind="label_template").order_by("at", "id")
    assert [row.action for row in actions] == [
        "label.create",
        "label.save",
        "label.restore",
        "label.duplicate",
        "label.archive",
        "label.reopen",
    ]


def test_names_are_limited_and_needed(actor: Actor) -> None:
    for name, code in (
        ("", "required"),
        ("x" * 81, "too_long"),
        ("a\0b", "text_control_character"),
    ):
        with pytest.raises(Invalid) as caught:
            services.create_template(actor=actor, name=name, design=DESIGN, sheet=SHEET)
        assert (caught.value.code, caught.value.place) == (code, "name")


def test_the_number_of_templates_is_limited(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_TEMPLATES", 1)
    services.create_template(actor=actor, name="1", design=DESIGN, sheet=SHEET)
    with pytest.raises(TooManyTemplates):
        services.create_template(actor=actor, name="2", design=DESIGN, sheet=SHEET)
    services.archive_template(actor=actor, number="LB-0001")
    services.create_template(actor=actor, name="2", design=DESIGN, sheet=SHEET)


def test_the_list_finds_by_name_and_number(actor: Actor, template: LabelTemplateVersion) -> None:
    services.create_template(actor=actor, name="箱标", design=DESIGN, sheet=ROLL)
    organisation_id = actor.organisation_id
    assert [row.number for row in selectors.templates(organisation_id)] == ["LB-0002", "LB-0001"]
    assert [row.number for row in selectors.templates(organisation_id, text="箱")] == ["LB-0002"]
    assert [row.number for row in selectors.templates(organisation_id, text="b-0001")] == [
        "LB-0001"
    ]
    assert not selectors.templates(organisation_id, text="\0nothing")
