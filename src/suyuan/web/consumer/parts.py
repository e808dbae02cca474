"""The parts of the page that many readers see alike, rendered once and kept for a while.

Owns: which parts those are. A verdict, a journey and a recall are never among them.
"""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from suyuan.verification.facts import ProductFacts
from suyuan.verification.memory import Memory
from suyuan.verification.values import Verdict
from suyuan.web.consumer.page import Page
from suyuan.web.consumer.words import VERDICTS

_products: Memory[tuple[int, str, str, str, str], SafeString] = Memory(seconds=30, kept=4096)


def _render(name: str, context: dict[str, object]) -> SafeString:
    # What a template renders has been escaped by it.
    return mark_safe(get_template(f"consumer/{name}.html").render(context))  # noqa: S308


def product_part(page: Page, facts: ProductFacts) -> SafeString:
    """Return product and inspection reports; with a verdict, without, or as a mere claim."""
    kind = ("verdict" if page.facts else "claim") if page.verdict else "product"
    key = (facts.organisation.pk, facts.product.gtin, page.lot, page.language, kind)
    return _products.get(key, lambda: _render("product", {"page": page})) or SafeString()


@lru_cache(maxsize=32)
def meaning_part(verdict: Verdict, language: str) -> SafeString:
    """Return what a verdict means."""
    with override(language):
        return _render("meaning", {"words": VERDICTS[verdict]})


@lru_cache(maxsize=4)
def empty_form(language: str) -> SafeString:
    """Return the form for complaints, as nobody has touched it."""
    with override(language):
        return _render("complaint", {"form": None})


def faulty_form(form: object) -> SafeString:
    """Return the form for complaints, with what was written and what is wrong with it."""
    return _render("complaint", {"form": form})
