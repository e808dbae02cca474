"""What every template may use without loading it: icons, badges, fields, times, numbers.

Owns: the Python side of `templates/partials/`. docs/design-system.md shows each in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from suyuan.web import vocabulary

register = template.Library()

_MESSAGE_LOOKS = {
    messages.ERROR: ("sy-tone-bad", "alert-circle"),
    messages.WARNING: ("sy-tone-warn", "alert-triangle"),
    messages.SUCCESS: ("sy-tone-good", "circle-check"),
}
_NOBODY = {"system": gettext_lazy("The system"), "consumer": pgettext_lazy("who", "A consumer")}
_PLAIN_LOOK = ("sy-tone-info", "info-circle")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; `label` names it for a screen reader, else it is decoration."""
    href = f"{static('build/icons.svg')}#{name}"
    if label:
        text = '<svg class="sy-icon" role="img" aria-label="{}"><use href="{}"/></svg>'
        return format_html(text, label, href)
    return format_html('<svg class="sy-icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.inclusion_tag("partials/badge.html")
def status(code: object) -> dict[str, object]:
    """Show a status, verdict, disposition or whereabouts as a badge."""
    word = vocabulary.status(str(code or "unknown"))
    return {"label": word.label, "tone": word.tone, "icon": word.icon}


@register.inclusion_tag("partials/badge.html")
def badge(label: object, tone: str = "quiet", icon: str = "") -> dict[str, object]:
    """Show any label as a badge in a tone."""
    return {"label": label, "tone": tone, "icon": icon}


@register.filter
def step_label(code: str) -> object:
    """Name a business step."""
    return vocabulary.step(code).label


@register.filter
def step_icon(code: str) -> str:
    """Name the icon of a business step."""
    return vocabulary.step(code).icon


@register.filter
def step_tone(code: str) -> str:
    """Name the tone of a business step."""
    return vocabulary.step(code).tone


@register.filter
def status_label(code: str) -> object:
    """Name a status without its badge."""
    return vocabulary.status(code).label


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Show a time as `YYYY-MM-DD HH:mm` in the installation's zone, within `<time>`."""
    return _time(value, "%Y-%m-%d %H:%M")


@register.filter
def clock(value: datetime | None) -> SafeString | str:
    """Show the time of day alone, where the day is a heading."""
    return _time(value, "%H:%M")


@register.filter
def day(value: date | None) -> SafeString | str:
    """Show a date as `YYYY-MM-DD`; of a time, the date in the installation's zone."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return _time(value, "%Y-%m-%d")
    return format_html('<time datetime="{0}">{0}</time>', value.isoformat())


def _time(value: datetime | None, form: str) -> SafeString | str:
    if value is None:
        return "—"
    local = timezone.localtime(value)
    iso = local.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', iso, local.strftime(form))


@register.filter
def number(value: object) -> str:
    """Group an integer by thousands; anything else is shown as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


@register.filter
def person(name: str) -> str:
    """Show who acted (`user:ann@example.com`, `token:line 3`, `system`) as people say it."""
    kind, _colon, own = name.partition(":")
    if kind == "token":
        return gettext("API token “%(name)s”") % {"name": own}
    if name in _NOBODY:
        return str(_NOBODY[name])
    return own or name


@register.filter
def source_label(code: str) -> object:
    """Name the way by which events came in."""
    return vocabulary.source(code)


@register.filter
def message_tone(message: Message) -> str:
    """Return the tone class of a flash message."""
    return _MESSAGE_LOOKS.get(message.level, _PLAIN_LOOK)[0]


@register.filter
def message_icon(message: Message) -> str:
    """Return the icon of a flash message."""
    return _MESSAGE_LOOKS.get(message.level, _PLAIN_LOOK)[1]


@register.inclusion_tag("partials/copy.html")
def copyable(text: object) -> dict[str, object]:
    """Show an identifier with a button that copies it."""
    return {"text": text}


@register.inclusion_tag("partials/field.html")
def field(bound: forms.BoundField, *, wide: bool = False, quiet: bool = False) -> dict[str, object]:
    """Render a form field with label, control, help and faults tied together.

    `wide` spans the columns of `sy-form-columns`; `quiet` leaves out "(optional)".
    """
    kind = _kind(bound.field.widget)
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}_help")
    if bound.errors:
        described.append(f"{bound.auto_id}_fault")
    attributes: dict[str, Any] = {}
    if kind in {"text", "select"}:
        attributes["class"] = "form-select" if kind == "select" else "form-control"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "kind": kind,
        "describedby": " ".join(described),
        "wide": wide,
        "quiet": quiet,
    }


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "select" if isinstance(widget, forms.Select) else "text"


@register.inclusion_tag("partials/pagination.html", takes_context=True)
def pagination(
    context: template.Context, page: Page[Any], name: str = "page", label: str = ""
) -> dict[str, object]:
    """Show where a page of a list is, and the way to the others.

    `label` tells one list's pages from another's on the same page.
    """
    query = context["request"].GET.copy()

    def href(page_number: int) -> str:
        query[name] = str(page_number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "label": label,
        "previous": href(page.previous_page_number()) if page.has_previous() else "",
        "next": href(page.next_page_number()) if page.has_next() else "",
        "links": list(_links(page, href)),
    }


def _links(page: Page[Any], href: Any) -> Iterator[dict[str, object]]:
    for entry in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(entry, int):
            yield {"number": entry, "href": href(entry), "current": entry == page.number}
        else:
            yield {"number": entry, "href": ""}
