"""Organisations with grants but without members and audit entries: these tests make their own."""

from __future__ import annotations

import pytest

from suyuan.tenancy.models import Organisation, RoleGrant
from suyuan.tenancy.rights import DEFAULT_GRANTS


def bare(*, slug: str, name_zh: str, name_en: str, number: int) -> Organisation:
    organisation = Organisation.objects.create(
        slug=slug, name_zh=name_zh, name_en=name_en, company_number=number
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(organisation=organisation, role=role.value, right=right.value)
        for role, rights in DEFAULT_GRANTS.items()
        for right in sorted(rights)
    )
    return organisation


@pytest.fixture
def organisation(db: None) -> Organisation:
    return bare(slug="mingqian", name_zh="明前茶业", name_en="Mingqian Tea", number=101)


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    return bare(slug="haiyan", name_zh="海盐食品", name_en="Haiyan Foods", number=202)
