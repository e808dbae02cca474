"""Save, restore, copy and put away label templates; take in logos.

Owns: rows of templates, versions and logos.
Invariant: a version is written once; what a template shows changes by a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from suyuan.core.labels.decoding import encode
from suyuan.core.labels.design import Design, Paper, PictureElement, write_design
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.labels import pictures, selectors
from suyuan.labels.documents import Document, read_documents
from suyuan.labels.errors import (
    LogoInUse,
    TemplateArchived,
    TemplateChangedMeanwhile,
    TooManyLogos,
    TooManyTemplates,
)
from suyuan.labels.models import LabelPicture, LabelTemplate, LabelTemplateVersion
from suyuan.masterdata.rules import Text
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import take_numbers
from suyuan.tenancy.rights import Right

MOST_TEMPLATES: Final = 500
MOST_LOGOS: Final = 200
_NAME: Final = Text(80, required=True)
_NOTE: Final = Text(200)
_LOGO_NAME: Final = Text(80)


def create_template(
    *, actor: Actor, name: str, design: Document, sheet: Document, note: str = ""
) -> LabelTemplateVersion:
    """Store a new template with its version 1.

    Raises:
        Forbidden: without `labels.design`.
        Invalid: a fault of the name, or of design or sheet (`core.labels`), at its place.
        TooManyTemplates: the organisation has 500 that are not put away.
    """
    actor.require(Right.LABELS_DESIGN)
    title, remark = _NAME.check(name, "name"), _NOTE.check(note, "note")
    values = _checked(actor, design, sheet)
    with transaction.atomic():
        template = _new_template(actor, title)
        version = _add_version(actor, template, values, note=remark)
        actor.audit(
            "label.create",
            kind="label_template",
            object_id=template.number,
            changes={"name": [None, title]},
        )
    return version


def save_template(
    *,
    actor: Actor,
    number: str,
    base: int,
    name: str,
    design: Document,
    sheet: Document,
    note: str = "",
) -> LabelTemplateVersion:
    """Save a template as a new version; what has not changed makes none.

    Args:
        actor: Who acts.
        number: The template.
        base: The version that was changed; it must still be the newest.
        name: What the template is called from now on.
        design: See `core.labels.design`.
        sheet: Likewise.
        note: What was changed, for colleagues.

    Raises:
        Forbidden: without `labels.design`.
        NotFound: no such template in the organisation.
        Invalid: a fault of the name, or of design or sheet, at its place.
        TemplateArchived, TemplateChangedMeanwhile: see there.
    """
    actor.require(Right.LABELS_DESIGN)
    current = selectors.get_template(actor.organisation_id, number)
    title, remark = _NAME.check(name, "name"), _NOTE.check(note, "note")
    values = _checked(actor, design, sheet)
    with transaction.atomic():
        template = _locked(current.template)
        _require_current(template, base)
        saved = selectors.get_template(actor.organisation_id, number)
        changes: dict[str, object] = {}
        if template.name != title:
            changes["name"] = [template.name, title]
            template.name = title
        if (saved.design, saved.sheet) != (values.design, values.sheet):
            changes["version"] = [template.latest, template.latest + 1]
            template.latest += 1
            saved = _add_version(actor, template, values, note=remark)
        if changes:
            _touch(actor, template, "label.save", changes)
    saved.template = template
    return saved


def restore_version(*, actor: Actor, number: str, version: int, base: int) -> LabelTemplateVersion:
    """Make an old version the newest again, as a new one.

    Raises:
        Forbidden: without `labels.design`.
        NotFound: no such template or version in the organisation.
        TemplateArchived, TemplateChangedMeanwhile: see there.
    """
    actor.require(Right.LABELS_DESIGN)
    old = selectors.get_template(actor.organisation_id, number, version)
    values = _Values(old.design, old.sheet)
    with transaction.atomic():
        template = _locked(old.template)
        _require_current(template, base)
        latest = selectors.get_template(actor.organisation_id, number)
        if (latest.design, latest.sheet) == (old.design, old.sheet):
            return latest
        template.latest += 1
        restored = _add_version(actor, template, values, restored_from=old.version)
        changes: dict[str, object] = {
            "version": [template.latest - 1, template.latest],
            "restored_from": [None, old.version],
        }
        _touch(actor, template, "label.restore", changes)
    return restored


def duplicate_template(
    *, actor: Actor, number: str, name: str, version: int | None = None
) -> LabelTemplateVersion:
    """Store a new template that begins as a version of another one.

    Raises:
        Forbidden: without `labels.design`.
        NotFound: no such template or version in the organisation.
        Invalid: a fault of the name.
        TooManyTemplates: see there.
    """
    actor.require(Right.LABELS_DESIGN)
    source = selectors.get_template(actor.organisation_id, number, version)
    title = _NAME.check(name, "name")
    with transaction.atomic():
        template = _new_template(actor, title)
        copy = _add_version(actor, template, _Values(source.design, source.sheet))
        changes: dict[str, object] = {"name": [None, title], "copied_from": [None, str(source)]}
        actor.audit(
            "label.duplicate", kind="label_template", object_id=template.number, changes=changes
        )
    return copy


def archive_template(*, actor: Actor, number: str) -> None:
    """Put a template away: it leaves the lists and takes no new version; jobs keep theirs.

    Raises:
        Forbidden: without `labels.design`.
        NotFound: no such template in the organisation.
    """
    _set_archived(actor, number, archived=True)


def reopen_template(*, actor: Actor, number: str) -> None:
    """Take a template out again; raises as `archive_template`."""
    _set_archived(actor, number, archived=False)


def add_logo(*, actor: Actor, name: str, content: bytes) -> LabelPicture:
    """Store a logo, re-encoded; the same one twice is kept once.

    Raises:
        Forbidden: without `labels.design`.
        Invalid: `picture_too_large`, `picture_unreadable`, a fault of the name.
        TooManyLogos: the organisation has 200.
    """
    actor.require(Right.LABELS_DESIGN)
    title = _LOGO_NAME.check(name[: _LOGO_NAME.longest], "name")
    logo = pictures.render(actor.organisation_id, content)
    with transaction.atomic():
        rows = LabelPicture.objects.filter(organisation_id=actor.organisation_id)
        if (known := rows.filter(digest=logo.digest).first()) is not None:
            return known
        if rows.count() >= MOST_LOGOS:
            raise TooManyLogos(most=MOST_LOGOS)
        # Written first: a file without a row is waste, a row without a file is a broken label.
        pictures.keep(actor.organisation_id, logo)
        row = LabelPicture.objects.create(
            organisation=actor.organisation,
            digest=logo.digest,
            name=title or logo.digest[:8],
            width=logo.width,
            height=logo.height,
            created_at=clock.now(),
            created_by=actor.name,
        )
        actor.audit(
            "logo.add",
            kind="label_picture",
            object_id=row.digest,
            changes={"name": [None, row.name]},
        )
    return row


def remove_logo(*, actor: Actor, digest: str) -> None:
    """Forget a logo that no version shows; its file goes once the transaction is through.

    Raises:
        Forbidden: without `labels.design`.
        NotFound: no such logo in the organisation.
        LogoInUse: a version shows it.
    """
    actor.require(Right.LABELS_DESIGN)
    organisation_id = actor.organisation_id
    with transaction.atomic():
        row = selectors.get_logo(organisation_id, digest)
        users = LabelTemplateVersion.objects.filter(organisation_id=organisation_id)
        user = users.filter(design_json__contains=digest).select_related("template").first()
        if user is not None:
            raise LogoInUse(number=user.number, name=user.template.name)
        row.delete()
        actor.audit(
            "logo.remove",
            kind="label_picture",
            object_id=digest,
            changes={"name": [row.name, None]},
        )
        transaction.on_commit(lambda: pictures.discard(organisation_id, digest))


# ---------------------------------------------------------------- within


@dataclass(frozen=True, slots=True)
class _Values:
    """A design and its sheet, read."""

    design: Design
    sheet: Paper


def _checked(actor: Actor, design: Document, sheet: Document) -> _Values:
    """Read both; every picture is one of the organisation's own logos."""
    read, paper = read_documents(design, sheet)
    rows = LabelPicture.objects.filter(organisation_id=actor.organisation_id)
    known = set(rows.filter(digest__in=read.pictures).values_list("digest", flat=True))
    for index, element in enumerate(read.elements):
        if isinstance(element, PictureElement) and element.picture not in known:
            raise Invalid("label_picture_unknown", place=f"/design/elements/{index}/picture")
    return _Values(read, paper)


