"""Label templates, their versions, and logos.

Invariant: design and sheet in these rows went through `core.labels`; a version is never updated.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.db import models

from suyuan.core.labels.design import Design, Paper, read_design, read_paper
from suyuan.kernel.models import TenantModel, TenantRelation


class LabelTemplate(TenantModel):
    """A label that is used again and again; what it looks like stands in its versions."""

    number = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    latest = models.PositiveIntegerField(default=1)  # the newest version's number
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)  # as in the audit trail
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="label_number_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-changed_at"], name="label_recent")
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.number


class LabelTemplateVersion(TenantModel):
    """What a template looked like from one save to the next."""

    template_id = models.BigIntegerField()
    template = TenantRelation(LabelTemplate, "template_id", models.CASCADE)
    version = models.PositiveIntegerField()  # from 1
    design_json = models.TextField()
    sheet_json = models.TextField()
    note = models.CharField(max_length=200, blank=True)
    restored_from = models.PositiveIntegerField(null=True)  # the version that this one repeats
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "template_id", "version"], name="label_version_once"
            )
        ]

    def __str__(self) -> str:
        """Name it as a printing job does."""
        return f"{self.template.number} v{self.version}"

    @property
    def number(self) -> str:
        """The template's number."""
        return str(self.template.number)

    @cached_property
    def design(self) -> Design:
        """What the label shows."""
        return read_design(self.design_json.encode())

    @cached_property
    def sheet(self) -> Paper:
        """What it is printed on: a sheet or a roll."""
        return read_paper(self.sheet_json.encode())


class LabelPicture(TenantModel):
    """A logo: its file is named by the organisation and its content."""

    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="label_picture_once")
        ]

    def __str__(self) -> str:
        """Show what people call it."""
        return self.name
