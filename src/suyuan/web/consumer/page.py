"""Make what the templates show: strings, ready to be written.

Owns: `Page`, the form of times and codes, which blocks a page has.
Templates decide nothing but where things stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from suyuan.masterdata.regions import REGIONS
from suyuan.tenancy.models import Organisation
from suyuan.verification.facts import (
    LotFacts,
    ProductFacts,
    PublicPlace,
    lot_facts,
    public_places,
)
from suyuan.verification.journey import Stage, journey
from suyuan.verification.values import CLAIMS, Verdict, Verification
from suyuan.web.consumer.address import Asked
from suyuan.web.consumer.joined import RecallNotice, ReportLine, recall_notice, reports
from suyuan.web.consumer.route_map import route_map
from suyuan.web.consumer.scratch import Scratch
from suyuan.web.consumer.tap_words import ChipWords, chip_words, name_of, words_of
from suyuan.web.consumer.words import STEPS, VerdictWords

_ZONE: Final = ZoneInfo(settings.TIME_ZONE)
_NOT_ON_GOODS: Final = frozenset({Verdict.NOT_ACTIVATED, Verdict.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the product's table."""

    label: str
    value: str
    code: bool = False  # an identifier: letters of one width


@dataclass(frozen=True, slots=True)
class StageView:
    """A line of the timeline."""

    label: str
    place: str
    day: str
    clock: str
    iso: str
    tone: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The verdict, in words."""

    verdict: Verdict
    name: str  # of the words: the verdict's, or the hidden code's
    words: VerdictWords
    lead: str
    first: str  # when and roughly where it was first looked at
    advice: str
    code: str  # the serial, in groups


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a page shows; empty parts are left out."""

    asked: Asked
    language: str
    brand: str
    title: str
    verdict: VerdictView | None = None
    product_name: str = ""
    product_brand: str = ""
    description: str = ""
    picture: str = ""
    picture_width: int = 0
    picture_height: int = 0
    facts: Sequence[Fact] = ()
    stages: Sequence[StageView] = ()
    map: SafeString | None = None
    reports: Sequence[ReportLine] = ()
    notice: RecallNotice | None = None
    lot: str = ""
    try_code: bool = False
    lot_differs: bool = False
    scratch: Scratch | None = None
    chip: ChipWords | None = None
    kept: str = ""  # parameters of the address that the page's own links keep

    @property
    def lang(self) -> str:
        """The `lang` of this page."""
        return "en" if self.language == "en" else "zh"


def moment(at: datetime) -> str:
    """Write a time as everywhere in the product: minutes, in the installation's zone."""
    return at.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M")


def grouped(code: str) -> str:
    """Write a serial of ours in groups that an eye can follow; any other code as it is."""
    if len(code) != 14:
        return code
    return f"{code[:5]} {code[5:10]} {code[10:]}"


def place_name(region: str, language: str) -> str:
    """Name a region with its province: 浙江省杭州市; Hangzhou, Zhejiang."""
    area = REGIONS.get(region)
    if area is None:
        return ""
    if area.is_province:
        return area.name(language)
    if language == "en":
        return f"{area.name_en}, {area.province.name_en}"
    return f"{area.province.name_zh}{area.name_zh}"


def verified_page(
    *,
    asked: Asked,
    facts: ProductFacts,
    found: Verification,
    language: str,
    scratch: Scratch | None = None,
    kept: str = "",
) -> Page:
    """Return the page for an item or a lot; where a hidden code decides, it has the first word."""
    words = scratch.words if scratch else words_of(found)
    ours = found.verdict not in CLAIMS
    lot = lot_facts(found.organisation_id, found.gtin, found.lot) if ours else None
    stages = [] if found.verdict in _NOT_ON_GOODS else _stages(found)
    product = facts.product
    shown = _product_parts(facts, language) if ours else {}
    return Page(
        asked=asked,
        language=language,
        brand=brand_of(facts, language),
        title=str(words.title),
        verdict=_verdict(found, words, brand_of(facts, language), language, scratch),
        product_name=product.name(language),
        facts=_facts(facts, lot, found.lot, language) if ours else (),
        stages=[_stage(stage, language) for stage in stages],
        map=route_map(_stops(stages), language),
        reports=reports(found.organisation_id, found.gtin, found.lot, found.key) if ours else (),
        notice=recall_notice(found) if found.recalled else None,
        lot=found.lot,
        lot_differs=found.lot_differs,
        scratch=scratch,
        chip=chip_words(found, moment),
        kept=kept,
        **shown,
    )


