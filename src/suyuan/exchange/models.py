"""Imports: what was uploaded, what it would do, what it did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.kernel.models import TenantModel


class ImportRun(TenantModel):
    """One upload; `reference` names it in addresses.

    `body` and `preview` are compressed; `body` is emptied once the import is through, because
    then the rows say what it said.
    """

    reference = models.CharField(max_length=16)
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    body = models.BinaryField()
    preview = models.BinaryField()
    digest = models.CharField(max_length=64)
    creates = models.PositiveIntegerField()
    updates = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    faults = models.PositiveIntegerField()
    created_by = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="import_reference")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="import_recent")
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.reference
