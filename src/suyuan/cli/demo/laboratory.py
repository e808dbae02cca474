"""Inspection reports: what was tested, what was found, and a picture of the paper.

Owns: the reports of the story. The papers are drawn without fonts of the machine, so in English,
as export laboratories write them; the laboratories are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from suyuan.cli.demo import brand, recalling
from suyuan.cli.demo.pictures import plates
from suyuan.cli.demo.production import Batch
from suyuan.cli.demo.world import World
from suyuan.quality import services as quality
from suyuan.tenancy.rights import Role

_LAB_ZH, _LAB_EN = "北辰食品检验中心", "BEICHEN FOOD TESTING CENTRE"
_PAGE: Final = (827, 1169)  # A4 at 100 dots an inch

_font = lru_cache(maxsize=16)(ImageFont.load_default)

type Rows = Sequence[tuple[str, str, str, str]]
"""Test, limit, found, verdict."""

_FORMULA: Final = (
    ("Protein, g/100 kJ", "0.43-0.96", "0.61", "PASS"),
    ("Fat, g/100 kJ", "1.05-1.43", "1.24", "PASS"),
    ("Docosahexaenoic acid, mg/100 kJ", "3.6-9.6", "5.1", "PASS"),
    ("Lead (Pb), mg/kg", "<= 0.08", "0.012", "PASS"),
    ("Cronobacter spp. /100 g", "0/3", "not found", "PASS"),
    ("Salmonella /25 g", "0/5", "not found", "PASS"),
)
_LIQUOR: Final = (
    ("Alcohol, % vol", "53 +- 1", "53.1", "PASS"),
    ("Methanol, g/L", "<= 0.6", "0.08", "PASS"),
    ("Hydrogen cyanide, mg/L", "<= 8.0", "0.4", "PASS"),
)
_YOGHURT: Final = (
    ("Protein, g/100 g", ">= 2.9", "3.5", "PASS"),
    ("Lactic acid bacteria, CFU/g", ">= 1e6", "3.2e8", "PASS"),
    ("Coliforms, CFU/g", "n=5 c=2 m=1", "< 1", "PASS"),
)
_HONEY: Final = (
    ("Fructose and glucose, g/100 g", ">= 60", "71.3", "PASS"),
    ("Sucrose, g/100 g", "<= 5", "1.1", "PASS"),
    ("HMF, mg/kg", "<= 40", "12", "PASS"),
)
_WHEY: Final = (
    ("Protein, g/100 g", ">= 11", "12.4", "PASS"),
    ("Moisture, g/100 g", "<= 3.0", "2.1", "PASS"),
    ("Nitrite, mg/kg", "<= 2", "0.6", "PASS"),
    ("Cronobacter spp. /100 g", "0/3", "not found", "PASS"),
)
_WHEY_LATE: Final = (
    *_WHEY[:3],
    ("Cronobacter spp. /100 g", "0/3", "found in 1 of 3", "FAIL"),
)
_HONEY_LATE: Final = (
    *_HONEY[:2],
    ("HMF, mg/kg", "<= 40", "46", "FAIL"),
)
_OF: Final = {
    "stage1": ("婴儿配方奶粉 出厂检验", "Infant formula, release test", _FORMULA),
    "stage2": ("较大婴儿配方奶粉 出厂检验", "Follow-on formula, release test", _FORMULA),
    "liquor": ("白酒 出厂检验", "Liquor, release test", _LIQUOR),
    "yoghurt": ("酸奶 出厂检验", "Yoghurt, release test", _YOGHURT),
    "honey": ("蜂蜜 出厂检验", "Honey, release test", _HONEY),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A report before it is stored."""

    title: str
    heading: str
    sample: str
    rows: Rows
    kind: str
    gtin: str
    lot: str

    @property
    def result(self) -> str:
        """What the laboratory found."""
        return "fail" if any(row[3] == "FAIL" for row in self.rows) else "pass"


def plan(world: World, batches: Sequence[Batch], *, bad_whey: str) -> None:
    """Have each lot tested two days after it was made, and the whey twice."""
    for batch in batches:
        title, heading, rows = _OF[batch.product.key]
        code = batch.code(world)
        paper = Paper(title, heading, f"LOT {code}", rows, "product_lot", batch.product.gtin, code)
        _file(world, batch.day + 2.1, paper, publish=True)
    whey = world.material_gtins["WHEY"]
    first = Paper(
        "脱盐乳清粉 到货检验",
        "Whey powder, incoming test",
        f"LOT {bad_whey}",
        _WHEY,
        "material_lot",
        whey,
        bad_whey,
    )
    late = Paper(
        "脱盐乳清粉 留样复检",
        "Whey powder, test of the kept sample",
        f"LOT {bad_whey}",
        _WHEY_LATE,
        "material_lot",
        whey,
        bad_whey,
    )
    _file(world, 86.6, first)
    _file(world, 119.4, late)
    _file(world, 61.3, _honey_late(batches, world))


def _honey_late(batches: Sequence[Batch], world: World) -> Paper:
    batch = next(
        one for one in batches if one.product is brand.HONEY and one.day == recalling.HONEY_DAY
    )
    code = batch.code(world)
    return Paper(
        "蜂蜜 留样复检",
        "Honey, test of the kept sample",
        f"LOT {code}",
        _HONEY_LATE,
        "product_lot",
        batch.product.gtin,
        code,
    )


def _file(world: World, at: float, paper: Paper, *, publish: bool = False) -> None:
    def act() -> None:
        on = world.time.moment(at).date()
        quality.add_report(
            actor=world.people[Role.QUALITY],
            title=paper.title,
            target_kind=paper.kind,
            gtin=paper.gtin,
            lot=paper.lot,
            issued_by=_LAB_ZH,
            issued_on=on,
            valid_until=on + timedelta(days=365) if paper.result == "pass" else None,
            result=paper.result,
            data=draw(paper, on.isoformat()),
            more=[plates(paper.sample)] if paper.result == "fail" else (),
            publish=publish,
        )

    world.time.at(at, act)


def draw(paper: Paper, day: str) -> bytes:
    """Return the page as a PNG in shades of grey."""
    page = Image.new("L", _PAGE, 255)
    pen = ImageDraw.Draw(page)

    def words(x: int, y: int, text: str, size: int = 17, shade: int = 30) -> None:
        pen.text((x, y), text, font=_font(size), fill=shade)

    pen.rectangle((60, 60, 767, 64), fill=60)
    words(60, 84, _LAB_EN, 26)
    words(60, 122, "Invented for a demonstration. Not a real report.", 15, 110)
    words(60, 190, "TEST REPORT", 40)
    words(60, 258, paper.heading, 22)
    words(60, 296, f"Sample: {paper.sample}     GTIN: {paper.gtin}     Date: {day}")
    y = 360
    for x, heading in ((60, "Test"), (400, "Limit"), (560, "Found"), (700, "Result")):
        words(x, y, heading, 17, 110)
    for name, limit, found, verdict in paper.rows:
        y += 44
        pen.line((60, y - 10, 767, y - 10), fill=215)
        for x, text in ((60, name), (400, limit), (560, found), (700, verdict)):
            words(x, y, text)
    verdict = "DOES NOT CONFORM" if paper.result == "fail" else "CONFORMS"
    words(60, y + 80, f"Conclusion: the sample {verdict}.", 22)
    pen.ellipse((560, y + 130, 720, y + 290), outline=120, width=5)
    words(596, y + 196, "BEICHEN", 20, 120)
    out = BytesIO()
    page.save(out, "PNG", compress_level=6)
    return out.getvalue()
