"""The brand's recalls: honey, followed by lot and closed; yoghurt, item by item and under way.

Owns: both cases with their notices, answers and returns.
Does not own: the bad whey's. Nobody has opened it: that is left to whoever looks.

No mail server is set up in a demonstration, so colleagues carry the messages by hand and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from suyuan.capture.identities import identities_of
from suyuan.cli.demo import brand, network
from suyuan.cli.demo.production import Batch
from suyuan.cli.demo.warehouse import House
from suyuan.cli.demo.world import World
from suyuan.core.epcis import build
from suyuan.core.identifiers import Identity, Scheme
from suyuan.quality import services as quality
from suyuan.quality.reporters import Reporter
from suyuan.recalls import services as recalls
from suyuan.recalls.models import Notice, NoticeState, RecipientKind
from suyuan.recalls.notices import answering, preparing, queueing
from suyuan.recalls.notices.announcing import set_announcement
from suyuan.recalls.notices.links import token_of
from suyuan.recalls.returns import take_back
from suyuan.tenancy.rights import Role

HONEY_DAY: Final = 38  # the lot of this day
YOGHURT_DAY: Final = 84
_HOTLINE: Final = "400-800-0952（每天 8:00 至 20:00）"
_DESTROYED: Final = 842 + 88 + 139


def plan(world: World, batches: Sequence[Batch], houses: Sequence[House]) -> None:
    """Have both recalls happen.

    Args:
        world: the brand.
        batches: all that was made.
        houses: the warehouses, which stop selling what is recalled.
    """
    honey = next(one for one in batches if one.product is brand.HONEY and one.day == HONEY_DAY)
    yoghurt = next(
        one for one in batches if one.product is brand.YOGHURT and one.day == YOGHURT_DAY
    )
    world.time.at(61.4, lambda: _recall_honey(world, honey.code(world)))
    code = yoghurt.code(world)
    world.time.at(116.42, lambda: _recall_yoghurt(world, code, houses))


def _lot(gtin: str, code: str) -> str:
    return Identity(Scheme.LGTIN, gtin, code).digital_link()


def _waiting(world: World, number: str, kind: RecipientKind) -> list[Notice]:
    rows = Notice.objects.filter(organisation_id=world.id, case__number=number, kind=kind)
    return list(rows.order_by("number"))


def _carry(world: World, number: str, kind: RecipientKind) -> None:
    """Write down that the messages of one kind of recipient were brought to them by hand."""
    ready = [one for one in _waiting(world, number, kind) if one.state == NoticeState.READY]
    for channel in sorted({one.channel for one in ready}):
        queueing.mark_told(actor=world.people[Role.QUALITY], number=number, channel=channel)


def _answer(notice: Notice, **counts: int) -> None:
    token = token_of(notice.organisation_id, notice.id)
    answering.answer_by_link(token=token, counts=counts)


# ── Honey: a lot without items, recalled and closed ─────────────────────────────────────────


def _recall_honey(world: World, code: str) -> None:
    officer = world.people[Role.QUALITY]
    lot = _lot(brand.HONEY.gtin, code)
    quality.file_complaint(
        actor=world.people[Role.CUSTOMER_SERVICE],
        text="蜂蜜颜色比上次深，有点焦味。",
        target=lot,
        channel="shop",
        reporter=Reporter(name="周女士", contact="zhou.0139@mail.example"),
    )
    case = recalls.open_recall(
        actor=officer,
        title=f"槐花蜜 {code} 羟甲基糠醛（HMF）偏高",
        reason="复检 HMF 46 mg/kg，高于企业内控 40 mg/kg。口感发深，无安全风险，按三级主动召回。",
        starts=[lot],
        regime="food-3",
    )
    number = case.number
    at = world.time.at
    at(61.62, lambda: _approve_honey(world, number))
    at(62.5, lambda: _answer_honey(world, number))
    at(68.4, lambda: _bring_back(world, lot))
    at(71.2, lambda: recalls.count_effect(actor=officer, number=number))
    note = (
        "发出 1,156 瓶：仓库封存 842 瓶，门店退回 88 瓶，消费者退回 139 瓶，其余 87 瓶已食用。"
        "收回的已全部销毁。"
    )
    at(74.7, lambda: recalls.close_recall(actor=officer, number=number, note=note))


def _approve_honey(world: World, number: str) -> None:
    owner, officer = world.people[Role.OWNER], world.people[Role.QUALITY]
    recalls.approve_recall(actor=owner, number=number, note="同意。先通知各仓和杭州店下架。")
    set_announcement(actor=officer, number=number, hotline=_HOTLINE, remind_after_days=3)
    preparing.prepare_notices(actor=officer, number=number)
    for kind in RecipientKind:
        _carry(world, number, kind)


def _answer_honey(world: World, number: str) -> None:
    """Have the warehouses and the shop say how many jars they have, and the buyer send hers."""
    have = iter((563, 279, 0))
    for notice in _waiting(world, number, RecipientKind.PARTNER):
        jars = next(have, 0)
        _answer(notice, **({"have": jars} if jars else {"sent_back": 88, "used": 8}))
    for notice in _waiting(world, number, RecipientKind.CONSUMER):
        _answer(notice, sent_back=1)


def _bring_back(world: World, lot: str) -> None:
    """Report the jars that came back to where they were filled, and their destruction."""
    place = world.places[network.HONEY_HOUSE]
    for at, step, disposition in (
        (68.41, "receiving", "returned"),
        (70.36, "destroying", "destroyed"),
    ):
        event = build.object_event(
            time=world.time.moment(at),
            action="OBSERVE" if step == "receiving" else "DELETE",
            quantities=[build.quantity(lot, _DESTROYED)],
            step=step,
            disposition=disposition,
            read_point=place,
            location=place,
        )
        world.time.report(network.WAREHOUSES[1].token, at, event)


# ── Yoghurt: item by item, approved, under way ──────────────────────────────────────────────


def _recall_yoghurt(world: World, code: str, houses: Sequence[House]) -> None:
    officer, at = world.people[Role.QUALITY], world.time.at
    case = recalls.open_recall(
        actor=officer,
        title=f"慢发酵酸奶 {code} 冷链中断",
        reason="冷藏车记录仪导出数据：途中约 6 小时高于 10 ℃，最高 13.8 ℃。可能涨袋、变味。",
        starts=[_lot(brand.YOGHURT.gtin, code)],
        precaution=True,
        known_at=world.time.moment(116.3),
        regime="food-2",
    )
    number = case.number
    for house in houses:
        house.set_aside(code)
    at(116.55, lambda: _approve_yoghurt(world, number))
    at(116.63, lambda: _tell(world, number))
    at(117.4, lambda: _hear(world, number, range(0, 400, 3)))
    at(118.45, lambda: _take_back(world, number))
    at(118.5, lambda: recalls.count_effect(actor=officer, number=number))
    at(119.3, lambda: _hear(world, number, range(1, 400, 5)))
    at(119.6, lambda: recalls.count_effect(actor=officer, number=number))


def _approve_yoghurt(world: World, number: str) -> None:
    recalls.approve_recall(
        actor=world.people[Role.OWNER],
        number=number,
        note="同意召回。已付款的订单一律退款，不要求寄回原物。",
    )
    set_announcement(
        actor=world.people[Role.QUALITY],
        number=number,
        advice_zh="请不要再饮用。拍下杯盖上的二维码发给客服即可退款；愿意寄回的，运费由我们承担。",
        advice_en="Please do not drink it. Send our service a picture of the code on the lid for a "
        "refund; if you send it back, we pay the postage.",
        hotline=_HOTLINE,
        remind_after_days=3,
    )


def _tell(world: World, number: str) -> None:
    """List who has to be told, take in the shops' list of buyers, and tell them."""
    officer = world.people[Role.QUALITY]
    preparing.prepare_notices(actor=officer, number=number)
    buyers = _waiting(world, number, RecipientKind.BUYER)
    # The shops know every buyer but a few; those can be reached through the marketplace alone.
    lines = ["订单号,手机,收货人"] + [
        f"{one.order_number},1390000{place:04},收件人{place}"
        for place, one in enumerate(buyers)
        if place % 8 != 7
    ]
    body = "\n".join(lines).encode()
    if len(lines) > 1:
        preparing.import_contacts(actor=officer, number=number, body=body)
    for kind in RecipientKind:
        _carry(world, number, kind)


def _hear(world: World, number: str, places: range) -> None:
    """Have some buyers answer by their link."""
    words = ("used", "thrown_away", "sent_back", "have", "used")
    for place, notice in enumerate(_waiting(world, number, RecipientKind.BUYER)):
        if place in places and not notice.is_answered and notice.state == NoticeState.SENT:
            _answer(notice, **{words[place % len(words)]: notice.item_count})
    for notice in _waiting(world, number, RecipientKind.PARTNER)[:2]:
        if not notice.is_answered and notice.state == NoticeState.SENT:
            _answer(notice, have=notice.item_count)


def _take_back(world: World, number: str) -> None:
    """Scan at Jiaxing's counter what buyers have sent, one code of another lot among it."""
    sent = [
        key
        for notice in _waiting(world, number, RecipientKind.BUYER)
        if "sent_back" in notice.answer
        for key in islice(notice.item_keys, 2)
    ]
    texts = [one.digital_link() for one in identities_of(world.id, sent).values()]
    if texts:
        take_back(
            actor=world.people[Role.WAREHOUSE],
            number=number,
            texts=sorted(texts)[:60],
            location="WH-JX",
        )
