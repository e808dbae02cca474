"""Facts about what is typed into the search box of a list."""

from __future__ import annotations

import pytest

from suyuan.kernel.text_search import containing
from suyuan.tenancy.models import Organisation


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {"acme", "spring"}),
        ("  \0 ", {"acme", "spring"}),
        ("ACME", {"acme"}),
        (" rin\0g ", {"spring"}),
        ("valley", {"spring"}),
        ("%", set()),
    ],
)
def test_one_of_the_fields_contains_the_text(text: str, found: set[str]) -> None:
    Organisation.objects.create(company_number=1, slug="acme", name_zh="Acme")
    Organisation.objects.create(company_number=2, slug="spring", name_zh="Green valley")
    rows = Organisation.objects.filter(containing(text, "slug", "name_zh"))
    assert {row.slug for row in rows} == found
