"""What EPCs lead to: items by the range, units, single tags, tags of others."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suyuan.capture.identities import find_key, identities_of
from suyuan.capture.services import capture_events
from suyuan.carriers.services import bind, release
from suyuan.core.epcis import build
from suyuan.core.identifiers import Identity, Scheme, Sscc
from suyuan.core.identifiers.binary import TagScheme, encode
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import order_codes, rotate_key
from suyuan.masterdata.models import Product
from suyuan.rfid import selectors
from suyuan.rfid.models import TagRange
from suyuan.rfid.services import assign_tags, end_range
from suyuan.rfid.values import TagReason
from suyuan.tenancy.actor import Actor
from tests.issuing_world import MADE

FOREIGN = "3074257BF7194E4000001A85"
TID = "E28011700000020000000001"


def reasons(actor: Actor, *texts: str) -> list[TagReason]:
    found = selectors.keys_of_epcs(actor.organisation_id, texts)
    return [found.reason(at) for at in range(len(texts))]


def items(actor: Actor, texts: list[str]) -> list[Identity | None]:
    found = selectors.keys_of_epcs(actor.organisation_id, texts).keys.tolist()
    known = identities_of(actor.organisation_id, [key for key in found if key >= 0])
    return [known.get(key) for key in found]


def test_tags_lead_to_their_items_before_any_event(made: TagRange, actor: Actor) -> None:
    tags = selectors.tags(made, 0, 40)
    found = items(actor, [tag.hex for tag in tags])
    assert found == [tag.item for tag in tags]


def test_every_form_of_an_epc_leads_to_the_item(made: TagRange, actor: Actor) -> None:
    tag = selectors.tags(made, 7)[0]
    forms = [
        tag.hex,
        tag.hex.lower(),
        tag.epc.tag_urn(),
        tag.epc.urn(),
        f"urn:epc:raw:96.x{tag.hex}",
        tag.epc.identity.digital_link(),
        tag.epc.identity.element_string(),
    ]
    assert items(actor, forms) == [tag.item] * len(forms)
    for text in forms:
        assert selectors.unit_of_tag(actor.organisation_id, text) == tag.item


@pytest.mark.parametrize("scheme", ["sgtin-198", "sgtin+"])
def test_own_serials_lead_to_their_items_under_every_numbering_key(
    actor: Actor, order: CodeOrder, prefix: str, scheme: str
) -> None:
    rotate_key(actor=actor, gtin=order.product.gtin)
    later = order_codes(actor=actor, gtin=order.product.gtin, count=30)
    tags = [
        tag
        for one in (order, later)
        for tag in selectors.tags(
            assign_tags(actor=actor, order_number=one.number, scheme=scheme), 0, 30
        )
    ]
    assert items(actor, [tag.hex for tag in tags]) == [tag.item for tag in tags]
    assert selectors.unit_of_tag(actor.organisation_id, tags[0].hex) == tags[0].item


def test_serials_of_fourteen_signs_are_told_from_ours(
    actor: Actor, order: CodeOrder, prefix: str
) -> None:
    own = issuing.links(order)[0]
    strange = Identity(Scheme.SGTIN, order.product.gtin, "00000000000000").digital_link()
    foreign = Identity(Scheme.SGTIN, "80614141123458", "K7Q2M9XT4VB3HC").digital_link()
    told = [TagReason.UNUSED, TagReason.UNASSIGNED, TagReason.FOREIGN]
    assert reasons(actor, own, strange, foreign, own) == [*told, TagReason.UNUSED]
    assign_tags(actor=actor, order_number=order.number, scheme="sgtin+", count=1)
    assert reasons(actor, own, strange, foreign) == [TagReason.KNOWN, *told[1:]]


def test_tags_of_others_are_named_not_absorbed(
    made: TagRange, actor: Actor, other_actor: Actor
) -> None:
    ours = selectors.tag_hexes(made, 0, 1)[0]
    # A serial of our product that no range gave, and a tag serial of an ended range.
    beyond = ours[:-2] + "29"
    assert reasons(actor, ours, FOREIGN, beyond, TID, "nothing", "") == [
        TagReason.KNOWN,
        TagReason.FOREIGN,
        TagReason.UNASSIGNED,
        TagReason.MALFORMED,
        TagReason.MALFORMED,
        TagReason.MALFORMED,
    ]
    assert reasons(other_actor, ours) == [TagReason.FOREIGN]
    end_range(actor=actor, number=made.number, reason="Wrong roll")
    assert reasons(actor, ours) == [TagReason.ENDED]
    assert selectors.unit_of_tag(actor.organisation_id, ours) is None


def test_what_events_have_named_keeps_its_own_key(
    made: TagRange, actor: Actor, product: Product
) -> None:
    numeric = Identity(Scheme.SGTIN, product.gtin, "77")
    foreign = Identity(Scheme.SGTIN, "80614141123458", "6789")
    worded = Identity(Scheme.SGTIN, "80614141123458", "32a/b")
    texts = [one.digital_link() for one in (numeric, foreign, worded)]
    event = build.object_event(time=MADE, action="OBSERVE", epcs=texts, step="receiving")
    capture_events(actor=actor, events=[event], source="tests")
    unnamed = Identity(Scheme.SGTIN, "80614141123458", "6790").digital_link()
    strange = Identity(Scheme.SGTIN, product.gtin, "ABC").digital_link()
    asked = [*texts, FOREIGN, unnamed, strange]
    found = selectors.keys_of_epcs(actor.organisation_id, asked)
    keys = [find_key(actor.organisation_id, one) for one in (numeric, foreign, worded)]
    assert found.keys.tolist() == [*keys, keys[1], -1, -1]
    assert found.reason(4) is TagReason.FOREIGN
    assert found.reason(5) is TagReason.UNASSIGNED


def test_logistic_units_lead_to_their_keys(actor: Actor, prefix: str) -> None:
    ours = Identity(Scheme.SSCC, Sscc.build("9521234", 0, 5).value)
    text = encode(ours, scheme=TagScheme.SSCC_96, filter=2, prefix_length=7).memory
    theirs = Identity(Scheme.SSCC, Sscc.build("0614141", 0, 5).value)
    assert reasons(actor, text) == [TagReason.UNUSED]
    event = build.aggregation_event(
        time=MADE,
        action="ADD",
        parent=ours.digital_link(),
        children=[theirs.digital_link()],
        step="packing",
    )
    capture_events(actor=actor, events=[event], source="tests")
    next_one = Identity(Scheme.SSCC, Sscc.build("9521234", 0, 6).value)
    unnamed = Identity(Scheme.SSCC, Sscc.build("0614141", 0, 6).value)
    asked = [text, theirs.digital_link(), next_one.digital_link(), unnamed.digital_link()]
    assert items(actor, asked) == [ours, theirs, next_one, None]
    assert selectors.unit_of_tag(actor.organisation_id, text) == ours


@pytest.fixture
def item(active_order: CodeOrder) -> str:
    return issuing.links(active_order, first=50)[0]


def test_the_binding_of_a_single_tag_goes_first(made: TagRange, actor: Actor, item: str) -> None:
    tag = selectors.tag_hexes(made, 3, 1)[0]
    for value in (FOREIGN, TID):
        bind(actor=actor, kind="rfid", value=value, unit=item)
    readings = selectors.read_tags(actor.organisation_id, [FOREIGN, TID, tag])
    assert [one.unit.digital_link() if one.unit else "" for one in readings[:2]] == [item] * 2
    assert [one.bound for one in readings] == [True, True, False]
    assert readings[2].range == made
    release(actor=actor, kind="rfid", value=FOREIGN, reason="damaged")
    assert reasons(actor, FOREIGN, TID, tag) == [
        TagReason.ENDED,
        TagReason.KNOWN,
        TagReason.KNOWN,
    ]


def test_a_tag_taken_off_leads_nowhere_though_its_range_lives(made: TagRange, actor: Actor) -> None:
    tag = selectors.tags(made, 3)[0]
    bind(actor=actor, kind="rfid", value=tag.hex, unit=tag.item.digital_link())
    release(actor=actor, kind="rfid", value=tag.hex, reason="damaged")
    assert reasons(actor, tag.hex) == [TagReason.ENDED]


def test_a_page_of_readings_tells_what_each_is(made: TagRange, actor: Actor) -> None:
    texts = [selectors.tag_hexes(made)[0], FOREIGN, "30G", "https://id.gs1.org/414/9521234000013"]
    ours, foreign, wrong, place = selectors.read_tags(actor.organisation_id, texts)
    assert ours.unit == selectors.tags(made)[0].item
    assert ours.reason is TagReason.KNOWN
    assert foreign.unit is None
    assert foreign.said is not None
    assert wrong.fault == ("element_no_key", {"given": "30G"})
    assert place.reason is TagReason.FOREIGN


def test_what_is_no_tag_is_left_to_other_readers(made: TagRange, actor: Actor) -> None:
    own = selectors.tags(made)[0].item
    for text in (own.digital_link(), "K7Q2M9XT4VB3HC", "", "urn:epc:tag:x"):
        assert selectors.unit_of_tag(actor.organisation_id, text) is None


def test_reading_takes_a_fixed_number_of_queries(made: TagRange, actor: Actor) -> None:
    texts = selectors.tag_hexes(made)
    selectors.keys_of_epcs(actor.organisation_id, texts)
    for count in (1, 40):
        with CaptureQueriesContext(connection) as queries:
            selectors.keys_of_epcs(actor.organisation_id, texts[:count])
        assert len(queries) <= 3  # ranges, their key classes, whether there are single tags


def test_no_reads_lead_nowhere(actor: Actor) -> None:
    found = selectors.keys_of_epcs(actor.organisation_id, [])
    assert found.keys.shape == found.reasons.shape == (0,)