def _new_template(actor: Actor, name: str) -> LabelTemplate:
    rows = LabelTemplate.objects.filter(organisation_id=actor.organisation_id)
    if rows.filter(archived_at=None).count() >= MOST_TEMPLATES:
        raise TooManyTemplates(most=MOST_TEMPLATES)
    taken = take_numbers(organisation_id=actor.organisation_id, series="label")
    now = clock.now()
    template = LabelTemplate(
        organisation=actor.organisation,
        number=f"LB-{taken + 1:04}",
        name=name,
        created_at=now,
        created_by=actor.name,
        changed_at=now,
    )
    template.save(force_insert=True)
    return template


def _add_version(
    actor: Actor,
    template: LabelTemplate,
    values: _Values,
    *,
    note: str = "",
    restored_from: int | None = None,
) -> LabelTemplateVersion:
    """Write the version that `template.latest` names."""
    version = LabelTemplateVersion(
        organisation=actor.organisation,
        template=template,
        template_id=template.id,
        version=template.latest,
        design_json=write_design(values.design).decode(),
        sheet_json=encode(values.sheet).decode(),
        note=note,
        restored_from=restored_from,
        created_at=clock.now(),
        created_by=actor.name,
    )
    version.save(force_insert=True)
    return version


def _locked(template: LabelTemplate) -> LabelTemplate:
    """Return the row as it is now; nobody else saves until the transaction ends."""
    rows = LabelTemplate.objects.filter(organisation_id=template.organisation_id)
    # SQLite needs no row lock: its writing transactions exclude each other.
    return rows.select_for_update().get(id=template.id)


def _require_current(template: LabelTemplate, base: int) -> None:
    if template.archived_at is not None:
        raise TemplateArchived(number=template.number)
    if template.latest != base:
        latest = selectors.get_template(template.organisation_id, template.number)
        raise TemplateChangedMeanwhile(
            place="base",
            number=template.number,
            base=base,
            latest=template.latest,
            by=latest.created_by,
        )


def _touch(actor: Actor, template: LabelTemplate, action: str, changes: dict[str, object]) -> None:
    template.changed_at = clock.now()
    template.save(update_fields=["name", "latest", "changed_at", "archived_at"])
    actor.audit(action, kind="label_template", object_id=template.number, changes=changes)


def _set_archived(actor: Actor, number: str, *, archived: bool) -> None:
    actor.require(Right.LABELS_DESIGN)
    current = selectors.get_template(actor.organisation_id, number)
    with transaction.atomic():
        template = _locked(current.template)
        if (template.archived_at is not None) == archived:
            return
        before = template.archived_at
        template.archived_at = clock.now() if archived else None
        changes: dict[str, object] = {
            "archived_at": [_written(before), _written(template.archived_at)]
        }
        _touch(actor, template, "label.archive" if archived else "label.reopen", changes)


def _written(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
