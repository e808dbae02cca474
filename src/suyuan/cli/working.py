"""Do the background work: the tasks that services leave in the database.

Owns: the worker's name and life, taking up what a dead worker left, clearing away old results,
the beat that notices what left silent readers' fields and announces drills, the deliveries to
subscribers, the notices of recalls, the stock that follows events.
Does not own: the tasks (`<domain>/tasks.py`), which must be able to start again from their rows.
"""

from __future__ import annotations

import logging
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Self

_POLL_SECONDS: Final = 0.5
_KEEP_DAYS: Final = 14
_RESTART_SECONDS: Final = 5.0
_END_SECONDS: Final = 10
_SWEEP_SECONDS: Final = 3.0
_STOCK_SECONDS: Final = 3.0
_log = logging.getLogger(__name__)


def worker_name() -> str:
    """Return the name under which this process takes tasks: its machine and its number."""
    return f"{platform.node()[:48]}:{os.getpid()}"


def is_dead(worker: str) -> bool:
    """Tell whether a worker of this machine is no more; of other machines nothing is known."""
    machine, _, number = worker.rpartition(":")
    if machine != platform.node()[:48] or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return True  # the number was given out again: this process has not taken anything yet
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def take_up_abandoned() -> int:
    """Put tasks whose worker died in the middle back into the queue; return how many."""
    from django.tasks import TaskResultStatus  # noqa: PLC0415
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    abandoned = [task.pk for task in running if task.worker_ids and is_dead(task.worker_ids[-1])]
    rows = DBTaskResult.objects.filter(pk__in=abandoned, status=TaskResultStatus.RUNNING)
    return int(rows.update(status=TaskResultStatus.READY))


def work(*, batch: bool = False, parent: int | None = None) -> None:
    """Do tasks until stopped.

    Args:
        batch: Stop when there is nothing left to do.
        parent: The process whose end is the worker's too.
    """
    from django.core.management import call_command  # noqa: PLC0415

    take_up_abandoned()
    call_command("prune_db_task_results", min_age_days=_KEEP_DAYS, verbosity=0)
    sweep_doors()
    if batch:
        refresh_stocks()
    ended = threading.Event()
    if not batch:
        threading.Thread(target=beat, args=(ended,), daemon=True).start()
        threading.Thread(target=deliver, args=(ended,), daemon=True).start()
        threading.Thread(target=post_notices, args=(ended,), daemon=True).start()
        threading.Thread(target=keep_stock, args=(ended,), daemon=True).start()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        call_command(
            "db_worker",
            queue_name="*",
            interval=_POLL_SECONDS,
            batch=batch,
            startup_delay=False,
            reload=False,
            worker_id=worker_name(),
            verbosity=0,
        )
    finally:
        ended.set()


def sweep_doors() -> int:
    """End the stays of tags that silent readers do not see any more; return how many."""
    from django.db import DatabaseError  # noqa: PLC0415

    from suyuan.docks.services import sweep_all  # noqa: PLC0415

    try:
        return sweep_all()
    except DatabaseError:
        # A locked or lost database: the next beat tries again.
        _log.warning("readers' fields could not be swept", exc_info=True)
        return 0


def announce_drills() -> int:
    """Announce the drills whose unannounced moment has come; return how many."""
    from django.db import DatabaseError  # noqa: PLC0415

    from suyuan.recalls.drills import announce_due  # noqa: PLC0415

    try:
        return announce_due()
    except DatabaseError:
        # A locked or lost database: the next beat tries again.
        _log.warning("planned drills could not be announced", exc_info=True)
        return 0


def beat(ended: threading.Event, *, seconds: float = _SWEEP_SECONDS) -> None:
    """Sweep and announce, with a connection of this thread's own, again until `ended`."""
    from django.db import close_old_connections, connections  # noqa: PLC0415

    while not ended.wait(seconds):
        close_old_connections()
        sweep_doors()
        announce_drills()
    connections.close_all()


def refresh_stocks() -> int:
    """Bring every organisation's stock up to its last event; return how many items were folded."""
    from django.db import DatabaseError  # noqa: PLC0415

    from suyuan.lineage.standing import organisations_behind, refresh_stock  # noqa: PLC0415

    done = 0
    try:
        for one in organisations_behind():
            done += _refresh_or_warn(refresh_stock, one)
    except DatabaseError:
        # A locked or lost database: the next turn tries again.
        _log.warning("the stock could not be brought up to date", exc_info=True)
    return done


def _refresh_or_warn(refresh: Callable[[int], int], organisation_id: int) -> int:
    """Refresh one organisation's stock; its trouble is not the others'."""
    try:
        return refresh(organisation_id)
    except Exception:  # noqa: BLE001 - nobody would start the thread again; nothing is lost
        _log.warning(
            "the stock of %s could not be brought up to date", organisation_id, exc_info=True
        )
        return 0


def keep_stock(ended: threading.Event, *, seconds: float = _STOCK_SECONDS) -> None:
    """Let the stock follow events, with a connection of this thread's own, until `ended`."""
    from django.db import close_old_connections, connections  # noqa: PLC0415

    while not ended.wait(seconds):
        close_old_connections()
        refresh_stocks()
    connections.close_all()


def deliver(ended: threading.Event) -> None:
    """Look for what subscribers have to be told, and send it, until `ended`."""
    from suyuan.subscriptions.dispatching import Dispatcher  # noqa: PLC0415

    Dispatcher().run(ended)


def post_notices(ended: threading.Event) -> None:
    """Send the notices of recalls that are queued, remind and forget, until `ended`."""
    from suyuan.recalls.notices import rounds  # noqa: PLC0415

    rounds.run(ended)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


class Companion:
    """A worker process beside the server: started with it, restarted if it dies, ended with it."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        """Start nothing yet; `command` stands in for the worker's own."""
        self._command = command or (
            *(sys.executable, "-m", "suyuan.cli.main", "worker"),
            *("--with", str(os.getpid())),
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def ended(self) -> bool:
        """Whether no worker runs."""
        return self._process is None or self._process.poll() is not None

    def __enter__(self) -> Self:
        """Start the process and its keeper."""
        self._process = subprocess.Popen(self._command)
        self._keeper.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """End the process: a running task has ten seconds, or is taken up at the next start."""
        self._ending.set()
        self._keeper.join()
        if self._process is None or self.ended:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _keep(self) -> None:
        while not self._ending.wait(_RESTART_SECONDS):
            if self.ended:
                self._process = subprocess.Popen(self._command)
