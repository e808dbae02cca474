"""What partners' templates need beside `ui`."""

from __future__ import annotations

from django import template

from suyuan.web.partners.numbers import sealed as sealed_number

register = template.Library()


@register.filter
def sealed(seq: int) -> str:
    """Write an event's number so that it tells nothing."""
    return sealed_number(seq)
