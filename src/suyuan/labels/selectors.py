"""Reads of labels: one gate for a template and its versions, lists, logos.

Invariant: every query begins with the organisation. What is unknown and what is another
organisation's raise the same `NotFound`.
"""

from __future__ import annotations

import re
from typing import Final

from django.db.models import F, QuerySet

from suyuan.kernel.errors import NotFound
from suyuan.kernel.text_search import containing
from suyuan.labels import pictures
from suyuan.labels.models import LabelPicture, LabelTemplate, LabelTemplateVersion

_NUMBER: Final = re.compile(r"LB-[0-9]{4,8}")
_HIGHEST: Final = 2**31 - 1  # of the version's column


def get_template(
    organisation_id: int, number: str, version: int | None = None
) -> LabelTemplateVersion:
    """Return a template's newest version, or the one asked for, with its template.

    Raises:
        NotFound: unknown, malformed or another organisation's.
    """
    found = None
    if _NUMBER.fullmatch(number) and (version is None or 0 < version <= _HIGHEST):
        wanted = F("template__latest") if version is None else version
        found = (
            LabelTemplateVersion.objects.filter(organisation_id=organisation_id)
            .select_related("template")
            .filter(template__number=number, version=wanted)
            .first()
        )
    if found is None:
        raise NotFound(kind="label_template")
    return found


def templates(
    organisation_id: int, *, text: str = "", archived: bool | None = False
) -> QuerySet[LabelTemplateVersion]:
    """Return the newest version of each template, the last changed first.

    Args:
        organisation_id: Whose.
        text: What name or number must have in it.
        archived: Only those put away, only the others, or (None) all.
    """
    rows = LabelTemplateVersion.objects.filter(
        organisation_id=organisation_id, version=F("template__latest")
    )
    if archived is not None:
        rows = rows.filter(template__archived_at__isnull=not archived)
    rows = rows.filter(containing(text, "template__name", "template__number"))
    return rows.select_related("template").order_by("-template__changed_at", "-template_id")


def versions(template: LabelTemplate) -> QuerySet[LabelTemplateVersion]:
    """Return a template's versions, the newest first."""
    return (
        LabelTemplateVersion.objects.filter(
            organisation_id=template.organisation_id, template_id=template.id
        )
        .select_related("template")
        .order_by("-version")
    )


def logos(organisation_id: int) -> QuerySet[LabelPicture]:
    """Return the organisation's logos, the newest first."""
    rows = LabelPicture.objects.filter(organisation_id=organisation_id)
    return rows.order_by("-created_at", "-id")


def get_logo(organisation_id: int, digest: str) -> LabelPicture:
    """Return a logo by its digest; raises `NotFound`."""
    rows = LabelPicture.objects.filter(organisation_id=organisation_id)
    row = rows.filter(digest=digest).first() if digest.isalnum() else None
    if row is None:
        raise NotFound(kind="label_picture")
    return row


def pictures_of(version: LabelTemplateVersion) -> dict[str, bytes]:
    """Return the PNG files that a version's label shows, by digest."""
    return pictures_named(version.organisation_id, version.design.pictures)


def pictures_named(organisation_id: int, digests: frozenset[str]) -> dict[str, bytes]:
    """Return PNG files by digest; one whose file is missing is left out, as one unknown is."""
    known = LabelPicture.objects.filter(organisation_id=organisation_id, digest__in=digests)
    found = {}
    for digest in known.values_list("digest", flat=True):
        try:
            found[digest] = pictures.read(organisation_id, digest)
        except NotFound:
            continue
    return found
