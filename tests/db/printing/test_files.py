"""Printing to files: whole, in order, and from where it stood after a fault."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import plan_sets, withdraw_codes
from suyuan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from suyuan.labels.models import LabelTemplateVersion
from suyuan.printing import running, selectors, values
from suyuan.printing.models import Form, JobState, PrintedRange, PrintFile, PrintJob
from suyuan.printing.outlets import files, folders
from suyuan.printing.services import (
    cancel_job,
    download_file,
    pause_job,
    preview_job,
    resume_job,
)
from suyuan.printing.values import OrderRange, Output, SetLabels
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from tests import tspl, zpl
from tests.printing_world import begun, run
from tests.reading import codes_on_pdf

pytestmark = pytest.mark.django_db


def links(order: CodeOrder, first: int, count: int) -> list[str]:
    return issuing.links(order, first=first, count=count, base=settings.PUBLIC_URL)


def content(actor: Actor, job: PrintJob, part: int = 1) -> bytes:
    return download_file(actor=actor, number=job.number, part=part).path.read_bytes()


def codes_of(actor: Actor, job: PrintJob) -> list[str]:
    """Read every code of a job's file with an own reader of its form."""
    data = content(actor, job)
    if job.form == "pdf":
        return [code for page in codes_on_pdf(data) for code in page]
    if job.form == "csv":
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        assert [row["number"] for row in rows] == [str(1 + n) for n in range(len(rows))]
        return [row["link"] for row in rows]
    printed = tspl.read(data, dots_per_mm=8) if job.form == "tspl" else zpl.read(data)
    return [code for label in printed for code in label.read()]


