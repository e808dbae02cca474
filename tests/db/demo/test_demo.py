"""The demonstration tells its story: every beat of it is there, and a second load adds nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from django.conf import settings

from suyuan.capture.models import Correction, EventSequence, StoredEvent
from suyuan.cli import serving
from suyuan.cli.demo import brand, consumers, load, neighbour, story
from suyuan.cli.demo.pictures import pack_shot
from suyuan.cli.main import main
from suyuan.core.identifiers import parse_identity
from suyuan.issuing.models import CodeOrder
from suyuan.kernel import clock
from suyuan.lineage import selectors as lineage
from suyuan.lineage.models import StockMark
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata.models import ProductPicture, Publication
from suyuan.quality.models import Complaint, ComplaintPicture, InspectionReport
from suyuan.recalls.models import Drill, EffectCount, Notice, RecallCase
from suyuan.recalls.services import preview_scope
from suyuan.tenancy.actor import system_actor
from suyuan.tenancy.models import CompanyPrefix, Membership, Organisation, User
from suyuan.tenancy.rights import Role
from suyuan.verification.models import Scan
from suyuan.verification.values import Verdict
from tests.db.demo.conftest import LOADED, telling


@pytest.fixture
def brand_id(demonstration: load.Facts) -> int:
    return Organisation.objects.get(slug=brand.SLUG).pk


def test_a_visitor_is_told_of_goods_that_exist(demonstration: load.Facts, brand_id: int) -> None:
    link = f"https://id.gs1.org{demonstration.consumer}"
    key = lineage.resolve(organisation_id=brand_id, text=link)
    assert key is not None
    state = lineage.state(organisation_id=brand_id, key=key)
    assert state.whereabouts is Whereabouts.SOLD
    assert state.commissioned


def test_the_bad_whey_reaches_goods_in_house_on_their_way_and_sold(
    demonstration: load.Facts, brand_id: int
) -> None:
    actor = system_actor(Organisation.objects.get(pk=brand_id))
    scope = preview_scope(actor=actor, starts=[demonstration.material_lot])
    found = {place.whereabouts for place in scope.places}
    assert {Whereabouts.IN_HOUSE, Whereabouts.IN_TRANSIT, Whereabouts.SOLD} <= found
    made = [day for key in ("stage1", "stage2") for day in story.MADE_ON[key] if 86 <= day < 117]
    assert len(scope.lots) == 1 + len(made)


def test_the_complaint_leads_to_the_bad_whey(demonstration: load.Facts, brand_id: int) -> None:
    complaint = Complaint.objects.get(organisation_id=brand_id, number=demonstration.complaint)
    assert complaint.status == "open"
    assert complaint.lot
    assert complaint.order_number
    assert (LOADED - complaint.reported_at).days < 14
    key = lineage.resolve(
        organisation_id=brand_id, text=f"https://id.gs1.org/01/{complaint.gtin}/10/{complaint.lot}"
    )
    assert key is not None
    behind = lineage.genealogy(organisation_id=brand_id, key=key)
    names = {node.identity.secondary for node in behind.nodes.values() if node.depth < 0}
    assert demonstration.material_lot in names


def test_the_bad_whey_passed_first_and_failed_later(
    demonstration: load.Facts, brand_id: int
) -> None:
    rows = InspectionReport.objects.filter(
        organisation_id=brand_id, target_kind="material_lot", lot=demonstration.material_lot
    )
    assert list(rows.order_by("created_at").values_list("result", flat=True)) == ["pass", "fail"]
    assert not rows.exclude(published_at=None).exists()


def test_the_recall_of_the_whey_is_left_to_the_visitor(brand_id: int) -> None:
    cases = RecallCase.objects.filter(organisation_id=brand_id).order_by("number")
    assert [case.status for case in cases] == ["closed", "approved"]
    assert "槐花蜜" in cases[0].title


def test_recalls_were_proposed_by_one_and_approved_by_another(brand_id: int) -> None:
    for case in RecallCase.objects.filter(organisation_id=brand_id):
        assert case.opened_by != case.approved_by
        assert case.begin_by is not None
        assert case.approved_at is not None
        assert case.approved_at < case.begin_by
        assert Notice.objects.filter(case_id=case.id).exclude(answer={}).exists()


def test_the_closed_recall_has_its_last_count(brand_id: int) -> None:
    counts = EffectCount.objects.filter(organisation_id=brand_id, case__status="closed")
    assert counts.filter(is_final=True).count() == 1


def test_drills_became_better(brand_id: int) -> None:
    scores = Drill.objects.filter(organisation_id=brand_id).order_by("number")
    told = [score or 0 for score in scores.values_list("score", flat=True)]
    assert len(told) == 4
    assert told == sorted(told)
    assert told[0] < told[-1]


def test_several_mothers_complain_of_several_lots_with_pictures(
    demonstration: load.Facts, brand_id: int
) -> None:
    texts = [words for _channel, words in consumers.ALSO_BAD]
    others = Complaint.objects.filter(organisation_id=brand_id, text__in=texts)
    assert len({complaint.lot for complaint in others}) > 1
    shown = ComplaintPicture.objects.filter(organisation_id=brand_id)
    assert shown.filter(complaint__number=demonstration.complaint).count() == 2
    assert shown.filter(complaint__in=others).exists()


def test_the_stock_is_there_at_once(brand_id: int) -> None:
    mark = StockMark.objects.get(organisation_id=brand_id)
    assert mark.at_seq == EventSequence.objects.get(organisation_id=brand_id).next - 1


def test_one_code_was_seen_in_seven_cities(demonstration: load.Facts, brand_id: int) -> None:
    serial = demonstration.copied.rpartition("/")[2]
    scans = Scan.objects.filter(organisation_id=brand_id, code=serial)
    assert scans.values("region").distinct().count() >= 7
    assert scans.filter(verdict=Verdict.GENUINE_FIRST).count() == 1


@pytest.mark.parametrize("verdict", [Verdict.NEVER_ISSUED, Verdict.NOT_ACTIVATED])
def test_forgers_have_tried(brand_id: int, verdict: Verdict) -> None:
    assert Scan.objects.filter(organisation_id=brand_id, verdict=verdict).exists()


def test_a_wrong_scan_was_declared_an_error(brand_id: int) -> None:
    assert Correction.objects.filter(organisation_id=brand_id).count() == 1


def test_some_events_came_late(brand_id: int) -> None:
    rows = StoredEvent.objects.filter(organisation_id=brand_id)
    day = 86_400_000_000
    assert sum(record > time + day for record, time in rows.values_list("record_time", "time")) > 0


def test_every_role_has_a_person(brand_id: int) -> None:
    roles = set(Membership.objects.filter(organisation_id=brand_id).values_list("role", flat=True))
    assert roles == {role.value for role in Role}


def test_every_product_has_a_picture(brand_id: int) -> None:
    products = ProductPicture.objects.filter(organisation_id=brand_id).values("product_id")
    assert products.distinct().count() == len(brand.PRODUCTS)


def test_numbers_of_events_have_no_gaps(demonstration: load.Facts) -> None:
    for sequence in EventSequence.objects.all():
        rows = StoredEvent.objects.filter(organisation_id=sequence.organisation_id)
        assert rows.count() == sequence.next - 1


def test_nothing_happens_after_the_load(demonstration: load.Facts) -> None:
    latest = StoredEvent.objects.order_by("-record_time").values_list("record_time", flat=True)[0]
    assert latest <= LOADED.timestamp() * 1_000_000


def test_the_other_firm_sees_nothing_of_the_brand(brand_id: int) -> None:
    other = Organisation.objects.get(slug=neighbour.SLUG)
    order = CodeOrder.objects.filter(organisation_id=brand_id).first()
    assert order is not None
    assert StoredEvent.objects.filter(organisation_id=other.pk).exists()
    link = f"https://id.gs1.org{load.facts().consumer}"
    assert lineage.resolve(organisation_id=other.pk, text=link) is None


def test_no_event_holds_a_buyer(brand_id: int) -> None:
    from suyuan.capture.selectors import event_documents  # noqa: PLC0415

    text = json.dumps(
        [d.event for d in event_documents(brand_id, range(1, 2000))], ensure_ascii=False
    )
    assert "138-0000" not in text
    assert "李女士" not in text


@pytest.mark.slow
def test_the_same_moment_tells_the_same_story(demonstration: load.Facts) -> None:
    before = telling()
    CompanyPrefix.objects.all().delete()
    Publication.objects.all().delete()
    for organisation in Organisation.objects.all():
        organisation.slug = f"earlier-{organisation.slug}"
        organisation.save()
    for user in User.objects.all():
        user.email = f"earlier.{user.email}"
        user.save()
    with clock.held_at(LOADED):
        load.load(items=600)
    assert telling() == before


def test_a_second_demo_changes_nothing(
    demonstration: load.Facts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "collect_assets", lambda: True)
    before = telling()
    assert main(["demo", "--no-serve", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["fresh"] is False
    assert told["email"] == brand.OWNER
    assert telling() == before


def test_the_demonstration_is_refused_where_others_could_sign_in(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    public = replace(settings.ENVIRONMENT, public_url="https://suyuan.example")
    monkeypatch.setattr(settings, "ENVIRONMENT", public)
    assert main(["demo", "--no-serve"]) == 1
    assert "--force" in capsys.readouterr().err


def test_the_screenshots_find_what_they_need_in_what_is_printed(
    demonstration: load.Facts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "collect_assets", lambda: True)
    main(["demo", "--no-serve"])
    printed = capsys.readouterr().out
    assert re.findall(r"[\w.+-]+@[\w.-]+\w", printed)[0] == brand.OWNER
    assert demonstration.partner in printed
    assert re.findall(r"password: (\S+)", printed) == [brand.PASSWORD]
    assert re.findall(r"https?://\S+(/01/\d{14}/21/\S+)", printed)[0] == demonstration.consumer


def test_pack_shots_are_the_same_each_time() -> None:
    assert pack_shot("tin") == pack_shot("tin")


def test_numbers_lie_under_the_prefix_for_demonstrations() -> None:
    for product in brand.PRODUCTS:
        assert parse_identity(f"https://id.gs1.org/01/{product.gtin}").primary.startswith("0952")
