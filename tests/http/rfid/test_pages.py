"""Pages of RFID, through the browser's requests."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.core.identifiers import Sscc
from suyuan.core.identifiers.binary import decode
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.rfid import selectors
from suyuan.rfid.models import TagRange
from suyuan.rfid.services import assign_tags, end_range
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Role
from tests.conftest import MakeClient
from tests.issuing_world import MADE

APP = "/app/mingqian/rfid"
FOREIGN = "3074257BF7194E4000001A85"


@pytest.fixture
def owner(client_as: MakeClient) -> Client:
    return client_as(Role.OWNER)


def _wish(order: CodeOrder, **more: object) -> dict[str, object]:
    return {"order_number": order.number, "scheme": "sgtin-96", "filter": "1", **more}


def test_the_list_says_what_to_do_when_there_is_nothing(owner: Client) -> None:
    page = owner.get(f"{APP}/")
    assert page.status_code == 200
    assert f"{APP}/new/" in page.text
    assert "分配标签" in page.text


def test_without_an_order_the_form_leads_to_orders(owner: Client) -> None:
    assert "/app/mingqian/codes/" in owner.get(f"{APP}/new/").text


def test_a_preview_shows_the_first_tags_and_saves_nothing(
    owner: Client, order: CodeOrder, prefix: str
) -> None:
    page = owner.post(f"{APP}/new/", _wish(order, preview="1", first="11", count="5"))
    assert page.status_code == 200
    assert "303645214800004000000001" in page.text
    assert "urn:epc:tag:sgtin-96:1.9521234.000001.3" in page.text
    assert issuing.serials(order, first=10)[0] in page.text
    assert not TagRange.objects.exists()
    assert "303645214800004000000001" in owner.get(f"{APP}/new/?order={order.number}").text


@pytest.mark.parametrize(
    ("scheme", "bits"), [("sgtin-96", 96), ("sgtin-198", 198), ("sgtin+", 156)]
)
def test_a_preview_says_what_each_kind_of_tag_needs(
    owner: Client, order: CodeOrder, prefix: str, scheme: str, bits: int
) -> None:
    page = owner.post(f"{APP}/new/", _wish(order, preview="1", scheme=scheme))
    sizes = {size.scheme.value: size for size in page.context["sizes"]}
    assert sizes[scheme].bits == bits
    assert sizes[scheme].own_serial == (scheme != "sgtin-96")


def test_tags_are_given_once_however_often_the_form_is_sent(
    owner: Client, order: CodeOrder, prefix: str
) -> None:
    form = owner.get(f"{APP}/new/").context["form"]
    sent = _wish(order, count="10", request_key=form.initial["request_key"])
    first, again = owner.post(f"{APP}/new/", sent), owner.post(f"{APP}/new/", sent)
    made = TagRange.objects.get()
    assert first["Location"] == again["Location"] == f"{APP}/ranges/{made.number}/"
    assert (made.first, made.count) == (0, 10)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"first": "95", "count": "20"}, "count"),
        ({"first": "101"}, "first"),
        ({"first": "20", "count": "5"}, "first"),
        ({"filter": "3"}, "filter"),
        ({"order_number": "CO-2026-9999"}, "order_number"),
    ],
)
def test_what_is_refused_is_said_at_its_field(
    owner: Client, made: TagRange, more: dict[str, str], field: str
) -> None:
    page = owner.post(f"{APP}/new/", _wish(made.order, **more))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert TagRange.objects.count() == 1


def test_an_unrecorded_prefix_is_asked_for(owner: Client, order: CodeOrder) -> None:
    page = owner.post(f"{APP}/new/", _wish(order))
    assert "prefix_length" in page.context["form"].errors
    assert "952123" in owner.get(f"{APP}/new/?order={order.number}").context["unready"]
    assert owner.post(f"{APP}/new/", _wish(order, prefix_length="12")).status_code == 302


def test_an_unknown_order_in_the_address_is_said(owner: Client, order: CodeOrder) -> None:
    page = owner.get(f"{APP}/new/?order=CO-2026-9999")
    assert page.status_code == 200
    assert page.context["unready"]


def test_a_range_shows_its_tags_and_leads_to_their_items(owner: Client, made: TagRange) -> None:
    page = owner.get(f"{APP}/ranges/{made.number}/")
    for tag in (*selectors.tags(made, 0, 3), *selectors.tags(made, 39, 1)):
        assert tag.hex in page.text
        assert f"/{tag.item.secondary}/" in page.text
    listed = owner.get(f"{APP}/?q={made.order.number}&state=live&scheme=sgtin-96").text
    assert made.number in listed
    assert made.number not in owner.get(f"{APP}/?state=ended").text


def test_tags_that_bear_codes_are_hidden_from_who_may_not_download_them(
    client_as: MakeClient, actor: Actor, order: CodeOrder, made: TagRange
) -> None:
    own = assign_tags(actor=actor, order_number=order.number, scheme="sgtin+")
    packer = client_as(Role.WAREHOUSE)
    assert selectors.tag_hexes(made, 0, 1)[0] in packer.get(f"{APP}/ranges/{made.number}/").text
    assert selectors.tag_hexes(own, 0, 1)[0] not in packer.get(f"{APP}/ranges/{own.number}/").text
    assert packer.get(f"{APP}/ranges/{own.number}/tags.csv").status_code == 403


def test_the_table_for_encoders_is_sent_as_a_file(owner: Client, made: TagRange) -> None:
    answer: Any = owner.get(f"{APP}/ranges/{made.number}/tags.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{made.number}.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["epc_hex"] for row in rows] == selectors.tag_hexes(made)
    assert owner.head(f"{APP}/ranges/{made.number}/tags.csv").status_code == 200


def test_a_range_is_ended_with_its_reason(owner: Client, made: TagRange) -> None:
    address = f"{APP}/ranges/{made.number}/"
    assert owner.post(f"{address}end", {"reason": ""}).status_code == 422
    assert owner.post(f"{address}end", {"reason": "写错了"})["Location"] == address
    page = owner.get(address)
    assert "写错了" in page.text
    assert f"{address}end" not in page.text
    assert owner.get(f"{address}tags.csv").status_code == 409
    assert owner.post(f"{address}end", {"reason": "x"}).status_code == 422


def test_pasted_epcs_are_told_apart(owner: Client, made: TagRange, active_order: CodeOrder) -> None:
    tag = selectors.tags(made)[0]
    lines = [tag.hex, "", FOREIGN, tag.epc.tag_urn(), "E28011700000020000000001", tag.hex]
    page = owner.post(f"{APP}/read/", {"texts": "\r\n".join(lines)})
    assert page.status_code == 200
    readings = page.context["readings"]
    assert len(readings) == 4
    assert [one["unit"] for one in readings] == [tag.item, None, tag.item, None]
    assert readings[0]["state"] == "in_house"
    assert readings[1]["identity"].primary == "80614141123458"
    assert (page.context["known"], page.context["others"]) == (2, 2)
    assert f"/{tag.item.secondary}/" in page.text
    assert made.number in page.text


def test_one_epc_in_the_address_is_read(owner: Client, made: TagRange) -> None:
    tag = selectors.tags(made)[0]
    assert tag.item.secondary in owner.get(f"{APP}/read/?q={tag.hex}").text
    assert owner.get(f"{APP}/read/").status_code == 200


@pytest.mark.parametrize("texts", ["", " \n ", "\n".join(map(str, range(501))), "x" * 2049])
def test_too_much_or_nothing_to_read_is_refused(owner: Client, texts: str) -> None:
    page = owner.post(f"{APP}/read/", {"texts": texts})
    assert page.status_code == 422
    assert page.context["form"].errors


def test_an_item_is_shown_in_each_kind_of_tag(owner: Client, made: TagRange) -> None:
    tag = selectors.tags(made, 5)[0]
    page = owner.get(f"{APP}/write/?code={tag.item.secondary}")
    assert page.context["tag"] == tag
    assert tag.hex in page.text
    assert "SGTIN-198" in page.text
    assert "SGTIN+" in page.text


def test_a_case_is_shown_as_sscc(
    owner: Client, actor: Actor, prefix: str, active_order: CodeOrder
) -> None:
    case = Sscc.build("9521234", 0, 1).value
    packed = build.aggregation_event(
        time=MADE,
        action="ADD",
        parent=f"https://id.gs1.org/00/{case}",
        children=issuing.links(active_order, count=2),
        step="packing",
    )
    capture_events(actor=actor, events=[packed], source="tests")
    page = owner.get(f"{APP}/write/?code={case}&filter=2")
    assert decode(page.context["rows"][0][0].hex).identity.primary == case
    assert "SSCC-96" in page.text
    # A value that means nothing on a case is not written.
    again = owner.get(f"{APP}/write/?code={case}&filter=1")
    assert decode(again.context["rows"][0][0].hex).filter == 0


def test_a_code_that_names_nothing_is_said(owner: Client) -> None:
    assert owner.get(f"{APP}/write/?code=nonsense").status_code == 422
    assert owner.get(f"{APP}/write/?code=").status_code == 422
    assert owner.get(f"{APP}/write/").status_code == 200


def test_a_tag_typed_into_search_or_trace_leads_to_its_item(owner: Client, made: TagRange) -> None:
    tag = selectors.tags(made, 2)[0]
    address = f"/app/mingqian/items/{tag.item.primary}/{tag.item.secondary}/"
    for text in (tag.hex, tag.epc.urn(), tag.epc.tag_urn(), tag.epc.identity.digital_link()):
        assert owner.get("/app/mingqian/trace/", {"q": text})["Location"] == address
        assert owner.get("/app/mingqian/search/", {"q": text})["Location"] == address


def test_an_ended_ranges_tag_leads_nowhere(owner: Client, made: TagRange, actor: Actor) -> None:
    tag = selectors.tags(made, 2)[0]
    end_range(actor=actor, number=made.number, reason="x")
    assert owner.get("/app/mingqian/trace/", {"q": tag.hex}).status_code == 404