def test_every_code_of_a_pdf_is_read_back_in_order(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    job = run(begun(actor, order, template, wanted=OrderRange(10, 60)))
    assert (job.state, job.done, job.total) == (JobState.DONE, 60, 60)
    pages = codes_on_pdf(content(actor, job))
    assert [len(page) for page in pages] == [55, 5]
    assert [code for page in pages for code in page] == links(order, 10, 60)


@pytest.mark.parametrize("form", ["zpl", "tspl", "csv"])
def test_every_code_of_a_text_file_is_read_back_in_order(
    actor: Actor, order: CodeOrder, roll_template: LabelTemplateVersion, form: str
) -> None:
    job = run(begun(actor, order, roll_template, Output(form)))
    assert job.state == JobState.DONE
    assert codes_of(actor, job) == links(order, 0, 100)


def test_the_first_sheet_begins_where_it_was_used_up(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    job = run(begun(actor, order, template, Output("pdf", offset=50)))
    pages = codes_on_pdf(content(actor, job))
    assert [len(page) for page in pages] == [5, 55, 40]


@pytest.mark.parametrize("form", ["zpl", "tspl", "csv", "pdf"])
def test_a_job_killed_in_the_middle_goes_on_and_each_label_is_there_once(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    monkeypatch.setitem(values.CHUNK, Form(form), 30)
    monkeypatch.setattr(files, "_CSV_ROWS", 10)
    monkeypatch.setattr("suyuan.core.labels.table._ROWS", 10)
    job = begun(actor, order, roll_template, Output(form))
    die_after(monkeypatch, 2)
    with pytest.raises(Killed):
        running.run(actor.organisation_id, job.number, runner="one")
    broken = selectors.get_job(actor.organisation_id, job.number)
    assert (broken.state, broken.done) == (JobState.RUNNING, 60)
    # What the dead worker wrote beyond its checkpoint is cut off.
    if form != "pdf":
        making = folders.making_path(actor.organisation_id, job.number, form, 1)
        with making.open("ab") as file:
            file.write(b"half a label")
    monkeypatch.undo()
    monkeypatch.setitem(values.CHUNK, Form(form), 30)
    monkeypatch.setattr(files, "_CSV_ROWS", 10)
    monkeypatch.setattr("suyuan.core.labels.table._ROWS", 10)
    # Another runner has to wait for the lease's end; the same one takes its job up at once.
    running.run(actor.organisation_id, job.number, runner="other")
    assert selectors.get_job(actor.organisation_id, job.number).done == 60
    job = run(job, runner="one")
    assert job.state == JobState.DONE
    if form == "pdf":
        parts = [codes_on_pdf(content(actor, job, part)) for part in (1, 2, 3, 4)]
        assert [c for part in parts for page in part for c in page] == links(order, 0, 100)
    else:
        assert codes_of(actor, job) == links(order, 0, 100)
    assert [(one.first, one.count) for one in selectors.ranges(job)] == [(0, 60), (60, 40)]


class Killed(BaseException):
    """The process is gone: nothing catches it."""


def die_after(monkeypatch: pytest.MonkeyPatch, chunks: int) -> None:
    """Let the process die after its checkpoint number `chunks`, with more on the disk."""
    real: Callable[..., Any] = running.Held.made
    seen: list[int] = []

    def made(held: running.Held, size: int, file: PrintFile | None = None) -> None:
        if len(seen) == chunks:
            raise Killed
        seen.append(size)
        real(held, size, file)

    monkeypatch.setattr(running.Held, "made", made)


def test_a_job_whose_file_is_gone_begins_anew(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(values.CHUNK, Form.ZPL, 30)
    job = begun(actor, order, roll_template, Output("zpl"))
    die_after(monkeypatch, 1)
    with pytest.raises(Killed):
        running.run(actor.organisation_id, job.number, runner="one")
    monkeypatch.undo()
    folders.making_path(actor.organisation_id, job.number, "zpl", 1).unlink()
    job = run(job, runner="one")
    assert codes_of(actor, job) == links(order, 0, 100)
    assert [(one.first, one.count) for one in selectors.ranges(job)] == [(0, 100)]


def test_a_job_gives_way_after_its_time_and_goes_on(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(values.CHUNK, Form.ZPL, 10)
    job = begun(actor, order, roll_template, Output("zpl"))
    turns = 0
    while selectors.get_job(actor.organisation_id, job.number).open:
        running.run(actor.organisation_id, job.number, runner=f"turn {turns}", slice_seconds=0.0)
        turns += 1
        assert turns < 20
        if turns == 3:
            job = run(job, runner="long")
    assert turns >= 3
    assert codes_of(actor, selectors.get_job(actor.organisation_id, job.number)) == links(
        order, 0, 100
    )


def test_labels_of_sets_come_pallet_case_items_without_withdrawn_ones(
    actor: Actor, order: CodeOrder, roll_template: LabelTemplateVersion
) -> None:
    plan = plan_sets(actor=actor, order_number=order.number, per_case=4, per_pallet=2, count=20)
    # The whole second case is withdrawn, and one item of the third.
    withdraw_codes(
        actor=actor,
        order_number=order.number,
        positions=[plan.first + at for at in (4, 5, 6, 7, 9)],
        reason="spoiled",
    )
    order.refresh_from_db()
    plan = issuing.get_set(actor.organisation_id, plan.number)
    expected = [label.link for label in issuing.stream_sets(plan, base=settings.PUBLIC_URL)]
    job = run(begun(actor, order, roll_template, Output("zpl"), wanted=SetLabels(plan.number)))
    assert codes_of(actor, job) == expected
    assert job.total == len(expected) == 20 - 5 + 4 + 3


def test_a_paused_job_stops_and_goes_on(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    job = begun(actor, order, template)
    assert pause_job(actor=actor, number=job.number).state == JobState.PAUSED
    assert run(job).done == 0
    assert pause_job(actor=actor, number=job.number).state == JobState.PAUSED
    assert resume_job(actor=actor, number=job.number).state == JobState.WAITING
    assert run(job).state == JobState.DONE
    with pytest.raises(Conflict):
        pause_job(actor=actor, number=job.number)


def test_a_cancelled_job_frees_its_codes_and_removes_its_files(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setitem(values.CHUNK, Form.PDF, 30)
    job = begun(actor, order, roll_template)
    die_after(monkeypatch, 2)
    with pytest.raises(Killed):
        running.run(actor.organisation_id, job.number, runner="one")
    content(actor, job, part=1)  # somebody has taken the first file already
    PrintJob.objects.filter(id=job.id).update(lease_until=None)
    with django_capture_on_commit_callbacks(execute=True):
        job = cancel_job(actor=actor, number=job.number)
    assert (job.state, job.done) == (JobState.CANCELLED, 30)
    assert issuing.unallotted_ranges(order) == [(30, 100)]
    assert [file.part for file in selectors.files(job)] == [1]
    assert sum(one.count for one in PrintedRange.objects.filter(job_id=job.id)) == 30
    left = folders.folder_of(actor.organisation_id, job.number)
    assert [path.name for path in sorted(left.iterdir())] == ["part-0001.pdf"]
    monkeypatch.undo()
    again = run(begun(actor, order, roll_template, wanted=OrderRange(30, 70)))
    assert again.state == JobState.DONE


def test_a_label_that_cannot_be_made_fails_the_job_by_name(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begun(actor, order, template)
    folders.folder_of(actor.organisation_id, job.number).parent.mkdir(parents=True, exist_ok=True)
    folders.folder_of(actor.organisation_id, job.number).write_bytes(b"in the way")
    job = run(job)
    assert (job.state, job.fault_code) == (JobState.FAILED, "print_file_failed")
    folders.folder_of(actor.organisation_id, job.number).unlink()
    resume_job(actor=actor, number=job.number)
    assert run(job).state == JobState.DONE


def test_the_same_request_makes_one_job(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    one = begun(actor, order, template, request_key="abc")
    two = begun(actor, order, template, request_key="abc")
    assert one.number == two.number


def test_a_preview_claims_nothing_and_shows_the_first_label(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    seen = preview_job(
        actor=actor,
        order_number=order.number,
        template=template.number,
        wanted=OrderRange(3, 60),
        output=Output("pdf", offset=50),
    )
    assert seen.first_label.link == links(order, 3, 1)[0]
    assert (seen.job.total, seen.pages, seen.taken) == (60, 2, ())
    assert issuing.allotments(order) == []


def test_nobody_prints_what_is_not_theirs(
    actor: Actor,
    other_actor: Actor,
    order: CodeOrder,
    template: LabelTemplateVersion,
    other_template: LabelTemplateVersion,
) -> None:
    with pytest.raises(NotFound):
        begun(other_actor, order, other_template)
    with pytest.raises(NotFound):
        begun(actor, order, order_template(other_template))
    job = begun(actor, order, template)
    with pytest.raises(NotFound):
        download_file(actor=other_actor, number=job.number)
    nobody = Actor(organisation=actor.organisation, name="user:x", rights=frozenset())
    with pytest.raises(Forbidden):
        begun(nobody, order, template)
    printer_only = Actor(
        organisation=actor.organisation, name="user:y", rights=frozenset({Right.LABELS_PRINT})
    )
    with pytest.raises(Forbidden):
        begun(printer_only, order, template, Output("csv"), wanted=OrderRange(0, 1))


def order_template(other: LabelTemplateVersion) -> LabelTemplateVersion:
    """Name a template that this organisation does not have."""
    other.template.number = "LB-9999"
    return other


@pytest.mark.parametrize(
    ("wanted", "output", "code"),
    [
        (OrderRange(90, 20), Output(), "print_range"),
        (OrderRange(-1, 5), Output(), "print_range"),
        (OrderRange(0, 5), Output("exe"), "print_form"),
        (OrderRange(0, 5), Output("zpl", dpi=1), "print_dpi"),
        (OrderRange(0, 5), Output("pdf", offset=55), "sheet_offset"),
        (OrderRange(0, 5), Output("zpl", offset=1), "sheet_offset"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_name(
    actor: Actor,
    order: CodeOrder,
    template: LabelTemplateVersion,
    wanted: OrderRange,
    output: Output,
    code: str,
) -> None:
    with pytest.raises(Invalid) as caught:
        begun(actor, order, template, output, wanted=wanted)
    assert caught.value.code == code


def test_a_pdf_of_too_many_labels_is_refused(
    actor: Actor,
    large_order: CodeOrder,
    template: LabelTemplateVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("suyuan.printing.services.planning.PDF_LIMIT", 29_999)
    with pytest.raises(Invalid) as caught:
        begun(actor, large_order, template)
    assert (caught.value.code, caught.value.data["given"]) == ("print_too_many", 30_000)


def test_a_file_that_is_not_made_cannot_be_downloaded(
    actor: Actor, order: CodeOrder, template: LabelTemplateVersion
) -> None:
    job = begun(actor, order, template)
    with pytest.raises(Conflict) as caught:
        download_file(actor=actor, number=job.number)
    assert caught.value.code == "print_file_missing"
