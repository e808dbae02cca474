"""Tables that people upload, CSV or XLSX, of which all rows are taken or none.

Owns: the field of such a file, and the rows' faults as a page shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from suyuan.carriers.errors import BindingsRefused
from suyuan.kernel.errors import SuyuanError
from suyuan.kernel.spreadsheets import MOST_BYTES
from suyuan.web.messages import sentence

_FAULTS_SHOWN: Final = 200


class SheetField(forms.FileField):
    """A CSV or XLSX file; what is too large is refused before it is read."""

    def __init__(self, *, label: Any) -> None:
        """Say what may be chosen."""
        super().__init__(
            label=label,
            help_text=_("CSV or XLSX, at most 10,000 rows."),
            widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        )

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[bytes]:
        """Refuse what is too large."""
        upload: UploadedFile[bytes] = super().clean(data, initial)
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        return upload


@dataclass(frozen=True, slots=True)
class RowFaults:
    """How many rows were refused, and the first of them for the page."""

    count: int = 0
    shown: tuple[dict[str, object], ...] = ()


def take_in[Done](form: forms.Form, act: Callable[[bytes], Done]) -> Done | RowFaults:
    """Return what `act` did with the form's `file`, or the rows for which it refused.

    A form that was not sent, or is not valid, has no faulty rows; what is wrong with the whole file
    is shown at its field.
    """
    if form.is_valid():
        try:
            return act(form.cleaned_data["file"].read())
        except BindingsRefused as refused:
            shown = tuple(
                {"row": one.row, "column": one.error.place, "sentence": sentence(one.error)}
                for one in refused.rows[:_FAULTS_SHOWN]
            )
            return RowFaults(len(refused.rows), shown)
        except SuyuanError as error:
            form.add_error("file", sentence(error))
    return RowFaults()
