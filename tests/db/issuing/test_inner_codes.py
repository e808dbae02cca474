"""Facts about the hidden codes of an order: derived, the same wherever they are asked for."""

from __future__ import annotations

import csv
import io

import pytest
from pytest_django import DjangoAssertNumQueries

from suyuan.core.codespace import inner_code
from suyuan.issuing import selectors, services
from suyuan.issuing.errors import NoInnerCodes
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors import inner
from suyuan.kernel.errors import Forbidden
from suyuan.masterdata import numbering
from suyuan.masterdata.models import SerialKey
from suyuan.masterdata.services import update_product
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry


@pytest.fixture
def scratched(actor: Actor, order: CodeOrder) -> CodeOrder:
    """Return the order of 100 codes, whose labels have hidden codes."""
    update_product(actor=actor, gtin=order.product.gtin, inner_code="scratch")
    return selectors.get_order(actor.organisation_id, order.number)


def test_hidden_codes_follow_from_serials_under_a_key_of_their_own(scratched: CodeOrder) -> None:
    gtin = scratched.product.gtin
    key = numbering.inner_key(scratched.organisation_id, gtin, scratched.key_version)
    serials = selectors.serials(scratched, first=10, count=5)
    assert selectors.inner_codes(scratched, 10, 5) == [
        inner_code(key=key, gtin=gtin, serial=serial) for serial in serials
    ]
    row = SerialKey.objects.get()
    assert row.inner_key is not None
    assert bytes(row.inner_key) != bytes(row.key)
    assert key not in bytes(row.inner_key)


def test_a_range_beyond_the_order_is_cut(scratched: CodeOrder) -> None:
    assert len(selectors.inner_codes(scratched, 98, 50)) == 2
    assert selectors.inner_codes(scratched, 200, 50) == []
    assert len(set(selectors.inner_codes(scratched, 0, 100))) == 100


def test_the_key_never_changes_and_costs_few_queries(
    scratched: CodeOrder, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = selectors.inner_codes(scratched, 0, 100)
    with django_assert_max_num_queries(3):
        assert selectors.inner_codes(scratched, 0, 100) == first


def test_the_download_holds_serial_link_and_hidden_code_of_each_line(
    actor: Actor, scratched: CodeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inner, "_BLOCK", 30)  # four blocks
    blocks = services.download_codes(
        actor=actor, order_number=scratched.number, form="inner", base_url="https://id.example/"
    )
    rows = list(csv.DictReader(io.StringIO(b"".join(blocks).decode("utf-8-sig"))))
    serials = selectors.serials(scratched, count=100)
    gtin, lot = scratched.product.gtin, scratched.lot
    assert lot is not None
    assert [row["inner"] for row in rows] == selectors.inner_codes(scratched, 0, 100)
    assert [row["serial"] for row in rows] == serials
    assert [row["link"] for row in rows] == [
        f"https://id.example/01/{gtin}/21/{serial}" for serial in serials
    ]
    assert {(row["gtin"], row["lot"], row["order"]) for row in rows} == {
        (gtin, lot.code, scratched.number)
    }
    entry = AuditEntry.objects.get(action="codes.download")
    assert entry.changes == {"form": [None, "inner"]}


def test_a_product_without_hidden_codes_gives_none(actor: Actor, order: CodeOrder) -> None:
    with pytest.raises(NoInnerCodes):
        selectors.inner_codes(order, 0, 1)
    with pytest.raises(NoInnerCodes):
        services.download_codes(
            actor=actor, order_number=order.number, form="inner", base_url="https://id.example"
        )
    assert not AuditEntry.objects.filter(action="codes.download").exists()


def test_hidden_codes_need_the_right_to_download(actor: Actor, scratched: CodeOrder) -> None:
    reader = Actor(organisation=actor.organisation, name="user:x", rights=frozenset())
    with pytest.raises(Forbidden):
        services.download_codes(
            actor=reader, order_number=scratched.number, form="inner", base_url="https://x.example"
        )
