"""Commands do what they say, write JSON when asked, and fail with one line."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from suyuan.capture.facets import Facet
from suyuan.capture.forgetting import forget_events
from suyuan.capture.models import EventSequence, FacetEntry, StoredEvent, TraceEntry
from suyuan.cli import main as program
from suyuan.core.epcis import build
from suyuan.core.keyset import KeySet
from suyuan.issuing.models import CodeOrder
from suyuan.masterdata.models import Lot
from suyuan.masterdata.services import create_party
from suyuan.printhouse import services as printhouse
from suyuan.printhouse.values import Wanted
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry, Membership, Organisation, User
from suyuan.verification.models import Scan
from tests.db.cli.conftest import ORGANISATION, Run

pytestmark = pytest.mark.django_db

UNKNOWN = "https://id.gs1.org/01/09521234000013/21/NEVER0SEEN0000"
NEEDS_ORGANISATION = [
    ("codes",),
    ("trace", UNKNOWN),
    ("recall-scope", UNKNOWN),
    ("export",),
    ("capture", "-"),
]


def document(item: str, *, step: str = "storing") -> dict[str, Any]:
    event = build.object_event(
        time=datetime(2026, 3, 2, 3, 0, tzinfo=UTC), action="OBSERVE", epcs=[item], step=step
    )
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T04:00:00Z",
        "epcisBody": {"eventList": [event]},
    }


@pytest.mark.parametrize("words", NEEDS_ORGANISATION, ids=lambda words: words[0])
def test_an_unknown_organisation_is_one_line(
    suyuan: Run, organisation: Organisation, words: tuple[str, ...]
) -> None:
    outcome = suyuan(*words, "--org", "nobody")
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.strip().splitlines() == [
        f"suyuan {words[0]}: there is no organisation “nobody”; there are: {ORGANISATION}"
    ]


@pytest.mark.parametrize("command", ["trace", "recall-scope"])
def test_an_unknown_code_is_one_line(suyuan: Run, organisation: Organisation, command: str) -> None:
    outcome = suyuan(command, UNKNOWN, "--org", ORGANISATION)
    assert outcome.code == 1
    assert len(outcome.err.strip().splitlines()) == 1


def test_debug_shows_where_an_error_comes_from(suyuan: Run, organisation: Organisation) -> None:
    with pytest.raises(Exception, match="nothing is known"):
        suyuan("trace", UNKNOWN, "--org", ORGANISATION, "--debug")


# ── capture ─────────────────────────────────────────────────────────────────────────────────


def test_capture_stores_a_document_once(suyuan: Run, item: str, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(json.dumps(document(item)))
    first = suyuan("capture", str(file), "--org", ORGANISATION, "--json")
    again = suyuan("capture", str(file), "--org", ORGANISATION, "--json")
    assert (first.code, first.json["stored"], first.json["duplicates"]) == (0, 1, 0)
    assert (again.code, again.json["stored"], again.json["duplicates"]) == (0, 0, 1)


def test_capture_refuses_a_faulty_document_whole(suyuan: Run, item: str, tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    bad = document(item)
    bad["epcisBody"]["eventList"].append({"type": "ObjectEvent"})
    file.write_text(json.dumps(bad))
    before = StoredEvent.objects.count()
    outcome = suyuan("capture", str(file), "--org", ORGANISATION)
    assert outcome.code == 1
    assert "nothing was stored" in outcome.err
    assert "/epcisBody/eventList/1" in outcome.err
    assert StoredEvent.objects.count() == before


def test_capture_keeps_the_good_events_when_told_to_proceed(
    suyuan: Run, item: str, tmp_path: Path
) -> None:
    file = tmp_path / "events.json"
    bad = document(item)
    bad["epcisBody"]["eventList"].append({"type": "ObjectEvent"})
    file.write_text(json.dumps(bad))
    outcome = suyuan("capture", str(file), "--org", ORGANISATION, "--proceed", "--json")
    assert (outcome.code, outcome.json["stored"]) == (1, 1)
    assert outcome.json["faults"]


def test_capture_rehearses_a_document_and_stores_nothing(
    suyuan: Run, item: str, tmp_path: Path
) -> None:
    file = tmp_path / "good.json"
    file.write_text(json.dumps(document(item)), encoding="utf-8")
    before = StoredEvent.objects.count()
    good = suyuan("capture", str(file), "--org", ORGANISATION, "--rehearse", "--json")
    assert good.code == 0
    assert (good.json["accepted"], good.json["new"], good.json["faults"]) == (True, 1, [])
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(document(item, step="stroing")), encoding="utf-8")
    told = suyuan("capture", str(wrong), "--org", ORGANISATION, "--rehearse")
    assert told.code == 1
    assert "line 1: unknown_step at /epcisBody/eventList/0/bizStep" in told.out
    assert StoredEvent.objects.count() == before


def test_capture_of_a_missing_file_is_one_line(suyuan: Run, organisation: Organisation) -> None:
    outcome = suyuan("capture", "/nowhere/x.json", "--org", ORGANISATION)
    assert outcome.err.strip() == "suyuan capture: /nowhere/x.json: No such file or directory"


# ── codes ───────────────────────────────────────────────────────────────────────────────────


def test_codes_lists_orders(suyuan: Run, order: CodeOrder) -> None:
    outcome = suyuan("codes", "--org", ORGANISATION, "--json")
    assert [(row["order"], row["codes"]) for row in outcome.json["orders"]] == [(order.number, 100)]
    assert order.number in suyuan("codes", "--org", ORGANISATION).out


def test_codes_writes_an_order_out_and_audits_it(suyuan: Run, order: CodeOrder) -> None:
    outcome = suyuan("codes", "--org", ORGANISATION, "--order", order.number, "--format", "txt")
    assert len(outcome.out.split()) == 100
    assert AuditEntry.objects.filter(action="codes.download", actor="system").count() == 1


def test_codes_writes_the_file_of_a_print_package(
    suyuan: Run, actor: Actor, order: CodeOrder, tmp_path: Path
) -> None:
    create_party(actor=actor, code="PRINT-1", name_zh="印刷厂", kind="printer")
    wanted = Wanted(order_number=order.number, party_code="PRINT-1", roll_size=30)
    number = printhouse.make_package(actor=actor, wanted=wanted).package.number
    printhouse.sum_up(actor.organisation_id, number)
    path = tmp_path / "package.zip"
    arguments = ("codes", "--org", ORGANISATION, "--package", number)
    told = suyuan(*arguments, "--to", str(path), "--json").json
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]
    assert AuditEntry.objects.filter(action="package.download", actor="system").count() == 1


def test_codes_of_an_unknown_order_fail(suyuan: Run, organisation: Organisation) -> None:
    assert suyuan("codes", "--org", ORGANISATION, "--order", "CO-2026-9999").code == 1


# ── trace, recall-scope, verify ─────────────────────────────────────────────────────────────


def test_trace_shows_the_steps_of_an_item(suyuan: Run, item: str, lot: Lot) -> None:
    outcome = suyuan("trace", item, "--org", ORGANISATION, "--json")
    assert outcome.json["lots"] == [lot.code]
    assert [step["step"] for step in outcome.json["steps"]] == ["commissioning"]
    assert "commissioning" in suyuan("trace", item, "--org", ORGANISATION).out


@pytest.mark.parametrize("form", ["serial", "path"])
def test_trace_reads_a_bare_serial_and_an_address(suyuan: Run, item: str, form: str) -> None:
    text = item.rpartition("/")[2] if form == "serial" else item.removeprefix("https://id.gs1.org")
    assert suyuan("trace", text, "--org", ORGANISATION, "--json").json["identity"] == item


def test_recall_scope_counts_a_lot_and_opens_nothing(
    suyuan: Run, active_order: CodeOrder, lot: Lot
) -> None:
    before = EventSequence.objects.values_list("next", flat=True)[0]
    outcome = suyuan("recall-scope", lot.code, "--org", ORGANISATION, "--json")
    assert outcome.json["items"] == 100
    assert EventSequence.objects.values_list("next", flat=True)[0] == before


def test_verify_says_the_verdict_and_records_nothing(suyuan: Run, item: str) -> None:
    outcome = suyuan("verify", item, "--json")
    assert (outcome.code, outcome.json["verdict"]) == (0, "genuine_first")
    assert not Scan.objects.exists()


def test_verify_of_a_code_never_issued_exits_with_one(suyuan: Run, item: str) -> None:
    forged = item.rpartition("/")[0] + "/ZZZZZZZZZZZZZZ"
    outcome = suyuan("verify", forged, "--json")
    assert (outcome.code, outcome.json["verdict"]) == (1, "never_issued")


def test_verify_of_nobodys_product_is_one_line(suyuan: Run, organisation: Organisation) -> None:
    outcome = suyuan("verify", "https://x.example/01/09506000134352/21/1")
    assert "no organisation answers for GTIN 09506000134352" in outcome.err


# ── export ──────────────────────────────────────────────────────────────────────────────────


def test_exported_events_are_a_document_that_another_organisation_captures(
    suyuan: Run, item: str, other_organisation: Organisation, tmp_path: Path
) -> None:
    file = tmp_path / "all.json"
    assert suyuan("export", "--org", ORGANISATION, "--out", str(file)).code == 0
    stored = StoredEvent.objects.count()
    words = ("capture", str(file), "--org", other_organisation.slug, "--json")
    assert suyuan(*words).json["stored"] == stored
    assert suyuan(*words).json["duplicates"] == stored


@pytest.mark.parametrize("what", ["products", "materials", "parties", "locations", "lots"])
def test_master_data_is_exported_as_a_table(suyuan: Run, item: str, what: str) -> None:
    outcome = suyuan("export", what, "--org", ORGANISATION)
    rows = suyuan("export", what, "--org", ORGANISATION, "--json").json
    assert outcome.code == 0
    assert len(rows) == max(0, len(outcome.out.splitlines()) - 1)


def test_an_export_to_a_missing_folder_is_one_line(suyuan: Run, item: str) -> None:
    outcome = suyuan("export", "--org", ORGANISATION, "--out", "/nowhere/x.json")
    assert outcome.err.strip() == "suyuan export: /nowhere/x.json: No such file or directory"


# ── doctor ──────────────────────────────────────────────────────────────────────────────────


def grades(outcome: Any) -> dict[str, str]:
    return {one["check"]: one["grade"] for one in outcome.json["findings"]}


def test_doctor_finds_a_sound_installation_healthy(suyuan: Run, item: str) -> None:
    outcome = suyuan("doctor", "--json")
    assert outcome.json["healthy"], outcome.out
    assert grades(outcome)["trace index"] == grades(outcome)["facets"] == "good"


def test_doctor_finds_an_index_row_that_is_gone(suyuan: Run, item: str) -> None:
    TraceEntry.objects.filter(role=TraceEntry.objects.values_list("role", flat=True)[0]).delete()
    outcome = suyuan("doctor", "--json")
    assert outcome.code == 1
    assert grades(outcome)["trace index"] == "bad"


def test_doctor_finds_a_facet_that_does_not_list_its_event(suyuan: Run, item: str) -> None:
    FacetEntry.objects.filter(facet=Facet.STEP).delete()
    outcome = suyuan("doctor", "--json")
    assert outcome.code == 1
    assert grades(outcome) | {"trace index": "good", "facets": "bad"} == grades(outcome)


def test_doctor_finds_an_event_listed_where_it_does_not_belong(suyuan: Run, item: str) -> None:
    row = FacetEntry.objects.filter(facet=Facet.STEP).order_by("seq")[0]
    FacetEntry.objects.create(
        organisation_id=row.organisation_id,
        facet=Facet.STEP,
        key=row.key + 1_000,
        seq=row.seq,
        seqs=KeySet([row.seq]).to_bytes(),
    )
    assert grades(suyuan("doctor", "--json"))["facets"] == "bad"


def test_doctor_finds_a_facet_that_cannot_be_read(suyuan: Run, item: str) -> None:
    FacetEntry.objects.filter(facet=Facet.TYPE).update(seqs=b"\x09damaged")
    assert grades(suyuan("doctor", "--json"))["facets"] == "bad"


def test_doctor_compares_nothing_in_an_emptied_sandbox(
    suyuan: Run, item: str, organisation: Organisation
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(sandbox_of=organisation.pk)
    organisation.refresh_from_db()
    forget_events(organisation)
    outcome = suyuan("doctor", "--json")
    assert grades(outcome)["trace index"] == grades(outcome)["facets"] == "good"


def test_doctor_finds_a_gap_in_the_numbers(suyuan: Run, item: str) -> None:
    EventSequence.objects.update(next=99)
    assert grades(suyuan("doctor", "--json"))["sequence"] == "bad"


def test_doctor_finds_rows_that_point_nowhere(suyuan: Run, lot: Lot) -> None:
    Lot.objects.filter(id=lot.id).update(location_id=12345)
    outcome = suyuan("doctor")
    assert "masterdata.Lot.location" in outcome.out
    assert outcome.code == 1


# ── user ────────────────────────────────────────────────────────────────────────────────────


def test_user_makes_a_person_and_their_organisation(
    suyuan: Run, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_PASSWORD", "a kettle and a leaf")
    words = ("ann@example.com", "--org", "ann-tea", "--org-name", "安茶", "--password-env")
    outcome = suyuan("user", *words, "NEW_PASSWORD", "--json")
    assert outcome.code == 0
    assert User.objects.get(email="ann@example.com").check_password("a kettle and a leaf")
    assert Membership.objects.get(organisation__slug="ann-tea").role == "owner"


def test_user_refuses_a_weak_password(
    suyuan: Run, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_PASSWORD", "12345678")
    outcome = suyuan("user", "ann@example.com", "--password-env", "NEW_PASSWORD")
    assert outcome.code == 1
    assert not User.objects.filter(email="ann@example.com").exists()


# ── bench, serve ────────────────────────────────────────────────────────────────────────────


def test_an_unknown_figure_names_those_that_are_there(suyuan: Run) -> None:
    outcome = suyuan("bench", "nothing")
    assert outcome.code == 1
    assert "issue" in outcome.err


def test_bench_shows_the_ratio_to_its_baseline(
    suyuan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from suyuan.cli.commands import bench  # noqa: PLC0415

    figure = {"figure": "x", "unit": "y/s", "rate": 300, "baseline": "z", "baseline_rate": 100}
    monkeypatch.setattr(bench, "measure", lambda *_args, **_more: [{**figure, "ratio": 3.0}])
    assert "3.0×" in suyuan("bench", "issue").out
    assert suyuan("bench", "issue", "--json").json["figures"][0]["ratio"] == 3.0


def test_serve_checks_and_says_where(suyuan: Run, db: None) -> None:
    outcome = suyuan("serve", "--check", "--port", "8765", "--json")
    assert (outcome.code, outcome.json["address"]) == (0, "http://127.0.0.1:8765")


def test_serve_refuses_a_database_of_another_version(
    suyuan: Run, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from suyuan.cli import serving  # noqa: PLC0415

    monkeypatch.setattr(serving, "pending_migrations", lambda: ["capture.0002_more"])
    outcome = suyuan("serve", "--check")
    assert outcome.code == 1
    assert "capture.0002_more" in outcome.err


def test_migrate_says_that_nothing_is_pending(suyuan: Run, db: None) -> None:
    outcome = suyuan("migrate", "--check", "--json")
    assert (outcome.code, outcome.json) == (0, {"pending": []})


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_serve_refuses_what_is_no_port(
    suyuan: Run, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    assert "is no port" in suyuan("serve", "--check").err


# ── the program ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", program.COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        program.main([command, "--help"])
    assert stopped.value.code == 0
    assert "--json" in capsys.readouterr().out


def test_an_unknown_command_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as stopped:
        program.main(["dance"])
    assert stopped.value.code == 2
