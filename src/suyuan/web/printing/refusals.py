"""Show what printing refused, at the field that it is about.

Owns: the words of refusals that name people, times, or many codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django import forms

from suyuan.kernel.errors import Forbidden, SuyuanError
from suyuan.printing.errors import AlreadyPrinted
from suyuan.web.messages import message, sentence
from suyuan.web.printing.words import claimed


def told(error: SuyuanError) -> str:
    """Return what a refusal says."""
    if isinstance(error, AlreadyPrinted):
        return message(error.code, claimed(error.data))
    return sentence(error)


def refused_codes(error: SuyuanError) -> list[dict[str, str]]:
    """Return each code that a refusal names, with its reason in words."""
    found: Any = error.data.get("refused", ())
    return [{"given": one["given"], "reason": message(one["reason"], {})} for one in found]


@contextmanager
def shown_on(form: forms.Form, fields: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn a refusal within into an error of `form`; ask `form.errors` afterwards.

    The codes that it names are `form.refused`, one by one.
    """
    form.refused = []  # type: ignore[attr-defined]  # for the template
    try:
        yield
    except Forbidden:
        raise
    except SuyuanError as error:
        place = error.place.strip("/").split("/")[0] or str(error.data.get("kind", ""))
        place = (fields or {}).get(place, place)
        form.add_error(place if place in form.fields else None, told(error))
        form.refused = refused_codes(error)  # type: ignore[attr-defined]
