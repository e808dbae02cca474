"""Writing SVG: escaped elements, short numbers, the width that a text will take."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def short(value: float) -> str:
    """Write a coordinate to a tenth of a pixel."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(
    name: str,
    attributes: Mapping[str, object] | None = None,
    children: Iterable[object] = (),
) -> SafeString:
    """Write an element; attributes that are None or "" are left out, `_` stands for `-`.

    Children that are plain text are escaped; safe strings are taken as they are.
    """
    pairs = "".join(
        f' {key.replace("_", "-")}="{escape(_text(value))}"'
        for key, value in (attributes or {}).items()
        if value is not None and value != ""
    )
    inner = "".join(child if isinstance(child, SafeString) else escape(child) for child in children)
    return mark_safe(  # noqa: S308 - every part has been escaped above
        f"<{name}{pairs}>{inner}</{name}>" if inner else f"<{name}{pairs}/>"
    )


def _text(value: object) -> str:
    return short(value) if isinstance(value, float) else str(value)


def linked(href: str, label: str, children: Iterable[object], css: str = "") -> SafeString:
    """Wrap `children` in a link that says `label`, or in a group when there is no address."""
    if href:
        return element("a", {"href": href, "class": css, "aria-label": label}, children)
    return element("g", {"class": css}, children)


def text_width(text: str, size: float) -> float:
    """Estimate the width of `text` at a font size: wide glyphs take a whole em."""
    ems = 0.0
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            ems += 1.0
        elif character in "iljI.,:;'|!()[] ":
            ems += 0.34
        elif character.isupper() or character in "mw%@":
            ems += 0.7
        elif character.isdigit():
            ems += 0.64
        else:
            ems += 0.57
    return ems * size


def clipped(text: str, size: float, width: float) -> str:
    """Shorten `text` with an ellipsis until it fits `width`."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"
