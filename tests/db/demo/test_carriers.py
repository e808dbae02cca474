"""What the demonstration shows of carriers: labels, packages, sets, chips, tags, hidden codes."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from suyuan.carriers.models import Reason
from suyuan.carriers.selectors import history
from suyuan.cli.demo import brand, load
from suyuan.core.carriers.reading import read_picture
from suyuan.issuing.models import SetPlan
from suyuan.labels.models import LabelTemplate
from suyuan.lineage import selectors as lineage
from suyuan.nfc.models import KeyProfile
from suyuan.printhouse.models import Package, PackageState
from suyuan.printing.models import After, LabelVoid, Printer, PrintJob
from suyuan.printing.services import download_file
from suyuan.tenancy.actor import system_actor
from suyuan.tenancy.models import Organisation
from suyuan.verification import reveals
from suyuan.verification.facts import ProductFacts, product_facts
from suyuan.verification.models import Reveal, Scan
from suyuan.verification.reveals import Opening
from suyuan.verification.services import verify_item
from suyuan.verification.taps import verify_item_tap
from suyuan.verification.values import SeenBy, Verdict, Verification

VISITOR = SeenBy(address="127.0.0.1", agent="Visitor/1.0")


@pytest.fixture
def brand_id(demonstration: load.Facts) -> int:
    return Organisation.objects.get(slug=brand.SLUG).pk


def liquor() -> ProductFacts:
    facts = product_facts(brand.LIQUOR.gtin)
    assert facts is not None
    return facts


def tap(link: str) -> Verification:
    parts = urlsplit(link)
    serial = parts.path.rpartition("/")[2]
    message = dict(parse_qsl(parts.query))
    return verify_item_tap(facts=liquor(), serial=serial, parameters=message, seen_by=VISITOR)


def test_the_printed_tap_is_genuine_once_and_a_replay_the_second_time(
    demonstration: load.Facts,
) -> None:
    assert tap(demonstration.tap).verdict is Verdict.TAP_GENUINE
    assert tap(demonstration.tap).verdict is Verdict.TAP_REPLAYED
    following = load.facts().tap
    assert following != demonstration.tap
    assert tap(following).verdict is Verdict.TAP_GENUINE


def test_the_chip_was_tapped_genuinely_before_the_load(brand_id: int) -> None:
    taps = Scan.objects.filter(organisation_id=brand_id, verdict=Verdict.TAP_GENUINE)
    assert taps.count() == 1


def test_published_keys_are_marked_as_a_test(brand_id: int) -> None:
    assert KeyProfile.objects.get(organisation_id=brand_id).test


def test_the_printed_hidden_code_is_the_first_one_entered(demonstration: load.Facts) -> None:
    serial = demonstration.scratch.rpartition("/")[2]
    found = verify_item(facts=liquor(), serial=serial, seen_by=VISITOR)
    assert reveals.asks_for_code(liquor(), found)
    opened = reveals.open_code(found=found, text=demonstration.hidden, seen_by=VISITOR)
    assert opened.opening is Opening.FIRST
    assert load.facts().scratch != demonstration.scratch


def test_the_copied_bottle_was_opened_and_another_guessed_at(
    demonstration: load.Facts, brand_id: int
) -> None:
    copied = lineage.resolve(
        organisation_id=brand_id, text=f"https://id.gs1.org{demonstration.copied}"
    )
    rows = Reveal.objects.filter(organisation_id=brand_id)
    assert [row.id for row in rows if row.opened_at] == [copied]
    told = sorted((row.tries, row.opened_at is not None) for row in rows)
    assert told == [(0, True), (3, False)]


def test_a_bottle_has_had_three_carriers(demonstration: load.Facts, brand_id: int) -> None:
    link = f"https://id.gs1.org{demonstration.tapped}"
    key = lineage.resolve(organisation_id=brand_id, text=link)
    assert key is not None
    rows = history(brand_id, key)
    assert sorted((row.kind, row.is_live) for row in rows) == [
        ("nfc", True),
        ("rfid", False),
        ("rfid", True),
    ]
    ended = next(row for row in rows if not row.is_live)
    new = next(row for row in rows if row.kind == "rfid" and row.is_live)
    assert (ended.reason, new.replaces_id) == (Reason.DAMAGED, ended.id)


def test_a_label_was_printed_again_and_two_codes_withdrawn(brand_id: int) -> None:
    jobs = list(PrintJob.objects.filter(organisation_id=brand_id).order_by("number"))
    assert [job.state for job in jobs] == ["done", "done", "done"]
    first, again = jobs[0], jobs[1]
    voids = LabelVoid.objects.filter(organisation_id=brand_id, job_id=first.id)
    assert sorted((row.after, row.count, row.reprint_id) for row in voids) == [
        (After.REPRINT, 1, again.id),
        (After.WITHDRAW, 2, None),
    ]
    first.order.refresh_from_db()
    assert first.order.withdrawn_count == 2
    assert first.order.commissioned_count == first.order.count - 2


def test_the_printed_sheet_reads_back_to_the_order(brand_id: int) -> None:
    actor = system_actor(Organisation.objects.get(pk=brand_id))
    job = PrintJob.objects.filter(organisation_id=brand_id).order_by("number")[0]
    reading = read_picture(download_file(actor=actor, number=job.number).path.read_bytes())
    assert len({code.text for code in reading.codes}) == job.total


def test_templates_and_printers_are_there(brand_id: int) -> None:
    assert LabelTemplate.objects.filter(organisation_id=brand_id).count() == 3
    assert Printer.objects.filter(organisation_id=brand_id).count() == 2


def test_one_package_is_closed_and_one_is_on_its_way(brand_id: int) -> None:
    first, second = Package.objects.filter(organisation_id=brand_id).order_by("number")
    assert (first.state, second.state) == (PackageState.RECONCILED, PackageState.SENT)
    assert (first.lines, first.used_count, first.spoiled_count) == (400, 388, 8)
    assert first.missing_count == 4


def test_the_labels_that_the_print_house_lost_turn_up_and_are_withdrawn(brand_id: int) -> None:
    scans = Scan.objects.filter(organisation_id=brand_id, region="441900", gtin=brand.LIQUOR.gtin)
    assert scans.filter(verdict=Verdict.NOT_ACTIVATED).count() == 2
    assert scans.filter(verdict=Verdict.WITHDRAWN).count() == 2


def test_half_of_the_sets_are_active(brand_id: int) -> None:
    sets = SetPlan.objects.get(organisation_id=brand_id)
    assert (sets.cases, sets.active_cases) == (10, 5)
    assert (sets.pallets, sets.active_pallets) == (2, 1)
