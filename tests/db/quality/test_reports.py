"""Inspection reports."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.masterdata.services import create_product
from suyuan.quality import files, selectors
from suyuan.quality.errors import FileRefused, ReportRevoked
from suyuan.quality.models import InspectionReport
from suyuan.quality.services import add_report, publish_report, revoke_report, unpublish_report
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import DEFAULT_GRANTS, Role
from tests.recall_world import GTIN, MATERIAL_GTIN, PDF, World, picture


def _add(actor: Actor, **more: object) -> InspectionReport:
    given = {
        "title": "Pesticide residues",
        "target_kind": "product_lot",
        "gtin": GTIN,
        "lot": "L-A",
        "issued_by": "Zhejiang Laboratory",
        "issued_on": date(2026, 3, 2),
        "result": "pass",
        "data": PDF,
        "publish": True,
        **more,
    }
    return add_report(actor=actor, **given)  # type: ignore[arg-type]


def test_file_is_kept_by_its_content_in_the_organisations_folder(
    actor: Actor, world: World
) -> None:
    report = _add(actor)

    assert report.sha256 == hashlib.sha256(PDF).hexdigest()
    assert report.content_type == "application/pdf"
    path = files.path_of(actor.organisation_id, report.sha256)
    assert path.read_bytes() == PDF
    assert path.parent.parent.name == str(actor.organisation_id)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (PDF, "application/pdf"),
        (PDF.rstrip(), "application/pdf"),
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
    ],
)
def test_type_is_what_the_bytes_say(data: bytes, content_type: str) -> None:
    assert files.content_type_of(data) == content_type


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<html><script>alert(1)</script></html>", "file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
        (b"\n" + PDF, "file_type"),
        (b"GIF89a" + b"\0" * 40, "file_type"),
        (b"PK\x03\x04" + PDF, "file_type"),
        (b"%PDF-1.7 <html><script>x</script>\n%%EOF", "file_damaged"),
        (PDF + b"<script>alert(1)</script>", "file_damaged"),
        (PDF[:-10], "file_damaged"),
        (PDF[:-6] + b"PK\x05\x06" + b"\0" * 18 + b"%%EOF", "file_damaged"),
        (PDF.replace(b"/Catalog", b"/OpenAction << /S /JavaScript >>"), "file_active"),
        (PDF.replace(b"/Catalog", b"/Launch"), "file_active"),
        (picture("PNG") + b"<script>", "file_damaged"),
        (picture("PNG")[:-4], "file_damaged"),
        (picture("PNG").replace(b"IDAT", b"IDAX", 1), "file_damaged"),
        (picture("JPEG") + PDF, "file_damaged"),
        (picture("JPEG")[:60] + b"\xff\xd9", "file_damaged"),
        (b"\xff\xd8\xff\xd9", "file_damaged"),
    ],
)
def test_file_that_is_not_one_type_through_and_through_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        files.content_type_of(data)

    assert refusal.value.code == code


def test_file_beyond_ten_megabytes_is_refused() -> None:
    with pytest.raises(FileRefused) as refusal:
        files.content_type_of(PDF[:-6] + b" " * files.FILE_LIMIT + b"%%EOF\n")

    assert refusal.value.code == "file_too_large"


def test_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "PIXEL_LIMIT", 11)

    with pytest.raises(FileRefused):
        files.content_type_of(picture("PNG", (4, 3)))


def test_refused_file_stores_nothing(actor: Actor, world: World) -> None:
    with pytest.raises(FileRefused):
        _add(actor, data=b"<html>")

    assert not InspectionReport.objects.exists()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"issued_by": ""}, "issued_by"),
        ({"result": "maybe"}, "result"),
        ({"target_kind": "party"}, "target_kind"),
        ({"lot": ""}, "lot"),
        ({"valid_until": date(2026, 3, 1)}, "valid_until"),
    ],
)
def test_malformed_field_is_refused_with_its_place(
    actor: Actor, world: World, change: dict[str, object], place: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _add(actor, **change)

    assert refusal.value.place == place


@pytest.mark.parametrize(
    "change",
    [
        {"lot": "L-Z"},
        {"gtin": "09521234000099"},
        {"target_kind": "product", "gtin": "x"},
        {"target_kind": "material_lot", "gtin": "LEAF", "lot": "M-9"},
        {"target_kind": "material_lot", "gtin": "ROOT", "lot": "M-1"},
    ],
)
def test_report_on_unknown_goods_is_refused(
    actor: Actor, world: World, change: dict[str, object]
) -> None:
    with pytest.raises(NotFound):
        _add(actor, **change)


def test_other_organisations_goods_are_unknown(other_actor: Actor, world: World) -> None:
    with pytest.raises(NotFound):
        _add(other_actor)


@pytest.mark.parametrize("gtin", [MATERIAL_GTIN, "LEAF"])
def test_material_is_named_by_gtin_or_code(actor: Actor, world: World, gtin: str) -> None:
    report = _add(actor, target_kind="material_lot", gtin=gtin, lot="M-1")

    assert (report.gtin, report.lot) == (MATERIAL_GTIN, "M-1")


def test_lots_reports_come_first_then_the_products_then_the_materials(
    actor: Actor, world: World
) -> None:
    _add(actor, title="leaf", target_kind="material_lot", gtin="LEAF", lot="M-1")
    _add(actor, title="other leaf", target_kind="material_lot", gtin="LEAF", lot="M-2")
    _add(actor, title="product", target_kind="product", lot="")
    _add(actor, title="lot")
    _add(actor, title="hidden", publish=False)
    revoke_report(actor=actor, number=_add(actor, title="wrong").number, reason="Mixed up")

    found = selectors.reports_for(organisation_id=actor.organisation_id, gtin=GTIN, lot="L-A")

    assert [report.title for report in found] == ["lot", "product", "leaf"]


def test_colleagues_see_hidden_and_revoked_reports_too(actor: Actor, world: World) -> None:
    _add(actor, title="hidden", publish=False)
    revoke_report(actor=actor, number=_add(actor).number, reason="Mixed up")

    found = selectors.reports_for(
        organisation_id=actor.organisation_id, gtin=GTIN, lot="L-A", published_only=False
    )

    assert len(found) == 2


def test_product_alone_has_the_products_reports_only(actor: Actor, world: World) -> None:
    _add(actor)
    _add(actor, title="product", target_kind="product", lot="")

    found = selectors.reports_for(organisation_id=actor.organisation_id, gtin=GTIN, lot="")

    assert [report.title for report in found] == ["product"]


def test_public_file_follows_publication(actor: Actor, world: World) -> None:
    report = _add(actor, publish=False)

    def is_public() -> bool:
        try:
            selectors.public_file(report.sha256)
        except NotFound:
            return False
        return True

    assert not is_public()
    publish_report(actor=actor, number=report.number)
    assert is_public()
    publish_report(actor=actor, number=report.number)
    unpublish_report(actor=actor, number=report.number)
    assert not is_public()
    assert AuditEntry.objects.filter(object_kind="inspection_report").count() == 3


def test_revoked_report_is_never_shown_again(actor: Actor, world: World) -> None:
    report = _add(actor)

    revoke_report(actor=actor, number=report.number, reason="Mixed up")

    with pytest.raises(NotFound):
        selectors.public_file(report.sha256)
    with pytest.raises(ReportRevoked):
        publish_report(actor=actor, number=report.number)
    with pytest.raises(ReportRevoked):
        revoke_report(actor=actor, number=report.number, reason="Again")


def test_same_file_published_by_another_organisation_stays_public(
    actor: Actor, other_actor: Actor, world: World
) -> None:
    report = _add(actor)
    product = create_product(actor=other_actor, name_zh="海盐")
    _add(other_actor, target_kind="product", gtin=product.gtin)

    revoke_report(actor=actor, number=report.number, reason="Mixed up")

    mine = files.path_of(other_actor.organisation_id, report.sha256)
    assert selectors.public_file(report.sha256).path == mine


def test_lists_filter_by_words_result_visibility_and_goods(actor: Actor, world: World) -> None:
    _add(actor, title="Heavy metals", result="fail", publish=False)
    _add(actor)

    def titles(**filters: str) -> list[str]:
        return [r.title for r in selectors.list_reports(actor.organisation_id, **filters)]

    assert titles(text="metal") == ["Heavy metals"]
    assert titles(text="\0") == []
    assert titles(result="pass") == titles(shown="published") == ["Pesticide residues"]
    assert titles(shown="internal") == ["Heavy metals"]
    assert titles(shown="revoked") == []
    assert len(titles(gtin=GTIN, lot="L-A")) == 2
    assert selectors.report_counts(actor.organisation_id) == {"pass": 1, "fail": 1}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE, Role.MARKETING])
def test_roles_without_the_right_add_nothing(actor: Actor, world: World, role: Role) -> None:
    weak = replace(actor, rights=DEFAULT_GRANTS[role])

    with pytest.raises(Forbidden):
        _add(weak)
