"""The words for recipients, states of notices, ways and answers.

Owns: labels, tones and icons of codes that only these pages show.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import pgettext_lazy

from suyuan.recalls.models import AnswerKind, NoticeChannel, NoticeState, RecipientKind
from suyuan.web.vocabulary import Text, Word

KINDS: Final[dict[str, Word]] = {
    RecipientKind.PARTNER: Word(pgettext_lazy("recipient", "Partners"), "info", "building"),
    RecipientKind.BUYER: Word(pgettext_lazy("recipient", "Buyers"), "special", "shopping-cart"),
    RecipientKind.CONSUMER: Word(
        pgettext_lazy("recipient", "Who complained"), "warn", "message-report"
    ),
    "": Word(pgettext_lazy("recipient", "All recipients"), "quiet", "users"),
}
STATES: Final[dict[str, Word]] = {
    NoticeState.READY: Word(pgettext_lazy("notice", "To send"), "info", "file-text"),
    NoticeState.NO_CONTACT: Word(pgettext_lazy("notice", "No contact"), "warn", "link-off"),
    NoticeState.QUEUED: Word(pgettext_lazy("notice", "In the queue"), "info", "clock"),
    NoticeState.SENDING: Word(pgettext_lazy("notice", "Being sent"), "info", "refresh"),
    NoticeState.SENT: Word(pgettext_lazy("notice", "Sent"), "good", "check"),
    NoticeState.FAILED: Word(pgettext_lazy("notice", "Not sent"), "bad", "alert-circle"),
    NoticeState.BOUNCED: Word(pgettext_lazy("notice", "Came back"), "bad", "arrow-back-up"),
    NoticeState.UNSURE: Word(pgettext_lazy("notice", "Uncertain"), "warn", "help-circle"),
}
ANSWERED: Final = Word(pgettext_lazy("notice", "Answered"), "good", "checks")
UNANSWERED: Final = Word(pgettext_lazy("notice", "No answer yet"), "warn", "clock")
CHANNELS: Final[dict[str, Word]] = {
    NoticeChannel.EMAIL: Word(pgettext_lazy("channel", "E-mail"), "quiet", "mail"),
    NoticeChannel.SMS: Word(pgettext_lazy("channel", "Text message"), "quiet", "device-mobile"),
    NoticeChannel.MARKETPLACE: Word(
        pgettext_lazy("channel", "Shop message"), "quiet", "building-store"
    ),
    NoticeChannel.NONE: Word(pgettext_lazy("channel", "None"), "quiet", "link-off"),
}
ANSWERS: Final[dict[str, Word]] = {
    AnswerKind.HAVE: Word(pgettext_lazy("answer", "Still have it"), "warn", "package"),
    AnswerKind.USED: Word(pgettext_lazy("answer", "Used it"), "bad", "circle-check"),
    AnswerKind.THROWN_AWAY: Word(pgettext_lazy("answer", "Threw it away"), "quiet", "trash"),
    AnswerKind.SENT_BACK: Word(pgettext_lazy("answer", "Sent it back"), "good", "truck-return"),
    AnswerKind.NOT_RECEIVED: Word(
        pgettext_lazy("answer", "Never received it"), "quiet", "circle-dashed"
    ),
}
# The same in the mouth of who answers for whole cartons.
PARTNER_ANSWERS: Final[dict[str, Text]] = {
    AnswerKind.HAVE: pgettext_lazy("partner answer", "In stock, set apart"),
    AnswerKind.USED: pgettext_lazy("partner answer", "Sold on or used"),
    AnswerKind.THROWN_AWAY: pgettext_lazy("partner answer", "Destroyed"),
    AnswerKind.SENT_BACK: pgettext_lazy("partner answer", "Sent back to you"),
    AnswerKind.NOT_RECEIVED: pgettext_lazy("partner answer", "Never received"),
}
TEMPLATES: Final[dict[str, Text]] = {
    "partner": pgettext_lazy("template", "Letter to partners"),
    "buyer": pgettext_lazy("template", "Letter to buyers"),
    "short": pgettext_lazy("template", "Text message or shop message"),
    "partner_reminder": pgettext_lazy("template", "Reminder to partners"),
    "buyer_reminder": pgettext_lazy("template", "Reminder to buyers"),
    "short_reminder": pgettext_lazy("template", "Reminder by text message"),
}
LANGUAGES: Final[dict[str, Text]] = {
    "zh-hans": pgettext_lazy("template language", "Chinese"),
    "en": pgettext_lazy("template language", "English"),
}
PLACEHOLDERS: Final[dict[str, Text]] = {
    "name": pgettext_lazy("placeholder", "Name of the recipient"),
    "brand": pgettext_lazy("placeholder", "Your organisation"),
    "case": pgettext_lazy("placeholder", "Number of the recall"),
    "title": pgettext_lazy("placeholder", "Title of the recall"),
    "reason": pgettext_lazy("placeholder", "Reason for the recall"),
    "product": pgettext_lazy("placeholder", "Products"),
    "lots": pgettext_lazy("placeholder", "Lots"),
    "count": pgettext_lazy("placeholder", "Number of items"),
    "items": pgettext_lazy("placeholder", "Serial numbers (partners only)"),
    "order": pgettext_lazy("placeholder", "Order number"),
    "waybill": pgettext_lazy("placeholder", "Waybill"),
    "advice": pgettext_lazy("placeholder", "What to do"),
    "hotline": pgettext_lazy("placeholder", "Contact"),
    "link": pgettext_lazy("placeholder", "Link for the answer"),
    "page": pgettext_lazy("placeholder", "Public notice"),
}
