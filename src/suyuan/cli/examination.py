"""What `suyuan doctor` looks at.

Owns: the checks, as a table; each returns findings and changes nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from django.apps import apps
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Exists, F, Max, Min, OuterRef

from suyuan.capture.columns import differing_segments
from suyuan.capture.models import EventSequence, StoredEvent
from suyuan.cli.rebuilding import differing_events
from suyuan.cli.serving import pending_migrations
from suyuan.cli.soundness import first_fault
from suyuan.kernel.models import TenantRelation
from suyuan.tenancy.models import Organisation

_SECRET_LENGTH: Final = 32
_SECRET_SIGNS: Final = 10  # different characters in a secret that was not typed by hand


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `fatal` makes the following ones pointless."""

    check: str
    grade: Literal["good", "warn", "bad"]
    text: str
    fatal: bool = False


def _database(_events: int) -> list[Finding]:
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                return _sqlite(cursor)
            cursor.execute("SHOW server_version")
            return [Finding("database", "good", f"PostgreSQL {cursor.fetchone()[0]}")]
    except DatabaseError as error:
        return [Finding("database", "bad", str(error).strip().splitlines()[0], fatal=True)]


def _sqlite(cursor: CursorWrapper) -> list[Finding]:
    def ask(statement: str) -> list[tuple[object, ...]]:
        cursor.execute(statement)
        return list(cursor.fetchall())

    def pragma(name: str) -> str:
        return str(ask(f"PRAGMA {name}")[0][0])

    mode, keys = pragma("journal_mode"), pragma("foreign_keys")
    damage = first_fault(ask)
    wrong = [
        text
        for text, bad in (
            (f"journal mode {mode}, not wal", mode != "wal"),
            ("foreign keys are off", keys != "1"),
            (f"damaged: {damage}", bool(damage)),
        )
        if bad
    ]
    if wrong:
        return [Finding("database", "bad", "; ".join(wrong))]
    return [Finding("database", "good", "SQLite, write-ahead log, foreign keys on, undamaged")]


def _migrations(_events: int) -> list[Finding]:
    pending = pending_migrations()
    if pending:
        return [
            Finding("migrations", "bad", f"{len(pending)} pending, from {pending[0]}", fatal=True)
        ]
    return [Finding("migrations", "good", "all applied")]


def _secret(_events: int) -> list[Finding]:
    key = settings.SECRET_KEY
    if len(key) < _SECRET_LENGTH or len(set(key)) < _SECRET_SIGNS:
        return [Finding("secret", "bad", "short or repetitive: use 48 random characters")]
    if settings.ENVIRONMENT.makes_own_secret:
        grade: Literal["warn", "bad"] = "warn" if settings.ENVIRONMENT.is_loopback else "bad"
        return [Finding("secret", grade, "lies in the data folder; set SUYUAN_SECRET_KEY")]
    return [Finding("secret", "good", "from the environment")]


def _folder(_events: int) -> list[Finding]:
    folder = Path(settings.ENVIRONMENT.data_dir)
    if not folder.is_dir():
        return [Finding("data folder", "bad", f"{folder} is not there")]
    found = []
    if not os.access(folder, os.W_OK):
        found.append(Finding("data folder", "bad", f"{folder} cannot be written"))
    secret = folder / "secret-key"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        found.append(Finding("data folder", "bad", "others can read secret-key: chmod 600"))
    if stat.S_IMODE(folder.stat().st_mode) & 0o002:
        found.append(Finding("data folder", "bad", f"anybody can write {folder}: chmod o-w"))
    return found or [Finding("data folder", "good", str(folder))]


def _orphans(_events: int) -> list[Finding]:
    """Ask each relation within a tenant for rows that point nowhere: no database refuses them."""
    relations = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, TenantRelation) and field.model is model
    ]
    found = []
    for relation in relations:
        column = relation.from_fields[1]
        # Spelt out: a join to the other row's own key is what the ORM would leave out.
        there = relation.related_model._default_manager.filter(
            organisation_id=OuterRef("organisation_id"), id=OuterRef(column)
        )
        rows = relation.model._default_manager.filter(
            ~Exists(there), **{f"{column}__isnull": False}
        )
        if lost := rows.count():
            name = f"{relation.model._meta.label}.{relation.name}"
            found.append(Finding("orphans", "bad", f"{lost:,} rows of {name} point nowhere"))
    text = f"none, in {len(relations)} relations within a tenant"
    return found or [Finding("orphans", "good", text)]