def tap_page(*, organisation: Organisation, found: Verification, language: str) -> Page:
    """Return the page for a chip that leads to no page of goods: what the chip is worth."""
    words, brand = words_of(found), organisation.name(language)
    return Page(
        asked=Asked(),
        language=language,
        brand=brand,
        title=str(words.title),
        verdict=_verdict(found, words, brand, language, None),
        chip=chip_words(found, moment),
    )


def product_page(*, asked: Asked, facts: ProductFacts, language: str) -> Page:
    """Return the page of a product, without a verdict."""
    product = facts.product
    return Page(
        asked=asked,
        language=language,
        brand=brand_of(facts, language),
        title=product.name(language),
        product_name=product.name(language),
        facts=_facts(facts, None, "", language),
        reports=reports(product.organisation_id, product.gtin, ""),
        try_code=facts.by_item,
        **_product_parts(facts, language),
    )


def brand_of(facts: ProductFacts, language: str) -> str:
    """Return the name that stands behind the answer: the product's brand, else the firm."""
    return facts.product.brand(language) or facts.organisation.name(language)


def _product_parts(facts: ProductFacts, language: str) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "product_brand": facts.product.brand(language),
        "description": facts.product.description(language),
    }
    if facts.pictures:
        picture = facts.pictures[0]
        parts |= {
            "picture": f"/media/p/{picture.large}.webp",
            "picture_width": picture.width,
            "picture_height": picture.height,
        }
    return parts


def _verdict(
    found: Verification, words: VerdictWords, brand: str, language: str, scratch: Scratch | None
) -> VerdictView:
    seen, first = found.seen, ""
    checked = found.tap.checked_at if found.tap else None
    values = {
        "brand": brand,
        "lot": found.lot,
        "count": seen.scans if seen else 0,
        "time": moment(checked) if checked else "",
    }
    if scratch is not None:
        first = _first(scratch.at, scratch.region, language) if scratch.at else ""
    elif seen is not None and found.verdict is Verdict.GENUINE_SEEN:
        first = _first(seen.first_at, seen.first_region, language)
    return VerdictView(
        verdict=found.verdict,
        name=scratch.kind if scratch else name_of(found),
        words=words,
        lead=str(words.lead) % values,
        first=first,
        advice=str(words.advice) % values,
        code=grouped(found.serial) or found.lot,
    )


def _first(at: datetime, region: str, language: str) -> str:
    """Write when and roughly where something was done first."""
    place = place_name(region, language)
    return f"{moment(at)}{' · ' if place else ''}{place}"


def _facts(facts: ProductFacts, lot: LotFacts | None, lot_code: str, language: str) -> list[Fact]:
    product = facts.product
    rows = (
        (pgettext("consumer fact", "Net content"), product.net_content, False),
        (pgettext("consumer fact", "Origin"), product.origin(language), False),
        (pgettext("consumer fact", "Batch"), lot_code, True),
        (pgettext("consumer fact", "Made on"), _day(lot.produced_on if lot else None), False),
        (pgettext("consumer fact", "Best before"), _day(lot.expires_on if lot else None), False),
        (pgettext("consumer fact", "Storage"), product.storage(language), False),
        (pgettext("consumer fact", "Product number"), product.gtin_display, True),
        (pgettext("consumer fact", "Company"), facts.organisation.name(language), False),
    )
    return [Fact(label, value, code) for label, value, code in rows if value]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _stages(found: Verification) -> list[Stage]:
    if found.history is None:
        return []
    return journey(found.history, public_places(found.organisation_id))


def _stage(stage: Stage, language: str) -> StageView:
    words = STEPS[stage.step]
    local = stage.time.astimezone(_ZONE)
    return StageView(
        label=str(words.label),
        place=_where(stage.place, language),
        day=local.strftime("%Y-%m-%d"),
        clock=local.strftime("%H:%M"),
        iso=local.isoformat(timespec="minutes"),
        tone=words.tone,
    )


def _where(place: PublicPlace | None, language: str) -> str:
    """Name a place with its region: our own factory by its name, anything else by its city."""
    if place is None:
        return ""
    region = place_name(place.region, language)
    own = place.name(language) if place.name_zh else ""
    return f"{own} · {region}" if own and region else own or region


def _stops(stages: Sequence[Stage]) -> tuple[str, ...]:
    """Return the regions of the journey, each once in a row."""
    regions: list[str] = []
    for stage in stages:
        region = stage.place.region if stage.place else ""
        if region in REGIONS and (not regions or regions[-1] != region):
            regions.append(region)
    return tuple(regions)
