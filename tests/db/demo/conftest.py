"""A small demonstration, loaded for all tests of this folder.

Owns: `demonstration`. It lies beneath the tests' transactions, so what a test changes is undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db.models import Model
from pytest_django import DjangoDbBlocker

from suyuan.capture.models import CaptureJob, StoredEvent
from suyuan.carriers.models import Carrier
from suyuan.cli.demo import brand, load
from suyuan.issuing.models import Allotment, CodeOrder, Packing, SetPlan, Withdrawal
from suyuan.kernel import clock
from suyuan.masterdata.models import Lot, MaterialLot
from suyuan.nfc.models import Chip
from suyuan.partners.models import Partner, ShareRule
from suyuan.printhouse.models import Package
from suyuan.printing.models import LabelVoid, PrintJob
from suyuan.quality.models import Complaint, InspectionReport
from suyuan.recalls.models import Drill, Notice, RecallCase, ReturnScan
from suyuan.subscriptions.models import NamedQuery, Subscription
from suyuan.tenancy.models import AuditEntry, Organisation
from suyuan.verification.memory import forget_all
from suyuan.verification.models import Reveal, Scan

LOADED = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
"""When the demonstration was loaded: 15:30 in Shanghai."""


def telling() -> dict[str, object]:
    """Return what is the same in every load of one moment: how many, which numbers, where."""
    brand_id = Organisation.objects.get(slug=brand.SLUG).pk

    def rows(model: type[Model], *fields: str) -> list[tuple[object, ...]]:
        found = model._default_manager.filter(organisation_id=brand_id)
        return sorted(found.values_list(*fields)) if fields else [(found.count(),)]

    return {
        "audited": rows(AuditEntry),
        "jobs": rows(CaptureJob, "source", "actor", "first_seq", "last_seq", "created_at"),
        "events": rows(StoredEvent, "seq", "time", "type", "action", "step", "disposition"),
        "scans": rows(Scan, "at", "verdict", "region"),
        "orders": rows(CodeOrder, "number", "start", "count", "created_at"),
        "lots": rows(Lot, "code", "produced_on"),
        "material lots": rows(MaterialLot, "code", "received_on"),
        "packings": rows(Packing, "first_number", "cases", "pallets"),
        "complaints": rows(Complaint, "number", "reported_at"),
        "claims": rows(Allotment, "kind", "reference", "first", "count", "copy", "created_at"),
        "withdrawals": rows(Withdrawal, "reference", "count", "created_at"),
        "sets": rows(SetPlan, "number", "cases", "active_cases", "active_pallets"),
        "print jobs": rows(PrintJob, "number", "state", "done", "total"),
        "void labels": rows(LabelVoid, "count", "reason", "after", "at"),
        "packages": rows(Package, "number", "state", "used_count", "spoiled_count"),
        "carriers": rows(Carrier, "kind", "value", "bound_at", "reason"),
        "chips": rows(Chip, "uid", "counter", "taps"),
        "hidden codes": rows(Reveal, "tries", "opened_at"),
        "partners": rows(Partner, "delivery", "created_at"),
        "shares": rows(ShareRule, "number", "note", "created_at"),
        "queries": rows(NamedQuery, "name", "created_at"),
        "subscriptions": rows(Subscription, "name", "state", "after_seq"),
        "recalls": rows(RecallCase, "number", "status", "item_count", "held_count"),
        "notices": rows(Notice, "number", "kind", "channel", "state", "item_count"),
        "returns": rows(ReturnScan, "at", "location"),
        "drills": rows(Drill, "number", "item_count", "score"),
        "reports": rows(InspectionReport, "number", "lot", "result"),
    }


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[load.Facts]:
    """Load the demonstration, and take it away again."""
    with django_db_blocker.unblock():
        with clock.held_at(LOADED):
            load.load(items=600)
        facts = load.facts()
    yield facts
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
        forget_all()


@pytest.fixture
def demonstration(loaded: load.Facts, db: None) -> load.Facts:
    """Return what a visitor is told of the loaded demonstration."""
    return loaded
