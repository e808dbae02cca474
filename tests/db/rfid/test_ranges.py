"""Tag ranges: what is given, what is refused, what is written on the tags."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.identifiers.binary import TagScheme, decode
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes, withdraw_codes
from suyuan.kernel.errors import Forbidden, Invalid, NotFound, SuyuanError
from suyuan.masterdata.models import Product
from suyuan.masterdata.services import create_product
from suyuan.rfid import selectors
from suyuan.rfid.errors import (
    NothingToTag,
    TagPrefixUnknown,
    TagRangeEnded,
    TagSerialsExhausted,
    TagsOverlap,
)
from suyuan.rfid.models import TagRange
from suyuan.rfid.prefixes import PrefixSource, prefix_length
from suyuan.rfid.services import assign_tags, download_tags, end_range
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry, NumberSeries
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services import add_company_prefix
from tests.issuing_world import MADE


def test_numbered_tags_follow_the_items(made: TagRange, order: CodeOrder) -> None:
    tags = selectors.tags(made, 0, 40)
    assert [tag.epc.identity.secondary for tag in tags] == [str(n) for n in range(1, 41)]
    assert [tag.item.secondary for tag in tags] == issuing.serials(order, count=40)
    assert [tag.hex for tag in tags] == selectors.tag_hexes(made)
    for tag in tags:
        assert decode(tag.hex) == tag.epc
    assert (made.prefix_length, made.filter, made.scheme) == (7, 1, "sgtin-96")
    assert tags[0].epc.tag_urn() == "urn:epc:tag:sgtin-96:1.9521234.000001.1"


@pytest.mark.parametrize("scheme", ["sgtin-198", "sgtin+"])
def test_longer_tags_bear_the_items_own_serial(
    actor: Actor, order: CodeOrder, prefix: str, scheme: str
) -> None:
    made = assign_tags(actor=actor, order_number=order.number, scheme=scheme, filter=0)
    assert made.serial_start is None
    hexes = selectors.tag_hexes(made, 10, 5)
    items = [decode(text).identity.secondary for text in hexes]
    assert items == issuing.serials(order, first=10, count=5)
    tag = selectors.tags(made, 99, 5)
    assert len(tag) == 1
    assert tag[0].epc.identity == tag[0].item


def test_a_second_range_goes_on_where_the_first_ends(actor: Actor, made: TagRange) -> None:
    rest = assign_tags(actor=actor, order_number=made.order.number)
    assert (rest.first, rest.count, rest.serial_start) == (40, 60, 41)
    with pytest.raises(NothingToTag):
        assign_tags(actor=actor, order_number=made.order.number)


def test_a_gap_is_filled_up_to_the_next_range(actor: Actor, made: TagRange) -> None:
    number = made.order.number
    assign_tags(actor=actor, order_number=number, first=60, count=10)
    assert (between := assign_tags(actor=actor, order_number=number)).count == 20
    assert between.first == 40
    last = assign_tags(actor=actor, order_number=number, first=75)
    assert (last.first, last.count) == (75, 25)
    assert selectors.untagged_ranges(made.order) == [(70, 75)]
    assert selectors.totals(actor.organisation_id) == (4, 95)


def test_orders_of_a_product_never_share_a_tag_serial(
    actor: Actor, made: TagRange, product: Product
) -> None:
    other = order_codes(actor=actor, gtin=product.gtin, count=10)
    assert assign_tags(actor=actor, order_number=other.number).serial_start == 41


def test_numbers_that_events_have_named_are_passed_over(
    actor: Actor, made: TagRange, product: Product
) -> None:
    epcs = [f"https://id.gs1.org/01/{product.gtin}/21/{serial}" for serial in (45, 300, 301, 302)]
    event = build.object_event(time=MADE, action="OBSERVE", epcs=epcs, step="receiving")
    capture_events(actor=actor, events=[event], source="tests")
    rest = assign_tags(actor=actor, order_number=made.order.number, count=5)
    assert rest.serial_start == 46
    big = order_codes(actor=actor, gtin=product.gtin, count=300)
    assert (assign_tags(actor=actor, order_number=big.number).serial_start or 0) > 302


def test_serials_end_where_the_tag_ends(actor: Actor, made: TagRange) -> None:
    NumberSeries.objects.filter(name__startswith="tag:").update(next=2**38 - 3)
    with pytest.raises(TagSerialsExhausted):
        assign_tags(actor=actor, order_number=made.order.number, count=3)
    last = assign_tags(actor=actor, order_number=made.order.number, count=2)
    assert decode(selectors.tag_hexes(last)[-1]).identity.secondary == str(2**38 - 1)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"scheme": "sscc-96"}, "tag_scheme_unknown"),
        ({"filter": 3}, "tag_filter"),
        ({"filter": 9}, "tag_filter"),
        ({"prefix_length": 5}, "tag_prefix_length"),
        ({"first": -1, "count": 1}, "tag_positions"),
        ({"first": 99, "count": 2}, "tag_positions"),
        ({"first": 0, "count": 0}, "tag_positions"),
        ({"first": 100}, "tag_positions"),
        ({"note": "x" * 501}, "too_long"),
    ],
)
def test_what_cannot_be_given_is_refused(
    actor: Actor, order: CodeOrder, prefix: str, options: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        assign_tags(actor=actor, order_number=order.number, **options)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert not TagRange.objects.exists()


def test_no_item_gets_two_tags_unnoticed(actor: Actor, made: TagRange) -> None:
    with pytest.raises(TagsOverlap) as caught:
        assign_tags(
            actor=actor, order_number=made.order.number, first=30, count=20, scheme="sgtin+"
        )
    assert caught.value.data == {"number": made.number, "first": 31, "last": 40}


def test_the_same_request_gives_the_same_range(actor: Actor, order: CodeOrder, prefix: str) -> None:
    first = assign_tags(actor=actor, order_number=order.number, count=10, request_key="k")
    again = assign_tags(actor=actor, order_number=order.number, count=10, request_key="k")
    assert again.number == first.number
    assert TagRange.objects.count() == 1


def test_an_ended_range_frees_the_items_and_keeps_its_numbers(actor: Actor, made: TagRange) -> None:
    ended = end_range(actor=actor, number=made.number, reason="Wrong roll")
    assert not ended.is_live
    anew = assign_tags(actor=actor, order_number=made.order.number, first=0, count=40)
    assert anew.serial_start == 41
    with pytest.raises(TagRangeEnded):
        end_range(actor=actor, number=made.number, reason="Again")
    with pytest.raises(TagRangeEnded):
        download_tags(actor=actor, number=made.number)
    with pytest.raises(Invalid):
        end_range(actor=actor, number=anew.number, reason=" ")


def test_acts_are_audited_and_need_their_rights(
    actor: Actor, made: TagRange, other_actor: Actor
) -> None:
    assert AuditEntry.objects.get(action="tags.assign").object_id == made.number
    viewer = Actor(actor.organisation, "user:a", frozenset({Right.CARRIERS_VIEW}))
    acts: list[Callable[[], object]] = [
        lambda: assign_tags(actor=viewer, order_number=made.order.number),
        lambda: end_range(actor=viewer, number=made.number, reason="x"),
        lambda: download_tags(actor=viewer, number=made.number),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    for number in (made.number, "TR-2026-9999", "x\0"):
        with pytest.raises(NotFound):
            selectors.get_range(other_actor.organisation_id, number)
    with pytest.raises(NotFound):
        assign_tags(actor=other_actor, order_number=made.order.number)
    assert not selectors.list_ranges(other_actor.organisation_id).exists()


# ---------------------------------------------------------------- company prefixes


def test_a_prefix_nobody_recorded_is_asked_for(actor: Actor, order: CodeOrder) -> None:
    with pytest.raises(TagPrefixUnknown):
        assign_tags(actor=actor, order_number=order.number)
    # SGTIN+ needs none; a number given out singly counts as a prefix of twelve.
    assign_tags(actor=actor, order_number=order.number, scheme="sgtin+", first=0, count=1)
    single = assign_tags(actor=actor, order_number=order.number, count=1, prefix_length=12)
    assert selectors.tags(single)[0].epc.urn() == "urn:epc:id:sgtin:952123400001.0.1"


def test_a_number_for_inside_use_is_divided_after_six_digits(actor: Actor) -> None:
    product = create_product(actor=actor, name_zh="茶", granularity="item")
    order = order_codes(actor=actor, gtin=product.gtin, count=1)
    made = assign_tags(actor=actor, order_number=order.number)
    known = prefix_length(actor.organisation_id, Identity(Scheme.SGTIN, product.gtin))
    assert known is not None
    assert (known.digits, known.partition, known.source) == (6, 6, PrefixSource.RESTRICTED)
    assert made.prefix_length == 6
    assert decode(selectors.tag_hexes(made)[0]).identity.primary == product.gtin


def test_a_short_prefix_counts_as_one_of_six_digits(actor: Actor, order: CodeOrder) -> None:
    add_company_prefix(actor=actor, prefix="9521")
    assert assign_tags(actor=actor, order_number=order.number).prefix_length == 6


# ---------------------------------------------------------------- writing


def test_an_order_knows_which_items_have_tags(actor: Actor, made: TagRange) -> None:
    own = assign_tags(
        actor=actor, order_number=made.order.number, first=50, count=10, scheme="sgtin+"
    )
    hexes = selectors.order_tag_hexes(made.order, 38, 15)
    assert hexes[:2] == selectors.tag_hexes(made, 38, 2)
    assert hexes[2:12] == [""] * 10
    assert hexes[12:] == selectors.tag_hexes(own, 0, 3)
    assert len(selectors.order_tag_hexes(made.order)) == 100
    assert set(selectors.tags_of_items(made.order, [0, 45, 55])) == {0, 55}


def test_the_table_for_encoders_leaves_withdrawn_codes_out(actor: Actor, made: TagRange) -> None:
    withdraw_codes(actor=actor, order_number=made.order.number, positions=[1], reason="spoiled")
    blocks = download_tags(actor=actor, number=made.number)
    rows = list(csv.reader(io.StringIO(b"".join(blocks).decode("utf-8-sig"))))
    assert rows[0] == ["no", "gtin", "serial", "tag_serial", "epc_hex", "epc_uri", "bits"]
    assert [row[0] for row in rows[1:4]] == ["1", "3", "4"]
    assert len(rows) == 40
    tag = selectors.tags(made, 2)[0]
    assert rows[2][2:] == [tag.item.secondary, "3", tag.hex, tag.epc.tag_urn(), "96"]


def test_an_item_is_written_in_each_scheme_or_the_reason_is_told(
    actor: Actor, order: CodeOrder, prefix: str
) -> None:
    item = Identity(Scheme.SGTIN, order.product.gtin, issuing.serials(order)[0])
    written = {row.scheme: row for row in selectors.hexes_of(actor.organisation_id, item, filter=1)}
    fault = written[TagScheme.SGTIN_96].fault
    assert fault is not None
    assert fault[0] == "tag_not_numeric"
    for scheme in (TagScheme.SGTIN_198, TagScheme.SGTIN_PLUS):
        assert decode(written[scheme].hex).identity == item
    assert (written[TagScheme.SGTIN_198].bits, len(written[TagScheme.SGTIN_PLUS].hex)) == (198, 40)


def test_a_case_is_written_as_sscc(actor: Actor, prefix: str) -> None:
    case = Identity(Scheme.SSCC, "095212340000000013")
    assert decode(selectors.unit_tag(actor.organisation_id, case, filter=2)).identity == case
    plus = selectors.unit_tag(actor.organisation_id, case, scheme=TagScheme.SSCC_PLUS)
    assert decode(plus).identity == case
    foreign = Identity(Scheme.SSCC, "106141412345678908")
    with pytest.raises(SuyuanError):
        selectors.unit_tag(actor.organisation_id, foreign)
    assert selectors.unit_tag(actor.organisation_id, foreign, given_length=7).startswith("31")
    rows = selectors.hexes_of(actor.organisation_id, foreign)
    assert [row.fault[0] if row.fault else "" for row in rows] == ["tag_prefix_missing", ""]


def test_ranges_are_found_by_what_is_seen_on_them(
    actor: Actor, made: TagRange, product: Product
) -> None:
    here = actor.organisation_id
    for text in (made.number, made.order.number, product.gtin, "龙井", "longjing"):
        assert [row.number for row in selectors.list_ranges(here, text=text)] == [made.number]
    assert not selectors.list_ranges(here, text="x\0y").exists()
    assert not selectors.list_ranges(here, scheme="sgtin+").exists()
    assert not selectors.list_ranges(here, live=False).exists()
    assert str(made) == made.number
