"""Tenant-scoped models: every key begins with the organisation.

Owns: `TenantModel` and `TenantRelation`.
Invariant: primary keys, unique constraints and relations of a tenant's rows all begin with the
organisation, so that the tables can be distributed by it, and a row of another organisation can
never be reached by following a relation.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from suyuan.kernel.ids import new_id


class TenantModel(models.Model):
    """A row of one organisation, with the primary key (organisation, id)."""

    organisation = models.ForeignKey("tenancy.Organisation", models.CASCADE, related_name="+")
    id = models.BigIntegerField(default=new_id, editable=False)
    pk = models.CompositePrimaryKey("organisation_id", "id")

    class Meta:
        abstract = True


class TenantRelation(models.ForeignObject):  # type: ignore[type-arg]  # takes none at run time
    """A relation within one organisation: (organisation, `column`) → (organisation, id).

    The referring model declares the column itself: `product_id = BigIntegerField()` beside
    `product = TenantRelation("masterdata.Product", "product_id", models.PROTECT)`.
    """

    def __init__(
        self, to: type[models.Model] | str, column: str, on_delete: Any, **kwargs: Any
    ) -> None:
        """Join on the organisation as well as on `column`."""
        kwargs.setdefault("related_name", "+")
        kwargs["from_fields"] = ("organisation", column)
        kwargs["to_fields"] = ("organisation", "id")
        self._column = column
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        """Describe the relation to migrations by its column."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("from_fields", None)
        kwargs.pop("to_fields", None)
        kwargs["column"] = self._column
        return name, path, args, kwargs
