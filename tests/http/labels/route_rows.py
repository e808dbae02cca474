"""The label designer's rows for the table of routes (`tests/http/routes.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from suyuan.labels import services
from tests.labels_world import DESIGN, ROLL, logo_file

if TYPE_CHECKING:
    from tests.http.routes import World


def _template(world: World) -> dict[str, object]:
    row = services.create_template(actor=world.actor, name="瓶标", design=DESIGN, sheet=ROLL)
    return {"number": row.number}


def _version(world: World) -> dict[str, object]:
    return {**_template(world), "version": 1}


def _proof(world: World) -> dict[str, object]:
    return {**_template(world), "form": "png"}


def _logo(world: World) -> dict[str, object]:
    row = services.add_logo(actor=world.actor, name="mark", content=logo_file())
    return {"digest": row.digest}


ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {
    **dict.fromkeys(
        (
            "labels:designer",
            "labels:history",
            "labels:duplicate",
            "labels:archive",
            "labels:reopen",
            "api:label_template",
            "api:save_label_template",
            "api:label_versions",
            "api:restore_label_version",
            "api:duplicate_label_template",
            "api:archive_label_template",
            "api:reopen_label_template",
            "api:label_preview",
            "api:label_preview_of_values",
        ),
        _template,
    ),
    **dict.fromkeys(("labels:picture", "labels:restore"), _version),
    "labels:proof": _proof,
    "labels:start": lambda _world: {"start": "case", "language": "zh"},
    **dict.fromkeys(
        ("labels:logo", "labels:remove_logo", "api:label_logo", "api:remove_label_logo"), _logo
    ),
}

# A ready-made start belongs to nobody.
SHARED = frozenset({"labels:start"})
