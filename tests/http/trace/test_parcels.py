"""A parcel that is known by its waybill alone: found, shown, and not made by a slip."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from suyuan.capture.models import StoredEvent
from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.process.services import pack_parcel
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.issuing_world import active_order, line, lot, order, product, warehouse

__all__ = ["active_order", "line", "lot", "order", "product", "warehouse"]

pytestmark = pytest.mark.django_db

APP = "/app/mingqian"
PACKED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def serial(actor: Actor, active_order: CodeOrder) -> str:
    """Return the serial of an item in the parcel with waybill SF/1."""
    first = selectors.links(active_order, count=1)
    pack_parcel(
        actor=actor,
        items=first,
        order_number="TB-1",
        waybill="SF/1",
        time=PACKED,
        location="LINE-1",
    )
    return selectors.serials(active_order)[0]


def test_waybill_leads_to_its_parcel_with_what_is_in_it(client_as: MakeClient, serial: str) -> None:
    client = client_as(Role.CUSTOMER_SERVICE)
    found = client.get(f"{APP}/search/", {"q": "SF/1"})
    assert found["Location"] == f"{APP}/parcels/SF/1/"
    text = client.get(found["Location"]).content.decode()
    assert serial in text
    assert "TB-1" in text


def test_parcel_of_nobody_and_of_others_is_not_found(client_as: MakeClient, serial: str) -> None:
    assert client_as(Role.CUSTOMER_SERVICE).get(f"{APP}/parcels/SF-2/").status_code == 404


@pytest.mark.parametrize("step", ["ship", "deliver"])
def test_mistyped_waybill_makes_no_parcel(client_as: MakeClient, serial: str, step: str) -> None:
    before = StoredEvent.objects.count()
    answer = client_as(Role.OWNER).post(
        f"{APP}/collect/{step}/",
        {"waybill": "SF-9", "location": "LINE-1", "level": "outer", "time": "2026-03-03T10:00"},
    )
    assert answer.status_code == 422
    assert "没有登记过该运单号的包裹" in answer.content.decode()
    assert StoredEvent.objects.count() == before
