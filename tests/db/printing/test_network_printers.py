"""Printing on a network printer: a real socket, every way to fail, and what is in doubt then."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from pytest_django.fixtures import Settings

from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from suyuan.labels.models import LabelTemplateVersion
from suyuan.printing import running, selectors
from suyuan.printing.errors import PrinterFault
from suyuan.printing.models import JobState, Printer, PrintJob
from suyuan.printing.outlets import addresses, printers
from suyuan.printing.services import (
    add_printer,
    cancel_job,
    change_printer,
    pause_job,
    resume_job,
    try_printer,
)
from suyuan.printing.values import OrderRange, Output
from suyuan.tenancy.actor import Actor
from tests import zpl
from tests.printing_world import HASTE, Listener, begun, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "PRINTER_CHUNK", 10)


def links(order: CodeOrder, first: int, count: int) -> list[str]:
    return issuing.links(order, first=first, count=count, base=settings.PUBLIC_URL)


def on(printer: Printer) -> Output:
    return Output(printer=printer.code)


def test_a_printer_gets_every_label_once(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
) -> None:
    listener.waiting = 3
    job = run(begun(actor, order, roll_template, on(zpl_printer)))
    assert (job.state, job.done, job.in_doubt) == (JobState.DONE, 100, 0)
    read = [code for label in zpl.read(listener.received) for code in label.read()]
    assert read == links(order, 0, 100)


def test_a_printer_that_says_nothing_is_trusted_with_what_it_takes(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    plain_printer: Printer,
    listener: Listener,
) -> None:
    job = run(begun(actor, order, roll_template, on(plain_printer)))
    assert job.state == JobState.DONE
    assert listener.links == links(order, 0, 100)


@pytest.mark.parametrize("asked", [True, False])
def test_a_printer_that_hangs_up_in_the_middle_leaves_one_chunk_in_doubt(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
    asked: bool,
) -> None:
    Printer.objects.filter(id=zpl_printer.id).update(reports=asked)
    listener.fails_after = 14_000
    job = run(begun(actor, order, roll_template, on(zpl_printer)))
    assert (job.state, job.fault_code) == (JobState.PAUSED, "printer_closed")
    assert job.in_doubt == 10
    assert job.done % 10 == 0
    assert 0 < job.done < 90
    # Nobody prints them again by mistake.
    with pytest.raises(Conflict) as caught:
        resume_job(actor=actor, number=job.number)
    assert caught.value.code == "print_labels_in_doubt"
    for wrong in (-1, 11):
        with pytest.raises(Invalid):
            resume_job(actor=actor, number=job.number, came_out=wrong)
    before = job.done
    received = len(listener.links)
    assert resume_job(actor=actor, number=job.number, came_out=4).done == before + 4
    job = run(job)
    assert job.state == JobState.DONE
    assert listener.links[received:] == links(order, before + 4, 100 - before - 4)
    ranges = [(one.first, one.count, one.doubtful) for one in selectors.ranges(job)]
    assert ranges == [
        (0, before, False),
        (before, 4, True),
        (before + 4, 100 - before - 4, False),
    ]


def test_a_worker_killed_while_it_sends_leaves_its_chunk_in_doubt(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    real = printers.PrinterOutlet.send
    chunks: list[int] = []

    def send(outlet: printers.PrinterOutlet, size: int) -> None:
        real(outlet, size)
        chunks.append(size)
        if len(chunks) == 3:
            raise Killed

    job = begun(actor, order, roll_template, on(zpl_printer))
    monkeypatch.setattr(printers.PrinterOutlet, "send", send)
    with pytest.raises(Killed):
        running.run(actor.organisation_id, job.number, runner="one", patience=HASTE)
    monkeypatch.setattr(printers.PrinterOutlet, "send", real)
    job = run(job, runner="one")
    assert (job.state, job.done, job.in_doubt) == (JobState.PAUSED, 20, 10)
    assert job.fault_code == "print_interrupted"
    # They had come out, all ten.
    resume_job(actor=actor, number=job.number, came_out=10)
    assert run(job).state == JobState.DONE
    assert listener.links == links(order, 0, 100)


def test_a_printer_that_hangs_leaves_a_chunk_in_doubt_after_its_time(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
) -> None:
    listener.mute = True
    job = run(begun(actor, order, roll_template, on(zpl_printer)))
    assert (job.state, job.fault_code) == (JobState.PAUSED, "printer_no_answer")
    assert (job.done, job.in_doubt) == (0, 10)


def test_a_printer_that_takes_nothing_in_times_out(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    plain_printer: Printer,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printers, "PRINTER_CHUNK", 100_000)
    listener.deaf = True
    Printer.objects.filter(id=plain_printer.id).update(kind="pdf")
    outlet = printers.PrinterOutlet
    monkeypatch.setattr(outlet, "_pdf", lambda *_args: b"x" * 30_000_000)
    job = begun(actor, order, roll_template, on(plain_printer))
    patience = replace(HASTE, send=0.3)
    running.run(actor.organisation_id, job.number, runner="test", patience=patience)
    job = selectors.get_job(actor.organisation_id, job.number)
    assert (job.state, job.fault_code) == (JobState.PAUSED, "printer_timeout")
    assert job.in_doubt == 100


def test_a_printer_that_is_off_fails_the_job_with_nothing_in_doubt(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
) -> None:
    listener.close()
    job = run(begun(actor, order, roll_template, on(zpl_printer)))
    assert (job.state, job.fault_code) == (JobState.FAILED, "printer_refused")
    assert (job.done, job.in_doubt) == (0, 0)
    assert job.fault_data["printer"] == "一号打印机"


def test_a_printer_out_of_paper_lays_the_job_aside(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
) -> None:
    listener.paper_out = True
    job = run(begun(actor, order, roll_template, on(zpl_printer)))
    assert (job.state, job.fault_code) == (JobState.PAUSED, "printer_paper_out")
    assert job.in_doubt == 10
    listener.paper_out = False
    resume_job(actor=actor, number=job.number, came_out=0)
    assert run(job).state == JobState.DONE


def test_a_pause_is_obeyed_after_the_chunk_in_hand(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = begun(actor, order, roll_template, on(zpl_printer))
    after(monkeypatch, 2, lambda: pause_job(actor=actor, number=job.number))
    assert run(job).state == JobState.PAUSED
    assert selectors.get_job(actor.organisation_id, job.number).done == 20
    monkeypatch.undo()
    resume_job(actor=actor, number=job.number)
    assert run(job).state == JobState.DONE
    assert listener.links == links(order, 0, 100)


def test_a_cancelled_print_keeps_the_claim_to_what_came_out(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = begun(actor, order, roll_template, on(zpl_printer))
    after(monkeypatch, 3, lambda: cancel_job(actor=actor, number=job.number))
    job = run(job)
    assert (job.state, job.done) == (JobState.CANCELLED, 30)
    assert issuing.unallotted_ranges(order) == [(30, 100)]
    with pytest.raises(Conflict):
        resume_job(actor=actor, number=job.number)


def after(monkeypatch: pytest.MonkeyPatch, chunks: int, act: Any) -> None:
    """Do something once so many chunks were sent."""
    real = printers.PrinterOutlet.send
    sent: list[int] = []

    def send(outlet: printers.PrinterOutlet, size: int) -> None:
        real(outlet, size)
        sent.append(size)
        if len(sent) == chunks:
            act()

    monkeypatch.setattr(printers.PrinterOutlet, "send", send)


def test_a_second_job_waits_for_the_printer_and_follows_the_first(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    listener: Listener,
    django_capture_on_commit_callbacks: Any,
) -> None:
    one = begun(actor, order, roll_template, on(zpl_printer), wanted=OrderRange(0, 20))
    two = begun(actor, order, roll_template, on(zpl_printer), wanted=OrderRange(20, 20))
    PrintJob.objects.filter(id=one.id).update(state=JobState.RUNNING, runner="elsewhere")
    assert run(two).state == JobState.WAITING
    with django_capture_on_commit_callbacks(execute=True):
        assert run(one, runner="elsewhere").state == JobState.DONE
    assert selectors.get_job(actor.organisation_id, two.number).state == JobState.DONE
    assert listener.links == links(order, 0, 40)


def test_a_pdf_printer_gets_whole_sheets(
    actor: Actor,
    order: CodeOrder,
    template: LabelTemplateVersion,
    plain_printer: Printer,
    listener: Listener,
) -> None:
    Printer.objects.filter(id=plain_printer.id).update(kind="pdf")
    job = run(begun(actor, order, template, on(plain_printer)))
    assert job.state == JobState.DONE
    assert listener.received.count(b"%PDF-") == 2  # 55 and 45 labels


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("127.0.0.1", True),
        ("10.2.3.4", True),
        ("172.31.255.1", True),
        ("172.32.0.1", False),
        ("192.168.1.20", True),
        ("::1", True),
        ("fd00::5", True),
        ("8.8.8.8", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("0.0.0.1", False),
        ("224.0.0.1", False),
        ("::ffff:8.8.8.8", False),
        ("::ffff:10.0.0.1", True),
        ("100.64.0.1", False),
        ("nonsense", False),
    ],
)
def test_only_private_networks_are_connected_to(address: str, fine: bool) -> None:
    assert addresses.allowed(address) is fine


def test_the_operator_names_other_networks(settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, printer_networks=("203.0.113.0/24",))
    assert addresses.allowed("203.0.113.7")
    assert not addresses.allowed("127.0.0.1")


def test_a_name_that_leads_outside_is_refused_when_it_is_used(
    actor: Actor,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
    zpl_printer: Printer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9100)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 9100)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answers)
    Printer.objects.filter(id=zpl_printer.id).update(host="printer.example")
    job = run(begun(actor, order, roll_template, on(zpl_printer)))
    assert (job.state, job.fault_code) == (JobState.FAILED, "printer_address_refused")


def test_a_name_that_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(PrinterFault) as caught:
        addresses.resolve("nowhere.example", 9100)
    assert caught.value.code == "printer_unknown_host"


# ---------------------------------------------------------------- setting printers up


@pytest.fixture
def spare_port() -> Iterator[int]:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        yield int(one.getsockname()[1])


def test_a_printer_is_tried_and_told_how_it_is(
    actor: Actor, zpl_printer: Printer, listener: Listener, spare_port: int
) -> None:
    assert try_printer(actor=actor, code="ZEBRA-1", patience=HASTE).fault == ""
    listener.paper_out = True
    assert try_printer(actor=actor, code="ZEBRA-1", patience=HASTE).fault == "printer_paper_out"
    listener.mute = True
    assert try_printer(actor=actor, code="ZEBRA-1", patience=HASTE).fault == "printer_no_answer"
    Printer.objects.filter(id=zpl_printer.id).update(port=spare_port)
    assert try_printer(actor=actor, code="ZEBRA-1", patience=HASTE).fault == "printer_refused"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("host", "8.8.8.8", "printer_address_refused"),
        ("host", "http://10.0.0.1/", "printer_host"),
        ("host", "", "printer_host"),
        ("port", 0, "printer_port"),
        ("port", 70_000, "printer_port"),
        ("dpi", 204, "print_dpi"),
        ("kind", "epl", "not_an_option"),
        ("name", "", "required"),
        ("code", "a b", "code_charset"),
    ],
)
def test_a_printer_is_set_up_within_its_rules(
    actor: Actor, field: str, value: object, code: str
) -> None:
    fields: dict[str, Any] = {"code": "P1", "name": "打印机", "kind": "zpl", "host": "10.0.0.9"}
    with pytest.raises(Invalid) as caught:
        add_printer(actor=actor, **(fields | {field: value}))
    assert caught.value.code == code


def test_a_printer_is_changed_and_put_away(
    actor: Actor,
    other_actor: Actor,
    zpl_printer: Printer,
    order: CodeOrder,
    roll_template: LabelTemplateVersion,
) -> None:
    with pytest.raises(Conflict):
        add_printer(actor=actor, code="ZEBRA-1", name="又一台", kind="zpl", host="10.0.0.9")
    with pytest.raises(NotFound):
        change_printer(actor=other_actor, code="ZEBRA-1", name="偷", kind="zpl", host="10.0.0.9")
    with pytest.raises(Forbidden):
        change_printer(
            actor=Actor(actor.organisation, "user:x", frozenset()),
            code="ZEBRA-1",
            name="x",
            kind="zpl",
            host="10.0.0.9",
        )
    changed = change_printer(
        actor=actor, code="ZEBRA-1", name="旧机", kind="tspl", host="10.0.0.9", active=False
    )
    assert (changed.kind, changed.active) == ("tspl", False)
    with pytest.raises(Conflict) as caught:
        begun(actor, order, roll_template, on(zpl_printer))
    assert caught.value.code == "printer_inactive"
