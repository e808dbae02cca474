"""What a refused report says, with the read that it is about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from suyuan.core.epcis import DocumentError
from suyuan.kernel.errors import SuyuanError
from suyuan.web.messages import message, sentence


def told(error: SuyuanError | DocumentError) -> str:
    """Return the sentence of a refusal, and its place in the report."""
    if isinstance(error, DocumentError):
        fault = error.faults[0]
        return message(fault.code, dict(fault.data))
    if not error.place.startswith("/"):
        return sentence(error)
    return _("%(sentence)s It is at %(place)s; nothing of the report was taken.") % {
        "sentence": sentence(error),
        "place": error.place,
    }
