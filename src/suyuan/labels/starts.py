"""Ready-made labels to begin with, in Chinese and in English.

Owns: the table `STARTS`, what each looks like and is printed on.
Does not own: what the starts are called on screens (web).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from suyuan.core.labels.design import (
    BoxElement,
    CodeElement,
    Design,
    LineElement,
    Paper,
    Roll,
    Sheet,
    TextElement,
)

type Language = Literal["zh", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Start:
    """A label to begin with.

    Attributes:
        paper: what it is printed on.
        draw: makes the design in a language.
    """

    paper: Paper
    draw: Callable[[Language], Design]


def _sheet_label(language: Language) -> Design:
    """38 × 21 mm: a QR code that any phone opens, and what it is beside it."""
    lot, made, until = _words(
        language, ("批次 {lot}", "Lot {lot}"), ("生产 {produced}", "Made {produced}"),
        ("到期 {expires}", "Best by {expires}"),
    )  # fmt: skip
    return Design(
        width_mm=38,
        height_mm=21,
        elements=(
            CodeElement(x=1, y=1.5, size_mm=18),
            TextElement(
                x=20, y=1.5, width_mm=17, text=_product(language), size_pt=6, bold=True, lines=3
            ),
            TextElement(x=20, y=9.6, width_mm=17, text=lot, size_pt=5.5),
            TextElement(x=20, y=12, width_mm=17, text=made, size_pt=5.5),
            TextElement(x=20, y=14.4, width_mm=17, text=until, size_pt=5.5),
            TextElement(x=20, y=17.3, width_mm=17, text="{serial_grouped}", size_pt=5),
        ),
    )


def _jewellery_tag(language: Language) -> Design:
    """72 × 15 mm: two wings that fold onto each other, and a tail without print."""
    (verify,) = _words(language, ("扫码验真", "Scan to verify"))
    return Design(
        width_mm=72,
        height_mm=15,
        elements=(
            CodeElement(x=0.5, y=0.5, size_mm=14),
            TextElement(x=15, y=2.2, width_mm=9, text=verify, size_pt=5.5, lines=2, align="center"),
            TextElement(
                x=15, y=8.6, width_mm=9, text="{net_content}", size_pt=6, bold=True, align="center"
            ),
            LineElement(x=25, y=1, length_mm=13, vertical=True, thickness_mm=0.1),
            TextElement(x=26, y=1.2, width_mm=23, text="{brand}", size_pt=5.5),
            TextElement(
                x=26, y=3.8, width_mm=23, text=_product(language), size_pt=7, bold=True, lines=2
            ),
            TextElement(x=26, y=10.4, width_mm=23, text="{serial_grouped}", size_pt=5.5),
        ),
    )


def _case_label(language: Language) -> Design:
    """100 × 150 mm: the SSCC as GS1-128 for scanners, a QR code for phones."""
    content, lot, made, until, number, handle = _words(
        language, ("内装", "Contents"), ("批次", "Lot"), ("生产日期", "Made"),
        ("有效期至", "Best by"), ("箱号", "Case no."),
        ("小心轻放 · 保持干燥", "Handle with care · Keep dry"),
    )  # fmt: skip
    facts = ((lot, "{lot}"), (made, "{produced}"), (until, "{expires}"), (number, "{sequence}"))
    return Design(
        width_mm=100,
        height_mm=150,
        elements=(
            TextElement(x=5, y=5, width_mm=90, text="{organisation}", size_pt=12, bold=True),
            LineElement(x=5, y=12, length_mm=90, thickness_mm=0.5),
            TextElement(x=5, y=15, width_mm=55, text=content, size_pt=9),
            TextElement(
                x=5, y=19.5, width_mm=55, text=_product(language), size_pt=18, bold=True, lines=2
            ),
            TextElement(x=5, y=35.5, width_mm=55, text="GTIN {gtin}", size_pt=10),
            *(
                element
                for row, (label, value) in enumerate(facts)
                for element in (
                    TextElement(x=5, y=44 + row * 7, width_mm=22, text=label, size_pt=10),
                    TextElement(
                        x=27, y=43.6 + row * 7, width_mm=33, text=value, size_pt=12, bold=True
                    ),
                )
            ),
            CodeElement(x=62, y=15, size_mm=33),
            TextElement(
                x=62, y=50, width_mm=33, text=handle, size_pt=9, lines=2, align="center"
            ),
            LineElement(x=5, y=76, length_mm=90, thickness_mm=0.5),
            TextElement(x=5, y=80, width_mm=90, text="SSCC", size_pt=9),
            TextElement(
                x=5, y=84.5, width_mm=90, text="{sscc_grouped}", size_pt=17, bold=True
            ),
            CodeElement(
                x=5, y=96, size_mm=90, symbology="gs1_128", content="sscc", height_mm=36
            ),
            TextElement(
                x=5, y=135, width_mm=90, text="(00) {sscc}", size_pt=13, align="center"
            ),
        ),
    )  # fmt: skip


def _bottle_label(language: Language) -> Design:
    """50 × 70 mm: a QR code to look up, and a code under a scratch-off layer to be sure."""
    scan, scratch, hidden, lot = _words(
        language,
        ("第一步 扫码查询", "1 Scan to look up"),
        ("第二步 刮开涂层，输入验证码", "2 Scratch and enter the code"),
        ("刮开验真", "Scratch here"),
        ("批次 {lot}　生产 {produced}", "Lot {lot}  Made {produced}"),
    )  # fmt: skip
    return Design(
        width_mm=50,
        height_mm=70,
        elements=(
            TextElement(x=3, y=2.8, width_mm=44, text="{brand}", size_pt=7, align="center"),
            TextElement(
                x=3, y=6, width_mm=44, text=_product(language), size_pt=10, bold=True, lines=2,
                align="center",
            ),
            TextElement(x=3, y=14.6, width_mm=44, text=scan, size_pt=7, align="center"),
            CodeElement(x=13, y=17.5, size_mm=24),
            TextElement(
                x=3, y=42.2, width_mm=44, text="{serial_grouped}", size_pt=7, align="center"
            ),
            LineElement(x=5, y=46.5, length_mm=40, thickness_mm=0.15),
            TextElement(x=3, y=48, width_mm=44, text=scratch, size_pt=7, align="center"),
            BoxElement(x=8, y=52, width_mm=34, height_mm=10, thickness_mm=0.2),
            TextElement(x=9, y=52.6, width_mm=32, text=hidden, size_pt=5, align="center"),
            TextElement(
                x=9, y=55.4, width_mm=32, text="{inner}", size_pt=14, bold=True, align="center"
            ),
            TextElement(x=3, y=64.5, width_mm=44, text=lot, size_pt=6.5, align="center"),
        ),
    )  # fmt: skip


def _rfid_label(language: Language) -> Design:
    """70 × 40 mm: an inlay with a tag; what the tag holds stands on it in print, too."""
    lot, made = _words(
        language, ("批次 {lot}", "Lot {lot}"), ("生产 {produced}", "Made {produced}")
    )
    return Design(
        width_mm=70,
        height_mm=40,
        elements=(
            CodeElement(x=2, y=3, size_mm=24),
            TextElement(
                x=28, y=3.5, width_mm=40, text=_product(language), size_pt=10, bold=True, lines=2
            ),
            TextElement(x=28, y=13, width_mm=40, text="GTIN {gtin}", size_pt=7),
            TextElement(x=28, y=16.5, width_mm=40, text=lot, size_pt=7),
            TextElement(x=28, y=20, width_mm=40, text=made, size_pt=7),
            TextElement(x=28, y=23.5, width_mm=40, text="{serial_grouped}", size_pt=7),
            LineElement(x=2, y=29.5, length_mm=66, thickness_mm=0.25),
            TextElement(x=2, y=31.5, width_mm=12, text="RFID", size_pt=8, bold=True),
            TextElement(
                x=14, y=31.7, width_mm=54, text="{epc}", size_pt=7, align="right"
            ),
        ),
    )  # fmt: skip


def _empty(language: Language) -> Design:
    """60 × 40 mm with nothing on it yet, but a code."""
    del language
    return Design(width_mm=60, height_mm=40, elements=(CodeElement(x=3, y=3, size_mm=25),))


STARTS: Final[Mapping[str, Start]] = MappingProxyType(
    {
        "sheet": Start(
            # 5 × 12 = 60 on A4; 2 mm between labels leave room for the knife.
            Sheet(
                columns=5,
                rows=12,
                margin_left_mm=6,
                margin_top_mm=11.5,
                gap_x_mm=2,
                gap_y_mm=2,
            ),
            _sheet_label,
        ),
        "bottle": Start(Roll(gap_mm=3), _bottle_label),
        "case": Start(Roll(gap_mm=3), _case_label),
        "jewellery": Start(Roll(gap_mm=3), _jewellery_tag),
        "rfid": Start(Roll(gap_mm=3), _rfid_label),
        "empty": Start(Roll(gap_mm=2), _empty),
    }
)


def _words(language: Language, *pairs: tuple[str, str]) -> tuple[str, ...]:
    """Return of each pair (Chinese, English) the one in `language`."""
    return tuple(pair[LANGUAGES.index(language)] for pair in pairs)


def _product(language: Language) -> str:
    return "{product_en}" if language == "en" else "{product}"
