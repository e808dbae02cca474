"""Background work is done once, and what a dead worker left is taken up."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.tasks import TaskResultStatus, task
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from suyuan.cli import working
from suyuan.lineage import standing
from suyuan.lineage.models import StockMark
from suyuan.lineage.standing import read_stock
from suyuan.tenancy.actor import Actor
from tests.db.cli.conftest import Run
from tests.stock_world import born, item, shipped, tell

IN_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
done: list[int] = []


@task()
def note_down(number: int) -> None:
    done.append(number)


@pytest.fixture
def queue() -> Iterator[None]:
    """Tasks go to the database; the worker's signal handlers go when the test does."""
    done.clear()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    before = [signal.getsignal(number) for number in signals]
    with override_settings(TASKS=IN_DATABASE):
        yield
    for number, handler in zip(signals, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def dead() -> str:
    """The name of a worker that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{platform.node()[:48]}:{process.pid}"


@pytest.mark.django_db(transaction=True)
def test_worker_does_each_task_once_and_stops_when_asked_to(queue: None, suyuan: Run) -> None:
    note_down.enqueue(7)
    assert suyuan("worker", "--batch").code == 0
    assert suyuan("worker", "--batch").code == 0
    assert done == [7]


@pytest.mark.django_db(transaction=True)
def test_task_of_a_worker_that_died_is_done_by_the_next(
    queue: None, suyuan: Run, dead: str
) -> None:
    note_down.enqueue(8)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=[dead])
    assert suyuan("worker", "--batch").code == 0
    assert done == [8]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "living", [f"{platform.node()[:48]}:{os.getppid()}", "another-machine:1", "nonsense"]
)
def test_task_of_a_worker_that_may_live_is_left_alone(queue: None, living: str) -> None:
    note_down.enqueue(9)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=[living])
    assert working.take_up_abandoned() == 0


FIFO_WRITER = """
import os, sys, time
with open(sys.argv[1], "wb") as fifo:
    fifo.write(b"x")
"""


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "started"
    os.mkfifo(path)
    return path


def test_companion_starts_a_worker_and_ends_it(fifo: Path) -> None:
    code = FIFO_WRITER + "time.sleep(600)"
    with working.Companion([sys.executable, "-c", code, str(fifo)]) as companion:
        assert fifo.read_bytes() == b"x"
    assert companion.ended


def test_companion_starts_a_worker_again_that_died(
    fifo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_RESTART_SECONDS", 0.01)
    with working.Companion([sys.executable, "-c", FIFO_WRITER, str(fifo)]):
        assert [fifo.read_bytes() for _ in range(2)] == [b"x", b"x"]


@pytest.mark.django_db(transaction=True)
def test_worker_brings_the_stock_up_to_the_last_event(
    queue: None, suyuan: Run, actor: Actor
) -> None:
    tell(actor, born(0, 1, 2), shipped(1, item(1)))
    assert suyuan("worker", "--batch").code == 0
    found = read_stock(actor.organisation_id)
    assert (found.at_seq, sum(line.items for line in found.lines)) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_stock_follows_events_with_a_connection_of_its_own_until_the_worker_ends(
    actor: Actor,
) -> None:
    tell(actor, born(0, 1, 2))
    ended = threading.Event()
    thread = threading.Thread(target=working.keep_stock, args=(ended,), kwargs={"seconds": 0.02})
    thread.start()
    try:
        for _ in range(300):
            if StockMark.objects.filter(at_seq=1).exists():
                break
            ended.wait(0.1)
    finally:
        ended.set()
        thread.join(timeout=30)
    assert not thread.is_alive()
    assert sum(line.items for line in read_stock(actor.organisation_id).lines) == 2


@pytest.mark.django_db
def test_an_organisation_whose_stock_cannot_be_folded_keeps_no_other_waiting(
    actor: Actor, other_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sorted((actor, other_actor), key=lambda one: one.organisation_id)
    for one in (first, second):
        tell(one, born(0, 1, 2, 3))
    fold = standing.refresh_stock

    def broken(organisation_id: int) -> int:
        if organisation_id == first.organisation_id:
            raise ValueError(organisation_id)
        return fold(organisation_id)

    monkeypatch.setattr(standing, "refresh_stock", broken)
    assert working.refresh_stocks() == 3
    assert standing.organisations_behind() == [first.organisation_id]
