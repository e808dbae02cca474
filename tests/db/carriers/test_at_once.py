"""Facts about carriers that several people bind or end at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from suyuan.carriers import services
from suyuan.carriers.models import Carrier
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.errors import Conflict
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)

TAG = "3034257BF7194E4000001A85"
THREADS = 4


def at_once(act: Callable[[int], object]) -> list[str]:
    """Run `act` in several threads that start together; return what each came to."""
    barrier = Barrier(THREADS)

    def run(number: int) -> str:
        try:
            barrier.wait(timeout=20)
            act(number)
        except Conflict as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(pool.map(run, range(THREADS)))


def test_value_bound_at_once_to_several_items_leads_to_one(
    actor: Actor, active_order: CodeOrder
) -> None:
    links = issuing.links(active_order, count=THREADS)
    results = at_once(
        lambda number: services.bind(actor=actor, kind="rfid", value=TAG, unit=links[number])
    )
    assert results == ["carrier_taken"] * (THREADS - 1) + ["done"]
    assert Carrier.objects.count() == 1


def test_same_binding_asked_for_at_once_is_made_once(actor: Actor, active_order: CodeOrder) -> None:
    (link,) = issuing.links(active_order)
    results = at_once(lambda _: services.bind(actor=actor, kind="rfid", value=TAG, unit=link))
    assert results == ["done"] * THREADS
    assert AuditEntry.objects.filter(action="carriers.bind").count() == 1


def test_carrier_replaced_at_once_by_the_same_one_is_replaced_once(
    actor: Actor, active_order: CodeOrder
) -> None:
    (link,) = issuing.links(active_order)
    services.bind(actor=actor, kind="rfid", value=TAG, unit=link)
    results = at_once(
        lambda _: services.replace(
            actor=actor, kind="rfid", value=TAG, new_value="AB" * 12, reason="damaged"
        )
    )
    assert results == ["done"] * THREADS
    assert Carrier.objects.count() == 2
    assert AuditEntry.objects.filter(action="carriers.replace").count() == 1
