"""Facts about imports: preview, apply, errors, the way back from an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from suyuan.exchange import selectors, services
from suyuan.exchange.errors import ImportHasErrors, PreviewOutdated
from suyuan.exchange.models import ImportRun
from suyuan.exchange.outcomes import Act, Outcome
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.masterdata import services as masterdata
from suyuan.masterdata.errors import GtinClaimed
from suyuan.masterdata.models import Location, Lot, Material, MaterialLot, Party, Product
from suyuan.masterdata.services import gtins
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

pytestmark = pytest.mark.django_db

GTIN = "09521234000013"
PARTIES = "往来单位代码,类型,中文名称,地址\nF1,factory,西湖茶厂,杭州\nS1,supplier,茶农合作社,\n"


def upload(actor: Actor, kind: str, text: str | bytes) -> ImportRun:
    body = text if isinstance(text, bytes) else text.encode()
    return services.preview_import(actor=actor, kind=kind, file_name="表.csv", body=body)


def outcomes(run: ImportRun) -> list[Outcome]:
    return list(selectors.preview_of(run).outcomes)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.creates, run.updates, run.unchanged, run.faults


def fault(run: ImportRun) -> tuple[int, str, str]:
    (only,) = [outcome for outcome in outcomes(run) if outcome.fault]
    assert only.fault is not None
    return only.row, only.fault.code, only.fault.place


def test_preview_writes_no_row_and_apply_writes_all(actor: Actor) -> None:
    run = upload(actor, "parties", PARTIES)
    assert counts(run) == (2, 0, 0, 0)
    assert not Party.objects.exists()
    services.apply_import(actor=actor, reference=run.reference)
    assert list(Party.objects.order_by("code").values_list("code", "name_zh", "address")) == [
        ("F1", "西湖茶厂", "杭州"),
        ("S1", "茶农合作社", ""),
    ]


def test_second_import_of_the_same_file_is_all_unchanged(actor: Actor) -> None:
    services.apply_import(actor=actor, reference=upload(actor, "parties", PARTIES).reference)
    again = upload(actor, "parties", PARTIES)
    assert counts(again) == (0, 0, 2, 0)
    services.apply_import(actor=actor, reference=again.reference)
    assert Party.objects.count() == 2


def test_applying_twice_returns_the_finished_run(actor: Actor) -> None:
    run = upload(actor, "parties", PARTIES)
    first = services.apply_import(actor=actor, reference=run.reference)
    second = services.apply_import(actor=actor, reference=run.reference)
    assert first.applied_at == second.applied_at
    assert Party.objects.count() == 2


def test_update_shows_each_field_before_and_after(actor: Actor) -> None:
    masterdata.create_party(actor=actor, code="F1", kind="factory", name_zh="旧名")
    run = upload(actor, "parties", PARTIES)
    assert counts(run) == (1, 1, 0, 0)
    update = next(outcome for outcome in outcomes(run) if outcome.act is Act.UPDATE)
    assert update.changes == {"name_zh": ("旧名", "西湖茶厂"), "address": ("", "杭州")}


def test_column_that_is_not_in_the_file_is_left_as_it_is(actor: Actor) -> None:
    masterdata.create_party(actor=actor, code="F1", kind="factory", name_zh="厂", address="杭州")
    run = upload(actor, "parties", "code,name_zh\nF1,新名\n")
    services.apply_import(actor=actor, reference=run.reference)
    row = Party.objects.get(code="F1")
    assert (row.name_zh, row.address) == ("新名", "杭州")


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        ("F 1,factory,厂", "code_charset", "code"),
        (",factory,厂", "required", "code"),
        ("F1,castle,厂", "not_an_option", "kind"),
        ("F1,,厂", "required", "kind"),
        ("F1,factory,", "required", "name_zh"),
        ("F1,factory,厂\0", "text_control_character", "name_zh"),
        ("F1,factory,\u202eabc", "text_control_character", "name_zh"),
        ("OK,factory,厂", "row_twice", "row 2"),
    ],
)
def test_refused_row_has_row_code_and_place_and_stops_the_whole_import(
    actor: Actor, row: str, code: str, place: str
) -> None:
    run = upload(actor, "parties", f"code,kind,name_zh\nOK,factory,好\n{row}\n")
    assert fault(run) == (3, code, place)
    with pytest.raises(ImportHasErrors):
        services.apply_import(actor=actor, reference=run.reference)
    assert not Party.objects.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("code,colour\nF1,red\n", "column_unknown"),
        ("code,CODE\nF1,F1\n", "column_twice"),
        ("name_zh\n厂\n", "column_missing"),
        ("", "file_empty"),
    ],
)
def test_file_with_other_headings_is_refused_whole(actor: Actor, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        upload(actor, "parties", text)
    assert caught.value.code == code
    assert not ImportRun.objects.exists()


def test_data_changed_since_the_preview_asks_for_another(actor: Actor) -> None:
    run = upload(actor, "parties", PARTIES)
    masterdata.create_party(actor=actor, code="F1", kind="factory", name_zh="先到")
    with pytest.raises(PreviewOutdated):
        services.apply_import(actor=actor, reference=run.reference)
    assert Party.objects.get().name_zh == "先到"


def test_row_that_a_service_refuses_at_the_last_moment_undoes_all(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(actor, "products", f"GTIN,中文名称\n,一号\n{GTIN},二号\n")

    def claimed(_: Sequence[Product]) -> None:
        raise GtinClaimed(place="gtin", gtin=GTIN)

    monkeypatch.setattr(gtins, "claim", claimed)
    with pytest.raises(PreviewOutdated) as caught:
        services.apply_import(actor=actor, reference=run.reference)
    assert caught.value.place == "row 3"
    assert not Product.objects.exists()


def test_product_without_gtin_is_numbered_once_and_found_again(actor: Actor) -> None:
    text = "GTIN,中文名称,追溯粒度\n,龙井,item\n"
    services.apply_import(actor=actor, reference=upload(actor, "products", text).reference)
    assert counts(upload(actor, "products", text)) == (0, 0, 1, 0)


def test_gtin_of_another_organisation_is_a_fault_of_its_row(
    actor: Actor, other_actor: Actor
) -> None:
    masterdata.create_product(actor=other_actor, gtin=GTIN, name_zh="别家")
    run = upload(actor, "products", f"GTIN,中文名称\n{GTIN},我家\n")
    assert fault(run) == (2, "gtin_claimed", "gtin")


@pytest.mark.parametrize(
    ("gtin", "code"), [("9521234000014", "gtin_check_digit"), ("95 21", "gtin_length")]
)
def test_malformed_gtin_is_a_fault_of_its_row(actor: Actor, gtin: str, code: str) -> None:
    assert fault(upload(actor, "products", f"GTIN,中文名称\n{gtin},茶\n")) == (2, code, "gtin")


def test_granularity_of_issued_codes_is_a_fault_of_its_row(actor: Actor) -> None:
    row = masterdata.create_product(actor=actor, gtin=GTIN, name_zh="茶", granularity="item")
    masterdata.mark_codes_issued(actor=actor, product_id=row.id)
    run = upload(actor, "products", f"GTIN,追溯粒度\n{GTIN},batch\n")
    assert fault(run) == (2, "codes_issued", "granularity")


def fill(actor: Actor) -> None:
    """Store a row of every kind, with every awkward text."""
    text = "=cmd|'/c calc'!A1"
    masterdata.create_party(actor=actor, code="S1", kind="supplier", name_zh=text, contact="+86 1")
    masterdata.create_location(
        actor=actor, code="L1", name_zh="'引号", party="S1", latitude=-33.5, longitude=0.000001
    )
    masterdata.create_material(actor=actor, code="M1", name_zh="@鲜叶", supplier="S1", uom="KGM")
    masterdata.create_product(
        actor=actor, gtin=GTIN, name_zh="-茶", description_zh='一\n二,三"四', shelf_life_days=9
    )
    masterdata.create_lot(
        actor=actor, gtin=GTIN, code="=A/1", produced_on=date(2026, 3, 1), location="L1"
    )
    masterdata.create_material_lot(actor=actor, material="M1", code="-9", quantity=12)  # type: ignore[arg-type]


KINDS = ["products", "materials", "parties", "locations", "lots", "material_lots"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_imports_as_unchanged(actor: Actor, kind: str, language: str, form: str) -> None:
    fill(actor)
    organisation_id = actor.organisation_id
    if form == "csv":
        body = b"".join(selectors.export_csv(organisation_id, kind, language=language))
    else:
        body = selectors.export_xlsx(organisation_id, kind, language=language)
    assert counts(upload(actor, kind, body)) == (0, 0, 1, 0)


def test_export_moves_everything_to_another_organisation(actor: Actor, other_actor: Actor) -> None:
    fill(actor)
    masterdata.update_product(actor=actor, gtin=GTIN, own=False)
    for kind in ("parties", "locations", "materials", "products", "lots", "material_lots"):
        body = b"".join(selectors.export_csv(actor.organisation_id, kind, language="en"))
        run = upload(other_actor, kind, body)
        assert counts(run) == (1, 0, 0, 0), (kind, outcomes(run))
        services.apply_import(actor=other_actor, reference=run.reference)
    for model in (Party, Location, Material, Product, Lot, MaterialLot):
        rows: Any = model
        assert rows.objects.filter(organisation_id=other_actor.organisation_id).count() == 1


def test_export_holds_nothing_of_another_organisation(actor: Actor, other_actor: Actor) -> None:
    fill(other_actor)
    body = b"".join(selectors.export_csv(actor.organisation_id, "parties", language="en"))
    assert body.decode("utf-8-sig").splitlines()[1:] == []


def test_relation_to_another_organisations_row_is_unknown(actor: Actor, other_actor: Actor) -> None:
    fill(other_actor)
    assert fault(upload(actor, "lots", f"gtin,code,produced_on\n{GTIN},A,2026-03-01\n"))[1] == (
        "product_unknown"
    )
    assert fault(upload(actor, "materials", "code,name_zh,supplier\nM9,叶,S1\n"))[1] == (
        "party_unknown"
    )


def test_error_file_can_be_corrected_and_imported(actor: Actor) -> None:
    run = upload(actor, "parties", "code,kind,name_zh\nF1,castle,厂\nF2,factory,好\n")
    body = b"".join(
        selectors.fault_csv(run, language="zh-hans", sentence=lambda fault: f"={fault.code}")
    )
    text = body.decode("utf-8-sig")
    assert text.splitlines()[1] == "F1,castle,厂,2,not_an_option,kind,'=not_an_option"
    corrected = upload(actor, "parties", text.replace("castle", "factory"))
    assert counts(corrected) == (1, 0, 0, 0)


def test_import_of_another_organisation_looks_unknown(actor: Actor, other_actor: Actor) -> None:
    run = upload(actor, "parties", PARTIES)
    with pytest.raises(NotFound):
        services.apply_import(actor=other_actor, reference=run.reference)


def test_import_needs_the_right_to_edit(actor: Actor) -> None:
    reader = replace(actor, rights=frozenset({Right.MASTERDATA_VIEW}))
    with pytest.raises(Forbidden):
        upload(reader, "parties", PARTIES)
    run = upload(actor, "parties", PARTIES)
    with pytest.raises(Forbidden):
        services.apply_import(actor=reader, reference=run.reference)


def test_unknown_kind_is_refused(actor: Actor) -> None:
    with pytest.raises(Invalid, match="import_kind_unknown"):
        upload(actor, "people", PARTIES)
