"""What the placeholders of a notice stand for.

Owns: `Facts`, made once for a case and asked for each notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import IdentifierError, Identity, parse_identity
from suyuan.core.keyset import KeySet
from suyuan.kernel.errors import NotFound
from suyuan.masterdata import selectors as masterdata
from suyuan.quality.reporters import reporter_of
from suyuan.quality.selectors import get_complaint
from suyuan.recalls.models import (
    Announcement,
    GroupKind,
    Notice,
    NoticeChannel,
    RecallCase,
    RecipientKind,
    ScopeGroup,
)
from suyuan.recalls.notices.contacts import Contact, contact_in, opened
from suyuan.recalls.notices.links import answer_address, public_address
from suyuan.recalls.notices.shipped import ADVICE
from suyuan.recalls.notices.templates import Current, Words, current_template, fill, name_for

_MOST_ITEMS: Final = 200  # that a letter lists
_MOST_LOTS: Final = 20
_NOBODY: Final = {"zh-hans": "尊敬的顾客", "en": "customer"}
_MORE: Final = {"zh-hans": "……另有 {} 件，见链接", "en": "… and {} more; see the link"}
_COMMA: Final = {"zh-hans": "、", "en": ", "}


class Facts:
    """Fills the placeholders for the notices of one case."""

    def __init__(self, case: RecallCase, announcement: Announcement) -> None:
        """Read what all notices of the case share: lots with their items, products."""
        self.case = case
        self.announcement = announcement
        rows = ScopeGroup.objects.filter(
            organisation_id=case.organisation_id,
            case_id=case.id,
            version=case.version,
            kind__in=(GroupKind.LOT, GroupKind.ORIGIN),
        )
        lots = [(identity, row.item_keys) for row in rows if (identity := _read(row.unit))]
        self._lots = [(identity, keys) for identity, keys in lots if keys]
        self._unnumbered = [identity for identity, keys in lots if not keys]
        self._products = masterdata.products_by_gtin(
            case.organisation_id, {identity.primary for identity, _ in lots}
        )
        self._templates: dict[tuple[str, str], Current] = {}

    def message(self, notice: Notice, *, reminder: bool) -> tuple[Words, Current]:
        """Return what a notice says, and the template that it was written with."""
        name = name_for(notice.kind, notice.channel, reminder=reminder)
        template = self._template(name, notice.language)
        return fill(template.words, self.of(notice, contact_of(notice))), template

    def of(self, notice: Notice, contact: Contact) -> dict[str, str]:
        """Return the value of each placeholder."""
        language = notice.language
        keys = notice.item_keys
        lots = self.lots_of(keys)
        told = self.announcement
        advice = told.advice_en if language == "en" else told.advice_zh
        organisation = self.case.organisation
        return {
            "name": notice.name or contact.name or _NOBODY[language],
            "brand": organisation.name(language),
            "case": self.case.number,
            "title": self.case.title,
            "reason": self.case.reason,
            "product": self._product_names(lots, language),
            "lots": _joined((lot.secondary for lot in lots), language),
            "count": f"{notice.item_count:,}",
            "items": self._items(keys, language) if notice.kind == RecipientKind.PARTNER else "",
            "order": notice.order_number,
            "waybill": notice.waybill,
            "advice": advice or ADVICE[language],
            "hotline": told.hotline,
            "link": answer_address(notice),
            "page": public_address(told.public_id),
        }

    def lots_of(self, keys: KeySet) -> list[Identity]:
        """Return the lots that some of `keys` are of; for no keys, the products' without items."""
        if not keys:
            return [one for one in self._unnumbered if one.primary in self._products]
        first = next(iter(keys))
        if len(keys) == 1:
            return [identity for identity, items in self._lots if first in items]
        return [identity for identity, items in self._lots if items & keys]

    def _template(self, name: str, language: str) -> Current:
        key = (name, language)
        if key not in self._templates:
            self._templates[key] = current_template(self.case.organisation_id, *key)
        return self._templates[key]

    def _product_names(self, lots: Iterable[Identity], language: str) -> str:
        gtins = dict.fromkeys(lot.primary for lot in lots) or self._products
        rows = [self._products[gtin] for gtin in gtins if gtin in self._products]
        return _joined((row.name(language) for row in rows), language)

    def _items(self, keys: KeySet, language: str) -> str:
        array = keys.to_array()
        shown: list[int] = np.sort(array)[:_MOST_ITEMS].tolist()
        known = identities_of(self.case.organisation_id, shown)
        lines = [known[key].secondary for key in shown if key in known]
        if array.size > len(lines):
            lines.append(_MORE[language].format(f"{array.size - len(lines):,}"))
        return "\n".join(lines)


def contact_of(notice: Notice) -> Contact:
    """Return how a recipient can be reached now: from the list, the party, or the complaint.

    Raises:
        SealBroken: it was sealed under a secret that is gone.
    """
    if notice.contact is not None:
        return opened(bytes(notice.contact))
    if notice.forgotten_at is not None:
        return Contact()
    word, _, text = notice.recipient.partition(":")
    try:
        if word == "party":
            party = masterdata.get_party(notice.organisation_id, text)
            return contact_in(party.contact)
        if word == "complaint":
            reporter = reporter_of(get_complaint(notice.organisation_id, text))
            return contact_in(reporter.contact, reporter.name)
    except NotFound:
        pass
    return Contact()


def channel_for(contact: Contact, *, order_number: str, kind: str) -> NoticeChannel:
    """Return the way that suits a recipient best: a letter says more than a short message."""
    if contact.email:
        return NoticeChannel.EMAIL
    if contact.phone:
        return NoticeChannel.SMS
    if order_number and kind == RecipientKind.BUYER:
        return NoticeChannel.MARKETPLACE
    return NoticeChannel.NONE


def _joined(texts: Iterable[str], language: str) -> str:
    several = list(dict.fromkeys(texts))
    shown = _COMMA[language].join(islice(several, _MOST_LOTS))
    return f"{shown}…" if len(several) > _MOST_LOTS else shown


def _read(text: str) -> Identity | None:
    try:
        return parse_identity(text) if text else None
    except IdentifierError:
        return None
