"""The words of notices as they are shipped, in Chinese and English.

Owns: `SHIPPED`, and the usual advice. Kept out of the catalogues: a notice is written in its
recipient's language, and an organisation puts its own words in their place.
"""

from __future__ import annotations

from typing import Final

ADVICE: Final = {
    "zh-hans": (
        "请立即停止使用，不要转送或转卖，也先不要丢弃。"
        "请保留带有追溯码的包装和订单信息，我们会为您办理退货退款。"
    ),
    "en": (
        "Stop using it. Do not pass it on, and do not throw it away yet. Keep the package with its"
        " code and your order: you will get your money back."
    ),
}

_BUYER_ZH: Final = """\
您在订单 {order}（运单 {waybill}）中购买的 {product} 有 {count} 件属于我们正在召回的批次（{lots}）。

召回原因：{reason}

请您这样做：
{advice}

请打开下面的链接，告诉我们商品现在的情况，只需一分钟，无需登录：
{link}

召回公告：{page}
联系我们：{hotline}

给您添麻烦了，我们深表歉意。
{brand}
召回编号 {case}
"""
_BUYER_EN: Final = """\
{count} of the {product} in your order {order} (waybill {waybill}) are of lots that we are calling
back ({lots}).

Why: {reason}

What to do:
{advice}

Please open this link and tell us what became of them. It takes a minute, and needs no account:
{link}

The public notice: {page}
Contact: {hotline}

We are sorry for the trouble.
{brand}
Recall {case}
"""
_PARTNER_ZH: Final = """\
我司正在召回以下商品，请贵方收到后立即停止销售、发货和使用，就地封存。

召回编号：{case}
召回事项：{title}
召回原因：{reason}
商品：{product}
批次：{lots}
按追溯记录，贵方持有或经手 {count} 件：
{items}

请清点实物，并通过下面的链接回报处理情况（无需登录）：
{link}

召回公告：{page}
联系我们：{hotline}

{brand}
"""
_PARTNER_EN: Final = """\
We are calling back the goods below. Please stop selling, shipping and using them at once, and set
them apart.

Recall: {case}
About: {title}
Why: {reason}
Product: {product}
Lots: {lots}
By our records you hold, or handled, {count} items:
{items}

Please count them and report by this link, which needs no account:
{link}

The public notice: {page}
Contact: {hotline}

{brand}
"""
_SHORT_ZH: Final = (
    "【{brand}】召回通知：您订单 {order} 中的 {product} 属于召回批次，请停止使用并保留包装。"
    "退款及反馈：{link}"
)
_SHORT_EN: Final = (
    "{brand} recall: {product} in your order {order} is called back. Stop using it, keep the"
    " package. Refund and answer: {link}"
)
# How a letter to buyers, and to partners, begins.
_DEAR_ZH: Final = "{name}您好：\n\n"
_DEAR_EN: Final = "Dear {name},\n\n"
_TO_ZH: Final = "{name}：\n\n"
_TO_EN: Final = "To {name}:\n\n"
_AGAIN_ZH: Final = "此前我们曾就召回 {case} 联系过您，尚未收到您的反馈，现再次提醒。\n\n"
_AGAIN_EN: Final = "We wrote to you about recall {case} and have not heard from you yet.\n\n"
_SHORT_AGAIN_ZH: Final = (
    "【{brand}】再次提醒：订单 {order} 中的 {product} 正在召回，请停止使用并反馈：{link}"
)
_SHORT_AGAIN_EN: Final = (
    "{brand} reminder: {product} in your order {order} is called back. Please stop using it and"
    " answer: {link}"
)

# (template, language) -> (subject, body)
SHIPPED: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("partner", "zh-hans"): ("【召回通知】{title}（{case}）", _TO_ZH + _PARTNER_ZH),
    ("partner", "en"): ("Recall {case}: {title}", _TO_EN + _PARTNER_EN),
    ("buyer", "zh-hans"): ("【{brand}】您购买的 {product} 正在召回", _DEAR_ZH + _BUYER_ZH),
    ("buyer", "en"): ("{brand} is calling back {product}", _DEAR_EN + _BUYER_EN),
    ("short", "zh-hans"): ("", _SHORT_ZH),
    ("short", "en"): ("", _SHORT_EN),
    ("partner_reminder", "zh-hans"): (
        "【再次提醒】召回 {case}：请回报处理情况",
        _TO_ZH + _AGAIN_ZH + _PARTNER_ZH,
    ),
    ("partner_reminder", "en"): (
        "Reminder: please report on recall {case}",
        _TO_EN + _AGAIN_EN + _PARTNER_EN,
    ),
    ("buyer_reminder", "zh-hans"): (
        "【{brand}】再次提醒：您购买的 {product} 正在召回",
        _DEAR_ZH + _AGAIN_ZH + _BUYER_ZH,
    ),
    ("buyer_reminder", "en"): (
        "Reminder: {brand} is calling back {product}",
        _DEAR_EN + _AGAIN_EN + _BUYER_EN,
    ),
    ("short_reminder", "zh-hans"): ("", _SHORT_AGAIN_ZH),
    ("short_reminder", "en"): ("", _SHORT_AGAIN_EN),
}