def _sequences(_events: int) -> list[Finding]:
    found = []
    tried = set(Organisation.objects.exclude(sandbox_of=None).values_list("pk", flat=True))
    held = {
        row["organisation_id"]: row
        for row in StoredEvent.objects.exclude(organisation_id__in=tried)
        .values("organisation_id")
        .annotate(number=Count("seq"), first=Min("seq"), last=Max("seq"))
    }
    slugs = dict(Organisation.objects.values_list("pk", "slug"))
    # Only a sandbox may be emptied, and its numbers go on all the same.
    real = EventSequence.objects.exclude(organisation_id__in=tried)
    nexts = dict(real.values_list("organisation_id", "next"))
    for organisation_id, row in held.items():
        expected = nexts.get(organisation_id, 1) - 1
        if (row["number"], row["first"], row["last"]) != (expected, 1, expected):
            text = (
                f"{slugs[organisation_id]}: {row['number']:,} events, but numbers to {expected:,}"
            )
            found.append(Finding("sequence", "bad", text))
    found += [
        Finding("sequence", "bad", f"{slugs.get(one)}: no events, but numbers to {last - 1:,}")
        for one, last in nexts.items()
        if last > 1 and one not in held
    ]
    total = sum(row["number"] for row in held.values())
    return found or [
        Finding("sequence", "good", f"{total:,} events of {len(held)} organisations, without gaps")
    ]


def _index(events: int) -> list[Finding]:
    """Make the trace index and the facets of some events anew; queries find nothing else."""
    found, compared = [], 0
    for organisation in Organisation.objects.order_by("pk"):
        differences = differing_events(organisation.pk, events)
        compared += differences.compared
        for check, wrong in (("trace index", differences.trace), ("facets", differences.facets)):
            if wrong:
                shown = ", ".join(map(str, wrong[:5]))
                text = (
                    f"{organisation.slug}: {len(wrong)} of {differences.compared} events differ, "
                    f"such as {shown}"
                )
                found.append(Finding(check, "bad", text))
    sound = {"trace index", "facets"} - {finding.check for finding in found}
    text = f"rebuilt for {compared:,} events, nothing differs"
    return found + [Finding(check, "good", text) for check in sorted(sound, reverse=True)]


def _columns(events: int) -> list[Finding]:
    """Make some segments of columns anew; questions about very many goods find nothing else."""
    found, compared = [], 0
    for organisation in Organisation.objects.order_by("pk"):
        tried, wrong = differing_segments(organisation.pk, max(1, events // 100))
        compared += tried
        if wrong:
            text = (
                f"{organisation.slug}: {len(wrong)} of {tried} segments differ, such as that from "
                f"event {wrong[0]:,}; `suyuan rebuild columns` makes them anew"
            )
            found.append(Finding("columns", "bad", text))
    return found or [Finding("columns", "good", f"{compared} segments rebuilt, nothing differs")]


def _assets(_events: int) -> list[Finding]:
    sources = [Path(folder) / "build" for folder in settings.STATICFILES_DIRS]
    if not any(folder.is_dir() and any(folder.iterdir()) for folder in sources):
        return [Finding("screens", "warn", "not built: run `make install`")]
    if not Path(settings.STATIC_ROOT).is_dir():
        text = "not gathered: run `suyuan migrate`"
        return [Finding("screens", "warn", text)]
    return [Finding("screens", "good", "built and collected")]


def _unread(_events: int) -> list[Finding]:
    """Try every numbering key: a lost secret shows here, not on a consumer's page."""
    from suyuan.kernel.errors import SuyuanError  # noqa: PLC0415
    from suyuan.masterdata import numbering  # noqa: PLC0415
    from suyuan.masterdata.models import Product  # noqa: PLC0415

    tried = 0
    products = Product.objects.exclude(serial_key_id=None)
    for organisation_id, gtin in products.values_list("organisation_id", "gtin").order_by(
        F("gtin")
    ):
        tried += 1
        try:
            numbering.code_spaces(organisation_id, gtin)
        except SuyuanError:
            text = "sealed under another SUYUAN_SECRET_KEY: restore the old one"
            return [Finding("numbering keys", "bad", text, fatal=True)]
    return [Finding("numbering keys", "good", f"of {tried} products, readable")]


EXAMINATIONS: Final[tuple[Callable[[int], list[Finding]], ...]] = (
    _database,
    _migrations,
    _secret,
    _folder,
    _orphans,
    _sequences,
    _unread,
    _index,
    _columns,
    _assets,
)
