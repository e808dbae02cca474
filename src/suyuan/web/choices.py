"""What a field of a form offers, where only the request's organisation or language tells it.

Owns: `offer`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


def offer(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Let the field `name` of `form`, one that chooses, offer `choices`: pairs, or groups of them.

    Args:
        form: A form that is made already; its class is not changed.
        name: Of a `ChoiceField`.
        choices: As Django takes them: value and label, or a group's title and its pairs.
    """
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - else the form's class is wrong
    field.choices = list(choices)
