"""From orders to serials and back: look-up, rotation, downloads."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suyuan.issuing import selectors
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes, rotate_key
from suyuan.kernel.errors import Forbidden
from suyuan.masterdata.models import Product
from suyuan.masterdata.numbering import code_spaces
from suyuan.masterdata.services import create_lot
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry


def _order_of(actor: Actor, gtin: str, serial: str) -> str | None:
    order = selectors.issued_order(organisation_id=actor.organisation_id, gtin=gtin, serial=serial)
    return order.number if order else None


def test_every_serial_of_an_order_leads_back_to_it(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    other = order_codes(actor=actor, gtin=product.gtin, count=3)
    for one, count in ((order, 100), (other, 3)):
        serials = selectors.serials(one, count=count)
        assert len(set(serials)) == count
        assert {_order_of(actor, product.gtin, serial) for serial in serials} == {one.number}


def test_a_serial_beyond_the_orders_was_never_issued(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    space = code_spaces(actor.organisation_id, product.gtin)[0]
    assert _order_of(actor, product.gtin, space.serial(order.end - 1)) == order.number
    assert _order_of(actor, product.gtin, space.serial(order.end)) is None


@pytest.mark.parametrize(
    "serial", ["", "00000000000000", "short", "小" * 14, "A" * 200, "\x00" * 14]
)
def test_a_guessed_serial_was_never_issued(
    actor: Actor, order: CodeOrder, product: Product, serial: str
) -> None:
    assert _order_of(actor, product.gtin, serial) is None


def test_a_serial_of_another_product_was_never_issued(
    actor: Actor, order: CodeOrder, other_actor: Actor, other_product: Product
) -> None:
    order_codes(actor=other_actor, gtin=other_product.gtin, count=100)
    serial = selectors.serials(order)[0]
    assert _order_of(other_actor, other_product.gtin, serial) is None
    assert _order_of(other_actor, order.product.gtin, serial) is None


def test_looking_up_a_serial_costs_two_queries(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    serial = selectors.serials(order)[0]
    with CaptureQueriesContext(connection) as queries:
        _order_of(actor, product.gtin, serial)
    assert len(queries) == 2  # the newest key's id, the range


def test_old_codes_verify_after_a_rotation(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    old = selectors.serials(order, count=5)
    assert rotate_key(actor=actor, gtin=product.gtin) == 2
    later = order_codes(actor=actor, gtin=product.gtin, count=5)
    new = selectors.serials(later, count=5)
    assert (order.key_version, later.key_version) == (1, 2)
    assert selectors.serials(order, count=5) == old
    assert {_order_of(actor, product.gtin, serial) for serial in old} == {order.number}
    assert {_order_of(actor, product.gtin, serial) for serial in new} == {later.number}


def test_indexes_run_on_through_a_rotation(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    rotate_key(actor=actor, gtin=product.gtin)
    assert order_codes(actor=actor, gtin=product.gtin, count=1).start == order.end


def test_an_index_of_one_key_is_not_issued_under_another(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    rotate_key(actor=actor, gtin=product.gtin)
    newest = code_spaces(actor.organisation_id, product.gtin)[0]
    assert _order_of(actor, product.gtin, newest.serial(0)) is None


def test_rotation_is_audited_and_needs_its_right(actor: Actor, product: Product) -> None:
    rotate_key(actor=actor, gtin=product.gtin)
    assert AuditEntry.objects.get(action="codes.rotate_key").changes == {"key_version": [1, 2]}
    powerless = Actor(organisation=actor.organisation, name="user:a", rights=frozenset())
    with pytest.raises(Forbidden):
        rotate_key(actor=powerless, gtin=product.gtin)


def test_key_versions_say_what_was_issued_under_each(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    rotate_key(actor=actor, gtin=product.gtin)
    versions = selectors.key_versions(actor.organisation_id, product.id)
    assert [(v.version, v.orders, v.issued) for v in versions] == [(2, 0, 0), (1, 1, 100)]
    assert versions[0].retired_at is None
    assert versions[1].retired_at is not None


def test_many_serials_are_told_apart_at_once(
    actor: Actor, order: CodeOrder, product: Product
) -> None:
    rotate_key(actor=actor, gtin=product.gtin)
    later = order_codes(actor=actor, gtin=product.gtin, count=2)
    space = code_spaces(actor.organisation_id, product.gtin)[0]
    given = [
        selectors.serials(order)[0],
        "00000000000000",
        *selectors.serials(later, count=2),
        space.serial(later.end),
        space.serial(0),
        "bad",
    ]
    mask = selectors.issued_mask(
        organisation_id=actor.organisation_id, gtin=product.gtin, serials=given
    )
    assert mask.tolist() == [True, False, True, True, False, False, False]


def test_nothing_was_issued_before_the_first_order(actor: Actor, product: Product) -> None:
    mask = selectors.issued_mask(
        organisation_id=actor.organisation_id,
        gtin=product.gtin,
        serials=[code_spaces(actor.organisation_id, product.gtin)[0].serial(0)],
    )
    assert mask.dtype == np.bool_
    assert not mask.any()


def _download(order: CodeOrder, form: selectors.Form) -> str:
    blocks = selectors.stream_codes(order, form=form, base_url="https://t.example/")
    return b"".join(blocks).decode("utf-8-sig")


def test_a_text_download_has_one_serial_a_line(order: CodeOrder) -> None:
    assert _download(order, "txt").splitlines() == selectors.serials(order, count=100)


def test_a_download_of_links_opens_the_consumers_page(order: CodeOrder) -> None:
    links = _download(order, "links").splitlines()
    assert links == selectors.links(order, count=100, base="https://t.example")
    assert links[0].startswith(f"https://t.example/01/{order.product.gtin}/21/")


def test_a_table_names_gtin_serial_link_lot_and_order(order: CodeOrder) -> None:
    order = selectors.get_order(order.organisation_id, order.number)
    rows = list(csv.DictReader(io.StringIO(_download(order, "csv"))))
    serials = selectors.serials(order, count=100)
    assert [row["serial"] for row in rows] == serials
    assert rows[7] == {
        "gtin": order.product.gtin,
        "serial": serials[7],
        "link": f"https://t.example/01/{order.product.gtin}/21/{serials[7]}",
        "lot": "L260301",
        "order": order.number,
    }


def test_a_lots_code_is_never_a_formula_in_a_table(actor: Actor, product: Product) -> None:
    create_lot(actor=actor, gtin=product.gtin, code='=1+1,"x"', produced_on=date(2026, 3, 1))
    order = order_codes(actor=actor, gtin=product.gtin, count=1, lot_code='=1+1,"x"')
    row = next(csv.DictReader(io.StringIO(_download(order, "csv"))))
    assert row["lot"] == '\'=1+1,"x"'


def test_a_download_of_a_million_codes_holds_one_block(actor: Actor, product: Product) -> None:
    order = order_codes(actor=actor, gtin=product.gtin, count=1_000_000)
    peaks = {}
    for form in ("txt", "csv"):
        next(selectors.stream_codes(order, form=form, base_url="https://t.example"))
        tracemalloc.start()
        size = sum(
            len(block)
            for block in selectors.stream_codes(order, form=form, base_url="https://t.example")
        )
        peaks[form] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > 15_000_000
    assert peaks["txt"] < 8_000_000
    assert peaks["csv"] < 32_000_000  # a block of 65,536 lines of 116 bytes, three times
