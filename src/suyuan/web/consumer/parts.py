"""The parts of the page that many readers see alike, rendered once and kept for a while.

Owns: which parts those are. A verdict, a journey and a recall are never among them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from suyuan.verification.facts import ProductFacts
from suyuan.verification.memory import Memory
from suyuan.web.consumer.page import Page
from suyuan.web.consumer.scratch_words import SCRATCH
from suyuan.web.consumer.tap_words import TAP_WORDS
from suyuan.web.consumer.words import VERDICTS, VerdictWords

_WORDS: Final[dict[str, VerdictWords]] = {
    name.value: words for name, words in (*VERDICTS.items(), *SCRATCH.items())
} | dict(TAP_WORDS)
_products: Memory[tuple[object, ...], SafeString] = Memory(seconds=30, kept=4096)


def _render(name: str, context: dict[str, object]) -> SafeString:
    return _render_file(f"{name}.html", context)


def _render_file(name: str, context: dict[str, object] | None = None) -> SafeString:
    # What a template renders has been escaped by it.
    return mark_safe(get_template(f"consumer/{name}").render(context))  # noqa: S308


def product_part(page: Page, facts: ProductFacts) -> SafeString:
    """Return product and inspection reports; with a verdict, without, or as a mere claim."""
    kind = ("verdict" if page.facts else "claim") if page.verdict else "product"
    # A report may speak of single items, so that not everybody reads the same ones.
    shown = tuple(report.number for report in page.reports)
    key = (facts.organisation.pk, facts.product.gtin, page.lot, page.language, kind, shown)
    return _products.get(key, lambda: _render("product", {"page": page})) or SafeString()


@lru_cache(maxsize=16)
def icon(name: str) -> SafeString:
    """Return a verdict's icon."""
    return _render_file(f"icons/{name}.svg")


def timeline(page: Page) -> SafeString:
    """Return the journey's stages. Written here because a template takes four times as long."""
    return format_html_join(
        "",
        '<li{}><p class="cy-stage">{}{}</p><time datetime="{}">{} {}</time></li>',
        (
            (
                format_html(' class="cy-{}"', stage.tone) if stage.tone else "",
                stage.label,
                format_html("<span>{}</span>", stage.place) if stage.place else "",
                stage.iso,
                stage.day,
                stage.clock,
            )
            for stage in page.stages
        ),
    )


@lru_cache(maxsize=64)
def meaning_part(name: str, language: str) -> SafeString:
    """Return what a verdict, or what was said of a hidden code, means."""
    with override(language):
        return _render("meaning", {"words": _WORDS[name]})


@lru_cache(maxsize=4)
def empty_form(language: str) -> SafeString:
    """Return the form for complaints, as nobody has touched it."""
    with override(language):
        return _render("complaint", {"form": None})


def faulty_form(form: object) -> SafeString:
    """Return the form for complaints, with what was written and what is wrong with it."""
    return _render("complaint", {"form": form})
