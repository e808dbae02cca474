"""Show what a service or capture refused, at the field that it is about.

Owns: which exceptions a form of issuing or process answers itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from django import forms

from suyuan.core.epcis import DocumentError
from suyuan.kernel.errors import Forbidden, SuyuanError
from suyuan.web.messages import message, sentence

_MOST: Final = 20  # faults of one document that a page lists
_FIELDS: Final = {"lot": "lot_code", "location": "location_code", "product": "gtin"}
_TIMES: Final = frozenset({"time_in_future", "time_malformed"})


@contextmanager
def shown_on(form: forms.Form, fields: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn a refusal within into errors of `form`; ask `form.errors` afterwards.

    Args:
        form: The form that was sent.
        fields: Where the form calls a field otherwise than the service's place does.
    """
    try:
        yield
    except Forbidden:
        raise
    except SuyuanError as error:
        # What is not found says what it is, where the place is not known.
        place = error.place.strip("/").split("/")[0] or str(error.data.get("kind", ""))
        place = (_FIELDS | dict(fields or {})).get(place, place)
        form.add_error(place if place in form.fields else None, sentence(error))
    except DocumentError as error:
        for code, data in {fault.code: fault.data for fault in error.faults[:_MOST]}.items():
            at_time = code in _TIMES and "time" in form.fields
            form.add_error("time" if at_time else None, message(code, dict(data)))
