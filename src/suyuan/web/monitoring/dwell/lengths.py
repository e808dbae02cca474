"""Lengths of time as people say them.

Owns: the text of a length; two units at most.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400
_MICROSECONDS: Final = 1_000_000


def length_text(microseconds: int) -> str:
    """Return a length such as "2 d 4 h", "3 h 20 min", "45 s"."""
    seconds = microseconds / _MICROSECONDS
    if seconds < _MINUTE:
        return _("%(n)d s") % {"n": int(seconds)}
    if seconds < _HOUR:
        return _("%(n)d min") % {"n": int(seconds // _MINUTE)}
    if seconds < _DAY:
        hours, rest = divmod(int(seconds), _HOUR)
        return _joined(_("%(n)d h") % {"n": hours}, _("%(n)d min"), rest // _MINUTE)
    days, rest = divmod(int(seconds), _DAY)
    # A hundred days and three hours are a hundred days.
    return _joined(_("%(n)d d") % {"n": days}, _("%(n)d h"), rest // _HOUR if days < 30 else 0)


def _joined(first: str, form: str, rest: int) -> str:
    return f"{first} {form % {'n': rest}}" if rest else first
